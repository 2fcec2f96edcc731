"""Opposites are near one another in every space of vectors: they are told by a list, not by a cosine."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import simplemma

from estran.text.tokens import tokens

LISTED = ("fr", "en")
"""The languages of the list, in the order of its columns."""


@dataclass(frozen=True, slots=True)
class Opposition:
    """Two things that are opposite, in every language of the list.

    Attributes:
        sides: language -> the words of one side, and those of the other; the same side in every language.
    """

    sides: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def opposed(left: str, right: str, languages: tuple[str, str]) -> str | None:
    """Whether one phrase holds a word of one side, and the other one of the other side.

    Args:
        left: a phrase.
        right: another one, of the same language or of another.
        languages: of both, ISO 639-1; for one without a list nothing is known.

    Returns:
        Both words, as "increase / baisse", or None.
    """
    if not set(languages) <= set(LISTED):
        return None
    one, other = (
        _written(phrase, language) for phrase, language in zip((left, right), languages, strict=True)
    )
    for opposition in oppositions():
        sides = opposition.sides
        for side in (0, 1):
            mine = [_held(one, sides[languages[0]][each]) for each in (side, 1 - side)]
            theirs = [_held(other, sides[languages[1]][each]) for each in (1 - side, side)]
            if mine[0] and theirs[0] and not mine[1] and not theirs[1]:
                return f"{mine[0]} / {theirs[0]}"
    return None


@cache
def oppositions() -> tuple[Opposition, ...]:
    """The list, read once."""
    table = tomllib.loads((files("estran.text") / "opposites.toml").read_text(encoding="utf-8"))
    return tuple(_read(line) for line in table["opposites"].strip().splitlines())


def _read(line: str) -> Opposition:
    sides = {}
    for language, column in zip(LISTED, line.split("="), strict=True):
        one, other = (tuple(word.strip() for word in side.split(",")) for side in column.split("|"))
        sides[language] = (one, other)
    return Opposition(sides)


def _held(written: tuple[str, str], words: tuple[str, ...]) -> str | None:
    return next((word for word in words if any(f" {word} " in text for text in written)), None)


@cache
def _written(phrase: str, language: str) -> tuple[str, str]:
    """A phrase as it is written, and in dictionary forms, between blanks."""
    words = [word for stretch in tokens(phrase) for word in stretch]
    lemmas = [simplemma.lemmatize(word, lang=language).lower() for word in words]
    return f" {' '.join(words)} ", f" {' '.join(lemmas)} "
