"""Merging the partial counts of cells: totals over all of them, then the rows and the words of the phrases to keep.

Hashes are merged one range at a time: memory stays bounded, and the ranges are independent, so threads (or machines)
share them out. Whatever the partition, the order or the number of threads, the result is the same, bit for bit.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import polars as pl
import pyarrow as pa

from estran.compiled import njit
from estran.text.phrases import BUCKETS, Partial, PhraseCounts
from estran.text.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

RANGE_ROWS = 500_000
"""Partial rows merged at a time, about: their table is small enough to stay in the cache."""

_U = np.uint64
_0, _1, _3, _32, _43 = _U(0), _U(1), _U(3), _U(32), _U(43)
_KEY, _POINTER, _COUNT = _U(0), _U(1), _U(2)  # columns of partial rows
_PLACE, _LOW = _U((1 << 40) - 1), _U(0xFFFFFFFF)
_NO_ROWS = np.empty((0, 3), np.uint64)


class Part(Protocol):
    """Partial rows, in memory or on disk."""

    @property
    def length(self) -> int:
        """How many rows there are."""
        ...

    def between(self, first: int, last: int) -> NDArray[np.uint64]:
        """The rows of the buckets `first` to `last - 1`, (n, 3) as in `Partial.rows`."""
        ...


@dataclass(frozen=True, slots=True)
class _Merged:
    """The kept phrases of one range: hashes sorted, rows by phrase."""

    pointers: NDArray[np.uint64]  # (P,) one occurrence of each phrase
    phrase: NDArray[np.uint32]  # (R,) counted from the range's first
    cell: NDArray[np.int32]  # (R,)
    counts: NDArray[np.uint64]  # (R,) messages << 32 | people


class _Table(NamedTuple):
    """An open-addressing table of one range of hashes.

    Attributes:
        slots: (slots, 2) hash, value.
        same: how many top bits all hashes of the range share.
        shift: by how much a hash goes right, once those are gone, to give its slot.
    """

    slots: NDArray[np.uint64]
    same: np.uint64
    shift: np.uint64


class _Out(NamedTuple):
    """The rows of one range as they are written; `cursor` says where the next row of each phrase goes."""

    cursor: NDArray[np.int64]
    cell: NDArray[np.int32]
    counts: NDArray[np.uint64]
    pointers: NDArray[np.uint64]


def merge(partials: Sequence[Partial], *, at_least: int, threads: int = 1) -> PhraseCounts:
    """The counts of the phrases said in at least so many messages, from partials in memory.

    Args:
        partials: one per cell, each with its own `number`.
        at_least: distinct messages over all cells.
        threads: to share the work among.
    """
    keys = np.zeros(1 + max((partial.number for partial in partials), default=0), np.int32)
    texts = {partial.number: partial.texts for partial in partials}
    for partial in partials:
        keys[partial.number] = partial.key
    return merge_parts(partials, keys, texts.__getitem__, at_least=at_least, threads=threads)


def merge_parts(
    parts: Sequence[Part],
    keys: NDArray[np.int32],
    texts_of: Callable[[int], pa.LargeStringArray],
    *,
    at_least: int,
    threads: int = 1,
) -> PhraseCounts:
    """The counts of the phrases said in at least so many messages, wherever the partial rows lie.

    Args:
        parts: the partial rows of all cells.
        keys: the key of each cell, by its number.
        texts_of: the messages that a cell's pointers point into, by its number; called for one cell at a time.
        at_least: distinct messages over all cells.
        threads: to share the work among.
    """
    total = sum(part.length for part in parts)
    step = BUCKETS >> min(8, (total // RANGE_ROWS).bit_length())
    firsts = range(0, BUCKETS, step)
    with ThreadPoolExecutor(threads) as pool:
        merged = list(
            pool.map(lambda first: _merge_range(parts, keys, first, first + step, at_least), firsts)
        )
    pointers = np.concatenate([each.pointers for each in merged])
    rows = sum(len(each.phrase) for each in merged)
    phrase, cell = np.empty(rows, np.uint32), np.empty(rows, np.int32)
    messages, people = np.empty(rows, np.uint32), np.empty(rows, np.uint32)
    start = before = 0
    for each in _one_by_one(merged):
        end = start + len(each.phrase)
        phrase[start:end] = each.phrase + np.uint32(before)
        cell[start:end] = each.cell
        messages[start:end] = each.counts >> _32
        people[start:end] = each.counts & _LOW
        start, before = end, before + len(each.pointers)
    return PhraseCounts(_strings(pointers, texts_of), phrase, cell, messages, people)


def _one_by_one(merged: list[_Merged]) -> Iterator[_Merged]:
    """Give up each range once it is used: the rows of a large corpus should not be held twice."""
    merged.reverse()
    while merged:
        yield merged.pop()


def _merge_range(
    parts: Sequence[Part], keys: NDArray[np.int32], first: int, last: int, at_least: int
) -> _Merged:
    """Merge the hashes of the buckets `first` to `last - 1`."""
    rows = np.concatenate([_NO_ROWS, *(part.between(first, last) for part in parts)])
    bits = max(6, int(1.4 * len(rows)).bit_length())
    same = (BUCKETS // (last - first)).bit_length() - 1
    table = _Table(np.zeros((1 << bits, 2), np.uint64), _U(same), _U(64 - bits))
    _add_totals(rows, table)
    kept, slots = _kept(table, _U(at_least))
    lengths = _number(table, slots[np.argsort(kept)])
    ends = np.cumsum(lengths)
    size = int(lengths.sum())
    starts = ends - lengths
    out = _Out(
        starts.copy(), np.empty(size, np.int32), np.empty(size, np.uint64), np.zeros(len(kept), np.uint64)
    )
    _place(rows, table, keys, out)
    phrase = np.empty(size, np.uint32)
    size = int(_by_cell(starts, ends, out, phrase))
    return _Merged(out.pointers, phrase[:size], out.cell[:size], out.counts[:size])


def _strings(pointers: NDArray[np.uint64], texts_of: Callable[[int], pa.LargeStringArray]) -> pl.Series:
    """The phrases that pointers point to, cell by cell."""
    numbers = (pointers >> _43).astype(np.int64)
    order = np.argsort(numbers, kind="stable")
    cells, firsts = np.unique(numbers[order], return_index=True)
    pieces = []
    for number, of_cell in zip(cells.tolist(), np.split(pointers[order], firsts[1:]), strict=False):
        pieces.append(render(texts_of(number), (of_cell >> _3) & _PLACE, (of_cell & _U(7)) + _1))
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    strings = pa.concat_arrays(pieces).take(pa.array(back)) if pieces else pa.array([], pa.large_string())
    return pl.Series("phrase", strings, dtype=pl.String)


@njit
def _add_totals(rows: NDArray[np.uint64], table: _Table) -> None:
    """Add up, for each hash, its messages (high 32 bits) and its rows (low 32 bits)."""
    slots, same, shift = table
    mask = _U(len(slots) - 1)
    for row in range(_U(len(rows))):
        key = rows[row, _KEY]
        slot = (key << same) >> shift
        while slots[slot, _0] != key and slots[slot, _0] != _0:
            slot = (slot + _1) & mask
        slots[slot, _0] = key
        slots[slot, _1] += ((rows[row, _COUNT] >> _32) << _32) | _1


@njit
def _kept(table: _Table, at_least: np.uint64) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Hash and slot of each phrase that enough messages said; the totals of the others are set to 0."""
    slots = table.slots
    kept = _0
    for slot in range(_U(len(slots))):
        if slots[slot, _1] >> _32 >= at_least:
            kept += _1
        else:
            slots[slot, _1] = _0
    hashes, at = np.empty(kept, np.uint64), np.empty(kept, np.uint64)
    kept = _0
    for slot in range(_U(len(slots))):
        if slots[slot, _1] != _0:
            hashes[kept] = slots[slot, _0]
            at[kept] = slot
            kept += _1
    return hashes, at


@njit
def _number(table: _Table, at: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Put 1 + its number in place of each kept phrase's totals; its rows."""
    lengths = np.empty(len(at), np.int64)
    for number in range(_U(len(at))):
        slot = at[number]
        lengths[number] = np.int64(table.slots[slot, _1] & _LOW)
        table.slots[slot, _1] = number + _1
    return lengths


@njit
def _place(rows: NDArray[np.uint64], table: _Table, keys: NDArray[np.int32], out: _Out) -> None:
    """Write the rows of kept phrases where they belong."""
    slots, same, shift = table
    cursor, cell, counts, pointers = out
    mask = _U(len(slots) - 1)
    for row in range(_U(len(rows))):
        key = rows[row, _KEY]
        slot = (key << same) >> shift
        while slots[slot, _0] != key:
            slot = (slot + _1) & mask
        number = slots[slot, _1]
        if number != _0:
            pointer = rows[row, _POINTER]
            at = _U(cursor[number - _1])
            cursor[number - _1] += 1
            cell[at] = keys[pointer >> _43]
            counts[at] = rows[row, _COUNT]
            pointers[number - _1] = pointer


@njit
def _by_cell(
    starts: NDArray[np.int64], ends: NDArray[np.int64], out: _Out, phrase: NDArray[np.uint32]
) -> np.uint64:
    """Sort each phrase's rows by cell and add those of one cell, in place; how many rows remain."""
    cell, counts = out.cell, out.counts
    written = _0
    for number in range(_U(len(starts))):
        start, end = _U(starts[number]), _U(ends[number])
        for row in range(start + _1, end):  # nearly sorted already: parts come in the order of their cells
            key, count, at = cell[row], counts[row], _U(row)
            while at > start and cell[at - _1] > key:
                cell[at], counts[at] = cell[at - _1], counts[at - _1]
                at -= _1
            cell[at], counts[at] = key, count
        for row in range(start, end):
            if row > start and cell[row] == cell[written - _1]:
                counts[written - _1] += counts[row]
            else:
                cell[written], counts[written] = cell[row], counts[row]
                phrase[written] = number
                written += _1
    return written
