"""Which row used which theme, and what each row is: the only input of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Bools = NDArray[np.bool_]
Whole = TypeVar("Whole", Ints, Codes)


def distinct(codes: Whole) -> Whole:
    """The distinct codes in rising order, (n,) -> (m,); for millions of codes `numpy.unique` is ten times slower."""
    ordered = np.sort(codes)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


@dataclass(frozen=True, slots=True)
class Presence:
    """Which row used which theme: binary, by theme (compressed sparse columns).

    Attributes:
        indptr: (P+1,) where the rows of each theme begin in `indices`.
        indices: (nnz,) rows that used the theme, rising and distinct within a theme.
        rows: number of rows, N.
    """

    indptr: Ints
    indices: Codes
    rows: int

    @classmethod
    def of_pairs(
        cls, row: NDArray[np.integer], theme: NDArray[np.integer], *, rows: int, themes: int
    ) -> Presence:
        """From (row, theme) pairs in any order; a pair told twice counts once."""
        cell = distinct(theme.astype(np.int64) * rows + row)
        uses = np.bincount(cell // rows, minlength=themes) if rows else np.zeros(themes, np.int64)
        return cls(
            np.concatenate([[0], np.cumsum(uses)]).astype(np.int64),
            (cell % max(rows, 1)).astype(np.int32),
            rows,
        )

    @property
    def themes(self) -> int:
        """Number of themes, P."""
        return len(self.indptr) - 1

    @property
    def uses(self) -> Ints:
        """(P,) rows that used each theme."""
        return np.diff(self.indptr)

    def take(self, themes: NDArray[np.integer]) -> Presence:
        """The same rows, these themes only, in this order."""
        uses = self.uses[themes]
        indptr = np.concatenate([[0], np.cumsum(uses)]).astype(np.int64)
        at = np.arange(indptr[-1]) + np.repeat(self.indptr[:-1][themes] - indptr[:-1], uses)
        return Presence(indptr, self.indices[at], self.rows)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of evidence: who used what, when, and who is judged beside whom.

    Rows A (voices) are one per author and period, and their cluster is the author; rows B are one per author and
    conversation, and their cluster is the conversation.

    Attributes:
        presence: which row used which theme.
        period: (N,) period of each row, from 0.
        cluster: (N,) whom a row belongs to, dense codes from 0.
        stratum: (N,) rows of one stratum are alike in length, language and channel; dense codes from 0.
    """

    presence: Presence
    period: Codes
    cluster: Codes
    stratum: Codes

    def take(self, themes: NDArray[np.integer]) -> Rows:
        """The same rows, these themes only, in this order."""
        return Rows(self.presence.take(themes), self.period, self.cluster, self.stratum)
