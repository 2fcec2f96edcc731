"""How far a place on a fitted curve, or the way between two, may lie from its estimate: a kernel of `estran.stats.course`.

The profile likelihood: what is asked is held at a value, all else is fitted again, and the interval is where the
deviance has risen by no more than allowed. Unlike an estimate with its standard error it knows that nothing may have
been there at all: such an end is infinite.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit

if TYPE_CHECKING:
    from estran.stats.presence import Floats, Ints

FARTHEST = math.log(1e6)
"""Log odds (ratios) farther than it are infinite: a millionfold is no bound."""
_RIDGE = 1e-6  # only what keeps a fit finite
ROUNDS = 3
_CLOSE = 1e-3  # of the square root of the deviance


class Held(NamedTuple):
    """What is fitted, and the windows of P themes.

    Attributes:
        basis: (P, T, 4) the terms of each theme's curve.
        terms: (P,) how many of them it has.
        offset: (P, T) expected log odds.
        seen: (P, T) uses.
        size: (T,) rows.
        weight: (P, T) what each period weighs in a window: uses expected from the strata, so that years whose voices
            could not have said it say nothing.
        curve: (P, 4) the fitted curve.
        covariance: (P, 4, 4) of the curve, for independent rows.
        typical: (P,) log odds of the overall share.
        windows: (P, 2, 2) first period of "before", and one past its last; the same of "now".
        allowed: (P, 3) by how much the deviance may rise for before, now and their ratio.
        error: (P, 3) standard errors of their logs: where the search begins.
    """

    basis: Floats
    terms: Ints
    offset: Floats
    seen: Floats
    size: Floats
    weight: Floats
    curve: Floats
    covariance: Floats
    typical: Floats
    windows: Ints
    allowed: Floats
    error: Floats


class Question(NamedTuple):
    """A combination of the curve's terms that is held at values.

    Attributes:
        asked: (4,) what each term weighs.
        main: the term that is given up to hold it.
        aim: the square root of how much deviance may be lost.
        error: standard error.
        best: the likelihood of the fitted curve.
    """

    asked: Floats
    main: int
    aim: float
    error: float
    best: float


@njit
def log_mean(w: int, j: int, held: Held, curve: Floats, slope: Floats) -> float:
    """The log of the mean share of theme j in a window; `slope` becomes its gradient by the curve's terms."""
    total, weight = 0.0, 0.0
    slope[:] = 0.0
    for t in range(held.windows[j, w, 0], held.windows[j, w, 1]):
        eta = held.typical[j]
        for c in range(held.terms[j]):
            eta += curve[c] * held.basis[j, t, c]
        share = _expit(eta)
        weight += held.weight[j, t]
        total += held.weight[j, t] * share
        for c in range(held.terms[j]):
            slope[c] += held.weight[j, t] * share * (1.0 - share) * held.basis[j, t, c]
    slope /= total
    return math.log(total / weight)


@njit
def asked_of(k: int, j: int, held: Held, curve: Floats, asked: Floats) -> float:
    """The log of what is asked of theme j (0 before, 1 now, 2 their ratio), and its gradient."""
    if k < 2:
        return log_mean(k, j, held, curve, asked)
    other = np.empty(4)
    before = log_mean(0, j, held, curve, other)
    now = log_mean(1, j, held, curve, asked)
    asked -= other
    return now - before


@njit
def estimate(first: int, past: int, held: Held, logs: Floats, asked: Floats) -> None:
    """Fill the logs (P, 3) of before, now and their ratio, and their gradients `asked` (P, 3, 4)."""
    for j in range(first, past):
        for k in range(3):
            logs[j, k] = asked_of(k, j, held, held.curve[j], asked[j, k])


@njit
def grow_windows(first: int, past: int, held: Held, begin: Ints, end: int, least: float) -> None:
    """Fill the windows: from both ends of the movement inwards, until either holds `least` uses or they meet.

    The one with fewer uses grows first. Uses are those of the curve, so a silent stretch counts for what it is. Where
    the ratio would then go against the movement, neither window passes the mean of the shares at the two ends.
    """
    periods = len(held.size)
    share, uses, ignored = np.zeros(periods), np.zeros(periods), np.empty(4)
    for j in range(first, past):
        for t in range(periods):
            eta = 0.0
            for c in range(held.terms[j]):
                eta += held.curve[j, c] * held.basis[j, t, c]
            share[t] = _expit(held.typical[j] + eta)
            uses[t] = held.size[t] * _expit(held.offset[j, t] + eta)
        _grow(begin[j], end, share, uses, least, np.inf, held.windows[j])
        way = share[end] - share[begin[j]]
        moved = asked_of(2, j, held, held.curve[j], ignored)
        if moved * way < 0.0:
            _grow(begin[j], end, share, uses, least, 0.5 * (share[end] + share[begin[j]]), held.windows[j])


@njit
def _grow(
    begin: int, end: int, share: Floats, uses: Floats, least: float, middle: float, windows: Ints
) -> None:
    """Fill the two windows of a theme; neither passes the `middle` share, unless it is infinite."""
    left, right, way = begin, end, share[end] - share[begin]
    free = np.isinf(middle)
    before, now = uses[left], uses[right]
    while min(before, now) < least and left + 1 < right:
        may_left = before < least and (free or (share[left + 1] - middle) * way < 0.0)
        may_right = now < least and (free or (share[right - 1] - middle) * way > 0.0)
        if may_left and (before <= now or not may_right):
            left += 1
            before += uses[left]
        elif may_right:
            right -= 1
            now += uses[right]
        else:
            break
    windows[0, 0], windows[0, 1] = begin, left + 1
    windows[1, 0], windows[1, 1] = right, end + 1


@njit
def _expit(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(odds, -300.0), 300.0)))


@njit
def hold(first: int, past: int, held: Held, ends: Floats) -> None:
    """Fill the ends (P, 3, 2) of the logs of before, now and their ratio: infinite where there is none.

    What is asked is not linear in the curve's terms: it is held by its gradient, which is taken again where the search
    ended. Of the curves that are as likely as allowed, the farthest counts.
    """
    asked, curve = np.empty(4), np.empty(4)
    for j in range(first, past):
        terms = held.terms[j]
        best = _likelihood(held, j, held.curve[j])
        for k in range(3):
            for w in range(2):
                way, farthest = 2.0 * w - 1.0, -np.inf
                curve[:] = held.curve[j]
                for turn in range(ROUNDS):
                    asked_of(k, j, held, curve, asked)
                    main = _largest(asked, terms) if k == 2 else 0
                    question = Question(asked, main, math.sqrt(held.allowed[j, k]), held.error[j, k], best)
                    curve[:] = held.curve[j]
                    end = _end(held, j, question, way, curve)
                    if np.isfinite(end):
                        farthest = max(farthest, way * asked_of(k, j, held, curve, asked))
                    else:
                        farthest = np.inf if turn == 0 else farthest
                        break
                ends[j, k, w] = way * farthest


@njit
def lost_without_change(first: int, past: int, held: Held, asked: Floats, lost: Floats) -> None:
    """Fill the square root of the deviance lost where the ratio of now to before is held at 1 (to first order)."""
    curve = np.empty(4)
    for j in range(first, past):
        main = _largest(asked[j, 2], held.terms[j])
        if asked[j, 2, main] != 0.0:
            curve[:] = held.curve[j]
            best = _likelihood(held, j, held.curve[j])
            lost[j] = _risen(held, j, Question(asked[j, 2], main, 0.0, 0.0, best), 0.0, curve)


@njit
def _largest(asked: Floats, terms: int) -> int:
    """The term past the level that weighs most: it is given up to hold the combination."""
    main = 1
    for c in range(2, terms):
        if abs(asked[c]) > abs(asked[main]):
            main = c
    return main


@njit
def _end(held: Held, j: int, question: Question, way: float, curve: Floats) -> float:
    """One end: outwards until the deviance has risen enough, then between the last two; `curve` becomes the one there."""
    aim = question.aim
    inner, reached = 0.0, 0.0
    for c in range(held.terms[j]):
        inner += question.asked[c] * curve[c]
    step = min(max(aim * question.error, 1e-3), 2.0)
    outer, beyond = inner, 0.0
    while beyond < aim:
        inner, reached = outer, beyond
        if abs(inner) > FARTHEST and way * inner > 0.0:
            return way * np.inf
        outer = inner + way * step
        beyond = _risen(held, j, question, outer, curve)
        step *= 1.6
    for _ in range(60):
        if abs(beyond - aim) <= _CLOSE * aim or abs(outer - inner) < 1e-9:
            break
        share = (aim - reached) / max(beyond - reached, 1e-12)
        middle = inner + min(max(share, 0.05), 0.95) * (outer - inner)
        there = _risen(held, j, question, middle, curve)
        if there < aim * (1.0 - _CLOSE):
            inner, reached = middle, there
        else:
            outer, beyond = middle, there
    return outer


@njit
def _risen(held: Held, j: int, question: Question, value: float, curve: Floats) -> float:
    """Square root of the deviance lost by holding the combination at a value; `curve` is fitted from where it was."""
    terms = held.terms[j]
    gradient, hessian, step, trial = np.empty(4), np.empty((4, 4)), np.zeros(4), np.empty(4)
    _lean(held.covariance[j], question.asked, terms, value, curve)
    _give_up(question, terms, value, curve)
    trial[:] = curve
    here = _likelihood(held, j, curve)
    for _ in range(60):
        _slopes(held, j, question, curve, gradient, hessian)
        gain = _newton(hessian, gradient, terms, question.main, step)
        if gain < 1e-7:
            break
        length, found = 1.0, -np.inf
        while found < here and length > 1e-6:
            for c in range(terms):
                trial[c] = curve[c] + length * step[c]
            _give_up(question, terms, value, trial)
            found = _likelihood(held, j, trial)
            length *= 0.5
        if found < here:
            break
        curve[:] = trial
        here = found
    return math.sqrt(max(2.0 * (question.best - here), 0.0))


@njit
def _slopes(held: Held, j: int, question: Question, curve: Floats, gradient: Floats, hessian: Floats) -> None:
    """Fill the gradient of the log likelihood by the free terms, and (minus) its second derivative."""
    terms = held.terms[j]
    gradient[:] = 0.0
    hessian[:] = 0.0
    x = np.empty(4)
    for t in range(len(held.size)):
        eta = held.offset[j, t]
        for c in range(terms):
            eta += curve[c] * held.basis[j, t, c]
        share = _expit(eta)
        left, weight = held.seen[j, t] - held.size[t] * share, held.size[t] * share * (1.0 - share)
        main = held.basis[j, t, question.main] / question.asked[question.main]
        for c in range(terms):
            x[c] = held.basis[j, t, c] - question.asked[c] * main
            gradient[c] += left * x[c]
            for r in range(c + 1):
                hessian[c, r] += weight * x[c] * x[r]
    for c in range(terms):
        hessian[c, c] += _RIDGE
        hessian[:c, c] = hessian[c, :c]


@njit
def _lean(covariance: Floats, asked: Floats, terms: int, value: float, curve: Floats) -> None:
    """Move the curve to where the combination has its value, as the others follow it to first order."""
    along, spread = np.zeros(4), 0.0
    for c in range(terms):
        value -= asked[c] * curve[c]
        for r in range(terms):
            along[c] += covariance[c, r] * asked[r]
        spread += along[c] * asked[c]
    for c in range(terms if spread > 0.0 else 0):
        curve[c] += value / spread * along[c]


@njit
def _give_up(question: Question, terms: int, value: float, curve: Floats) -> None:
    """Set the main term so that the combination has its value."""
    others = 0.0
    for c in range(terms):
        if c != question.main:
            others += question.asked[c] * curve[c]
    curve[question.main] = (value - others) / question.asked[question.main]


@njit
def _newton(hessian: Floats, gradient: Floats, terms: int, main: int, step: Floats) -> float:
    """Fill the Newton step of the free terms, by elimination; what it gains, to first order."""
    hessian[main, :] = 0.0
    hessian[:, main] = 0.0
    hessian[main, main] = 1.0
    gradient[main] = 0.0
    for c in range(terms):
        step[c] = gradient[c]
    for i in range(terms):
        for r in range(i + 1, terms):
            factor = hessian[r, i] / hessian[i, i]
            for c in range(i, terms):
                hessian[r, c] -= factor * hessian[i, c]
            step[r] -= factor * step[i]
    for back in range(terms):
        i = terms - 1 - back
        for c in range(i + 1, terms):
            step[i] -= hessian[i, c] * step[c]
        step[i] /= hessian[i, i]
    gain = 0.0
    for c in range(terms):
        gain += step[c] * gradient[c]
    return gain


@njit
def _likelihood(held: Held, j: int, curve: Floats) -> float:
    total = 0.0
    for t in range(len(held.size)):
        eta = held.offset[j, t]
        for c in range(held.terms[j]):
            eta += curve[c] * held.basis[j, t, c]
        total += held.seen[j, t] * eta - held.size[t] * (max(eta, 0.0) + math.log1p(math.exp(-abs(eta))))
    return total
