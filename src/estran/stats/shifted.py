"""One curve for two sides, the second some periods behind the first: the kernel of `estran.stats.leads`.

The log odds of each side are a level of its own plus a broken line that both share; the second side walks it L periods
later. All themes are fitted at once, by Newton's method on a binomial likelihood with a faint ridge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from estran.stats.presence import Floats, Ints

MOST_BREAKS = 5
PERIODS_PER_SEGMENT = 3
RIDGE_LEVEL, RIDGE_SLOPE = 1e-6, 1e-3
RIDGE_WIDER = 0.03
"""Information on the widening from before the data: the sides may differ in pace, but not without measure."""
STEPS = 25
CALM = 1e-4
"""A fit is done when no log odds moved more than this."""
FARTHEST = 3.0
"""Log odds that a step may move."""
BLUR = 1.0 / 9.0
"""Standard deviation, as a part of the span, of the smoothing that tells how a slower side would look."""
PER_PERIOD = 4
"""Points of the fine line on which curves are smoothed."""
BEYOND = 2.0
"""Periods past the ends up to which a line is followed; after them it is level."""


@dataclass(frozen=True, slots=True)
class Both:
    """What both sides said: M periods of side one, then the same M periods of side two.

    Attributes:
        x: (M,) the periods in which both spoke.
        size: (2M,) rows.
        seen: (P, 2M) rows that used each theme.
        offset: (P, 2M) log odds expected from the strata.
    """

    x: Floats
    size: Floats
    seen: Floats
    offset: Floats

    def take(self, themes: Ints | slice) -> Both:
        """The same of some themes."""
        return replace(self, seen=self.seen[themes], offset=self.offset[themes])

    @property
    def span(self) -> float:
        """Periods from the first to the last."""
        return float(self.x[-1] - self.x[0])

    @property
    def breaks(self) -> Floats:
        """(K,) where the line may break: evenly over the span, 5 places at most, segments of 3 periods and more."""
        inner = int(np.clip(len(self.x) // PERIODS_PER_SEGMENT - 1, 1, MOST_BREAKS))
        return np.linspace(self.x[0], self.x[-1], inner + 2)[1:-1]

    @property
    def opposed(self) -> Floats:
        """(2M,) +1/2 on side one, -1/2 on side two: what is ahead on the one lags on the other."""
        return np.repeat([0.5, -0.5], len(self.x))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A curve of each theme.

    Attributes:
        terms: (P, C) its coefficients.
        share: (P, 2M) fitted share of the rows.
        deviance: (P,) -2 log likelihood, with the ridge, up to a constant of the theme.
    """

    terms: Floats
    share: Floats
    deviance: Floats


def shifted(both: Both, lag: float) -> Floats:
    """(2M, C) a level for each side, and a line that side two walks `lag` periods later."""
    walked = np.concatenate([both.x + lag / 2, both.x - lag / 2])
    return np.concatenate([_levels(both), _line(both, walked)], axis=1)


def apart(both: Both) -> Fitted:
    """Each side with a curve of its own."""
    own = _line(both, both.x)
    nothing = np.zeros_like(own)
    return fit(np.concatenate([_levels(both), np.block([[own, nothing], [nothing, own]])], axis=1), both)


def _levels(both: Both) -> Floats:
    return np.repeat(np.eye(2), len(both.x), axis=0)


def _line(both: Both, x: Floats) -> Floats:
    """(M, K+1) the terms of a broken line at some places."""
    terms = np.concatenate([x[:, None], np.maximum(x[:, None] - both.breaks, 0.0)], axis=1)
    return np.asarray(terms / both.span)


def fit(design: Floats, both: Both, start: Floats | None = None) -> Fitted:
    """The likeliest curve of each theme on a design (2M, C) that all share; its first two terms are levels."""
    themes, terms = len(both.seen), design.shape[1]
    ridge = np.full(terms, RIDGE_SLOPE)
    ridge[:2] = RIDGE_LEVEL
    b = np.zeros((themes, terms)) if start is None else start.copy()
    odds = both.offset + b @ design.T
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    for _ in range(STEPS):
        share = expit(odds)
        weight = both.size * share * (1.0 - share)
        score = (both.seen - both.size * share) @ design - ridge * b
        information = (weight @ products).reshape(themes, terms, terms) + np.diag(ridge)
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        far = np.abs(step @ design.T).max(axis=1, initial=0.0)
        b += step * np.minimum(1.0, FARTHEST / np.maximum(far, FARTHEST))[:, None]
        odds = both.offset + b @ design.T
        if far.max(initial=0.0) < CALM:
            break
    deviance = -2.0 * (both.seen * odds - both.size * np.logaddexp(0.0, odds)).sum(axis=1)
    return Fitted(b, expit(odds), deviance + (ridge * b * b).sum(axis=1))


def profile(both: Both, lags: Floats) -> Floats:
    """(G, P) the deviance of a common curve that side two walks L periods later than side one, for each L of `lags`."""
    deviance = np.empty((len(lags), len(both.seen)))
    near: dict[float, Floats] = {}  # fits start from those of the lag before, on the same side of nil
    for g in np.argsort(np.abs(lags), kind="stable"):
        way = float(np.sign(lags[g]))
        fitted = fit(shifted(both, lags[g]), both, near.get(way, near.get(0.0)))
        near[way] = fitted.terms
        deviance[g] = fitted.deviance
    return deviance


def ahead(both: Both, same: Fitted) -> Floats:
    """(P, 2M) what a residual weighs in the score of the lag at nil, blind to levels, curve and pace.

    A side one that is ahead by a little adds the slope of the curve to its log odds; a side two that is slower, and
    not later, looks like the common curve smoothed. The score of the lag is taken apart from all that a level for each
    side, any change of the common curve, and a side slower or faster than the other would explain.

    Args:
        both: what both sides said.
        same: the fit of a common curve at lag nil (`shifted(both, 0)`).
    """
    design = shifted(both, 0.0)
    slope, wider = _slope_and_smoothing(both, same.terms[:, 2:])
    weight = both.size * same.share * (1.0 - same.share)
    nuisance = np.concatenate(
        [np.broadcast_to(design, (len(slope), *design.shape)), wider[:, :, None]], axis=2
    )
    weighed = nuisance * weight[:, :, None]
    information = np.swapaxes(weighed, 1, 2) @ nuisance
    ridge = np.full(nuisance.shape[2], 1e-4)
    ridge[-1] += RIDGE_WIDER
    told = np.linalg.solve(information + np.diag(ridge), np.swapaxes(weighed, 1, 2) @ slope[:, :, None])
    blind: Floats = slope - (nuisance @ told)[:, :, 0]
    return blind


def _slope_and_smoothing(both: Both, terms: Floats) -> tuple[Floats, Floats]:
    """(P, 2M) the slope of each curve, and the log of the curve smoothed over itself, opposed on the two sides."""
    blur = BLUR * both.span
    reach = int(4 * blur) + 1
    points = (
        np.arange(-reach * PER_PERIOD, (int(both.span) + reach) * PER_PERIOD + 1) / PER_PERIOD + both.x[0]
    )
    followed = np.clip(points, both.x[0] - BEYOND, both.x[-1] + BEYOND)
    curve = terms @ _line(both, followed).T
    at = np.searchsorted(points, both.x - 1e-9)
    half = PER_PERIOD // 2
    slope = curve[:, at + half] - curve[:, at - half]
    kernel = np.exp(-0.5 * ((both.x[:, None] - points) / blur) ** 2)
    kernel /= kernel.sum(axis=1, keepdims=True)
    top = curve.max(axis=1, keepdims=True)
    wider = np.log(np.exp(curve - top) @ kernel.T) - (curve[:, at] - top)
    return np.tile(slope, 2) * both.opposed, np.tile(wider, 2) * both.opposed
