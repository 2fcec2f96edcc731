"""The prepared messages of one block, at rest: columns and rows are read without the others."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl
import pyarrow as pa

from estran.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PREPARED_FILE = "prepared.arrow"
BATCH = 4_096
"""Messages that are packed together."""

PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


class StoredBlock:
    """A block on disk; see `estran.store.prepared.PreparedBlock`.

    It stays readable when a later refresh takes its folder away, and can be sent to another process.
    """

    def __init__(
        self, name: str, folder: Path, *, messages: int, read: int, removed: Mapping[str, int]
    ) -> None:
        """Open a block.

        Args:
            name: of the block.
            folder: where its files lie.
            messages: left by cleaning.
            read: before cleaning.
            removed: reason -> messages that cleaning set aside.

        Raises:
            FileNotFoundError: it is not there, or no more.
        """
        self.name = name
        self.folder = folder
        self.messages = messages
        self.read = read
        self.removed = removed
        with (folder / PREPARED_FILE).open("rb") as file:
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._content = pa.py_buffer(self._mapped)

    def __reduce__(self) -> tuple[object, ...]:
        return _opened, (self.name, self.folder, self.messages, self.read, self.removed)

    def __repr__(self) -> str:
        return f"StoredBlock({self.name!r}, messages={self.messages})"

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of all messages, in order of time and id."""
        return self._frame(self._read(names, None), names)

    def spoken(self) -> pa.LargeStringArray:
        """What is counted, of all messages."""
        return self._read(["spoken"], None).column("spoken").combine_chunks()

    def take(self, rows: NDArray[np.int64], names: Sequence[str]) -> pl.DataFrame:
        """Some columns of some messages, in the order asked for; only the batches that hold them are unpacked."""
        batches, inverse = np.unique(rows // BATCH, return_inverse=True)
        places = inverse * BATCH + rows % BATCH  # every batch but the last one of a block is full
        return self._frame(self._read(names, batches.tolist()), names)[places]

    def _read(self, names: Sequence[str], batches: Sequence[int] | None) -> pa.Table:
        try:
            schema = pa.ipc.open_file(self._content).schema
            options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(name) for name in names])
            with pa.ipc.open_file(self._content, options=options) as reader:
                wanted = range(reader.num_record_batches) if batches is None else batches
                table = pa.Table.from_batches([reader.get_batch(batch) for batch in wanted], reader.schema)
            table.validate(full=True)  # kernels trust offsets and UTF-8
            if hasattr(mmap, "MADV_DONTNEED"):
                self._mapped.madvise(
                    mmap.MADV_DONTNEED
                )  # unpacked: a million messages would keep 0.4 GB mapped
        except (pa.ArrowException, OSError) as error:
            raise StoreError(
                f"{self.folder / PREPARED_FILE} is damaged ({error}); `estran doctor` makes it anew"
            ) from error
        return table

    @staticmethod
    def _frame(table: pa.Table, names: Sequence[str]) -> pl.DataFrame:
        return cast("pl.DataFrame", pl.from_arrow(table)).select(names)


def write_prepared(folder: Path, frame: pl.DataFrame) -> None:
    """Write the prepared messages of a block, in batches that can be read one by one."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()
    with (
        pa.OSFile(str(folder / PREPARED_FILE), "wb") as sink,
        pa.ipc.new_file(sink, table.schema, options=PACKED) as writer,
    ):
        writer.write_table(table, max_chunksize=BATCH)


def _opened(name: str, folder: Path, messages: int, read: int, removed: Mapping[str, int]) -> StoredBlock:
    return StoredBlock(name, folder, messages=messages, read=read, removed=removed)
