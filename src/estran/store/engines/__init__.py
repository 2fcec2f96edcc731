"""Where work runs: threads, processes, a cluster. One method, and the same answer from each.

A piece of work is a function and a task. What is large goes through files in a folder that all workers see (written
aside and renamed), what is small comes back. An engine may do a piece twice, because a worker died: work is idempotent.

Engines are found by the entry-point group `estran.engines`, those of Estran like those of others: a callable whose
keyword arguments are the engine's options. `tests/conformance/test_engines.py` holds for each.
"""

from __future__ import annotations

import inspect
import os
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from estran.errors import EngineError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.metadata import EntryPoint
    from types import TracebackType

Task = TypeVar("Task")
Result = TypeVar("Result")

GROUP = "estran.engines"
"""The entry-point group where engines are found."""

TRIES = 4
"""How often a piece of work is begun, when its worker dies each time, before that is an error."""


class Engine(Protocol):
    """Does independent pieces of work. A context manager: leaving it ends whatever it started."""

    def map(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Result]:
        """The result of each task, in the order of the tasks.

        Args:
            work: a function of a module that workers can import; idempotent.
            tasks: pickled one by one; small.
            progress: told how many tasks are done, from the calling thread.

        Raises:
            Exception: the first error of the work, as it was raised there; the other tasks are given up.
            EngineError: a task ended its worker `TRIES` times.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_engine(name: str, **options: object) -> Engine:
    """The engine of this name, to be used in a `with` statement.

    Args:
        name: as its entry point is called: "threads", "pool", "dask", "spark", or somebody else's.
        options: the engine's own, such as `scheduler="tcp://..."`.

    Raises:
        SettingsError: no such engine, or it has no such option.
        EngineError: what the engine stands on is not there.
    """
    known = _known()
    if name not in known:
        raise SettingsError(f"there is no engine {name!r}: the engines are {', '.join(sorted(known))}")
    factory: Callable[..., Engine] = known[name].load()
    taken = inspect.signature(factory)
    try:
        taken.bind(**options)
    except TypeError as error:
        raise SettingsError(
            f"the engine {name!r}: {error}; its options are {', '.join(taken.parameters)}"
        ) from error
    return factory(**options)


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def deadly(how: str) -> EngineError:
    """The error of work that ended its process each time it was begun.

    Args:
        how: how the process ended, as far as that is known.
    """
    return EngineError(
        f"a piece of work ended its process each time it was begun ({how}): it may need more memory than there is;"
        " try with fewer workers"
    )


def require(module: str, extra: str) -> Any:
    """A module of an optional package.

    Raises:
        EngineError: it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise EngineError(f"{error.name} is not installed: install estran[{extra}]") from error


def _known() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
