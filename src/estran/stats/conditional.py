"""Does something about the way a theme is said move with time, among those who say it?

It is said in a headline, or at a distance: an attribute of a use. How often people use the theme plays no part; how
often such uses have the attribute anyway (a short message is all headline) is allowed for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from estran.compiled import njit
from estran.stats.flips import flip_tail
from estran.stats.power import POWER_80
from estran.stats.sparse import over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints

PRIOR = 0.5  # uses with the attribute, and without, that each stratum is given
EDGE = 0.002  # rates of strata are held this far from 0 and 1
SLOPE_PRIOR = 4.0  # 1 / sd^2 of how much a theme follows the rates of the strata: fully, give or take a half
LEVEL_PRIOR = 1.0 / 9.0  # 1 / sd^2 of the level of a theme beside the others, in log odds
TENTH = 0.1  # "early" is where the first tenth of the uses lies, "late" the last
NOTHING = 1e-12
STEPS = 30


@dataclass(frozen=True, slots=True)
class Uses:
    """Uses of themes, by theme; the use of a person who repeats a theme weighs as much as one that is made once.

    Attributes:
        theme: (U,) codes from 0, rising.
        period: (U,) from 0.
        cluster: (U,) dense codes: who made the use (people), or where (conversations).
        held: (U,) whether the use has the attribute, 0 or 1.
        usual: (U,) how often such a use has it whatever the theme, 0-1 (`rates_of_strata`).
        weight: (U,) 1 over the uses of the theme in the row of evidence.
    """

    theme: Codes
    period: Codes
    cluster: Codes
    held: Floats
    usual: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class ConditionalTrend:
    """How the rate of an attribute moved, given use; all arrays (P,), or (P, 3) for value, lower and upper end.

    Attributes:
        p: two-sided p values; 1 where the rate cannot move.
        sign: 1 up, -1 down, 0 neither.
        early: rate where the first tenth of the uses lies.
        late: rate where the last tenth lies.
        ratio: of the two, as far as time explains it.
        level: rate over all time.
        error: cluster-robust standard error of the change of the log odds from early to late; infinite where none can
            be seen.
        effective_clusters: ``(sum S^2)^2 / sum S^4``.
    """

    p: Floats
    sign: Codes
    early: Floats
    late: Floats
    ratio: Floats
    level: Floats
    error: Floats
    effective_clusters: Floats


def rates_of_strata(held: Floats, stratum: Codes, weight: Floats) -> Floats:
    """(K,) how often uses of each stratum have the attribute, all themes together; half a use added to either side."""
    yes = np.bincount(stratum, held * weight) + PRIOR
    rate: Floats = yes / (np.bincount(stratum, weight) + 2 * PRIOR)
    return rate


def conditional_trend(
    people: Uses,
    conversations: Uses | None,
    *,
    themes: int,
    level: float = 0.9,
    threads: int | None = None,
) -> ConditionalTrend:
    """Whether the rate of an attribute moves with time among the uses of each theme.

    ``S_g = sum over uses of cluster g of w d (a - e)``: a whether the use has the attribute, e its rate at the theme's
    own level given how usual it is in the stratum (logit e = level + slope x logit usual, with no time in it), d the
    period less what level and slope explain of it. The scores are flipped by whole clusters and their tail comes by
    saddlepoint (`estran.stats.flips`); people *and* conversations must have moved, so the larger p value counts.
    As in `flip_test`, what a cluster scores is measured beside a level that it had no part in.

    The rates shown are read off the same curve with a slope in time. Their intervals are Student's on log odds, with the
    cluster-robust variance of the score (Boos 1992), the larger of people's and of conversations', and one less than
    the effective number of clusters as degrees of freedom.

    Args:
        people: uses by person; clusters are people.
        conversations: the same uses; clusters are conversations. None where there are none.
        themes: P.
        level: of the intervals.
        threads: how many; all cores where None. The answer does not depend on it.
    """
    units = [_scores(people, themes, threads)]
    if conversations is not None:
        units.append(_scores(conversations, themes, threads))
    first = units[0]
    slope_error = np.max([u.slope_error for u in units], axis=0)
    level_error = np.max([u.level_error for u in units], axis=0)
    effective = np.min([u.effective for u in units], axis=0)
    z = stdtrit(np.maximum(effective - 1.0, 1.0), 0.5 + level / 2)
    before, after = first.ends[:, 0], first.ends[:, 1]
    known = np.isfinite(slope_error)
    bent = np.where(known, slope_error, 0.0)
    slopes = first.slope[:, None] + (z * bent)[:, None] * np.array([0.0, -1.0, 1.0])
    early, late, ratio = np.zeros((themes, 3)), np.zeros((themes, 3)), np.ones((themes, 3))
    for rates, at in ((early, before), (late, after)):
        middle = first.level + first.slope * at
        spread = z * np.sqrt(level_error**2 + (at * bent) ** 2)
        rates[:] = _expit(middle[:, None] + spread[:, None] * np.array([0.0, -1.0, 1.0]))
    risen = first.level[:, None] + slopes * after[:, None]
    started = first.level[:, None] + slopes * before[:, None]
    ratio[:] = _expit(risen) / _expit(started)
    ratio[~known] = [1.0, 0.0, np.inf]
    return ConditionalTrend(
        p=np.max([u.p for u in units], axis=0),
        sign=np.sign(np.round(first.z, 9)).astype(np.int32),
        early=early,
        late=late,
        ratio=ratio,
        level=_expit(first.level),
        error=np.where(known, bent * (after - before), np.inf),
        effective_clusters=effective,
    )


def detectable_rate_ratio(
    level: Floats, error: Floats, *, found: int, tested: int, rate: float = 0.05
) -> Floats:
    """(P,) the smallest change of a rate that would have been found four times in five, as a ratio of 1 or more.

    ``(z + 0.84) x error`` in log odds, z the normal quantile of the threshold that the false-discovery rate came to,
    laid half before and half after the overall rate.

    Args:
        level: (P,) rate over all time.
        error: (P,) standard error of the change of its log odds.
        found: discoveries made.
        tested: themes tested.
        rate: false-discovery rate asked for.
    """
    reach = -ndtri(min(rate * max(found, 1) / max(tested, 1), 1.0) / 2.0) + POWER_80
    half = np.minimum(reach * error, 200.0) / 2.0
    middle = np.log(np.clip(level, NOTHING, 1 - NOTHING) / np.clip(1 - level, NOTHING, 1))
    return np.where(np.isfinite(error), _expit(middle + half) / _expit(middle - half), np.inf)


def _expit(x: Floats) -> Floats:
    y: Floats = 1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0)))
    return y


class _Unit(NamedTuple):
    p: Floats
    z: Floats
    effective: Floats
    level: Floats  # log odds at the mean date
    slope: Floats  # of the log odds, per period
    ends: Floats  # (P, 2) early and late, in periods from the mean date
    level_error: Floats
    slope_error: Floats


class _Given(NamedTuple):
    starts: Ints
    period: Codes
    cluster: Codes
    held: Floats
    usual: Floats  # log odds
    weight: Floats


def _scores(uses: Uses, themes: int, threads: int | None) -> _Unit:
    out = _Unit(
        p=np.ones(themes),
        z=np.zeros(themes),
        effective=np.zeros(themes),
        level=np.full(themes, -60.0),
        slope=np.zeros(themes),
        ends=np.zeros((themes, 2)),
        level_error=np.zeros(themes),
        slope_error=np.full(themes, np.inf),
    )
    usual = np.clip(uses.usual, EDGE, 1 - EDGE)
    given = _Given(
        np.searchsorted(uses.theme, np.arange(themes + 1)),
        uses.period,
        uses.cluster,
        uses.held,
        np.log(usual / (1 - usual)),
        uses.weight,
    )
    clusters = int(uses.cluster.max(initial=-1)) + 1
    over_themes(lambda a, b: _over(a, b, given, clusters, out), given.starts, threads=threads)
    return out


@njit
def _over(first: int, past: int, given: _Given, clusters: int, out: _Unit) -> None:
    """Fill the answers of themes first..past-1."""
    slot = np.full(clusters, -1, np.int64)
    for j in range(first, past):
        here = slice(given.starts[j], given.starts[j + 1])
        held, w, n = given.held[here], given.weight[here], given.starts[j + 1] - given.starts[j]
        total = w.sum()
        if n == 0 or not 0.0 < (w * held).sum() < total:
            if n > 0 and held[0] > 0.0:
                out.level[j] = 60.0
            continue
        x = given.usual[here] - (w * given.usual[here]).sum() / total
        t = given.period[here].astype(np.float64)
        t -= (w * t).sum() / total
        out.ends[j, 0], out.ends[j, 1] = _tenths(t, w)
        curve = np.array([(w * given.usual[here]).sum() / total, 1.0, 0.0])
        _fit(curve, x, t, held, w, 2)
        e = 1.0 / (1.0 + np.exp(-(curve[0] + curve[1] * x)))
        v = w * e * (1.0 - e)
        d = _residual(t, x, v)
        information = (v * d * d).sum()
        if not information > NOTHING * total:
            out.level[j] = curve[0]
            continue
        score, told, second, fourth, level = _by_cluster(d, v, w * (held - e), given.cluster[here], slot)
        if not second > NOTHING:
            continue
        out.z[j] = told / math.sqrt(second)
        out.effective[j] = second * second / fourth
        scaled = np.abs(score) / math.sqrt(second)
        out.p[j] = flip_tail(scaled, abs(out.z[j]), 0.0)
        _fit(curve, x, t, held, w, 3)
        out.level[j], out.slope[j] = curve[0], curve[2]
        out.level_error[j] = math.sqrt(max(level, v.sum())) / v.sum()
        out.slope_error[j] = math.sqrt(second) / information


@njit
def _by_cluster(
    d: Floats, v: Floats, left: Floats, cluster: Codes, slot: Ints
) -> tuple[Floats, float, float, float, float]:
    """The score of each cluster, beside a level that it had no part in.

    Returns:
        The scores; their sum before that; the sums of their squares and fourth powers; and the sum of the squares of
        what each cluster has more of the attribute than expected.
    """
    occupied, count = 0, len(d)
    score, lean, more, own = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    for i in range(count):
        g = cluster[i]
        if slot[g] < 0:
            slot[g] = occupied
            occupied += 1
        c = slot[g]
        score[c] += d[i] * left[i]
        lean[c] += d[i] * v[i]
        more[c] += left[i]
        own[c] += v[i]
    for g in cluster:
        slot[g] = -1
    told, second, fourth, level = 0.0, 0.0, 0.0, 0.0
    weight = v.sum()
    for c in range(occupied):
        told += score[c]
        others = max(weight - own[c], NOTHING)
        score[c] += lean[c] * more[c] / others
        second += score[c] ** 2
        fourth += score[c] ** 4
        level += (more[c] * weight / others) ** 2
    return score[:occupied], told, second, fourth, level


@njit
def _tenths(t: Floats, w: Floats) -> tuple[float, float]:
    """Where the first tenth of the weight ends, and the last one begins."""
    order = np.argsort(t)
    least = TENTH * w.sum() * (1.0 - NOTHING)
    first, run = 0, 0.0
    while run < least:
        run += w[order[first]]
        first += 1
    last, run = len(t), 0.0
    while run < least:
        last -= 1
        run += w[order[last]]
    return t[order[first - 1]], t[order[last]]


@njit
def _residual(t: Floats, x: Floats, v: Floats) -> Floats:
    """What level and slope leave of time, weighted by v."""
    a, b, c = v.sum(), (v * x).sum(), (v * x * x).sum()
    p, q = (v * t).sum(), (v * x * t).sum()
    level, slope = p / max(a, NOTHING), 0.0
    det = a * c - b * b
    if det > 1e-9 * a * c:
        level, slope = (c * p - b * q) / det, (a * q - b * p) / det
    residual: Floats = t - level - slope * x
    return residual


@njit
def _fit(curve: Floats, x: Floats, t: Floats, held: Floats, w: Floats, terms: int) -> None:
    """Newton steps for the log odds ``curve[0] + curve[1] x + curve[2] t``; the first `terms` of them are free."""
    scale = 1.0
    for u in t:
        scale = max(scale, abs(u))
    beta = np.array([curve[0], curve[1], curve[2] * scale])
    aim = np.array([curve[0], 1.0, 0.0])
    prior = np.array([LEVEL_PRIOR if terms == 2 else NOTHING, SLOPE_PRIOR, LEVEL_PRIOR])
    hessian, step, term = np.empty((3, 3)), np.empty(3), np.ones(3)
    for _ in range(STEPS):
        hessian[:], step[:] = 0.0, 0.0
        for a in range(terms):
            step[a] = -prior[a] * (beta[a] - aim[a])
            hessian[a, a] = prior[a]
        for i in range(len(x)):
            term[1], term[2] = x[i], t[i] / scale
            eta = min(max(beta[0] + beta[1] * term[1] + beta[2] * term[2], -30.0), 30.0)
            e = 1.0 / (1.0 + math.exp(-eta))
            for a in range(terms):
                step[a] += w[i] * term[a] * (held[i] - e)
                for b in range(a + 1):
                    hessian[a, b] += w[i] * e * (1.0 - e) * term[a] * term[b]
        _solve(hessian, step, terms)
        size = 0.0
        for a in range(terms):
            size = max(size, abs(step[a]))
        for a in range(terms):
            beta[a] += step[a] * min(1.0, 2.0 / max(size, NOTHING))
        if size < 1e-9:
            break
    curve[0], curve[1], curve[2] = beta[0], beta[1], beta[2] / scale


@njit
def _solve(matrix: Floats, vector: Floats, size: int) -> None:
    """Put the solution x of A x = b into b; of A, symmetric and positive, the lower half is read and spoilt (Cholesky)."""
    for a in range(size):
        for b in range(a + 1):
            left = matrix[a, b]
            for c in range(b):
                left -= matrix[a, c] * matrix[b, c]
            matrix[a, b] = math.sqrt(max(left, NOTHING)) if a == b else left / matrix[b, b]
        for c in range(a):
            vector[a] -= matrix[a, c] * vector[c]
        vector[a] /= matrix[a, a]
    for a in range(size - 1, -1, -1):
        for c in range(a + 1, size):
            vector[a] -= matrix[c, a] * vector[c]
        vector[a] /= matrix[a, a]
