"""The words that a claim came from: exact spans of what distinct people said."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from estran.findings import Quote
from estran.privacy import quote_allowed
from estran.store.prepared import UNKNOWN
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Concept

CANDIDATES = 80
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
    period: int
    score: float


def quotes(
    corpus: Corpus, concept: Concept, rows: NDArray[np.int32], *, periods: tuple[int, int], most: int = 3
) -> tuple[Quote, ...]:
    """Up to `most` exact spans of distinct people and conversations, from both sides where both speak.

    Args:
        corpus: where the messages are.
        concept: what they must hold.
        rows: (k,) messages that hold it.
        periods: first and last + 1 period to prefer.
        most: how many at the most.

    Returns:
        The most readable ones; none from a side on which fewer than 10 people used the theme.
    """
    forms = [tuple(form.split(" ")) for _, form in concept.variants]
    spans = sorted(_spans(corpus, forms, _candidates(corpus, rows, periods)), key=lambda s: -s.score)
    chosen: list[_Span] = []
    while spans and len(chosen) < most:
        best = max(spans, key=lambda s: s.score - _repeats(s, chosen))
        spans.remove(best)
        if _holds(best.quote.text, forms):
            chosen.append(best)
            spans = [s for s in spans if s.author != best.author and s.quote.text != best.quote.text]
    return tuple(s.quote for s in sorted(chosen, key=lambda s: (s.quote.date, s.quote.message)))


def quotes_of(corpus: Corpus, sentences: Sequence[tuple[int, str]], *, most: int = 3) -> tuple[Quote, ...]:
    """Up to `most` of the sentences that a caller found, exact spans of distinct people, the most readable first.

    Args:
        corpus: where the messages are.
        sentences: row of the message, and the sentence in it.
        most: how many at the most.
    """
    rows = np.array([row for row, _ in sentences], np.int32)
    spans = []
    for (row, sentence), message in zip(
        sentences, corpus.take(rows, _READ).iter_rows(named=True), strict=True
    ):
        text = _exact(sentence.strip(), 0)
        if text and text in message["text"]:
            spans.append(_span(corpus, row, message, text))
    chosen: list[_Span] = []
    for span in sorted(spans, key=lambda s: (-s.score, s.quote.date, s.quote.message)):
        if len(chosen) < most and all(
            span.author != other.author and span.quote.text != other.quote.text for other in chosen
        ):
            chosen.append(span)
    return tuple(s.quote for s in sorted(chosen, key=lambda s: (s.quote.date, s.quote.message)))


def quotable(corpus: Corpus, rows: NDArray[np.int32]) -> frozenset[str]:
    """The sides on which enough people are behind these messages for words of theirs to be shown; "" for no side."""
    sides = corpus.messages["side"].gather(rows).fill_null("").to_numpy()
    return frozenset(
        str(side)
        for side in np.unique(sides)
        if quote_allowed(len(np.unique(corpus.author[rows[sides == side]])))
    )


def _candidates(corpus: Corpus, rows: NDArray[np.int32], periods: tuple[int, int]) -> NDArray[np.int32]:
    """Messages of sides with enough people, spread evenly; those of the preferred periods first."""
    sides = corpus.messages["side"].gather(rows).fill_null("").to_numpy()
    rows = rows[np.isin(sides, sorted(quotable(corpus, rows)))]
    period = corpus.period[rows]
    preferred = (period >= periods[0]) & (period < periods[1])
    parts = (rows[preferred], rows[~preferred])
    return np.concatenate([part[:: max(1, len(part) // (CANDIDATES // 2))] for part in parts])


def _spans(corpus: Corpus, forms: Sequence[tuple[str, ...]], rows: NDArray[np.int32]) -> Iterator[_Span]:
    looks = _look_of(forms)
    messages = corpus.take(rows, _READ)
    for row, message in zip(rows.tolist(), messages.iter_rows(named=True), strict=True):
        for sentence in SENTENCE.split(message["spoken"]):
            found = looks.search(sentence)
            text = _exact(sentence.strip(), found.start()) if found else ""
            if text and text in message["text"]:
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
        period=int(corpus.period[row]),
        score=_readable(text),
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


def _readable(text: str) -> float:
    """How well a span reads by itself, 0-1: a bell over its words, and marks of a whole sentence."""
    words = text.split()
    if len(words) < 3:
        return 0.0
    length = math.exp(-((math.log(len(words) / _IDEAL_WORDS) / _SPREAD) ** 2) / 2)
    letters = sum(c.isalpha() or c.isspace() for c in text) / len(text)
    whole = (0.15 if text[0].isupper() else 0.0) + (0.15 if text[-1] in ".!?…" else 0.0)
    shout = 0.5 if text.isupper() else 1.0
    return shout * letters**2 * (0.7 * length + whole)


def _repeats(span: _Span, chosen: Sequence[_Span]) -> float:
    """What a span loses for a side, a conversation or a period that a chosen one has already."""
    return sum(
        0.3 * (span.quote.side == other.quote.side)
        + 0.5 * (span.thread is not None and span.thread == other.thread)
        + 0.2 * (span.period == other.period)
        for other in chosen
    ) / max(len(chosen), 1)
