"""Counts in two windows of time, and how much clusters inflate their variance: the kernel of `window_change`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.compiled import njit, over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """What two windows hold of each theme; first axis: before, after.

    Attributes:
        observed: (2, P) rows that used the theme.
        expected: (2, P) rows that would have, at the overall rates of their strata.
        size: (2, P) rows.
        inflation: (P,) robust over binomial variance of the counts, pooled over both windows; 1 at least.
        ratio_inflation: (P,) the same for the log ratio, people of both windows counted as one; 1 at least.
    """

    observed: Floats
    expected: Floats
    size: Floats
    inflation: Floats
    ratio_inflation: Floats


def count_windows(rows: Rows, before: Ints, after: Ints) -> WindowCounts:
    """Count each theme in its two windows.

    Args:
        rows: the evidence.
        before: (P, 2) first period of the window, and the one past its last.
        after: (P, 2) the same for the second window.
    """
    presence, themes = rows.presence, rows.presence.themes
    out = WindowCounts(
        np.zeros((2, themes)), np.zeros((2, themes)), np.zeros((2, themes)), np.ones(themes), np.ones(themes)
    )
    if presence.rows == 0 or themes == 0:
        return out
    # rows of one (period, cluster, stratum) are alike: they are visited once, in order of period
    strata, clusters = int(rows.stratum.max()) + 1, int(rows.cluster.max()) + 1
    key = (rows.period.astype(np.int64) * clusters + rows.cluster) * strata + rows.stratum
    cells, count = np.unique(key, return_counts=True)
    period = cells // (clusters * strata)
    bounds = np.stack([before, after]).astype(np.int64)  # (2, P, 2)
    begin = np.searchsorted(period, np.arange(int(bounds.max()) + 1))
    size = np.bincount(rows.stratum, minlength=strata).astype(np.float64)
    work = presence.indptr + np.arange(themes + 1) * len(cells)

    def run(first: int, past: int) -> None:
        _count_windows(
            first, past, presence.indptr, presence.indices, rows.period, rows.cluster, rows.stratum, size,
            begin, cells // strata % clusters, cells % strata, count.astype(np.float64), bounds,
            out.observed, out.expected, out.size, out.inflation, out.ratio_inflation,
        )  # fmt: skip

    over_themes(run, work)
    return out


@njit
def _count_windows(  # noqa: PLR0913, PLR0917  a kernel takes arrays
    first: int, past: int, indptr: Ints, indices: Codes, period: Codes, cluster: Codes, stratum: Codes,
    stratum_size: Floats, begin: Ints, cell_cluster: Ints, cell_stratum: Ints, cell_rows: Floats, bounds: Ints,
    observed: Floats, expected: Floats, size: Floats, inflation: Floats, ratio_inflation: Floats,
) -> None:  # fmt: skip
    """Fill the counts of themes first..past-1."""
    strata = len(stratum_size)
    clusters = 0
    for c in range(len(cell_cluster)):
        clusters = max(clusters, cell_cluster[c] + 1)
    rate = np.zeros(strata)
    uses = np.zeros((2, clusters))
    due = np.zeros((2, clusters))
    for j in range(first, past):
        rate[:] = 0.0
        uses[:] = 0.0
        due[:] = 0.0
        for at in range(indptr[j], indptr[j + 1]):
            i = indices[at]
            rate[stratum[i]] += 1.0
            for w in range(2):
                if bounds[w, j, 0] <= period[i] < bounds[w, j, 1]:
                    uses[w, cluster[i]] += 1.0
                    observed[w, j] += 1.0
        for k in range(strata):
            rate[k] /= max(stratum_size[k], 1.0)
        for w in range(2):
            for c in range(begin[bounds[w, j, 0]], begin[bounds[w, j, 1]]):
                own = cell_rows[c] * rate[cell_stratum[c]]
                due[w, cell_cluster[c]] += own
                expected[w, j] += own
                size[w, j] += cell_rows[c]
        pooled, pooled_independent, independent = 0.0, 0.0, 0.0
        for w in range(2):
            r = observed[w, j] / expected[w, j] if expected[w, j] > 0.0 else 0.0
            alone = 0.0
            for c in range(begin[bounds[w, j, 0]], begin[bounds[w, j, 1]]):
                share = min(r * rate[cell_stratum[c]], 1.0)
                alone += cell_rows[c] * share * (1.0 - share)
            pooled_independent += alone
            if observed[w, j] > 0.0:
                independent += alone / observed[w, j] ** 2
        robust = 0.0
        for g in range(clusters):
            together = 0.0
            for w in range(2):
                r = observed[w, j] / expected[w, j] if expected[w, j] > 0.0 else 0.0
                left = uses[w, g] - r * due[w, g]
                pooled += left * left
                if observed[w, j] > 0.0:
                    together += left / observed[w, j] if w == 1 else -left / observed[w, j]
            robust += together * together
        if pooled_independent > 0.0:
            inflation[j] = max(pooled / pooled_independent, 1.0)
        if independent > 0.0:
            ratio_inflation[j] = max(robust / independent, 1.0)
