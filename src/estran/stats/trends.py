"""What came in and what went out: contrasts of time, and the test of the tour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from estran.stats.flips import FlipTest, flip_test
from estran.stats.seasons import blind_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from estran.stats.presence import Bools, Codes, Floats, Rows

__all__ = [
    "FlipTest",
    "InOut",
    "cauchy_combination",
    "flip_test",
    "hump",
    "in_out_test",
    "linear",
    "recent",
    "z_value",
]

FEWEST_PERIODS_FOR_A_HUMP = 5  # and for a late move
_TINY = 1e-12
_ALMOST_ONE = 0.99
_NOUGHT = 1e-9
"""A standardised score that is rounding only: its sign would depend on the order of the rows."""


def linear(period: Codes, stratum: Codes, season: Codes | None = None) -> Floats:
    """The contrast of a steady rise: the period, less what strata and seasons explain of it, of unit variance.

    Args:
        period: (N,) period of each row.
        stratum: (N,) dense codes.
        season: (N,) dense codes, or None where seasons are unknown.

    Returns:
        (N,) contrast; zeros where no stratum spans two periods.
    """
    return blind_to(np.arange(int(period.max(initial=0)) + 1, dtype=np.float64), period, stratum, season)


def hump(period: Codes, stratum: Codes, season: Codes | None = None) -> Floats:
    """The contrast of a rise and fall: the middle half of the exposure against its outer half.

    A period is in the middle when half of its rows lie past the first quarter of all rows and before the last.
    +1/n on the middle and -1/n outside: a contrast that leans on few rows makes the test too sure of itself.

    Args:
        period: (N,) period of each row.
        stratum: (N,) dense codes.
        season: (N,) dense codes, or None where seasons are unknown.

    Returns:
        (N,) contrast less what strata and seasons explain, of unit variance; zeros where there is no middle.
    """
    quantile = _exposure(period)
    return _against(
        (quantile > 0.25) & (quantile < 0.75),
        (quantile <= 0.25) | (quantile >= 0.75),
        period,
        stratum,
        season,
    )


def recent(period: Codes, stratum: Codes, season: Codes | None = None) -> Floats:
    """The contrast of a late move: the last quarter of the exposure against the quarter before it.

    +1/n on the last and -1/n on the one before, nothing elsewhere: what has just begun weighs little along a line.

    Args:
        period: (N,) period of each row.
        stratum: (N,) dense codes.
        season: (N,) dense codes, or None where seasons are unknown.

    Returns:
        (N,) contrast less what strata and seasons explain, of unit variance; zeros where either quarter is empty.
    """
    quantile = _exposure(period)
    return _against(quantile >= 0.75, (quantile >= 0.5) & (quantile < 0.75), period, stratum, season)


def _exposure(period: Codes) -> Floats:
    """(T,) share of all rows that lie before the middle row of each period."""
    rows = np.bincount(period)
    quantile: Floats = (np.cumsum(rows) - rows / 2) / max(len(period), 1)
    return quantile


def _against(some: Bools, others: Bools, period: Codes, stratum: Codes, season: Codes | None) -> Floats:
    """(N,) +1/n in some periods and -1/n in others."""
    rows = np.bincount(period)
    if rows[some].sum() == 0 or rows[others].sum() == 0:
        return np.zeros(len(period))
    return blind_to(some / rows[some].sum() - others / rows[others].sum(), period, stratum, season)


def cauchy_combination(p: Floats) -> Floats:
    """One p value from several, dependent or not (Liu and Xie 2020).

    P values are held at 0.99 at most: the transform of 1 is minus infinity, and one contrast that can show nothing
    must not silence another. The tail of the combination, where claims are made, moves by less than one part in 50.

    Args:
        p: (C, P) p values of C tests of each theme.

    Returns:
        (P,) combined p values.
    """
    held = np.minimum(p, _ALMOST_ONE)
    angle = np.tan((0.5 - np.maximum(held, _TINY)) * np.pi)
    mean: Floats = np.mean(np.where(held < _TINY, 1.0 / (np.pi * np.maximum(held, 1e-300)), angle), axis=0)
    # 1/2 - arctan(x)/pi, without cancelling where x is large
    combined = np.where(
        mean > 1.0, np.arctan(1.0 / np.maximum(mean, 1.0)) / np.pi, 0.5 - np.arctan(mean) / np.pi
    )
    return np.where(np.min(p, axis=0) >= _ALMOST_ONE, np.min(p, axis=0), combined)


def z_value(p: Floats) -> Floats:
    """(P,) the normal deviate of a two-sided p value, 0 or more."""
    deviate: Floats = -ndtri(p / 2.0)
    return deviate


@dataclass(frozen=True, slots=True)
class InOut:
    """Whether each theme moved at all, and what the claim rests on.

    Attributes:
        p: (P,) p values over all contrasts.
        contrasts: (C, P) p values of each contrast: linear, then hump and (where asked for) recent, where there are
            enough periods.
        sign: (P,) direction of the linear contrast over people: 1 up, -1 down, 0 neither.
        z: (P,) its standardised score.
        dispersion: (P,) cluster inflation of the variance along the linear contrast, the larger of people's and
            conversations'; 1 at least.
        effective_clusters: (P,) effective number of people along the linear contrast.
        effective_conversations: (P,) of conversations; infinite where none are known.
    """

    p: Floats
    contrasts: Floats
    sign: Codes
    z: Floats
    dispersion: Floats
    effective_clusters: Floats
    effective_conversations: Floats


def in_out_test(
    voices: Rows, conversations: Rows | None, *, late: bool = False, threads: int | None = None
) -> InOut:
    """Whether each theme came in, went out, or rose and fell.

    A theme moved when it moved over people *and* over conversations: for each contrast the larger p value of the two
    counts. One loud person, or one crowded thread, is not a trend.

    Args:
        voices: rows A, one per person and period (and season, where a period holds several); clusters are people.
        conversations: rows B, one per person and conversation; clusters are conversations. None where there are none.
        late: try the late move (`recent`) too.
        threads: how many; all cores where None. The answer does not depend on it.
    """
    shapes: tuple[Callable[[Codes, Codes, Codes | None], Floats], ...] = (
        linear,
        hump,
        *([recent] if late else []),
    )
    if len(np.unique(voices.period)) < FEWEST_PERIODS_FOR_A_HUMP:
        shapes = (linear,)
    people = [
        flip_test(voices, c(voices.period, voices.stratum, voices.season), threads=threads) for c in shapes
    ]
    p = np.stack([test.p for test in people])
    dispersion = people[0].dispersion
    effective = np.full(voices.presence.themes, np.inf)
    if conversations is not None:
        rows = conversations
        threaded = [
            flip_test(rows, c(rows.period, rows.stratum, rows.season), threads=threads) for c in shapes
        ]
        p = np.maximum(p, np.stack([test.p for test in threaded]))
        dispersion = np.maximum(dispersion, threaded[0].dispersion)
        effective = threaded[0].effective_clusters
    return InOut(
        p=cauchy_combination(p),
        contrasts=p,
        sign=np.where(np.abs(people[0].z) > _NOUGHT, np.sign(people[0].z), 0).astype(np.int32),
        z=people[0].z,
        dispersion=dispersion,
        effective_clusters=people[0].effective_clusters,
        effective_conversations=effective,
    )
