"""How evenly is a word spread over what people speak of?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.stats.presence import Floats, Ints

AT_ONCE = 1_000
"""Words whose companions are counted at a time; bounds the memory."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How unevenly each word keeps company with the themes; all arrays (W,).

    Attributes:
        unevenness: mean square of (lift - 1) over the companions, what chance makes of it taken off; 0 for a word that
            has nothing to do with any subject, negative by chance, 1 where companions are typically met twice as often
            as expected, or never.
        error: its standard error for independent messages.
    """

    unevenness: Floats
    error: Floats


def spread_over_companions(
    words: csr_array, companions: csr_array, cell: NDArray[np.integer], own: Ints
) -> Spread:
    """Whether a word is met with some themes more than with others.

    For word w and theme c: O messages hold both, and E would if w fell on messages whatever they are about, those of
    one cell (as long, of the same language) being alike: ``E = sum over cells of uses of w x rate of c``. The lift is
    O / E. The mean of its squared distance from 1, weighted by E^2, is ``sum (O - E)^2 / sum E^2``; V, the
    hypergeometric variance of O, is what chance alone adds to each square, so it is taken off.

    Args:
        words: (n, W) messages and words, 1 where the one holds the other.
        companions: (n, C) messages and themes.
        cell: (n,) dense codes of what makes messages alike.
        own: (W,) number of the companion that is the word itself, or -1.

    Returns:
        One value a word; not a number where nothing is expected with it.
    """
    count = words.shape[1]
    unevenness, error = np.full(count, np.nan), np.full(count, np.nan)
    cells = int(cell.max(initial=-1)) + 1
    size = np.maximum(np.bincount(cell, minlength=cells), 1).astype(np.float64)
    inside = csr_array((np.ones(len(cell)), (cell, np.arange(len(cell)))), shape=(cells, len(cell)))
    rate = (inside @ companions).toarray() / size[:, None]
    for first in range(0, count, AT_ONCE):
        part = words[:, first : first + AT_ONCE]
        uses = (inside @ part).toarray()
        both = (part.T @ companions).toarray().astype(np.float64)
        expected = uses.T @ rate
        left = uses * (1.0 - uses / size[:, None]) * (size / np.maximum(size - 1.0, 1.0))[:, None]
        variance = left.T @ (rate * (1.0 - rate))
        itself = own[first : first + AT_ONCE]
        known = np.flatnonzero(itself >= 0)
        for table in (both, expected, variance):
            table[known, itself[known]] = 0.0
        weight = (expected**2).sum(axis=1)
        there = weight > 0
        scaled = np.where(there, weight, 1.0)
        value = ((both - expected) ** 2 - variance).sum(axis=1) / scaled
        beyond = np.maximum(value, 0.0)[:, None] * expected**2
        noise = np.sqrt((2.0 * variance**2 + 4.0 * variance * beyond).sum(axis=1)) / scaled
        unevenness[first : first + AT_ONCE] = np.where(there, value, np.nan)
        error[first : first + AT_ONCE] = np.where(there, noise, np.nan)
    return Spread(unevenness, error)
