"""One block prepared and counted, into a folder that is named by what the block held.

The folder is written aside and renamed, so it is whole or not there; the same messages make the same folder, so it does
not matter how often, where, or by how many at a time a block is counted.
"""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
import uuid
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl
import pyarrow as pa

from estran.model import MESSAGES
from estran.store.manifest import BlockEntry, Stamp, read_block, sealed, settle, stamps, unsealed
from estran.store.prepared import arrow, bucket_of, cells, prepare
from estran.store.stored import PACKED, StoredBlock, write_prepared
from estran.store.strings import Placed
from estran.store.sums import CELL
from estran.text.packs import load
from estran.text.phrases import BUCKETS, Partial, Scratch, count_cell
from estran.text.scan import bytes_of, scanner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from estran.store.blocks import Block
    from estran.store.prepared import CellKey

COUNTING = 1
"""Goes up with each change of what is counted: of cleaning, of languages, of tokens or of stop words."""

SPOKEN_FILE, HEADLINE_FILE, SUMMARY_FILE = "spoken.arrow", "headline.arrow", "summary.json"
ASIDE = ".aside-"
"""What the name of a folder begins with while it is written."""

_ROWS = pa.schema({"rows": pa.uint64()})
_NO_ROWS = np.empty((0, 3), np.uint64)


class Messages(Protocol):
    """Messages at rest, as far as counting reads them."""

    def read(self, months: Sequence[str]) -> pl.DataFrame:
        """All messages of some months: `model.MESSAGES`, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class BlockTask:
    """A block to be counted.

    Attributes:
        messages: where they are read.
        block: which of them.
        stored: digest of the block's months in the store.
        folder: of counts.
        longest: tokens in the longest phrase.
    """

    messages: Messages
    block: Block
    stored: str
    folder: Path
    longest: int


@dataclass(frozen=True, slots=True)
class BlockDone:
    """A block that was counted, or found counted already."""

    entry: BlockEntry
    counted: bool


@dataclass(frozen=True, slots=True)
class PartialFile:
    """The partial rows of a block in a file: one batch per bucket, so that a range of hashes is read alone.

    Attributes:
        file: where they lie.
        length: how many there are.
        first_cell: added to the cell numbers in the rows' pointers, so that the cells of several blocks differ.
    """

    file: Path
    length: int
    first_cell: int = 0

    def between(self, first: int, last: int) -> NDArray[np.uint64]:
        """The rows of the buckets `first` to `last - 1`, (n, 3) as in `estran.text.phrases.Partial.rows`."""
        if not self.length:
            return _NO_ROWS
        with pa.memory_map(str(self.file)) as source, pa.ipc.open_file(source) as reader:
            pieces = [reader.get_batch(bucket).column(0).to_numpy() for bucket in range(first, last)]
            rows = np.concatenate(pieces).reshape(-1, 3)
        rows[:, 1] += np.uint64(self.first_cell) << CELL
        return rows


def counting(longest: int) -> str:
    """What the counts of the same messages depend on."""
    return f"{COUNTING}, Unicode {unicodedata.unidata_version}, {longest} tokens"


def count_block(task: BlockTask) -> BlockDone:
    """Read a block, prepare and count it, unless its very messages were counted before."""
    block = task.block
    messages = task.messages.read(block.months).select(MESSAGES.names())
    messages = bucket_of(messages, block).sort("id")
    name = f"{block.name}-{content_digest(messages, f'{block.name} {counting(task.longest)}')}"
    inner = f"blocks/{name}"
    entry = _counted_before(task, inner)
    if entry is not None:
        return BlockDone(entry, counted=False)
    with written_aside(task.folder / inner) as aside:
        prepared = prepare(messages)
        write_prepared(aside, prepared.frame)
        spoken, spoken_rows = _count(prepared.frame, "spoken", task.longest, aside / SPOKEN_FILE)
        headline, headline_rows = _count(prepared.frame, "headline", task.longest, aside / HEADLINE_FILE)
        entry = BlockEntry(
            name=block.name,
            months=block.months,
            folder=inner,
            stored=task.stored,
            read=messages.height,
            messages=prepared.frame.height,
            removed=dict(prepared.removed),
            spoken=spoken,
            headline=headline,
            rows=(spoken_rows, headline_rows),
            files=stamps(aside),
        )
        (aside / SUMMARY_FILE).write_bytes(sealed(asdict(entry)))
        settle(aside / SUMMARY_FILE)
        entry = _with_summary(entry, aside)
    return BlockDone(entry, counted=True)


def opened(folder: Path, block: BlockEntry) -> StoredBlock:
    """A block's prepared messages.

    Args:
        folder: of counts.
        block: in its list.
    """
    return StoredBlock(
        block.name, folder / block.folder, messages=block.messages, read=block.read, removed=block.removed
    )


def placed(folder: Path, blocks: Sequence[BlockEntry], firsts: Sequence[int]) -> list[Placed]:
    """Blocks among others, by the number of their first cell."""
    return [Placed(opened(folder, block), first) for block, first in zip(blocks, firsts, strict=True)]


def _counted_before(task: BlockTask, inner: str) -> BlockEntry | None:
    """What is there of these very messages; a folder that is not whole is taken away."""
    folder = task.folder / inner
    entry: BlockEntry | None = None
    with suppress(OSError, ValueError):
        entry = read_block(unsealed((folder / SUMMARY_FILE).read_bytes()))
    if entry is None or any(stamp.fault(folder / name, thorough=True) for name, stamp in entry.files.items()):
        take_away(folder)
        return None
    return _with_summary(replace(entry, stored=task.stored), folder)


def _with_summary(entry: BlockEntry, folder: Path) -> BlockEntry:
    """An entry that lists its own summary, too."""
    return replace(entry, files={**entry.files, SUMMARY_FILE: Stamp.of(folder / SUMMARY_FILE)})


@contextmanager
def written_aside(folder: Path) -> Iterator[Path]:
    """A new folder to write into, renamed when all is done, and gone when it fails.

    Args:
        folder: its name then. Where there is one already, another process was faster with the same, and its own is kept.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = folder.parent / f"{ASIDE}{uuid.uuid4().hex}"
    aside.mkdir(mode=0o700)
    try:
        yield aside
        settle(aside)
        try:
            aside.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
        settle(folder.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def take_away(folder: Path) -> None:
    """Remove a folder, if it is there: under another name first, so that it is never there in part."""
    aside = folder.parent / f"{ASIDE}{uuid.uuid4().hex}"
    with suppress(FileNotFoundError):
        folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def content_digest(messages: pl.DataFrame, seed: str) -> str:
    """Digest of messages in the order they are in.

    Args:
        messages: a frame of `model.MESSAGES`.
        seed: what else the digest is to depend on.
    """
    digest = hashlib.blake2b(seed.encode(), digest_size=12)
    for name in MESSAGES.names():
        column = messages[name]
        digest.update(np.packbits(column.is_null().to_numpy()).tobytes())
        if column.dtype == pl.String:
            text, offsets = bytes_of(arrow(column))
            digest.update(offsets.tobytes())
            digest.update(text.tobytes())
        else:
            digest.update(column.to_physical().fill_null(0).to_numpy().tobytes())
    return digest.hexdigest()


def _count(frame: pl.DataFrame, column: str, longest: int, file: Path) -> tuple[tuple[CellKey, ...], int]:
    """Count a column's phrases into a file of partial rows; the keys of the cells, and how many rows."""
    scratch = Scratch()
    keys: list[CellKey] = []
    partials: list[Partial] = []
    for number, (key, cell) in enumerate(cells(frame, column)):
        scan = scanner(load(key.language).stop_words)
        partials.append(count_cell(cell, scan, longest=longest, number=number, scratch=scratch))
        keys.append(key)
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, _ROWS, options=PACKED) as writer:
        for bucket in range(BUCKETS):
            rows = np.concatenate([_NO_ROWS, *(part.between(bucket, bucket + 1) for part in partials)])
            writer.write_batch(pa.record_batch([pa.array(rows.reshape(-1))], schema=_ROWS))
    return tuple(keys), sum(partial.length for partial in partials)
