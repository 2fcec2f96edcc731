"""Which few of many stand for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.stats.presence import Floats


def stand_for_all(
    likeness: Floats,
    worth: Floats,
    *,
    most: int,
    apart: NDArray[np.bool_] | None = None,
    shared: NDArray[np.integer] | None = None,
) -> NDArray[np.intp]:
    """The few candidates that stand best for everything: facility location, chosen greedily.

    A set A is worth the mean over all i of ``max(likeness[i, a] worth[a] for a in A)``, nothing where it is below 0.
    One at a time, the candidate that adds most is chosen, the first of two that add as much. With neither `apart` nor
    `shared`, the set is worth (1 - 1/e) of the best one at least (Nemhauser, Wolsey, Fisher 1978); where `apart` parts
    the candidates into groups of which one each is chosen, a half (Fisher, Nemhauser, Wolsey 1978).

    Args:
        likeness: (n, m) of what is stood for with each candidate.
        worth: (m,) of each candidate, 0 or more.
        most: how many are chosen at the most.
        apart: (m, m) pairs of candidates of which one at the most is chosen.
        shared: (g, m) codes of what candidates have in common, -1 for nothing. Who has less in common with those
            chosen goes before who adds more; an earlier row weighs more than all later ones.

    Returns:
        (k,) candidates in the order of choice; fewer than `most` where no other adds anything.
    """
    value = np.maximum(likeness, 0.0) * worth
    reached = np.zeros(len(value))
    free = np.ones(value.shape[1], bool)
    codes = np.empty((0, value.shape[1]), np.int64) if shared is None else np.asarray(shared)
    weights = 1 << np.arange(len(codes))[::-1]
    chosen: list[int] = []
    while len(chosen) < most:
        gain = np.where(free, np.maximum(value - reached[:, None], 0.0).sum(axis=0), 0.0)
        if not (gain > 0).any():
            break
        met = np.array([(row >= 0) & np.isin(row, row[chosen]) for row in codes], bool)
        common = weights @ met.reshape(codes.shape)
        gain[common > common[gain > 0].min()] = 0.0
        best = int(gain.argmax())
        chosen.append(best)
        reached = np.maximum(reached, value[:, best])
        free[best] = False
        if apart is not None:
            free &= ~apart[best]
    return np.array(chosen, np.intp)
