"""How the voices of a theme divide over parts in each period; a part that does not speak in a period is not of its whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.presence import Presence
from estran.stats.voiceshare import voice_shares

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Codes, Rows
    from estran.stats.voiceshare import VoiceShares

FEWEST_VOICES = 5
"""Of a part in a period, without which it is taken to be silent there."""


def speaking(rows: Rows, part: Codes, *, parts: int, periods: int) -> Bools:
    """(K, T) whether each part speaks in each period, whatever it says."""
    cell = part.astype(np.int64) * periods + rows.period
    voices = np.bincount(cell[part >= 0], minlength=parts * periods)
    told: Bools = voices.reshape(parts, periods) >= FEWEST_VOICES
    return told


def by_period(rows: Rows, *, periods: int) -> Rows:
    """The same rows, each theme cut into its periods: theme k in period t has the number ``k T + t``."""
    presence = rows.presence
    theme = np.repeat(np.arange(presence.themes), presence.uses)
    cell = theme * periods + rows.period[presence.indices]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=presence.themes * periods))])
    order = np.argsort(cell, kind="stable")
    return replace(rows, presence=Presence(indptr, presence.indices[order], presence.rows))


def voice_curves(
    rows: Rows, part: Codes, *, parts: int, periods: int, level: float = 0.95
) -> tuple[VoiceShares, Rows, Codes]:
    """The share of the voices of each theme that lies in each part, period by period, with intervals by people.

    Periods in which fewer than two parts speak have nothing to divide, and are left out.

    Args:
        rows: the evidence of P themes; clusters are people.
        part: (N,) the part of each row, 0 to K - 1; rows below 0 are left out.
        parts: K.
        periods: T.
        level: coverage.

    Returns:
        Shares (K, P T), themes cut into their periods; the rows thus cut; and the part of each row, -1 where left out.
    """
    spoke = speaking(rows, part, parts=parts, periods=periods)
    kept = (part >= 0) & spoke[part, rows.period] & (spoke.sum(axis=0) > 1)[rows.period]
    compared = np.where(kept, part, -1).astype(np.int32)
    cut = by_period(rows, periods=periods)
    return voice_shares(cut, compared, parts=parts, level=level), cut, compared
