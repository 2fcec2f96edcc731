"""The facade: the one room that every face calls.

- `asking`: the questions, each said once; `asked`: what may be said to them; `anywhere`: the questions as functions.
- `files`: files that are asked, and nothing is kept; a simulated company.
- `space`: a workspace, where messages are kept, counted, and forgotten on request; `making` makes or opens one.
- its parts: `resting` (what lies on disk, who may write), `answering` (how it answers), `themes` with `correcting`,
  `themefile` and `known`, `topics`, `marking` with `markfile`, `organising` with `units`, `watching` with `alertfile`,
  `watchstate` and `sending`.
- `ingest`, `touring`, `status`, `erasure`, `proof`, `doctor`: what is done to a workspace.
- `folder`, `migrations`, `lock`, `journal`, `refusals`, `refusing`: what it stands on.
"""

from estran.analysis.progress import Progress
from estran.workspace.anywhere import (
    agenda,
    continuum,
    culture,
    effects,
    everything,
    landscape,
    organisation,
    pull,
    settings,
    succession,
    tour,
    unanswered,
)
from estran.workspace.files import demo
from estran.workspace.folder import is_workspace
from estran.workspace.making import init, open  # noqa: A004  es.open("acme")
from estran.workspace.space import Workspace

__all__ = [
    "Progress",
    "Workspace",
    "agenda",
    "continuum",
    "culture",
    "demo",
    "effects",
    "everything",
    "init",
    "is_workspace",
    "landscape",
    "open",
    "organisation",
    "pull",
    "settings",
    "succession",
    "tour",
    "unanswered",
]
