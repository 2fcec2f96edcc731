"""How much of all that is spoken of some themes make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Floats, Ints, Rows

PRIOR = 0.5


def share_of_voice(
    rows: Rows, chosen: Bools, counted: Bools, *, periods: int, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """The share of some themes in all the uses of themes, per period, with its interval.

    A use is a row (a person in a period) and a theme: who says a theme ten times uses it once. Uses of one person hang
    together, so the variance is that of a ratio of sums over clusters (Cochran 1977, 6.4), and the interval is Jeffreys' on
    as many independent uses as would vary so much.

    Args:
        rows: the evidence.
        chosen: (P,) the themes whose share is asked for.
        counted: (P,) the themes that count as spoken of; those chosen are among them.
        periods: T.
        level: of the interval.

    Returns:
        (T,) shares, lower and upper ends; not a number where nothing is spoken of.
    """
    themes = np.repeat(np.arange(rows.presence.themes), rows.presence.uses)
    users = rows.presence.indices

    def per_row(kind: Bools) -> Ints:
        return np.bincount(users[kind[themes]], minlength=rows.presence.rows)

    part, whole = per_row(chosen & counted), per_row(counted)
    value, low, high = (np.full(periods, np.nan) for _ in range(3))
    for period in range(periods):
        own = rows.period == period
        total = whole[own].sum()
        if total == 0:
            continue
        share = part[own].sum() / total
        left = np.bincount(rows.cluster[own], part[own] - share * whole[own])
        variance = float((left**2).sum()) / total**2
        binomial = share * (1.0 - share)
        uses = min(binomial / variance, float(total)) if variance > 0 else float(total)
        yes, no = share * uses + PRIOR, (1.0 - share) * uses + PRIOR
        tail = (1.0 - level) / 2.0
        value[period] = share
        low[period] = min(betaincinv(yes, no, tail), share) if share > 0 else 0.0
        high[period] = max(betaincinv(yes, no, 1.0 - tail), share) if share < 1 else 1.0
    return value, low, high
