"""Which row used which theme, and what each row is: the only input of the tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from estran.compiled import njit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Bools = NDArray[np.bool_]
Whole = TypeVar("Whole", Ints, Codes)


def distinct(codes: Whole) -> Whole:
    """The distinct codes in rising order, (n,) -> (m,); for millions of codes `numpy.unique` is ten times slower."""
    ordered = np.sort(codes)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def among(sorted_codes: Ints, codes: Ints) -> Bools:
    """Whether each code is one of some that rise, whatever its shape."""
    if len(sorted_codes) == 0:
        return np.zeros(codes.shape, np.bool_)
    at = np.minimum(np.searchsorted(sorted_codes, codes), len(sorted_codes) - 1)
    return np.asarray(sorted_codes[at] == codes)


def people_saying(message: Codes, theme: Codes, author: Codes, *, themes: int) -> Ints:
    """(P,) how many distinct people said each theme.

    Args:
        message: (M,) message of each posting, rising.
        theme: (M,) its theme.
        author: (n,) who wrote each message.
        themes: P.
    """
    starts = np.searchsorted(message, np.arange(len(author) + 1))
    return _people_saying(np.argsort(author, kind="stable"), starts, theme, author, themes)


@njit
def _people_saying(order: Ints, starts: Ints, theme: Codes, author: Codes, themes: int) -> Ints:
    """Messages are met author by author: a theme counts when the last one who said it is another."""
    people, last = np.zeros(themes, np.int64), np.full(themes, -1, np.int64)
    for row in order:
        for at in range(starts[row], starts[row + 1]):
            if last[theme[at]] != author[row]:
                last[theme[at]] = author[row]
                people[theme[at]] += 1
    return people


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
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        by_row = np.empty(len(theme), np.int32)
        _group(row, theme, starts[:-1].copy(), by_row)
        uses = np.zeros(themes, np.int64)
        _add_uses(starts, by_row, uses)
        indptr = np.concatenate([[0], np.cumsum(uses)])
        indices = np.empty(indptr[-1], np.int32)
        _place_uses(starts, by_row, indptr[:-1].copy(), indptr, indices)
        return cls(indptr, indices, rows)

    @property
    def themes(self) -> int:
        """Number of themes, P."""
        return len(self.indptr) - 1

    @property
    def uses(self) -> Ints:
        """(P,) rows that used each theme."""
        return np.diff(self.indptr)

    def first_pairs(self, row: NDArray[np.integer], theme: NDArray[np.integer]) -> Ints:
        """(nnz,) the place of the first of the pairs that each use was made of.

        Args:
            row: (M,) of the pairs that `of_pairs` was given.
            theme: (M,) of them.
        """
        first = np.full(len(self.indices), -1, np.int64)
        _first_pairs(row, theme, self.indptr, self.indices, first)
        return first

    def take(self, themes: NDArray[np.integer]) -> Presence:
        """The same rows, these themes only, in this order."""
        uses = self.uses[themes]
        indptr = np.concatenate([[0], np.cumsum(uses)]).astype(np.int64)
        at = np.arange(indptr[-1]) + np.repeat(self.indptr[:-1][themes] - indptr[:-1], uses)
        return Presence(indptr, self.indices[at], self.rows)


@njit
def _group(row: NDArray[np.integer], theme: NDArray[np.integer], cursor: Ints, by_row: Codes) -> None:
    """Write the themes of each row one after the other."""
    for pair in range(len(row)):
        by_row[cursor[row[pair]]] = theme[pair]
        cursor[row[pair]] += 1


@njit
def _add_uses(starts: Ints, by_row: Codes, uses: Ints) -> None:
    """Count the rows of each theme; a theme that a row has twice counts once."""
    last = np.full(len(uses), -1, np.int64)
    for row in range(len(starts) - 1):
        for at in range(starts[row], starts[row + 1]):
            if last[by_row[at]] != row:
                last[by_row[at]] = row
                uses[by_row[at]] += 1


@njit
def _place_uses(starts: Ints, by_row: Codes, cursor: Ints, begin: Ints, indices: Codes) -> None:
    """Write the rows of each theme, rising; a row is there already where the last one written is the same."""
    for row in range(len(starts) - 1):
        for at in range(starts[row], starts[row + 1]):
            theme = by_row[at]
            if cursor[theme] == begin[theme] or indices[cursor[theme] - 1] != row:
                indices[cursor[theme]] = row
                cursor[theme] += 1


@njit
def _first_pairs(
    row: NDArray[np.integer], theme: NDArray[np.integer], indptr: Ints, indices: Codes, first: Ints
) -> None:
    """Find each pair among the rows of its theme, which rise, by halves."""
    for pair in range(len(row)):
        low, past = indptr[theme[pair]], indptr[theme[pair] + 1] - 1
        while low < past:
            middle = (low + past) // 2
            if indices[middle] < row[pair]:
                low = middle + 1
            else:
                past = middle
        if first[low] < 0:
            first[low] = pair


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
        season: (N,) the part of the calendar year; dense codes from 0, or None where seasons are unknown.
    """

    presence: Presence
    period: Codes
    cluster: Codes
    stratum: Codes
    season: Codes | None = None

    def take(self, themes: NDArray[np.integer]) -> Rows:
        """The same rows, these themes only, in this order."""
        return replace(self, presence=self.presence.take(themes))
