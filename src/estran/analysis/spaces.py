"""Where themes stand among words, and among other themes: two spaces in which those that mean alike are close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from estran.analysis.progress import so_far
from estran.analysis.themes import lexicons_of
from estran.stats.vectors import vectors
from estran.text.contexts import Contexts, contexts, joined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.progress import Progress
    from estran.analysis.themes import Said
    from estran.store.engines import Engine
    from estran.store.prepared import PreparedBlock
    from estran.text.matching import Lexicon

MOST_MESSAGES = 400
"""Messages in which a theme is read at the most, spread evenly over all that hold it."""

LEAST_WORDS = 5
"""A word that stands less often near any theme tells nothing."""

MOST_WORDS = 10_000
"""Words around themes that are told apart, the commonest ones."""

MOST_TOPICS = 4_000
"""Themes said in the same messages that are told apart, the commonest ones."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Spaces:
    """K themes as points of length 1 (or 0, where nothing is known).

    Attributes:
        themes: (K,) their numbers, rising.
        words: (K, D) by the words around them.
        topics: (K, D) by the themes said in the same messages.
    """

    themes: NDArray[np.int64]
    words: NDArray[np.float64]
    topics: NDArray[np.float64]

    def close(
        self, theme: int, others: NDArray[np.integer]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Cosines of a theme and C others, by words and by topics."""
        own, theirs = np.searchsorted(self.themes, theme), np.searchsorted(self.themes, others)
        return self.words[theirs] @ self.words[own], self.topics[theirs] @ self.topics[own]


@dataclass(frozen=True, slots=True)
class Reading:
    """One piece of the work: the messages of a block, the forms of all themes, and which to look for where."""

    block: PreparedBlock
    lexicons: Mapping[str, Lexicon]
    message: NDArray[np.int32]
    concept: NDArray[np.int32]


def read_block(piece: Reading) -> Contexts:
    """The words around the themes of a block."""
    languages = piece.block.columns(["language"])["language"]
    return contexts(piece.block.spoken(), languages, piece.lexicons, piece.message, piece.concept)


def spaces(
    corpus: Corpus, said: Said, themes: NDArray[np.int64], engine: Engine, *, progress: Progress
) -> Spaces:
    """Both spaces, for some themes.

    Args:
        corpus: n messages.
        said: which message holds which theme.
        themes: (K,) numbers, rising.
        engine: where texts are read.
        progress: told about each block.
    """
    message, concept = _sample(said, themes, len(corpus.period))
    tasks = _pieces(corpus, said, message, concept)
    progress.stage("succession", len(tasks))
    read = joined(engine.map(read_block, tasks, progress=so_far(progress)))
    return Spaces(themes, _by_words(read, themes), _by_topics(said, message, concept, themes))


def _sample(
    said: Said, themes: NDArray[np.int64], messages: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Up to `MOST_MESSAGES` messages of each theme: those that come first in one drawn order, alike for all themes.

    One order for all, so that a message that must be read serves many themes.
    """
    chosen = np.zeros(len(said.concepts), bool)
    chosen[themes] = True
    own = np.flatnonzero(chosen[said.concept])
    message, concept = said.message[own], said.concept[own]
    drawn = np.argsort(np.argsort(np.arange(messages, dtype=np.uint64) * _MIX, kind="stable"), kind="stable")
    order = np.argsort(concept.astype(np.int64) * messages + drawn[message], kind="stable")
    sizes = np.bincount(concept, minlength=len(said.concepts))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    kept = np.sort(order[rank < MOST_MESSAGES])
    return message[kept], concept[kept]


def _pieces(
    corpus: Corpus, said: Said, message: NDArray[np.int32], concept: NDArray[np.int32]
) -> list[Reading]:
    lexicons, bounds, place = lexicons_of(said.concepts), corpus.bounds, corpus.place[message]
    pieces = []
    for number, block in enumerate(corpus.counted.blocks):
        own = np.flatnonzero((place >= bounds[number]) & (place < bounds[number + 1]))
        own = own[np.lexsort((concept[own], place[own]))]
        if len(own):
            rows = (place[own] - bounds[number]).astype(np.int32)
            pieces.append(Reading(block, lexicons, rows, concept[own]))
    return pieces


def _by_words(read: Contexts, themes: NDArray[np.int64]) -> NDArray[np.float64]:
    words, column = np.unique(read.word, return_inverse=True)
    times = np.bincount(column, weights=read.count, minlength=len(words))
    often = np.zeros(len(words), bool)
    often[np.argsort(-times, kind="stable")[:MOST_WORDS]] = True
    often &= times >= LEAST_WORDS
    number, kept = np.cumsum(often) - 1, often[column]
    return vectors(
        np.searchsorted(themes, read.concept[kept]),
        number[column[kept]],
        read.count[kept],
        shape=(len(themes), int(often.sum())),
    )


def _by_topics(
    said: Said, message: NDArray[np.int32], concept: NDArray[np.int32], themes: NDArray[np.int64]
) -> NDArray[np.float64]:
    rows, at = np.unique(message, return_inverse=True)
    low, high = np.searchsorted(said.message, rows), np.searchsorted(said.message, rows, side="right")
    sizes = high - low
    inside = np.repeat(low - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    held = sparse.csr_array(
        (np.ones(len(inside)), said.concept[inside], np.append(0, np.cumsum(sizes))),
        shape=(len(rows), len(said.concepts)),
    )
    own = np.searchsorted(themes, concept)
    sampled = sparse.csr_array((np.ones(len(own)), (own, at)), shape=(len(themes), len(rows)))
    table = (sampled @ held).tocoo()
    row, column = table.coords
    known = np.argsort(-np.bincount(said.concept, minlength=len(said.concepts)), kind="stable")[:MOST_TOPICS]
    number = np.full(len(said.concepts), -1, np.int64)
    number[known] = np.arange(len(known))
    others = (themes[row] != column) & (number[column] >= 0)
    return vectors(row[others], number[column[others]], table.data[others], shape=(len(themes), len(known)))
