"""Work on a Dask cluster: one that is there, by its address, or one of this machine for as long as the work lasts."""

from __future__ import annotations

import logging
import os
import tempfile
from concurrent.futures import CancelledError
from contextlib import ExitStack
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Self

from estran.errors import EngineError, SettingsError
from estran.store.engines import TRIES, Result, Task, cores, deadly, require
from estran.store.engines.environment import kept_environment, thread_limits
from estran.store.engines.outcomes import outcome_of, packed, settled
from estran.store.engines.threads import at_least_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

PATIENCE = 30
"""Seconds that a scheduler has to answer, and to find its first worker."""

DESERTED = 120
"""Seconds without any worker after which nobody waits any more for one to come back."""

_LOOK = 0.05  # seconds between two looks at what has arrived


class DaskEngine:
    """Runs work on the workers of a Dask scheduler; a worker that dies loses nothing.

    The workers need the same Estran, and see the folders that the work reads and writes under the same paths. Nothing
    is started or connected before there is work. A cluster of its own needs `if __name__ == "__main__"` in a script.
    """

    def __init__(
        self,
        *,
        scheduler: str | None = None,
        workers: int | None = None,
        memory: str | int | None = None,
        scratch: Path | None = None,
    ) -> None:
        """Set the means.

        Args:
            scheduler: "tcp://host:8786"; a cluster of this machine where it is not given.
            workers: processes of the own cluster; one per core where it is not given.
            memory: of each of these processes, such as "2GB"; a fair share of the machine where it is not given.
            scratch: where the own cluster puts its temporary files; the system's folder where it is not given.

        Raises:
            EngineError: `distributed` is not installed.
        """
        if scheduler is not None and (workers is not None or memory is not None):
            raise SettingsError("a Dask scheduler has workers of its own: leave out workers and memory")
        self._distributed = require("distributed", "cluster")
        self._scheduler = scheduler
        self._workers = at_least_one("workers", workers)
        self._memory = memory
        self._scratch = scratch
        self._started = ExitStack()
        self._client: Any = None

    def map(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Result]:
        """The result of each task; see `Engine.map`."""
        pieces = [packed(work, task) for task in tasks]
        if not pieces:
            return []
        if self._client is None:
            self._client = self._connected()
        futures = self._client.map(outcome_of, pieces, pure=False)
        places = {future: place for place, future in enumerate(futures)}
        results: list[Any] = [None] * len(pieces)
        try:
            for done, (future, outcome) in enumerate(self._arrivals(futures), 1):
                results[places[future]] = settled(outcome)
                if progress is not None:
                    progress(done)
        finally:
            self._client.cancel(futures, force=True)
        return results

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client = None
        self._started.close()

    def _arrivals(self, futures: Sequence[Any]) -> Iterator[tuple[Any, bytes]]:
        """Futures with their outcomes, as they come."""
        try:
            arrivals = self._distributed.as_completed(futures, with_results=True, loop=self._client.loop)
            seen = monotonic()
            while not arrivals.is_empty():
                if arrivals.has_ready():
                    future, outcome = next(arrivals)
                    if isinstance(outcome, CancelledError):
                        raise outcome
                    yield future, outcome
                    continue
                sleep(_LOOK)
                if self._client.scheduler_info()["workers"]:
                    seen = monotonic()
                elif monotonic() - seen > DESERTED:
                    raise EngineError(
                        "the Dask cluster has lost all its workers, and none has come back: do it again"
                    )
        except self._distributed.KilledWorker as error:
            raise deadly("Dask calls it a killed worker") from error
        except (CancelledError, OSError) as error:
            raise EngineError("the Dask scheduler is gone, or gave up the work") from error

    def _connected(self) -> Any:
        """A client of the scheduler, or of a cluster that was started for it."""
        with ExitStack() as started:
            place = self._scheduler or started.enter_context(self._cluster(started))
            try:
                client = self._distributed.Client(place, timeout=PATIENCE, set_as_default=False)
            except (OSError, ValueError) as error:
                raise EngineError(f"no Dask scheduler answers at {place}: {error}") from error
            started.enter_context(client)
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError as error:
                raise EngineError(f"the Dask scheduler at {place} has no workers") from error
            self._started = started.pop_all()
        return client

    def _cluster(self, started: ExitStack) -> Any:
        """A cluster of this machine; its temporary files are removed when `started` is left."""
        folder = started.enter_context(tempfile.TemporaryDirectory(prefix="estran-dask-", dir=self._scratch))
        config = require("dask", "cluster").config
        limits = thread_limits(max(1, cores() // self._workers))
        settings = {
            "distributed.nanny.pre-spawn-environ": config.get("distributed.nanny.pre-spawn-environ") | limits,
            "distributed.scheduler.allowed-failures": TRIES - 1,
        }
        started.enter_context(config.set(settings))
        # Dask takes these names from this process' environment before its settings, and leaves them there.
        started.enter_context(kept_environment())
        with kept_environment():
            os.environ.update(limits)
            return self._distributed.LocalCluster(
                n_workers=self._workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=self._memory or "auto",
                dashboard_address="127.0.0.1:0",  # not the usual port, that another one may have
                scheduler_kwargs={"dashboard": False},
                local_directory=folder,
                silence_logs=logging.CRITICAL,
            )
