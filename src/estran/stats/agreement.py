"""How far two groupings of the same rows agree, whatever their groups are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.stats.presence import Floats, Ints


def rand_index(one: NDArray[np.integer], other: NDArray[np.integer]) -> float:
    """The adjusted Rand index of two groupings (Hubert, Arabie 1985): 1 where they are the same, 0 as by chance.

    0 as well where either has a single group, or only groups of one: nothing was told apart, so nothing agrees.
    """
    table = shared(one, other)
    n = float(table.sum())
    pairs = n * (n - 1) / 2
    both = float((table.data * (table.data - 1)).sum()) / 2
    rows, columns = (np.asarray(table.sum(axis=axis), np.float64).ravel() for axis in (1, 0))
    first, second = (float((count * (count - 1)).sum()) / 2 for count in (rows, columns))
    if min(first, second) <= 0 or max(first, second) >= pairs:
        return 0.0
    expected = first * second / pairs
    return float((both - expected) / ((first + second) / 2 - expected))


def mutual_information(one: NDArray[np.integer], other: NDArray[np.integer]) -> float:
    """Mutual information of two groupings over the mean of their entropies (NMI), 0-1."""
    table = shared(one, other)
    n = max(float(table.sum()), 1.0)
    rows, columns = (np.asarray(table.sum(axis=axis), np.float64).ravel() / n for axis in (1, 0))
    cells = table.tocoo()
    at, beside = cells.coords
    joint = cells.data / n
    common = float((joint * np.log(joint / (rows[at] * columns[beside]))).sum())
    mean = (_entropy(rows) + _entropy(columns)) / 2
    return common / mean if mean > 0 else 0.0


def jaccard(one: NDArray[np.integer], other: NDArray[np.integer]) -> Floats:
    """(G, H) rows that each pair of groups shares over the rows of either; rows coded -1 are in no group.

    G and H are one more than the highest code.
    """
    groups = (int(one.max(initial=-1)) + 1, int(other.max(initial=-1)) + 1)
    placed = (one >= 0) & (other >= 0)
    table = np.bincount(
        one[placed].astype(np.int64) * max(groups[1], 1) + other[placed], minlength=groups[0] * groups[1]
    ).reshape(groups)
    sizes = [
        np.bincount(codes[codes >= 0], minlength=count)
        for codes, count in zip((one, other), groups, strict=True)
    ]
    either = sizes[0][:, None] + sizes[1] - table
    return np.asarray(np.divide(table, either, out=np.zeros(table.shape), where=either > 0), np.float64)


def matched(overlap: Floats, *, least: float) -> Ints:
    """Which group of the second grouping goes on each of the first: one to one, the sum of overlaps the largest.

    Args:
        overlap: (G, H), as of `jaccard`.
        least: a pair that overlaps less is no pair.

    Returns:
        (G,) group of the second, -1 for none. (Kuhn 1955.)
    """
    to = np.full(overlap.shape[0], -1, np.int64)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    enough = overlap[rows, columns] >= least
    to[rows[enough]] = columns[enough]
    return to


def shared(one: NDArray[np.integer], other: NDArray[np.integer]) -> sparse.csr_array:
    """(G, H) how many rows each pair of groups shares; every code is a group of its own, -1 too."""
    first, second = (np.unique(codes, return_inverse=True)[1] for codes in (one, other))
    shape = (int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1)
    table = sparse.csr_array((np.ones(len(first)), (first, second)), shape=shape)
    table.sum_duplicates()
    return table


def _entropy(share: Floats) -> float:
    some = share[share > 0]
    return float(-(some * np.log(some)).sum())
