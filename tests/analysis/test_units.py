"""Whose unit a message is, after renames and moves, and what may be asked of a part of the organisation."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.units import NO_UNITS, Units, people_of, tree_of
from estran.errors import NotEnoughError
from estran.model import MESSAGES, Scope, Side
from estran.simulate import company
from estran.sources.organisation import Member
from estran.sources.orgtables import Change


def said(*rows):
    """Messages of (ISO day, author, unit)."""
    frame = pl.DataFrame(rows, schema=["time", "author", "unit"], orient="row")
    return frame.with_columns(pl.col("time").str.to_datetime(time_unit="ms", time_zone="UTC"))


def changed(day, before, after, *who):
    return Change(dt.date.fromisoformat(day), before, after, who)


def test_without_anything_known_a_unit_is_what_was_told():
    frame = said(("2024-01-01", "a", " sales / north"), ("2024-01-02", "a", None), ("2024-01-03", "a", "/"))
    assert NO_UNITS.today(frame).to_list() == ["sales/north", None, None]


def test_what_was_told_with_a_message_goes_before_what_is_known_of_its_author():
    units = Units(members=(Member(("zoe", "z@acme"), "hr"),))
    frame = said(("2024-01-01", "zoe", "sales"), ("2024-01-02", "z@acme", None), ("2024-01-03", "lea", None))
    assert units.today(frame).to_list() == ["sales", "hr", None]


def test_a_unit_that_was_renamed_is_one_under_its_present_name():
    units = Units(
        changes=(changed("2023-01-01", "sales", "retail"), changed("2024-01-01", "retail/north", "north"))
    )
    frame = said(
        ("2022-05-01", "a", "sales"), ("2022-05-01", "a", "sales/north/lyon"), ("2023-05-01", "a", "retail/north"),
        ("2023-05-01", "a", "sales"), ("2024-05-01", "a", "north"), ("2022-05-01", "a", "salesforce"),
    )  # fmt: skip
    assert units.today(frame).to_list() == ["retail", "north/lyon", "north", "sales", "north", "salesforce"]


def test_a_rename_holds_from_its_day_on():
    units = Units(changes=(changed("2023-01-01", "a", "b"), changed("2023-06-01", "c", "a")))
    frame = said(("2022-12-31", "x", "a"), ("2023-01-01", "x", "a"), ("2023-07-01", "x", "a"))
    assert units.today(frame).to_list() == ["b", "a", "a"]


def test_two_units_may_take_each_others_name_on_one_day():
    units = Units(changes=(changed("2023-01-01", "a", "b"), changed("2023-01-01", "b", "a")))
    assert units.today(said(("2022-01-01", "x", "a"), ("2022-01-01", "x", "b"))).to_list() == ["b", "a"]


def test_who_moves_leaves_what_they_said_where_they_said_it():
    units = Units(
        members=(Member(("zoe",), "hr"),),
        changes=(changed("2022-01-01", "it", "sales", "zoe"), changed("2023-01-01", "sales", "hr", "zoe")),
    )
    days = ["2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01"]
    assert units.today(said(*((day, "zoe", None) for day in days))).to_list() == [
        "it",
        "sales",
        "sales",
        "hr",
    ]


def test_a_unit_that_somebody_left_bears_its_present_name():
    units = Units(
        members=(Member(("zoe", "z@acme"), "hr"),),
        changes=(
            changed("2022-01-01", "sales", "retail"),
            changed("2023-01-01", "retail", "hr", "z@acme"),
            changed("2024-01-01", "retail", "shops"),
        ),
    )
    frame = said(("2021-05-01", "zoe", None), ("2022-06-01", "zoe", None), ("2024-05-01", "zoe", None))
    assert units.today(frame).to_list() == ["shops", "shops", "hr"]


def test_before_somebody_came_they_were_in_no_unit():
    units = Units(changes=(changed("2023-01-01", "", "hr", "zoe"),))
    assert units.today(said(("2022-01-01", "zoe", None), ("2023-01-01", "zoe", None))).to_list() == [
        None,
        "hr",
    ]


def test_a_short_name_is_the_unit_that_bears_it_alone():
    units = Units(paths=("sales", "sales/north", "sales/north/lyon", "hr", "hr/north"))
    frame = said(
        ("2024-01-01", "a", "Lyon"), ("2024-01-01", "a", "north"), ("2024-01-01", "a", "Sales/North")
    )
    assert units.today(frame).to_list() == ["sales/north/lyon", "north", "sales/north"]


def test_people_count_in_all_that_their_unit_lies_in_once():
    tree = tree_of(pl.Series(["sales/north", "sales/south", "sales", None]), known=("hr",))
    assert tree.paths == ("", "hr", "sales", "sales/north", "sales/south")
    assert people_of(tree, np.array([0, 0, 1, 2])).tolist() == [2, 0, 2, 1, 1]
    assert [tree.paths[k] for k in tree.children("")] == ["hr", "sales"]


def test_where_no_unit_is_told_nobody_is_in_one():
    tree = tree_of(pl.Series([None, None], dtype=pl.String))
    assert (tree.paths, people_of(tree, np.array([0, 1])).tolist()) == (("",), [0])


@pytest.fixture(scope="module")
def messages():
    return company(seed=3, messages=3_000).messages


def test_a_scope_is_laid_without_the_rest(messages):
    whole, part = prepare(messages), prepare(messages, scope=Scope("service"))
    inside = prepare(messages, scope=Scope(side=Side.INSIDE))
    assert set(part.messages["unit"].unique()) == {"service/customers", "service/after-sales"}
    assert part.removed["outside the scope asked"] == whole.messages.height - part.messages.height > 0
    assert set(inside.messages["side"]) == {"inside"}


def test_a_unit_that_is_not_there_is_told_from_those_that_are(messages):
    with pytest.raises(
        NotEnoughError, match=r"no message comes from the unit nowhere; there are head-office, .*service"
    ):
        prepare(messages, scope=Scope("nowhere"))
    with pytest.raises(NotEnoughError, match=r"sales/nowhere; there are sales/britain, "):
        prepare(messages, scope=Scope("sales/nowhere"))


@pytest.mark.parametrize(("few", "many"), [(4, 30), (30, 4)])
def test_a_scope_of_few_people_is_withheld_and_one_that_leaves_few_beside_it(few, many):
    authors = [*(f"a{k}" for k in range(few)), *(f"b{k}" for k in range(many))]
    rows = pl.DataFrame({"author": authors * 3, "unit": (["sales"] * few + ["hr"] * many) * 3})
    days = pl.Series([dt.datetime(2023, 1 + k % 12, 3, tzinfo=dt.UTC) for k in range(rows.height)])
    frame = rows.with_columns(
        id=pl.int_range(pl.len()).cast(pl.String),
        time=days.cast(pl.Datetime("ms", "UTC")),
        text=pl.format("the printer of floor {} is slow again", pl.int_range(pl.len())),
        side=pl.lit("inside"), source=pl.lit("chat"), language=pl.lit("en"),
        thread=pl.lit(None, pl.String), title=pl.lit(None, pl.String),
    ).select(list(MESSAGES))  # fmt: skip
    with pytest.raises(NotEnoughError, match="the unit sales is withheld"):
        prepare(frame, scope=Scope("sales"))
