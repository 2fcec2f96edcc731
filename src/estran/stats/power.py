"""What these data could have shown, had it been there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Bools, Codes, Floats

LARGEST_RATIO = 3.0  # a theme that could hide a change of x3 is not judged
STEADY_RATIO = 2.0  # "steady" is a claim too: a change of x2 must have been visible
FEWEST_CLUSTERS = 8.0
FEWEST_PEOPLE = 5
POWER_80 = 0.84  # normal quantile of 80 % power
EVEN = 1.0 / 12.0
_LEAST = 1e-100
_LARGEST_LOG = 700.0  # exp of more overflows


def time_spread(period: Codes, season: Codes | None = None) -> float:
    """The variance of the dates of the rows, the span of the periods being 1, less what their seasons explain of it.

    Even talk has 1/12, talk that gathers in the middle of the span less, two equal periods 1/4. Of two years of months
    the seasons explain a quarter, of five years a twenty-fifth.

    Args:
        period: (N,) period of each row.
        season: (N,) dense codes, or None where seasons are unknown.
    """
    span = int(np.ptp(period)) if len(period) else 0
    if not span:
        return 0.0
    place = period / span
    if season is not None:
        place -= (np.bincount(season, place) / np.maximum(np.bincount(season), 1))[season]
    return float(np.var(place))


def detectable_ratio(
    people: ArrayLike,
    dispersion: ArrayLike,
    *,
    found: int,
    tested: int,
    rate: float = 0.05,
    spread: float = EVEN,
) -> Floats:
    """The smallest ratio of last to first share that would have been found four times in five.

    For a log-linear trend, ``exp((z + 0.84) sqrt(phi / (y s)))``, with z the normal quantile of the threshold that the
    false-discovery rate came to and s the spread of the rows in time: ``sqrt(12 phi / y)`` where they are even.

    Args:
        people: (P,) voices y (one per person and period) that used the theme.
        dispersion: (P,) cluster inflation phi of the variance, 1 or more.
        found: discoveries made, R.
        tested: themes tested, m.
        rate: false-discovery rate asked for.
        spread: of all rows in time (`time_spread`).

    Returns:
        (P,) ratios, 1 or more; infinite where nobody used the theme, or all at one date.
    """
    return _ratio(
        1.0 / _positive(people) / max(spread, _LEAST),
        dispersion,
        threshold=rate * max(found, 1) / max(tested, 1),
    )


def detectable_ratio_of_two(
    before: ArrayLike, after: ArrayLike, dispersion: ArrayLike, *, found: int, tested: int, rate: float = 0.05
) -> Floats:
    """The same for two periods, or two windows: ``exp((z + 0.84) sqrt(phi (1/y1 + 1/y2)))``.

    Args:
        before: (P,) voices that used the theme in the first window.
        after: (P,) voices that used it in the second.
        dispersion: (P,) cluster inflation of the variance, 1 or more.
        found: discoveries made.
        tested: themes tested.
        rate: false-discovery rate asked for.
    """
    spread = 1.0 / _positive(before) + 1.0 / _positive(after)
    return _ratio(spread, dispersion, threshold=rate * max(found, 1) / max(tested, 1))


def enough(
    ratio: ArrayLike,
    effective_clusters: ArrayLike,
    people: ArrayLike,
    *,
    largest_ratio: float = LARGEST_RATIO,
) -> Bools:
    """Whether the data can say anything of each theme: otherwise the answer is "not enough".

    Args:
        ratio: (P,) smallest detectable ratio.
        effective_clusters: (P,) ``(sum S^2)^2 / sum S^4`` of the cluster scores.
        people: (P,) distinct people who used the theme.
        largest_ratio: 3 to judge at all, 2 (`STEADY_RATIO`) to say "steady".
    """
    few = (np.asarray(effective_clusters) < FEWEST_CLUSTERS) | (np.asarray(people) < FEWEST_PEOPLE)
    return np.asarray((np.asarray(ratio) <= largest_ratio) & ~few)


def _positive(count: ArrayLike) -> Floats:
    return np.maximum(np.asarray(count, np.float64), _LEAST)


def detectable_by(error: ArrayLike, reach: ArrayLike) -> Floats:
    """The ratio that a test finds four times in five: ``exp((reach + 0.84) error)``.

    Args:
        error: (P,) standard error of the log ratio.
        reach: normal deviate beyond which the test claims something; one for all, or (P,).

    Returns:
        (P,) ratios, 1 or more; infinite where they are beyond telling.
    """
    log_ratio = (np.asarray(reach, np.float64) + POWER_80) * np.asarray(error, np.float64)
    return np.where(log_ratio < _LARGEST_LOG, np.exp(np.minimum(log_ratio, _LARGEST_LOG)), np.inf)


def _ratio(variance: Floats, dispersion: ArrayLike, *, threshold: float) -> Floats:
    return detectable_by(np.sqrt(variance * np.maximum(dispersion, 1.0)), -ndtri(min(threshold, 1.0) / 2.0))
