"""Work in threads of this process: for compiled kernels and polars, which let go of Python's lock."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Self

from estran.errors import SettingsError
from estran.store.engines import Result, Task, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType


class ThreadEngine:
    """Runs work in threads; nothing is pickled, and no thread outlives a map."""

    def __init__(self, *, threads: int | None = None) -> None:
        """Set the means.

        Args:
            threads: pieces of work at a time; one per core where it is not given.
        """
        self._threads = at_least_one("threads", threads)

    def map(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Result]:
        """The result of each task; see `Engine.map`."""
        pool = ThreadPoolExecutor(self._threads)
        try:
            return gathered([pool.submit(work, task) for task in tasks], progress)
        finally:
            pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


def gathered(futures: Sequence[Future[Result]], progress: Callable[[int], None] | None) -> list[Result]:
    """The results of futures in their order, or the first error among them as soon as it is there."""
    for done, future in enumerate(as_completed(futures), 1):
        future.result()
        if progress is not None:
            progress(done)
    return [future.result() for future in futures]


def at_least_one(name: str, wanted: int | None) -> int:
    """A number of workers: one per core where it is not given.

    Raises:
        SettingsError: it is below 1.
    """
    if wanted is not None and wanted < 1:
        raise SettingsError(f"{name} must be 1 or more, not {wanted}")
    return wanted or cores()
