import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.errors import ScopeError
from estran.model import EVERYTHING, Grid, Scope, Side, Step, below, unit_path

MOMENTS = st.datetimes(dt.datetime(1790, 1, 1), dt.datetime(2150, 1, 1), timezones=st.just(dt.UTC))


def times(*moments):
    return pl.Series(moments, dtype=pl.Datetime("ms", "UTC"))


def at(year, month=1, day=1):
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("step", "labels"),
    [
        (Step.YEAR, ("2023", "2024")),
        (Step.HALF, ("2023-H2", "2024-H1")),
        (Step.QUARTER, ("2023-Q4", "2024-Q1")),
        (Step.MONTH, ("2023-12", "2024-01")),
        (Step.WEEK, ("2023-W52", "2024-W01")),
    ],
)
def test_a_grid_covers_both_ends_and_names_its_periods(step, labels):
    grid = Grid.covering(at(2023, 12, 28), at(2024, 1, 3), step)
    assert grid.labels == labels


@given(MOMENTS, MOMENTS, st.sampled_from(Step))
def test_every_moment_falls_in_the_period_that_starts_last_before_it(one, other, step):
    grid = Grid.covering(min(one, other), max(one, other), step)
    period = int(grid.period_of(times(max(one, other)))[0])
    assert period == grid.periods - 1
    assert grid.starts[period] <= max(one, other).date() < grid.end


def test_moments_outside_the_grid_are_told_apart():
    grid = Grid(Step.MONTH, dt.date(2024, 1, 1), 3)
    assert grid.period_of(times(at(2023, 12), at(2024, 2), at(2024, 4))).tolist() == [-1, 1, 3]


UNITS = pl.Series(["sales", "sales/north", "sales/north/lyon", "salesforce", None])


def test_a_unit_lies_below_a_path_by_whole_names():
    assert below(UNITS, "sales").to_list() == [True, True, True, False, False]
    assert below(UNITS, "sales/north").to_list() == [False, True, True, False, False]
    assert below(UNITS, "").to_list() == [True, True, True, True, False]


def test_columns_are_asked_as_series_are():
    asked = UNITS.to_frame("unit").select(below(pl.col("unit"), "sales"))
    assert asked.to_series().to_list() == below(UNITS, "sales").to_list()


def test_a_path_is_kept_without_blanks_and_empty_steps():
    assert unit_path(" sales / north// ") == "sales/north"


def test_a_scope_holds_the_messages_of_its_unit_side_and_sources():
    said = pl.DataFrame(
        {
            "unit": ["sales/north", "sales", None, "sales"],
            "side": ["inside", "outside", "inside", None],
            "source": ["crm", "crm", "chat", "chat"],
        }
    )

    def held(scope):
        return said.select(scope.holds).to_series()

    assert said.filter(EVERYTHING.holds).height == 4
    assert held(Scope("sales")).to_list() == [True, True, False, True]
    assert held(Scope("sales", Side.OUTSIDE)).to_list() == [False, True, False, False]
    assert held(Scope(sources=("chat",))).to_list() == [False, False, True, True]


def test_a_scope_can_be_narrowed_and_never_widened():
    assert Scope("sales").within("sales/north").unit == "sales/north"
    assert Scope("sales").within("sales") == Scope("sales")
    assert EVERYTHING.within("hr").unit == "hr"
    for outside in ("hr", "salesforce", ""):
        with pytest.raises(ScopeError, match="below sales"):
            Scope("sales").within(outside)
