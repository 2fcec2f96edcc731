"""Counting on this machine, in threads: the compiled kernels let go of Python's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from queue import SimpleQueue

from estran.store.spill import Partials
from estran.text.phrases import Cell, Partial, PhraseCounts, Scratch, count_cell
from estran.text.scan import scanner

MEMORY = 512 << 20
"""Bytes of partial counts, with the texts they point into, kept in memory before they go to disk."""


def count_cells(
    cells: Iterable[Cell],
    stop_words: Mapping[str, frozenset[str]],
    *,
    at_least: int,
    longest: int = 4,
    threads: int = 2,
    memory: int = MEMORY,
    progress: Callable[[int], None] | None = None,
) -> PhraseCounts:
    """How many messages and people said each phrase, per cell.

    It holds the cells in flight (one more than the threads), one table per thread, and partial counts up to a bound;
    past it they go to a temporary folder, which is removed at the end, also after an error.

    Args:
        cells: one at a time where it is an iterator; the longest first where it is a sequence.
        stop_words: by language; a language without any has only the elisions.
        at_least: a phrase is kept when this many messages said it, all cells together.
        longest: tokens in the longest phrase.
        threads: cells counted at a time; the answer does not depend on it.
        memory: bytes of partial counts kept in memory.
        progress: told the number of messages done, from the calling thread.
    """
    if isinstance(cells, Sequence):
        cells = sorted(cells, key=lambda cell: -int(cell.texts.nbytes))
    done = 0
    with Partials(memory=memory) as partials:
        for partial in _partials(iter(cells), stop_words, longest, threads):
            partials.add(partial)
            done += len(partial.texts)
            if progress is not None:
                progress(done)
        return partials.merge(at_least=at_least, threads=threads)


def _partials(
    cells: Iterator[Cell], stop_words: Mapping[str, frozenset[str]], longest: int, threads: int
) -> Iterator[Partial]:
    """The partial of each cell, in the order they are finished; takes a cell only when there is room for it."""
    idle: SimpleQueue[Scratch] = SimpleQueue()
    for _ in range(threads):
        idle.put(Scratch())

    def work(number: int, cell: Cell) -> Partial:
        scratch = idle.get()
        try:
            language = scanner(stop_words.get(cell.language, frozenset()))
            return count_cell(cell, language, longest=longest, number=number, scratch=scratch)
        finally:
            idle.put(scratch)

    numbered = enumerate(cells)
    with ThreadPoolExecutor(threads) as pool:
        running: set[Future[Partial]] = set()
        try:
            while True:
                room = threads + 1 - len(running)
                running.update(pool.submit(work, *each) for each in islice(numbered, room))
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
