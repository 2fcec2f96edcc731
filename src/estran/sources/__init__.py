"""Sources read the outside world: each row of a file is a message, or is refused with its place and the reason."""

from estran.sources.base import Batch, Pseudonym, Source
from estran.sources.columns import Choice, Columns
from estran.sources.memory import Seen
from estran.sources.sides import Rule
from estran.sources.tables import Options, Table, open_table, read_table

__all__ = [
    "Batch",
    "Choice",
    "Columns",
    "Options",
    "Pseudonym",
    "Rule",
    "Seen",
    "Source",
    "Table",
    "open_table",
    "read_table",
]
