"""The sign-flip test of cluster scores, by saddlepoint: the kernel of `estran.stats.trends`.

Scores are summed by cluster, and under "nothing moves" the score of each cluster may have either sign (Hemerik,
Goeman, Finos 2020). The tail of their randomly signed sum comes from its cumulant generating function (Lugannani and
Rice 1980), so nothing is drawn at random. Only the clusters that used a theme are visited: all the others together are
one normal remainder, whose variance is a quadratic form in the strata.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit
from estran.stats.sparse import Compressed, compressed, over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Codes, Floats, Ints, Rows

NOTHING = 1e-14  # a variance below it is rounding: the theme cannot move along this contrast
NO_REMAINDER = 1e-10  # share of the variance below which the clusters without the theme are rounding
FEW = 14  # up to so many clusters and no remainder, all flips are counted instead
SMALL = 0.01  # |z| below which 1/v - 1/w is rounding
LEAST = 1e-300
LOG_2, ROOT_2, ROOT_2_PI = math.log(2.0), math.sqrt(2.0), math.sqrt(2.0 * math.pi)


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


def flip_test(
    rows: Rows, contrast: Floats, *, part: Bools | None = None, threads: int | None = None
) -> FlipTest:
    """Whether each theme moved along a contrast, by random signs of whole clusters.

    ``S_gj = sum over rows i of cluster g of d_i (x_ij - M_kj)``, with M the rate of theme j in the row's stratum, the
    cluster itself left out: a crowded cluster that makes up most of a rate would else be compared with itself, and
    what is left over is taken for evidence. U = sum of d_i x_ij is what the scores sum to with plain rates.
    With K(l) = sum log cosh(l S_g) + l^2 v0 / 2 over the clusters that used the theme, v0 being the variance of the
    others, solve K'(l) = abs(U), then w = sqrt(2 (l abs(U) - K)), v = l sqrt(K'') and
    p = 2 (Phi(-w) + phi(w) (1/v - 1/w)). Where 14 clusters or fewer hold all the variance, every flip is counted.

    Args:
        rows: the evidence.
        contrast: (N,) d, of mean zero in each stratum (`estran.stats.trends.linear`, `hump`).
        part: (K,) strata whose rows are told from the others: whether a theme moved otherwise there. Its scores are
            weighted by ``I0 / (I0 + I1)`` there and by ``-I1 / (I0 + I1)`` elsewhere, I being what independent rows of
            either part could tell: a move that both have, on the scale of log odds, adds up to nothing.
        threads: how many; all cores where None. The answer does not depend on it.

    Returns:
        One value a theme.
    """
    themes = rows.presence.themes
    out = _Answers(np.ones(themes), np.zeros(themes), np.zeros(themes), np.ones(themes), np.zeros(themes))
    if contrast.any():
        shape = (int(rows.cluster.max()) + 1, int(rows.stratum.max()) + 1)
        size: Floats = np.bincount(rows.stratum).astype(np.float64)
        leverage: Floats = np.bincount(rows.stratum, contrast**2).astype(np.float64)
        cell, apart = _rows_apart(rows, size)
        lent = np.divide(contrast, apart, out=np.zeros(len(contrast)), where=apart > 0)
        own = contrast + np.bincount(cell, lent)[cell]
        lean, products = compressed(lent, rows.cluster, rows.stratum, shape=shape)
        evidence = _Evidence(
            rows.presence.indptr,
            rows.presence.indices,
            rows.cluster,
            rows.stratum,
            contrast,
            own,
            size,
            leverage,
            part if part is not None else np.zeros(0, np.bool_),
        )
        over_themes(
            lambda first, past: _flip(first, past, evidence, lean, products, out),
            rows.presence.indptr,
            threads=threads,
        )
    return FlipTest(*out)


def _rows_apart(rows: Rows, size: Floats) -> tuple[Ints, Floats]:
    """(N,) code of each row's cluster and stratum together, and how many rows of the stratum are of other clusters."""
    pair = rows.cluster.astype(np.int64) * len(size) + rows.stratum
    _, cell, count = np.unique(pair, return_inverse=True, return_counts=True)
    return cell, size[rows.stratum] - count[cell]


class _Evidence(NamedTuple):
    indptr: Ints
    indices: Codes
    cluster: Codes
    stratum: Codes
    contrast: Floats
    own: Floats  # what a use adds to the score of its cluster: it is no use of the others
    size: Floats  # rows of each stratum
    leverage: Floats  # sum of squares of the contrast in each stratum
    part: Bools  # strata told from the others; empty where none are


class _Answers(NamedTuple):
    p: Floats
    score: Floats
    z: Floats
    dispersion: Floats
    effective_clusters: Floats


@njit
def _flip(
    first: int, past: int, rows: _Evidence, lean: Compressed, products: Compressed, out: _Answers
) -> None:
    """Fill the answers of themes first..past-1.

    `lean` is C, the contrast by cluster and stratum over the rows that the stratum holds of other clusters: where a
    theme is used m times in the strata, clusters are expected to score C m. `products` is C'C, so that m'C'C m is the
    sum of the squares of what all clusters are expected to score.
    """
    clusters = len(lean.indptr) - 1
    uses = np.zeros(len(rows.size))
    strata = np.empty(len(rows.size), np.int64)
    weight = np.ones(len(rows.size))
    slot = np.full(clusters, -1, np.int64)
    most = 0
    for j in range(first, past):
        most = max(most, rows.indptr[j + 1] - rows.indptr[j])
    met, scores = np.empty(most, np.int64), np.empty(most)
    for j in range(first, past):
        users = rows.indices[rows.indptr[j] : rows.indptr[j + 1]]
        crossed = _count(users, rows.stratum, uses, strata)
        if len(rows.part) and not _weigh(strata[:crossed], uses, rows, weight):
            uses[strata[:crossed]] = 0.0
            continue
        occupied = _add_up(users, rows, weight, slot, met, scores)
        for i in users:
            out.score[j] += weight[rows.stratum[i]] * rows.contrast[i]
        independent, expected = 0.0, 0.0
        for k in strata[:crossed]:
            rate = uses[k] / rows.size[k]
            independent += weight[k] ** 2 * rows.leverage[k] * rate * (1.0 - rate)
            uses[k] *= weight[k]
        for k in strata[:crossed]:
            expected += uses[k] * _dot(products, k, uses)
        taken, second, fourth = _centre(scores[:occupied], met, lean, uses)
        uses[strata[:crossed]] = 0.0
        if not second > NOTHING:
            continue
        remainder = expected - taken
        if remainder > NO_REMAINDER * second:
            fourth += remainder * remainder / max(clusters - occupied, 1)  # the others are taken as equal
        else:
            remainder = 0.0
        variance = second + remainder
        out.z[j] = out.score[j] / math.sqrt(variance)
        out.effective_clusters[j] = variance * variance / fourth
        if independent > NOTHING:
            out.dispersion[j] = max(variance / independent, 1.0)
        out.p[j] = flip_tail(
            np.abs(scores[:occupied]) / math.sqrt(variance), abs(out.z[j]), remainder / variance
        )


@njit
def _count(users: Codes, stratum: Codes, uses: Floats, strata: Ints) -> int:
    """Fill the uses of a theme in each stratum, and list the strata where there are any; how many they are."""
    crossed = 0
    for i in users:
        k = stratum[i]
        if uses[k] == 0.0:
            strata[crossed] = k
            crossed += 1
        uses[k] += 1.0
    return crossed


@njit
def _weigh(strata: Ints, uses: Floats, rows: _Evidence, weight: Floats) -> bool:
    """Fill what the scores of each stratum weigh, so that the one part is told from the other; whether both can tell."""
    there, elsewhere = 0.0, 0.0
    for k in strata:
        rate = uses[k] / rows.size[k]
        told = rows.leverage[k] * rate * (1.0 - rate)
        if rows.part[k]:
            there += told
        else:
            elsewhere += told
    if there < NOTHING or elsewhere < NOTHING:
        return False
    for k in strata:
        weight[k] = (elsewhere if rows.part[k] else -there) / (there + elsewhere)
    return True


@njit
def _add_up(users: Codes, rows: _Evidence, weight: Floats, slot: Ints, met: Ints, scores: Floats) -> int:
    """Fill the clusters that used a theme, and the sum of the contrast over their users; how many they are."""
    occupied = 0
    for i in users:
        g = rows.cluster[i]
        if slot[g] < 0:
            slot[g] = occupied
            met[occupied] = g
            scores[occupied] = 0.0
            occupied += 1
        scores[slot[g]] += weight[rows.stratum[i]] * rows.own[i]
    for g in met[:occupied]:
        slot[g] = -1
    return occupied


@njit
def _centre(scores: Floats, met: Ints, lean: Compressed, uses: Floats) -> tuple[float, float, float]:
    """Take off what each cluster was expected to score; sums of its square, of the score's square and fourth power."""
    taken, second, fourth = 0.0, 0.0, 0.0
    for c in range(len(scores)):
        expected = _dot(lean, met[c], uses)
        scores[c] -= expected
        taken += expected * expected
        second += scores[c] ** 2
        fourth += scores[c] ** 4
    return taken, second, fourth


@njit
def _dot(matrix: Compressed, row: int, vector: Floats) -> float:
    total = 0.0
    for at in range(matrix.indptr[row], matrix.indptr[row + 1]):
        total += matrix.values[at] * vector[matrix.indices[at]]
    return total


@njit
def flip_tail(scores: Floats, u: float, remainder: float) -> float:
    """Two-sided tail beyond u of the randomly signed sum of scores plus N(0, remainder), of unit variance in all."""
    reach, there, fourth = 0.0, 0, 0.0
    for s in scores:
        if s > NO_REMAINDER:
            there += 1
            reach += s
            fourth += s**4
    if remainder == 0.0 and there <= FEW:
        return _count_flips(scores[scores > NO_REMAINDER], u)
    if remainder == 0.0 and u >= reach * (1.0 - NO_REMAINDER):
        return math.ldexp(2.0, -there)
    if u < SMALL:  # Edgeworth: the fourth cumulant is -2 sum s^4
        density = math.exp(-0.5 * u * u) / ROOT_2_PI
        return min(math.erfc(u / ROOT_2) - density * fourth / 6.0 * (u * u * u - 3.0 * u), 1.0)
    tilt, curvature = _tilt(scores, u, remainder)
    cumulant = 0.5 * tilt * tilt * remainder
    for s in scores:
        cumulant += _log_cosh(tilt * s)
    half_square = max(tilt * u - cumulant, 0.0)
    w, v = math.sqrt(2.0 * half_square), tilt * math.sqrt(curvature)
    bound = 2.0 * math.exp(
        -half_square
    )  # Chernoff's, where the saddlepoint fails: at the edge of what flips can reach
    tail = math.erfc(w / ROOT_2) + bound / ROOT_2_PI * (1.0 / v - 1.0 / w)
    return max(min(tail, bound, 1.0), LEAST)


@njit
def _tilt(scores: Floats, u: float, remainder: float) -> tuple[float, float]:
    """The root of K'(l) = u, and K'' there: K' is concave, so Newton from the left never passes it."""
    tilt, curvature = u, 1.0
    for _ in range(200):
        slope, curvature = tilt * remainder, remainder
        for s in scores:
            decay = math.exp(-2.0 * tilt * s)
            t = (1.0 - decay) / (1.0 + decay)
            slope += s * t
            curvature += s * s * (1.0 - t * t)
        step = (u - slope) / curvature
        tilt += step
        if step <= 1e-12 * tilt:
            break
    return tilt, curvature


@njit
def _log_cosh(x: float) -> float:
    if x < 0.03:
        square = x * x
        return square * (0.5 - square * (1.0 / 12.0 - square / 45.0))
    return x + math.log1p(math.exp(-2.0 * x)) - LOG_2


@njit
def _count_flips(scores: Floats, u: float) -> float:
    """Share of all the flips whose sum reaches u; by symmetry the first sign is left alone."""
    if len(scores) == 0:
        return 1.0
    flips = 1 << (len(scores) - 1)
    reached = 0
    for flip in range(flips):
        total = scores[0]
        for c in range(1, len(scores)):
            total += scores[c] if (flip >> (c - 1)) & 1 else -scores[c]
        if abs(total) >= u * (1.0 - 1e-9):
            reached += 1
    return reached / flips
