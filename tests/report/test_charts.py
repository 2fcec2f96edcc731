import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.findings import Curve, Estimate, Since
from estran.report import charts

PERIODS = ("2020", "2021", "2022", "2023")


def flat(*share, band=0.01):
    return Curve(
        PERIODS[: len(share)],
        share,
        tuple(s - band for s in share),
        tuple(s + band for s in share),
        (9,) * len(share),
    )


def parts(picture, css):
    return [e for e in ET.fromstring(str(picture)) if e.get("class") == css]


def test_the_largest_share_is_drawn_highest():
    line = parts(charts.spark(flat(0.1, 0.2, 0.4, 0.3), label="x", column="in"), "line")[0].get("d")
    heights = [float(y) for y in re.findall(r" ([\d.]+)", line)]
    assert heights.index(min(heights)) == 2
    assert len(heights) == 4


def test_the_foot_of_a_curve_is_nothing():
    assert charts.frame_of(flat(0.1, 0.2), height=100).y(0) == 100


def test_a_wild_first_period_does_not_flatten_the_curve():
    wild = Curve(PERIODS[:2], (0.02, 0.02), (0, 0.01), (0.9, 0.03), (3, 400))
    assert charts.frame_of(wild, height=100).top == pytest.approx(0.036)


def test_a_curve_breaks_where_nothing_is_known():
    picture = charts.spark(flat(0.1, math.nan, 0.2, 0.3), label="x", column="in")
    assert len(parts(picture, "line")) == 2
    assert "nan" not in picture


def test_a_curve_without_any_value_is_an_empty_picture():
    picture = charts.spark(flat(math.nan, math.nan), label="x", column="in")
    assert list(ET.fromstring(str(picture))) == []
    empty = charts.chart(flat(), label="x", column="in", hover=())
    assert {e.get("class") for e in ET.fromstring(str(empty))} == {"grid"}


def test_the_turn_is_a_column_with_its_likeliest_date():
    picture = charts.spark(
        flat(0.1, 0.2, 0.3, 0.4), label="x", column="in", since=Since("2022", "2021", "2022")
    )
    assert (parts(picture, "span")[0].get("x"), parts(picture, "span")[0].get("width")) == ("250", "500")
    assert parts(picture, "turn")[0].get("d").startswith("M625 ")


@pytest.mark.parametrize("since", [None, Since("1999", "1998", "2021"), Since(None, "2021", "1999")])
def test_a_turn_outside_the_picture_is_not_drawn(since):
    assert parts(charts.spark(flat(0.1, 0.2), label="x", column="in", since=since), "span") == []


def test_a_turn_known_by_its_span_only_has_no_line():
    picture = charts.spark(flat(0.1, 0.2), label="x", column="in", since=Since(None, "2020", "2021"))
    assert (len(parts(picture, "span")), parts(picture, "turn")) == (1, [])


def test_the_axis_of_a_large_curve_reads_well():
    assert charts.frame_of(flat(0.0935), height=1, round_up=True).top == pytest.approx(0.12)
    assert charts.frame_of(flat(0.0, band=0.0), height=1, round_up=True).top == 1.0


def test_a_fall_and_a_rise_of_one_size_have_one_whisker():
    rise = charts.whisker(Estimate(4, 2, 8, "ratio"), label="x", column="in", largest=10)
    fall = charts.whisker(Estimate(0.25, 0.125, 0.5, "ratio"), label="x", column="in", largest=10)
    assert rise == fall


@pytest.mark.parametrize(
    "change", [Estimate(0.0, 0.0, 0.5, "ratio"), Estimate(math.inf, 2, math.inf, "ratio")]
)
def test_an_endless_change_stays_in_its_picture(change):
    drawn = parts(charts.whisker(change, label="x", column="out", largest=100), "dot")[0].get("d")
    assert drawn == "M985 10h0"


def test_bars_stand_on_one_another():
    inside, outside = (
        parts(charts.stacks([("inside", [3, 0]), ("outside", [1, 4])], label="x", hover=()), css)[0].get("d")
        for css in ("inside", "outside")
    )
    assert inside == "M3 10h494v30h-494z"
    assert outside == "M3 0h494v10h-494zM503 0h494v40h-494z"


def test_no_message_makes_no_bar():
    assert list(ET.fromstring(str(charts.stacks([("inside", [0, 0])], label="x", hover=())))) == []


def test_a_bar_of_nothing_has_no_length():
    assert (
        parts(charts.bar(Estimate(0, 0, 0, "share of people"), label="x", css="side", top=0), "bar")[0].get(
            "width"
        )
        == "0"
    )


def test_a_label_cannot_break_out_of_a_picture():
    picture = charts.chart(flat(0.1), label='"><script>', column="in", hover=("<b>",))
    assert ET.fromstring(str(picture)).get("aria-label") == '"><script>'


share = st.floats(0, 1) | st.just(math.nan)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(share, share, share), max_size=40))
def test_every_curve_makes_a_picture_within_its_box(points):
    low, mid, high = ([p[i] for p in points] for i in range(3))
    curve = Curve(
        tuple(map(str, range(len(points)))), tuple(mid), tuple(low), tuple(high), (5,) * len(points)
    )
    drawn = ET.fromstring(str(charts.spark(curve, label="x", column="in")))
    numbers = [float(n) for e in drawn for n in re.findall(r"[\d.]+", e.get("d") or "")]
    assert all(0 <= n <= charts.WIDTH for n in numbers)
