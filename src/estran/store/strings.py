"""Phrases written out, block by block, from the places where they were said."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from estran.store.prepared import PREPARED, cells
from estran.store.sums import CELL
from estran.text.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from estran.store.engines import Engine
    from estran.store.stored import StoredBlock

_PLACE, _TOKENS, _1, _3 = np.uint64((1 << 40) - 1), np.uint64(7), np.uint64(1), np.uint64(3)
_WANTED = pa.schema({"pointer": pa.uint64()})
_WRITTEN = pa.schema({"phrase": pa.large_string()})


class Placed(NamedTuple):
    """A block among others: its cells are numbered from `first_cell` in their pointers."""

    block: StoredBlock
    first_cell: int


@dataclass(frozen=True, slots=True)
class StringsTask:
    """Phrases of one block to be written out.

    Attributes:
        block: that they lie in.
        first_cell: the number of its first cell in the pointers.
        wanted: file of the pointers.
        batch: of that file, with the pointers into this block.
        written: the file to write.
    """

    block: StoredBlock
    first_cell: int
    wanted: Path
    batch: int
    written: Path


def write_strings(task: StringsTask) -> None:
    """Write the phrases of one block into a file, in the order of their pointers."""
    with pa.memory_map(str(task.wanted)) as source, pa.ipc.open_file(source) as reader:
        pointers = reader.get_batch(task.batch).column(0).to_numpy()
        strings = strings_of(task.block, task.first_cell, pointers)
    aside = task.written.with_name(f"{task.written.name}.{uuid.uuid4().hex}")
    with pa.OSFile(str(aside), "wb") as sink, pa.ipc.new_file(sink, _WRITTEN) as writer:
        writer.write_batch(pa.record_batch([strings], schema=_WRITTEN))
    aside.rename(task.written)


def strings_of(block: StoredBlock, first_cell: int, pointers: NDArray[np.uint64]) -> pa.LargeStringArray:
    """The phrases of one block that pointers point to, in their order."""
    texts = [cell.texts for _, cell in cells(block.columns(PREPARED.names()), "spoken")]
    return _in_order(
        (pointers >> CELL).astype(np.int64) - first_cell,
        lambda cell, own: render(texts[cell], (pointers[own] >> _3) & _PLACE, (pointers[own] & _TOKENS) + _1),
    )


def strings_at(pointers: NDArray[np.uint64], blocks: Sequence[Placed]) -> pa.LargeStringArray:
    """The phrases that pointers point to, wherever they lie, in their order; here, one block after the other."""
    return _in_order(
        _block_of(pointers, blocks),
        lambda number, own: strings_of(blocks[number].block, blocks[number].first_cell, pointers[own]),
    )


def strings_by(
    engine: Engine, pointers: NDArray[np.uint64], blocks: Sequence[Placed], scratch: Path
) -> pa.LargeStringArray:
    """The same by an engine; pointers and phrases go through files of a folder that is lost afterwards."""
    block_of = _block_of(pointers, blocks)
    wanted = scratch / "wanted.arrow"
    order = np.argsort(block_of, kind="stable")
    used = np.unique(block_of)
    with pa.OSFile(str(wanted), "wb") as sink, pa.ipc.new_file(sink, _WANTED) as writer:
        for own in np.split(pointers[order], np.searchsorted(block_of[order], used[1:])):
            writer.write_batch(pa.record_batch([pa.array(own)], schema=_WANTED))
    tasks = {
        int(number): StringsTask(
            blocks[number].block, blocks[number].first_cell, wanted, batch, scratch / f"{batch}.strings.arrow"
        )
        for batch, number in enumerate(used)
    }
    engine.map(write_strings, list(tasks.values()))
    return _in_order(block_of, lambda number, _: _read(tasks[number].written))


def _read(written: Path) -> pa.LargeStringArray:
    with pa.memory_map(str(written)) as source, pa.ipc.open_file(source) as reader:
        return reader.get_batch(0).column(0)


def _block_of(pointers: NDArray[np.uint64], blocks: Sequence[Placed]) -> NDArray[np.int64]:
    """The block that each pointer points into."""
    firsts = [each.first_cell for each in blocks]
    return np.searchsorted(firsts, (pointers >> CELL).astype(np.int64), side="right") - 1


def _in_order(
    part: NDArray[np.int64], strings: Callable[[int, NDArray[np.int64]], pa.LargeStringArray]
) -> pa.LargeStringArray:
    """Strings made part by part, in the order of the rows.

    Args:
        part: (n,) the part that each row belongs to.
        strings: those of a part's rows, given as places in `part`.
    """
    order = np.argsort(part, kind="stable")
    parts, firsts = np.unique(part[order], return_index=True)
    pieces = [
        strings(int(number), own) for number, own in zip(parts, np.split(order, firsts[1:]), strict=False)
    ]
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(pieces).take(pa.array(back)) if pieces else pa.array([], pa.large_string())
