"""How many claims may be made at a stated rate of false ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Floats

CUT_OFFS = np.linspace(0.0, 0.9, 19)
WORTH_CHOOSING = 2  # finds that a cut-off must add to be taken


@dataclass(frozen=True, slots=True)
class Discoveries:
    """Which themes moved, at a stated rate of false claims.

    Attributes:
        found: (P,) whether the theme is claimed.
        q: (P,) smallest rate at which it would be, with this cut-off; 1 below the cut-off.
        cut_off: least support of the themes that were tested.
        tested: how many were.
    """

    found: Bools
    q: Floats
    cut_off: float
    tested: int


def adjusted(p: Floats) -> Floats:
    """The smallest false-discovery rate at which each test is found (Benjamini and Hochberg 1995).

    Args:
        p: (P,) p values.

    Returns:
        (P,) q values, in the same order as p.
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def discoveries(p: Floats, support: Floats, *, rate: float = 0.05) -> Discoveries:
    """The themes that moved, at most `rate` of them falsely.

    Themes too rare to show anything only weigh on the others, so those below a cut-off of support are not tested:
    the one of 19 quantiles of support that finds most (the lowest of equals), if it finds two more at least than
    testing all of them. Support says nothing of the direction of time, hence a cut-off is independent of the test when
    nothing moves (Bourgon, Gentleman, Huber 2010); choosing it by its finds is not, and without the "two more" it
    would make a false claim in one corpus of seven where nothing moves (docs/methods/multiplicity.md).

    Args:
        p: (P,) p values.
        support: (P,) how often each theme was used, in any unit.
        rate: the share of false claims among the claims, on average.
    """
    if len(p) == 0:
        return Discoveries(np.zeros(0, bool), np.zeros(0), 0.0, 0)
    lowest, *others = (
        _above(float(c), p, support, rate=rate) for c in np.unique(np.quantile(support, CUT_OFFS))
    )
    best = max([lowest, *others], key=_finds)
    return best if _finds(best) >= _finds(lowest) + WORTH_CHOOSING else lowest


def _above(cut_off: float, p: Floats, support: Floats, *, rate: float) -> Discoveries:
    tested = support >= cut_off
    q = np.ones(len(p))
    q[tested] = adjusted(p[tested])
    return Discoveries(q <= rate, q, cut_off, int(tested.sum()))


def _finds(discoveries: Discoveries) -> int:
    return int(discoveries.found.sum())


def coverage_level(found_count: int, tested: int, rate: float) -> float:
    """The level at which to show the intervals of what was found (Benjamini and Yekutieli 2005).

    Among the intervals shown of themes picked because they moved, at most `rate` then miss the truth, on average.
    """
    if found_count == 0 or tested == 0:
        return 1.0 - rate
    return 1.0 - rate * found_count / tested
