"""Which announced themes more people took up than would have: each against its own past, beside themes that nobody announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import on_board
from estran.analysis.voices import voices_in
from estran.analysis.windows import PERIODS, fitting
from estran.findings import Estimate, Notice, Uptake
from estran.model import Mark
from estran.privacy import FIGURES
from estran.stats.effects import interrupted, ratios, steps
from estran.stats.multiplicity import adjusted, coverage_level
from estran.stats.placebos import FEWEST, placebos
from estran.stats.power import STEADY_RATIO, detectable_by, enough
from estran.stats.rates import share_intervals, standardised_shares
from estran.stats.strays import Strays, strays

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.analysis.windows import Window
    from estran.stats.presence import Rows

LEAST_USES = 15
"""Voices around the day that a theme must have to be tested, or to stand beside one that is."""

NO_STRAYS = Strays(0.0, 0.0)

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
class _Day:
    """The announced themes of one day: which, and what the test of each says; arrays (K,)."""

    window: Window
    rows: Rows
    which: NDArray[np.int64]
    z: NDArray[np.float64]
    scale: NDArray[np.float64]
    error: NDArray[np.float64]
    effective: NDArray[np.float64]
    uses: NDArray[np.int64]
    tail: Strays

    @property
    def p(self) -> NDArray[np.float64]:
        """Of each step by itself."""
        return self.tail.p(self.z / self.scale)


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
    told: list[_Day] = []
    themes = np.array([on_board(concept) for concept in said.concepts], bool)
    themes[number[number >= 0]] = False
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
            told.append(_tested(corpus, said, window, which, number[which], themes))
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


def _tested(
    corpus: Corpus,
    said: Said,
    window: Window,
    which: NDArray[np.int64],
    own: NDArray[np.int64],
    others: NDArray[np.bool_],
) -> _Day:
    """An interrupted series for each announced theme, its deviate on the scale of those that nobody announced."""
    rows = voices_in(corpus, said, window.period_of(corpus.messages["time"]))
    uses = rows.presence.uses
    beside = np.flatnonzero(others & (uses >= LEAST_USES))
    both = rows.take(np.concatenate([own, beside]))
    shares = standardised_shares(both, periods=2 * PERIODS)
    found = steps(both, (shares.observed, shares.expected), interrupted(PERIODS, PERIODS))
    mine = len(own)
    scale, tail = np.ones(mine), NO_STRAYS
    if len(beside) > FEWEST:
        support = uses[beside].astype(np.float64)
        order = np.argsort(support, kind="stable")
        usual = placebos(found.z[mine:][order], support[order]).scale
        tail = strays(found.z[mine:][order] / usual)
        scale = usual[np.clip(np.searchsorted(support[order], uses[own]), 0, len(beside) - 1)]
    return _Day(
        window,
        rows.take(own),
        which,
        found.z[:mine],
        scale,
        found.error[:mine],
        found.effective_clusters[:mine],
        uses[own],
        tail,
    )


def _shown(
    corpus: Corpus,
    said: Said,
    day: _Day,
    own: NDArray[np.int64],
    q: NDArray[np.float64],
    allowed: _Claims,
) -> dict[int, Found]:
    """The figures of the themes of one day, and what they mean."""
    shares = standardised_shares(day.rows, periods=2 * PERIODS)
    design = interrupted(PERIODS, PERIODS)
    far = day.tail.reach(1.0 - allowed.level) * day.scale
    ratio = ratios(day.rows, (shares.observed, shares.expected), design, reach=far)
    seen = detectable_by(day.error, day.tail.reach(allowed.threshold) * day.scale)
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
