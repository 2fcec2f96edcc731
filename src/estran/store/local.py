"""Counting on this machine, in threads: the compiled kernels let go of Python's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING

from estran.store.spill import Partials
from estran.text.matching import Lexicon, Postings, match
from estran.text.phrases import Cell, Partial, PhraseCounts, Workspace, count_cell
from estran.text.scan import scanner

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

MEMORY = 512 << 20
"""Bytes of partial counts, with the texts they point into, kept in memory before they go to disk."""


class LocalEngine:
    """Counts with threads of this process.

    It holds the cells in flight (one more than the threads), one table per thread, and partial counts up to a bound;
    past it they go to a temporary folder, which is removed at the end, also after an error.
    """

    def __init__(self, *, threads: int = 2, memory: int = MEMORY) -> None:
        """Set the means.

        Args:
            threads: cells counted at a time.
            memory: bytes of partial counts kept in memory.
        """
        self._threads = threads
        self._memory = memory

    def count(
        self,
        cells: Iterable[Cell],
        stop_words: Mapping[str, frozenset[str]],
        *,
        at_least: int,
        longest: int = 4,
        progress: Callable[[int], None] | None = None,
    ) -> PhraseCounts:
        """How many messages and people said each phrase, per cell; see `Engine.count`."""
        if isinstance(cells, Sequence):
            cells = sorted(cells, key=lambda cell: -int(cell.texts.nbytes))
        done = 0
        with Partials(memory=self._memory) as partials:
            for partial in self._partials(iter(cells), stop_words, longest):
                partials.add(partial)
                done += len(partial.texts)
                if progress is not None:
                    progress(done)
            return partials.merge(at_least=at_least, threads=self._threads)

    def match(
        self,
        texts: pa.LargeStringArray,
        languages: Sequence[str | None] | pl.Series,
        lexicons: Mapping[str, Lexicon],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> Postings:
        """Which concepts each message says; see `Engine.match`."""
        return match(texts, languages, lexicons, threads=self._threads, progress=progress)

    def _partials(
        self, cells: Iterator[Cell], stop_words: Mapping[str, frozenset[str]], longest: int
    ) -> Iterator[Partial]:
        """The partial of each cell, in the order they are finished; takes a cell only when there is room for it."""
        idle: SimpleQueue[Workspace] = SimpleQueue()
        for _ in range(self._threads):
            idle.put(Workspace())

        def work(number: int, cell: Cell) -> Partial:
            workspace = idle.get()
            try:
                language = scanner(stop_words.get(cell.language, frozenset()))
                return count_cell(cell, language, longest=longest, number=number, workspace=workspace)
            finally:
                idle.put(workspace)

        numbered = enumerate(cells)
        with ThreadPoolExecutor(self._threads) as pool:
            running: set[Future[Partial]] = set()
            try:
                while True:
                    room = self._threads + 1 - len(running)
                    running.update(pool.submit(work, *each) for each in islice(numbered, room))
                    if not running:
                        return
                    finished, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        yield future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
