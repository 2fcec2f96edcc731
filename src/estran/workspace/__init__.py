"""The facade: the one room that every face calls.

- `files`: the tour of files, and of a simulated company; nothing is kept.
- `space`: a workspace, where messages are kept, counted, and forgotten on request.
- `folder`, `migrations`, `lock`, `journal`, `refusing`: the folder it lies in.
- `status`, `ingest`, `erasure`, `doctor`: what is done to it.
"""

from estran.analysis.progress import Progress
from estran.workspace.files import demo, settings, tour
from estran.workspace.folder import is_workspace
from estran.workspace.space import Workspace, init, open  # noqa: A004  es.open("acme")

__all__ = ["Progress", "Workspace", "demo", "init", "is_workspace", "open", "settings", "tour"]
