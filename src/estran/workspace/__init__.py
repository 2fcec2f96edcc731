"""The facade: the one room that every face calls.

- `files`: the tour of files, and of a simulated company; nothing is kept.
"""

from estran.analysis.progress import Progress
from estran.workspace.files import demo, settings, tour

__all__ = ["Progress", "demo", "settings", "tour"]
