"""The periods around a mark: six before and six after, counted from the day of the mark itself."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.model import Step

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from estran.model import Mark

PERIODS = 6
"""On either side of a mark."""
STEPS = (Step.HALF, Step.QUARTER, Step.MONTH, Step.WEEK)
"""Lengths of a period that are tried, the longest first: long ones hold more voices."""
SLACK = 0.1
"""Share of a period that may be missing at the ends of the corpus."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """Periods around a mark.

    Attributes:
        step: their length.
        before: first days of the periods before, and the day after the last of them.
        after: the same of those after.
    """

    step: Step
    before: tuple[dt.date, ...]
    after: tuple[dt.date, ...]

    @property
    def starts(self) -> tuple[str, ...]:
        """ISO first day of each period."""
        return tuple(day.isoformat() for day in (*self.before[:-1], *self.after[:-1]))

    def period_of(self, times: pl.Series) -> NDArray[np.int32]:
        """(n,) number of the period of each moment; -1 outside, and between the two sides."""
        day = times.dt.date().to_numpy().astype("datetime64[D]")
        period = np.full(len(day), -1, np.int32)
        for first, edges in ((0, self.before), (PERIODS, self.after)):
            at = np.searchsorted(np.array(edges, "datetime64[D]"), day, side="right") - 1
            inside = (at >= 0) & (at < PERIODS)
            period[inside] = first + at[inside]
        return period


def around(mark: Mark, step: Step) -> Window:
    """The periods around a mark; the days of a mark that takes several belong to none."""
    last = mark.end or mark.day
    begins = mark.day if last == mark.day else last + dt.timedelta(days=1)
    return Window(
        step,
        tuple(shifted(mark.day, step, -k) for k in range(PERIODS, -1, -1)),
        tuple(shifted(begins, step, k) for k in range(PERIODS + 1)),
    )


def fitting(mark: Mark, first: dt.date, last: dt.date, *, longest: Step, asked: bool) -> Window | None:
    """The longest periods of which six lie on either side of a mark.

    Args:
        mark: in the middle.
        first: day of the corpus.
        last: day of it.
        longest: length of a period that is not surpassed.
        asked: whether that very length is asked for.

    Returns:
        None where not even six of the shortest fit.
    """
    order = [Step.YEAR, *STEPS]
    for step in (longest,) if asked else order[order.index(longest) :]:
        if step is Step.YEAR and not asked:
            continue
        window = around(mark, step)
        slack = (window.after[1] - window.after[0]) * SLACK
        if window.before[0] >= first - slack and window.after[-1] <= last + dt.timedelta(days=1) + slack:
            return window
    return None


def shifted(day: dt.date, step: Step, periods: int) -> dt.date:
    """The day so many periods later; the last of a month where the month is shorter."""
    if step is Step.WEEK:
        return day + dt.timedelta(weeks=periods)
    years, month = divmod(day.month - 1 + periods * step.months, MONTHS)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
