"""The words that a claim came from: exact spans of what distinct people said."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from estran.findings import Quote
from estran.privacy import quote_allowed
from estran.stats.facilities import stand_for_all
from estran.store.prepared import UNKNOWN
from estran.text.encoders.base import unit_rows
from estran.text.encoders.plain import Plain
from estran.text.packs import WRITTEN
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Concept
    from estran.stats.presence import Bools, Floats, Ints

CANDIDATES = 60
"""Messages that are read for quotes of a theme."""

SAME = 0.85
"""Spans nearer than this say the same in the same words: one of them is enough."""

LONGEST = 280
"""Characters of a quote: what a reader takes in at a glance."""

SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_READ = ("id", "time", "text", "spoken", "side", "source", "language", "thread")
_IDEAL_WORDS, _SPREAD = 17.0, 0.7


@dataclass(frozen=True, slots=True)
class _Span:
    quote: Quote
    author: int
    thread: str | None
    worth: float


def quotes(
    corpus: Corpus, concept: Concept, rows: NDArray[np.int32], *, periods: tuple[int, int], most: int = 3
) -> tuple[Quote, ...]:
    """Up to `most` exact spans of distinct people that stand for what is said with a theme.

    Args:
        corpus: where the messages are.
        concept: what they must hold.
        rows: (k,) messages that hold it.
        periods: first and last + 1 period to prefer.
        most: how many at the most.

    Returns:
        Those in the language of the label first, and of those the most telling first; none from a side on which fewer
        than 10 people used the theme.
    """
    forms = [tuple(form.split(" ")) for _, form in concept.written]
    spans = list(_spans(corpus, forms, _candidates(corpus, rows, periods)))
    own = next((code for code, label in concept.labels.items() if label == concept.label), None)
    chosen = [span.quote for span in _telling(spans, own, most=most)]
    return tuple(sorted(chosen, key=lambda quote: quote.language != own))


def quotes_of(corpus: Corpus, sentences: Sequence[tuple[int, str]], *, most: int = 3) -> tuple[Quote, ...]:
    """Up to `most` of the sentences that a caller found, exact spans of distinct people, the most telling first.

    Args:
        corpus: where the messages are.
        sentences: row of the message, and the sentence in it.
        most: how many at the most.
    """
    sentences = sentences[_evenly(len(sentences), CANDIDATES)]
    rows = np.array([row for row, _ in sentences], np.int32)
    spans = []
    for (row, sentence), message in zip(
        sentences, corpus.take(rows, _READ).iter_rows(named=True), strict=True
    ):
        text = _exact(sentence.strip(), 0)
        if text and text in message["text"]:
            spans.append(_span(corpus, row, message, text))
    return tuple(span.quote for span in _telling(spans, None, most=most))


def telling(
    texts: Sequence[str], worth: Floats, *, most: int, apart: Bools, shared: Ints
) -> NDArray[np.intp]:
    """Which of some texts stand for all of them, see `estran.stats.facilities`.

    Texts are alike when they share words beyond those that all of them have: the vectors of the encoder that needs no
    model, without their mean. They are made for this and kept nowhere.

    Args:
        texts: n of them.
        worth: (n,) how well each reads by itself.
        most: how many are chosen at the most.
        apart: (n, n) pairs of which one at the most is chosen.
        shared: (g, n) codes of what they had better not have in common.

    Returns:
        (k,) places, the most telling first.
    """
    if len(texts) == 0:
        return np.empty(0, np.intp)
    vectors = Plain().encode(texts)
    beside_mean = unit_rows(vectors - vectors.mean(axis=0))
    likeness = (beside_mean @ beside_mean.T).astype(np.float64)
    np.fill_diagonal(likeness, 1.0)
    # squared: a text that reads half as well is quoted where it stands for four times as much
    return stand_for_all(likeness, worth**2, most=most, apart=apart | (likeness > SAME), shared=shared)


def _telling(spans: Sequence[_Span], language: str | None, *, most: int) -> list[_Span]:
    """The spans that stand for all of them: of distinct people, sides, languages that readers have, conversations, weeks."""
    author = np.array([span.author for span in spans], np.int64)
    shared = (
        [span.quote.side for span in spans],
        [span.quote.language if span.quote.language in WRITTEN else language for span in spans],
        [span.thread for span in spans],
        [dt.date.fromisoformat(span.quote.date).toordinal() // 7 for span in spans],
    )
    chosen = telling(
        [span.quote.text for span in spans],
        np.array([span.worth for span in spans], np.float64),
        most=most,
        apart=author[:, None] == author,
        shared=np.array([_codes(each) for each in shared], np.int64).reshape(len(shared), len(spans)),
    )
    return [spans[place] for place in chosen]


def _codes(things: Sequence[str | int | None]) -> list[int]:
    """A number for each thing that is known, -1 for none."""
    numbers: dict[str | int, int] = {}
    return [-1 if thing is None else numbers.setdefault(thing, len(numbers)) for thing in things]


def _evenly(many: int, most: int) -> slice:
    """Which of many to take so that at most `most` are left, spread evenly."""
    return slice(None, None, max(1, -(-many // most)))


def quotable(corpus: Corpus, rows: NDArray[np.int32]) -> frozenset[str]:
    """The sides on which enough people are behind these messages for words of theirs to be shown; "" for no side."""
    sides = corpus.messages["side"].gather(rows).fill_null("").to_numpy()
    return frozenset(
        str(side)
        for side in np.unique(sides)
        if quote_allowed(len(np.unique(corpus.author[rows[sides == side]])))
    )


def _candidates(corpus: Corpus, rows: NDArray[np.int32], periods: tuple[int, int]) -> NDArray[np.int32]:
    """Messages of each side with enough people, spread evenly; half of them of the preferred periods."""
    sides = corpus.messages["side"].gather(rows).fill_null("").to_numpy()
    preferred = (corpus.period[rows] >= periods[0]) & (corpus.period[rows] < periods[1])
    shown = sorted(quotable(corpus, rows))
    parts = [rows[(sides == side) & (preferred == now)] for side in shown for now in (True, False)]
    chosen = (part[_evenly(len(part), CANDIDATES // len(parts))] for part in parts)
    return np.concatenate([rows[:0], *chosen])


def _spans(corpus: Corpus, forms: Sequence[tuple[str, ...]], rows: NDArray[np.int32]) -> Iterator[_Span]:
    looks = _look_of(forms)
    messages = corpus.take(rows, _READ)
    for row, message in zip(rows.tolist(), messages.iter_rows(named=True), strict=True):
        for sentence in SENTENCE.split(message["spoken"]):
            found = looks.search(sentence)
            text = _exact(sentence.strip(), found.start()) if found else ""
            if text and text in message["text"] and _holds(text, forms):
                yield _span(corpus, row, message, text)


def _span(corpus: Corpus, row: int, message: dict[str, Any], text: str) -> _Span:
    return _Span(
        quote=Quote(
            text,
            message["time"].date().isoformat(),
            message["side"],
            message["source"],
            None if message["language"] == UNKNOWN else message["language"],
            message["id"],
        ),
        author=int(corpus.author[row]),
        thread=message["thread"],
        worth=readable(text),
    )


def _look_of(forms: Sequence[tuple[str, ...]]) -> re.Pattern[str]:
    """What a text looks like that may hold one of the forms: quick, and a little too generous."""
    written = (r"\W+".join(re.escape(token.rstrip("'")) for token in form) for form in forms)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


def _holds(text: str, forms: Sequence[tuple[str, ...]]) -> bool:
    """Whether the text holds one of the forms, by the rule that counted it."""
    return any(
        tuple(segment[i : i + len(form)]) == form
        for segment in tokens(text)
        for form in forms
        for i in range(len(segment) - len(form) + 1)
    )


def _exact(sentence: str, at: int) -> str:
    """The sentence, or where it is too long the stretch of it around the theme; cut at blanks, never changed."""
    if len(sentence) <= LONGEST:
        return sentence
    start = sentence.rfind(" ", 0, max(at - LONGEST // 2, 0)) + 1
    end = sentence.rfind(" ", start, start + LONGEST)
    return sentence[start : end if end > start else start + LONGEST]


def readable(text: str) -> float:
    """How well a span reads by itself, 0-1: a bell over its words, and marks of a whole sentence, neither shouted nor cut."""
    words = text.split()
    if len(words) < 3:
        return 0.0
    length = math.exp(-((math.log(len(words) / _IDEAL_WORDS) / _SPREAD) ** 2) / 2)
    letters = sum(c.isalpha() or c.isspace() for c in text) / len(text)
    whole = (0.15 if text[0].isupper() else 0.0) + (0.15 if text[-1] in ".!?…" else 0.0)
    broken = 0.5 if text.isupper() or text.count("(") != text.count(")") else 1.0
    return broken * letters**2 * (0.7 * length + whole)
