"""The merged rows of blocks that are not expected to change, so that a refresh costs what is new and not what is there.

Ranges of hashes are merged one by one (or by an engine, many at a time) into tables that are sorted by hash and mapped
into memory: a join with a few new rows touches a few pages of them.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from estran.store.manifest import BaseEntry, stamps
from estran.store.numbering import Numbering
from estran.store.partials import placed, take_away, written_aside
from estran.store.strings import strings_by
from estran.store.sums import CELL, Rows, added, by_phrase, ranges, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from estran.store.engines import Engine
    from estran.store.manifest import BlockEntry
    from estran.store.partials import PartialFile

TABLES = {
    # the phrases said in enough messages, and how many rows each has in the tables `rows` and `sums`
    "kept": pa.schema({"hash": pa.uint64(), "rows": pa.uint32(), "sums": pa.uint32()}),
    "rows": pa.schema({"cell": pa.int32(), "counts": pa.uint64()}),
    "sums": pa.schema({"language": pa.int32(), "counts": pa.uint64()}),
    # the rows of all other phrases
    "below": pa.schema({"hash": pa.uint64(), "pointer": pa.uint64(), "counts": pa.uint64()}),
    "headlines": pa.schema({"hash": pa.uint64(), "language": pa.int32(), "counts": pa.uint64()}),
}
"""The tables of a base, sorted by hash; one batch for each range of hashes."""

SPARSE = ("rows.arrow", "below.arrow")
"""Files of a base that are large, and of which little is read each time."""

STRINGS_FILE = "strings.arrow"
_STRINGS = pa.schema({"phrase": pa.large_string()})
_POINTERS = pa.schema({"pointer": pa.uint64()})


@dataclass(frozen=True, slots=True)
class RangeTask:
    """One range of hashes to be merged.

    Attributes:
        spoken: partial rows of texts.
        headlines: partial rows of headlines.
        numbering: of the blocks.
        first: bucket.
        last: the bucket after the last one.
        at_least: messages from which a phrase is kept.
        folder: to write `<first>-<table>.arrow` into.
    """

    spoken: Sequence[PartialFile]
    headlines: Sequence[PartialFile]
    numbering: Numbering
    first: int
    last: int
    at_least: int
    folder: Path


class Base:
    """The merged rows of some blocks, mapped into memory; they stay readable when their folder is taken away."""

    def __init__(self, folder: Path, entry: BaseEntry) -> None:
        """Open a base.

        Args:
            folder: of counts.
            entry: in the list.
        """
        inner = folder / entry.folder
        self.at_least = entry.at_least
        self.ranges = entry.ranges
        self._tables = {table: _open(inner / f"{table}.arrow") for table in TABLES}
        strings = _open(inner / STRINGS_FILE)
        self.strings: pa.LargeStringArray = strings.get_batch(0).column(0)
        lengths = [self._tables["kept"].get_batch(number).num_rows for number in range(self.ranges)]
        self._firsts = np.cumsum([0, *lengths])

    def range(self, number: int) -> BaseRange:
        """The rows of one range of hashes."""
        columns = {
            table: [column.to_numpy() for column in reader.get_batch(number).columns]
            for table, reader in self._tables.items()
        }
        return BaseRange(int(self._firsts[number]), columns)


class BaseRange:
    """The rows of one range of hashes.

    Attributes:
        first: place of its first kept phrase among the strings.
        kept: (P,) hashes of kept phrases.
    """

    def __init__(self, first: int, columns: Mapping[str, Sequence[NDArray[np.uint64]]]) -> None:
        """Name the columns of a range."""
        self.first = first
        self.kept, self._rows, self._sums = columns["kept"]
        self._columns = columns

    def rows(self, key: NDArray[np.int32]) -> Rows:
        """The rows of kept phrases; cells are replaced by their keys."""
        cell, counts = self._columns["rows"]
        return Rows(np.repeat(self.kept, self._rows), key[cell], np.zeros(len(cell), np.uint64), counts)

    def sums(self, language: NDArray[np.int32]) -> Rows:
        """The sums of kept phrases by language; the base's languages are replaced."""
        own, counts = self._columns["sums"]
        return Rows(np.repeat(self.kept, self._sums), language[own], np.zeros(len(own), np.uint64), counts)

    def headlines(self, language: NDArray[np.int32]) -> Rows:
        """The sums of headlines by phrase and language; the base's languages are replaced."""
        hashes, own, counts = self._columns["headlines"]
        return Rows(hashes, language[own], np.zeros(len(own), np.uint64), counts)

    def below(self, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the rows of other phrases lie: the first of each, and the one after its last."""
        known = self._columns["below"][0]
        return np.searchsorted(known, hashes, "left"), np.searchsorted(known, hashes, "right")

    def below_rows(self, places: NDArray[np.int64], key: NDArray[np.int32]) -> Rows:
        """Rows of phrases that are not kept; cells are replaced by their keys, and pointers left out."""
        hashes, pointers, counts = (column[places] for column in self._columns["below"])
        return Rows(
            hashes, key[(pointers >> CELL).astype(np.int64)], np.zeros(len(places), np.uint64), counts
        )


def build_base(folder: Path, blocks: Sequence[BlockEntry], *, at_least: int, engine: Engine) -> BaseEntry:
    """Merge the partial rows of blocks.

    Args:
        folder: of counts.
        blocks: in order of time.
        at_least: messages from which a phrase is kept.
        engine: that merges ranges of hashes, and writes the phrases out.
    """
    inner = f"base/{_name(blocks, at_least)}"
    take_away(folder / inner)
    numbering = Numbering.of(blocks)
    spoken, headlines = numbering.spoken(folder, blocks), numbering.headlines(folder, blocks)
    parted = ranges(sum(part.length for part in spoken))
    with written_aside(folder / inner) as aside:
        scratch = aside / "scratch"
        scratch.mkdir(mode=0o700)
        engine.map(
            build_range,
            [
                RangeTask(spoken, headlines, numbering, first, last, at_least, scratch)
                for first, last in parted
            ],
        )
        for table, schema in TABLES.items():
            with (
                pa.OSFile(str(aside / f"{table}.arrow"), "wb") as sink,
                pa.ipc.new_file(sink, schema) as writer,
            ):
                for first, _ in parted:
                    writer.write_batch(_open(_range_file(scratch, first, table)).get_batch(0))
        pointers = [
            _open(_range_file(scratch, first, "pointers")).get_batch(0).column(0).to_numpy()
            for first, _ in parted
        ]
        strings = strings_by(
            engine, np.concatenate(pointers), placed(folder, blocks, numbering.firsts), scratch
        )
        _write(aside / STRINGS_FILE, _STRINGS, [strings])
        shutil.rmtree(scratch)
        files = stamps(aside)
    return BaseEntry(inner, at_least, tuple(block.folder for block in blocks), len(parted), files)


def build_range(task: RangeTask) -> None:
    """Merge one range of hashes and write its tables; the same work done twice writes the same."""
    rows = read_rows(task.spoken, task.numbering.key, task.first, task.last)
    phrases = by_phrase(rows)
    keep = phrases.messages >= task.at_least
    kept = rows.where(np.repeat(keep, phrases.rows))
    below = rows.where(np.repeat(~keep, phrases.rows))
    sums = added(kept._replace(group=task.numbering.language[kept.group]))
    headlines = read_rows(task.headlines, task.numbering.headline_language, task.first, task.last)
    cell = (kept.pointer >> CELL).astype(np.int32)
    columns: dict[str, list[NDArray[np.integer]]] = {
        "kept": [phrases.hash[keep], phrases.rows[keep], by_phrase(sums).rows],
        "rows": [cell, kept.counts],
        "sums": [sums.group, sums.counts],
        "below": [below.hash, below.pointer, below.counts],
        "headlines": [headlines.hash, headlines.group, headlines.counts],
    }
    for table, schema in TABLES.items():
        _write(_range_file(task.folder, task.first, table), schema, columns[table])
    _write(_range_file(task.folder, task.first, "pointers"), _POINTERS, [rows.pointer[phrases.start[keep]]])


def _write(file: Path, schema: pa.Schema, columns: Sequence[object]) -> None:
    """Write one batch into a file, aside and renamed."""
    aside = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    with pa.OSFile(str(aside), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=schema))
    aside.rename(file)


def _open(file: Path) -> pa.ipc.RecordBatchFileReader:
    return pa.ipc.open_file(pa.memory_map(str(file)).read_buffer())


def _range_file(folder: Path, first: int, table: str) -> Path:
    return folder / f"{first:03}-{table}.arrow"


def _name(blocks: Sequence[BlockEntry], at_least: int) -> str:
    text = "\n".join([str(at_least), *(block.folder for block in blocks)])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
