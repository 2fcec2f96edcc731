"""When a theme began to be said more than usual: each step up of its share, however many there are.

A curve of two knots (`estran.stats.changes`) says how a theme moves now. A long history holds more than that: a word of
two centuries came up three times and went again. Its share is taken to stand on the steps of a ladder above its usual
level, and the likeliest walk on that ladder is found exactly (Viterbi 1967), each step up at a price (Kleinberg 2002).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from estran.compiled import njit
from estran.stats.sparse import over_themes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Bools, Codes, Floats

STEP = math.sqrt(2.0)
"""Each step of the ladder is half an octave above the one below."""
STEPS = 14
"""The highest is 128 times the usual share."""
PRICE = 1.25
"""Of a step up, in units of log T: a theme that does not move then shows a start in one case of twenty at the most."""


def ladder(observed: Floats, expected: Floats, dispersion: ArrayLike = 1.0) -> Codes:
    """How many half octaves above its usual level a theme stood in each period, on the likeliest walk.

    Uses of a period are quasi-Poisson around ``expected x 2^(step / 2)``. A step up costs ``1.25 log T``, going down is free.
    The usual level is the theme's mean over the whole span, so a theme can stand below it and be on step 0.

    Args:
        observed: (T, P) rows that used each theme, or any other count of uses.
        expected: (T, P) uses expected, had nothing moved; 0 where nobody spoke.
        dispersion: (P,) variance over that of independent uses, 1 at least.

    Returns:
        (T, P) steps, 0 or more.
    """
    periods, themes = observed.shape
    steps = np.zeros((themes, periods), np.int32)
    if periods:
        seen = np.ascontiguousarray(observed.T, np.float64)
        due = np.ascontiguousarray(expected.T, np.float64)
        phi = np.ascontiguousarray(np.broadcast_to(np.maximum(dispersion, 1.0), themes), np.float64)
        price = PRICE * math.log(max(periods, 2))
        over_themes(
            lambda first, past: _climb(first, past, seen, due, phi, price, steps), np.arange(themes + 1)
        )
    return steps.T


def starts(steps: Codes) -> Bools:
    """(T, P) the periods in which a theme stepped up; standing high from the very first period is no start."""
    rose = np.zeros(steps.shape, bool)
    rose[1:] = steps[1:] > steps[:-1]
    return rose


@njit
def _climb(first: int, past: int, seen: Floats, due: Floats, phi: Floats, price: float, steps: Codes) -> None:
    """Fill the likeliest walk of themes first..past-1."""
    periods = seen.shape[1]
    factor = STEP ** np.arange(STEPS + 1)
    cost, best = np.empty(STEPS + 1), np.empty(STEPS + 1)
    came = np.empty((periods, STEPS + 1), np.int64)
    for j in range(first, past):
        best[:] = np.arange(STEPS + 1) * price
        for t in range(periods):
            for s in range(STEPS + 1):
                # -log likelihood up to what all steps share
                cost[s] = (due[j, t] * factor[s] - seen[j, t] * math.log(factor[s])) / phi[j]
            if t == 0:
                best += cost
                continue
            cheapest, of = np.inf, STEPS
            onto = np.empty(STEPS + 1)
            for s in range(STEPS, -1, -1):  # down is free: the cheapest from this step or above
                if best[s] <= cheapest:
                    cheapest, of = best[s], s
                onto[s] = cheapest
                came[t, s] = of
            for s in range(1, STEPS + 1):  # up is paid step by step
                if onto[s - 1] + price < onto[s]:
                    onto[s] = onto[s - 1] + price
                    came[t, s] = came[t, s - 1]
            best[:] = onto + cost
        at = int(np.argmin(best))
        for t in range(periods - 1, -1, -1):
            steps[j, t] = at
            at = came[t, at]
