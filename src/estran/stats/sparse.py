"""Sparse matrices as kernels read them, and kernels run over many themes at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CHUNKS_PER_THREAD = 4


class Compressed(NamedTuple):
    """A sparse matrix by rows, as kernels read it.

    Attributes:
        indptr: where each row begins.
        indices: column of each value.
        values: the values.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    values: NDArray[np.float64]


def compressed(
    values: NDArray[np.float64],
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    *,
    shape: tuple[int, int],
) -> tuple[Compressed, Compressed]:
    """A sparse matrix A from its entries, the ones of one cell added up, and A'A."""
    matrix = sparse.csr_array((values, (row, column)), shape=shape)
    matrix.sum_duplicates()
    products = sparse.csr_array(matrix.T @ matrix)
    products.sort_indices()
    return _plain(matrix), _plain(products)


def _plain(matrix: sparse.csr_array) -> Compressed:
    return Compressed(
        np.asarray(matrix.indptr, np.int64),
        np.asarray(matrix.indices, np.int64),
        np.asarray(matrix.data, np.float64),
    )


def over_themes(
    run: Callable[[int, int], None], work: NDArray[np.int64], *, threads: int | None = None
) -> None:
    """Run a kernel over slices of themes of about equal work, on all cores.

    Every theme is computed alone and writes its own cells of the answer, so the answer does not depend on the number
    of threads, to the last bit.

    Args:
        run: called with the first theme of a slice and the one past its last.
        work: (P+1,) cumulated work before each theme; the `indptr` of a presence serves.
        threads: how many; all cores where None.
    """
    themes = len(work) - 1
    if themes <= 0:
        return
    workers = threads or os.cpu_count() or 1
    cost = work + np.arange(themes + 1)  # an unused theme still costs its turn
    aims = np.linspace(0, cost[-1], workers * CHUNKS_PER_THREAD + 1)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(cost, aims[1:-1]), [themes]]))
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(run, int(a), int(b)) for a, b in pairwise(cuts)]:
            done.result()
