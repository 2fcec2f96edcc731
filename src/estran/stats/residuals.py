"""How much clusters inflate the variance of what is read off a fitted curve: a kernel of `estran.stats.course`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit
from estran.stats.sparse import over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows


def inflation_around(rows: Rows, fitted: Floats, influence: Floats) -> tuple[Floats, Floats]:
    """The cluster-robust variance of linear combinations of the residuals, over that of independent rows.

    A row of stratum k in period t is expected to use the theme at the rate of its stratum times ``fitted[t]``. Its
    residual weighs ``influence[t]``; residuals are summed by cluster over all periods, then squared (Liang and Zeger
    1986). Nothing is expected of a period whose fitted use is nil.

    Args:
        rows: the evidence.
        fitted: (P, T) fitted over expected share.
        influence: (P, C, T) what a residual in each period weighs in each of C combinations.

    Returns:
        (P, C) factors, 1 where nothing varies, and (P, C) effective clusters ``(sum S^2)^2 / sum S^4``: how many equal
        ones would know the variance as well.
    """
    themes, combinations, _ = influence.shape
    factor, effective = np.ones((themes, combinations)), np.ones((themes, combinations))
    if rows.presence.rows == 0:
        return factor, effective
    evidence = by_cluster(rows, fitted.shape[1])
    work = np.arange(themes + 1) * len(evidence.place) + rows.presence.indptr
    over_themes(
        lambda first, past: _inflate(first, past, evidence, fitted, influence, factor, effective), work
    )
    return factor, effective


class ByCluster(NamedTuple):
    """Rows of evidence as the kernels of residuals read them: their strata by period, and their clusters."""

    indptr: Ints
    indices: Codes
    period: Codes
    cluster: Codes
    stratum: Codes
    table: Floats  # (T, K) rows
    begin: Ints  # (G+1,) where the cells of each cluster begin
    place: Codes  # period and stratum of each cell
    many: Floats  # rows of each cell


def by_cluster(rows: Rows, periods: int) -> ByCluster:
    """Rows, at least one of them, gathered by cluster, period and stratum."""
    strata = int(rows.stratum.max()) + 1
    place = rows.period.astype(np.int64) * strata + rows.stratum
    cells, count = np.unique(rows.cluster.astype(np.int64) * (periods * strata) + place, return_counts=True)
    clusters = int(rows.cluster.max()) + 1
    begin = np.searchsorted(cells // (periods * strata), np.arange(clusters + 1))
    return ByCluster(
        rows.presence.indptr, rows.presence.indices, rows.period, rows.cluster, rows.stratum,
        np.bincount(place, minlength=periods * strata).astype(np.float64).reshape(periods, strata),
        begin, (cells % (periods * strata)).astype(np.int32), count.astype(np.float64),
    )  # fmt: skip


@njit
def _inflate(
    first: int,
    past: int,
    rows: ByCluster,
    fitted: Floats,
    influence: Floats,
    factor: Floats,
    effective: Floats,
) -> None:
    """Fill the factors and the effective clusters of themes first..past-1."""
    periods, strata = rows.table.shape
    clusters, combinations = len(rows.begin) - 1, influence.shape[1]
    size = rows.table.sum(axis=0)
    due = np.empty(periods * strata)
    left = np.zeros((clusters, combinations))
    alone = np.zeros(combinations)
    for j in range(first, past):
        left[:] = 0.0
        expect(j, rows, size, fitted[j], influence[j], due, alone)
        for i in rows.indices[rows.indptr[j] : rows.indptr[j + 1]]:
            for c in range(combinations):
                left[rows.cluster[i], c] += influence[j, c, rows.period[i]]
        take_expected(rows, influence[j], due, left)
        for c in range(combinations):
            robust, fourth = 0.0, 0.0
            for g in range(clusters):
                square = left[g, c] * left[g, c]
                robust += square
                fourth += square * square
            if alone[c] > 0.0:
                factor[j, c] = robust / alone[c]
            if fourth > 0.0:
                effective[j, c] = robust * robust / fourth


@njit
def take_expected(rows: ByCluster, influence: Floats, due: Floats, left: Floats) -> None:
    """Take off what each cluster was expected to use, weighed."""
    strata = rows.table.shape[1]
    for g in range(len(left)):
        for at in range(rows.begin[g], rows.begin[g + 1]):
            expected, t = rows.many[at] * due[rows.place[at]], rows.place[at] // strata
            for c in range(left.shape[1]):
                left[g, c] -= influence[c, t] * expected


@njit
def expect(
    j: int, rows: ByCluster, size: Floats, fitted: Floats, influence: Floats, due: Floats, alone: Floats
) -> None:
    """Fill the share expected of a row by period and stratum, and the variances of independent rows."""
    periods, strata = rows.table.shape
    uses = np.zeros(strata)
    for i in rows.indices[rows.indptr[j] : rows.indptr[j + 1]]:
        uses[rows.stratum[i]] += 1.0
    alone[:] = 0.0
    for t in range(periods):
        for k in range(strata):
            share = uses[k] / max(size[k], 1.0) * fitted[t]
            due[t * strata + k] = share
            variance = rows.table[t, k] * min(share, 1.0) * (1.0 - min(share, 1.0))
            for c in range(len(alone)):
                alone[c] += influence[c, t] * influence[c, t] * variance
