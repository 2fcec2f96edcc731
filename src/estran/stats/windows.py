"""Counts in two windows of time, and how much clusters inflate their variance: the kernel of `window_change`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.stats.compiled import njit, over_themes

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows


LEAST_OF_RATIO = 0.5  # people who speak in both windows make their ratio surer, but not without bound


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """What two windows hold of each theme; first axis: before, after.

    Attributes:
        observed: (2, P) rows that used the theme.
        expected: (2, P) rows that would have, at the overall rates of their strata.
        size: (2, P) rows.
        inflation: (P,) robust over binomial variance of the counts, pooled over both windows; 1 at least.
        ratio_inflation: (P,) the same for the log ratio, people of both windows counted as one; 0.5 at least.
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
    # rows of one (period, cluster, stratum) are alike: they are visited once, in order of period
    strata, clusters = int(rows.stratum.max()) + 1, int(rows.cluster.max()) + 1
    key = (rows.period.astype(np.int64) * clusters + rows.cluster) * strata + rows.stratum
    cells, count = np.unique(key, return_counts=True)
    bounds = np.stack([before, after]).astype(np.int64)
    begin = np.searchsorted(cells // (clusters * strata), np.arange(int(bounds.max()) + 1))
    size: Floats = np.bincount(rows.stratum, minlength=strata).astype(np.float64)
    evidence = _Evidence(
        presence.indptr, presence.indices, rows.period, rows.cluster, rows.stratum, size, begin[bounds], bounds,
        cells // strata % clusters, cells % strata, count.astype(np.float64),
    )  # fmt: skip
    answers = _Answers(out.observed, out.expected, out.size, out.inflation, out.ratio_inflation)
    work = presence.indptr + np.arange(themes + 1) * len(cells)
    over_themes(lambda first, past: _count_windows(first, past, evidence, answers, clusters), work)
    return out


class _Evidence(NamedTuple):
    indptr: Ints
    indices: Codes
    period: Codes
    cluster: Codes
    stratum: Codes
    size: Floats  # rows of each stratum
    begin: Ints  # (2, P, 2) cells of each window: first, and one past the last
    bounds: Ints  # (2, P, 2) periods of each window
    cell_cluster: Ints
    cell_stratum: Ints
    cell_rows: Floats


class _Answers(NamedTuple):
    observed: Floats
    expected: Floats
    size: Floats
    inflation: Floats
    ratio_inflation: Floats


@njit
def _count_windows(first: int, past: int, rows: _Evidence, out: _Answers, clusters: int) -> None:
    """Fill the counts of themes first..past-1."""
    rate = np.zeros(len(rows.size))
    left = np.zeros((2, clusters))  # uses less expected uses of each cluster, at the ratio of the window
    alone = np.zeros(2)
    for j in range(first, past):
        users = rows.indices[rows.indptr[j] : rows.indptr[j + 1]]
        rate[:] = 0.0
        left[:] = 0.0
        for i in users:
            rate[rows.stratum[i]] += 1.0 / rows.size[rows.stratum[i]]
        for w in range(2):
            _count_window(j, w, rows, rate, left[w], alone, out)
        clumped, of_ratio, independent = 0.0, 0.0, 0.0
        weight = 1.0 / np.maximum(out.observed[:, j], 0.5)
        for g in range(clusters):
            clumped += left[0, g] ** 2 + left[1, g] ** 2
            of_ratio += (left[1, g] * weight[1] - left[0, g] * weight[0]) ** 2
        for w in range(2):
            independent += alone[w] * weight[w] ** 2
        if independent > 0.0:
            out.inflation[j] = max(clumped / (alone[0] + alone[1]), 1.0)
            out.ratio_inflation[j] = max(of_ratio / independent, LEAST_OF_RATIO)


@njit
def _count_window(
    j: int, w: int, rows: _Evidence, rate: Floats, left: Floats, alone: Floats, out: _Answers
) -> None:
    """Fill the counts of theme j in window w, what its clusters used beyond them, and their binomial variance."""
    for i in rows.indices[rows.indptr[j] : rows.indptr[j + 1]]:
        if rows.bounds[w, j, 0] <= rows.period[i] < rows.bounds[w, j, 1]:
            left[rows.cluster[i]] += 1.0
            out.observed[w, j] += 1.0
    cells = range(rows.begin[w, j, 0], rows.begin[w, j, 1])
    for c in cells:
        out.expected[w, j] += rows.cell_rows[c] * rate[rows.cell_stratum[c]]
        out.size[w, j] += rows.cell_rows[c]
    ratio = out.observed[w, j] / out.expected[w, j] if out.expected[w, j] > 0.0 else 0.0
    alone[w] = 0.0
    for c in cells:
        due = ratio * rate[rows.cell_stratum[c]]
        left[rows.cell_cluster[c]] -= rows.cell_rows[c] * due
        alone[w] += rows.cell_rows[c] * min(due, 1.0) * (1.0 - min(due, 1.0))
