"""How far deviates stray where nothing happened, beyond what a normal tail tells: for claims that lie far out.

Real curves move for reasons of their own, some of them much. One in twenty may lie where a normal has one in twenty, and one
in three hundred much farther out; whoever tests fifteen themes at once claims there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


MANY = 500
"""Deviates from which their ranks tell the tail by themselves, without a shape for it."""


@dataclass(frozen=True, slots=True)
class Strays:
    """The tail of the deviates of what nothing happened to.

    Attributes:
        edge: where their outer tenth begins.
        beyond: how far past the edge these lie on average; 0 where there are too few of them.
        sizes: of all of them, rising, where they are many.
    """

    edge: float
    beyond: float
    sizes: Floats = field(default_factory=lambda: np.empty(0), repr=False, compare=False)

    def p(self, deviate: ArrayLike) -> Floats:
        """Two-sided p values: the largest of the normal's, beyond the edge an exponential tail's, and that of the rank."""
        size = np.abs(np.asarray(deviate, np.float64))
        normal: Floats = 2.0 * ndtr(-size)
        if self.beyond <= 0:
            return normal
        past = size > self.edge
        tail = OUTER * np.exp(-np.where(past, size - self.edge, 0.0) / self.beyond)
        told = np.where(past, np.maximum(normal, tail), normal)
        if len(self.sizes):
            many = len(self.sizes)
            told = np.maximum(told, (many + 1 - np.searchsorted(self.sizes, size)) / (many + 1))
        return told

    def reach(self, p: float) -> float:
        """The deviate that a p value stands for."""
        normal = float(-ndtri(min(p, 1.0) / 2.0))
        if self.beyond <= 0 or p >= OUTER:
            return normal
        ranked = float(np.quantile(self.sizes, 1.0 - p)) if len(self.sizes) else 0.0
        return max(normal, self.edge + self.beyond * float(np.log(OUTER / p)), ranked)


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
    sizes = np.sort(size) if len(size) >= MANY else np.empty(0)
    return Strays(edge, float((past - edge).mean()) if len(past) else 0.0, sizes)
