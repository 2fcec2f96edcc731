"""Whether themes moved at a date: a step in their use, tested against whole people and held against other themes.

Rows of evidence lie in cells: periods before and after the date, and, where there is somebody to compare with, the same
periods of those whom nothing happened to. The uses of a cell are ``expected by the strata x exp(design)``, and one column of
the design, the step, is asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.compiled import njit
from estran.stats.flips import LEAST, NOTHING, flip_tail
from estran.stats.residuals import by_cluster, expect, take_expected
from estran.stats.sparse import over_themes
from estran.stats.trends import z_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from estran.stats.presence import Bools, Floats, Rows
    from estran.stats.residuals import ByCluster

RIDGE = 1e-3
"""What keeps the level of a cell without a use finite; in uses."""
LARGEST_LOG = math.log(1000.0)
"""No ratio beyond 1000 is looked for."""
STRIDE = 2.0
ROUNDS, HALVINGS = 40, 24
LEAST_INFORMATION = 0.05
"""Of the log ratio, in uses; below it only the ridge speaks."""
_CLOSE = 1e-7
_EXPONENT = 40.0


@dataclass(frozen=True, slots=True)
class Design:
    """What the uses of C cells may depend on.

    Attributes:
        asked: (C,) the column whose coefficient is the log ratio in question.
        held: (C, K) the others.
    """

    asked: Floats
    held: Floats


def interrupted(before: int, after: int) -> Design:
    """A step after `before` periods, beside a level and a straight line through all of them: interrupted series.

    Cells are the periods (Bernal, Cummins, Gasparrini 2017).
    """
    time = np.arange(before + after, dtype=np.float64)
    line = (time - time.mean()) / max(before + after - 1, 1)
    return Design((time >= before).astype(np.float64), np.stack([np.ones(len(time)), line], axis=1))


def differences(before: int, after: int) -> Design:
    """A step of the one group that the other does not make: difference in differences.

    Cells are the periods of the comparison, then those of the scope; each period and each group has a level of its own.
    """
    periods = before + after
    scope = np.repeat([0.0, 1.0], periods)
    time = np.tile(np.arange(periods), 2)
    levels = (time[:, None] == np.arange(periods)).astype(np.float64)
    return Design(scope * (time >= before), np.column_stack([levels, scope]))


def parting(before: int) -> Design:
    """A line of the one group that the other does not follow, over periods before anything happened: the pre-trend."""
    held = differences(before, 0).held
    line = np.arange(before) / max(before - 1, 1) - 0.5
    return Design(np.concatenate([np.zeros(before), line]), held)


def drifting(before: int) -> Design:
    """A line of all, over periods before anything happened."""
    return Design(np.arange(before) / max(before - 1, 1) - 0.5, np.ones((before, 1)))


@dataclass(frozen=True, slots=True)
class Steps:
    """What the step of each theme looks like; all (P,).

    Attributes:
        p: two-sided p values, by random signs of whole people; 1 where nothing can be told.
        z: the normal deviate of p, above 0 where the theme rose.
        score: what z is made of, before it is scaled: above 0 where there are more uses than the ratio would give.
        error: of the log ratio were there no step, by whole people and not below that of independent rows; infinite
            where nothing can be told.
        effective_clusters: how many equal people would weigh as much.
    """

    p: Floats
    z: Floats
    score: Floats
    error: Floats
    effective_clusters: Floats


def steps(rows: Rows, cells: tuple[Floats, Floats], design: Design, *, ratio: Floats | float = 0.0) -> Steps:
    """The test of a ratio, by default of none, on all themes at once.

    The levels are fitted with the log ratio held at what is tested (quasi-Poisson, with what the strata expect as offset).
    The effective score of the step, the part of its column that the levels do not explain, is summed by person, and each
    sum may have had either sign (Hemerik, Goeman, Finos 2020): a theme that is gone for good is then as plain as can be, where
    the usual Wald test of a ratio of nil tells nothing (Hauck and Donner 1977).

    Args:
        rows: the evidence; `period` is the cell.
        cells: (C, P) uses observed and expected (`estran.stats.rates.standardised_shares`).
        design: of the cells.
        ratio: log of the ratio that is tested, one for all or (P,).
    """
    themes = rows.presence.themes
    observed, expected = (np.ascontiguousarray(count.T) for count in cells)
    log_ratio = np.broadcast_to(np.asarray(ratio, np.float64), themes)
    fitted = fit(observed, expected, design, log_ratio)
    weight = _unexplained(fitted, design)
    information = np.einsum("pc,pc,c->p", fitted, weight, design.asked)
    out = _Answers(np.ones(themes), np.zeros(themes), np.zeros(themes), np.zeros(themes))
    if rows.presence.rows and themes:
        evidence = by_cluster(rows, len(design.asked))
        times = np.divide(fitted, expected, out=np.zeros_like(fitted), where=expected > 0)
        work = np.arange(themes + 1) * len(evidence.place) + rows.presence.indptr
        over_themes(lambda first, past: _flip(first, past, evidence, times, weight[:, None, :], out), work)
    told = (information > LEAST_INFORMATION) & (out.variance > 0)
    p = np.where(told, np.maximum(out.p, LEAST), 1.0)
    return Steps(
        p=p,
        z=np.where(told, np.sign(out.score) * z_value(p), 0.0),
        score=out.score,
        error=np.where(told, np.sqrt(out.variance) / np.maximum(information, LEAST_INFORMATION), np.inf),
        effective_clusters=out.effective,
    )


@dataclass(frozen=True, slots=True)
class Ratios:
    """Uses after over before, less what happened elsewhere; all (P,).

    Attributes:
        ratio: 0 or infinite where it lies beyond 1000.
        low: lower end of its interval; 0 where nothing may be left.
        high: upper end; infinite where nothing may have been there.
    """

    ratio: Floats
    low: Floats
    high: Floats


def ratios(
    rows: Rows, cells: tuple[Floats, Floats], design: Design, *, reach: Floats | float = 1.96
) -> Ratios:
    """The ratio of each theme, and all those that the test would not refuse.

    Args:
        rows: the evidence; `period` is the cell.
        cells: (C, P) uses observed and expected.
        design: of the cells.
        reach: the deviate beyond which a ratio is refused, one for all or (P,).
    """
    themes = rows.presence.themes
    far = np.broadcast_to(np.asarray(reach, np.float64), themes)

    def last(start: Floats, end: Floats, above: Callable[[Steps], Bools]) -> Floats:
        """The last ratio of which something holds, from where it does towards where it does not; by halves."""
        there, past = start.copy(), end.copy()
        for _ in range(HALVINGS):
            middle = (there + past) / 2.0
            holds = above(steps(rows, cells, design, ratio=middle))
            there, past = np.where(holds, middle, there), np.where(holds, past, middle)
        return (there + past) / 2.0

    most = np.full(themes, LARGEST_LOG)
    best = last(-most, most, lambda tried: tried.score > 0)
    low = last(-most, best, lambda tried: tried.z > far)
    high = last(best, most, lambda tried: tried.z > -far)
    low, high = np.minimum(low, best), np.maximum(high, best)
    return Ratios(*(_bounded(log) for log in (best, low, high)))


def fit(observed: Floats, expected: Floats, design: Design, log_ratio: Floats) -> Floats:
    """(P, C) uses that the levels explain, with the log ratio held; by Newton's method.

    Args:
        observed: (P, C) uses.
        expected: (P, C) uses expected from the strata.
        design: of the cells.
        log_ratio: (P,) what is held.
    """
    held = design.held
    base = np.log(np.maximum(expected, NOTHING)) + log_ratio[:, None] * design.asked
    at = np.zeros((len(observed), held.shape[1]))
    fitted = np.exp(base)
    for _ in range(ROUNDS):
        slope = (observed - fitted) @ held - RIDGE * at
        step = np.linalg.solve(_curvature(fitted, held), slope[:, :, None])[:, :, 0]
        size = np.abs(step).max(axis=1, initial=0.0, keepdims=True)
        at += step * np.minimum(1.0, STRIDE / np.maximum(size, NOTHING))
        fitted = np.exp(np.clip(base + at @ held.T, -_EXPONENT, _EXPONENT))
        if size.max(initial=0.0) < _CLOSE:
            break
    return fitted


def _unexplained(fitted: Floats, design: Design) -> Floats:
    """(P, C) the column that is asked for, less what the others explain of it where the uses are."""
    held = design.held
    slope = (fitted * design.asked) @ held
    part = np.linalg.solve(_curvature(fitted, held), slope[:, :, None])[:, :, 0]
    return np.ascontiguousarray(design.asked - part @ held.T)


def _curvature(fitted: Floats, held: Floats) -> Floats:
    """(P, K, K) second derivatives of the likelihood, with the ridge."""
    columns = held.shape[1]
    squares = (held[:, :, None] * held[:, None, :]).reshape(len(held), columns * columns)
    return (fitted @ squares).reshape(len(fitted), columns, columns) + RIDGE * np.eye(columns)


def _bounded(log: Floats) -> Floats:
    edge = LARGEST_LOG - 0.01
    ratio: Floats = np.where(log > edge, np.inf, np.where(log < -edge, 0.0, np.exp(log)))
    return ratio


class _Answers(NamedTuple):
    p: Floats
    score: Floats
    variance: Floats
    effective: Floats


@njit
def _flip(first: int, past: int, rows: ByCluster, times: Floats, influence: Floats, out: _Answers) -> None:
    """Fill the answers of themes first..past-1; people who never used a theme are one normal remainder."""
    periods, strata = rows.table.shape
    clusters = len(rows.begin) - 1
    size = rows.table.sum(axis=0)
    due, alone = np.empty(periods * strata), np.zeros(1)
    left, used = np.zeros((clusters, 1)), np.zeros(clusters, np.bool_)
    for j in range(first, past):
        left[:], used[:] = 0.0, False
        expect(j, rows, size, times[j], influence[j], due, alone)
        for i in rows.indices[rows.indptr[j] : rows.indptr[j + 1]]:
            left[rows.cluster[i], 0] += influence[j, 0, rows.period[i]]
            used[rows.cluster[i]] = True
        take_expected(rows, influence[j], due, left)
        score, robust, fourth, others, there = 0.0, 0.0, 0.0, 0.0, 0
        for g in range(clusters):
            square = left[g, 0] * left[g, 0]
            score += left[g, 0]
            robust += square
            fourth += square * square
            if used[g]:
                there += 1
            else:
                others += square
        if robust <= NOTHING or alone[0] <= NOTHING:
            continue
        total = max(robust, alone[0])  # people who never met a rare theme seem never to vary
        scale = math.sqrt(total)
        scores = np.empty(there)
        at = 0
        for g in range(clusters):
            if used[g]:
                scores[at] = abs(left[g, 0]) / scale
                at += 1
        out.score[j] = score
        out.variance[j] = total
        out.effective[j] = robust * robust / fourth
        out.p[j] = flip_tail(scores, abs(score) / scale, (others + total - robust) / total)
