"""How the share of a theme moved, and when it turned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from estran.stats.residuals import inflation_around
from estran.stats.segments import FEWEST_FOR_A_KNOT, SIGNIFICANT, Curves, Fits, fit_turns
from estran.stats.sparse import over_themes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Bools, Codes, Floats, Ints, Rows
    from estran.stats.rates import Shares

SHAPES = ("steady", "in", "out", "emerging", "established", "peaked out", "returning")
"""What each shape code means."""
STEADY, IN, OUT, EMERGING, ESTABLISHED, PEAKED_OUT, RETURNING = range(7)
LEVEL, SLOPE, KNOT, TWO_KNOTS = 1, 2, 3, 4
"""Terms of a curve."""
NEAR_NOTHING = 0.24  # of the peak: a theme that stayed below it in the first half of time is emerging
ABSENT = -9
SURE = 2.58
"""Standard errors (99 %) by which a last slope must differ from 0 to be a turn against what came before it."""
MINOR = 0.25  # of the greatest movement the other way, on the log scale: a segment that moves less is level
_LEAST_SHARE = 1e-6
_EDGES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Turns:
    """The curve of each theme in words and dates.

    The curve goes from `begin`, where its present movement starts, to `end` in the direction of its shape, always:
    shape, direction and the change that is read off the curve cannot contradict each other.

    Attributes:
        shape: (P,) codes, positions in `SHAPES`.
        direction: (P,) 1 up, -1 down: the last segment whose slope is significant; 0 where none is.
        turn: (P,) period of the knot that the shape is about, posterior median: where the present movement starts, for
            "established" where it ended, and the last knot where the movement starts with time; nan without a knot.
        low: (P,) lower end of its 90 % credible interval; nan where there is no knot.
        high: (P,) upper end.
        posterior: (T, P) chance that this knot stands on each period, given how many there are; nil without a knot.
        knots: (P,) how many, 0 to 2.
        fitted: (T, P) fitted share over expected share; times the overall share, the standardised curve.
        begin: (P,) period in which the present movement starts: the first one, or that of a knot.
        end: the last period that has rows.
        curve: (P, 4) level, slope and changes of slope of the log odds, per span.
        covariance: (P, 4, 4) of the curve, for independent rows.
        basis: (P, T, 4) the terms in each period: 1, time in 0-1, time past each knot.
    """

    shape: Codes
    direction: Codes
    turn: Floats
    low: Floats
    high: Floats
    posterior: Floats
    knots: Codes
    fitted: Floats
    begin: Ints
    end: int
    curve: Floats
    covariance: Floats
    basis: Floats

    def take(self, themes: Ints) -> Turns:
        """The same curves, of these themes only, in this order."""
        by_column = {name: getattr(self, name)[:, themes] for name in ("posterior", "fitted")}
        rows = ("shape", "direction", "turn", "low", "high", "knots", "begin", "curve", "covariance", "basis")
        return replace(self, **by_column, **{name: getattr(self, name)[themes] for name in rows})

    def put(self, themes: Ints, others: Turns) -> Turns:
        """The same curves, those of some themes named and dated as others are."""
        posterior = self.posterior.copy()
        posterior[:, themes] = others.posterior
        names = ("shape", "direction", "turn", "low", "high", "begin")
        rows: dict[str, Any] = {name: getattr(self, name).copy() for name in names}
        for name, values in rows.items():
            values[themes] = getattr(others, name)
        return replace(self, posterior=posterior, **rows)


def turns(  # noqa: PLR0913
    observed: Floats,
    expected: Floats,
    rows_per_period: ArrayLike,
    dispersion: Floats,
    *,
    fewest: ArrayLike = LEVEL,
    most: ArrayLike = TWO_KNOTS,
    sure: ArrayLike = SURE,
    dated: bool = True,
) -> Turns:
    """The shape of each theme's curve, and when it last turned.

    Segmented quasi-binomial regression (Muggeo 2003, with the knots on periods): logit of the share = logit of the
    expected share + a broken line in time with 0, 1 or 2 knots, each segment 3 periods or more. The number of knots
    minimises ``deviance / phi + parameters x log T`` (a knot costs two: its place and its change of slope). The date
    is the posterior of a knot's place under a flat prior, given that number. Periods without rows are left out.
    Under 8 periods there is no knot: in, out or steady.

    Where a curve must have a slope or a knot (`fewest`) and no slope is significant, slopes are named by their sign.

    Args:
        observed: (T, P) rows that used each theme.
        expected: (T, P) rows expected from the strata (`estran.stats.rates.standardised_shares`).
        rows_per_period: (T,) rows.
        dispersion: (P,) cluster-robust over binomial variance, phi; 1 at least.
        fewest: terms that a curve must have, one for all themes or (P,): `LEVEL`, `SLOPE`, `KNOT`. A theme known to
            move along a line has a slope, one known to rise and fall a knot.
        most: terms that it may have.
        sure: standard errors by which the last slope must differ from 0 to turn what came before it the other way, one
            for all themes or (P,): a plateau that sags is no fall. Other slopes need 1.64.
        dated: weigh the places of knots; without it curves of two knots have no date.
    """
    rows = np.asarray(rows_per_period, np.float64)
    periods, themes = observed.shape
    there = np.flatnonzero(rows > 0)
    place = np.arange(periods) / max(periods - 1, 1)
    fits = Fits(
        terms=np.ones(themes, np.int64),
        places=np.zeros((themes, 2), np.int64),
        posterior=np.zeros((themes, 2, len(there))),
        slopes=np.full((themes, 3), np.nan),
        curve=np.zeros((themes, 4)),
        covariance=np.zeros((themes, 4, 4)),
    )
    possible = TWO_KNOTS if len(there) >= FEWEST_FOR_A_KNOT else SLOPE if len(there) > 1 else LEVEL
    needed = np.broadcast_to(np.minimum(fewest, possible), themes)
    knot_period, posteriors = np.zeros((themes, 2), np.int64), np.zeros((themes, 2, periods))
    share = known_share(expected, rows)
    if len(there) > 1:
        curves = Curves(
            x=place[there],
            size=rows[there],
            seen=np.ascontiguousarray(observed[there].T, np.float64),
            offset=np.ascontiguousarray(log_odds(share[there]).T),
            dispersion=np.ascontiguousarray(np.broadcast_to(np.maximum(dispersion, 1.0), themes)),
            fewest=np.ascontiguousarray(needed, np.int32),
            most=np.ascontiguousarray(np.broadcast_to(np.minimum(most, possible), themes), np.int32),
            dated=dated,
        )
        over_themes(lambda first, past: fit_turns(first, past, curves, fits), np.arange(themes + 1))
        knot_period = there[fits.places]
        posteriors[:, :, there] = fits.posterior
    basis = _basis(place, knot_period / max(periods - 1, 1))
    # expit(logit(share) + line) / share, without overflow
    line: Floats = np.einsum("ptc,pc->tp", basis, fits.curve)
    fitted: Floats = 1.0 / (share + (1.0 - share) * np.exp(np.clip(-line, -700.0, 700.0)))
    ends = np.array([there[0], there[-1]] if len(there) else [0, 0])
    knots = np.maximum(fits.terms - SLOPE, 0)
    nodes = np.full((themes, 4), ends[1])
    nodes[:, 0] = ends[0]
    for knot in (0, 1):
        nodes[:, 1 + knot] = np.where(knots > knot, knot_period[:, knot], ends[1])
    level = np.take_along_axis(line.T, nodes, axis=1) if len(there) else np.zeros((themes, 4))
    signs = _signs(fits.slopes, np.diff(level, axis=1), sure)
    shape, direction, first_node, turning = _labels(signs, level, fitted, named=needed >= SLOPE)
    begin = np.take_along_axis(nodes, first_node[:, None], axis=1)[:, 0]
    told = np.clip(np.where(turning > 0, turning, knots) - 1, 0, 1)
    posterior = np.ascontiguousarray(posteriors[np.arange(themes), told].T)
    dates = np.stack([_quantile(posterior, edge) for edge in _EDGES], axis=1)
    return Turns(
        shape, direction, dates[:, 1], dates[:, 0], dates[:, 2], posterior, knots.astype(np.int32), fitted,
        begin, int(ends[1]), fits.curve, fits.covariance, basis,
    )  # fmt: skip


def turns_of_rows(
    rows: Rows,
    shares: Shares,
    *,
    conversations: Rows | None = None,
    fewest: ArrayLike = LEVEL,
    most: ArrayLike = TWO_KNOTS,
    sure: ArrayLike = SURE,
) -> Turns:
    """The same of rows of evidence, with phi measured around the curve itself.

    The dispersion that a test knows is that around no movement: a theme that moves inflates it, most where clusters
    are few, and its own turns are then lost in it. Here a first curve is chosen as if rows were independent, the
    variance of its slope is that of residuals around it summed by cluster, and the curve is chosen again.

    Args:
        rows: the evidence.
        shares: of the same rows.
        conversations: rows B; their inflation counts where it is the larger.
        fewest: terms that a curve must have.
        most: terms that it may have.
        sure: standard errors by which the last slope must turn what came before it.
    """
    counts = (shares.observed, shares.expected, shares.rows)
    first = turns(*counts, np.ones(rows.presence.themes), fewest=fewest, most=most, sure=sure, dated=False)
    place = first.basis[:, :, 1]
    due = (shares.expected * first.fitted).T
    centre = (place * due).sum(axis=1, keepdims=True) / np.maximum(
        due.sum(axis=1, keepdims=True), _LEAST_SHARE
    )
    influence = np.ascontiguousarray((place - centre)[:, None, :])
    fitted = np.ascontiguousarray((first.fitted * shares.season).T)
    dispersion = np.ones(len(fitted))
    for unit in (rows, conversations):
        if unit is not None:
            dispersion = np.maximum(dispersion, inflation_around(unit, fitted, influence)[0][:, 0])
    return turns(*counts, dispersion, fewest=fewest, most=most, sure=sure)


def known_share(expected: Floats, rows: Floats) -> Floats:
    """(T, P) expected share; the theme's overall one in periods without rows."""
    overall = expected.sum(axis=0) / max(rows.sum(), 1.0)
    share = np.where(rows[:, None] > 0, expected / np.maximum(rows, 1.0)[:, None], overall)
    return np.clip(share, _LEAST_SHARE, 1.0 - _LEAST_SHARE)


def log_odds(share: Floats) -> Floats:
    """The logit."""
    odds: Floats = np.log(share / (1.0 - share))
    return odds


def _basis(place: Floats, knot_at: Floats) -> Floats:
    """(P, T, 4); the change of slope at an absent knot is 0, so its column is no matter."""
    basis = np.ones((len(knot_at), len(place), 4))
    basis[:, :, 1] = place
    basis[:, :, 2:] = np.maximum(place[None, :, None] - knot_at[:, None, :], 0.0)
    return basis


def _quantile(posterior: Floats, level: float) -> Floats:
    """(P,) the first period by which so much of the posterior is reached; nan where there is none."""
    reached = np.cumsum(posterior, axis=0) >= level * (1.0 - 1e-12)
    return np.where(posterior.any(axis=0), reached.argmax(axis=0) if len(reached) else 0, np.nan)


def _signs(slopes: Floats, moves: Floats, sure: ArrayLike) -> Codes:
    """(P, 3) direction of each segment: 0 where it is level, ABSENT where there is none.

    Args:
        slopes: (P, 3) over their standard errors; nan where there is none.
        moves: (P, 3) of the log odds along each segment.
        sure: (P,) standard errors by which the last slope must turn what came before it.
    """
    there = ~np.isnan(slopes)
    signs = np.where(there & (np.abs(slopes) > SIGNIFICANT), np.sign(slopes), 0.0)
    for way in (1.0, -1.0):
        greatest = np.where(signs == -way, np.abs(moves), 0.0).max(axis=1, keepdims=True)
        signs = np.where((signs == way) & (np.abs(moves) < MINOR * greatest), 0.0, signs)
    last = there.sum(axis=1, keepdims=True) - 1
    own = np.take_along_axis(signs, np.maximum(last, 0), axis=1)
    against = (signs == -own).any(axis=1, keepdims=True)
    unsure = np.abs(np.take_along_axis(np.nan_to_num(slopes), np.maximum(last, 0), axis=1)) < np.reshape(
        sure, (-1, 1)
    )
    signs = np.where((np.arange(3) == last) & against & unsure, 0.0, signs)
    return np.where(there, signs, ABSENT).astype(np.int32)


def _labels(
    signs: Codes, level: Floats, fitted: Floats, *, named: ArrayLike
) -> tuple[Codes, Codes, Ints, Ints]:
    """(P,) shape codes, directions, nodes (ends of segments) where the present movement starts, and where it turned.

    Args:
        signs: (P, 3) direction of each segment where it is significant, ABSENT where there is none.
        level: (P, 4) log odds at the nodes.
        fitted: (T, P) the curve.
        named: (P,) slopes must be named, significant or not.
    """
    by_sign = np.where(signs == ABSENT, ABSENT, np.sign(np.diff(level, axis=1))).astype(np.int32)
    none = ~((signs != ABSENT) & (signs != 0)).any(axis=1)
    last, _, begin, _ = _present(np.where((none & named)[:, None], by_sign, signs))
    moved = level[:, -1] - np.take_along_axis(level, begin[:, None], axis=1)[:, 0]
    # what followed took back all of the last significant movement: then that is the movement
    undone = (last != 0) & (last * moved <= 0)
    told = np.where(((none & named) | undone)[:, None], by_sign, signs)
    last, earlier, begin, ends_flat = _present(told)
    first_half = fitted[: max(2, len(fitted) // 2)].max(axis=0, initial=0.0)
    from_nothing = first_half < NEAR_NOTHING * fitted.max(axis=0, initial=0.0)
    shape = np.select(
        [
            last == 0,
            (last > 0) & (earlier < 0),
            (last > 0) & ends_flat,
            (last > 0) & from_nothing,
            last > 0,
            earlier > 0,
        ],
        [STEADY, RETURNING, ESTABLISHED, EMERGING, IN, PEAKED_OUT],
        OUT,
    )
    moving = (told != ABSENT) & (told != 0)
    ended = np.where(moving.any(axis=1), moving.shape[1] - np.argmax(moving[:, ::-1], axis=1), 0)
    return shape.astype(np.int32), last.astype(np.int32), begin, np.where(shape == ESTABLISHED, ended, begin)


def _present(signs: Codes) -> tuple[Codes, Codes, Ints, Bools]:
    """Direction of the last movement, of the one before it, the segment where it starts, and whether it has ended."""
    last, earlier = np.zeros(len(signs), np.int32), np.zeros(len(signs), np.int32)
    begin, ends_flat = np.zeros(len(signs), np.int64), np.zeros(len(signs), bool)
    for s, segment in enumerate(signs.T):
        there = segment != ABSENT
        new = there & (segment != 0) & (segment != last)
        earlier = np.where(new & (last != 0), last, earlier)
        last, begin = np.where(new, segment, last), np.where(new, s, begin)
        ends_flat = np.where(there, segment == 0, ends_flat)
    return last, earlier, begin, ends_flat
