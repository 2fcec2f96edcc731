"""How often each theme is used: standardised shares, with intervals that know that people repeat themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincinv

from estran.compiled import njit
from estran.stats.inflation import inflation_within_periods
from estran.stats.seasons import pairs, seasonal_factors
from estran.stats.sparse import over_themes
from estran.stats.strata import length_strata

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows

__all__ = ["Shares", "length_strata", "share_intervals", "standardised_shares"]

PRIOR = 0.5  # half a use seen and half a use expected keep empty periods finite (Jeffreys)


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each theme was used, and how often rows of the same strata would use it had nothing moved.

    Attributes:
        observed: (T, P) rows that used the theme.
        expected: (T, P) rows that would have, at the overall rate of their strata, times `season`.
        season: (T, P) by what the season of the period multiplies the uses of the theme; 1 where seasons are unknown.
        rows: (T,) rows of each period.
        share: (T, P) standardised share: observed over expected, times the overall share; 0-1.
    """

    observed: Floats
    expected: Floats
    rows: Ints
    share: Floats
    season: Floats

    def take(self, themes: Ints) -> Shares:
        """The same shares, of these themes only, in this order."""
        columns = ("observed", "expected", "share", "season")
        return replace(self, **{name: getattr(self, name)[:, themes] for name in columns})


def standardised_shares(rows: Rows, *, periods: int) -> Shares:
    """The share of rows that used each theme per period, as if all periods had the same mix of strata and one season.

    Indirect standardisation: ``(observed / expected) x overall share``, half a use added to both counts. Where the
    rows know their season, the uses expected follow the seasons of the theme
    (`estran.stats.seasons.seasonal_factors`).

    Args:
        rows: the evidence, periods in 0..periods-1.
        periods: T.
    """
    presence = rows.presence
    # a cell is a period, or a season of it where a period holds several
    cell, cell_period, cell_season = pairs(rows.period, rows.season)
    cells = len(cell_period)
    observed, expected = np.zeros((presence.themes, cells)), np.zeros((presence.themes, cells))
    strata = int(rows.stratum.max(initial=-1)) + 1
    table: Floats = np.bincount(
        rows.stratum.astype(np.int64) * cells + cell, minlength=strata * cells
    ).astype(np.float64)
    uses = _Uses(presence.indptr, presence.indices, cell, rows.stratum)
    over_themes(
        lambda first, past: _count(first, past, uses, table.reshape(strata, cells), observed, expected),
        presence.indptr,
    )
    plain = expected
    if rows.season is not None:
        expected = plain * seasonal_factors(observed, plain, cell_period / max(periods - 1, 1), cell_season)

    def by_period(counts: Floats) -> Floats:
        total = np.zeros((periods, presence.themes))
        np.add.at(total, cell_period, counts.T)
        return total

    observed, expected, plain = by_period(observed), by_period(expected), by_period(plain)
    overall = presence.uses / max(presence.rows, 1)
    share = np.minimum((observed + PRIOR) / (expected + PRIOR) * overall, 1.0)
    return Shares(
        observed=observed,
        expected=expected,
        rows=np.bincount(rows.period, minlength=periods),
        share=share,
        season=np.divide(expected, plain, out=np.ones_like(plain), where=plain > 0),
    )


def share_intervals(
    rows: Rows, *, periods: int, levels: Floats | float = 0.95, conversations: Rows | None = None
) -> tuple[Floats, Floats]:
    """The intervals of the standardised shares, per period.

    Jeffreys intervals on effective counts, observed and unobserved rows divided by the cluster inflation of the
    variance (as Korn and Graubard 1998 do for surveys): they stay in 0-1, and a period without a use still has an
    upper bound. The inflation is pooled over the periods of a theme, and never below 1.

    Args:
        rows: the evidence.
        periods: T.
        levels: coverage, one for all themes or (P,).
        conversations: rows B; their inflation counts where it is the larger.

    Returns:
        (T, P) lower and (T, P) upper ends.
    """
    shares = standardised_shares(rows, periods=periods)
    inflation = inflation_within_periods(rows, shares.observed, shares.expected / shares.season)
    if conversations is not None:
        threaded = standardised_shares(conversations, periods=periods)
        inflation = np.maximum(
            inflation,
            inflation_within_periods(conversations, threaded.observed, threaded.expected / threaded.season),
        )
    overall = rows.presence.uses / max(rows.presence.rows, 1)
    size = shares.rows[:, None].astype(np.float64)
    low, high = _jeffreys(shares.observed, size, shares.expected, overall, inflation=inflation, levels=levels)
    return np.minimum(low, shares.share), np.maximum(high, shares.share)


def _jeffreys(
    observed: Floats,
    size: Floats,
    expected: Floats,
    overall: Floats,
    *,
    inflation: Floats,
    levels: Floats | float,
) -> tuple[Floats, Floats]:
    """Bounds of standardised shares; 0 and 1 where no row could tell."""
    tail = (1.0 - np.asarray(levels)) / 2.0
    seen, unseen = observed / inflation + PRIOR, (size - observed) / inflation + PRIOR
    low = np.where(observed > 0, betaincinv(seen, unseen, tail), 0.0)
    high = np.where(observed < size, betaincinv(seen, unseen, 1.0 - tail), 1.0)
    known = expected > 0
    scale = np.where(known, size * overall / np.where(known, expected, 1.0), 0.0)
    return np.where(known, np.minimum(low * scale, 1.0), 0.0), np.where(
        known, np.minimum(high * scale, 1.0), 1.0
    )


class _Uses(NamedTuple):
    indptr: Ints
    indices: Codes
    cell: Codes
    stratum: Codes


@njit
def _count(first: int, past: int, rows: _Uses, table: Floats, observed: Floats, expected: Floats) -> None:
    """Fill observed and expected uses (P, C) of themes first..past-1; `table` counts rows by stratum and cell."""
    strata, cells = table.shape
    uses, size = np.zeros(strata), table.sum(axis=1)
    for j in range(first, past):
        users = rows.indices[rows.indptr[j] : rows.indptr[j + 1]]
        for i in users:
            uses[rows.stratum[i]] += 1.0
            observed[j, rows.cell[i]] += 1.0
        for i in users:
            k = rows.stratum[i]
            for c in range(cells if uses[k] > 0.0 else 0):
                expected[j, c] += table[k, c] * (uses[k] / size[k])
            uses[k] = 0.0
