"""Broken-line curves of log odds with 0, 1 or 2 knots, for one theme after the other: the kernel of `turns`.

A fit is Newton's method with step halving on a binomial likelihood; a faint ridge keeps slopes finite where a stretch
of time holds no use at all. Periods are placed at x in 0-1, and knots stand on periods.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.compiled import njit

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints

SEGMENT = 3  # fewest periods of a segment; its ends belong to it
FEWEST_FOR_A_KNOT = 8
GRID = 14  # knots are first tried at so many places, then moved one by one, when there are two of them
COARSE = 7
RIDGE_LEVEL, RIDGE_SLOPE = 1e-6, 1e-3
SIGNIFICANT = 1.64
ABSENT = -9


@njit
def _basis(x: float, first: float, second: float, terms: int, out: Floats) -> None:
    out[0] = 1.0
    if terms > 1:
        out[1] = x
    if terms > 2:
        out[2] = max(x - first, 0.0)
    if terms > 3:
        out[3] = max(x - second, 0.0)


@njit
def _inverse(matrix: Floats, terms: int, out: Floats) -> None:
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
            factor = work[r, i]
            if r == i or factor == 0.0:
                continue
            for c in range(terms):
                work[r, c] -= factor * work[i, c]
                out[r, c] -= factor * out[i, c]


@njit
def _slopes(
    x: Floats, size: Floats, seen: Floats, offset: Floats, first: float, second: float, terms: int,
    at: Floats, gradient: Floats, hessian: Floats,
) -> float:  # fmt: skip
    """Penalised log likelihood at a point, with its gradient and (minus) its second derivative."""
    basis = np.empty(4)
    gradient[:] = 0.0
    hessian[:] = 0.0
    likelihood = 0.0
    for t in range(len(x)):
        _basis(x[t], first, second, terms, basis)
        eta = offset[t]
        for c in range(terms):
            eta += at[c] * basis[c]
        decay = math.exp(-abs(eta))
        share = 1.0 / (1.0 + decay) if eta > 0.0 else decay / (1.0 + decay)
        likelihood += seen[t] * eta - size[t] * (max(eta, 0.0) + math.log1p(decay))
        left, weight = seen[t] - size[t] * share, size[t] * share * (1.0 - share)
        for c in range(terms):
            gradient[c] += left * basis[c]
            for r in range(c + 1):
                hessian[c, r] += weight * basis[c] * basis[r]
    for c in range(terms):
        ridge = RIDGE_LEVEL if c == 0 else RIDGE_SLOPE
        likelihood -= 0.5 * ridge * at[c] * at[c]
        gradient[c] -= ridge * at[c]
        hessian[c, c] += ridge
        for r in range(c):
            hessian[r, c] = hessian[c, r]
    return likelihood


@njit
def _fit(
    x: Floats, size: Floats, seen: Floats, offset: Floats, first: float, second: float, terms: int,
    at: Floats, covariance: Floats,
) -> float:  # fmt: skip
    """Fit from `at`, in place; -2 log likelihood (penalised), and the inverse information."""
    gradient, hessian = np.empty(4), np.empty((4, 4))
    best = _slopes(x, size, seen, offset, first, second, terms, at, gradient, hessian)
    trial, step = np.empty(4), np.empty(4)
    for _ in range(60):
        _inverse(hessian, terms, covariance)
        gain = 0.0
        for c in range(terms):
            step[c] = 0.0
            for r in range(terms):
                step[c] += covariance[c, r] * gradient[r]
            gain += step[c] * gradient[c]
        if gain < 1e-7:
            break
        length = 1.0
        found = -np.inf
        for _ in range(30):
            for c in range(terms):
                trial[c] = at[c] + length * step[c]
            found = _slopes(x, size, seen, offset, first, second, terms, trial, gradient, hessian)
            if found >= best:
                break
            length *= 0.5
        if found < best:
            break
        best = found
        for c in range(terms):
            at[c] = trial[c]
    _slopes(x, size, seen, offset, first, second, terms, at, gradient, hessian)
    _inverse(hessian, terms, covariance)
    return -2.0 * best


@njit
def _two_knots(
    x: Floats,
    size: Floats,
    seen: Floats,
    offset: Floats,
    line: Floats,
    knots: Ints,
    at: Floats,
    covariance: Floats,
) -> float:
    """The best pair of knots: a grid of at most 14 places, then each moved by halving steps; fills `knots` and `at`."""
    lowest, highest = SEGMENT - 1, len(x) - SEGMENT
    stride = (highest - lowest) // GRID + 1
    best = np.inf
    here = np.empty(4)
    for a in range(lowest, highest + 1, stride):
        here[:] = line
        for b in range(a + SEGMENT, highest + 1, stride):
            deviance = _fit(x, size, seen, offset, x[a], x[b], 4, here, covariance)
            if deviance < best:
                best = deviance
                knots[0], knots[1] = a, b
                at[:] = here
    while stride > 1:
        stride = (stride + 1) // 2
        moved = True
        while moved:
            moved = False
            a, b = knots[0], knots[1]
            for move in range(9):
                c, d = a + (move // 3 - 1) * stride, b + (move % 3 - 1) * stride
                if c < lowest or d > highest or d < c + SEGMENT:
                    continue
                here[:] = at
                deviance = _fit(x, size, seen, offset, x[c], x[d], 4, here, covariance)
                if deviance < best - 1e-9:
                    best = deviance
                    knots[0], knots[1] = c, d
                    at[:] = here
                    moved = True
        if stride == 1:
            break
    return best


@njit
def _last_of_two(
    x: Floats,
    size: Floats,
    seen: Floats,
    offset: Floats,
    knots: Ints,
    at: Floats,
    best: float,
    phi: float,
    weight: Floats,
) -> None:
    """Posterior weight of each place of the second knot, over the best first knot and a grid of others."""
    lowest, highest = SEGMENT - 1, len(x) - SEGMENT
    stride = (highest - lowest) // COARSE + 1
    here, covariance = np.empty(4), np.empty((4, 4))
    for a in range(lowest, highest + 1):
        if a != knots[0] and (a - lowest) % stride != 0:
            continue
        here[:] = at
        for b in range(a + SEGMENT, highest + 1):
            deviance = _fit(x, size, seen, offset, x[a], x[b], 4, here, covariance)
            weight[b] += math.exp(min(0.5 * (best - deviance) / phi, 50.0))


@njit
def _quantile(weight: Floats, level: float) -> int:
    total, so_far = 0.0, 0.0
    for k in range(len(weight)):
        total += weight[k]
    for k in range(len(weight)):
        so_far += weight[k]
        if so_far >= level * total * (1.0 - 1e-12) and so_far > 0.0:
            return k
    return len(weight) - 1


@njit
def fit_turns(  # noqa: PLR0913, PLR0917  a kernel takes arrays
    start: int, past: int, x: Floats, size: Floats, seen: Floats, offset: Floats, dispersion: Floats,
    knots: Codes, places: Ints, quantiles: Ints, signs: Codes, curve: Floats,
) -> None:  # fmt: skip
    """Choose and describe the curve of themes start..past-1.

    Args:
        start: first theme.
        past: one past the last.
        x: (T,) places of the periods, 0-1.
        size: (T,) rows.
        seen: (P, T) uses.
        offset: (P, T) log odds expected.
        dispersion: (P,) phi.
        knots: (P,) filled: how many.
        places: (P, 2) filled: the periods of the knots.
        quantiles: (P, 3) filled: 5 %, 50 % and 95 % of the posterior of the last knot.
        signs: (P, 3) filled: direction of each segment where significant, ABSENT where there is none.
        curve: (P, 4) filled: level, slope, and the change of slope at each knot.
    """
    periods = len(x)
    price = math.log(periods)
    lowest, highest = SEGMENT - 1, periods - SEGMENT
    flat, line, one, two = np.zeros(4), np.zeros(4), np.zeros(4), np.zeros(4)
    here = np.zeros(4)
    covariance = np.empty((4, 4))
    deviances = np.empty(periods)
    weight = np.empty(periods)
    pair = np.zeros(2, np.int64)
    for j in range(start, past):
        phi = dispersion[j]
        flat[:] = 0.0
        chosen = _fit(x, size, seen[j], offset[j], 0.0, 0.0, 1, flat, covariance) / phi
        curve[j] = flat
        terms = 1
        line[:] = flat
        cost = _fit(x, size, seen[j], offset[j], 0.0, 0.0, 2, line, covariance) / phi + price
        if cost < chosen:
            chosen, terms = cost, 2
            curve[j] = line
        if periods >= FEWEST_FOR_A_KNOT:
            lowest_deviance = np.inf
            here[:] = line
            for k in range(lowest, highest + 1):
                deviances[k] = _fit(x, size, seen[j], offset[j], x[k], 0.0, 3, here, covariance)
                if deviances[k] < lowest_deviance:
                    lowest_deviance = deviances[k]
                    pair[0] = k
                    one[:] = here
            cost = lowest_deviance / phi + 3.0 * price
            if cost < chosen:
                chosen, terms = cost, 3
                curve[j] = one
                places[j, 0] = pair[0]
                weight[:] = 0.0
                for k in range(lowest, highest + 1):
                    weight[k] = math.exp(0.5 * (lowest_deviance - deviances[k]) / phi)
            if highest - lowest >= SEGMENT:
                deviance = _two_knots(x, size, seen[j], offset[j], line, pair, two, covariance)
                if deviance / phi + 5.0 * price < chosen:
                    terms = 4
                    curve[j] = two
                    places[j] = pair
                    weight[:] = 0.0
                    _last_of_two(x, size, seen[j], offset[j], pair, two, deviance, phi, weight)
        knots[j] = max(terms - 2, 0)
        here[:] = curve[j]
        first, second = x[places[j, 0]], x[places[j, 1]]
        _fit(x, size, seen[j], offset[j], first, second, terms, here, covariance)
        slope, variance = 0.0, 0.0
        for s in range(terms - 1):
            slope += curve[j, 1 + s]
            variance = 0.0
            for r in range(1, s + 2):
                for c in range(1, s + 2):
                    variance += covariance[r, c]
            sure = abs(slope) > SIGNIFICANT * math.sqrt(phi * variance)
            signs[j, s] = (1 if slope > 0.0 else -1) if sure else 0
        if knots[j] > 0:
            quantiles[j, 0] = _quantile(weight, 0.05)
            quantiles[j, 1] = _quantile(weight, 0.5)
            quantiles[j, 2] = _quantile(weight, 0.95)
