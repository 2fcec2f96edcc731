"""How the share of a theme moved, and when it turned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.compiled import over_themes
from estran.stats.segments import ABSENT, fit_turns

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Codes, Floats

SHAPES = ("steady", "in", "out", "emerging", "established", "peaked out", "returning")
"""What each shape code means."""
STEADY, IN, OUT, EMERGING, ESTABLISHED, PEAKED_OUT, RETURNING = range(7)
NEAR_NOTHING = 0.24  # of the peak: a theme that stayed below it in the first half of time is emerging
_LEAST_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class Turns:
    """The curve of each theme in words and dates.

    Attributes:
        shape: (P,) codes, positions in `SHAPES`.
        direction: (P,) 1 up, -1 down: the last segment whose slope is significant; 0 where none is.
        turn: (P,) period of the last knot, posterior median; nan where there is no knot.
        low: (P,) lower end of its 90 % credible interval; nan where there is no knot.
        high: (P,) upper end.
        knots: (P,) how many, 0 to 2.
        fitted: (T, P) fitted share over expected share; times the overall share, the standardised curve.
    """

    shape: Codes
    direction: Codes
    turn: Floats
    low: Floats
    high: Floats
    knots: Codes
    fitted: Floats


def turns(observed: Floats, expected: Floats, rows_per_period: ArrayLike, dispersion: Floats) -> Turns:
    """The shape of each theme's curve, and when it last turned.

    Segmented quasi-binomial regression (Muggeo 2003, with the knots on periods): logit of the share = logit of the
    expected share + a broken line in time with 0, 1 or 2 knots, each segment 3 periods or more. The number of knots
    minimises ``deviance / phi + parameters x log T`` (a knot costs two: its place and its change of slope). The date
    is the posterior of the last knot's place under a flat prior, given that number. Periods without rows are left out.
    Under 8 periods there is no knot: in, out or steady.

    Args:
        observed: (T, P) rows that used each theme.
        expected: (T, P) rows expected from the strata (`estran.stats.rates.standardised_shares`).
        rows_per_period: (T,) rows.
        dispersion: (P,) cluster-robust over binomial variance, phi; 1 at least.
    """
    rows = np.asarray(rows_per_period, np.float64)
    periods, themes = observed.shape
    there = np.flatnonzero(rows > 0)
    place = np.arange(periods) / max(periods - 1, 1)
    knots, signs = np.zeros(themes, np.int32), np.full((themes, 3), ABSENT, np.int32)
    places, quantiles = np.zeros((themes, 2), np.int64), np.zeros((themes, 3), np.int64)
    curve = np.zeros((themes, 4))
    if len(there) > 1:
        share = np.clip(expected[there] / rows[there, None], _LEAST_SHARE, 1.0 - _LEAST_SHARE)
        offset = np.ascontiguousarray(np.log(share / (1.0 - share)).T)
        seen = np.ascontiguousarray(observed[there].T, np.float64)
        phi = np.ascontiguousarray(np.broadcast_to(np.maximum(dispersion, 1.0), themes))

        def run(first: int, past: int) -> None:
            fit_turns(
                first,
                past,
                place[there],
                rows[there],
                seen,
                offset,
                phi,
                knots,
                places,
                quantiles,
                signs,
                curve,
            )

        over_themes(run, np.arange(themes + 1))
        places, quantiles = there[places], there[quantiles]
    dates = np.where(knots[:, None] > 0, quantiles, np.nan)
    fitted = _fitted(curve, place[places], knots, place=place, share=_known_share(expected, rows))
    shape, direction = _labels(signs, knots, fitted)
    return Turns(shape, direction, dates[:, 1], dates[:, 0], dates[:, 2], knots, fitted)


def _known_share(expected: Floats, rows: Floats) -> Floats:
    """(T, P) expected share; the theme's overall one in periods without rows."""
    overall = expected.sum(axis=0) / max(rows.sum(), 1.0)
    share = np.where(rows[:, None] > 0, expected / np.maximum(rows, 1.0)[:, None], overall)
    return np.clip(share, _LEAST_SHARE, 1.0 - _LEAST_SHARE)


def _fitted(curve: Floats, at: Floats, knots: Codes, *, place: Floats, share: Floats) -> Floats:
    """(T, P) fitted over expected share."""
    line = curve[:, 0] + place[:, None] * curve[:, 1]
    for knot in (0, 1):
        line += np.where(
            knots > knot, np.maximum(place[:, None] - at[:, knot], 0.0) * curve[:, 2 + knot], 0.0
        )
    # expit(logit(share) + line) / share, without overflow
    return 1.0 / (share + (1.0 - share) * np.exp(np.clip(-line, -700.0, 700.0)))


def _labels(signs: Codes, knots: Codes, fitted: Floats) -> tuple[Codes, Codes]:
    """(P,) shape codes and directions, from the significant slopes."""
    last, earlier = np.zeros(len(knots), np.int32), np.zeros(len(knots), np.int32)
    ends_flat = np.zeros(len(knots), bool)
    for segment in signs.T:
        sure = (segment != ABSENT) & (segment != 0)
        earlier = np.where(sure & (segment != last) & (last != 0), last, earlier)
        last = np.where(sure, segment, last)
        ends_flat = np.where(segment == ABSENT, ends_flat, segment == 0)
    first_half = fitted[: max(2, len(fitted) // 2)].max(axis=0, initial=0.0)
    from_nothing = (first_half < NEAR_NOTHING * fitted.max(axis=0, initial=0.0)) & (knots > 0)
    shape = np.select(
        [
            last == 0,
            (last > 0) & (earlier < 0),
            (last > 0) & ends_flat,
            (last > 0) & from_nothing,
            last > 0,
            earlier > 0,
        ],
        [STEADY, RETURNING, ESTABLISHED, EMERGING, IN, PEAKED_OUT],
        OUT,
    )
    return shape.astype(np.int32), last
