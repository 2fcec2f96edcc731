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

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from estran.stats.presence import Bools, Floats, Ints

WEEK = 7
WINDOWS = tuple(WEEK * weeks for weeks in (1, 2, 3, 4, 6, 8, 12, 18, 26))
"""Days that are held against the past; whole weeks, so that no weekday is held against another."""

LEARNT = 16
"""Weeks of past from which a dispersion can be learnt."""

REMEMBERED = 104
"""Weeks of past that count at the most: a slow drift becomes the new normal."""

ONCE_A_YEAR, FALL = 2.9, 1.2
"""The threshold of one false alarm in a theme-year, and what each e-fold fewer adds: above all that was measured where
nothing changes, for dispersions of 1 to 6, rises and falls, one to a hundred uses a week (`bench/truth/watch.py`)."""

RATIOS = (1.5, 2.0, 3.0, 6.0, 20.0)
"""Changes that are sought, alike likely."""

CLUMPS = 3.0
"""The dispersion of a theme of which nothing is known."""

VISIBLE = 8 * WEEK
"""Days in which a change must become visible, or the past is not enough."""

LARGEST_RATIO = 3.0
"""A theme of which a change of x3 could not be told in `VISIBLE` days is one of which too little is known."""

_BLOCKS = (1, 4)  # weeks that are counted together where the dispersion is learnt
_FEWEST = 4  # blocks, for one
_FAINT = 0.5  # of a use, so that a theme never said has a rate
_BEFOREHAND = 4.0  # degrees of freedom: talk is known to clump, and not without end
_AS_MUCH_AS = 50.0  # uses of past: of fewer, clumps tell more of the dispersion than the past does
_LEAST_DISPERSION = (
    1.05  # nearer to 1 the beta-binomial law is the binomial one, and its differences are rounding
)
_STEP, _BEYOND = 1.05, 50.0  # of the ratios that are tried
_LARGEST_LOG = 600.0  # exp of more overflows
_RATIOS, _WINDOWS = np.array(RATIOS), np.array(WINDOWS)


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
    past: Floats
    dispersion: Floats

    def ratios(self, threshold: float) -> tuple[Floats, Floats, Floats]:
        """(A,) how many times as much it is said, and the ends of an interval that may be read at every look.

        Jeffreys' interval of the part that falls in the window, on effective counts, at the level at which one of no change
        would just be passed: the interval of a window that was chosen among many at one of many looks.

        Args:
            threshold: that was passed.
        """
        tail = ndtr(-math.sqrt(2.0 * threshold))
        inside, outside = self.seen / self.dispersion + _FAINT, self.past / self.dispersion + _FAINT
        ends = (betaincinv(inside, outside, at) for at in (tail, 1.0 - tail))
        low, high = (part / (1.0 - part) * self.past / self.due for part in ends)
        return self.seen / self.due, low, high


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
        return (self.weeks >= LEARNT) & (self.visible <= LARGEST_RATIO)


def threshold(rate: float) -> float:
    """The evidence at which an alarm is raised.

    Args:
        rate: false alarms in a theme-year that are accepted, of one direction.
    """
    return ONCE_A_YEAR + FALL * math.log(1.0 / rate)


def raised(
    seen: Floats,
    due: Floats,
    *,
    looks: int = 1,
    rise: float = math.inf,
    fall: float = math.inf,
    fresh: ArrayLike = 0,
    clumps: ArrayLike = CLUMPS,
) -> Alarms:
    """The alarms of the last days, each looked at by itself, as if the later ones were not known yet.

    Args:
        seen: (D, P) uses of each theme on each day: people, once a week, not messages.
        due: (D, P) uses that its strata make expect, up to a factor of each theme; 0 where nobody spoke.
        looks: days that are looked at: the last `looks` of them.
        rise: threshold for themes that are said more; infinite where nobody wants to know.
        fall: threshold for themes that are said less.
        fresh: (P,) first day of the past of each theme; later than 0 where an alarm was raised before.
        clumps: (P,) dispersion that clumps of uses (of a conversation) make alone; it counts where the past holds few uses.
    """
    days, themes = seen.shape
    looks = min(looks, days)
    told = _told(seen, due, fresh, clumps)
    found = np.zeros((len(_Found._fields), looks, themes))
    if looks:
        over_themes(
            lambda first, past: _look(first, past, told, _WINDOWS, rise, fall, found), np.arange(themes + 1)
        )
    at, theme = np.nonzero(found[0])
    window, evidence, inside, expected, before, phi = found[:, at, theme]
    return Alarms(
        day=at + days - looks + 1,
        theme=theme,
        rise=inside > expected,
        window=window.astype(np.int64),
        evidence=evidence,
        seen=inside,
        due=expected,
        past=before,
        dispersion=phi,
    )


def known(
    seen: Floats, due: Floats, *, rise: float, fresh: ArrayLike = 0, clumps: ArrayLike = CLUMPS
) -> Past:
    """What the past of each theme lets one tell at the last look; arguments as in `raised`."""
    themes = seen.shape[1]
    told = _told(seen, due, fresh, clumps)
    found = np.zeros((5, themes))
    found[3:] = np.inf
    over_themes(lambda first, past: _know(first, past, told, rise, found), np.arange(themes + 1))
    return Past(found[0].astype(np.int64), *found[1:])


class _Told(NamedTuple):
    """What is known of P themes."""

    seen: Floats  # (P, D)
    due: Floats  # (P, D)
    fresh: Ints  # (P,)
    clumps: Floats  # (P,)


class _Found(NamedTuple):
    """What is found of a look, in the order in which kernels write it down."""

    window: float
    evidence: float
    seen: float
    due: float
    past: float
    dispersion: float


class _Split(NamedTuple):
    """A window against its past: uses and expected uses of both, and how the counts of the past vary."""

    inside: float
    opportunity: float
    before: float
    expected: float
    weeks: int
    dispersion: float


if TYPE_CHECKING:
    _Sums = tuple[Floats, Floats, Floats]


def _told(seen: Floats, due: Floats, fresh: ArrayLike, clumps: ArrayLike) -> _Told:
    themes = seen.shape[1]
    return _Told(
        np.ascontiguousarray(seen.T, np.float64),
        np.ascontiguousarray(due.T, np.float64),
        np.ascontiguousarray(np.broadcast_to(fresh, themes), np.int64),
        np.ascontiguousarray(np.broadcast_to(clumps, themes), np.float64),
    )


@njit
def _look(first: int, past: int, told: _Told, windows: Ints, rise: float, fall: float, found: Floats) -> None:
    """Fill (what, look, theme) for themes first..past-1 where evidence passes its threshold."""
    days, looks = told.seen.shape[1], found.shape[1]
    for j in range(first, past):
        sums = _sums(told.seen[j], told.due[j])
        begins = told.fresh[j]
        for look in range(looks):
            end, most = days - looks + 1 + look, 0.0
            for window in windows:
                weeks = min((end - window - begins) // 7, REMEMBERED)
                if weeks < LEARNT:
                    break
                split = _split(sums, end, window, weeks, told.clumps[j])
                due = _rate(split) * split.opportunity
                more = split.inside > due
                least = rise if more else fall
                if due <= 0.0 or not math.isfinite(least):
                    continue
                evidence = _evidence(split)
                if evidence >= least and evidence - least >= most:
                    most = evidence - least
                    found[0, look, j], found[1, look, j] = window, evidence
                    found[2, look, j], found[3, look, j] = split.inside, due
                    found[4, look, j], found[5, look, j] = split.before, split.dispersion
            if found[0, look, j] > 0.0:
                begins = end


@njit
def _know(first: int, past: int, told: _Told, rise: float, found: Floats) -> None:
    """Fill weeks, uses a week, dispersion, the smallest ratio that is told, and the uses needed, of themes first..past-1."""
    days = told.seen.shape[1]
    for j in range(first, past):
        weeks = min((days - 7 - told.fresh[j]) // 7, REMEMBERED)
        found[0, j] = max(weeks, 0)
        if weeks < 1:
            continue
        sums = _sums(told.seen[j], told.due[j])
        now = _split(sums, days, 7, weeks, told.clumps[j])
        recent = min(4, weeks + 1)
        weekly = _rate(now) * (sums[1][days] - sums[1][days - 7 * recent]) / recent
        found[1, j], found[2, j] = weekly, now.dispersion
        if weekly <= 0.0 or weeks < LEARNT:
            continue
        found[3, j] = _visible(now, weekly, rise, 1.0)
        scale = 1.0 / 64.0
        while scale < 1e4 and _visible(now, weekly, rise, scale) > LARGEST_RATIO:
            scale *= _STEP
        found[4, j] = weekly * scale


@njit
def _visible(now: _Split, weekly: float, rise: float, scale: float) -> float:
    """The smallest ratio at which a rise would be told in `VISIBLE` days, were the theme said `scale` times as much."""
    weeks = VISIBLE // 7
    expected = max(now.before + _FAINT, 1.0) * scale
    opportunity = weekly * weeks * scale
    ratio = 1.0
    while ratio < _BEYOND:
        ratio *= _STEP
        split = _Split(ratio * opportunity, opportunity, expected, expected, now.weeks, now.dispersion)
        if _evidence(split) >= rise:
            return ratio
    return math.inf


@njit
def _sums(seen: Floats, due: Floats) -> _Sums:
    """Uses before each day, expected ones, and sums of squares and products over blocks that end there and those before.

    (2, 3, D + 1): of blocks of one and of four weeks; of uses, of uses times expected ones, and of expected ones.
    """
    days = len(seen)
    all_seen, all_due, squares = np.zeros(days + 1), np.zeros(days + 1), np.zeros((2, 3, days + 1))
    for d in range(days):
        all_seen[d + 1] = all_seen[d] + seen[d]
        all_due[d + 1] = all_due[d] + due[d]
    for kind in range(2):
        length = 7 * _BLOCKS[kind]
        for d in range(length, days + 1):
            x, e = all_seen[d] - all_seen[d - length], all_due[d] - all_due[d - length]
            squares[kind, 0, d] = squares[kind, 0, d - length] + x * x
            squares[kind, 1, d] = squares[kind, 1, d - length] + x * e
            squares[kind, 2, d] = squares[kind, 2, d - length] + e * e
    return all_seen, all_due, squares


@njit
def _split(sums: _Sums, end: int, window: int, weeks: int, clumps: float) -> _Split:
    """The window that ends before a day, against the weeks before it."""
    seen, due, _ = sums
    cut = end - window
    start = cut - 7 * weeks
    before, expected = seen[cut] - seen[start], due[cut] - due[start]
    few = _AS_MUCH_AS / (_AS_MUCH_AS + before)
    phi = max(1.0 + (clumps - 1.0) * few, _LEAST_DISPERSION)
    if expected > 0.0:
        phi = max(phi, _dispersion(sums, cut, weeks, (before + _FAINT) / expected))
    return _Split(seen[end] - seen[cut], due[end] - due[cut], before, expected, weeks, phi)


@njit
def _rate(split: _Split) -> float:
    """Uses of the past for one that was expected."""
    return (split.before + _FAINT) / split.expected if split.expected > 0.0 else 0.0


@njit
def _dispersion(sums: _Sums, cut: int, weeks: int, rate: float) -> float:
    """Pearson's, of blocks of one week or of four, whichever is more: clumps that last for weeks show in the latter."""
    _, due, squares = sums
    most = 0.0
    for kind in range(2):
        blocks = weeks // _BLOCKS[kind]
        start = cut - 7 * blocks * _BLOCKS[kind]
        expected = due[cut] - due[start]
        if blocks < _FEWEST or expected <= 0.0:
            continue
        of = squares[kind]
        apart = (
            of[0, cut] - of[0, start]
            - 2.0 * rate * (of[1, cut] - of[1, start])
            + rate * rate * (of[2, cut] - of[2, start])
        )  # fmt: skip
        most = max(most, apart / (rate * expected) * blocks / (blocks - 1))
    return most


@njit
def _evidence(split: _Split) -> float:
    """The log likelihood ratio of a change against none, drawn in where the dispersion was learnt from few weeks."""
    whole = split.opportunity + split.expected
    phi, more = split.dispersion, split.inside > _rate(split) * split.opportunity
    uses = split.inside + split.before
    size = max(uses, _FAINT) / (phi - 1.0)  # had nothing changed, the uses of both would tell the rate
    part = split.opportunity / whole
    still = _log_likelihood(split.inside, uses, size * part, size * (1.0 - part))
    sum_ = 0.0
    for ratio in _RATIOS:
        raised_to = ratio if more else 1.0 / ratio
        part = raised_to * split.opportunity / (raised_to * split.opportunity + split.expected)
        sum_ += math.exp(
            min(_log_likelihood(split.inside, uses, size * part, size * (1.0 - part)) - still, _LARGEST_LOG)
        )
    evidence = math.log(sum_ / len(_RATIOS))
    if evidence <= 0.0:
        return evidence
    # the variance of a dispersion that was learnt from so many weeks of such counts, as degrees of freedom
    mean = max(uses, _FAINT) / whole * split.expected / split.weeks
    tails = (6.0 * (phi - 1.0) + 1.0 / phi) / mean
    freedom = (split.weeks - 1) / (1.0 + tails / 2.0) + _BEFOREHAND
    return (freedom + 1.0) / 2.0 * math.log1p(2.0 * evidence / freedom)


@njit
def _log_likelihood(inside: float, uses: float, a: float, b: float) -> float:
    """Of the beta-binomial law with parameters a and b, up to what does not depend on them."""
    return (
        math.lgamma(inside + a) - math.lgamma(a) + math.lgamma(uses - inside + b) - math.lgamma(b)
    )  # a + b is the same for all parts
