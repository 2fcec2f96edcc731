"""Some of the messages of a language, where all would say no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from estran.store.prepared import Counted


def texts_of(counted: Counted, language: str, *, most: int) -> pl.Series:
    """What is said in messages of a language: all of them, or `most` at the most, spread evenly over time."""
    spoken = [(block.columns(["language"])["language"] == language).to_numpy() for block in counted.blocks]
    rows = np.flatnonzero(np.concatenate(spoken))
    rows = rows[:: 1 + (len(rows) - 1) // most] if len(rows) else rows
    bounds = np.cumsum([0, *(block.messages for block in counted.blocks)])
    parts = [
        block.take(
            rows[slice(*np.searchsorted(rows, bounds[number : number + 2]))] - bounds[number], ("spoken",)
        )
        for number, block in enumerate(counted.blocks)
    ]
    return pl.concat(parts)["spoken"]
