"""How the share of a theme moved, and when it turned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.compiled import over_themes
from estran.stats.segments import ABSENT, Curves, Fits, fit_turns

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
    fits = Fits(
        knots=np.zeros(themes, np.int32),
        places=np.zeros((themes, 2), np.int64),
        quantiles=np.zeros((themes, 3), np.int64),
        signs=np.full((themes, 3), ABSENT, np.int32),
        curve=np.zeros((themes, 4)),
    )
    knot_at, dates = np.zeros((themes, 2)), np.full((themes, 3), np.nan)
    if len(there) > 1:
        share = _known_share(expected, rows)[there]
        curves = Curves(
            x=place[there],
            size=rows[there],
            seen=np.ascontiguousarray(observed[there].T, np.float64),
            offset=np.ascontiguousarray(np.log(share / (1.0 - share)).T),
            dispersion=np.ascontiguousarray(np.broadcast_to(np.maximum(dispersion, 1.0), themes)),
        )
        over_themes(lambda first, past: fit_turns(first, past, curves, fits), np.arange(themes + 1))
        knot_at = place[there[fits.places]]
        dates = np.where(fits.knots[:, None] > 0, there[fits.quantiles], np.nan)
    fitted = _fitted(fits, knot_at, place=place, share=_known_share(expected, rows))
    shape, direction = _labels(fits.signs, fitted)
    return Turns(shape, direction, dates[:, 1], dates[:, 0], dates[:, 2], fits.knots, fitted)


def _known_share(expected: Floats, rows: Floats) -> Floats:
    """(T, P) expected share; the theme's overall one in periods without rows."""
    overall = expected.sum(axis=0) / max(rows.sum(), 1.0)
    share = np.where(rows[:, None] > 0, expected / np.maximum(rows, 1.0)[:, None], overall)
    return np.clip(share, _LEAST_SHARE, 1.0 - _LEAST_SHARE)


def _fitted(fits: Fits, knot_at: Floats, *, place: Floats, share: Floats) -> Floats:
    """(T, P) fitted over expected share."""
    line = fits.curve[:, 0] + place[:, None] * fits.curve[:, 1]
    for knot in (0, 1):  # the change of slope at an absent knot is 0
        line += np.maximum(place[:, None] - knot_at[:, knot], 0.0) * fits.curve[:, 2 + knot]
    # expit(logit(share) + line) / share, without overflow
    fitted: Floats = 1.0 / (share + (1.0 - share) * np.exp(np.clip(-line, -700.0, 700.0)))
    return fitted


def _labels(signs: Codes, fitted: Floats) -> tuple[Codes, Codes]:
    """(P,) shape codes and directions, from the significant slopes."""
    last, earlier = np.zeros(len(signs), np.int32), np.zeros(len(signs), np.int32)
    ends_flat = np.zeros(len(signs), bool)
    for segment in signs.T:
        sure = (segment != ABSENT) & (segment != 0)
        earlier = np.where(sure & (segment != last) & (last != 0), last, earlier)
        last = np.where(sure, segment, last)
        ends_flat = np.where(segment == ABSENT, ends_flat, segment == 0)
    first_half = fitted[: max(2, len(fitted) // 2)].max(axis=0, initial=0.0)
    from_nothing = first_half < NEAR_NOTHING * fitted.max(axis=0, initial=0.0)
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
