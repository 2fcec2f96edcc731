"""What the same test says of other themes at the same date: the yardstick of whoever claims that one of them moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from estran.stats.presence import Floats, Ints

NEIGHBOURS = 200
FEWEST = 19
"""With fewer, none of them can lie beyond nineteen in twenty."""
TAIL = 0.95
USUAL = 1.959964


@dataclass(frozen=True, slots=True)
class Placebos:
    """How unusual the deviate of each theme is among those of nearest support; all (P,).

    Attributes:
        rank: 1 + how many of them moved as much or more, over 1 + how many there are.
        scale: how much wider than normal their deviates lie, 1 at least; 1 where there are too few of them.
        p: two-sided p value of the deviate on that scale, never below its own: up to one in twenty it says what the rank
            says, and beyond what 200 themes can tell it goes on as the normal tail does.
        others: how many there are.
    """

    p: Floats
    rank: Floats
    scale: Floats
    others: Ints


def placebos(z: Floats, support: Floats, *, neighbours: int = NEIGHBOURS) -> Placebos:
    """Hold each deviate against those of the themes of nearest support.

    Args:
        z: (P,) deviates of one test at one date.
        support: (P,) how often each theme was used.
        neighbours: how many to compare with.
    """
    themes = len(z)
    others = min(neighbours, themes - 1)
    if others < 1:
        scale = np.ones(themes)
        return Placebos(2.0 * ndtr(-np.abs(z)), np.ones(themes), scale, np.zeros(themes, np.int64))
    order = np.argsort(support, kind="stable")
    size = np.abs(z[order])
    first = np.clip(np.arange(themes) - others // 2, 0, themes - others - 1)
    windows = np.lib.stride_tricks.sliding_window_view(size, others + 1)
    rank, scale = np.empty(themes), np.ones(themes)
    beyond = (windows[first] >= size[:, None] * (1.0 - 1e-12)).sum(axis=1)
    rank[order] = beyond / (others + 1)
    if others >= FEWEST:
        scale[order] = np.maximum(np.quantile(windows, TAIL, axis=1)[first] / USUAL, 1.0)
    return Placebos(2.0 * ndtr(-np.abs(z) / scale), rank, scale, np.full(themes, others))
