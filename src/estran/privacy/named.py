"""Where a text names a person whose name is known: the whole name, however it is accented, capitalised or joined."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MASK = "[name]"
"""The word that stands where the name stood."""

_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_PLAIN = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ß": "ss", "ı": "i"}
_JOINED = r"[\s\p{P}]{1,3}"
"""What stands between the parts of a name: a blank, a hyphen, an apostrophe, ". "."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The places where texts name one person; made by `mentions`."""

    pattern: str

    def found(self, texts: pl.Series) -> pl.Series:
        """(n,) whether each text names the person; null where there is no text."""
        return texts.str.contains(self.pattern)

    def masked(self, texts: pl.Series) -> pl.Series:
        """The same texts, with `MASK` where the name stood."""
        return texts.str.replace_all(self.pattern, MASK)


def mentions(name: str) -> Mentions | None:
    """The places where texts name somebody, or None where the name could be any number or letter.

    Accents and capitals do not matter, nor what joins the parts: "Jean-Noël Boëly" is also named by "jean noel BOELY".
    The name is sought as it is given: first names alone, nicknames and misspellings stay.

    Args:
        name: of a person.
    """
    parts = [part for part in re.split(r"[\W_]+", _folded(name)) if part]
    if sum(letter.isalpha() for part in parts for letter in part) < 2:
        return None
    return Mentions(rf"(?i)\b{_JOINED.join(map(_spelt, parts))}\b")


def _folded(name: str) -> str:
    """Small letters without accents."""
    small = "".join(_PLAIN.get(letter, letter) for letter in unicodedata.normalize("NFC", name).lower())
    return "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))


def _spelt(part: str) -> str:
    """A pattern for every way to write the letters of a part."""
    letters = "".join(_letter(letter) for letter in part)
    for joined, apart in (("œ", "oe"), ("æ", "ae"), ("ß", "ss")):
        letters = letters.replace(
            _letter(apart[0]) + _letter(apart[1]), f"(?:{_letter(apart[0])}{_letter(apart[1])}|{joined})"
        )
    return letters


@cache
def _letter(letter: str) -> str:
    accented = "".join(
        chr(code) for code in _LATIN if len(chr(code).lower()) == 1 and _folded(chr(code)) == letter
    )
    return rf"[{letter}{accented}]\p{{M}}*" if accented else re.escape(letter) + r"\p{M}*"
