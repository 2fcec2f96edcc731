import math
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
import sample_tour

from estran.findings import Curve, Level
from estran.report import charts, river

OUT = sample_tour.GOING_OUT
NETWORK, COLLECT, MANAGER = OUT[0], OUT[2], OUT[3]


def parts(picture, css):
    return [e for e in ET.fromstring(str(picture)) if e.get("class") == css]


def labels(of):
    return [lane.label for lane in of.lanes]


def test_themes_with_one_successor_share_a_river():
    found = river.rivers(OUT)
    assert [labels(of) for of in found] == [
        ["enterprise social network", "team chat", "community manager"],
        ["click and collect", "delivery tracking"],
        ["open space", "hybrid work"],
    ]


def test_a_theme_that_came_and_went_is_drawn_once():
    later = replace(COLLECT, id=NETWORK.successors[0].id)
    (found,) = river.rivers((NETWORK, later))
    assert labels(found) == ["enterprise social network", "click and collect", "delivery tracking"]
    assert [(f.earlier, f.later) for f in found.flows] == [(0, 1), (1, 2)]


def test_a_theme_without_successor_is_in_no_river():
    assert river.rivers((OUT[1],)) == ()


def test_only_the_likeliest_of_the_possible_successors_is_drawn():
    assert [link.level for link in river.drawn(MANAGER)] == [Level.LIKELY]
    only_possible = replace(MANAGER, successors=MANAGER.successors[1:])
    assert [link.level for link in river.drawn(only_possible)] == [Level.POSSIBLE]


@pytest.mark.parametrize("level", Level)
def test_a_line_shows_its_level(level):
    link = replace(NETWORK.successors[0], level=level)
    (found,) = river.rivers((replace(NETWORK, successors=(link,)),))
    assert len(parts(river.draw(found, label="x", hover=()), f"flow {level.value}")) == 1


def test_the_widest_band_fills_its_lane_and_the_others_are_to_its_scale():
    wide, half = (
        Curve(("1", "2"), (0.2, 0.2), (0, 0), (1, 1), (9, 9)),
        Curve(("1", "2"), (0.1, 0.1), (0, 0), (1, 1), (9, 9)),
    )
    link = replace(NETWORK.successors[0], curve=half)
    (found,) = river.rivers((replace(NETWORK, curve=wide, successors=(link,)),))
    picture = river.draw(found, label="x", hover=())
    assert parts(picture, "band out")[0].get("d") == "M250 34L750 34L750 100L250 100z"
    assert parts(picture, "band in")[0].get("d") == "M250 150.5L750 150.5L750 183.5L250 183.5z"


def test_the_fall_lasts_from_the_peak_to_where_half_of_it_is_done():
    curve = Curve(tuple("abcde"), (0.1, 0.4, 0.3, 0.2, 0.1), (0,) * 5, (1,) * 5, (9,) * 5)
    assert river.fall(curve) == (1, 3)
    assert river.fall(Curve((), (), (), (), ())) == (0, 0)


def test_unknown_shares_and_empty_curves_make_a_picture_too():
    odd = replace(NETWORK, curve=Curve(("1", "2"), (math.nan, 0.1), (0, 0), (1, 1), (9, 9)))
    empty = replace(NETWORK.successors[0], curve=Curve((), (), (), (), ()))
    (found,) = river.rivers((replace(odd, successors=(empty,)),))
    assert "nan" not in river.draw(found, label="x", hover=(("a",), ()))


def test_long_series_have_no_values_under_the_pointer():
    (found,) = river.rivers((COLLECT,))
    assert parts(river.draw(found, label="x", hover=(("a",) * 200, ())), "hit") == []


def test_curves_laid_over_each_other_share_their_periods():
    later = Curve(("2", "3"), (0.2, 0.4), (0, 0), (1, 1), (9, 9))
    earlier = Curve(("1", "2", "3"), (0.4, 0.2, 0.1), (0,) * 3, (1,) * 3, (9,) * 3)
    picture = charts.overlay(earlier, later, label="x")
    assert len(parts(picture, "line earlier")[0].get("d").split("L")) == 3
    assert parts(picture, "line later")[0].get("d").startswith("M500.0 ")
