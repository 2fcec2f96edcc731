"""What a token is: the meaning that every counting engine must equal, in plain Python.

- Letters, digits and `_` make words (Unicode categories L and N); a combining mark (M) continues a word and never
  starts one. Everything is lower-cased, one code point at a time; accents are kept.
- One apostrophe (' ’ ʼ) or hyphen (- ‐ ‑) between two word characters belongs to the word and is written ' or -:
  "aujourd'hui", "don't", "e-mail".
- A French elision at the start of a word is a token of its own, with its apostrophe, and a stop word in every
  language: "l'équipe" is "l'", "équipe".
- Blanks (space, tab, category Zs) part the words of a phrase. Every other character ends the phrase, the new line too.
- Characters beyond the basic multilingual plane (emoji, rare ideographs, mathematical letters) end the phrase.
- A word of more than `LONGEST_WORD` bytes (encoded data, a run of ideographs) is no word: it ends the phrase.

Text is expected in NFC, as the sources leave it. Scripts written without blanks make one token of a whole run.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ELISIONS = ("l'", "d'", "qu'", "j'", "m'", "t'", "s'", "n'", "c'", "jusqu'", "lorsqu'", "puisqu'", "quoiqu'")
"""French words that lose their last vowel before another word; stop words wherever they stand."""

LONGEST_WORD = 256
"""Bytes of UTF-8, as written, beyond which a run of word characters is not taken for a word."""

OTHER, BLANK, WORD, MARK, APOSTROPHE, HYPHEN = range(6)
"""The kinds of characters; `OTHER` ends a phrase."""

PLANE = 0x10000
"""Number of code points in the basic multilingual plane."""


class Alphabet(NamedTuple):
    """What each code point of the basic multilingual plane is, and how it is written in a token.

    Attributes:
        kind: (65536,) `OTHER`, `BLANK`, `WORD`, `MARK`, `APOSTROPHE` or `HYPHEN`.
        lower: (65536,) the code point in lower case; itself where lower case takes several code points.
    """

    kind: NDArray[np.uint8]
    lower: NDArray[np.uint16]


@cache
def alphabet() -> Alphabet:
    """The table of characters, from the Unicode data of the running Python (about 30 ms, once)."""
    characters = [chr(point) for point in range(PLANE)]
    by_category = {"L": WORD, "N": WORD, "M": MARK}
    categories = [unicodedata.category(character) for character in characters]
    kind = np.array([by_category.get(category[0], OTHER) for category in categories], np.uint8)
    kind[[point for point, category in enumerate(categories) if category == "Zs"]] = BLANK
    kind[ord("\t")] = BLANK
    kind[ord("_")] = WORD
    kind[[ord(character) for character in "'’ʼ"]] = APOSTROPHE
    kind[[ord(character) for character in "-‐‑"]] = HYPHEN
    lower = np.arange(PLANE, dtype=np.uint16)
    for point, character in enumerate(characters):
        small = character.lower()
        if small != character and len(small) == 1 and ord(small) < PLANE:
            lower[point] = ord(small)
    lower[kind == APOSTROPHE] = ord("'")
    lower[kind == HYPHEN] = ord("-")
    return Alphabet(kind, lower)


def tokens(text: str) -> list[list[str]]:
    """The words of a text, phrase by phrase: tokens within one list follow each other with only blanks between.

    The plain meaning; the compiled scan (`estran.text.scan`) gives the same about two hundred times faster.

    Args:
        text: any text in NFC.

    Returns:
        One list of tokens for each stretch between two phrase ends; empty stretches are left out.
    """
    kinds = [_kind(character) for character in text]
    kinds.append(OTHER)
    stretches: list[list[str]] = [[]]
    place = 0
    while place < len(text):
        if kinds[place] == WORD:
            start = place
            place = _word_end(text, kinds, start)
            if len(text[start:place].encode()) > LONGEST_WORD:
                stretches.append([])
            else:
                stretches[-1].append(_lower(text[start:place]))
        else:
            if kinds[place] != BLANK:
                stretches.append([])
            place += 1
    return [stretch for stretch in stretches if stretch]


def _kind(character: str) -> int:
    point = ord(character)
    return int(alphabet().kind[point]) if point < PLANE else OTHER


def _lower(word: str) -> str:
    return "".join(chr(alphabet().lower[ord(character)]) for character in word)


def _word_end(text: str, kinds: list[int], start: int) -> int:
    """Where the word that begins at `start` ends; `kinds` has one `OTHER` more than `text`."""
    place = start
    while True:
        while kinds[place] in {WORD, MARK}:
            place += 1
        if kinds[place] == APOSTROPHE and place - start <= 6 and _lower(text[start:place]) + "'" in ELISIONS:
            return place + 1
        if kinds[place] not in {APOSTROPHE, HYPHEN} or kinds[place + 1] != WORD:
            return place
        place += 1
