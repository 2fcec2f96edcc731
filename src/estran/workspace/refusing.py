"""What the disk refuses is said in one line that tells what to do."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from estran.errors import EstranError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADVICE = {
    errno.ENOSPC: ("No space left on device", "free some room and do it again"),
    errno.EDQUOT: ("Disk quota exceeded", "free some room and do it again"),
    errno.EROFS: ("Read-only file system", "make it writable, or copy it to where you may write"),
    errno.EACCES: ("Permission denied", "ask for the right to write there"),
    errno.EPERM: ("Operation not permitted", "ask for the right to write there"),
}
"""What the system says, and what helps."""


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turns a disk that is full or must not be written into an error that says so.

    Raises:
        WorkspaceError: nothing can be written; what was there is whole, and what was not finished is not there.
    """
    try:
        yield
    except EstranError:
        raise
    except Exception as error:
        number = refused(error)
        if number is None:
            raise
        said, advice = ADVICE[number]
        raise WorkspaceError(
            f"{place} cannot be written ({said}): {advice}; nothing is half-written"
        ) from error


def refused(error: BaseException | None) -> int | None:
    """The number of the system's refusal behind an error, or None; some libraries only tell it in words."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in ADVICE:
            return error.errno
        for number, (said, _) in ADVICE.items():
            if said in str(error) or f"os error {number})" in str(error):
                return number
        error = error.__cause__ or error.__context__
    return None
