"""The sign-flip test of cluster scores, by saddlepoint: the kernel of `estran.stats.trends`.

Scores are summed by cluster, and under "nothing moves" the score of each cluster may have either sign (Hemerik,
Goeman, Finos 2020). The tail of their randomly signed sum comes from its cumulant generating function (Lugannani and
Rice 1980), so nothing is drawn at random. Only the clusters that used a theme are visited: all the others together are
one normal remainder, whose variance is a quadratic form in the strata.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from estran.stats.compiled import njit, over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows

NOTHING = 1e-14  # a variance below it is rounding: the theme cannot move along this contrast
NO_REMAINDER = 1e-10  # share of the variance below which the clusters without the theme are rounding
FEW = 14  # up to so many clusters and no remainder, all flips are counted instead
SMALL = 0.01  # |z| below which 1/v - 1/w is rounding
LEAST = 1e-300
LOG_2 = math.log(2.0)


@dataclass(frozen=True, slots=True)
class FlipTest:
    """Whether each theme moved along one contrast.

    Attributes:
        p: (P,) two-sided p values; 1 where the theme cannot move.
        score: (P,) sum of the cluster scores; its sign is the direction.
        z: (P,) the score over its cluster-robust standard deviation.
        dispersion: (P,) that variance over the one of independent rows; 1 at least.
        effective_clusters: (P,) ``(sum S^2)^2 / sum S^4``: how many equal clusters would weigh as much.
    """

    p: Floats
    score: Floats
    z: Floats
    dispersion: Floats
    effective_clusters: Floats


def flip_test(rows: Rows, contrast: Floats, *, threads: int | None = None) -> FlipTest:
    """Whether each theme moved along a contrast, by random signs of whole clusters.

    ``S_gj = sum over rows i of cluster g of d_i (x_ij - M_kj)``, with M the rate of theme j in the row's stratum.
    With K(l) = sum log cosh(l S_g) + l^2 v0 / 2 over the clusters that used the theme, v0 being the variance of the
    others, solve K'(l) = abs(U), then w = sqrt(2 (l abs(U) - K)), v = l sqrt(K'') and
    p = 2 (Phi(-w) + phi(w) (1/v - 1/w)). Where 14 clusters or fewer hold all the variance, every flip is counted.

    Args:
        rows: the evidence.
        contrast: (N,) d, of mean zero in each stratum (`estran.stats.trends.linear`, `hump`).
        threads: how many; all cores where None. The answer does not depend on it.

    Returns:
        One value a theme.
    """
    presence, themes = rows.presence, rows.presence.themes
    out = FlipTest(*(np.ones(themes), np.zeros(themes), np.zeros(themes), np.ones(themes), np.zeros(themes)))
    if len(contrast) == 0 or not contrast.any():
        return out
    strata = int(rows.stratum.max()) + 1
    clusters = int(rows.cluster.max()) + 1
    lean = sparse.csr_array(
        (contrast, (rows.cluster, rows.stratum)), shape=(clusters, strata)
    )  # B: clusters, strata
    lean.sum_duplicates()
    cross = sparse.csr_array(lean.T @ lean)
    cross.sort_indices()
    size = np.bincount(rows.stratum, minlength=strata).astype(np.float64)
    leverage = np.bincount(rows.stratum, contrast**2, strata)

    def run(first: int, past: int) -> None:
        _flip(
            first, past, presence.indptr, presence.indices, rows.cluster, rows.stratum, contrast, size, leverage,
            lean.indptr, lean.indices, lean.data, cross.indptr, cross.indices, cross.data,
            out.p, out.score, out.z, out.dispersion, out.effective_clusters,
        )  # fmt: skip

    over_themes(run, presence.indptr, threads=threads)
    return out


@njit
def _flip(  # noqa: PLR0913, PLR0917  a kernel takes arrays
    first: int, past: int, indptr: Ints, indices: Codes, cluster: Codes, stratum: Codes, contrast: Floats,
    size: Floats, leverage: Floats, lean_ptr: Codes, lean_at: Codes, lean: Floats,
    cross_ptr: Codes, cross_at: Codes, cross: Floats,
    p: Floats, score: Floats, z: Floats, dispersion: Floats, effective: Floats,
) -> None:  # fmt: skip
    """Fill the answers of themes first..past-1."""
    strata, clusters = len(size), len(lean_ptr) - 1
    rate = np.zeros(strata)
    used_strata = np.empty(strata, np.int64)
    slot = np.full(clusters, -1, np.int64)
    most = 0
    for j in range(first, past):
        most = max(most, indptr[j + 1] - indptr[j])
    used_clusters = np.empty(most, np.int64)
    scores = np.empty(most)
    for j in range(first, past):
        occupied, crossed, total = 0, 0, 0.0
        for at in range(indptr[j], indptr[j + 1]):
            i = indices[at]
            k, g = stratum[i], cluster[i]
            if rate[k] == 0.0:
                used_strata[crossed] = k
                crossed += 1
            rate[k] += 1.0
            if slot[g] < 0:
                slot[g] = occupied
                used_clusters[occupied] = g
                scores[occupied] = 0.0
                occupied += 1
            scores[slot[g]] += contrast[i]
            total += contrast[i]
        independent, expected = 0.0, 0.0
        for c in range(crossed):
            k = used_strata[c]
            rate[k] /= size[k]
            independent += leverage[k] * rate[k] * (1.0 - rate[k])
        for c in range(crossed):
            k = used_strata[c]
            for at in range(cross_ptr[k], cross_ptr[k + 1]):
                expected += rate[k] * cross[at] * rate[cross_at[at]]
        for c in range(occupied):
            g = used_clusters[c]
            own = 0.0
            for at in range(lean_ptr[g], lean_ptr[g + 1]):
                own += lean[at] * rate[lean_at[at]]
            expected -= own * own
            scores[c] -= own
            slot[g] = -1
        for c in range(crossed):
            rate[used_strata[c]] = 0.0
        second, fourth = 0.0, 0.0
        for c in range(occupied):
            square = scores[c] * scores[c]
            second += square
            fourth += square * square
        score[j] = total
        if not second > NOTHING:
            continue
        remainder = expected if expected > NO_REMAINDER * second else 0.0
        variance = second + remainder
        deviation = math.sqrt(variance)
        z[j] = total / deviation
        dispersion[j] = max(variance / independent, 1.0) if independent > NOTHING else 1.0
        others = clusters - occupied
        effective[j] = (
            variance * variance / (fourth + (remainder * remainder / others if others > 0 else 0.0))
        )
        for c in range(occupied):
            scores[c] = abs(scores[c]) / deviation
        p[j] = _tail(scores[:occupied], abs(z[j]), remainder / variance)


@njit
def _tail(scores: Floats, u: float, remainder: float) -> float:
    """Two-sided tail beyond u of the randomly signed sum of scores plus N(0, remainder), of unit variance in all."""
    reach, there = 0.0, 0
    for c in range(len(scores)):
        if scores[c] > NO_REMAINDER:
            there += 1
            reach += scores[c]
    if remainder == 0.0:
        if there <= FEW:
            return _count_flips(scores, u, there)
        if u >= reach * (1.0 - NO_REMAINDER):
            return math.ldexp(2.0, -there)
    if u < SMALL:
        fourth = 0.0
        for c in range(len(scores)):
            fourth += scores[c] ** 4
        density = math.exp(-0.5 * u * u) / math.sqrt(2.0 * math.pi)
        edgeworth = density * (-2.0 * fourth) / 12.0 * (u * u * u - 3.0 * u)
        return min(math.erfc(u / math.sqrt(2.0)) + edgeworth, 1.0)
    # K' is concave: from the left, Newton never passes the root
    tilt = u
    curvature = 1.0
    for _ in range(200):
        slope, curvature = tilt * remainder, remainder
        for c in range(len(scores)):
            s = scores[c]
            decay = math.exp(-2.0 * tilt * s)
            t = (1.0 - decay) / (1.0 + decay)
            slope += s * t
            curvature += s * s * (1.0 - t * t)
        step = (u - slope) / curvature
        tilt += step
        if step <= 1e-12 * tilt:
            break
    cumulant = 0.5 * tilt * tilt * remainder
    for c in range(len(scores)):
        cumulant += _log_cosh(tilt * scores[c])
    half_square = max(tilt * u - cumulant, 0.0)
    w, v = math.sqrt(2.0 * half_square), tilt * math.sqrt(curvature)
    bound = 2.0 * math.exp(-half_square)  # Chernoff: where the saddlepoint fails, at the edge of the support
    tail = math.erfc(w / math.sqrt(2.0))
    tail += 2.0 * math.exp(-half_square) / math.sqrt(2.0 * math.pi) * (1.0 / v - 1.0 / w)
    return max(min(tail, bound, 1.0), LEAST)


@njit
def _log_cosh(x: float) -> float:
    if x < 0.03:
        square = x * x
        return square * (0.5 - square * (1.0 / 12.0 - square / 45.0))
    return x + math.log1p(math.exp(-2.0 * x)) - LOG_2


@njit
def _count_flips(scores: Floats, u: float, there: int) -> float:
    """Share of all the flips whose sum reaches u; by symmetry the first sign is left alone."""
    kept = np.empty(max(there, 1))
    n = 0
    for c in range(len(scores)):
        if scores[c] > NO_REMAINDER:
            kept[n] = scores[c]
            n += 1
    if n == 0:
        return 1.0
    flips = 1 << (n - 1)
    reached = 0
    aim = u * (1.0 - 1e-9)
    for flip in range(flips):
        total = kept[0]
        for c in range(1, n):
            total += kept[c] if (flip >> (c - 1)) & 1 else -kept[c]
        if abs(total) >= aim:
            reached += 1
    return reached / flips
