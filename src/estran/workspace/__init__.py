"""The facade: the one room that every face calls.

- `files`: the tour of files, what came in the place of what, and of a simulated company; nothing is kept.
- `space`: a workspace, where messages are kept, counted, and forgotten on request; `making` makes or opens one.
- `marking`, `markfile`: what was decided when.
- `anywhere`: a tour of the one or the other.
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
