"""Rows as they lie in a file, before anything is made of them: what each file format must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

CHUNK_CHARACTERS = 1 << 26
"""Characters (or bytes) after which a chunk is full, however few rows it has."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive rows of a file.

    Attributes:
        values: the columns asked for, under their names in the file; strings unless the file has types.
        places: Int64, one per row of `values`: its line or row number in the file, from 1.
        broken: (line or row number, reason) of rows that could not even be split into columns.
        mended: what was repaired on the way, by kind ("not-utf8", "nul-bytes"), in lines.
        done: share of the file read so far (0-1).
    """

    values: pl.DataFrame
    places: pl.Series
    broken: tuple[tuple[int, str], ...] = ()
    mended: Mapping[str, int] = field(default_factory=dict)
    done: float = 1.0


class RowReader(Protocol):
    """A file that is known to be a table, opened anew by each call of `chunks`."""

    @property
    def form(self) -> str:
        """The format as people call it: "CSV (;)", "Parquet"."""
        ...

    @property
    def place(self) -> str:
        """What a row's number counts: "line" or "row"."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the file; a field inside another is written "user.name"."""
        ...

    def chunks(self, names: Sequence[str], *, rows: int) -> Iterator[Chunk]:
        """The named columns of all rows, at most `rows` of them at a time.

        Raises:
            InputError: the file is damaged.
        """
        ...
