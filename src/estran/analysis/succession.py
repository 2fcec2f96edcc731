"""What came in the place of what went out: up to three candidates for each theme, with all that speaks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of, on_board
from estran.analysis.movement import follow
from estran.analysis.spaces import spaces
from estran.analysis.switches import Turns, turned
from estran.findings import Curve, Estimate, Level, Link
from estran.privacy import FIGURES, figure_allowed
from estran.stats.likelihood import Evidence, closer, likelihood
from estran.stats.links import (
    Curves,
    Ratios,
    Switching,
    curves,
    opposite,
    parted,
    slots,
    split_at,
    switching,
)
from estran.stats.rates import standardised_shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.movement import Judgement
    from estran.analysis.progress import Progress
    from estran.analysis.spaces import Spaces
    from estran.analysis.themes import Said
    from estran.model import Concept
    from estran.store.engines import Engine

MOST = 3
"""Candidates that are shown."""
POOL = 4_000
"""Themes that are looked at as candidates, the foremost of those that rose."""
BACKGROUND = 4_000
"""Themes that span the spaces at the least, where there are so many."""
SHORTLIST = 40
"""Candidates of a theme whose people and sentences are read."""
LATER = 1.0
"""Periods by which people must have spoken later of a candidate, on average."""
SUPERSEDED_FROM = 0.3
LIKELY_FROM = 0.4
POSSIBLE_FROM = 0.15
"""Scores from which a candidate is named so."""

PRECISION: dict[Level, tuple[float, float, float]] = {
    Level.SUPERSEDED: (0.70, 0.44, 0.88),
    Level.LIKELY: (0.50, 0.37, 0.63),
    Level.POSSIBLE: (0.25, 0.18, 0.34),
}
"""Share of links that were right, with its 90 % interval: 10, 38 and 79 links of 177 falls planted in corpora that
nothing was chosen on, 86 of them with a successor (`bench.truth.successors`, seeds 1 and 2; docs/methods/succession.md)."""

TURNED = 2.0
"""z above which people turned from one theme to another."""
SENTENCES = 2
"""Sentences of different people that must say so."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What candidates are weighed on, made once for all themes.

    Attributes:
        corpus: n messages.
        said: what they say.
        judgement: of all themes.
        pool: (C,) numbers of the themes that may be candidates, rising.
        themes: (K,) numbers of the themes with curves: the pool and those that went out, rising.
        courses: of those K.
        spaces: where the themes stand.
    """

    corpus: Corpus
    said: Said
    judgement: Judgement
    pool: NDArray[np.int64]
    themes: NDArray[np.int64]
    courses: Curves
    spaces: Spaces


@dataclass(frozen=True, slots=True)
class Candidates:
    """The short list of one theme, the likeliest first; all (C,).

    Attributes:
        themes: numbers of the candidates.
        evidence: what speaks for them.
        score: the chance that each is the successor.
        rise: of each, late over early.
        slot: of each.
        switching: people who turned.
        turns: the sentences that say so.
    """

    themes: NDArray[np.int64]
    evidence: Evidence
    score: NDArray[np.float64]
    rise: Ratios
    slot: Ratios
    switching: Switching
    turns: tuple[Turns, ...]


def find_successors(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    gone: NDArray[np.int64],
    engine: Engine,
    *,
    progress: Progress,
) -> Mapping[int, tuple[Link, ...]]:
    """What may have taken the place of each theme that went out.

    Args:
        corpus: n messages.
        said: what they say.
        judgement: of all themes.
        gone: numbers of the themes that went out.
        engine: where texts are read.
        progress: told about each block.

    Returns:
        Number of the theme -> up to three links, the likeliest first; for every theme of `gone`.
    """
    if len(gone) == 0:
        return {}
    ground = lay_ground(corpus, said, judgement, gone, engine, progress=progress)
    found = {theme: candidates(ground, theme) for theme in gone.tolist()}
    chosen = {theme: choose(ground, found[theme]) for theme in found}
    return links(ground, found, chosen)


def lay_ground(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    gone: NDArray[np.int64],
    engine: Engine,
    *,
    progress: Progress,
) -> Ground:
    """The pool of candidates, the curves, and the spaces of words and topics."""
    themes = np.array([on_board(c) for c in said.concepts], bool)
    quality = np.array([max(c.quality, 0.0) for c in said.concepts])
    shown = np.flatnonzero(themes & figure_allowed(judgement.people))
    known = np.union1d(shown, gone)
    shares = standardised_shares(judgement.voices.take(known), periods=corpus.grid.periods)
    courses = curves(shares.observed, shares.expected)
    rising = np.zeros(len(known), bool)
    for at in np.searchsorted(known, gone).tolist():
        rising |= _able(courses, at, judgement.dispersion[known])
    pool = np.intersect1d(known[rising], shown)
    weight = quality * np.sqrt(judgement.people)
    pool = np.sort(pool[np.argsort(-weight[pool], kind="stable")[:POOL]])
    kept = np.searchsorted(known, np.union1d(pool, gone))
    known, courses = known[kept], courses.take(kept)
    others = np.setdiff1d(np.flatnonzero(themes), known)
    wanted = max(BACKGROUND - len(known), 0)
    background = others[np.argsort(-judgement.people[others], kind="stable")[:wanted]]
    placed = spaces(corpus, said, np.union1d(known, background), engine, progress=progress)
    return Ground(corpus, said, judgement, pool, known, courses, placed)


def _able(courses: Curves, at: int, dispersion: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of K themes came later than one of them, and have been said more since its mean time than before."""
    rise = parted(courses.observed, courses.expected, split_at(courses, at), dispersion)
    able: NDArray[np.bool_] = (courses.mean_time > courses.mean_time[at] + LATER) & (rise.value > 1)
    return able


def candidates(ground: Ground, theme: int) -> Candidates:
    """The short list of a theme: risen while it fell, later than it, no form of it, and the nearest of those."""
    at = int(np.searchsorted(ground.themes, theme))
    courses, judged = ground.courses, ground.judgement
    able = _able(courses, at, judged.dispersion[ground.themes])
    pool = np.intersect1d(ground.themes[able], ground.pool)
    pool = pool[~related(ground.said.concepts, theme, pool)]
    place = np.searchsorted(ground.themes, pool)
    split = split_at(courses, at)
    rise = parted(
        courses.observed[:, place],
        courses.expected[:, place],
        split,
        judged.dispersion[pool],
        level=judged.level,
    )
    context, topic = ground.spaces.close(theme, pool)
    unknown = np.zeros(len(pool))
    evidence = Evidence(
        context=context,
        topic=topic,
        opposite=opposite(courses, at, place),
        rise=np.log(rise.value),
        later=(courses.mean_time[place] - courses.mean_time[at]) / ground.corpus.grid.periods,
        slot=unknown,
        switching=unknown,
        said=unknown,
        closer_by_words=closer(context),
        closer_by_topic=closer(topic),
    )
    short = np.argsort(-likelihood(evidence), kind="stable")[:SHORTLIST]
    few = Ratios(rise.value[short], rise.low[short], rise.high[short])
    return _weighed(ground, theme, split, pool[short], evidence.take(short), few)


def _weighed(
    ground: Ground, theme: int, split: int, pool: NDArray[np.int64], evidence: Evidence, rise: Ratios
) -> Candidates:
    """The same with people and sentences, in order of the score."""
    judged = ground.judgement
    turn = switching(judged.voices, theme, pool)
    dispersion = np.maximum(judged.dispersion[pool], judged.dispersion[theme])
    slot = slots(
        judged.voices, theme, pool, split, dispersion, periods=ground.corpus.grid.periods, level=judged.level
    )
    said = turned(ground.corpus, ground.said, theme, pool)
    there = np.array([each.there for each in said], np.float64)
    back = np.array([each.back for each in said], np.float64)
    evidence = Evidence(
        context=evidence.context,
        topic=evidence.topic,
        opposite=evidence.opposite,
        rise=evidence.rise,
        later=evidence.later,
        slot=np.log(slot.value),
        switching=turn.z,
        said=np.log1p(there) - np.log1p(back),
        closer_by_words=evidence.closer_by_words,
        closer_by_topic=evidence.closer_by_topic,
    )
    score = likelihood(evidence)
    order = np.argsort(-score, kind="stable")
    return Candidates(
        themes=pool[order],
        evidence=evidence.take(order),
        score=score[order],
        rise=Ratios(rise.value[order], rise.low[order], rise.high[order]),
        slot=Ratios(slot.value[order], slot.low[order], slot.high[order]),
        switching=Switching(turn.people[order], turn.expected[order], turn.z[order], turn.able),
        turns=tuple(said[k] for k in order),
    )


def related(concepts: Sequence[Concept], theme: int, others: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of C themes hold a form of a theme, or are held by one: "python" and "python 3", not "python 2" and "python 3"."""
    own = {f" {form} " for _, form in concepts[theme].variants}
    return np.array(
        [
            any(f" {form} " in one or one in f" {form} " for _, form in concepts[j].variants for one in own)
            for j in others.tolist()
        ],
        bool,
    )


def level_of(found: Candidates, k: int, *, established: bool) -> Level | None:
    """How much a candidate may be leaned on; None where it is better not named.

    "Superseded" needs people who say so, or who turned themselves, a later theme that surely rose, and a place that
    did not fall.
    """
    turns = found.turns[k]
    say_so = turns.there > turns.back and turns.people >= SENTENCES
    did_so = bool(found.switching.z[k] > TURNED) and figure_allowed(int(found.switching.people[k]))
    lives = bool(found.slot.high[k] >= 1)
    if (say_so or did_so) and established and lives and found.score[k] >= SUPERSEDED_FROM:
        return Level.SUPERSEDED
    if found.score[k] >= LIKELY_FROM:
        return Level.LIKELY
    return Level.POSSIBLE if found.score[k] >= POSSIBLE_FROM else None


def choose(ground: Ground, found: Candidates) -> list[tuple[int, Level]]:
    """Up to three places of the short list, each with its level; of candidates that are one thing only the best."""
    chosen: list[tuple[int, Level]] = []
    judged, concepts = ground.judgement, ground.said.concepts
    for k, j in enumerate(found.themes.tolist()):
        surely = bool(judged.found[j]) and bool(found.rise.low[k] > 1)
        level = level_of(found, k, established=surely)
        taken = np.array([found.themes[other] for other, _ in chosen], np.int64)
        if level is not None and not related(concepts, j, taken).any():
            chosen.append((k, level))
        if len(chosen) == MOST:
            break
    return chosen


def links(
    ground: Ground, found: Mapping[int, Candidates], chosen: Mapping[int, list[tuple[int, Level]]]
) -> dict[int, tuple[Link, ...]]:
    """What a reader is shown of the chosen candidates."""
    later = np.unique(
        np.array([found[a].themes[k] for a, places in chosen.items() for k, _ in places], np.int64)
    )
    drawn = _curves(ground, later)
    return {
        theme: tuple(
            _link(ground, found[theme], k, level, drawn[int(found[theme].themes[k])]) for k, level in places
        )
        for theme, places in chosen.items()
    }


def _curves(ground: Ground, themes: NDArray[np.int64]) -> dict[int, Curve]:
    if len(themes) == 0:
        return {}
    course = follow(ground.judgement, themes, periods=ground.corpus.grid.periods)
    return {
        int(j): Curve(
            periods=ground.corpus.grid.labels,
            share=tuple(course.share[:, k].tolist()),
            low=tuple(course.low[:, k].tolist()),
            high=tuple(course.high[:, k].tolist()),
            people=tuple(None if 0 < n < FIGURES else n for n in course.people[:, k].tolist()),
        )
        for k, j in enumerate(themes)
    }


def _link(ground: Ground, found: Candidates, k: int, level: Level, curve: Curve) -> Link:
    concept = ground.said.concepts[int(found.themes[k])]
    people, turns, evidence = int(found.switching.people[k]), found.turns[k], found.evidence
    periods = ground.corpus.grid.periods
    return Link(
        id=id_of(concept),
        label=concept.label,
        labels=concept.labels,
        level=level,
        score=round(float(found.score[k]), 3),
        precision=Estimate(*PRECISION[level], "share of links"),
        context=round(float(evidence.context[k]), 3),
        topic=round(float(evidence.topic[k]), 3),
        opposite=round(float(evidence.opposite[k]), 3),
        rise=_estimate(found.rise, k),
        later_by=round(float(evidence.later[k]) * periods, 2),
        slot=_estimate(found.slot, k),
        switches=_released(turns.there, turns.people),
        switches_back=_released(turns.back, turns.people_back),
        switchers=_released(people, people),
        switching_z=round(float(found.switching.z[k]), 2),
        quotes=turns.quotes(ground.corpus),
        curve=curve,
    )


def _released(figure: int, people: int) -> int | None:
    """A figure, unless too few people stand behind it."""
    return None if 0 < people < FIGURES else figure


def _estimate(ratios: Ratios, k: int) -> Estimate:
    return Estimate(float(ratios.value[k]), float(ratios.low[k]), float(ratios.high[k]), "ratio")
