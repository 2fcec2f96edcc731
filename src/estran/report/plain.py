"""Text and tables of Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BLANKS = re.compile(r"[ \t-\r\x1c-\x1e\x85\u2028\u2029]+")  # not the thin ones, which keep a number together
SPECIAL = re.compile(r"([\\`*_\[\]<>|#~$&])")


def plain(text: str) -> str:
    """Text of a user, on one line, with nothing in it that Markdown or HTML would act upon."""
    return SPECIAL.sub(r"\\\1", BLANKS.sub(" ", text).strip())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, the first column to the left, the others to the right."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "|".join([":--", *["--:"] * (len(head) - 1)]) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
