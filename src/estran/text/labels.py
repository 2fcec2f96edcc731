"""What a topic is called: the phrases that are frequent in it, rare elsewhere, and good terms; one label per language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

PHRASES = 3
LEAST_MESSAGES = 5
LEAST_SHARE = 0.1
FEWEST_USES = 2
WORD_BONUS = 0.25
CLOSEST = 0.05


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that may stand in a label.

    Attributes:
        text: as shown.
        words: its content words, in order; what contains them is the longer phrase.
        quality: how much it reads like a term (`estran.text.quality`).
    """

    text: str
    words: tuple[str, ...]
    quality: float


@dataclass(frozen=True, slots=True)
class Label:
    """What a topic is called in one language: phrases, the best first; none where nothing tells it apart."""

    language: str
    phrases: tuple[str, ...]


def labels_of_topics(
    phrases: Sequence[Phrase],
    uses: Ints,
    messages: Ints,
    *,
    language: str,
    closeness: Floats | None = None,
    length: int = PHRASES,
) -> tuple[Label | None, ...]:
    """The label of each topic in one language, None where hardly anybody speaks it there.

    A phrase t of a topic c scores ``p(t|c) ln(1 + max(lift - 1, 0)) (q / median q)^1/2 (1 + (|t| - 1) / 4)``; lift is
    p(t|c) over the share of all messages of the language that say it. The best are taken one by one, leaving out those
    that contain a chosen one or are contained in one.

    Args:
        phrases: T of the language.
        uses: (K, T) messages of each topic, in that language, that say each phrase.
        messages: (K,) messages of each topic in that language. Below 5 of them there is no label.
        language: its code.
        closeness: (K, T) cosine of phrase and middle of the topic, where an encoder is at hand; the score is
            multiplied by it.
        length: phrases of a label, at the most.
    """
    score = scores(phrases, uses, messages)
    if closeness is not None:
        score = score * np.maximum(closeness, CLOSEST)
    return tuple(
        Label(language, _chosen(phrases, row, length)) if size >= LEAST_MESSAGES else None
        for row, size in zip(score, messages.tolist(), strict=True)
    )


def scores(phrases: Sequence[Phrase], uses: Ints, messages: Ints) -> Floats:
    """(K, T) how well each phrase names each topic; 0 for one that is no more frequent there than elsewhere."""
    share = uses / np.maximum(messages, 1)[:, None]
    everywhere = uses.sum(axis=0) / max(int(messages.sum()), 1)
    lift = np.divide(share, everywhere, out=np.zeros(share.shape), where=everywhere > 0)
    quality = np.array([max(phrase.quality, 0.0) for phrase in phrases], np.float64)
    usual = float(np.median(quality)) if len(quality) else 1.0
    words = np.array([len(phrase.words) for phrase in phrases], np.float64)
    worth = np.sqrt(quality / (usual or 1.0)) * (1 + WORD_BONUS * (words - 1))
    return np.asarray(
        np.where(uses >= FEWEST_USES, share * np.log1p(np.maximum(lift - 1, 0)) * worth, 0.0), np.float64
    )


def languages_present(messages: Ints) -> NDArray[np.bool_]:
    """(K, L) in which languages each topic (K, L messages) is labelled: five messages, and a tenth of its messages."""
    total = messages.sum(axis=1, keepdims=True)
    return np.asarray((messages >= LEAST_MESSAGES) & (messages >= LEAST_SHARE * total), np.bool_)


def _chosen(phrases: Sequence[Phrase], score: Floats, length: int) -> tuple[str, ...]:
    taken: list[Phrase] = []
    for at in np.argsort(-score, kind="stable").tolist():
        if score[at] <= 0 or len(taken) == length:
            break
        if not any(_nested(phrases[at].words, other.words) for other in taken):
            taken.append(phrases[at])
    return tuple(phrase.text for phrase in taken)


def _nested(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    first, second = ({part for word in words for part in word.split("-")} for words in (one, other))
    return first <= second or second <= first
