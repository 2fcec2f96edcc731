"""What one environment showed before another, over all pairs of them at one rate of false claims."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of
from estran.analysis.leading import estimates, in_time
from estran.findings import Crossing, Estimate
from estran.privacy import FIGURES
from estran.stats.leads import FEWEST_PERIODS
from estran.stats.multiplicity import adjusted, coverage_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.ground import Ground
    from estran.analysis.leading import Parts

WRONG = 0.10
"""Share of the intervals of crossings that miss the lag, on average."""


def crossings_of(
    ground: Ground, parts: Parts, themes: NDArray[np.int64], names: list[str], moved: int
) -> tuple[tuple[Crossing, ...], int, int, float]:
    """The crossings, the surest first; how many tests, how many pairs, and the coverage of the intervals.

    Args:
        ground: the corpus.
        parts: its environments.
        themes: numbers of the themes, those that moved first.
        names: kinds of the environments.
        moved: how many of the themes moved.
    """
    tests = []
    pairs = 0
    for one, other in combinations(range(len(names)), 2):
        enough = np.flatnonzero((parts.people[[one, other], :moved] >= FIGURES).all(axis=0))
        told = parts.pair(one, other, enough)
        if len(told.leads.periods) < FEWEST_PERIODS:
            continue
        pairs += 1
        tests += [(told.leads.p[j], k, one, other, told.leads, j) for j, k in enumerate(enough.tolist())]
    q = adjusted(np.array([test[0] for test in tests])) if tests else np.zeros(0)
    found = np.flatnonzero(q <= ground.settings.false_discovery_rate)
    level = coverage_level(len(found), len(tests), WRONG)
    crossings = []
    for at in found[np.argsort(q[found], kind="stable")].tolist():
        _, k, one, other, leads, j = tests[at]
        lag = estimates(leads, level, np.full(len(leads.p), q[at]))[j]
        if lag is None:
            continue
        if lag.value < 0:
            one, other, lag = other, one, Estimate(-lag.value, -lag.high, -lag.low, lag.unit, lag.q)
        time = in_time(lag, ground.corpus.grid.step)
        concept = ground.said.concepts[int(themes[k])]
        crossings.append(
            Crossing(id_of(concept), concept.label, concept.labels, names[one], names[other], lag, time)
        )
    return tuple(crossings), len(tests), pairs, level
