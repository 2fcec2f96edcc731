"""How a theme is said: held at a distance, and among which words. The one reading of texts that reasons need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from estran.text.packs import WRITTEN, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Concept
    from estran.store.engines import Engine
    from estran.store.prepared import PreparedBlock

REACH = 60
"""Characters before and after a theme in which a word of distance is about it."""

AROUND = 160
"""Characters of the sentence before and after a theme that are read for what people think of it."""

LONGEST_QUOTE = 280

_QUOTED = re.compile(r"[\"“”„«‹]\s?$"), re.compile(r"^\s?[\"”“»›]")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Read:
    """What the text around a theme is like, one entry per pair asked for, in that order.

    Attributes:
        worded: (R,) the theme is held at a distance in words: "so-called", "buzzword"...
        quoted: (R,) not so, but it stands alone in quotation marks.
        shown: (R,) the sentence that holds it at a distance, or "".
        around: (R,) the sentence that holds it, without it; "" where the theme is not found.
    """

    worded: NDArray[np.bool_]
    quoted: NDArray[np.bool_]
    shown: tuple[str, ...]
    around: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One piece of the work: some messages of a block, and the theme to look for in each."""

    block: PreparedBlock
    places: NDArray[np.int64]
    themes: NDArray[np.int64]
    forms: tuple[tuple[str, ...], ...]


def read(
    corpus: Corpus,
    concepts: Sequence[Concept],
    rows: NDArray[np.int32],
    themes: NDArray[np.int64],
    engine: Engine,
) -> Read:
    """Read what is around some themes in some messages, block by block, where the engine has workers.

    Args:
        corpus: where the messages are.
        concepts: of the corpus.
        rows: (R,) messages.
        themes: (R,) the concept to look at in each.
        engine: where the blocks are read.
    """
    places, bounds = corpus.place[rows], corpus.bounds
    wanted, theme = np.unique(themes, return_inverse=True)
    forms = tuple(
        tuple(sorted({form for _, form in concepts[j].written}, key=lambda form: (-len(form), form)))
        for j in wanted.tolist()
    )
    order = np.argsort(places, kind="stable")
    cuts = np.searchsorted(places[order], bounds)
    pieces = [
        Reading(block, places[order[a:b]] - first, theme[order[a:b]], forms)
        for block, first, a, b in zip(corpus.counted.blocks, bounds, cuts, cuts[1:], strict=False)
        if a < b
    ]
    worded, quoted = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    shown, around = [""] * len(rows), [""] * len(rows)
    done = 0
    for piece in engine.map(read_block, pieces):
        here = order[done : done + len(piece.worded)]
        worded[here], quoted[here] = piece.worded, piece.quoted
        for at, marked, near in zip(here.tolist(), piece.shown, piece.around, strict=True):
            shown[at], around[at] = marked, near
        done += len(here)
    return Read(worded, quoted, tuple(shown), tuple(around))


def read_block(piece: Reading) -> Read:
    """What is around the theme asked for in each message of a block."""
    frame = piece.block.take(piece.places, ["spoken", "language"])
    looks = [_look_of(forms) for forms in piece.forms]
    worded, quoted = np.zeros(frame.height, bool), np.zeros(frame.height, bool)
    shown, around = [], []
    for i, (text, language, theme) in enumerate(
        zip(frame["spoken"], frame["language"], piece.themes.tolist(), strict=True)
    ):
        words = _words_of(language or "")
        found = list(looks[theme].finditer(text))
        doubted = next((hit for hit in found if _in_words(text, hit, words)), None)
        marked = doubted or next((hit for hit in found if _in_quotation_marks(text, hit)), None)
        worded[i], quoted[i] = doubted is not None, marked is not None and doubted is None
        shown.append("" if marked is None else _sentence_around(text, marked.start()))
        around.append(_without(text, found[0]) if found else "")
    return Read(worded, quoted, tuple(shown), tuple(around))


@cache
def _words_of(language: str) -> re.Pattern[str] | None:
    """What holds a theme at a distance in a language; None where its pack says nothing of it."""
    entries = load(language).distance if language in WRITTEN else ()
    written = (
        r"\s+".join(re.escape(part).replace(r"\*", r"\w*").replace("'", "['’]") for part in entry.split())
        for entry in sorted(entries, key=lambda entry: (-len(entry), entry))
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE) if entries else None


@cache
def _look_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    written = (
        r"[\s-]+".join(re.escape(word).replace("'", "['’]") for word in form.split(" ")) for form in forms
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


def _in_quotation_marks(text: str, hit: re.Match[str]) -> bool:
    start, end = hit.span()
    return bool(_QUOTED[0].search(text[max(0, start - 2) : start]) and _QUOTED[1].search(text[end : end + 2]))


def _in_words(text: str, hit: re.Match[str], words: re.Pattern[str] | None) -> bool:
    """Whether a word of distance is near, other than the theme itself."""
    if words is None:
        return False
    start, end = hit.span()
    first = max(0, start - REACH)
    return any(
        first + found.end() <= start or first + found.start() >= end
        for found in words.finditer(text[first : end + REACH])
    )


def _sentence_around(text: str, at: int) -> str:
    """The sentence at a place; "" where it is too long to be read at a glance."""
    first, end = _sentence_at(text, at)
    return text[first:end] if end - first <= LONGEST_QUOTE else ""


def _without(text: str, hit: re.Match[str]) -> str:
    """What stands before and after a theme in its sentence; it is said of something, whatever that is."""
    first, end = _sentence_at(text, hit.start())
    before, after = (
        text[max(first, hit.start() - AROUND) : hit.start()],
        text[hit.end() : max(end, hit.end())],
    )
    return f"{before}…{after[:AROUND]}"


def _sentence_at(text: str, at: int) -> tuple[int, int]:
    """Where the sentence at a place begins and ends."""
    first = 0
    for end in _SENTENCE.finditer(text):
        if end.start() >= at:
            return first, end.start()
        first = end.end()
    return first, len(text)
