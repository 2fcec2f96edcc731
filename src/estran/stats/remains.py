"""What is left of a theme: its share in the end over its share at its peak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Floats, Ints

FIFTH = 0.2
"""Share of all rows that "the end" and "the peak" are told from."""
PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class Remains:
    """How much of its peak each theme has kept.

    Attributes:
        ratio: (P, 3) standardised share in the end over that at the peak, and the ends of its interval.
        peak: (P, 2) first period of the peak, and one past its last.
        end: first period of the end.
    """

    ratio: Floats
    peak: Ints
    end: int


def what_is_left(
    observed: Floats, expected: Floats, rows: Ints, dispersion: ArrayLike, *, level: float = 0.9
) -> Remains:
    """The standardised share in the last fifth of the exposure over that in the fifth where it was highest.

    The end is the fewest last periods that hold a fifth of all rows; the peak is, of all runs of periods before it that
    hold as much, the one with the highest share. Both shares are observed over expected uses. The interval is
    Jeffreys' for the odds of two Poisson counts, each divided by the cluster inflation; the choice of the peak is not
    allowed for, so a theme that never moved is taken to have kept a little less than all: the claims made of it are
    of a quarter and a half.

    Args:
        observed: (T, P) rows that used each theme.
        expected: (T, P) rows that would have, had nothing moved.
        rows: (T,) rows of each period.
        dispersion: (P,) cluster inflation of the variance.
        level: of the intervals.
    """
    periods, themes = observed.shape
    before = np.concatenate([[0], np.cumsum(rows)]).astype(np.float64)
    least = FIFTH * before[-1] * (1 - 1e-9)
    end = max(int(np.searchsorted(before, before[-1] - least, side="right")) - 1, 0)
    runs = [
        (first, past)
        for first in range(end)
        if (past := int(np.searchsorted(before, before[first] + least))) <= end
    ] or [(0, end)]
    seen, due = _over(observed, (end, periods)), _over(expected, (end, periods))
    at_peak = np.stack([_over(observed, run) for run in runs])
    due_at_peak = np.stack([_over(expected, run) for run in runs])
    best = np.argmax((at_peak + PRIOR) / (due_at_peak + PRIOR), axis=0)
    there = np.arange(themes)
    then, due_then = at_peak[best, there], due_at_peak[best, there]
    clumped = np.maximum(dispersion, 1.0)
    now, past_uses = seen / clumped, then / clumped
    scale = np.where(due > 0, due_then / np.where(due > 0, due, 1.0), 0.0)
    tail = (1 - level) / 2
    value = (seen + PRIOR) / (then + PRIOR) * scale
    low = np.where(now > 0, _odds(betaincinv(now + PRIOR, past_uses + PRIOR, tail)), 0.0) * scale
    high = np.where(
        past_uses > 0, _odds(betaincinv(now + PRIOR, past_uses + PRIOR, 1 - tail)) * scale, np.inf
    )
    ratio = np.stack([value, np.minimum(low, value), np.maximum(high, value)], axis=1)
    return Remains(ratio, np.array(runs, np.int64)[best], end)


def _over(counts: Floats, run: tuple[int, int]) -> Floats:
    total: Floats = counts[run[0] : run[1]].sum(axis=0)
    return total


def _odds(share: Floats) -> Floats:
    odds: Floats = share / np.maximum(1.0 - share, 1e-12)
    return odds
