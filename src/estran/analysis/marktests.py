"""Tests of themes at a mark: each beside all the others at the same date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from estran.analysis.board import on_board
from estran.analysis.voices import voices_in
from estran.analysis.windows import PERIODS
from estran.findings import Comparison, Outcome
from estran.privacy import figure_allowed
from estran.stats.effects import differences, interrupted, steps
from estran.stats.multiplicity import adjusted, coverage_level, discoveries
from estran.stats.placebos import placebos
from estran.stats.power import STEADY_RATIO, detectable_by, enough
from estran.stats.presence import people_saying
from estran.stats.rates import standardised_shares
from estran.stats.trends import z_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.comparable import Compared
    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.settings import Settings
    from estran.stats.effects import Design
    from estran.stats.presence import Rows

CELLS = 2 * PERIODS
LEAST_USES = 15
"""Voices that must use a theme around a mark for it to be tested, or to serve as placebo."""
LEAST_IN_EACH = 8
"""The same of the scope, and of those that it is compared with."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the tests say of Q themes at a mark; all arrays (Q,).

    Attributes:
        themes: their numbers.
        comparison: how each was tested.
        outcome: what became of each.
        p: on the scale of the themes beside each.
        q: smallest rate of false claims at which it moved.
        z: the deviate; above 0 where the theme rose.
        scale: of the themes beside each.
        rank: of its movement among theirs.
        others: how many they are.
        detectable: smallest ratio that would have been seen.
        level: of the intervals.
    """

    themes: NDArray[np.int64]
    comparison: tuple[Comparison, ...]
    outcome: tuple[Outcome, ...]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    z: NDArray[np.float64]
    scale: NDArray[np.float64]
    rank: NDArray[np.int64]
    others: NDArray[np.int64]
    detectable: NDArray[np.float64]
    level: float


def judge_mark(
    corpus: Corpus,
    said: Said,
    pair: Compared,
    period: NDArray[np.int32],
    named: Sequence[int] | None,
    settings: Settings,
) -> Judged:
    """Test themes at a mark, beside all others at the same date.

    Args:
        corpus: n messages.
        said: what they say.
        pair: whom the mark concerns, and whom they are compared with.
        period: (n,) of each message around the mark, or below 0.
        named: numbers of the themes that are asked for, each tested at the stated rate; None for all, with the rate over
            all of them. One that those whom the scope is compared with hardly say is compared with itself before.
        settings: the rate of false claims.
    """
    rate, own = settings.false_discovery_rate, np.array(named or (), np.int64)
    parts = []
    if pair.kind:
        parts.append(_tested(corpus, said, pair, period, Comparison.DIFFERENCES, own[:0]))
    if not pair.kind or (named and not np.isin(own, parts[0].themes).all()):
        alone = own if named else own[:0]
        parts.append(_tested(corpus, said, pair, period, Comparison.SERIES, alone))
    if named:
        first = [int(next(i for i, part in enumerate(parts) if j in part.themes)) for j in own]
        places = [int(np.flatnonzero(parts[i].themes == j)[0]) for i, j in zip(first, own, strict=True)]
        whole = _joined([parts[i].take(np.array([k])) for i, k in zip(first, places, strict=True)])
        q = adjusted(whole.p)
        found, tested = q <= rate, len(own)
    else:
        whole = parts[0]
        claims = discoveries(whole.p, whole.support, rate=rate)
        q, found, tested = claims.q, claims.found, claims.tested
    people = people_saying(said.message, said.concept, corpus.author, themes=len(said.concepts))[whole.themes]
    found &= figure_allowed(people)
    threshold = rate * max(int(found.sum()), 1) / max(tested, 1)
    detectable = detectable_by(whole.error, z_value(np.array(threshold)) * whole.scale)
    seen = enough(detectable, whole.effective, people, largest_ratio=STEADY_RATIO)
    outcome = np.where(found, Outcome.MOVED, np.where(seen, Outcome.STILL, Outcome.UNSEEN))
    return Judged(
        themes=whole.themes,
        comparison=whole.comparison,
        outcome=tuple(Outcome(each) for each in outcome),
        p=whole.p,
        q=q,
        z=whole.z,
        scale=whole.scale,
        rank=whole.rank,
        others=whole.others,
        detectable=detectable,
        level=coverage_level(int(found.sum()), tested, rate),
    )


@dataclass(frozen=True, slots=True)
class _Tested:
    """One test on Q themes; all arrays (Q,)."""

    themes: NDArray[np.int64]
    comparison: tuple[Comparison, ...]
    support: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    scale: NDArray[np.float64]
    rank: NDArray[np.int64]
    others: NDArray[np.int64]
    error: NDArray[np.float64]
    effective: NDArray[np.float64]

    def take(self, chosen: NDArray[np.integer]) -> _Tested:
        """Some of the themes."""
        return _Tested(
            self.themes[chosen], tuple(self.comparison[k] for k in chosen), self.support[chosen], self.z[chosen],
            self.p[chosen], self.scale[chosen], self.rank[chosen], self.others[chosen], self.error[chosen],
            self.effective[chosen],
        )  # fmt: skip


def _joined(parts: Sequence[_Tested]) -> _Tested:
    """Themes that were tested in several ways, in their order."""

    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    names = ("support", "z", "p", "scale", "rank", "others", "error", "effective")
    comparison = tuple(each for part in parts for each in part.comparison)
    return _Tested(column("themes"), comparison, *map(column, names))


def _tested(
    corpus: Corpus,
    said: Said,
    pair: Compared,
    period: NDArray[np.int32],
    comparison: Comparison,
    wanted: NDArray[np.int64],
) -> _Tested:
    """One test on all the themes that enough people say around a mark, and on those that are wanted however rare."""
    rows = evidence(corpus, said, pair, period, comparison)
    paired, design = comparison is Comparison.DIFFERENCES, design_of(comparison)
    uses = rows.presence.uses
    able = (uses >= LEAST_USES) & np.array([on_board(concept) for concept in said.concepts], bool)
    if paired:
        theme = np.repeat(np.arange(len(uses)), uses)
        scope = np.bincount(theme, rows.period[rows.presence.indices] >= CELLS, minlength=len(uses))
        able &= (scope >= LEAST_IN_EACH) & (uses - scope >= LEAST_IN_EACH)
    able[wanted] = True
    themes = np.flatnonzero(able)
    rows = rows.take(themes)
    shares = standardised_shares(rows, periods=len(design.asked))
    found = steps(rows, (shares.observed, shares.expected), design)
    support = rows.presence.uses.astype(np.float64)
    beside = placebos(found.z, support)
    return _Tested(
        themes, (comparison,) * len(themes), support, found.z, beside.p, beside.scale,
        np.rint(beside.rank * (beside.others + 1)).astype(np.int64), beside.others, found.error,
        found.effective_clusters,
    )  # fmt: skip


def design_of(comparison: Comparison) -> Design:
    """Of the cells of a comparison."""
    made = differences if comparison is Comparison.DIFFERENCES else interrupted
    return made(PERIODS, PERIODS)


def evidence(
    corpus: Corpus, said: Said, pair: Compared, period: NDArray[np.int32], comparison: Comparison
) -> Rows:
    """The voices around a mark, in the cells of its test: the periods of those elsewhere first, then of the scope."""
    inside = period >= 0
    if comparison is Comparison.SERIES:
        return voices_in(corpus, said, np.where(inside & pair.scope, period, -1).astype(np.int32))
    cell = np.where(inside & pair.elsewhere, period, -1)
    return voices_in(corpus, said, np.where(inside & pair.scope, period + CELLS, cell).astype(np.int32))
