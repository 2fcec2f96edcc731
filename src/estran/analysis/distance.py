"""How a theme is said: held at a distance, praised or blamed. The one reading of texts that reasons need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

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
"""Characters before and after a theme in which a word of distance, or of judgement, is about it."""

TURNED = 3
"""Words before a judgement within which a negation turns it around."""

LONGEST_QUOTE = 280

_QUOTED = re.compile(r"[\"“”„«‹]\s?$"), re.compile(r"^\s?[\"”“»›]")
_WORD = re.compile(r"[\w]+(?:['’-]\w+)*['’]?")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Read:
    """What the text around a theme is like, one entry per pair asked for, in that order.

    Attributes:
        worded: (R,) the theme is held at a distance in words: "so-called", "buzzword"...
        quoted: (R,) not so, but it stands alone in quotation marks.
        tone: (R,) judgements around it, -1 (blame alone) to 1 (praise alone); 0 where there is none.
        shown: (R,) the sentence that holds it at a distance, or "".
    """

    worded: NDArray[np.bool_]
    quoted: NDArray[np.bool_]
    tone: NDArray[np.float64]
    shown: tuple[str, ...]


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
        tuple(sorted({form for _, form in concepts[j].variants}, key=lambda form: (-len(form), form)))
        for j in wanted.tolist()
    )
    order = np.argsort(places, kind="stable")
    cuts = np.searchsorted(places[order], bounds)
    pieces = [
        Reading(block, places[order[a:b]] - first, theme[order[a:b]], forms)
        for block, first, a, b in zip(corpus.counted.blocks, bounds, cuts, cuts[1:], strict=False)
        if a < b
    ]
    worded, quoted, tone = np.zeros(len(rows), bool), np.zeros(len(rows), bool), np.zeros(len(rows))
    shown = [""] * len(rows)
    done = 0
    for piece in engine.map(read_block, pieces):
        here = order[done : done + len(piece.tone)]
        worded[here], quoted[here], tone[here] = piece.worded, piece.quoted, piece.tone
        for at, text in zip(here.tolist(), piece.shown, strict=True):
            shown[at] = text
        done += len(here)
    return Read(worded, quoted, tone, tuple(shown))


def read_block(piece: Reading) -> Read:
    """What is around the theme asked for in each message of a block."""
    frame = piece.block.take(piece.places, ["spoken", "language"])
    looks = [_look_of(forms) for forms in piece.forms]
    worded, quoted, tone = (np.zeros(frame.height, kind) for kind in (bool, bool, np.float64))
    shown = []
    for i, (text, language, theme) in enumerate(
        zip(frame["spoken"], frame["language"], piece.themes.tolist(), strict=True)
    ):
        words = _words_of(language if language in WRITTEN else "")
        found = list(looks[theme].finditer(text))
        doubted = next((hit for hit in found if _in_words(text, hit, words)), None)
        marked = doubted or next((hit for hit in found if _in_quotation_marks(text, hit)), None)
        worded[i], quoted[i] = doubted is not None, marked is not None and doubted is None
        shown.append("" if marked is None else _sentence_around(text, marked.start()))
        if found:
            tone[i] = float(np.mean([_tone(text, hit, words) for hit in found[:3]]))
    return Read(worded, quoted, tone, tuple(shown))


class _Words(NamedTuple):
    distance: re.Pattern[str] | None
    praise: frozenset[str]
    blame: frozenset[str]
    negations: frozenset[str]


@cache
def _words_of(language: str) -> _Words:
    if not language:
        return _Words(None, frozenset(), frozenset(), frozenset())
    pack = load(language)
    written = (
        r"\s+".join(re.escape(part).replace(r"\*", r"\w*").replace("'", "['’]") for part in entry.split())
        for entry in sorted(pack.distance, key=lambda entry: (-len(entry), entry))
    )
    return _Words(
        re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE),
        pack.praise,
        pack.blame,
        pack.negations,
    )


@cache
def _look_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    written = (
        r"[\s-]+".join(re.escape(word).replace("'", "['’]") for word in form.split(" ")) for form in forms
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


def _in_quotation_marks(text: str, hit: re.Match[str]) -> bool:
    start, end = hit.span()
    return bool(_QUOTED[0].search(text[max(0, start - 2) : start]) and _QUOTED[1].search(text[end : end + 2]))


def _in_words(text: str, hit: re.Match[str], words: _Words) -> bool:
    """Whether a word of distance is near, other than the theme itself."""
    if words.distance is None:
        return False
    start, end = hit.span()
    first = max(0, start - REACH)
    return any(
        first + found.end() <= start or first + found.start() >= end
        for found in words.distance.finditer(text[first : end + REACH])
    )


def _tone(text: str, hit: re.Match[str], words: _Words) -> float:
    """Praise less blame within reach, over both; a negation shortly before turns a judgement around."""
    start, end = hit.span()
    balance, judged = 0, 0
    for part in (text[max(0, start - REACH) : start], text[end : end + REACH]):
        tokens = [token.lower().replace("’", "'") for token in _WORD.findall(part)]
        for place, token in enumerate(tokens):
            sign = (token in words.praise) - (token in words.blame)
            if sign:
                turned = any(before in words.negations for before in tokens[max(0, place - TURNED) : place])
                balance += -sign if turned else sign
                judged += 1
    return balance / judged if judged else 0.0


def _sentence_around(text: str, at: int) -> str:
    """The sentence at a place; "" where it is too long to be read at a glance."""
    first = 0
    for end in _SENTENCE.finditer(text):
        if end.start() >= at:
            sentence = text[first : end.start()]
            return sentence if len(sentence) <= LONGEST_QUOTE else ""
        first = end.end()
    return text[first:] if len(text) - first <= LONGEST_QUOTE else ""
