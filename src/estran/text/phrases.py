"""Counting phrases cell by cell, exactly: how many messages and how many people said each one.

A *cell* is the messages of one period, side and language. One open-addressing table per cell is filled in one pass over
its bytes, with the rows sorted by author, so that distinct messages and distinct authors need no sets: a count goes up
when the last message, or the last author, that said the phrase is another one. A cell never crosses a partition, so the
partial counts of cells add, and nothing is pruned before all are there (`estran.text.merging`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from estran.compiled import njit
from estran.text.scan import STOP, Room, Scanned, Scanner, blocks, bytes_of, join, scan

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

LONGEST = 8
"""The most tokens that a phrase may have: its pointer keeps 3 bits for them."""

MOST_CELLS = 1 << 21
"""The most cells of one count: a pointer keeps 21 bits for them."""

BUCKETS = 256
"""Partials are grouped by the top 8 bits of the hash, so that a merge takes one range of hashes at a time."""

_U = np.uint64
_0, _1 = _U(0), _U(1)
_3, _32, _43, _56, _64 = _U(3), _U(32), _U(43), _U(56), _U(64)
_LOW = _U(0xFFFFFFFF)
_KEY, _LAST, _POINTER, _COUNT = _U(0), _U(1), _U(2), _U(3)  # columns of a cell's table
_BATCH = 256  # phrases looked up at a time
_LOAD = _U(70)  # per cent of a table that may be filled


@dataclass(frozen=True, slots=True)
class Cell:
    """The messages of one period, side and language.

    Attributes:
        texts: (n,) in any order; null is an empty message.
        authors: (n,) codes of at least 0.
        language: decides which words are stop words.
        key: what the counts of this cell are called. Cells may share a key where no author is in two of them.
    """

    texts: pa.LargeStringArray
    authors: NDArray[np.int32]
    language: str
    key: int


@dataclass(frozen=True, slots=True)
class PhraseCounts:
    """How many messages and people said each kept phrase, per cell; rows by phrase, then cell.

    Attributes:
        phrases: (P,) tokens joined by one blank, in an order that does not depend on the cells.
        phrase: (R,) uint32, row of `phrases`.
        cell: (R,) int32, `Cell.key`.
        messages: (R,) uint32, distinct messages, at least 1.
        people: (R,) uint32, distinct authors, at least 1.
    """

    phrases: pl.Series
    phrase: NDArray[np.uint32]
    cell: NDArray[np.int32]
    messages: NDArray[np.uint32]
    people: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Partial:
    """The counts of one cell, to be merged with those of the others.

    Attributes:
        rows: (n, 3) uint64: hash of the phrase | pointer (cell number 21 bits, first byte 40, tokens - 1 3) |
            messages (32 bits), people (32 bits); grouped by the top 8 bits of the hash.
        bounds: (257,) where each group of hashes begins.
        texts: the messages that the pointers point into.
        number: the cell's number in this count.
        key: the cell's key.
    """

    rows: NDArray[np.uint64]
    bounds: NDArray[np.int64]
    texts: pa.LargeStringArray
    number: int
    key: int

    @property
    def length(self) -> int:
        """How many phrases the cell has."""
        return len(self.rows)

    def between(self, first: int, last: int) -> NDArray[np.uint64]:
        """The rows of the buckets `first` to `last - 1`."""
        return self.rows[self.bounds[first] : self.bounds[last]]

    @property
    def size(self) -> int:
        """Bytes that it holds in memory."""
        return self.rows.nbytes + int(self.texts.nbytes)


class Scratch(Room):
    """Arrays that one thread uses again for each cell; they grow with the largest."""

    def __init__(self) -> None:
        super().__init__()
        self._table = np.empty((0, 4), np.uint64)

    def table(self, slots: int) -> NDArray[np.uint64]:
        """An empty table of so many slots, a power of two; the last one asked for is lost."""
        if len(self._table) < slots:
            self._table = np.zeros((slots, 4), np.uint64)
        table = self._table[:slots]
        table.fill(0)
        return table

    def grown(self, table: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """A table of twice the slots with the same entries."""
        self._table = np.zeros((2 * len(table), 4), np.uint64)
        _refill(table, self._table)
        return self._table


def as_texts(texts: pl.Series) -> pa.LargeStringArray:
    """A column of strings as Arrow holds large strings, in one piece."""
    return texts.rechunk().to_arrow().cast(pa.large_string())


def count_cell(
    cell: Cell, scanner: Scanner, *, longest: int = 4, number: int = 0, scratch: Scratch | None = None
) -> Partial:
    """Count every phrase of a cell.

    Args:
        cell: the messages; they are taken in the order of their authors.
        scanner: of the cell's language.
        longest: tokens in the longest phrase, at most `LONGEST`.
        number: a number that no other cell of this count has, below `MOST_CELLS`.
        scratch: arrays to use again; one thread at a time.

    Returns:
        The partial counts. They hold the cell's text until they are merged.
    """
    if not 1 <= longest <= LONGEST or not 0 <= number < MOST_CELLS:
        raise ValueError(
            f"phrases of {longest} tokens in cell {number}: at most {LONGEST} and {MOST_CELLS - 1}"
        )
    work = scratch or Scratch()
    text, offsets = bytes_of(cell.texts)
    order = np.argsort(cell.authors, kind="stable")
    begins, ends = offsets[:-1][order], offsets[1:][order]
    lengths = ends - begins
    owners = (np.arange(1, len(order) + 1, dtype=np.uint64) << _32) | cell.authors[order].astype(np.uint64)
    table = work.table(_first_size(len(text)))
    used = 0
    for first, last in blocks(lengths):
        tokens = work.tokens(int(lengths[first:last].sum()), last - first)
        scan(text, begins[first:last], ends[first:last], scanner, len(text) + 1, tokens)
        done = 0
        while done < last - first:
            rest = tokens._replace(starts=tokens.starts[done:])
            entries, fitted = _add_phrases(rest, owners[first + done : last], longest, table, used)
            used, done = int(entries), done + int(fitted)
            if done < last - first:
                table = work.grown(table)
    rows, bounds = _rows_of(table, used, number)
    return Partial(rows, bounds, cell.texts, number, cell.key)


def _first_size(text_bytes: int) -> int:
    """Slots for a cell of so many bytes: prose brings about one new phrase each 13 bytes."""
    return 1 << max(12, (text_bytes // 10 * 100 // int(_LOAD)).bit_length())


@njit
def _shift(table: NDArray[np.uint64]) -> np.uint64:
    """By how much a hash goes right to give its slot: slots go by the top bits."""
    shift = _64
    while _1 << (_64 - shift) < _U(len(table)):
        shift -= _1
    return shift


@njit
def _add_phrases(
    tokens: Scanned, owners: NDArray[np.uint64], longest: int, table: NDArray[np.uint64], used: int
) -> tuple[np.uint64, np.uint64]:
    """Add every phrase of scanned messages to the table, until it is full.

    A message that was begun before the table was full may be added again: it counts once.

    Args:
        tokens: of the messages.
        owners: (messages,) number of the message in its cell, from 1 (32 bits), author (32 bits).
        longest: tokens in the longest phrase.
        table: the cell's.
        used: entries in use.

    Returns:
        The entries in use now, and how many messages were added.
    """
    hashes, places, starts = tokens
    batch = np.empty((_BATCH + LONGEST, 3), np.uint64)
    entries, pending, number = _U(used), _0, _0
    added = _0  # messages before this one have nothing left in the batch
    most = _U(longest)
    shift, limit = _shift(table), _U(len(table)) * _LOAD // _U(100)
    while number < _U(len(owners)):
        at, end = starts[number], starts[number + _1]
        owner = owners[number]
        while at < end:
            phrase = hashes[at]
            if phrase != _0 and phrase & STOP == _0:
                pointer = places[at] << _3
                batch[pending, _KEY], batch[pending, _POINTER], batch[pending, _LAST] = phrase, pointer, owner
                pending += _1
                for more in range(_1, most):
                    token = hashes[at + more]
                    if token == _0:
                        break
                    phrase = join(phrase, token & ~STOP)
                    batch[pending, _KEY], batch[pending, _POINTER] = phrase, pointer | more
                    batch[pending, _LAST] = owner
                    pending += _1 - (token & STOP)  # a stop word at the end: the next phrase takes its place
                if pending >= _BATCH:
                    if entries + pending > limit:
                        return entries, added
                    entries = _insert(batch, pending, table, shift, entries)
                    pending, added = _0, number
            at += _1
        number += _1
    if entries + pending > limit:
        return entries, added
    return _insert(batch, pending, table, shift, entries), number


@njit
def _insert(
    batch: NDArray[np.uint64],
    pending: np.uint64,
    table: NDArray[np.uint64],
    shift: np.uint64,
    entries: np.uint64,
) -> np.uint64:
    """Add a batch of phrases to the table; the entries in use then."""
    mask = _U(len(table) - 1)
    touched = _0
    for item in range(pending):  # asks for all cache lines at once, so that the misses overlap
        touched |= table[batch[item, _KEY] >> shift, _KEY]
    entries += touched & _0
    for item in range(pending):
        key, owner = batch[item, _KEY], batch[item, _LAST]
        slot = key >> shift
        held = table[slot, _KEY]
        while held != key and held != _0:  # noqa: PLR1714 - no sets in a kernel
            slot = (slot + _1) & mask
            held = table[slot, _KEY]
        if held == _0:
            entries += _1
            table[slot, _KEY] = key
            table[slot, _LAST] = owner
            table[slot, _COUNT] = (_1 << _32) | _1
            table[slot, _POINTER] = batch[item, _POINTER]
            continue
        last = table[slot, _LAST]
        if last >> _32 != owner >> _32:
            table[slot, _LAST] = owner
            table[slot, _COUNT] += (_1 << _32) + _U(last & _LOW != owner & _LOW)
    return entries


@njit
def _refill(table: NDArray[np.uint64], larger: NDArray[np.uint64]) -> None:
    """Put the entries of a table into a larger one."""
    mask, shift = _U(len(larger) - 1), _shift(larger)
    for entry in range(_U(len(table))):
        key = table[entry, _KEY]
        if key != _0:
            slot = key >> shift
            while larger[slot, _KEY] != _0:
                slot = (slot + _1) & mask
            for column in range(_U(4)):
                larger[slot, column] = table[entry, column]


@njit
def _rows_of(
    table: NDArray[np.uint64], used: int, number: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The entries of a table as the rows and bounds of a `Partial`.

    Slots go by the top bits of the hash, so the groups come out nearly in order and are written nearly in sequence.
    """
    bounds = np.zeros(BUCKETS + 1, np.int64)
    for slot in range(_U(len(table))):
        if table[slot, _KEY] != _0:
            bounds[(table[slot, _KEY] >> _56) + _1] += 1
    for bucket in range(BUCKETS):
        bounds[bucket + 1] += bounds[bucket]
    ends = bounds.copy()
    rows = np.empty((used, 3), np.uint64)
    cell = _U(number) << _43
    for slot in range(_U(len(table))):
        key = table[slot, _KEY]
        if key != _0:
            row = _U(ends[key >> _56])
            ends[key >> _56] += 1
            rows[row, _U(0)] = key
            rows[row, _U(1)] = cell | table[slot, _POINTER]
            rows[row, _U(2)] = table[slot, _COUNT]
    return rows, bounds
