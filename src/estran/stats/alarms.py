"""Whether a theme is said more, or less, than it used to be: a test that may be looked at every day.

Each day the last one to 26 weeks are held against all that came before them (two years at the most). Given how often a
theme was said in both together, how much of it falls in the window follows a beta-binomial law if nothing changed: the
counts are negative binomial, as clumps make them, and their unknown rate cancels (Robinson and Smyth 2008). The
evidence is the log likelihood ratio of a change against none, averaged over changes of 1.5 to 20 times. It is drawn in
where the dispersion was learnt from few weeks, as Student's t is beside the normal. An alarm is raised when the
strongest evidence of all windows passes a threshold, and then the past begins anew.

A look a day, over windows that overlap, multiplies chances. For likelihood ratios the rate of false alarms falls about
exponentially with the threshold all the same (Siegmund 1985, Lai 1998); the line is measured, on clumped series of all
kinds (`bench/truth/watch.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincinv, ndtr

from estran.compiled import njit
from estran.stats.sparse import over_themes
from estran.stats.surprise import FAINT, Split, Spread, evidence_of, rate_of, split_of, spread_of, sums_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Bools, Floats, Ints

WEEK = 7
WINDOWS = tuple(WEEK * weeks for weeks in (1, 2, 3, 4, 6, 8, 12, 18, 26))
"""Days that are held against the past; whole weeks, so that no weekday is held against another."""

LEARNT = 16
"""Weeks of past from which a dispersion can be learnt."""

AFRESH = 6
"""Weeks from which a new level can be learnt, after an alarm: how much the theme varies is known from before."""

REMEMBERED = 104
"""Weeks of past that count at the most: a slow drift becomes the new normal."""

ONCE_A_YEAR, FEWER = {True: 2.3, False: 2.9}, {True: 1.55, False: 1.1}
"""The threshold of one false alarm in a theme-year, of rises and of falls, and what each e-fold fewer adds: above all that was
measured where nothing changes, for dispersions of 1 to 6, clumps of up to two weeks, pasts of 17 weeks and more, two to a
hundred uses a week (`bench/truth/watch.py`)."""

CLUMPS = 3.0
"""The dispersion of a theme of which nothing is known."""

VISIBLE = 8 * WEEK
"""Days in which a change must become visible, or the past is not enough."""

LARGEST_RATIO = 3.0
"""A theme of which a change of x3 could not be told in `VISIBLE` days is one of which too little is known."""

_STEP, _BEYOND = 1.05, 50.0  # of the ratios that are tried
_HALVINGS, _ROUNDING = 24, 1e-4  # where uses are sought between the expected ones and those of an alarm
_WINDOWS = np.array(WINDOWS)


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was raised, in order of day and theme; A alarms.

    Attributes:
        day: (A,) days that were known: the first `day` of them.
        theme: (A,) number of the theme.
        rise: (A,) whether it is said more, or less.
        window: (A,) days at the end of those known in which it is.
        evidence: (A,) log likelihood ratio, at the threshold or above.
        seen: (A,) uses in the window.
        due: (A,) uses that the past made expect there.
        needed: (A,) uses there from which it would be an alarm: so many, or, of a fall, so few.
        past: (A,) uses in the past.
        dispersion: (A,) variance of the counts over that of independent uses.
    """

    day: Ints
    theme: Ints
    rise: Bools
    window: Ints
    evidence: Floats
    seen: Floats
    due: Floats
    needed: Floats
    past: Floats
    dispersion: Floats

    def ratios(self, *, rise: float, fall: float) -> tuple[Floats, Floats, Floats]:
        """(A,) how many times as much it is said, and the ends of an interval that may be read at every look.

        Jeffreys' interval of the part that falls in the window, on effective counts, at the level at which one of no change
        would just be passed: the interval of a window that was chosen among many at one of many looks.

        Args:
            rise: threshold that rises passed.
            fall: that falls passed.
        """
        tail = ndtr(-np.sqrt(2.0 * np.where(self.rise, rise, fall)))
        inside, outside = self.seen / self.dispersion + FAINT, self.past / self.dispersion + FAINT
        ends = (betaincinv(inside, outside, at) for at in (tail, 1.0 - tail))
        low, high = (part / (1.0 - part) * self.past / self.due for part in ends)
        return self.seen / self.due, low, high


@dataclass(frozen=True, slots=True)
class Last:
    """The alarm that was raised last of each of P themes; a theme without one has 0 twice.

    Attributes:
        changed: (P,) first day of the window in which the theme was said more, or less; days before have another level.
        begins: (P,) day after the window: the first one of its new past.
    """

    changed: Ints
    begins: Ints


@dataclass(frozen=True, slots=True)
class Past:
    """What the past of each theme lets one tell at the last look; P themes.

    Attributes:
        weeks: (P,) whole weeks of past before the shortest window.
        weekly: (P,) uses a week that the past makes expect now.
        dispersion: (P,) variance of its counts over that of independent uses.
        visible: (P,) smallest rise, as a ratio, that would be told in `VISIBLE` days; infinite where none would.
        needed: (P,) uses a week from which a rise of `LARGEST_RATIO` would be.
    """

    weeks: Ints
    weekly: Floats
    dispersion: Floats
    visible: Floats
    needed: Floats

    @property
    def enough(self) -> Bools:
        """(P,) whether enough is known to tell a rise of `LARGEST_RATIO` in `VISIBLE` days."""
        return self.visible <= LARGEST_RATIO


def threshold(rate: float, *, rise: bool = True) -> float:
    """The evidence at which an alarm is raised.

    Args:
        rate: false alarms in a theme-year that are accepted, of one direction.
        rise: which one: rises, or falls.
    """
    return ONCE_A_YEAR[rise] + FEWER[rise] * math.log(1.0 / rate)


def raised(
    seen: Floats,
    due: Floats,
    *,
    looks: int = 1,
    rise: float = math.inf,
    fall: float = math.inf,
    last: Last | None = None,
    clumps: ArrayLike = CLUMPS,
) -> Alarms:
    """The alarms of the last days, each looked at by itself, as if the later ones were not known yet.

    Args:
        seen: (D, P) uses of each theme on each day: people, once a week, not messages.
        due: (D, P) uses that its strata make expect, up to a factor of each theme; 0 where nobody spoke.
        looks: days that are looked at: the last `looks` of them.
        rise: threshold for themes that are said more; infinite where nobody wants to know.
        fall: threshold for themes that are said less.
        last: what was raised before the first of them.
        clumps: (P,) dispersion that clumps of uses (of a conversation) make alone; it counts where the past holds few uses.
    """
    days, themes = seen.shape
    looks = min(looks, days)
    told = _told(seen, due, last, clumps)
    found = np.zeros((len(_Found._fields), looks, themes))
    if looks:
        over_themes(
            lambda first, past: _look(first, past, told, _WINDOWS, rise, fall, found), np.arange(themes + 1)
        )
    at, theme = np.nonzero(found[0])
    window, evidence, inside, expected, needed, before, phi = found[:, at, theme]
    return Alarms(
        day=at + days - looks + 1,
        theme=theme,
        rise=inside > expected,
        window=window.astype(np.int64),
        evidence=evidence,
        seen=inside,
        due=expected,
        needed=needed,
        past=before,
        dispersion=phi,
    )


def known(
    seen: Floats,
    due: Floats,
    *,
    rise: float,
    last: Last | None = None,
    clumps: ArrayLike = CLUMPS,
    needed: bool = True,
) -> Past:
    """What the past of each theme lets one tell at the last look; arguments as in `raised`.

    `needed` says whether the uses needed are asked for, which is nearly all of the work; else they are infinite.
    """
    themes = seen.shape[1]
    told = _told(seen, due, last, clumps)
    found = np.zeros((5, themes))
    found[3:] = np.inf
    over_themes(lambda first, past: _know(first, past, told, rise, needed, found), np.arange(themes + 1))
    return Past(found[0].astype(np.int64), *found[1:])


class _Told(NamedTuple):
    """What is known of P themes."""

    seen: Floats  # (P, D)
    due: Floats  # (P, D)
    changed: Ints  # (P,)
    begins: Ints  # (P,)
    clumps: Floats  # (P,)


class _Found(NamedTuple):
    """What is found of a look, in the order in which kernels write it down."""

    window: float
    evidence: float
    seen: float
    due: float
    needed: float
    past: float
    dispersion: float


def _told(seen: Floats, due: Floats, last: Last | None, clumps: ArrayLike) -> _Told:
    themes = seen.shape[1]
    nothing = np.zeros(themes, np.int64)
    return _Told(
        np.ascontiguousarray(seen.T, np.float64),
        np.ascontiguousarray(due.T, np.float64),
        np.minimum(np.maximum(last.changed, 0), len(seen)) if last else nothing,
        np.minimum(np.maximum(last.begins, 0), len(seen)) if last else nothing,
        np.ascontiguousarray(np.broadcast_to(clumps, themes), np.float64),
    )


@njit
def _look(first: int, past: int, told: _Told, windows: Ints, rise: float, fall: float, found: Floats) -> None:
    """Fill (what, look, theme) for themes first..past-1 where evidence passes its threshold."""
    days, looks = told.seen.shape[1], found.shape[1]
    for j in range(first, past):
        sums = sums_of(told.seen[j], told.due[j])
        begins = told.begins[j]
        earlier = spread_of(sums, told.changed[j], min(told.changed[j] // 7, REMEMBERED))
        for look in range(looks):
            end, most = days - looks + 1 + look, 0.0
            for window in windows:
                weeks = min((end - window - begins) // 7, REMEMBERED)
                if weeks < _least(earlier):
                    break
                split = split_of(sums, end, window, weeks, told.clumps[j], earlier)
                due = rate_of(split) * split.opportunity
                more = split.inside > due
                least = rise if more else fall
                if due <= 0.0 or not math.isfinite(least):
                    continue
                evidence = evidence_of(split)
                if evidence >= least and evidence - least >= most:
                    most = evidence - least
                    found[0, look, j], found[1, look, j] = window, evidence
                    found[2, look, j], found[3, look, j] = split.inside, due
                    found[4, look, j] = _needed(split, due, least)
                    found[5, look, j], found[6, look, j] = split.before, split.dispersion
            if found[0, look, j] > 0.0:
                begins, changed = end, end - int(found[0, look, j])
                earlier = spread_of(sums, changed, min(changed // 7, REMEMBERED))


@njit
def _least(earlier: Spread) -> int:
    """Weeks of past that are needed: fewer where only a level is to be learnt."""
    return LEARNT if earlier.weeks + AFRESH < LEARNT else AFRESH


@njit
def _needed(split: Split, due: float, least: float) -> float:
    """Whole uses in the window of an alarm from which it is one."""
    _, opportunity, before, expected, phi, weekly, learnt = split
    short, enough = due, split.inside
    for _ in range(_HALVINGS):
        half = (short + enough) / 2.0
        if evidence_of(Split(half, opportunity, before, expected, phi, weekly, learnt)) >= least:
            enough = half
        else:
            short = half
    return math.floor(enough + _ROUNDING) if split.inside < due else math.ceil(enough - _ROUNDING)


@njit
def _know(first: int, past: int, told: _Told, rise: float, needed: bool, found: Floats) -> None:  # noqa: FBT001
    """Fill weeks, uses a week, dispersion, the smallest ratio that is told, and the uses needed, of themes first..past-1."""
    days = told.seen.shape[1]
    for j in range(first, past):
        weeks = min((days - 7 - told.begins[j]) // 7, REMEMBERED)
        found[0, j] = max(weeks, 0)
        if weeks < 1:
            continue
        sums = sums_of(told.seen[j], told.due[j])
        earlier = spread_of(sums, told.changed[j], min(told.changed[j] // 7, REMEMBERED))
        now = split_of(sums, days, 7, weeks, told.clumps[j], earlier)
        recent = min(4, weeks + 1)
        weekly = rate_of(now) * (sums[1][days] - sums[1][days - 7 * recent]) / recent
        found[1, j], found[2, j] = weekly, now.dispersion
        if weekly <= 0.0 or weeks < _least(earlier):
            continue
        found[3, j] = _visible(now, weekly, rise, 1.0)
        if not needed:
            continue
        scale = 1.0 / 64.0
        while scale < 1e4 and _visible(now, weekly, rise, scale) > LARGEST_RATIO:
            scale *= _STEP
        found[4, j] = weekly * scale


@njit
def _visible(now: Split, weekly: float, rise: float, scale: float) -> float:
    """The smallest ratio at which a rise would be told in `VISIBLE` days, were the theme said `scale` times as much."""
    weeks = VISIBLE // 7
    expected = max(now.before + FAINT, 1.0) * scale
    opportunity = weekly * weeks * scale
    ratio = 1.0
    while ratio < _BEYOND:
        ratio *= _STEP
        split = Split(
            ratio * opportunity,
            opportunity,
            expected,
            expected,
            now.dispersion,
            now.weekly * scale,
            now.learnt,
        )
        if evidence_of(split) >= rise:
            return ratio
    return math.inf
