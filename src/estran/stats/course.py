"""What a theme was before its present movement, what it is now, and what that makes: read off its fitted curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, stdtrit

from estran.stats.changes import known_share, log_odds
from estran.stats.profiles import Held, estimate, grow_windows, hold, lost_without_change
from estran.stats.residuals import inflation_around
from estran.stats.sparse import over_themes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.changes import Turns
    from estran.stats.presence import Floats, Ints, Rows
    from estran.stats.rates import Shares

LEAST_USES = 5.0
"""A share is told of as many uses at least: the windows grow inwards until they hold them."""
LEAST_SHARE = 1e-9
USUAL = 0.975


@dataclass(frozen=True, slots=True)
class Change:
    """Standardised shares at the two ends of the present movement, and their ratio; each (P,), with its interval.

    Attributes:
        before: share where the movement starts.
        before_low: its lower end.
        before_high: its upper end.
        after: share in the last period.
        after_low: its lower end.
        after_high: its upper end.
        ratio: after over before.
        ratio_low: its lower end; 0 where nothing may be left.
        ratio_high: its upper end; infinite where nothing may have been there.
        windows: (P, 2, 2) first period of "before" and one past its last; the same of "now".
        inflation: (P, 3) by clusters, of before, after and ratio.
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
    windows: Ints
    inflation: Floats


def change(
    rows: Rows,
    shares: Shares,
    turned: Turns,
    *,
    level: Floats | float = 0.95,
    conversations: Rows | None = None,
    student: ArrayLike = False,
    tested: ArrayLike = 0.0,
) -> Change:
    """The share of each theme where its present movement starts and in the end, and the ratio of the two.

    Both are means of the fitted curve over a window, with the overall mix of strata. A window starts as one period, at
    the start of the movement and at the end of time, and grows inwards until it holds 5 uses: what a curve says of
    years too silent to contradict it is no share. The ratio goes the way of the movement, always.

    Intervals are those of the profile likelihood, whose deviance may rise by ``phi (c z)^2`` (Chandler and Bate 2007):
    phi is the cluster-robust over the binomial variance of the very thing that is asked, 1 at least, and c, Student's
    over the normal quantile at 95 % for the effective number of clusters, what few clusters cost; the larger of
    people's and of conversations' counts.

    Args:
        rows: the evidence.
        shares: of the same rows.
        turned: the curves fitted to them, each with a slope at least (`fewest` of `estran.stats.changes.turns`).
        level: coverage of the intervals, one for all themes or (P,).
        conversations: rows B; their inflation counts where it is the larger.
        student: (P,) take Student's quantiles at the very level too: for themes of which no test said that their clusters
            are enough.
        tested: (P,) z value of a test along the whole span, above 0 where the theme rose; 0 where there is none.
            A movement over the whole span in that direction is then at least as sure as the test is of it.
    """
    themes = len(turned.shape)
    size = shares.rows.astype(np.float64)
    overall = rows.presence.uses / max(rows.presence.rows, 1)
    held = Held(
        basis=turned.basis,
        terms=turned.knots.astype(np.int64) + 2,
        offset=log_odds(known_share(shares.expected, size).T),
        seen=np.ascontiguousarray(shares.observed.T, np.float64),
        size=size,
        weight=np.ascontiguousarray(shares.expected.T) + LEAST_SHARE,
        curve=turned.curve,
        covariance=turned.covariance,
        typical=log_odds(np.clip(overall, LEAST_SHARE, 1.0 - LEAST_SHARE)),
        windows=np.zeros((themes, 2, 2), np.int64),
        allowed=np.zeros((themes, 3)),
        error=np.zeros((themes, 3)),
    )
    logs, asked, ends = np.zeros((themes, 3)), np.zeros((themes, 3, 4)), np.zeros((themes, 3, 2))
    work = np.arange(themes + 1)
    over_themes(lambda a, b: grow_windows(a, b, held, turned.begin, turned.end, LEAST_USES), work)
    over_themes(lambda a, b: estimate(a, b, held, logs, asked), work)
    spread = np.einsum("pkc,pcd->pkd", asked, turned.covariance)
    influence = np.ascontiguousarray(np.einsum("pkd,ptd->pkt", spread, turned.basis))
    fitted = np.ascontiguousarray((turned.fitted * shares.season).T)
    student = np.broadcast_to(student, themes)
    quantile = 0.5 + np.broadcast_to(level, themes)[:, None] / 2.0
    inflation, reach = np.ones((themes, 3)), np.zeros((themes, 3))
    for unit in (rows, conversations):
        if unit is not None:
            factor, effective = inflation_around(unit, fitted, influence)
            factor = np.maximum(factor, 1.0)
            inflation = np.maximum(inflation, factor)
            freedom = np.maximum(effective - 1.0, 1.0)
            few = stdtrit(freedom, USUAL) / ndtri(USUAL)
            far = np.where(student[:, None], stdtrit(freedom, quantile), few * ndtri(quantile))
            reach = np.maximum(reach, factor * far**2)
    held.allowed[:] = reach
    z = ndtri(quantile[:, 0])
    score = _told(np.broadcast_to(np.asarray(tested, np.float64), themes), turned, size)
    held.allowed[:, 2] = _agreed(held, asked, reach[:, 2], z, score)
    held.error[:] = np.sqrt(np.maximum(np.einsum("pkd,pkd->pk", spread, asked), 0.0) * inflation)
    over_themes(lambda a, b: hold(a, b, held, ends), work)
    value, low, high = (
        np.exp(logs),
        np.exp(np.minimum(ends[:, :, 0], logs)),
        np.exp(np.maximum(ends[:, :, 1], logs)),
    )
    unused = shares.observed.sum(axis=0) == 0
    low[unused], high[unused] = 0.0, np.inf
    high[:, :2] = np.minimum(high[:, :2], 1.0)
    ruled_out = (score >= z) & (score > 0)  # what the test excludes at this level is not in the interval
    low[:, 2] = np.where(ruled_out & (logs[:, 2] > 0), np.maximum(low[:, 2], 1.0), low[:, 2])
    high[:, 2] = np.where(ruled_out & (logs[:, 2] < 0), np.minimum(high[:, 2], 1.0), high[:, 2])
    return Change(
        value[:, 0], low[:, 0], high[:, 0], value[:, 1], low[:, 1], high[:, 1],
        value[:, 2], low[:, 2], high[:, 2], held.windows, inflation,
    )  # fmt: skip


def _told(tested: Floats, turned: Turns, size: Floats) -> Floats:
    """(P,) z value of the test, 0 or more, where the movement spans all periods the way the test says; else 0."""
    whole = (turned.begin == np.argmax(size > 0)) & (turned.direction * tested > 0)
    return np.where(whole, np.abs(tested), 0.0)


def _agreed(held: Held, asked: Floats, reach: Floats, z: Floats, score: Floats) -> Floats:
    """(P,) by how much the deviance may rise for the ratio: no more than makes no change as unlikely as the test does."""
    lost = np.zeros(len(reach))
    over_themes(lambda a, b: lost_without_change(a, b, held, asked, lost), np.arange(len(reach) + 1))
    as_sure = np.maximum(lost * z / np.where(score > 0, score, 1.0), z) ** 2
    return np.where(score > 0, np.minimum(reach, as_sure), reach)
