"""What topics are called: in each language that lives in them, by the themes that enough people of the topic say."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from estran.analysis.meanings import PHRASES
from estran.privacy import figure_allowed
from estran.stats.points import cosines, points_of
from estran.text import packs
from estran.text.labels import Phrase, labels_of_topics, languages_present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.meanings import Meanings
    from estran.analysis.themes import Said
    from estran.model import Concept
    from estran.stats.points import Frame, Points
    from estran.store.topics import Label

BLOCK = "topics"
"""Under whose name the vectors of phrases that may stand in a label are kept."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What names are made of.

    Attributes:
        corpus: n messages.
        said: what they say.
        phrases: that may stand in a label -> their rows in `points`.
        points: (T, d) of the phrases, beside those of the messages.
    """

    corpus: Corpus
    said: Said
    phrases: Mapping[str, int]
    points: Points

    @classmethod
    def of(cls, corpus: Corpus, said: Said, meanings: Meanings, frame: Frame) -> Naming:
        """What the names of topics are made of.

        Args:
            corpus: n messages.
            said: what they say.
            meanings: who turns phrases into vectors, and keeps those.
            frame: of the topics.
        """
        phrases = sorted({label for concept in said.concepts for label in concept.labels.values()})
        vectors = meanings.of(phrases, kind=PHRASES, block=BLOCK)
        meanings.keep_only(phrases, kind=PHRASES, block=BLOCK)
        return cls(corpus, said, {text: row for row, text in enumerate(phrases)}, points_of(vectors, frame))


def names_of(naming: Naming, topic: NDArray[np.integer], middles: Points) -> tuple[Label, ...]:
    """The label of each topic in each language that lives in it, the language with most messages first.

    Args:
        naming: what they are made of.
        topic: (n,) of each message; below 0 for none.
        middles: (K, d) of the topics.
    """
    number = len(middles)
    language = naming.corpus.messages["language"].to_numpy()
    spoken = sorted(set(language.tolist()))
    messages = np.stack(
        [np.bincount(topic[(topic >= 0) & (language == code)], minlength=number) for code in spoken], axis=1
    )
    present = languages_present(messages)
    labels: list[list[tuple[int, str, str]]] = [[] for _ in range(number)]
    for at, code in enumerate(spoken):
        here = present[:, at]
        called = _called(naming, topic, messages[:, at], code, middles, kind="theme")
        unnamed = here & np.array([not label for label in called], bool)
        # of a topic without a theme, as one of thanks, words of register tell what it is
        plain = _called(naming, topic, messages[:, at] * unnamed.any(), code, middles, kind="style")
        for row in np.flatnonzero(here).tolist():
            label = plain[row] if unnamed[row] else called[row]
            if label:
                labels[row].append((-int(messages[row, at]), code, label))
    return tuple(tuple((code, label) for _, code, label in sorted(each)) for each in labels)


def _called(
    naming: Naming,
    topic: NDArray[np.integer],
    messages: NDArray[np.integer],
    language: str,
    middles: Points,
    *,
    kind: str,
) -> list[str]:
    """The label of each topic in one language, by concepts of one kind; empty where there is none.

    Args:
        naming: what labels are made of.
        topic: (n,) of each message.
        messages: (K,) of each topic in the language.
        language: its code.
        middles: (K, d) of the topics.
        kind: "theme" or "style".
    """
    concepts = naming.said.concepts
    own = np.array([c.kind == kind and _fits(c, language) for c in concepts], bool)
    if not own.any() or not messages.any():
        return [""] * len(messages)
    phrases = [_phrase(c, language) for c, here in zip(concepts, own.tolist(), strict=True) if here]
    chosen = naming.corpus.messages["language"].to_numpy() == language
    made = labels_of_topics(
        phrases,
        _uses(naming, topic, chosen, own, len(messages)),
        messages,
        language=language,
        closeness=_closeness(naming, [phrase.text for phrase in phrases], middles),
    )
    return [", ".join(label.phrases) if label is not None else "" for label in made]


def _fits(concept: Concept, language: str) -> bool:
    """Whether a concept has a word for itself in a language, and not one that is a link in another."""
    return concept.labels.get(language, "").casefold() not in _links() | {""} and not concept.ignored


@functools.cache
def _links() -> frozenset[str]:
    return frozenset().union(*(packs.load(code).stop_words for code in packs.WRITTEN))


def _phrase(concept: Concept, language: str) -> Phrase:
    text = concept.labels[language]
    stops = packs.load(language).stop_words if language in packs.WRITTEN else frozenset[str]()
    return Phrase(
        text, tuple(w for w in text.lower().split(" ") if w not in stops) or (text,), concept.quality
    )


def _uses(
    naming: Naming,
    topic: NDArray[np.integer],
    chosen: NDArray[np.bool_],
    own: NDArray[np.bool_],
    number: int,
) -> NDArray[np.int64]:
    """(K, T) messages of each topic that say each phrase; 0 where fewer people do than a figure may stand on."""
    message, concept = naming.said.message, naming.said.concept
    here = (topic[message] >= 0) & chosen[message] & own[concept]
    row, column = topic[message[here]].astype(np.int64), (np.cumsum(own) - 1)[concept[here]]
    shape = (number, int(own.sum()))
    uses = sparse.coo_array((np.ones(len(row), np.int64), (row, column)), shape=shape).toarray()
    voices = np.unique(np.stack([row, column, naming.corpus.author[message[here]]]), axis=1)
    people = sparse.coo_array((np.ones(voices.shape[1], np.int64), tuple(voices[:2])), shape=shape).toarray()
    return np.asarray(np.where(figure_allowed(people), uses, 0), np.int64)


def _closeness(naming: Naming, phrases: list[str], middles: Points) -> NDArray[np.float64]:
    """(K, T) cosine of each phrase with the middle of each topic."""
    at = naming.points[[naming.phrases[phrase] for phrase in phrases]]
    return np.concatenate([cosine for _, cosine in cosines(middles, at)])
