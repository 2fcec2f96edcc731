"""Who says that one goes from one theme to another: sentences that hold both, in a frame that tells the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.evidence import SENTENCE, quotable, quotes_of
from estran.text.switches import Way, way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.findings import Quote
    from estran.model import Concept

MOST_MESSAGES = 500
"""Messages with both themes that are read at the most, spread evenly over time."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Sentences about two themes that tell a way.

    Attributes:
        there: how many go from the earlier to the later.
        back: how many go the other way.
        people: distinct people of the sentences that go there.
        people_back: of those that go the other way.
        sentences: row of the message and sentence, of those that go there and may be quoted.
    """

    there: int
    back: int
    people: int
    people_back: int
    sentences: tuple[tuple[int, str], ...]

    def quotes(self, corpus: Corpus) -> tuple[Quote, ...]:
        """Up to three of them, of distinct people."""
        return quotes_of(corpus, self.sentences) if self.sentences else ()


def turned(corpus: Corpus, said: Said, theme: int, others: NDArray[np.int64]) -> tuple[Turns, ...]:
    """The sentences that go from a theme to each of C others, and back.

    Copies count once: the same sentence of the same person.
    """
    own = said.message[said.concept == theme]
    inside = np.zeros(len(corpus.period), bool)
    inside[own] = True
    wanted = np.zeros(len(said.concepts), bool)
    wanted[others] = True
    both = inside[said.message] & wanted[said.concept]
    message, concept = said.message[both], said.concept[both]
    rows = [_spread(message[concept == j]) for j in others.tolist()]
    read = np.unique(np.concatenate([np.empty(0, np.int32), *rows]))
    texts = corpus.take(read, ("spoken", "language", "side"))
    spoken, languages, sides = (texts[name].to_list() for name in ("spoken", "language", "side"))
    released = quotable(corpus, own)
    turns = []
    for j, ours in zip(others.tolist(), rows, strict=True):
        allowed = released & quotable(corpus, said.message[said.concept == j]) if len(ours) else frozenset()
        there: dict[tuple[int, str], int] = {}
        back: set[tuple[int, str]] = set()
        for row in ours.tolist():
            at = int(np.searchsorted(read, row))
            for sentence in _sentences(spoken[at], languages[at], said.concepts[theme], said.concepts[j]):
                key = (int(corpus.author[row]), sentence[1].strip())
                if sentence[0] & Way.THERE:
                    there.setdefault(key, row)
                if sentence[0] & Way.BACK:
                    back.add(key)
        shown = tuple(
            (row, sentence)
            for (_, sentence), row in there.items()
            if (sides[int(np.searchsorted(read, row))] or "") in allowed
        )
        people, people_back = (len({author for author, _ in way}) for way in (there, back))
        turns.append(Turns(len(there), len(back), people, people_back, shown))
    return tuple(turns)


def _spread(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    return rows[:: 1 + (len(rows) - 1) // MOST_MESSAGES] if len(rows) else rows


def _sentences(spoken: str, language: str, earlier: Concept, later: Concept) -> list[tuple[Way, str]]:
    """The sentences of a message that tell a way."""
    a = [form for code, form in earlier.written if code == language]
    b = [form for code, form in later.written if code == language]
    found = ((way(each, a, b, language=language), each) for each in SENTENCE.split(spoken))
    return [(which, each) for which, each in found if which]
