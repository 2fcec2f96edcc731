"""Which announced themes more people took up than would have: each against its own past, beside themes that nobody announced.

What a theme of that size does where nothing was announced is looked up at other days as well: a placebo in time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import on_board
from estran.analysis.voices import voices_in
from estran.analysis.windows import PERIODS, around, fitting, shifted
from estran.findings import Estimate, Notice, Uptake
from estran.model import Mark
from estran.privacy import FIGURES
from estran.stats.effects import interrupted, ratios, steps
from estran.stats.multiplicity import adjusted, coverage_level
from estran.stats.power import STEADY_RATIO, detectable_by, enough
from estran.stats.rates import share_intervals, standardised_shares
from estran.stats.strays import Strays, strays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.analysis.windows import Window
    from estran.model import Step
    from estran.stats.presence import Rows

LEAST_USES = 15
"""Voices around the day that a theme must have to be tested, or to stand beside one that is."""

PLACEBO_DAYS = 8
"""Days, spread over the span, at which the same test is made of what nobody announced."""

NEIGHBOURS = 200
"""Of them, at each day: those that are said as often. What many people say strays farther, and is what plans announce."""

WINDOWS = 2
LEVEL = 0.95
SHARE = "share of people"


@dataclass(frozen=True, slots=True)
class Found:
    """What the test says of one announced theme; its shares in the six periods before and after.

    `p` is that of the step by itself. `hidden` where 1 to 4 people say it on one side of the day: then nothing of the two is shown.
    """

    answer: Uptake | None
    before: Estimate | None
    after: Estimate
    ratio: Estimate | None
    detectable: float | None
    hidden: bool = False
    p: float = 1.0


@dataclass(frozen=True, slots=True)
class Taken:
    """The same of all of them.

    Attributes:
        of: number of the announced theme -> what was found; absent where no day is known, or no periods lie around it.
        step: length of the periods; None where nothing was tested.
        notices: why there is nothing to test.
    """

    of: Mapping[int, Found]
    step: str | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Stepped:
    """The announced themes of one day: which, and what the test of each says; arrays (K,)."""

    window: Window
    rows: Rows
    which: NDArray[np.int64]
    z: NDArray[np.float64]
    error: NDArray[np.float64]
    effective: NDArray[np.float64]
    uses: NDArray[np.int64]
    tails: tuple[Strays, ...]

    @property
    def p(self) -> NDArray[np.float64]:
        """Of each step by itself."""
        return np.array([float(tail.p(z)) for tail, z in zip(self.tails, self.z, strict=True)])

    def reach(self, p: float) -> NDArray[np.float64]:
        """(K,) the deviate of each that a p value stands for."""
        return np.array([tail.reach(p) for tail in self.tails])


Elsewhere = tuple["NDArray[np.int64]", "NDArray[np.float64]"]
"""At one day: how often the themes that nobody announced are said around it, rising, and their deviates."""


@dataclass(frozen=True, slots=True)
class _Claims:
    """How much may be claimed: the rate, the level of the intervals, and the p value up to which a claim is made."""

    rate: float
    level: float
    threshold: float


def taken_up(
    corpus: Corpus,
    said: Said,
    number: NDArray[np.int64],
    days: Sequence[dt.date | None],
    *,
    rate: float = 0.05,
) -> Taken:
    """Test the announced themes at their days, with one rate of false claims over all of them.

    Args:
        corpus: n messages.
        said: its themes, and the words of the plan behind them.
        number: (K,) of each announced theme; -1 where too few people say it.
        days: (K,) on which each is announced.
        rate: of false claims among those that themes were taken up, or said less.
    """
    asked = corpus.step_reason == "asked"
    notices: list[Notice] = []
    told: list[Stepped] = []
    said, number, others = _alone(said, number)
    elsewhere: dict[Step, list[Elsewhere]] = {}
    for day in sorted({d for d in days if d is not None}):
        window = fitting(Mark(day, "plan"), corpus.first, corpus.last, longest=corpus.grid.step, asked=asked)
        if window is None:
            notices.append(
                Notice(
                    "plan-outside", {"day": str(day), "first": str(corpus.first), "last": str(corpus.last)}
                )
            )
            continue
        which = np.array([k for k, d in enumerate(days) if d == day and number[k] >= 0], np.int64)
        if len(which):
            if window.step not in elsewhere:
                elsewhere[window.step] = at_other_days(corpus, said, window.step, others)
            told.append(stepped(corpus, said, window, which, number[which], others, elsewhere[window.step]))
    if not told:
        return Taken({}, None, tuple(notices))
    p = np.concatenate([np.where(d.uses >= LEAST_USES, d.p, np.nan) for d in told])
    tested = np.isfinite(p)
    q = np.ones(len(p))
    q[tested] = adjusted(p[tested])
    claims = int((q <= rate).sum())
    many = max(int(tested.sum()), 1)
    allowed = _Claims(rate, coverage_level(claims, many, rate), rate * max(claims, 1) / many)
    of: dict[int, Found] = {}
    first = 0
    for each in told:
        own = slice(first, first + len(each.which))
        of |= _shown(corpus, said, each, number[each.which], q[own], allowed)
        first = own.stop
    return Taken(of, told[0].window.step.value, tuple(notices))


def _alone(said: Said, number: NDArray[np.int64]) -> tuple[Said, NDArray[np.int64], NDArray[np.int64]]:
    """The announced themes, and those that are said about as often, without all the rest.

    Returns:
        what is said of them, the number of each announced theme in it, and those of the others.
    """
    size = np.bincount(said.concept, minlength=len(said.concepts))
    free = np.array([on_board(concept) for concept in said.concepts], bool)
    own = np.unique(number[number >= 0])
    free[own] = False
    others = np.flatnonzero(free)
    others = others[np.argsort(size[others], kind="stable")]
    place = np.searchsorted(size[others], size[own])
    near = np.zeros(len(others) + 1, np.int64)  # +1 where a stretch of neighbours begins, -1 past its end
    np.add.at(near, np.maximum(place - NEIGHBOURS, 0), 1)
    np.add.at(near, np.minimum(place + NEIGHBOURS, len(others)), -1)
    kept = np.concatenate([own, others[np.cumsum(near)[:-1] > 0]])
    new = np.full(len(said.concepts), -1, np.int32)
    new[kept] = np.arange(len(kept))
    uses = new[said.concept] >= 0
    part = replace(
        said,
        concepts=tuple(said.concepts[j] for j in kept.tolist()),
        message=said.message[uses],
        concept=new[said.concept[uses]],
        nested=said.nested[kept],
    )
    return part, np.where(number >= 0, new[number], -1), np.arange(len(own), len(kept))


def at_other_days(corpus: Corpus, said: Said, step: Step, others: NDArray[np.int64]) -> list[Elsewhere]:
    """The same test of what nobody announced, at each of the days of the placebo."""
    windows = [around(Mark(day, "placebo"), step) for day in _placebo_days(corpus, step)]
    return [
        _deviates(voices_in(corpus, said, window.period_of(corpus.messages["time"])), others)
        for window in windows
    ]


def _placebo_days(corpus: Corpus, step: Step) -> list[dt.date]:
    """Days spread over those on either side of which six periods lie; none where there are no such days."""
    begin, end = (shifted(day, step, n) for day, n in ((corpus.first, PERIODS), (corpus.last, -PERIODS)))
    if begin > end:
        return []
    days = np.linspace(begin.toordinal(), end.toordinal(), PLACEBO_DAYS).round().astype(int)
    return [dt.date.fromordinal(day) for day in np.unique(days).tolist()]


def _deviates(rows: Rows, themes: NDArray[np.int64]) -> Elsewhere:
    """The test of some themes at a day, of those that enough people say around it."""
    uses = rows.presence.uses
    able = themes[uses[themes] >= LEAST_USES]
    able = able[np.argsort(uses[able], kind="stable")]
    own = rows.take(able)
    shares = standardised_shares(own, periods=2 * PERIODS)
    return uses[able], steps(own, (shares.observed, shares.expected), interrupted(PERIODS, PERIODS)).z


def stepped(
    corpus: Corpus,
    said: Said,
    window: Window,
    which: NDArray[np.int64],
    own: NDArray[np.int64],
    others: NDArray[np.int64],
    elsewhere: Sequence[Elsewhere],
) -> Stepped:
    """An interrupted series for each announced theme of a day, and how far those that nobody announced stray."""
    rows = voices_in(corpus, said, window.period_of(corpus.messages["time"]))
    pool = [*elsewhere, _deviates(rows, others)]
    mine = rows.take(own)
    shares = standardised_shares(mine, periods=2 * PERIODS)
    found = steps(mine, (shares.observed, shares.expected), interrupted(PERIODS, PERIODS))
    uses = mine.presence.uses
    tails = tuple(strays(np.concatenate([_nearest(each, many) for each in pool])) for many in uses.tolist())
    return Stepped(window, mine, which, found.z, found.error, found.effective_clusters, uses, tails)


def _nearest(elsewhere: Elsewhere, uses: int) -> NDArray[np.float64]:
    """The deviates, at one day, of the themes that are said about so often."""
    sizes, z = elsewhere
    first = int(np.searchsorted(sizes, uses)) - NEIGHBOURS // 2
    first = max(min(first, len(z) - NEIGHBOURS), 0)
    return z[first : first + NEIGHBOURS]


def _shown(
    corpus: Corpus,
    said: Said,
    day: Stepped,
    own: NDArray[np.int64],
    q: NDArray[np.float64],
    allowed: _Claims,
) -> dict[int, Found]:
    """The figures of the themes of one day, and what they mean."""
    shares = standardised_shares(day.rows, periods=2 * PERIODS)
    design = interrupted(PERIODS, PERIODS)
    far = day.reach(1.0 - allowed.level)
    ratio = ratios(day.rows, (shares.observed, shares.expected), design, reach=far)
    seen = detectable_by(day.error, day.reach(allowed.threshold))
    cell = day.window.period_of(corpus.messages["time"])
    halves = voices_in(corpus, said, np.where(cell < 0, -1, cell // PERIODS).astype(np.int32)).take(own)
    share = standardised_shares(halves, periods=WINDOWS).share
    low, high = share_intervals(halves, periods=WINDOWS, levels=LEVEL)
    people = np.stack([_people(halves, half) for half in range(WINDOWS)])
    able = enough(seen, day.effective, people.sum(axis=0), largest_ratio=STEADY_RATIO)
    found: dict[int, Found] = {}
    for n, k in enumerate(day.which.tolist()):
        hidden = bool(((people[:, n] > 0) & (people[:, n] < FIGURES)).any())
        answer = Uptake.ANYWAY if able[n] else Uptake.UNSEEN
        claimed = bool(q[n] <= allowed.rate) and not hidden
        if claimed:
            answer = Uptake.TAKEN_UP if day.z[n] > 0 else Uptake.SAID_LESS
        before, after = (
            Estimate(float(share[h, n]), float(low[h, n]), float(high[h, n]), SHARE) for h in (0, 1)
        )
        figures = (float(ratio.ratio[n]), float(ratio.low[n]), float(ratio.high[n]))
        tested = day.uses[n] >= LEAST_USES and not hidden
        found[k] = Found(
            answer=answer,
            before=None if hidden else before,
            after=after,
            ratio=Estimate(*figures, "ratio", float(q[n]) if claimed else None) if tested else None,
            detectable=float(seen[n]) if tested else None,
            hidden=hidden,
            p=float(day.p[n]) if tested else 1.0,
        )
    return found


def _people(halves: Rows, half: int) -> NDArray[np.int64]:
    """(K,) distinct people who say each theme in one half."""
    themes = np.repeat(np.arange(halves.presence.themes), halves.presence.uses)
    users = halves.presence.indices
    own = halves.period[users] == half
    pairs = np.unique(
        themes[own].astype(np.int64) * (int(halves.cluster.max(initial=0)) + 1) + halves.cluster[users[own]]
    )
    return np.bincount(pairs // (int(halves.cluster.max(initial=0)) + 1), minlength=halves.presence.themes)
