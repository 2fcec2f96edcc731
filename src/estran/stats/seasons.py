"""What the calendar explains: contrasts that are blind to the season, and how much each season raises the uses of a theme."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit
from estran.stats.sparse import over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints

_ROUNDING = 1e-9  # of the largest value of a contrast: what is left is rounding
_SINGULAR = 1e-10
_PASSES = 2  # the second one takes off the rounding of the first
_HALF = 0.5
_STEPS = 40
_FAINT = 1e-6  # keeps a fit finite
_FAR = 50.0


def blind_to(values: Floats, period: Codes, stratum: Codes, season: Codes | None) -> Floats:
    """A contrast less all that a stratum and a season could add to it, of unit variance.

    The residual of the least-squares fit ``value ~ stratum + season``, solved exactly on the table of rows by stratum,
    season and period: counts of rows are whole numbers, so the order of the rows does not matter, to the last bit.
    A sum of uses weighed by it is free of any additive effect of strata and of seasons. Strata and seasons are not
    crossed: twelve months would shatter strata of thirty rows.

    Args:
        values: (T,) the contrast in each period.
        period: (N,) period of each row.
        stratum: (N,) dense codes.
        season: (N,) dense codes, or None where seasons are unknown.

    Returns:
        (N,) contrast; zeros where nothing is left but rounding.
    """
    if len(period) == 0:
        return np.zeros(0)
    pair, pair_period, pair_season = pairs(period, season)
    strata = int(stratum.max()) + 1
    table: Floats = (
        np.bincount(stratum.astype(np.int64) * len(pair_period) + pair, minlength=strata * len(pair_period))
        .reshape(strata, len(pair_period))
        .astype(np.float64)
    )
    left = np.where(table > 0, values[pair_period], 0.0)
    seasons = int(pair_season.max()) + 1
    belongs = np.zeros((len(pair_season), seasons))
    belongs[np.arange(len(pair_season)), pair_season] = 1.0
    crossed = table @ belongs
    size = np.maximum(table.sum(axis=1), 1.0)
    shared = np.diag(crossed.sum(axis=0)) - crossed.T @ (crossed / size[:, None])
    for _ in range(_PASSES):
        left -= ((table * left).sum(axis=1) / size)[:, None]
        if seasons > 1:
            seasonal = np.linalg.lstsq(shared, (table * left).sum(axis=0) @ belongs, rcond=_SINGULAR)[0]
            left -= seasonal[pair_season]
            left -= ((table * left).sum(axis=1) / size)[:, None]
    deviation = math.sqrt(float((table * left**2).sum()) / len(period))
    if deviation <= _ROUNDING * float(np.abs(values).max()):
        return np.zeros(len(period))
    contrast: Floats = (left / deviation)[stratum, pair]
    return contrast


def pairs(period: Codes, season: Codes | None) -> tuple[Codes, Ints, Ints]:
    """(N,) dense code of each row's period and season together; the (C,) period, and season, of each code."""
    seasons = int(season.max(initial=0)) + 1 if season is not None else 1
    both = period.astype(np.int64) * seasons + (season if season is not None else 0)
    there = np.flatnonzero(np.bincount(both, minlength=1))
    number = np.zeros(int(both.max(initial=0)) + 1, np.int32)
    number[there] = np.arange(len(there))
    return number[both], there // seasons, there % seasons


def seasonal_factors(observed: Floats, expected: Floats, place: Floats, season: Ints) -> Floats:
    """By what each season multiplies the uses of each theme: 1 on average over what is expected.

    ``uses ~ Poisson(expected x exp(a + b place + g(season)))``, fitted at once, so that a trend is not taken for a
    season. g is drawn to 0 by a ridge, ``phi / tau^2``: tau^2, how much the seasons of this theme differ beyond
    chance, is the moment estimate of DerSimonian and Laird (1986), and phi, how much the same season differs from
    year to year, the Pearson dispersion, 1 at least. Where the seasons differ by no more than chance, tau^2 is 0 and
    every factor 1: a rare theme has no season.

    Args:
        observed: (P, C) uses in each of C cells (a period, or a season of it).
        expected: (P, C) uses expected from the strata.
        place: (C,) when, in 0-1.
        season: (C,) dense codes.

    Returns:
        (P, C) factors.
    """
    themes, cells = observed.shape
    factors = np.ones((themes, cells))
    if len(np.unique(season)) > 1:
        seen, due = np.ascontiguousarray(observed), np.ascontiguousarray(expected)
        over_themes(
            lambda first, past: _factors(first, past, _Cells(seen, due, place, season), factors),
            np.arange(themes + 1),
        )
    return factors


class _Cells(NamedTuple):
    """What themes show: (P, C) uses, seen and due, and (C,) when and in which season."""

    seen: Floats
    due: Floats
    place: Floats
    season: Ints


class _Theme(NamedTuple):
    """What one theme shows, (C,) each, and the mean that is fitted to it."""

    seen: Floats
    due: Floats
    place: Floats
    season: Ints
    mean: Floats


class _Slopes(NamedTuple):
    """First and (minus) second derivatives of the likelihood: by the line (2), by the seasons (S), and across."""

    line: Floats
    season: Floats
    core: Floats
    own: Floats
    cross: Floats


@njit
def _factors(first: int, past: int, cells: _Cells, factors: Floats) -> None:
    """Fill the factors of themes first..past-1."""
    seasons = int(cells.season.max()) + 1
    curve, mean = np.zeros(2 + seasons), np.zeros(len(cells.place))
    slopes = _Slopes(
        np.zeros(2), np.zeros(seasons), np.zeros((2, 2)), np.zeros(seasons), np.zeros((seasons, 2))
    )
    for j in range(first, past):
        theme = _Theme(cells.seen[j], cells.due[j], cells.place, cells.season, mean)
        if not theme.seen.sum() > 0.0 or not theme.due.sum() > 0.0:
            continue
        curve[:] = 0.0
        curve[0] = math.log(theme.seen.sum() / theme.due.sum())
        _fit(theme, np.inf, curve, slopes)
        ridge = _ridge(theme, seasons)
        if not math.isfinite(ridge):
            continue
        _fit(theme, ridge, curve, slopes)
        raised = 0.0
        for c in range(len(mean)):
            factors[j, c] = math.exp(curve[2 + cells.season[c]])
            raised += theme.due[c] * factors[j, c]
        factors[j] *= theme.due.sum() / raised


@njit
def _ridge(theme: _Theme, seasons: int) -> float:
    """The ridge phi / tau^2: infinite where the seasons differ by no more than chance."""
    uses, fitted = np.zeros(seasons), np.zeros(seasons)
    for c in range(len(theme.seen)):
        uses[theme.season[c]] += theme.seen[c]
        fitted[theme.season[c]] += theme.mean[c]
    there = (fitted > 0.0).sum()
    phi = _dispersion(theme, uses, fitted, there)
    total, squares, apart = 0.0, 0.0, 0.0
    for s in range(seasons):
        if fitted[s] > 0.0:
            total += fitted[s] / phi
            squares += (fitted[s] / phi) ** 2
            apart += (uses[s] - fitted[s]) ** 2 / (fitted[s] * phi)
    spread = total - squares / total
    variance = (apart - (there - 1)) / spread if spread > 0.0 else 0.0
    return phi / variance if variance > 0.0 else np.inf


@njit
def _dispersion(theme: _Theme, uses: Floats, fitted: Floats, seasons: int) -> float:
    """Pearson's, around the line times the plain ratio of each season; 1 at least."""
    pearson, used = 0.0, 0
    for c in range(len(theme.seen)):
        if theme.mean[c] > 0.0:
            s = theme.season[c]
            at = theme.mean[c] * (uses[s] + _HALF) / (fitted[s] + _HALF)
            pearson += (theme.seen[c] - at) ** 2 / at
            used += 1
    return max(pearson / (used - seasons - 1), 1.0) if used - seasons - 1 > 0 else 1.0


@njit
def _fit(theme: _Theme, ridge: float, curve: Floats, slopes: _Slopes) -> None:
    """Fit level, slope and seasons in place, by Newton's method with step halving; an infinite ridge leaves seasons out."""
    step = np.zeros(len(curve))
    best = _likelihood(theme, ridge, curve)
    for _ in range(_STEPS):
        _newton(theme, ridge, curve, slopes, step)
        length, found = 1.0, _likelihood(theme, ridge, curve + step)
        while found < best and length > 1e-9:
            length *= 0.5
            found = _likelihood(theme, ridge, curve + length * step)
        if found < best:  # rounding alone is left
            break
        curve += length * step
        if found - best < 1e-10 * (1.0 + abs(best)):
            break
        best = found
    _likelihood(theme, ridge, curve)


@njit
def _newton(theme: _Theme, ridge: float, curve: Floats, slopes: _Slopes, step: Floats) -> None:
    """Fill the step. The second derivative by the seasons is diagonal: they are eliminated, two equations are left."""
    slopes.line[:], slopes.season[:], slopes.own[:] = 0.0, 0.0, 0.0
    slopes.core[:], slopes.cross[:] = 0.0, 0.0
    for c in range(len(theme.seen)):
        left, s, x, mean = theme.seen[c] - theme.mean[c], theme.season[c], theme.place[c], theme.mean[c]
        slopes.line[0] += left
        slopes.line[1] += left * x
        slopes.core[0, 0] += mean
        slopes.core[0, 1] += mean * x
        slopes.core[1, 1] += mean * x * x
        slopes.season[s] += left
        slopes.own[s] += mean
        slopes.cross[s, 0] += mean
        slopes.cross[s, 1] += mean * x
    slopes.line[1] -= _FAINT * curve[1]
    slopes.core[0, 0] += _FAINT
    slopes.core[1, 1] += _FAINT
    slopes.core[1, 0] = slopes.core[0, 1]
    seasons = len(slopes.own) if math.isfinite(ridge) else 0
    for s in range(seasons):
        slopes.season[s] -= ridge * curve[2 + s]
        slopes.own[s] += ridge
        for a in range(2):
            slopes.line[a] -= slopes.cross[s, a] * slopes.season[s] / slopes.own[s]
            for b in range(2):
                slopes.core[a, b] -= slopes.cross[s, a] * slopes.cross[s, b] / slopes.own[s]
    whole = slopes.core[0, 0] * slopes.core[1, 1] - slopes.core[0, 1] ** 2
    step[:] = 0.0
    step[0] = (slopes.core[1, 1] * slopes.line[0] - slopes.core[0, 1] * slopes.line[1]) / whole
    step[1] = (slopes.core[0, 0] * slopes.line[1] - slopes.core[0, 1] * slopes.line[0]) / whole
    for s in range(seasons):
        step[2 + s] = (
            slopes.season[s] - slopes.cross[s, 0] * step[0] - slopes.cross[s, 1] * step[1]
        ) / slopes.own[s]


@njit
def _likelihood(theme: _Theme, ridge: float, curve: Floats) -> float:
    """Penalised log likelihood; fills the mean of each cell."""
    total = -0.5 * _FAINT * float(curve[1]) ** 2
    for c in range(len(theme.seen)):
        eta = min(max(curve[0] + curve[1] * theme.place[c] + curve[2 + theme.season[c]], -_FAR), _FAR)
        theme.mean[c] = theme.due[c] * math.exp(eta)
        total += theme.seen[c] * eta - theme.mean[c]
    if math.isfinite(ridge):
        for g in curve[2:]:
            total -= 0.5 * ridge * g * g
    return total
