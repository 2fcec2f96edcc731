"""What the engines are given to do in their tests: functions of a module that workers import."""

import os
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from estran.errors import InputError
from estran.store.engines import Engine


class ColumnMissingError(InputError):
    """An error with something to carry."""

    def __init__(self, message, column):
        super().__init__(message, column)
        self.column = column


class UnreturnableError(Exception):
    """Can be pickled, but not made again."""

    def __reduce__(self):
        return int, ("no number",)


@dataclass(frozen=True)
class Marked:
    """A task that leaves a file with its number."""

    folder: Path
    number: int


def square(number):
    return number * number


def waited(seconds):
    time.sleep(seconds)
    return seconds


def text_of_length(length):
    return "é" * length


def missing_column(number):
    raise ColumnMissingError(f"no column in file {number}", column="text")


def unreturnable(number):
    raise UnreturnableError("line 3: no date")


def first_fails(task):
    """The first task fails; the others take their time and say that they were begun."""
    if task.number == 0:
        raise InputError("the first file is empty")
    (task.folder / str(task.number)).touch()
    time.sleep(0.1)


def killed_once(task):
    """Ends its own process the first time that it runs."""
    mark = task.folder / f"killed-{task.number}"
    if task.number % 7 == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task.number


def killed_always(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def process(_):
    time.sleep(0.05)
    return os.getpid()


def threads_of_polars(_):
    import polars as pl

    return pl.thread_pool_size()


def printing(number):
    print("what the work prints disturbs nobody", number)  # noqa: T201
    os.write(1, b"nor what it writes\n")
    return number


def unpicklable(_):
    return lambda: None


@dataclass(frozen=True)
class Dying:
    """A task of some work, whose worker is killed the first time: the mark says that this has happened."""

    work: Callable[[Any], Any]
    task: Any
    mark: Path


def after_dying(dying):
    """The result of the work, the second time."""
    if not dying.mark.exists():
        dying.mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return dying.work(dying.task)


@dataclass(frozen=True)
class Torn:
    """An engine that loses a worker at the first task of its first map."""

    engine: Engine
    folder: Path

    def map(self, work, tasks, *, progress=None):
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        dying = [Dying(work, task, folder / str(place)) for place, task in enumerate(tasks)]
        once = self.folder / "once"
        for task in dying if once.exists() else dying[1:]:
            task.mark.touch()
        once.touch()
        return self.engine.map(after_dying, dying, progress=progress)
