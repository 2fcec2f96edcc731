"""Whether people of one side say a theme more than people of the other who speak as much: the exact test of sides.

A row is a person, counted once however often something was said. People are compared within strata only (volume,
language, time of speaking), and a stratum in which one side alone speaks says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincinv, gammaln, ndtr, ndtri

from estran.compiled import njit
from estran.stats.sparse import over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Codes, Floats, Ints, Presence

PRIOR = 0.5
NEGLIGIBLE = 1e-18
"""Chance below which a count is left out of a distribution: no p value is told below it."""


@dataclass(frozen=True, slots=True)
class Sidedness:
    """What people of either side share of each theme; all arrays (P,).

    Shares are those of a mix of strata that both sides have: weights ``n_in n_out / n``, as Mantel and Haenszel's, so
    that the ratio of the two shares is their risk ratio.

    Attributes:
        p: two-sided p values; 1 where nothing can be told.
        inside: standardised share of the people inside.
        inside_low: its lower end.
        inside_high: its upper end.
        outside: standardised share of the people outside.
        outside_low: its lower end.
        outside_high: its upper end.
        ratio: outside over inside; infinite where nobody inside says it, not a number where nobody does.
        ratio_low: its lower end.
        ratio_high: its upper end.
        people_inside: comparable people inside who say it.
        people_outside: comparable people outside who say it.
        inflation: of the variance, as those who say it in one conversation are of one side more than others; 1 at least.
        effective: (P, 2) independent people that the share inside, and that outside, are as sure as.
    """

    p: Floats
    inside: Floats
    inside_low: Floats
    inside_high: Floats
    outside: Floats
    outside_low: Floats
    outside_high: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats
    people_inside: Ints
    people_outside: Ints
    inflation: Floats
    effective: Floats

    def at(self, level: Floats | float) -> Sidedness:
        """The same with intervals of another level, one for all themes or (P,): nothing is tested again."""
        share = np.stack([self.inside, self.outside], axis=1)
        low, high = _ends(share, self.effective, level)
        ratio, ratio_low, ratio_high = _ratio(share, low, high)
        return replace(
            self,
            inside_low=low[:, 0],
            inside_high=high[:, 0],
            outside_low=low[:, 1],
            outside_high=high[:, 1],
            ratio=ratio,
            ratio_low=ratio_low,
            ratio_high=ratio_high,
        )


def comparable(outside: Bools, stratum: Codes) -> Bools:
    """(N,) people whose stratum holds people of both sides: the overlap."""
    out, size = np.bincount(stratum, outside), np.bincount(stratum)
    return ((out > 0) & (out < size))[stratum]


def sidedness(
    presence: Presence,
    outside: Bools,
    stratum: Codes,
    *,
    where: Codes | None = None,
    tested: bool = True,
    threads: int | None = None,
) -> Sidedness:
    """Whether people outside say each theme more, or less, than comparable people inside.

    If sides were dealt out at random among the people of each stratum, the number of people outside among those who say
    a theme would be a sum of independent hypergeometric counts, one a stratum. Its distribution is computed in full,
    however few people a side has: p is twice the smaller tail, half of the chance of what was seen counted with it
    (mid-p, Lancaster 1961).

    People who say a theme in one conversation may say it because of each other. With e = outside less its share in the
    stratum, ``phi = sum over conversations of (sum of e)^2 / sum of e^2``, 1 at least: the deviate of p is divided by its
    root, and the people that an interval stands on by phi. Nobody is as many as a crowd that came together.

    Intervals of shares are Jeffreys' on the effective number of people (Korn and Graubard 1998); that of the ratio
    recovers its variance from theirs (Donner and Zou 2012), so it needs no person on either side. They are those of
    95 %; `Sidedness.at` gives others.

    Args:
        presence: which person said which theme; N rows, each a person on one side.
        outside: (N,) whether that side is the outside.
        stratum: (N,) dense codes: who may be compared.
        where: (nnz,) conversation in which each use of `presence` was made first; None where none are known.
        tested: whether p is asked for, which is most of the work; else it is 1.
        threads: how many; all cores where None. The answer does not depend on it.
    """
    themes = presence.themes
    strata = int(stratum.max(initial=-1)) + 1
    size: Floats = np.bincount(stratum, minlength=strata).astype(np.float64)
    out = np.bincount(stratum, outside, minlength=strata).astype(np.float64)
    both = (out > 0) & (out < size)
    weight = np.divide(out * (size - out), size, out=np.zeros(strata), where=both)
    given = _Given(
        presence.indptr,
        presence.indices,
        outside.astype(np.float64),
        stratum.astype(np.int64),
        size,
        out,
        weight / max(weight.sum(), NEGLIGIBLE),
        gammaln(np.arange(presence.rows + 2, dtype=np.float64) + 1.0),
        where if where is not None else np.zeros(0, np.int32),
    )
    told = _Told(
        np.ones(themes),
        np.zeros((themes, 2)),
        np.zeros((themes, 2)),
        np.zeros((themes, 2), np.int64),
        np.ones(themes),
    )
    over_themes(lambda a, b: _tell(a, b, given, told, tested), presence.indptr, threads=threads)
    p = np.where(told.inflation > 1, 2.0 * ndtr(ndtri(told.p / 2.0) / np.sqrt(told.inflation)), told.p)
    effective = told.effective / told.inflation[:, None]
    share = np.clip(told.share, 0.0, 1.0)
    low, high = _ends(share, effective, 0.95)
    ratio, ratio_low, ratio_high = _ratio(share, low, high)
    return Sidedness(
        p=p,
        inside=share[:, 0],
        inside_low=low[:, 0],
        inside_high=high[:, 0],
        outside=share[:, 1],
        outside_low=low[:, 1],
        outside_high=high[:, 1],
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        people_inside=told.people[:, 0],
        people_outside=told.people[:, 1],
        inflation=told.inflation,
        effective=effective,
    )


def _ends(share: Floats, effective: Floats, level: Floats | float) -> tuple[Floats, Floats]:
    """The ends of the intervals of (P, 2) shares that stand on so many effective people."""
    tail = (1.0 - np.broadcast_to(np.asarray(level, np.float64), len(share))[:, None]) / 2.0
    known = effective > 0
    yes, no = share * effective + PRIOR, (1.0 - share) * effective + PRIOR
    low = np.where(known & (share > 0), np.minimum(betaincinv(yes, no, tail), share), 0.0)
    high = np.where(known & (share < 1), np.maximum(betaincinv(yes, no, 1.0 - tail), share), 1.0)
    return low, high


def _ratio(share: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Outside over inside, with its ends, from (P, 2) shares inside and outside and the ends of their intervals."""
    (b, a), (lb, la), (ub, ua) = share.T, low.T, high.T
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(b > 0, a / b, np.where(a > 0, np.inf, np.nan))
        under, over = ub * (2 * b - ub), lb * (2 * b - lb)
        lower = (a * b - np.sqrt(np.maximum((a * b) ** 2 - la * (2 * a - la) * under, 0.0))) / under
        # where 2 b = ub the quotient is 0 / 0, and its limit this
        lower = np.where(np.abs(under) > NEGLIGIBLE, lower, la * (2 * a - la) / (2 * a * b))
        upper = (a * b + np.sqrt(np.maximum((a * b) ** 2 - ua * (2 * a - ua) * over, 0.0))) / over
    lower = np.where(la > 0, np.maximum(lower, 0.0), 0.0)
    upper = np.where(lb > 0, upper, np.inf)
    return ratio, np.where(np.isnan(ratio), 0.0, np.minimum(lower, ratio)), np.fmax(upper, ratio)


class _Given(NamedTuple):
    indptr: Ints
    indices: Codes
    outside: Floats  # 1 or 0
    stratum: Ints
    size: Floats  # people of each stratum
    out: Floats  # those of them that are outside
    weight: Floats  # of each stratum in the standard mix; sums to 1
    log_factorial: Floats
    where: Codes


class _Told(NamedTuple):
    p: Floats
    share: Floats  # inside, outside
    effective: Floats  # people that would tell a share as surely in one stratum
    people: Ints
    inflation: Floats


@njit
def _tell(first: int, past: int, given: _Given, told: _Told, tested: bool) -> None:  # noqa: FBT001
    """Fill the answers of themes first..past-1."""
    strata = len(given.size)
    uses, outside = np.zeros(strata), np.zeros(strata)
    met = np.empty(strata, np.int64)
    for j in range(first, past):
        crossed = 0
        for i in given.indices[given.indptr[j] : given.indptr[j + 1]]:
            k = given.stratum[i]
            if given.weight[k] > 0.0:
                if uses[k] == 0.0:
                    met[crossed] = k
                    crossed += 1
                uses[k] += 1.0
                outside[k] += given.outside[i]
        here = met[:crossed]
        if tested:
            told.p[j] = _exact(here, uses, outside, given)
        _standardise(j, here, uses, outside, given, told)
        if len(given.where):
            told.inflation[j] = _inflation(given.indptr[j], given.indptr[j + 1], given)
        for k in here:
            uses[k], outside[k] = 0.0, 0.0


@njit
def _inflation(start: int, past: int, given: _Given) -> float:
    """How much more than people on their own those of one conversation are of one side."""
    order = np.argsort(given.where[start:past]) + start
    alone, together, crowd, last = 0.0, 0.0, 0.0, -1
    for at in order:
        i = given.indices[at]
        k = given.stratum[i]
        if given.weight[k] > 0.0:
            e = given.outside[i] - given.out[k] / given.size[k]
            alone += e * e
            if given.where[at] != last:
                together += crowd * crowd
                crowd, last = 0.0, given.where[at]
            crowd += e
    together += crowd * crowd
    return max(together / alone, 1.0) if alone > 0.0 else 1.0


@njit
def _standardise(j: int, met: Ints, uses: Floats, outside: Floats, given: _Given, told: _Told) -> None:
    """Fill the shares of a theme, and the people that they are as sure as."""
    usual = 0.0
    for k in met:
        seen_out = outside[k]
        told.people[j, 0] += int(uses[k] - seen_out)
        told.people[j, 1] += int(seen_out)
        told.share[j, 0] += given.weight[k] * (uses[k] - seen_out) / (given.size[k] - given.out[k])
        told.share[j, 1] += given.weight[k] * seen_out / given.out[k]
        usual += given.weight[k] * uses[k] / given.size[k]
    if usual == 0.0:
        for side in range(2):
            total = 0.0
            for k in range(len(given.size)):
                if given.weight[k] > 0.0:
                    n = given.out[k] if side else given.size[k] - given.out[k]
                    total += given.weight[k] ** 2 / n
            told.effective[j, side] = 1.0 / total if total > 0.0 else 0.0
        return
    for side in range(2):
        ratio, variance = told.share[j, side] / usual, 0.0
        if ratio == 0.0:
            ratio = 1.0  # nobody on this side: as sure as its strata would be of the usual share
        middle = ratio * usual
        for k in met:
            n = given.out[k] if side else given.size[k] - given.out[k]
            rate = min(ratio * uses[k] / given.size[k], 1.0)
            variance += given.weight[k] ** 2 * rate * (1.0 - rate) / n
        people = given.out.sum() if side else given.size.sum() - given.out.sum()
        told.effective[j, side] = (
            middle * (1.0 - middle) / variance if variance > NEGLIGIBLE and middle < 1.0 else people
        )


@njit
def _exact(met: Ints, uses: Floats, outside: Floats, given: _Given) -> float:
    """Twice the smaller tail of the number of people outside who say a theme, half of what was seen counted with it."""
    start, seen = 0, 0
    chance = np.ones(1)
    for k in met:
        seen += int(outside[k])
        least, counts = _dealt(int(given.size[k]), int(uses[k]), int(given.out[k]), given.log_factorial)
        chance = np.convolve(chance, counts)
        start += least
        keep = np.flatnonzero(chance > NEGLIGIBLE)
        start += keep[0]
        chance = chance[keep[0] : keep[-1] + 1]
    place = seen - start
    if place < 0 or place >= len(chance):
        return 2.0 * NEGLIGIBLE
    tail: float = min(chance[:place].sum(), chance[place + 1 :].sum())
    return 2.0 * tail + float(chance[place])


@njit
def _dealt(people: int, users: int, out: int, log_factorial: Floats) -> tuple[int, Floats]:
    """The hypergeometric chances of each number of users outside, and the least of these numbers."""
    least, most = max(0, users + out - people), min(users, out)
    counts = np.empty(most - least + 1)
    fixed = (
        log_factorial[users]
        + log_factorial[people - users]
        + log_factorial[out]
        + log_factorial[people - out]
        - log_factorial[people]
    )
    for x in range(least, most + 1):
        counts[x - least] = math.exp(
            fixed
            - log_factorial[x]
            - log_factorial[users - x]
            - log_factorial[out - x]
            - log_factorial[people - users - out + x]
        )
    return least, counts
