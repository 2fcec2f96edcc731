"""Things as points in space by the company they keep: close when they are said among the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.stats.presence import Floats

DIMENSIONS = 150
SMOOTHING = 0.75
_OVERSAMPLED, _ROUNDS, _SEED = 20, 3, 7


def vectors(
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    count: NDArray[np.integer],
    *,
    shape: tuple[int, int],
    dimensions: int = DIMENSIONS,
) -> Floats:
    """Each row of a table of counts as a point on the unit sphere; the cosine of two is their product.

    Positive pointwise mutual information with the columns smoothed to the power 0.75, then the first singular vectors,
    each times the square root of its singular value (Levy, Goldberg, Dagan 2015). The singular vectors come from a
    sketch with fixed random numbers and power iterations (Halko, Martinsson, Tropp 2011): the same counts give the
    same points.

    Args:
        row: (M,) of each count.
        column: (M,) of each count; a cell told twice is added up.
        count: (M,) 1 or more.
        shape: rows and columns.
        dimensions: fewer where the table has fewer rows or columns.

    Returns:
        (rows, dimensions); zeros for a row without counts.
    """
    table = sparse.csr_array((count.astype(np.float64), (row, column)), shape=shape)
    table.sum_duplicates()
    table = _informative(table)
    wanted = min(dimensions, *shape)
    if wanted == 0 or table.nnz == 0:
        return np.zeros((shape[0], wanted))
    drawn = np.random.default_rng(_SEED).standard_normal((shape[0], min(wanted + _OVERSAMPLED, *shape)))
    basis = _orthonormal(np.asarray(table @ (table.T @ drawn)))
    for _ in range(_ROUNDS):
        basis = _orthonormal(np.asarray(table @ (table.T @ basis)))
    across = np.asarray(table.T @ basis)
    energy, turn = np.linalg.eigh(across.T @ across)
    first = np.argsort(-energy, kind="stable")[:wanted]
    points = (basis @ turn[:, first]) * np.maximum(energy[first], 0.0) ** 0.25
    length = np.linalg.norm(points, axis=1, keepdims=True)
    points = np.divide(points, length, out=np.zeros_like(points), where=length > 1e-9)
    return np.asarray(points, np.float64)


def _orthonormal(points: Floats) -> Floats:
    """Columns of the same span, at right angles and of length 1; by their products, which is quicker than QR."""
    energy, turn = np.linalg.eigh(points.T @ points)
    kept = energy > 1e-12 * max(energy[-1], 1e-300)
    basis: Floats = points @ (turn[:, kept] / np.sqrt(energy[kept]))
    return basis


def _informative(table: sparse.csr_array) -> sparse.csr_array:
    """The positive part of ln(count / expected), columns smoothed."""
    rows = np.asarray(table.sum(axis=1)).ravel()
    columns = np.asarray(table.sum(axis=0)).ravel() ** SMOOTHING
    columns = columns / max(columns.sum(), 1e-300)
    cells = table.tocoo()
    at, beside = cells.coords
    value = np.log(cells.data / (rows[at] * columns[beside]))
    above = value > 0
    return sparse.csr_array((value[above], (at[above], beside[above])), shape=table.shape)
