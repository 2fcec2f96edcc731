"""Vectors as points around their common middle, and the nearest of each: exact, and the same on every machine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from estran.compiled import njit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estran.stats.presence import Floats

Points = NDArray[np.int16]
"""(n, d) unit vectors times `GRID`, rounded; a row of zeros is a message of which nothing is known."""

GRID = 4000
"""A cosine of two points is a sum of whole numbers below 2^24: exact in single precision, in whatever order."""

FINE = 1 << 14
"""Vectors are read to this part of one, so that their means are sums of whole numbers too."""

BLOCK = 512
TURNS = 300  # of the power iteration
NEGLIGIBLE = 1e-9


@dataclass(frozen=True, slots=True)
class Frame:
    """What all messages of a corpus have in common, and is taken off each: kept with its topics.

    Attributes:
        mean: (d,) of the unit vectors.
        component: (d,) of length 1, along which they vary most; zeros where they do not vary.
    """

    mean: Floats
    component: Floats


def frame_of(vectors: NDArray[np.floating]) -> Frame:
    """The mean of vectors (n, d) and their first principal component.

    Length is taken off first. Sums are of whole numbers, and the component comes from power iteration in a fixed
    order of additions, so that neither the order of the rows nor the number of threads changes a bit.
    (Mu, Viswanath 2018: what all vectors share says nothing of any of them.)
    """
    dim = vectors.shape[1]
    count, total, squares = 0, np.zeros(dim), np.zeros((dim, dim))
    for first in range(0, len(vectors), BLOCK * 8):
        unit = _whole(vectors[first : first + BLOCK * 8])
        count += int(np.any(unit, axis=1).sum())
        total += unit.sum(axis=0)
        squares += unit.T @ unit
    if count == 0:
        return Frame(np.zeros(dim), np.zeros(dim))
    mean = total / count
    return Frame(mean / FINE, _first(squares / count - np.outer(mean, mean)))


def points_of(vectors: NDArray[np.floating], frame: Frame) -> Points:
    """Vectors (n, d) without what they share, on the unit sphere; zeros for those that are empty or not finite."""
    made = np.zeros(vectors.shape, np.int16)
    for first in range(0, len(vectors), BLOCK * 8):
        unit = _whole(vectors[first : first + BLOCK * 8])
        known = np.any(unit, axis=1)
        apart = unit[known] / FINE - frame.mean
        along = (apart * frame.component).sum(axis=1)
        apart -= along[:, None] * frame.component
        length = np.sqrt((apart**2).sum(axis=1))
        far = length > NEGLIGIBLE
        rows = first + np.flatnonzero(known)[far]
        made[rows] = np.rint(GRID * apart[far] / length[far, None])
    return made


def directions(sums: NDArray[np.number]) -> Points:
    """Sums of points (m, d) as points: the middle of a group, back on the sphere."""
    whole = sums.astype(np.float64)
    length = np.sqrt((whole**2).sum(axis=1, keepdims=True))
    unit = np.divide(whole, length, out=np.zeros_like(whole), where=length > 0)
    return np.asarray(np.rint(GRID * unit), np.int16)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest of each point among others, nearest first; of two as near, the one that comes first.

    Attributes:
        index: (n, k) rows of the others; -1 where there are fewer.
        cosine: (n, k) in -1 to 1; -2 where there are fewer.
    """

    index: NDArray[np.int32]
    cosine: Floats


def nearest(points: Points, others: Points | None = None, *, k: int, threads: int = 2) -> Nearest:
    """The k nearest of each point among others, or among the points themselves (a point is not its own neighbour).

    Exact, in blocks: n x m products, 512 rows at a time.
    """
    same = others is None
    field = (points if others is None else others).astype(np.float32)
    index = np.full((len(points), k), -1, np.int32)
    dot = np.full((len(points), k), -2.0 * GRID * GRID, np.float32)

    def fill(first: int) -> None:
        some = points[first : first + BLOCK].astype(np.float32)
        past = first + len(some)
        _keep_nearest(some @ field.T, first if same else -1, index[first:past], dot[first:past])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(0, len(points), BLOCK)))
    return Nearest(index, dot.astype(np.float64) / (GRID * GRID))


def cosines(points: Points, others: Points) -> Iterator[tuple[slice, Floats]]:
    """The cosines of points (n, d) with others (m, d), block by block: rows, and (rows, m)."""
    field = others.astype(np.float32).T
    for first in range(0, len(points), BLOCK):
        rows = slice(first, min(first + BLOCK, len(points)))
        yield rows, (points[rows].astype(np.float32) @ field).astype(np.float64) / (GRID * GRID)


def _whole(vectors: NDArray[np.floating]) -> Floats:
    """Unit vectors times `FINE`, rounded; zeros for what is empty or not finite."""
    plain = np.asarray(vectors, np.float64)
    plain = np.where(np.isfinite(plain).all(axis=1, keepdims=True), plain, 0.0)
    length = np.sqrt((plain**2).sum(axis=1, keepdims=True))
    unit = np.divide(plain, length, out=np.zeros_like(plain), where=length > NEGLIGIBLE)
    return np.asarray(np.rint(FINE * unit), np.float64)


def _first(spread: Floats) -> Floats:
    """The first eigenvector of a covariance (d, d), by power iteration without a library's own order of additions."""
    found = np.sqrt(np.diag(spread).clip(0.0))
    for _ in range(TURNS):
        turned = (spread * found).sum(axis=1)
        length = float(np.sqrt((turned**2).sum()))
        if length <= NEGLIGIBLE * FINE:
            return np.zeros(len(spread))
        turned /= length
        if np.abs(turned - found).max() < NEGLIGIBLE:
            break
        found = turned
    return np.asarray(turned, np.float64)


@njit
def _keep_nearest(
    products: NDArray[np.float32], first: int, index: NDArray[np.int32], dot: NDArray[np.float32]
) -> None:
    """Fill index and dot, both (rows, k), from products (rows, m); column `first + row` is the row itself, if not -1."""
    k = index.shape[1]
    for row in range(products.shape[0]):
        own = first + row if first >= 0 else -1
        least = dot[row, k - 1]
        for column in range(products.shape[1]):
            value = products[row, column]
            if value > least and column != own:
                at = k - 1
                while at > 0 and dot[row, at - 1] < value:
                    dot[row, at] = dot[row, at - 1]
                    index[row, at] = index[row, at - 1]
                    at -= 1
                dot[row, at] = value
                index[row, at] = column
                least = dot[row, k - 1]
