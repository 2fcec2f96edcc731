"""Files that are there whole or not at all, whatever kills the process or the machine."""

from __future__ import annotations

import os
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HALF = ".estran-"
"""What the name of a file begins with until all of it is written."""


def write_whole(file: Path, text: str) -> None:
    """All of the file (0600) or none of it, written through to the disk before its name is given to it."""
    whole = file.with_name(f"{HALF}{token_hex(8)}")
    try:
        write_through(whole, text)
        whole.replace(file)
    finally:
        whole.unlink(missing_ok=True)
    settle(file.parent)


def write_through(file: Path, text: str) -> None:
    """A new file, for its owner only from the first byte on."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())


def settle(folder: Path) -> None:
    """Writes the names in a folder through to the disk."""
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
