"""Corrections by hand: what somebody says of the concepts, to be said to them again on every run.

Whoever corrects names a theme by any of its written forms, as "télétravail", or "fr:pain" where a form means another
thing in another language.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estran.errors import SettingsError
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

IN_LANGUAGE = re.compile(r"([a-z]{2,3}|\?):(.+)$")
"""A form of one language, "fr:pain"; a form itself holds no colon."""

TOPIC_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""An id as topics have it; a theme is not answered for by its id."""


FAMILY = "family-"
"""How a correction names a family of words (`estran.text.families`), where a theme could stand."""


def _line() -> int:
    return field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Merge:
    """The variants of `others` are variants of `theme`."""

    theme: str
    others: tuple[str, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Split:
    """Some variants of `theme` are a theme of their own."""

    theme: str
    variants: tuple[str, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Rename:
    """`theme` is called `label`; in one language, or in all."""

    theme: str
    label: str
    language: str | None = None
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Pin:
    """`theme` is always on the board, in its list."""

    theme: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Ignore:
    """`theme` is never on the board, though it is counted."""

    theme: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Follow:
    """`words` are one theme, tracked however rare; in one language, or in all."""

    words: tuple[str, ...]
    language: str | None = None
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Accept:
    """`one` and `other`, of a suggestion, are one theme, called as the commoner of the two."""

    one: str
    other: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Reject:
    """`one` and `other` are two themes, and that is not to be asked again."""

    one: str
    other: str
    line: int = _line()


Edit = Merge | Split | Rename | Pin | Ignore | Follow | Accept | Reject

VERBS: dict[type[Edit], str] = {
    Merge: "merge", Split: "split", Rename: "rename", Pin: "pin", Ignore: "ignore", Follow: "follow",
    Accept: "accept", Reject: "reject",
}  # fmt: skip
"""What each correction is called by whoever makes it."""


def about_topics(edit: Edit) -> bool:
    """Whether a correction answers a proposal about topics, not a suggestion about themes."""
    return isinstance(edit, Accept | Reject) and TOPIC_ID.fullmatch(edit.one.strip()) is not None


def about_families(edit: Edit) -> bool:
    """Whether a correction says which words a family has, and nothing of themes."""
    return isinstance(edit, Accept | Reject) and edit.one.strip().startswith(FAMILY)


def form_of(words: str) -> str:
    """Words as counting writes them: small letters, plain apostrophes and hyphens, one blank between tokens.

    Raises:
        SettingsError: there is no word, or something other than blanks stands between two.
    """
    stretches = tokens(unicodedata.normalize("NFC", words))
    if len(stretches) != 1:
        why = "holds no word" if not stretches else "is not one phrase: something stands between its words"
        raise SettingsError(f"{words!r} {why}; write a theme as people write it in a sentence")
    return " ".join(stretches[0])


def variant_of(word: str) -> tuple[str | None, str]:
    """The language, where one is told, and the form that a word of a correction means.

    Raises:
        SettingsError: it is no phrase.
    """
    told = IN_LANGUAGE.match(word.strip())
    return (told[1], form_of(told[2])) if told else (None, form_of(word))


def pair_key(one: str, other: str) -> tuple[str, str]:
    """What a suggestion is about, whichever of the two is named first."""
    first, second = sorted(":".join(filter(None, variant_of(word))) for word in (one, other))
    return first, second


def rejected(edits: Iterable[Edit]) -> frozenset[tuple[str, str]]:
    """The pairs that are not to be suggested again: those of which the last word was no, or yes."""
    return frozenset(pair_key(e.one, e.other) for e in edits if isinstance(e, Accept | Reject))
