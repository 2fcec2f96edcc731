"""Sentences that go from one thing to another: "we moved from a to b", "b plutôt que a"; the frame tells the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

from estran.text.packs import load
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

BETWEEN = 3
"""Other words that may stand beside the two things."""
FAR = 8
"""Words that "..." may stand for."""

_A, _B, _END = "\x01", "\x02", "\x03"


class Way(IntEnum):
    """Which way a sentence goes."""

    NEITHER = 0
    THERE = 1
    BACK = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class _Frames:
    there: re.Pattern[str]
    back: re.Pattern[str]


def way(sentence: str, earlier: Sequence[str], later: Sequence[str], *, language: str) -> Way:
    """Whether a sentence says that one goes from the earlier thing to the later, or the other way.

    Args:
        sentence: as it is written.
        earlier: forms of the one, tokens joined by one blank.
        later: forms of the other.
        language: whose frames to look for; a language without frames says nothing.
    """
    frames = _frames(language)
    if frames is None:
        return Way.NEITHER
    low = sentence.lower()
    if not (_may_hold(low, tuple(earlier)) and _may_hold(low, tuple(later))):
        return Way.NEITHER
    plain = f" {_END} ".join(" ".join(segment) for segment in tokens(sentence))
    marked = _marked(_marked(f" {plain} ", later, _B), earlier, _A)
    if _A not in marked or _B not in marked:
        return Way.NEITHER
    return Way(Way.THERE * bool(frames.there.search(marked)) | Way.BACK * bool(frames.back.search(marked)))


def _may_hold(low: str, forms: tuple[str, ...]) -> bool:
    """Whether a text may hold one of the forms: quick, and a little too generous."""
    return any(piece in low for piece in _pieces(forms))


@cache
def _pieces(forms: tuple[str, ...]) -> frozenset[str]:
    """The longest run of letters and digits of each form: what no apostrophe or hyphen can write in another way."""
    return frozenset(max(re.findall(r"\w+", form), key=len) for form in forms)


def _marked(text: str, forms: Sequence[str], sign: str) -> str:
    """The text with the forms, longest first, as one sign."""
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(f" {form} ", f" {sign} ")
    return text


@cache
def _frames(language: str) -> _Frames | None:
    frames = load(language).switches
    if not frames:
        return None
    return _Frames(_pattern(frames, _A, _B), _pattern(frames, _B, _A))


def _pattern(frames: Sequence[str], a: str, b: str) -> re.Pattern[str]:
    """All frames of a language as one pattern, from a to b."""
    said = {word.rstrip("*") for frame in frames for piece in frame.split() for word in piece.split("|")}
    hinges = "|".join(re.escape(word) for word in sorted(said - {"{a}", "{b}", "..."}))
    beside = rf"(?:(?!(?:{hinges}) )[^ {_A}{_B}{_END}]+ ){{0,{BETWEEN}}}"
    far = rf"(?:[^ {_A}{_B}]+ ){{0,{FAR}}}?"
    return re.compile("|".join(" " + _one(frame, a, b, beside, far) for frame in frames))


def _one(frame: str, a: str, b: str, beside: str, far: str) -> str:
    parts, free = [], False
    for piece in frame.split():
        if piece == "...":
            parts.append(far)
            free = True
            continue
        if piece in {"{a}", "{b}"}:
            thing = (a if piece == "{a}" else b) + " "
            parts += ([] if free or not parts else [beside]) + [thing]
            free = False
            continue
        words = "|".join(
            re.escape(word.rstrip("*")) + (r"[^ ]*" if word.endswith("*") else "")
            for word in piece.split("|")
        )
        after_thing = bool(parts) and parts[-1] in {a + " ", b + " "}
        parts += ([beside] if after_thing else []) + [f"(?:{words}) "]
        free = False
    return "".join(parts)
