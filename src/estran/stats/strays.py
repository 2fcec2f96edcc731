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

TAIL, USUAL = 0.95, 1.959964
"""Of a normal, so much lies within so many standard deviations."""

FEWEST_SCALED = 19
"""With fewer deviates, none of them can lie beyond nineteen in twenty."""

OUTER, FAR_OUT = 0.1, 0.02
"""Share of the deviates that the tail is told from: of few of them, and of many."""

FEWEST = 50
"""Deviates below which there is no tail to tell: five of them would be all there is."""

MANY = 500
"""Deviates from which their ranks tell all but the far tail by themselves, without a shape for it."""


@dataclass(frozen=True, slots=True)
class Strays:
    """The tail of the deviates of what nothing happened to.

    Attributes:
        scale: how much wider than normal they lie, 1 at least; 1 where ranks tell it.
        edge: where their outer tenth begins, or their outer fiftieth where they are many.
        beyond: how far past the edge these lie on average; 0 where there are too few of them.
        sizes: of all of them, rising, where they are many.
    """

    scale: float
    edge: float
    beyond: float
    sizes: Floats = field(default_factory=lambda: np.empty(0), repr=False, compare=False)

    @property
    def outer(self) -> float:
        """Share of them past the edge."""
        return FAR_OUT if len(self.sizes) else OUTER

    def p(self, deviate: ArrayLike) -> Floats:
        """Two-sided p values: ranks up to the edge where there are many, an exponential past it, and never below the normal's."""
        size = np.abs(np.asarray(deviate, np.float64))
        normal: Floats = 2.0 * ndtr(-size / self.scale)
        if self.beyond <= 0:
            return normal
        many = len(self.sizes)
        within = (many + 1 - np.searchsorted(self.sizes, size)) / (many + 1) if many else normal
        past = size > self.edge
        tail = self.outer * np.exp(-np.where(past, size - self.edge, 0.0) / self.beyond)
        return np.maximum(normal, np.where(past, tail, within))

    def reach(self, p: float) -> float:
        """The deviate that a p value stands for."""
        normal = float(-ndtri(min(p, 1.0) / 2.0)) * self.scale
        if self.beyond <= 0:
            return normal
        if p < self.outer:
            return max(normal, self.edge + self.beyond * float(np.log(self.outer / p)))
        return max(normal, float(np.quantile(self.sizes, 1.0 - p))) if len(self.sizes) else normal


def strays(deviates: Floats) -> Strays:
    """What the deviates of other themes tell of the tail: exponential past its edge (Pickands 1975, of shape 0).

    Args:
        deviates: (N,) of one test, of what nothing is claimed of.
    """
    size = np.sort(np.abs(deviates))
    many = len(size) >= MANY
    scale = 1.0
    if FEWEST_SCALED <= len(size) < MANY:
        scale = max(float(np.quantile(size, TAIL)) / USUAL, 1.0)
    if len(size) < FEWEST:
        return Strays(scale, 0.0, 0.0)
    edge = float(np.quantile(size, 1.0 - (FAR_OUT if many else OUTER)))
    past = size[size > edge]
    beyond = float((past - edge).mean()) if len(past) else 0.0
    return Strays(scale, edge, beyond, size if many else np.empty(0))
