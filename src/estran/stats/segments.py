"""Broken-line curves of log odds with 0, 1 or 2 knots, for one theme after the other: the kernel of `turns`.

A fit is Newton's method with step halving on a binomial likelihood; a faint ridge keeps slopes finite where a stretch
of time holds no use at all. Periods are placed at x in 0-1, and knots stand on periods.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints

SEGMENT = 3  # fewest periods of a segment; its ends belong to it
FEWEST_FOR_A_KNOT = 8
GRID = 14  # knots are first tried at so many places, then moved one by one, when there are two of them
COARSE = 7
RIDGE_LEVEL, RIDGE_SLOPE = 1e-6, 1e-3
SIGNIFICANT = 1.64


class Curve(NamedTuple):
    """What one theme shows: places (T,) in 0-1, rows, uses and expected log odds of each period."""

    x: Floats
    size: Floats
    seen: Floats
    offset: Floats


class Curves(NamedTuple):
    """What all themes show, and which curves are allowed.

    Attributes:
        x: (T,) places of the periods.
        size: (T,) rows.
        seen: (P, T) uses.
        offset: (P, T) expected log odds.
        dispersion: (P,) phi.
        fewest: (P,) terms that a curve must have: 1 a level, 2 a slope, 3 a knot, 4 two knots.
        most: (P,) terms that it may have.
        dated: whether the places of two knots are weighed, which is the longest work.
    """

    x: Floats
    size: Floats
    seen: Floats
    offset: Floats
    dispersion: Floats
    fewest: Codes
    most: Codes
    dated: bool


class Fits(NamedTuple):
    """The curve chosen for each theme, filled by `fit_turns`.

    Attributes:
        terms: (P,) how many the curve has; a knot more for each past the second.
        places: (P, 2) the periods of the knots.
        posterior: (P, 2, T) of the place of each knot; nil where there is none.
        slopes: (P, 3) the slope of each segment over its standard error; nan where there is none.
        curve: (P, 4) level, slope, and the change of slope at each knot.
        covariance: (P, 4, 4) of the curve, for independent rows.
    """

    terms: Ints
    places: Ints
    posterior: Floats
    slopes: Floats
    curve: Floats
    covariance: Floats


@njit
def fit_turns(start: int, past: int, curves: Curves, fits: Fits) -> None:
    """Choose and describe the curve of themes start..past-1: fewest ``deviance / phi + parameters x log T``."""
    periods = len(curves.x)
    price = math.log(periods)
    flat, line, one, two = np.zeros(4), np.zeros(4), np.zeros(4), np.zeros(4)
    covariance = np.empty((4, 4))
    deviances, weight = np.full(periods, np.inf), np.zeros(periods)
    none, place, pair = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
    for j in range(start, past):
        phi = curves.dispersion[j]
        fewest, most = curves.fewest[j], curves.most[j]
        theme = Curve(curves.x, curves.size, curves.seen[j], curves.offset[j])
        flat[:] = 0.0
        least = _fit(theme, none, 1, flat, covariance) / phi
        terms = 1
        fits.curve[j] = flat
        line[:] = flat
        if most > 1:
            cost = _fit(theme, none, 2, line, covariance) / phi + price
            if cost < least or fewest > 1:
                least, terms = cost, 2
                fits.curve[j] = line
        if most > 2:
            one[:] = line
            deviance = _one_knot(theme, one, place, deviances)
            cost = deviance / phi + 3.0 * price  # a knot costs its place and its change of slope
            if cost < least or fewest > 2:
                least, terms = cost, 3
                fits.curve[j] = one
                fits.places[j] = place
                weight[:] = np.exp(0.5 * (deviance - deviances) / phi)
        if most > 3:
            two[:] = line
            deviance = _two_knots(theme, two, pair)
            if deviance / phi + 5.0 * price < least:
                terms = 4
                fits.curve[j] = two
                fits.places[j] = pair
                if curves.dated:
                    _weigh_two(theme, two, pair, deviance, phi, fits.posterior[j])
        fits.terms[j] = terms
        _fit(theme, fits.places[j], terms, fits.curve[j], covariance)
        fits.covariance[j, :terms, :terms] = covariance[:terms, :terms]
        _slopes_of(fits.curve[j], covariance, terms, phi, fits.slopes[j])
        if terms == 3:
            fits.posterior[j, 0] = weight / weight.sum()


@njit
def _one_knot(theme: Curve, at: Floats, place: Ints, deviances: Floats) -> float:
    """The best knot: every place is tried; fills `at`, `place` and the deviance of each place."""
    best = np.inf
    here, covariance = at.copy(), np.empty((4, 4))
    place[:] = 0
    for k in range(SEGMENT - 1, len(theme.x) - SEGMENT + 1):
        here_place = np.array([k, 0])
        deviances[k] = _fit(theme, here_place, 3, here, covariance)
        if deviances[k] < best:
            best = deviances[k]
            place[0] = k
            at[:] = here
    return best


@njit
def _two_knots(theme: Curve, at: Floats, pair: Ints) -> float:
    """The best pair of knots: a grid of at most 14 places, then moved by halving steps; fills `at` and `pair`."""
    lowest, highest = SEGMENT - 1, len(theme.x) - SEGMENT
    stride = (highest - lowest) // GRID + 1
    best = np.inf
    line, here, covariance = at.copy(), np.empty(4), np.empty((4, 4))
    for a in range(lowest, highest + 1, stride):
        here[:] = line
        for b in range(a + SEGMENT, highest + 1, stride):
            deviance = _fit(theme, np.array([a, b]), 4, here, covariance)
            if deviance < best:
                best = deviance
                pair[0], pair[1] = a, b
                at[:] = here
    while stride > 1:
        stride = (stride + 1) // 2 if stride > 2 else 1
        moved = True
        while moved:
            moved = False
            centre = pair.copy()
            for move in range(9):
                a, b = centre[0] + (move // 3 - 1) * stride, centre[1] + (move % 3 - 1) * stride
                if a < lowest or b > highest or b < a + SEGMENT:
                    continue
                here[:] = at
                deviance = _fit(theme, np.array([a, b]), 4, here, covariance)
                if deviance < best - 1e-9:
                    best = deviance
                    pair[0], pair[1] = a, b
                    at[:] = here
                    moved = True
    return best


@njit
def _weigh_two(theme: Curve, at: Floats, pair: Ints, best: float, phi: float, posterior: Floats) -> None:
    """Fill the posterior (2, T) of the place of each knot, over the best place of the other one and a grid of others."""
    lowest, highest = SEGMENT - 1, len(theme.x) - SEGMENT
    stride = (highest - lowest) // COARSE + 1
    here, covariance = np.empty(4), np.empty((4, 4))
    posterior[:] = 0.0
    for a in range(lowest, highest + 1):
        first_told = a == pair[0] or (a - lowest) % stride == 0
        here[:] = at
        for b in range(a + SEGMENT, highest + 1):
            last_told = b == pair[1] or (b - lowest) % stride == 0
            if first_told or last_told:
                deviance = _fit(theme, np.array([a, b]), 4, here, covariance)
                weight = math.exp(min(0.5 * (best - deviance) / phi, 50.0))
                posterior[0, a] += weight if last_told else 0.0
                posterior[1, b] += weight if first_told else 0.0
    posterior[0] /= posterior[0].sum()
    posterior[1] /= posterior[1].sum()


@njit
def _slopes_of(curve: Floats, covariance: Floats, terms: int, phi: float, slopes: Floats) -> None:
    """Fill the slope of each segment over its standard error."""
    slope = 0.0
    for s in range(1, terms):
        slope += curve[s]
        slopes[s - 1] = slope / math.sqrt(phi * covariance[1 : s + 1, 1 : s + 1].sum())


@njit
def _fit(theme: Curve, places: Ints, terms: int, at: Floats, covariance: Floats) -> float:
    """Fit a broken line from `at`, in place: -2 log likelihood (penalised), and the inverse information.

    Terms are 1 for a level, 2 with a slope, 3 and 4 with the changes of slope at the knots in `places`.
    """
    basis = _basis(theme.x, places)
    gradient, hessian = np.empty(4), np.empty((4, 4))
    trial, step = np.zeros(4), np.zeros(4)
    at[terms:] = 0.0
    best = _slopes(theme, basis, terms, at, gradient, hessian)
    for _ in range(60):
        _invert(hessian, terms, covariance)
        gain = 0.0
        for c in range(terms):
            step[c] = 0.0
            for r in range(terms):
                step[c] += covariance[c, r] * gradient[r]
            gain += step[c] * gradient[c]
        if gain < 1e-7:
            break
        length, found = 1.0, -np.inf
        while found < best and length > 1e-9:
            for c in range(terms):
                trial[c] = at[c] + length * step[c]
            found = _slopes(theme, basis, terms, trial, gradient, hessian)
            length *= 0.5
        if found < best:  # rounding alone is left
            break
        best = found
        at[:] = trial
    return -2.0 * best


@njit
def _basis(x: Floats, places: Ints) -> Floats:
    """(T, 4): 1, x, and the time past each of the two knots."""
    basis = np.empty((len(x), 4))
    for t in range(len(x)):
        basis[t, 0], basis[t, 1] = 1.0, x[t]
        basis[t, 2], basis[t, 3] = max(x[t] - x[places[0]], 0.0), max(x[t] - x[places[1]], 0.0)
    return basis


@njit
def _slopes(theme: Curve, basis: Floats, terms: int, at: Floats, gradient: Floats, hessian: Floats) -> float:
    """Penalised log likelihood at a point, with its gradient and (minus) its second derivative."""
    gradient[:] = 0.0
    hessian[:] = 0.0
    likelihood = 0.0
    for t in range(len(theme.x)):
        eta = theme.offset[t]
        for c in range(terms):
            eta += at[c] * basis[t, c]
        decay = math.exp(-abs(eta))
        share = (1.0 if eta > 0.0 else decay) / (1.0 + decay)
        likelihood += theme.seen[t] * eta - theme.size[t] * (max(eta, 0.0) + math.log1p(decay))
        left, weight = theme.seen[t] - theme.size[t] * share, theme.size[t] * share * (1.0 - share)
        for c in range(terms):
            gradient[c] += left * basis[t, c]
            for r in range(c + 1):
                hessian[c, r] += weight * basis[t, c] * basis[t, r]
    for c in range(terms):
        ridge = RIDGE_LEVEL if c == 0 else RIDGE_SLOPE
        likelihood -= 0.5 * ridge * at[c] * at[c]
        gradient[c] -= ridge * at[c]
        hessian[c, c] += ridge
        hessian[:c, c] = hessian[c, :c]
    return likelihood


@njit
def _invert(matrix: Floats, terms: int, out: Floats) -> None:
    """Inverse of a positive definite matrix of at most 4 x 4, by Gauss and Jordan."""
    work = matrix.copy()
    out[:] = 0.0
    for i in range(terms):
        out[i, i] = 1.0
    for i in range(terms):
        pivot = work[i, i]
        for c in range(terms):
            work[i, c] /= pivot
            out[i, c] /= pivot
        for r in range(terms):
            factor = work[r, i] if r != i else 0.0
            for c in range(terms):
                work[r, c] -= factor * work[i, c]
                out[r, c] -= factor * out[i, c]
