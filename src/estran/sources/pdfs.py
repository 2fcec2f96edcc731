"""The texts of PDF pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from estran.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BROKEN = (PyPdfError, DependencyError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError)
"""What the library raises on damaged files."""


def pages(path: Path) -> Iterator[str]:
    """The text of each page, "" where it has none.

    Raises:
        InputError: the file is locked or damaged.
    """
    try:
        reader = PdfReader(path)
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except _BROKEN:
        raise InputError(f"{path.name} is damaged, or locked: open it, and print it as a PDF again") from None
    if locked:
        raise InputError(f"{path.name} is locked by a password: save it without one")
    for number in range(count):
        try:
            yield reader.pages[number].extract_text()
        except _BROKEN:
            raise InputError(
                f"page {number + 1} of {path.name} cannot be read: print it as a PDF again"
            ) from None
