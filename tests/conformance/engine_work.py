"""What the engines are given to do in their tests: functions of a module that workers import."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from estran.errors import InputError


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
