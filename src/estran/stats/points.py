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

BLOCK, FIELD = 512, 16_384
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


def distinct_points(points: Points) -> tuple[Points, NDArray[np.int64]]:
    """Each point once, (m, d) in the order of their numbers, and (n,) which of them each point is.

    As `numpy.unique` of rows, which holds all of them four times over.
    """
    draw = np.random.default_rng(0).integers(1 << 63, size=points.shape[1], dtype=np.uint64) * 2 + 1
    mark = np.concatenate(
        [np.empty(0, np.uint64)]
        + [points[at : at + BLOCK * 8].astype(np.uint64) @ draw for at in range(0, len(points), BLOCK * 8)]
    )  # 64 bits by which two points are told apart
    _, first, same = np.unique(mark, return_index=True, return_inverse=True)
    place = np.zeros(len(first), np.int64)
    for column in range(
        points.shape[1]
    ):  # in the order of the first numbers, then of the next, while some are level
        place = np.unique(
            place << 16 | points[first, column].astype(np.int64) + (1 << 15), return_inverse=True
        )[1]
        if place.max(initial=-1) + 1 == len(first):
            break
    return points[first[np.argsort(place)]], place[same]


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

    Exact, in blocks: n x m products, 512 rows and 16,384 columns at a time.
    """
    field = points if others is None else others
    index = np.full((len(points), k), -1, np.int32)
    dot = np.full((len(points), k), -2.0 * GRID * GRID, np.float32)
    with ThreadPoolExecutor(threads) as pool:
        for left in range(0, len(field), FIELD):
            part = field[left : left + FIELD].astype(np.float32).T

            def fill(first: int, part: NDArray[np.float32] = part, left: int = left) -> None:
                some = points[first : first + BLOCK].astype(np.float32)
                own = first if others is None else -len(points) - 1
                past = first + len(some)
                _keep_nearest(some @ part, left, own, index[first:past], dot[first:past])

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
    products: NDArray[np.float32], left: int, own: int, index: NDArray[np.int32], dot: NDArray[np.float32]
) -> None:
    """Merge products (rows, m) into index and dot, both (rows, k), which hold the nearest among the columns before.

    Args:
        products: of the rows with the columns from `left` on.
        left: number of the first column.
        own: number of the first row, which is a column of its own; far below 0 where rows are no columns.
        index: changed.
        dot: changed.
    """
    k = index.shape[1]
    for row in range(products.shape[0]):
        self = own + row - left
        least = dot[row, k - 1]
        for column in range(products.shape[1]):
            value = products[row, column]
            if value > least and column != self:
                at = k - 1
                while at > 0 and dot[row, at - 1] < value:
                    dot[row, at] = dot[row, at - 1]
                    index[row, at] = index[row, at - 1]
                    at -= 1
                dot[row, at] = value
                index[row, at] = left + column
                least = dot[row, k - 1]
