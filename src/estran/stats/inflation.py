"""How much more than independent rows the people of a period vary: the kernel of `share_intervals`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit
from estran.stats.sparse import Compressed, compressed, over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows


def inflation_within_periods(rows: Rows, observed: Floats, expected: Floats) -> Floats:
    """The cluster-robust variance of the uses in each period over the binomial one, both summed over periods.

    Args:
        rows: the evidence.
        observed: (T, P) uses.
        expected: (T, P) uses expected from the strata.

    Returns:
        (P,) factors, 1 at least.
    """
    periods, themes = observed.shape
    inflation = np.ones(themes)
    if rows.presence.rows == 0:
        return inflation
    clusters, strata = int(rows.cluster.max()) + 1, int(rows.stratum.max()) + 1
    cells, cell = np.unique(rows.period.astype(np.int64) * clusters + rows.cluster, return_inverse=True)
    place = rows.period.astype(np.int64) * strata + rows.stratum
    spread, products = compressed(np.ones(len(cell)), cell, place, shape=(len(cells), periods * strata))
    table: Floats = np.bincount(place, minlength=periods * strata).astype(np.float64).reshape(periods, strata)
    ratio = np.ascontiguousarray((observed / np.where(expected > 0, expected, 1.0)).T)
    evidence = _Evidence(
        rows.presence.indptr, rows.presence.indices, rows.stratum, cell, cells // clusters, table
    )
    over_themes(
        lambda first, past: _inflation(first, past, evidence, spread, products, ratio, inflation),
        rows.presence.indptr,
    )
    return inflation


class _Evidence(NamedTuple):
    indptr: Ints
    indices: Codes
    stratum: Codes
    cell: Ints  # cluster and period of each row
    period: Ints  # of each cell
    table: Floats  # (T, K) rows


@njit
def _inflation(
    first: int,
    past: int,
    rows: _Evidence,
    spread: Compressed,
    products: Compressed,
    ratio: Floats,
    inflation: Floats,
) -> None:
    """Fill the inflation of themes first..past-1.

    `spread` counts the rows of each cell by period and stratum (C), and `products` is C'C: the squares of what all
    cells are expected to use add up to M'C'C M, and only the cells with a use are visited.
    """
    periods, strata = rows.table.shape
    size = rows.table.sum(axis=0)
    uses = np.zeros(strata)
    due = np.zeros(periods * strata)  # rate of each stratum, times the ratio of each period
    seen = np.zeros(len(rows.period))
    for j in range(first, past):
        users = rows.indices[rows.indptr[j] : rows.indptr[j + 1]]
        for i in users:
            uses[rows.stratum[i]] += 1.0
            seen[rows.cell[i]] += 1.0
        for k in range(strata):
            for t in range(periods):
                due[t * strata + k] = uses[k] / max(size[k], 1.0) * ratio[j, t]
        robust, independent = 0.0, 0.0
        for at in range(periods * strata):
            if due[at] > 0.0:
                share = min(due[at], 1.0)
                independent += rows.table[at // strata, at % strata] * share * (1.0 - share)
                robust += due[at] * _dot(products, at, due)
        for i in users:
            cell = rows.cell[i]
            if seen[cell] > 0.0:  # else this cell was met before
                expected = _dot(spread, cell, due)
                robust += (seen[cell] - expected) ** 2 - expected * expected
            seen[cell] = 0.0
            uses[rows.stratum[i]] = 0.0
        if independent > 0.0:
            inflation[j] = max(robust / independent, 1.0)


@njit
def _dot(matrix: Compressed, row: int, vector: Floats) -> float:
    total = 0.0
    for at in range(matrix.indptr[row], matrix.indptr[row + 1]):
        total += matrix.values[at] * vector[matrix.indices[at]]
    return total
