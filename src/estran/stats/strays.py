"""How far deviates stray where nothing happened, beyond what a normal tail tells: for claims that lie far out.

Real curves move for reasons of their own, some of them much. One in twenty may lie where a normal has one in twenty, and one
in three hundred much farther out; whoever tests fifteen themes at once claims there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Floats

OUTER = 0.1
"""Share of the deviates that the tail is told from."""

FEWEST = 50
"""Deviates below which there is no tail to tell: five of them would be all there is."""


@dataclass(frozen=True, slots=True)
class Strays:
    """The tail of the deviates of what nothing happened to.

    Attributes:
        edge: where their outer tenth begins.
        beyond: how far past the edge these lie on average; 0 where there are too few of them.
    """

    edge: float
    beyond: float

    def p(self, deviate: ArrayLike) -> Floats:
        """Two-sided p values: the normal's, or beyond the edge those of an exponential tail, whichever is larger."""
        size = np.abs(np.asarray(deviate, np.float64))
        normal: Floats = 2.0 * ndtr(-size)
        if self.beyond <= 0:
            return normal
        past = size > self.edge
        tail = OUTER * np.exp(-np.where(past, size - self.edge, 0.0) / self.beyond)
        return np.where(past, np.maximum(normal, tail), normal)

    def reach(self, p: float) -> float:
        """The deviate that a p value stands for."""
        normal = float(-ndtri(min(p, 1.0) / 2.0))
        if self.beyond <= 0 or p >= OUTER:
            return normal
        return max(normal, self.edge + self.beyond * float(np.log(OUTER / p)))


def strays(deviates: Floats) -> Strays:
    """What the deviates of other themes tell of the tail: exponential past its edge (Pickands 1975, of shape 0).

    Args:
        deviates: (N,) of one test, of what nothing is claimed of.
    """
    size = np.abs(deviates)
    if len(size) < FEWEST:
        return Strays(0.0, 0.0)
    edge = float(np.quantile(size, 1.0 - OUTER))
    past = size[size > edge]
    return Strays(edge, float((past - edge).mean()) if len(past) else 0.0)
