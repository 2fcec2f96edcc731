"""How much a window of days speaks against what came before it: the evidence of a change in clumped counts.

Given how often a theme was said in window and past together, how much of it falls in the window follows a beta-binomial
law if nothing changed: the counts are negative binomial, as clumps make them, and their unknown rate cancels (Robinson
and Smyth 2008). How much they vary is learnt from the past, and so is whether clumps last: blocks of four weeks then vary
more than single weeks, windows longer than these more still, and as many fewer weeks tell of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit

if TYPE_CHECKING:
    from estran.stats.presence import Floats

RATIOS = (1.5, 2.0, 3.0, 6.0, 20.0)
"""Changes that are sought, alike likely."""

FAINT = 0.5
"""Of a use, so that a theme never said has a rate."""

_BLOCKS = (1, 4)  # weeks that are counted together where the dispersion is learnt
_FEWEST = 4  # blocks, for one
_BEFOREHAND = 3.0  # degrees of freedom: talk is known to clump, and not without end
_AS_MUCH_AS = 50.0  # uses of past: of fewer, clumps tell more of the dispersion than the past does
_AS_LONG_AS = 13.0  # weeks, likewise
_LASTING = 3.0  # weeks that tell of the dispersion as one does, as clumps may last
_LEAST = 1.05  # nearer to 1 the beta-binomial law is the binomial one, and its differences are rounding
_BEYOND = 1.0  # of what four weeks vary more than one: longer windows vary so much more still, clumps lasting 5 to 14 days
_LARGEST_LOG = 600.0  # exp of more overflows
_RATIOS = np.array(RATIOS)


class Split(NamedTuple):
    """A window against its past.

    Attributes:
        inside: uses in the window.
        opportunity: expected ones.
        before: uses in the past.
        expected: expected ones.
        dispersion: variance of the counts over that of independent uses.
        weekly: uses in a week of those that it was learnt from.
        learnt: how many weeks these are.
    """

    inside: float
    opportunity: float
    before: float
    expected: float
    dispersion: float
    weekly: float
    learnt: float


class Spread(NamedTuple):
    """How the counts of some weeks vary.

    Attributes:
        weeks: that tell of it.
        uses: in them.
        short: dispersion of single weeks; -1 where too few weeks tell of it.
        long: of four weeks together; -1 likewise.
    """

    weeks: float
    uses: float
    short: float
    long: float


if TYPE_CHECKING:
    Sums = tuple[Floats, Floats, Floats]


@njit
def sums_of(seen: Floats, due: Floats) -> Sums:
    """Uses before each day, expected ones, and sums of squares and products over blocks that end there and those before.

    (2, 3, D + 1): of blocks of one and of four weeks; of uses, of uses times expected ones, and of expected ones.
    """
    days = len(seen)
    all_seen, all_due, squares = np.zeros(days + 1), np.zeros(days + 1), np.zeros((2, 3, days + 1))
    for d in range(days):
        all_seen[d + 1] = all_seen[d] + seen[d]
        all_due[d + 1] = all_due[d] + due[d]
    for kind in range(2):
        length = 7 * _BLOCKS[kind]
        for d in range(length, days + 1):
            x, e = all_seen[d] - all_seen[d - length], all_due[d] - all_due[d - length]
            squares[kind, 0, d] = squares[kind, 0, d - length] + x * x
            squares[kind, 1, d] = squares[kind, 1, d - length] + x * e
            squares[kind, 2, d] = squares[kind, 2, d - length] + e * e
    return all_seen, all_due, squares


@njit
def spread_of(sums: Sums, cut: int, weeks: int) -> Spread:
    """How the counts of the weeks before a day vary about one level."""
    seen, due, _ = sums
    start = cut - 7 * weeks
    uses, expected = seen[cut] - seen[start], due[cut] - due[start]
    if expected <= 0.0:
        return Spread(weeks, uses, -1.0, -1.0)
    rate = (uses + FAINT) / expected
    return Spread(weeks, uses, _pearson(sums, cut, weeks, rate, 0), _pearson(sums, cut, weeks, rate, 1))


@njit
def _pearson(sums: Sums, cut: int, weeks: int, rate: float, kind: int) -> float:
    _, due, squares = sums
    blocks = weeks // _BLOCKS[kind]
    start = cut - 7 * blocks * _BLOCKS[kind]
    expected = due[cut] - due[start]
    if blocks < _FEWEST or expected <= 0.0:
        return -1.0
    of = squares[kind]
    apart = (
        of[0, cut] - of[0, start]
        - 2.0 * rate * (of[1, cut] - of[1, start])
        + rate * rate * (of[2, cut] - of[2, start])
    )  # fmt: skip
    pearson: float = apart / (rate * expected) * blocks / (blocks - 1)
    return pearson


@njit
def both(one: Spread, other: Spread) -> Spread:
    """How the counts of two times vary, each about its own level."""
    return Spread(
        one.weeks + other.weeks,
        one.uses + other.uses,
        _mean(one.short, one.weeks, other.short, other.weeks),
        _mean(one.long, one.weeks, other.long, other.weeks),
    )


@njit
def _mean(one: float, weight: float, other: float, by: float) -> float:
    if one < 0.0:
        return other
    if other < 0.0:
        return one
    return (one * weight + other * by) / (weight + by)


@njit
def split_of(sums: Sums, end: int, window: int, weeks: int, clumps: float, earlier: Spread) -> Split:
    """The window that ends before a day, against the weeks before it; `earlier` weeks had another level."""
    seen, due, _ = sums
    cut = end - window
    start = cut - 7 * weeks
    spread = both(spread_of(sums, cut, weeks), earlier)
    few = max(_AS_MUCH_AS / (_AS_MUCH_AS + spread.uses), _AS_LONG_AS / (_AS_LONG_AS + spread.weeks))
    least = max(1.0 + (clumps - 1.0) * few, _LEAST)
    short, long = max(spread.short, least), max(spread.long, least)
    lasting = max(long - short, 0.0) * _BEYOND * max(1.0 - 7.0 * _BLOCKS[1] / window, 0.0)
    inside, before = seen[end] - seen[cut], seen[cut] - seen[start]
    opportunity, expected = due[end] - due[cut], due[cut] - due[start]
    whole = opportunity + expected
    weekly = max(inside + before, FAINT) / whole * expected / weeks if whole > 0.0 else 0.0
    # weeks that are alike tell as little as fewer that are not
    learnt = spread.weeks / _LASTING
    return Split(inside, opportunity, before, expected, max(short, long) + lasting, weekly, learnt)


@njit
def rate_of(split: Split) -> float:
    """Uses of the past for one that was expected."""
    return (split.before + FAINT) / split.expected if split.expected > 0.0 else 0.0


@njit
def evidence_of(split: Split) -> float:
    """The log likelihood ratio of a change against none, drawn in where the dispersion was learnt from few weeks."""
    whole = split.opportunity + split.expected
    phi, more = split.dispersion, split.inside > rate_of(split) * split.opportunity
    uses = split.inside + split.before
    size = max(uses, FAINT) / (phi - 1.0)  # had nothing changed, the uses of both would tell the rate
    part = split.opportunity / whole
    still = _log_likelihood(split.inside, uses, size * part, size * (1.0 - part))
    sum_ = 0.0
    for ratio in _RATIOS:
        raised_to = ratio if more else 1.0 / ratio
        part = raised_to * split.opportunity / (raised_to * split.opportunity + split.expected)
        sum_ += math.exp(
            min(_log_likelihood(split.inside, uses, size * part, size * (1.0 - part)) - still, _LARGEST_LOG)
        )
    evidence = math.log(sum_ / len(_RATIOS))
    if evidence <= 0.0:
        return evidence
    # the variance of a dispersion that was learnt from so many weeks of such counts, as degrees of freedom
    tails = (6.0 * (phi - 1.0) + 1.0 / phi) / max(split.weekly, 1e-9)
    freedom = max(split.learnt - 1.0, 0.0) / (1.0 + tails / 2.0) + _BEFOREHAND
    return (freedom + 1.0) / 2.0 * math.log1p(2.0 * evidence / freedom)


@njit
def _log_likelihood(inside: float, uses: float, a: float, b: float) -> float:
    """Of the beta-binomial law with parameters a and b, up to what does not depend on them."""
    return (
        math.lgamma(inside + a) - math.lgamma(a) + math.lgamma(uses - inside + b) - math.lgamma(b)
    )  # a + b is the same for all parts
