import datetime as dt

import polars as pl
import pytest

from estran.analysis.windows import around, fitting, shifted
from estran.model import Mark, Step

FIRST, LAST = dt.date(2020, 1, 1), dt.date(2024, 12, 31)


def days(*said):
    return pl.Series(
        [dt.datetime.combine(d, dt.time(23), dt.UTC) for d in said], dtype=pl.Datetime("ms", "UTC")
    )


def test_periods_are_counted_from_the_day_of_the_mark():
    window = around(Mark(dt.date(2022, 3, 10), "x"), Step.MONTH)
    assert window.starts[5:7] == ("2022-02-10", "2022-03-10")
    told = days(
        dt.date(2022, 3, 9),
        dt.date(2022, 3, 10),
        dt.date(2021, 9, 10),
        dt.date(2021, 9, 9),
        dt.date(2022, 9, 10),
    )
    assert window.period_of(told).tolist() == [5, 6, 0, -1, -1]


def test_the_days_of_a_mark_that_takes_several_belong_to_neither_side():
    window = around(Mark(dt.date(2022, 3, 10), "x", dt.date(2022, 3, 20)), Step.WEEK)
    told = days(dt.date(2022, 3, 9), dt.date(2022, 3, 10), dt.date(2022, 3, 20), dt.date(2022, 3, 21))
    assert window.period_of(told).tolist() == [5, -1, -1, 6]


def test_the_last_day_of_a_month_stays_the_last():
    assert shifted(dt.date(2024, 8, 31), Step.HALF, -1) == dt.date(2024, 2, 29)
    assert shifted(dt.date(2023, 11, 30), Step.QUARTER, 1) == dt.date(2024, 2, 29)
    assert shifted(dt.date(2024, 1, 31), Step.WEEK, -1) == dt.date(2024, 1, 24)


@pytest.mark.parametrize(
    ("day", "longest", "step"),
    [
        (dt.date(2022, 6, 30), Step.YEAR, Step.QUARTER),
        (dt.date(2022, 6, 30), Step.MONTH, Step.MONTH),
        (dt.date(2024, 6, 1), Step.QUARTER, Step.MONTH),
        (dt.date(2024, 11, 5), Step.QUARTER, Step.WEEK),
        (dt.date(2024, 12, 20), Step.QUARTER, None),
    ],
)  # fmt: skip
def test_the_longest_periods_are_taken_of_which_six_fit(day, longest, step):
    window = fitting(Mark(day, "x"), FIRST, LAST, longest=longest, asked=False)
    assert (window and window.step) == step


def test_a_step_that_is_asked_for_is_the_only_one():
    assert fitting(Mark(dt.date(2022, 6, 30), "x"), FIRST, LAST, longest=Step.YEAR, asked=True) is None
    wide = dt.date(2010, 1, 1), dt.date(2034, 12, 31)
    assert fitting(Mark(dt.date(2022, 6, 30), "x"), *wide, longest=Step.YEAR, asked=True).step is Step.YEAR
