"""Partial counts that outgrow memory, put aside in a temporary folder until they are merged."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

from estran.text.merging import merge_parts
from estran.text.phrases import BUCKETS, Partial, PhraseCounts

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

_ROWS = pa.schema({"rows": pa.uint64()})
_TEXTS = pa.schema({"text": pa.large_string()})
_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class Aside:
    """The partial rows of some cells in a file: one batch per bucket, so that a range of hashes is read alone."""

    file: Path
    length: int

    def between(self, first: int, last: int) -> NDArray[np.uint64]:
        """The rows of the buckets `first` to `last - 1`."""
        with pa.OSFile(str(self.file)) as source, pa.ipc.open_file(source) as reader:
            pieces = [reader.get_batch(bucket).column(0).to_numpy() for bucket in range(first, last)]
        return np.concatenate(pieces).reshape(-1, 3)


class Partials:
    """The partial counts of one count, in memory up to a bound and in a temporary folder past it.

    A context manager: the folder is removed on leaving it, whatever happened.
    """

    def __init__(self, *, memory: int) -> None:
        self._memory = memory
        self._size = 0
        self._held: list[Partial] = []
        self._aside: list[Aside] = []
        self._keys: dict[int, int] = {}
        self._texts: dict[int, tuple[Path, int]] = {}
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder)

    def add(self, partial: Partial) -> None:
        """Keep a partial; all that are in memory go to disk when they exceed the bound."""
        self._held.append(partial)
        self._keys[partial.number] = partial.key
        self._size += partial.size
        if self._size > self._memory:
            self._put_aside()

    def merge(self, *, at_least: int, threads: int) -> PhraseCounts:
        """The counts of the phrases said in at least so many messages."""
        self._held.sort(key=lambda partial: partial.key)
        keys = np.zeros(len(self._keys), np.int32)
        keys[list(self._keys)] = list(self._keys.values())
        texts = {partial.number: partial.texts for partial in self._held}
        return merge_parts(
            [*self._aside, *self._held],
            keys,
            lambda number: texts[number] if number in texts else self._read_texts(number),
            at_least=at_least,
            threads=threads,
        )

    def _put_aside(self) -> None:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="estran-"))
        self._held.sort(key=lambda partial: partial.key)
        rows_file = self._folder / f"rows-{len(self._aside)}.arrow"
        with pa.OSFile(str(rows_file), "wb") as sink, pa.ipc.new_file(sink, _ROWS, options=_PACKED) as writer:
            for bucket in range(BUCKETS):
                rows = np.concatenate([partial.between(bucket, bucket + 1) for partial in self._held])
                writer.write_batch(pa.record_batch([pa.array(rows.reshape(-1))], schema=_ROWS))
        texts_file = self._folder / f"texts-{len(self._aside)}.arrow"
        with (
            pa.OSFile(str(texts_file), "wb") as sink,
            pa.ipc.new_file(sink, _TEXTS, options=_PACKED) as writer,
        ):
            for batch, partial in enumerate(self._held):
                writer.write_batch(pa.record_batch([partial.texts], schema=_TEXTS))
                self._texts[partial.number] = texts_file, batch
        self._aside.append(Aside(rows_file, sum(partial.length for partial in self._held)))
        self._held.clear()
        self._size = 0

    def _read_texts(self, number: int) -> pa.LargeStringArray:
        file, batch = self._texts[number]
        with pa.OSFile(str(file)) as source, pa.ipc.open_file(source) as reader:
            return reader.get_batch(batch).column(0)
