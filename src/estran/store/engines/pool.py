"""Work in processes of this machine: for work that holds Python's lock, or where one crash must not end all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from estran.store.engines import TRIES, Result, Task, cores, deadly
from estran.store.engines.environment import thread_limits
from estran.store.engines.outcomes import packed, settled
from estran.store.engines.threads import at_least_one, gathered
from estran.store.engines.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType


class PoolEngine:
    """Runs work in processes; one that dies is replaced, and its piece of work is begun again.

    A process is started when there is work for it, and kept for the next map. Each may use its share of the cores.
    """

    def __init__(self, *, workers: int | None = None) -> None:
        """Set the means.

        Args:
            workers: processes; one per core where it is not given.
        """
        self._workers = at_least_one("workers", workers)
        self._environment = thread_limits(max(1, cores() // self._workers))
        self._idle: SimpleQueue[Worker | None] = SimpleQueue()  # None: a process to be started
        for _ in range(self._workers):
            self._idle.put(None)

    def map(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Result]:
        """The result of each task; see `Engine.map`."""
        pieces = [packed(work, task) for task in tasks]
        run = Run(self._idle, self._environment)
        threads = ThreadPoolExecutor(self._workers)  # each waits for one process
        try:
            return gathered([threads.submit(run.result, piece) for piece in pieces], progress)
        except BaseException:  # Ctrl-C too
            threads.shutdown(wait=False, cancel_futures=True)
            run.stop()
            raise
        finally:
            threads.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in range(self._workers):
            worker = self._idle.get()
            if worker is not None:
                worker.end()
            self._idle.put(None)


class Run:
    """One map: who works for it now, and whether it is given up."""

    def __init__(self, idle: SimpleQueue[Worker | None], environment: dict[str, str]) -> None:
        self._idle = idle
        self._environment = environment
        self._lock = Lock()
        self._busy: set[Worker] = set()
        self._stopped = False

    def result(self, piece: bytes) -> Any:
        """The result of a piece of work, done by whichever process is idle.

        Raises:
            EngineError: it ended its process `TRIES` times.
        """
        status = 0
        for _ in range(TRIES):
            worker = self._idle.get()
            try:
                worker = worker or Worker(self._environment)
                outcome = self._outcome(worker, piece)
                if outcome is not None:
                    return settled(outcome)
                status, worker = worker.end(), None
            finally:
                self._idle.put(worker)
            if self._stopped:
                break
        raise deadly(f"signal {-status}" if status < 0 else f"exit status {status}")

    def _outcome(self, worker: Worker, piece: bytes) -> bytes | None:
        """What a piece of work gave; None when its process died, or had to, because the map is given up."""
        with self._lock:
            if self._stopped:
                return None
            self._busy.add(worker)
        outcome = worker.outcome(piece)
        with self._lock:
            self._busy.remove(worker)
            return None if self._stopped else outcome

    def stop(self) -> None:
        """End the processes that work for this map, now; it starts no other."""
        with self._lock:
            self._stopped = True
            for worker in self._busy:
                worker.kill()
