"""One writer at a time: whoever holds the lock of a folder. The system lets go of it when its holder dies."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from estran.findings import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from estran.analysis.progress import Progress

PATIENCE = 1.0
"""Seconds of waiting after which it is said."""

_AGAIN = 0.05


@contextmanager
def held(file: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Waits for the lock, and holds it.

    Args:
        file: the lock; made if it is not there.
        waiting: called once, if another has held it for more than `PATIENCE` seconds.
    """
    with file.open("a") as lock:
        began, told = time.monotonic(), False
        while not _taken(lock):
            if not told and time.monotonic() - began > PATIENCE:
                waiting()
                told = True
            time.sleep(_AGAIN)
        yield


@contextmanager
def tried(file: Path) -> Iterator[bool]:
    """Holds the lock if nobody else does; never waits."""
    with file.open("a") as lock:
        yield _taken(lock)


@contextmanager
def alone(path: Path, progress: Progress) -> Iterator[None]:
    """Holds the lock of a workspace; whoever has to wait for it is told so."""

    def waiting() -> None:
        progress.say(Notice("waiting", {"workspace": path.name}))

    with held(path / "lock", waiting=waiting):
        yield


def free(path: Path) -> bool:
    """Whether nobody is writing to a workspace, and somebody may."""
    try:
        with tried(path / "lock") as mine:
            return mine
    except OSError:  # a folder that may only be read
        return False


def _taken(lock: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
