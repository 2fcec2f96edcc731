"""Which of two sides said each theme first, and by how many periods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, chdtri, expit, stdtr

from estran.stats.changes import known_share, log_odds
from estran.stats.presence import Presence
from estran.stats.rates import standardised_shares
from estran.stats.residuals import inflation_around
from estran.stats.shifted import Both, Fitted, ahead, apart, fit, profile, shifted
from estran.stats.trends import in_out_test

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Codes, Floats, Ints, Rows

FEWEST_PERIODS = 8
"""In which both sides speak: fewer hold no curve that could be ahead of another."""
FEWEST_ROWS = 5
"""Rows of each side without which a period is left out, on both."""
FEWEST_CLUSTERS = 5.0  # people who weigh in the score: those around the rise, fewer than in a trend
FINE = 0.5
"""Periods between the lags that are tried."""
ALIKE = 0.02
"""p of a common curve below which the sides do not move alike."""
ROUNDING = 0.25
"""Periods by which an interval is wider on each side: of a date only its period is known."""
LEAST_INFLATION = 0.85
SLICE = 1_000
"""Themes fitted at once."""


@dataclass(frozen=True, slots=True)
class Sided:
    """Rows of evidence, and (N,) the side of each, 0 or 1; -1 for rows of neither, which are not looked at."""

    rows: Rows
    side: Codes

    def take(self, themes: Ints) -> Sided:
        """The same rows, these themes only, in this order."""
        return replace(self, rows=self.rows.take(themes))

    def of(self, side: int) -> Rows:
        """The rows of one side."""
        return _only(self.rows, self.side == side)


@dataclass(frozen=True, slots=True)
class Leads:
    """Which side was ahead, of P themes. Side two follows where the lag is above 0, side one where it is below.

    Attributes:
        p: (P,) p values of "one side was ahead": the largest of all that must hold, so that no rate of false claims
            depends on which of them fails.
        way: (P,) 1 where side one was ahead, -1 where side two was, 0 where the two statistics disagree.
        lag: (P,) periods, the likeliest.
        moved: (2, P) p values of "this side moved at all".
        direction: (2, P) sign of its line.
        alike: (P,) p value of the common curve: below `ALIKE` the sides do not move alike.
        effective: (P,) effective clusters behind the score of the lag.
        lags: (G,) those that were tried.
        profile: (G, P) deviance of each lag over the dispersion, less its minimum.
        periods: (M,) the periods in which both sides spoke; the others were not looked at.
    """

    p: Floats
    way: Codes
    lag: Floats
    moved: Floats
    direction: Codes
    alike: Floats
    effective: Floats
    lags: Floats
    profile: Floats
    periods: Ints

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """(P,) lowest and (P,) highest lag that the likelihood does not reject; infinite where none is rejected.

        Args:
            level: coverage.
        """
        most = float(chdtri(1, 1.0 - level))
        return -_last(-self.lags[::-1], self.profile[::-1], most), _last(self.lags, self.profile, most)


def who_leads(voices: Sided, conversations: Sided | None, *, periods: int) -> Leads:
    """Which of two sides said each theme first.

    Side one is ahead by L if what side two says follows the same curve L periods later, at its own level. Looked at
    are the periods in which both speak. A claim needs all of this, and its p value is the largest of the first three:

    - each side moved, by the test of In and Out (`estran.stats.trends`), on its own rows;
    - the likelihood prefers a lag to none: profile likelihood ratio, chi square of one degree of freedom, its
      deviance divided by the cluster-robust over the binomial variance of the score of the lag;
    - the score of the lag at nil, taken apart from what a merely slower side would explain, has the same sign and is
      as far from nil for its cluster-robust variance;
    - one curve for both sides, at that lag, is not rejected against a curve each.

    Args:
        voices: rows A, one per person, period and side; clusters are people.
        conversations: rows B; their inflation of the variance counts where it is the larger.
        periods: T of the grid.

    Returns:
        p values of 1 and lags of nan where fewer than 8 periods are left.
    """
    themes = voices.rows.presence.themes
    rows = [np.bincount(voices.rows.period[voices.side == s], minlength=periods) for s in (0, 1)]
    there = np.flatnonzero(np.min(rows, axis=0) >= FEWEST_ROWS)
    if len(there) < FEWEST_PERIODS or themes == 0:
        return _nothing(themes, there)
    voices = _within(voices, there, periods)
    conversations = _within(conversations, there, periods) if conversations is not None else None
    gates = [
        in_out_test(voices.of(s), conversations.of(s) if conversations is not None else None) for s in (0, 1)
    ]
    both = _laid(voices, there)
    lags = np.arange(-reach(len(there)), reach(len(there)) + FINE / 2, FINE)
    parts = [_compared(both.take(slice(a, a + SLICE)), lags) for a in range(0, themes, SLICE)]
    deviance = np.concatenate([part.profile for part in parts], axis=1)
    share = np.concatenate([part.own.share for part in parts])
    weighs = np.concatenate([part.ahead for part in parts])
    expected = expit(both.offset)
    factor, effective = _inflation(voices, share / expected, weighs)
    if conversations is not None:
        threaded, _ = _inflation(conversations, share / expected, weighs)
        factor = np.maximum(factor, threaded)
    variance = (weighs**2 * both.size * share * (1.0 - share)).sum(axis=1) * np.maximum(
        factor, LEAST_INFLATION
    )
    score = np.concatenate([part.score for part in parts])
    z = score / np.sqrt(np.maximum(variance, np.finfo(float).tiny))
    told = (deviance - deviance.min(axis=0)) / np.maximum(factor, 1.0)
    lag, nil = lags[told.argmin(axis=0)], told[len(lags) // 2]
    freedom = len(both.breaks)  # of the K + 1 slopes of a second curve, the lag takes one
    worse = deviance.min(axis=0) - np.concatenate([part.own.deviance for part in parts])
    alike = chdtrc(freedom, np.maximum(worse / np.maximum(factor, 1.0), 0.0))
    way = np.where(np.sign(lag) == np.sign(z), np.sign(z), 0.0).astype(np.int32)
    moved = np.stack([gate.p for gate in gates])
    p = np.max([*moved, chdtrc(1, nil), 2.0 * stdtr(np.maximum(effective - 1.0, 1.0), -np.abs(z))], axis=0)
    claimable = (way != 0) & (alike >= ALIKE) & (effective >= FEWEST_CLUSTERS)
    return Leads(
        p=np.where(claimable, p, 1.0),
        way=way,
        lag=_refined(lags, told),
        moved=moved,
        direction=np.stack([gate.sign for gate in gates]),
        alike=alike,
        effective=effective,
        lags=lags,
        profile=told,
        periods=there,
    )


def reach(periods: int) -> int:
    """The longest lag that is tried, two fifths of the periods; half of it can be told well."""
    return 2 * (periods + 1) // 5


@dataclass(frozen=True, slots=True)
class _Compared:
    profile: Floats  # (G, P)
    own: Fitted
    ahead: Floats  # (P, 2M)
    score: Floats  # (P,)


def _compared(both: Both, lags: Floats) -> _Compared:
    same = fit(shifted(both, 0.0), both)
    weighs = ahead(both, same)
    score = (weighs * (both.seen - both.size * same.share)).sum(axis=1)
    return _Compared(profile(both, lags), apart(both), weighs, score)


def _laid(voices: Sided, there: Ints) -> Both:
    """What both sides said, of rows whose periods are those of one side after those of the other."""
    shares = standardised_shares(_doubled(voices, len(there)), periods=2 * len(there))
    size = shares.rows.astype(np.float64)
    return Both(
        x=there.astype(np.float64),
        size=size,
        seen=np.ascontiguousarray(shares.observed.T),
        offset=np.ascontiguousarray(log_odds(known_share(shares.expected, size)).T),
    )


def _inflation(sided: Sided, ratio: Floats, weighs: Floats) -> tuple[Floats, Floats]:
    """(P,) cluster-robust over binomial variance of the score of the lag, and (P,) effective clusters."""
    periods = ratio.shape[1] // 2
    factor, effective = inflation_around(
        _doubled(sided, periods), np.ascontiguousarray(ratio), np.ascontiguousarray(weighs[:, None, :])
    )
    return factor[:, 0], effective[:, 0]


def _doubled(sided: Sided, periods: int) -> Rows:
    """The rows with side two on periods of its own, and strata that no side shares: rates are those of a side."""
    rows = sided.rows
    side = sided.side.astype(np.int64)
    _, stratum = np.unique(rows.stratum * 2 + side, return_inverse=True)
    return replace(
        rows,
        period=(rows.period + side * periods).astype(np.int32),
        stratum=stratum.astype(np.int32),
        season=None,  # both sides share the calendar: what the season does to one it does to the other
    )


def _within(sided: Sided, there: Ints, periods: int) -> Sided:
    """The rows of some periods, numbered anew."""
    place = np.full(periods, -1, np.int32)
    place[there] = np.arange(len(there))
    kept = (place[sided.rows.period] >= 0) & (sided.side >= 0)
    rows = _only(sided.rows, kept)
    return Sided(replace(rows, period=place[rows.period]), sided.side[kept])


def _only(rows: Rows, kept: Bools) -> Rows:
    """Some of the rows, their codes dense again."""
    at = (np.cumsum(kept) - 1).astype(np.int32)
    told = kept[rows.presence.indices]
    indptr = np.concatenate([[0], np.cumsum(told)])[rows.presence.indptr]
    return replace(
        rows,
        presence=Presence(indptr, at[rows.presence.indices[told]], int(kept.sum())),
        period=rows.period[kept],
        cluster=_dense(rows.cluster[kept]),
        stratum=_dense(rows.stratum[kept]),
        season=rows.season[kept] if rows.season is not None else None,
    )


def _dense(codes: Codes) -> Codes:
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)


def _refined(lags: Floats, told: Floats) -> Floats:
    """(P,) the lag at the bottom of a parabola through the least deviance and its neighbours."""
    best = np.clip(told.argmin(axis=0), 1, len(lags) - 2)
    before, here, after = (np.take_along_axis(told, (best + k)[None], axis=0)[0] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    off = np.divide(0.5 * (before - after), bend, out=np.zeros(len(best)), where=bend > 1e-9)
    return np.asarray(lags[best] + np.clip(off, -1.0, 1.0) * FINE)


def _last(lags: Floats, told: Floats, most: float) -> Floats:
    """(P,) where the deviance crosses `most` for the last time, a quarter of a period added; infinite where it does not."""
    count, themes = told.shape
    last = count - 1 - (told <= most)[::-1].argmax(axis=0)
    after = np.minimum(last + 1, count - 1)
    each = np.arange(themes)
    here, there = told[last, each], told[after, each]
    part = np.divide(most - here, there - here, out=np.zeros(themes), where=there > here)
    return np.where(last == count - 1, np.inf, lags[last] + part * FINE + ROUNDING)


def _nothing(themes: int, there: Ints) -> Leads:
    """The answer where nothing can be compared."""
    one, unknown = np.ones(themes), np.full(themes, np.nan)
    none = np.zeros(themes, np.int32)
    return Leads(
        p=one, way=none, lag=unknown, moved=np.ones((2, themes)), direction=np.zeros((2, themes), np.int32),
        alike=one, effective=np.zeros(themes), lags=np.zeros(1), profile=np.zeros((1, themes)), periods=there,
    )  # fmt: skip
