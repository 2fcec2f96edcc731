"""Acronyms and the words that they stand for, where somebody says so: "corporate social responsibility (CSR)".

Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003), read more
strictly: every word that is no stop word gives its first letter, one in four may be silent, and the last one may not; a
stop word comes first only where it gives its letter ("last mile shipping").
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from estran.text import packs
from estran.text.tokens import ELISIONS, tokens
from estran.text.variants import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFINITIONS = pl.Schema({"row": pl.UInt32(), "short": pl.String(), "long": pl.String()})
"""Who defines what: row of the text, the acronym and its words as counting writes them."""

_ACRONYM = r"\b\p{L}[\p{L}\p{N}]{0,6}\p{Lu}s?\b"
_MAY_DEFINE = rf"\([^\p{{L}}\p{{N}}()\n]{{0,3}}{_ACRONYM}|{_ACRONYM}[^\S\n]?\("

_ASIDE = re.compile(r"\(([^()\n]{1,120})\)")
_ALONE = re.compile(r"\W{0,3}(\w+)\W{0,3}(?:$|[,;:].*)")
_LAST = re.compile(r"(\w+)\s?$")
_CAPITALS = 0.5
"""Letters of an acronym that must be capitals, two at the least."""

_REACH = 160
"""Characters before a parenthesis in which its words may lie."""

_SILENT = 4
"""One word in so many may give no letter."""


def definitions(texts: pl.Series, language: str) -> pl.DataFrame:
    """Each acronym that a text defines, with its words: `DEFINITIONS`, each once per text.

    Args:
        texts: as people write them; an acronym is known by its capitals.
        language: of all of them.
    """
    may = texts.str.contains(_MAY_DEFINE).fill_null(value=False).arg_true()
    found = [
        (row, *pair)
        for row, text in zip(may.to_list(), texts.gather(may).to_list(), strict=True)
        for aside in _ASIDE.finditer(text)
        if (pair := defined(_before(text, aside.start()) + aside[0], language)) is not None
    ]
    return pl.DataFrame(found, schema=DEFINITIONS, orient="row").unique(maintain_order=True)


def _before(text: str, end: int) -> str:
    """What stands before a parenthesis, up to another one or the end of a line."""
    reach = text[max(0, end - _REACH) : end]
    return reach[max(map(reach.rfind, "()\n")) + 1 :]


def defined(place: str, language: str) -> tuple[str, str] | None:
    """The acronym and the words of "words (ACRONYM)" or "ACRONYM (words)"; None where it defines nothing."""
    before, _, inside = place.removesuffix(")").rpartition("(")
    alone = _ALONE.fullmatch(inside)
    short = _acronym(alone[1]) if alone else None
    if short is not None:
        words = next(reversed(tokens(before)), [])
        longest = min(len(short) + 5, 2 * len(short)) + sum(_is_stop(word, language) for word in words)
        for size in range(2, min(longest, len(words)) + 1):
            if stands_for(short, words[-size:], language):
                return short, " ".join(words[-size:])
        return None
    last = _LAST.search(before)
    short = _acronym(last[1]) if last else None
    words = next(iter(tokens(inside)), [])
    if short is None:
        return None
    # "the" goes where the letters do without
    few = next((at for at, word in enumerate(words) if not _is_stop(word, language)), 0)
    said = next((each for each in (words[few:], words) if stands_for(short, each, language)), None)
    return None if said is None else (short, " ".join(said))


def stands_for(short: str, words: Sequence[str], language: str) -> bool:
    """Whether the letters of an acronym are those of some words, in their order.

    Args:
        short: small letters.
        words: tokens; the parts of one with hyphens are words too.
        language: whose stop words may give no letter.
    """
    parts = [
        (fold(part).strip("'"), _is_stop(word, language))
        for word in words
        for part in word.split("-")
        if part
    ]
    content = [stop for _, stop in parts].count(False)
    letters = fold(short)
    if (
        len(parts) < 2
        or content < 2
        or parts[-1][1]
        or (parts[0][1] and not _opens(parts[0][0], letters, language))
    ):
        return False
    return _aligned(letters, parts, content // _SILENT)


def _aligned(letters: str, parts: Sequence[tuple[str, bool]], silent: int) -> bool:
    """Whether the words give the letters; each the first of its own, and maybe others in their order."""
    if not parts:
        return not letters
    (word, stop), rest = parts[0], parts[1:]
    if word[:1] and letters.startswith(word[0]):
        at = 1
        for taken in range(1, len(letters) + 1):
            if _aligned(letters[taken:], rest, silent):
                return True
            at = word.find(letters[taken], at) + 1 if taken < len(letters) else 0
            if not at:
                break
    if stop:
        return _aligned(letters, rest, silent)
    return bool(silent and rest) and _aligned(letters, rest, silent - 1)


def _acronym(word: str) -> str | None:
    """A word in small letters, without its plural s, where it looks like an acronym."""
    stem = word.removesuffix("s")
    capitals = sum(letter.isupper() for letter in stem)
    letters = sum(letter.isalpha() for letter in stem)
    like = 2 <= len(stem) <= 8 and stem[0].isalpha() and stem.isalnum()
    return stem.lower() if like and capitals >= 2 and capitals >= _CAPITALS * letters else None


def _opens(word: str, letters: str, language: str) -> bool:
    """Whether a stop word gives the first letter: "last" of "last mile", and no link, which joins anything ("des")."""
    return letters.startswith(word[:1]) and word not in _links(language)


@cache
def _links(language: str) -> frozenset[str]:
    pack = packs.load(language)
    every = pack.links | pack.loose_links | pack.fixed_links
    return frozenset(fold(word).strip("'") for link in every for word in link) | {
        elided.strip("'") for elided in ELISIONS
    }


@cache
def _stops(language: str) -> frozenset[str]:
    return packs.load(language).stop_words | frozenset(ELISIONS)


def _is_stop(word: str, language: str) -> bool:
    return word in _stops(language)
