"""Rows of counts, sorted and added: the arithmetic of merging one range of hashes.

A row says in how many messages, and by how many people, a phrase was said in a cell. Rows are sorted by the hash of the
phrase, then by the cell, so that sums are over neighbours and a phrase is found by bisection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from estran.text.phrases import BUCKETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.store.partials import PartialFile

Whole = TypeVar("Whole", np.uint64, np.int64)

RANGE_ROWS = 500_000
"""Rows sorted at a time, about."""

CELL = np.uint64(43)
"""Where the number of the cell begins in a pointer."""

_MESSAGES = np.uint64(32)  # where the messages begin in counts


class Rows(NamedTuple):
    """Rows of counts.

    Attributes:
        hash: (n,) of the phrase.
        group: (n,) number of the cell's key, or of another thing that rows are added by.
        pointer: (n,) where the phrase is written, as in `estran.text.phrases.Partial.rows`; 0 where that is not known.
        counts: (n,) messages (32 bits), people (32 bits).
    """

    hash: NDArray[np.uint64]
    group: NDArray[np.int32]
    pointer: NDArray[np.uint64]
    counts: NDArray[np.uint64]

    def where(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Rows:
        """Some of the rows."""
        return Rows(self.hash[rows], self.group[rows], self.pointer[rows], self.counts[rows])


class Groups(NamedTuple):
    """Sorted rows, phrase by phrase.

    Attributes:
        hash: (P,) of each phrase.
        start: (P,) its first row.
        rows: (P,) how many it has.
        messages: (P,) their sum.
    """

    hash: NDArray[np.uint64]
    start: NDArray[np.int64]
    rows: NDArray[np.int64]
    messages: NDArray[np.uint64]


def ranges(rows: int) -> list[tuple[int, int]]:
    """Ranges of buckets, first and last + 1, with about `RANGE_ROWS` rows each; their number is a power of two."""
    step = BUCKETS >> min(8, (rows // RANGE_ROWS).bit_length())
    return [(first, first + step) for first in range(0, BUCKETS, step)]


def read_rows(parts: Sequence[PartialFile], groups: NDArray[np.int32], first: int, last: int) -> Rows:
    """The rows of some buckets, from all parts, sorted and added.

    Args:
        parts: of blocks.
        groups: what rows are added by, by the number of the cell.
        first: bucket.
        last: the bucket after the last one.
    """
    rows = np.concatenate([np.empty((0, 3), np.uint64), *(part.between(first, last) for part in parts)])
    return added(Rows(rows[:, 0], groups[(rows[:, 1] >> CELL).astype(np.int64)], rows[:, 1], rows[:, 2]))


def added(*pieces: Rows) -> Rows:
    """Rows sorted by hash and group, those that have both in common added; of their pointers the largest is kept."""
    rows = Rows(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))
    rows = rows.where(np.lexsort((rows.group, rows.hash)))
    new = np.ones(len(rows.hash), bool)
    new[1:] = (rows.hash[1:] != rows.hash[:-1]) | (rows.group[1:] != rows.group[:-1])
    if new.all():
        return rows
    starts = np.flatnonzero(new)
    return rows.where(new)._replace(
        pointer=np.maximum.reduceat(rows.pointer, starts), counts=np.add.reduceat(rows.counts, starts)
    )


def by_phrase(rows: Rows) -> Groups:
    """Where each phrase's rows lie, and its messages over all of them."""
    new = np.ones(len(rows.hash), bool)
    new[1:] = rows.hash[1:] != rows.hash[:-1]
    start = np.flatnonzero(new)
    lengths = np.diff(start, append=len(rows.hash))
    messages = np.add.reduceat(messages_of(rows.counts), start) if len(start) else np.empty(0, np.uint64)
    return Groups(rows.hash[start], start, lengths, messages)


def messages_of(counts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The messages in packed counts."""
    return counts >> _MESSAGES


def people_of(counts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The people in packed counts."""
    return counts & np.uint64((1 << 32) - 1)


def found(hashes: NDArray[Whole], among: NDArray[Whole]) -> NDArray[np.int64]:
    """The place of each hash among sorted ones; -1 where it is not there."""
    if not len(among):
        return np.full(len(hashes), -1, np.int64)
    place: NDArray[np.int64] = np.searchsorted(among, hashes)
    place[place == len(among)] = 0
    place[among[place] != hashes] = -1
    return place


def stretches(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """All places from each first to each last - 1, one stretch after the other."""
    lengths = last - first
    ends = np.cumsum(lengths)
    every = np.arange(int(lengths.sum()), dtype=np.int64)
    every += np.repeat(first - (ends - lengths), lengths)
    return every
