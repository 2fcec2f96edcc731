"""Whether people speak well or ill of what they speak of: words of judgement, and a direction in the space of vectors.

A score of one message is often wrong: irony, quotes and reported complaints read as they are written. It is made for
means over many people and must be shown in aggregate only, never beside a message or a name.

Two readings are added up, each in units of its own spread: graded words (the lexicons of VADER, then the judgements of
the language's pack), turned around by a negation shortly before; and a ridge regression on vectors (Hoerl, Kennard,
1970), learned once from sentences of praise and of blame in both languages and from the strongest words, which knows
"half my team is leaving" for what it is.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from estran.text.packs import WRITTEN, load
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estran.text.encoders import Encoder

    Floats = NDArray[np.float64]

TURNED = 3
"""Words before a judgement within which a negation turns it around."""

PENALTY = 3.0
"""Of the ridge, in units of squared vectors of length 1."""

WORDS = 0.5
"""What the words weigh against the vectors."""

SATURATION = 15.0
"""Judgements count less the more there are: n / sqrt(n^2 + this), as in VADER."""

SCALE = 4.0
"""The highest grade of a word; a sentence of praise to learn from stands there."""

JUDGED = 2.0
"""Grade of a judgement of the pack that the lexicon has no grade for."""

STRONG = 2.0
"""Grade, of praise or of blame, from which on a word is learned from."""

LEARNED_WORDS = "en"
"""The language whose words are learned from: the one that they were graded in; those of French are translated."""


SUBJECTS = 3
"""Things that a sentence without a subject of its own is said of."""


@dataclass(frozen=True, slots=True)
class Valence:
    """A reading of texts, for one encoder.

    Attributes:
        encoder: id of the encoder whose vectors it reads.
        direction: (dim,) of praise.
        offset: what it says of no text at all.
        spread: of the direction and of the words, over the sentences it was learned from.
    """

    encoder: str
    direction: Floats
    offset: float
    spread: tuple[float, float]

    def of(self, vectors: NDArray[np.floating], texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """How well texts speak, 0 for a text that judges nothing; to be shown as a mean over many.

        Args:
            vectors: (n, dim) of the texts, of the same encoder.
            texts: n of them.
            languages: n ISO 639-1; where there are no words of judgement, the vectors speak alone.

        Returns:
            (n,) from about -4, ill, to 4, well; 0 for an empty text.
        """
        read = np.asarray(vectors, np.float64)
        said = np.linalg.norm(read, axis=1) > 0
        by_vector = np.where(said, read @ self.direction + self.offset, 0.0) / self.spread[0]
        by_word = WORDS * judgements(texts, languages) / self.spread[1]
        return np.asarray(by_vector + by_word, np.float64)


def learned(encoder: Encoder) -> Valence:
    """The reading for an encoder, from the sentences and words that come with Estran; about a second.

    Args:
        encoder: of the vectors that will be read.
    """
    texts, languages, likes = (list(part) for part in zip(*sentences(), strict=True))
    strong = {word: grade for word, grade in lexicon(LEARNED_WORDS).items() if abs(grade) >= STRONG}
    vectors = np.asarray(encoder.encode([*texts, *strong]), np.float64)
    sentence, word = np.split(vectors, [len(texts)])
    sign, grade = np.where(likes, 1.0, -1.0), np.array([*strong.values()]) / SCALE
    middle = sentence.mean(axis=0)
    # each about its own middle: that words are no sentences is not to be learned
    centred = np.concatenate([sentence - middle, word - word.mean(axis=0)])
    told = np.concatenate([sign - sign.mean(), grade - grade.mean()])
    direction = np.linalg.solve(centred.T @ centred + PENALTY * np.eye(vectors.shape[1]), centred.T @ told)
    spread = float(np.std(sentence @ direction)), float(np.std(judgements(texts, languages)))
    return Valence(encoder.id, direction, float(sign.mean() - middle @ direction), spread)


def judgements(texts: Sequence[str], languages: Sequence[str]) -> Floats:
    """Graded words of praise less those of blame, those after a negation turned around.

    Returns:
        (n,) in -1 to 1; 0 in a language without such words.
    """
    return np.array(
        [_judged(text, language) for text, language in zip(texts, languages, strict=True)], np.float64
    )


@cache
def sentences() -> tuple[tuple[str, str, bool], ...]:
    """The sentences to learn from: text, language, whether it praises."""
    table = tomllib.loads((files("estran.text") / "valence.toml").read_text(encoding="utf-8"))
    found = []
    for language, lines in table.items():
        for name in ("likes", "dislikes"):
            subjects = cycle(lines["subjects"].strip().splitlines())
            for line in lines[name].strip().splitlines():
                said = [f"{next(subjects)}{line[1:]}." for _ in range(SUBJECTS)] if line[0] == "~" else [line]
                found += [(text[0].upper() + text[1:], language, name == "likes") for text in said]
    return tuple(found)


@cache
def lexicon(language: str) -> Mapping[str, float]:
    """The graded words of a language, from -4, blame, to 4, praise; none where there is no lexicon."""
    table = tomllib.loads((files("estran.text") / "valence_words.toml").read_text(encoding="utf-8"))
    return {word: float(grade) for grade, words in table.get(language, {}).items() for word in words.split()}


@cache
def _graded(language: str) -> Mapping[str, float]:
    pack = load(language)
    own = dict.fromkeys(pack.praise, JUDGED) | dict.fromkeys(pack.blame, -JUDGED)
    return own | dict(lexicon(language))


def _judged(text: str, language: str) -> float:
    if language not in WRITTEN:
        return 0.0
    graded, negations = _graded(language), load(language).negations
    balance = 0.0
    for words in tokens(text):
        for place, word in enumerate(words):
            if grade := graded.get(word):
                turned = not negations.isdisjoint(words[max(0, place - TURNED) : place])
                balance += -grade if turned else grade
    return float(balance / np.sqrt(balance**2 + SATURATION))
