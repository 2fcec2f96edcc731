"""Which words are register, learned from the corpus: they keep company with every theme alike, and so does their rise.

Those that moved say how people speak, and are told apart from themes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from estran.analysis.movement import INCOMING, OUTGOING
from estran.findings import Estimate, Spoken, Style
from estran.stats.evenness import spread_over_companions
from estran.text.quality import general_frequency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.board import Standing
    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.findings import Shape
    from estran.model import Concept

COMPANIONS = 600
"""Themes beside which words are looked at: those of the most messages."""

LOOKED_AT = 200_000
"""Messages that are looked at, evenly over time; more would tell little more."""

FEWEST_MESSAGES = 40

UNEVEN_AT_MOST = 0.10
"""Unevenness below which a word is surely even: companions are met a third more or less often than by chance."""

SURE = 1.645
"""Standard errors that the unevenness must lie below that."""

COMMON = 4.0
"""Zipf value in general language that a word of register has at the least: 10 in a million words."""

PECULIAR_AT_MOST = 1.0
"""Log ratio of its frequency here over general language that it has at the most."""

PECULIAR = 2.0
"""From here on a word is the corpus' own: what words of register are told from."""

TOLD_APART = 0.5
"""Common words must be so much less uneven than peculiar ones, or company tells nothing in this corpus."""

_LENGTHS = 16  # classes of message length: octaves of its tokens


@dataclass(frozen=True, slots=True)
class Register:
    """What company tells of the concepts of a corpus; arrays (P,).

    Attributes:
        unevenness: of the use, or of the movement where that is larger; not a number for what was not looked at.
        learned: a word of register that no list knew.
    """

    unevenness: NDArray[np.float64]
    learned: NDArray[np.bool_]

    @property
    def evenness(self) -> NDArray[np.float64]:
        """(P,) from 0, one subject alone, to 1, all subjects alike as far as chance allows."""
        even: NDArray[np.float64] = 1.0 / (1.0 + np.maximum(self.unevenness, 0.0))
        return even


def learn_register(corpus: Corpus, said: Said) -> Register:
    """Which single words are register here, whatever their language.

    A word is register where all of this holds: it is common in general language and not much commoner here; it keeps
    company with all themes alike, with its interval; and so it does in the half of time in which it is said more: a
    word that moves with one subject is about that subject. Where the corpus' own peculiar words are even too, or common
    ones are not much more even than they, company tells nothing, and nothing is learned.

    This is a filter on what the test found, and looks at no p value.
    """
    count = len(said.concepts)
    size = np.bincount(said.concept, minlength=count)
    style = np.array([concept.kind == "style" for concept in said.concepts], bool)
    single = np.array([_is_single(concept) for concept in said.concepts], bool)
    words = np.flatnonzero(style | (single & (size >= FEWEST_MESSAGES)))
    unevenness, upper = np.full(count, np.nan), np.full(count, np.nan)
    learned = np.zeros(count, bool)
    if len(words) == 0:
        return Register(unevenness, learned)
    unevenness[words], upper[words] = _unevenness(corpus, said, words)
    common, peculiar = _beside_general(corpus, said, words)
    seen = np.isfinite(unevenness[words]) & (single & (size >= FEWEST_MESSAGES))[words]
    usual = words[seen & (common >= COMMON) & (peculiar <= PECULIAR_AT_MOST)]
    special = words[seen & (peculiar >= PECULIAR)]
    if len(usual) and len(special):
        uneven = np.median(unevenness[special])
        told = uneven > UNEVEN_AT_MOST and np.median(unevenness[usual]) <= TOLD_APART * uneven
        open_to_it = np.array(
            [c.kind == "theme" and not (c.pinned or c.followed) for c in said.concepts], bool
        )
        learned[words] = (
            told
            & seen
            & open_to_it[words]
            & (upper[words] <= UNEVEN_AT_MOST)
            & (common >= COMMON)
            & (peculiar <= PECULIAR_AT_MOST)
        )
    return Register(unevenness, learned)


def with_register(said: Said, register: Register) -> Said:
    """The same, its learned words of register marked as style."""
    concepts = tuple(
        replace(concept, kind="style") if learned else concept
        for concept, learned in zip(said.concepts, register.learned.tolist(), strict=True)
    )
    return replace(said, concepts=concepts)


def how_people_speak(
    stand: Standing, concepts: Sequence[Concept], evenness: NDArray[np.float64], *, top: int
) -> Style:
    """The words of register that moved, strongest first.

    Args:
        stand: what moved.
        concepts: P concepts.
        evenness: (P,) how evenly each is spread over the themes; not a number where it keeps no company.
        top: words of each direction.
    """
    return Style(
        _moved(stand, concepts, INCOMING, evenness, top), _moved(stand, concepts, OUTGOING, evenness, top)
    )


def _is_single(concept: Concept) -> bool:
    return concept.kind in {"theme", "style"} and all(" " not in form for _, form in concept.variants)


def _unevenness(
    corpus: Corpus, said: Said, words: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(W,) of the use or of the movement, the larger; and (W,) the larger of their upper ends."""
    messages = len(said.tokens)
    rows = np.arange(0, messages, max(1, messages // LOOKED_AT))
    place = np.full(messages, -1, np.int64)
    place[rows] = np.arange(len(rows))
    kept = place[said.message] >= 0
    holds = csr_array(
        (np.ones(int(kept.sum()), np.float32), (place[said.message[kept]], said.concept[kept])),
        shape=(len(rows), len(said.concepts)),
    )
    size = np.bincount(said.concept, minlength=len(said.concepts))
    themes = np.flatnonzero([c.kind == "theme" for c in said.concepts])
    companions = themes[np.argsort(-size[themes], kind="stable")][:COMPANIONS]
    own = np.full(len(said.concepts), -1, np.int64)
    own[companions] = np.arange(len(companions))
    length = np.minimum(np.log2(np.maximum(said.tokens[rows], 1)).astype(np.int64), _LENGTHS - 1)
    _, language = np.unique(corpus.messages["language"].to_numpy()[rows], return_inverse=True)
    late = corpus.period[rows] > np.median(corpus.period[rows])
    _, cell = np.unique((language * 2 + late) * _LENGTHS + length, return_inverse=True)
    of_words, of_companions = holds[:, words], holds[:, companions]
    whole = spread_over_companions(of_words, of_companions, cell, own[words])
    halves = [
        spread_over_companions(of_words[half], of_companions[half], _dense(cell[half]), own[words])
        for half in (~late, late)
    ]
    shares = [np.asarray(of_words[half].sum(axis=0)) / max(int(half.sum()), 1) for half in (~late, late)]
    later = shares[1] > shares[0]
    value = np.where(later, halves[1].unevenness, halves[0].unevenness)
    error = np.where(later, halves[1].error, halves[0].error)
    return (
        np.fmax(whole.unevenness, value),
        np.maximum(whole.unevenness + SURE * whole.error, value + SURE * error),
    )


def _dense(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    dense: NDArray[np.int64] = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    return dense


def _beside_general(
    corpus: Corpus, said: Said, words: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(W,) Zipf value of each word in general language, and (W,) log ratio of its frequency here over that."""
    language = corpus.messages["language"].to_numpy()
    spoken = {code: int(said.tokens[language == code].sum()) for code in np.unique(language).tolist()}
    size = np.bincount(said.concept, minlength=len(said.concepts))
    common, peculiar = np.empty(len(words)), np.empty(len(words))
    for at, j in enumerate(words.tolist()):
        general: dict[str, float] = {}
        for code, form in said.concepts[j].variants:
            general[code] = general.get(code, 0.0) + general_frequency(form, code)
        expected = sum(spoken.get(code, 0) * frequency for code, frequency in general.items())
        common[at] = 9.0 + math.log10(max(general.values()))
        peculiar[at] = math.log(size[j] / expected) if expected > 0 else np.inf
    return common, peculiar


def _moved(
    stand: Standing,
    concepts: Sequence[Concept],
    shapes: Sequence[Shape],
    evenness: NDArray[np.float64],
    top: int,
) -> tuple[Spoken, ...]:
    course = stand.course
    own = [
        k
        for k in np.argsort(-stand.strength, kind="stable")
        if concepts[course.themes[k]].kind == "style"
        and not concepts[course.themes[k]].ignored
        and course.shapes[k] in shapes
        and np.isfinite(evenness[course.themes[k]])
    ]
    change = course.change
    return tuple(
        Spoken(
            label=concepts[course.themes[k]].label,
            language=next((tongue for tongue, _ in concepts[course.themes[k]].variants), None),
            change=Estimate(
                float(change.ratio[k]), float(change.ratio_low[k]), float(change.ratio_high[k]), "ratio"
            ),
            evenness=float(evenness[course.themes[k]]),
        )
        for k in own[:top]
    )
