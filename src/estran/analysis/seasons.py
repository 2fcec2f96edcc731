"""Which part of the calendar year each message belongs to, so that what comes back every year is no news."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estran.model import Step

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl
    from numpy.typing import NDArray

    from estran.model import Grid

YEARS = 2
"""With fewer, nothing tells a season from a trend."""
INCOMPLETE = 0.9
"""A first or last period whose days are covered less than this is incomplete."""
DENSE = 4
"""Messages are dense where they come on one day of so many; conferences and addresses are not."""
WEEKS = 52


def seasons(grid: Grid, times: pl.Series, period: NDArray[np.int32]) -> NDArray[np.int32] | None:
    """(n,) the season of each message, or None where seasons are unknown or all periods hold all of them.

    Where periods are finer than a year: the month (of months and weeks), quarter or half of the year, known from two
    years on. Where they are years: whether the day lies in the part of the year that an incomplete first or last
    period covers, as a year known from its January is compared with Januaries alone.

    Args:
        grid: the periods.
        times: (n,) when.
        period: (n,) number of the period.
    """
    if grid.step is Step.YEAR:
        return _parts(grid, times)
    if grid.periods < YEARS * (WEEKS if grid.step is Step.WEEK else 12 // grid.step.months):
        return None
    phase = np.array([_phase(grid, p) for p in range(grid.periods)], np.int32)
    _, season = np.unique(phase[period], return_inverse=True)
    return season.astype(np.int32)


def incomplete(grid: Grid, times: pl.Series) -> tuple[bool, bool]:
    """Whether the first, and the last, period hold fewer days than a whole one, judged by the dates of the messages."""
    first, last = _ends(times)
    if times.dt.date().n_unique() * DENSE <= (last - first).days + 1:
        return False, False
    starts = [*grid.starts, grid.end]
    begins, ends = (starts[1] - first).days, (last - starts[-2]).days + 1
    return (
        begins < INCOMPLETE * (starts[1] - starts[0]).days,
        ends < INCOMPLETE * (starts[-1] - starts[-2]).days,
    )


def _ends(times: pl.Series) -> tuple[dt.date, dt.date]:
    days = times.dt.date()
    return days.min(), days.max()  # type: ignore[return-value]


def _phase(grid: Grid, period: int) -> int:
    """The month, quarter or half of a period; a week belongs to the month of its fourth day."""
    day = grid.start_of(period)
    if grid.step is not Step.WEEK:
        return (day.month - 1) // grid.step.months
    month = day.month
    return (
        month - 1
        if (following := grid.start_of(period + 1)).month == month or following.day <= 4
        else month % 12
    )


def _parts(grid: Grid, times: pl.Series) -> NDArray[np.int32] | None:
    """Whether each day lies in the part of the year that the first, and the last, year hold; None where both are whole."""
    early, late = incomplete(grid, times)
    if early + late in {0, grid.periods}:
        return None
    first, last = _ends(times)
    day = times.dt.month().cast(int) * 100 + times.dt.day()
    within = np.zeros(len(times), np.int32)
    if early:
        within += (day >= first.month * 100 + first.day).to_numpy()
    if late:
        within += 2 * (day <= last.month * 100 + last.day).to_numpy()
    _, season = np.unique(within, return_inverse=True)
    return season.astype(np.int32)
