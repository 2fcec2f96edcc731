"""Findings as plain data, as a table, and as what a notebook shows."""

import math
import re
from dataclasses import FrozenInstanceError, replace

import polars as pl
import pytest

from estran.findings import (
    Coverage,
    Curve,
    Estimate,
    Level,
    Link,
    Movement,
    Provenance,
    Reason,
    Shape,
    Since,
    Style,
    Successions,
    Tour,
    Verdict,
    Why,
)


def theme(label="click and collect", **changes):
    share = Estimate(0.01, 0.005, 0.02, "share of people")
    curve = Curve(("2024", "2025"), (0.01, 0.04), (0.005, 0.02), (0.02, 0.06), (7, 31))
    plain = Movement(
        id="t1", label=label, labels={"en": label}, variants=(label,), before=share, after=replace(share, value=0.04),
        change=Estimate(4.0, 2.5, 6.0, "ratio", q=0.01), since=Since("2024-Q3", "2024-Q2", "2024-Q4"),
        shape=Shape.IN, people=1234, messages=2000, inside=None, outside=None, quotes=(), curve=curve, detectable=1.5,
    )  # fmt: skip
    return replace(plain, **changes)


@pytest.fixture
def tour():
    made = Provenance(
        "0", "1", ("a.csv",), {"text": "body"}, "year", "2024-01-01", "2025-12-31", {}, 1200, 300, 40, 2, 0.05
    )
    coverage = Coverage(("2024", "2025"), (), {"en": 5000}, 5100, 5000, (), {}, ())
    steady = theme("delivery", shape=Shape.STEADY, since=None)
    return Tour((theme(),), (theme("fax", shape=Shape.OUT),), (steady,), (), Style(), coverage, made)


def test_the_table_has_a_row_for_each_theme_and_the_list_it_stands_in(tour):
    table = tour.to_polars()
    assert table.select("column", "label", "change", "q", "since").rows() == [
        ("coming_in", "click and collect", 4.0, 0.01, "2024-Q3"),
        ("going_out", "fax", 4.0, 0.01, "2024-Q3"),
        ("steady", "delivery", 4.0, 0.01, None),
    ]


def test_the_table_of_an_empty_board_has_the_same_columns(tour):
    empty = replace(tour, coming_in=(), going_out=(), steady=())
    assert empty.to_polars().schema == tour.to_polars().schema
    assert empty.to_polars().schema["people"] == pl.Int64


def test_the_dictionary_has_the_names_that_the_json_has(tour):
    assert list(tour.to_dict()) == [
        "coming_in", "going_out", "steady", "too_early", "style", "coverage", "provenance", "become_normal",
        "followed",
    ]  # fmt: skip
    assert tour.to_dict()["coming_in"][0]["change"] == {
        "value": 4.0, "low": 2.5, "high": 6.0, "unit": "ratio", "q": 0.01,
    }  # fmt: skip


def test_a_finding_cannot_be_changed(tour):
    with pytest.raises(FrozenInstanceError):
        tour.coming_in = ()


def cells(shown):
    return [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", shown)][1:]


def test_a_notebook_shows_what_comes_and_goes_as_a_table(tour):
    assert cells(tour._repr_html_()) == [
        ["In", "click and collect", "in", "1.0% → 4.0%", "×4 (×2.5 to ×6)", "2024-Q3", "", "1,234"],
        ["Out", "fax", "out", "1.0% → 4.0%", "×4 (×2.5 to ×6)", "2024-Q3", "", "1,234"],
    ]
    told = "40 themes tested; 1 steady (a change of ×1.5 would have been seen), 0 too early to say"
    assert told in tour._repr_html_()


def gone(*held):
    """A theme that went out, for the reasons that hold, and what came in its place."""
    some = Estimate(0.8, 0.7, 0.9, "precision")
    came = Link("t2", "e-mail", {"en": "e-mail"}, Level.LIKELY, 0.6, some, 0.4, 0.2, 0.5, some, 2.0, some, 0, 0, 7, 1.0,
                (), theme().curve)  # fmt: skip
    return theme(
        "fax",
        shape=Shape.OUT,
        reasons=tuple(Reason(why, Verdict.HOLDS if why in held else Verdict.FAILS) for why in Why),
        successors=(came,),
    )


def test_the_table_and_the_notebook_name_the_reasons_that_hold_and_the_likeliest_successor(tour):
    board = replace(tour, coming_in=(), steady=(), going_out=(gone(Why.FORGOTTEN, Why.WORN_OUT), gone()))
    assert board.to_polars().select("reason", "successor").rows() == [
        ("forgotten, worn out", "e-mail"),
        (None, "e-mail"),
    ]
    assert [row[6] for row in cells(board._repr_html_())] == ["forgotten, worn out", "reason not established"]


def test_successions_are_plain_data_too(tour):
    found = Successions((gone(),), tour.coverage, tour.provenance).to_dict()
    assert found["going_out"][0]["successors"][0]["level"] == "likely"
    assert found["going_out"][0]["reasons"][0]["why"] == "forgotten"


def test_the_table_of_successions_has_a_row_for_each_link(tour):
    table = Successions((gone(), theme("fax")), tour.coverage, tour.provenance).to_polars()
    assert table.select("earlier", "later", "level", "score", "switchers").rows() == [
        ("fax", "e-mail", "likely", 0.6, 7)
    ]
    assert Successions((), tour.coverage, tour.provenance).to_polars().schema == table.schema


def test_what_people_wrote_cannot_run_in_a_notebook(tour):
    bad = replace(tour, coming_in=(theme("<script>alert('fax & co')</script>"),))
    assert "<script" not in bad._repr_html_()
    assert cells(bad._repr_html_())[0][1] == "&lt;script&gt;alert(&#x27;fax &amp; co&#x27;)&lt;/script&gt;"


def test_a_notebook_says_the_span_of_a_turn_or_nothing_where_the_date_is_not_known(tour):
    turns = (Since(None, "2024-Q2", "2024-Q4"), Since(None, "2024-Q2", "2024-Q2"), None)
    spans = tuple(theme(since=turn) for turn in turns)
    shown = cells(replace(tour, coming_in=spans, going_out=())._repr_html_())
    assert [row[5] for row in shown] == ["2024-Q2 to 2024-Q4", "2024-Q2", ""]


def test_a_notebook_writes_a_fall_as_a_division_and_nothing_past_a_hundredfold(tour):
    fall = theme(change=Estimate(0.25, 0.0, 0.8, "ratio"))
    endless = theme(change=Estimate(math.inf, 2.0, math.inf, "ratio"))
    shown = cells(replace(tour, coming_in=(fall, endless), going_out=())._repr_html_())
    assert [row[4] for row in shown] == ["÷4 (÷100+ to ÷1.2)", "×100+ (×2 to ×100+)"]


def test_nothing_but_a_tour_draws_itself(tour):
    assert not hasattr(tour.coming_in[0], "_repr_html_")
    assert not hasattr(tour.coverage, "_repr_html_")
    assert not re.search(r"colou?r|style|class", tour._repr_html_())  # the notebook's own, light or dark
