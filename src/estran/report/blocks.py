"""Curves and volumes drawn with block characters, where there is no picture: the terminal and Markdown."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"


def blocks(values: Sequence[float], *, width: int = 24, largest: float | None = None) -> str:
    """A row of blocks, the lowest for 0 and the highest for the largest value; a blank where nothing is known.

    Longer series are averaged down to `width`. Rows that are compared are given one `largest` value.
    """
    shown = _averaged(values, width)
    if largest is None:
        largest = max((v for v in shown if math.isfinite(v)), default=0.0)
    return "".join(_block(v, largest) for v in shown)


def _block(value: float, largest: float) -> str:
    if not math.isfinite(value):
        return " "
    return BLOCKS[min(int(value / largest * len(BLOCKS)), len(BLOCKS) - 1)] if largest > 0 else BLOCKS[0]


def _averaged(values: Sequence[float], width: int) -> list[float]:
    if len(values) <= width:
        return list(values)
    cuts = [round(i * len(values) / width) for i in range(width + 1)]
    return [_mean(values[low:high]) for low, high in itertools.pairwise(cuts)]


def _mean(values: Sequence[float]) -> float:
    known = [v for v in values if math.isfinite(v)]
    return sum(known) / len(known) if known else math.nan
