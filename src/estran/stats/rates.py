"""How often each theme is used: standardised shares, with intervals that know that people repeat themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincinv, ndtri

from estran.stats.compiled import njit, over_themes
from estran.stats.inflation import inflation_within_periods
from estran.stats.strata import length_strata
from estran.stats.windows import count_windows

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows
    from estran.stats.windows import WindowCounts

__all__ = [
    "Shares",
    "WindowChange",
    "length_strata",
    "share_intervals",
    "standardised_shares",
    "window_change",
]

PRIOR = 0.5  # half a use seen and half a use expected keep empty periods finite (Jeffreys)


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each theme was used, and how often rows of the same strata would use it had nothing moved.

    Attributes:
        observed: (T, P) rows that used the theme.
        expected: (T, P) rows that would have, at the overall rate of their strata.
        rows: (T,) rows of each period.
        share: (T, P) standardised share: observed over expected, times the overall share; 0-1.
    """

    observed: Floats
    expected: Floats
    rows: Ints
    share: Floats


def standardised_shares(rows: Rows, *, periods: int) -> Shares:
    """The share of rows that used each theme per period, as if all periods had the same mix of strata.

    Indirect standardisation: ``(observed / expected) x overall share``, half a use added to both counts.

    Args:
        rows: the evidence, periods in 0..periods-1.
        periods: T.
    """
    presence = rows.presence
    observed, expected = np.zeros((presence.themes, periods)), np.zeros((presence.themes, periods))
    strata = int(rows.stratum.max(initial=-1)) + 1
    table = np.zeros((strata, periods))
    np.add.at(table, (rows.stratum, rows.period), 1.0)

    uses = _Uses(presence.indptr, presence.indices, rows.period, rows.stratum)
    over_themes(lambda first, past: _count(first, past, uses, table, observed, expected), presence.indptr)
    overall = presence.uses / max(presence.rows, 1)
    share = np.minimum((observed + PRIOR) / (expected + PRIOR) * overall[:, None], 1.0)
    return Shares(observed.T, expected.T, np.bincount(rows.period, minlength=periods), share.T)


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
    inflation = inflation_within_periods(rows, shares.observed, shares.expected)
    if conversations is not None:
        threaded = standardised_shares(conversations, periods=periods)
        inflation = np.maximum(
            inflation, inflation_within_periods(conversations, threaded.observed, threaded.expected)
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


@dataclass(frozen=True, slots=True)
class WindowChange:
    """Standardised shares of each theme in two windows, and their ratio; each (P,), with its interval.

    Attributes:
        before: share in the first window.
        before_low: its lower end.
        before_high: its upper end.
        after: share in the second window.
        after_low: its lower end.
        after_high: its upper end.
        ratio: after over before.
        ratio_low: its lower end; 0 where a window could not tell.
        ratio_high: its upper end; infinite where a window could not tell.
    """

    before: Floats
    before_low: Floats
    before_high: Floats
    after: Floats
    after_low: Floats
    after_high: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats


def window_change(
    rows: Rows, before: Ints, after: Ints, *, level: Floats | float = 0.95, conversations: Rows | None = None
) -> WindowChange:
    """The share of each theme before and after, and the ratio of the two.

    The variance of the log ratio is that of independent counts (with half a use added, Gart 1966) times the inflation
    by clusters, which knows that the same people may speak in both windows.

    Args:
        rows: the evidence.
        before: (P, 2) first period of the window, and the one past its last.
        after: (P, 2) the same for the second window.
        level: coverage of the intervals, one for all themes or (P,).
        conversations: rows B; their inflation counts where it is the larger.
    """
    own = count_windows(rows, before, after)
    inflation, of_ratio = own.inflation, own.ratio_inflation
    if conversations is not None:
        threaded = count_windows(conversations, before, after)
        inflation = np.maximum(inflation, threaded.inflation)
        of_ratio = np.maximum(of_ratio, threaded.ratio_inflation)
    overall = rows.presence.uses / max(rows.presence.rows, 1)
    relative = (own.observed + PRIOR) / (own.expected + PRIOR)
    share = np.minimum(relative * overall, 1.0)
    low, high = _jeffreys(own.observed, own.size, own.expected, overall, inflation=inflation, levels=level)
    low, high = np.minimum(low, share), np.maximum(high, share)
    ratio = relative[1] / relative[0]
    reach = ndtri(0.5 + np.asarray(level) / 2.0) * np.sqrt(of_ratio * _variance_of_log_ratio(own))
    told = (own.expected > 0).all(axis=0)
    factor = np.exp(np.minimum(reach, 700.0))
    return WindowChange(
        share[0], low[0], high[0], share[1], low[1], high[1],
        ratio, np.where(told, ratio / factor, 0.0), np.where(told, ratio * factor, np.inf),
    )  # fmt: skip


def _variance_of_log_ratio(counts: WindowCounts) -> Floats:
    """(P,) for independent rows: sum over both windows of 1 / (O + 1/2) - 1 / (n + 1)."""
    apart: Floats = (1.0 / (counts.observed + PRIOR) - 1.0 / (counts.size + 2 * PRIOR)).sum(axis=0)
    return np.maximum(apart, 0.0)


class _Uses(NamedTuple):
    indptr: Ints
    indices: Codes
    period: Codes
    stratum: Codes


@njit
def _count(first: int, past: int, rows: _Uses, table: Floats, observed: Floats, expected: Floats) -> None:
    """Fill observed and expected uses (P, T) of themes first..past-1; `table` counts rows by stratum and period."""
    strata, periods = table.shape
    uses, size = np.zeros(strata), table.sum(axis=1)
    for j in range(first, past):
        users = rows.indices[rows.indptr[j] : rows.indptr[j + 1]]
        for i in users:
            uses[rows.stratum[i]] += 1.0
            observed[j, rows.period[i]] += 1.0
        for i in users:
            k = rows.stratum[i]
            for t in range(periods if uses[k] > 0.0 else 0):
                expected[j, t] += table[k, t] * (uses[k] / size[k])
            uses[k] = 0.0
