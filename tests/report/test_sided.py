"""How both sides are told: on a map whose words do not overlap, in tables, in a terminal, in words where nothing can be told."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import pytest
from rich.console import Console
from sample_tour import sample_tour

from estran.findings import (
    Coherent,
    Continuum,
    Course,
    Estimate,
    Facing,
    Gap,
    Place,
    Quote,
    SidedTheme,
    Unanswered,
    Untaken,
)
from estran.report import to_html, to_json, to_markdown
from estran.report.i18n import Words
from estran.report.sidemap import PAGE, PHONE, side_map
from estran.report.terminal import to_terminal


def _share(value: float) -> Estimate:
    return Estimate(value, value * 0.7, min(value * 1.4, 1.0), "share of people")


def _place(inside: float | None, outside: float | None) -> Place:
    return Place(*(None if share is None else _share(share) for share in (inside, outside)))


def _theme(
    label: str,
    inside: float | None,
    outside: float | None,
    gap: Gap = Gap.NOT_ENOUGH,
    course: Course = Course.NOT_ENOUGH,
) -> SidedTheme:
    known = bool(inside) and bool(outside)
    ratio = Estimate(outside / inside, 2.0, 9.0, "ratio", 0.01) if known else None
    moved = Estimate(0.4, 0.2, 0.8, "ratio", 0.02) if course is Course.CLOSING else None
    then = _place(inside / 2 if inside else inside, outside)
    return SidedTheme(
        label, label, {"en": label}, gap, _place(inside, outside), ratio, then, _place(inside, outside), course,
        moved, 12 if known else None, 20 if known else None,
    )  # fmt: skip


@pytest.fixture
def found():
    tour = sample_tour()
    index = Estimate(0.93, 0.9, 0.96, "coherence")
    return Continuum(
        facing=Facing.COMPARED,
        themes=(
            _theme("delivery <b>time</b>", 0.04, 0.2, Gap.OUTSIDE, Course.CLOSING),
            _theme("budget", 0.3, 0.02, Gap.INSIDE),
            _theme("refund", None, 0.1, Gap.OUTSIDE),
            _theme("meeting", 0.2, 0.0, Gap.INSIDE),
            _theme("customer", 0.2, 0.21, Gap.ALIKE),
        ),
        whole=Coherent("", index, 300, 500),
        coherence=(Coherent("2024-Q1", index, 100, 150), Coherent("2024-Q2", None, None, 90)),
        then=("2024-Q1", "2024-Q1"),
        now=("2024-Q2", "2024-Q2"),
        inside=300,
        outside=500,
        apart_inside=None,
        counts={
            "outside": 2,
            "inside": 2,
            "alike": 1,
            "not enough": 7,
            "closing": 1,
            "opening": 0,
            "crossing": 0,
        },
        coverage=tour.coverage,
        provenance=tour.provenance,
    )


@pytest.fixture
def untaken():
    tour = sample_tour()
    quote = Quote("Where is my parcel?", "2024-03-01", "outside", "support", "en", "m1")
    near = Quote("We looked into the parcels.", "2024-03-02", "inside", "agora", "en", "m2")
    theme = Untaken(
        "parcel", "parcel", {"en": "parcel"}, _share(0.2), _share(0.01), Estimate(20.0, 8.0, 60.0, "ratio", 0.001), 0.001,
        ("2024-Q1", "2024-Q2", "2024-Q3"), False, 44, (quote,), (near,),
    )  # fmt: skip
    hidden = replace(
        theme, id="gift", label="gift", other=None, ratio=None, people=None, quotes=(), nearest=()
    )
    return Unanswered(
        Facing.COMPARED, (theme, hidden), (), 3.0, ("2024-Q1", "2024-Q2", "2024-Q3"), True, 2, 0, tour.coverage, tour.provenance,
    )  # fmt: skip


def _printed(found, language="en") -> str:
    console = Console(width=110, color_system=None)
    with console.capture() as said:
        console.print(to_terminal(found, language=language, width=110))
    return said.get()


def test_every_face_names_the_side_that_says_more_and_by_how_much(found):
    for told in (_printed(found), to_markdown(found), to_html(found)):
        assert "2 themes are said more outside, 2 more inside; 1 gap closes, 0 open, 0 change sides." in told
        assert "×5.0" in told
        assert "withheld" in told
        assert "0.93 (0.90 – 0.96)" in told


def test_it_is_told_in_french(found):
    page = to_html(found, language="fr")
    assert "2 thèmes sont plus dits dehors, 2 le sont plus dedans" in page
    assert "part des personnes, dehors" in page
    assert "se referme" in _printed(found, "fr")


def test_where_nobody_inside_says_it_the_ratio_has_no_end_and_a_lower_end(found):
    endless = replace(found.themes[0], ratio=Estimate(math.inf, 3.2, math.inf, "ratio", 0.01))
    only = replace(found, themes=(endless,))
    for told in (_printed(only), to_markdown(only), to_html(only)):
        assert "×100+ (×3.2 – ×100+)" in told
    ratio = json.loads(to_json(only))["themes"][0]["ratio"]
    assert (ratio["value"], ratio["low"]) == (None, 3.2)


def test_gaps_that_stay_are_told_in_a_few_words(found):
    still = replace(found, counts={**found.counts, "closing": 0})
    assert _printed(still).startswith(
        "2 themes are said more outside, 2 more inside; no gap is seen to move."
    )
    assert "on ne voit bouger aucun écart" in _printed(still, "fr")


def test_fewer_than_five_people_who_cannot_be_compared_are_not_counted_out(found):
    assert "Fewer than five people inside speak so much" in to_markdown(found)
    many = replace(found, apart_inside=9)
    assert "9 people inside speak so much" in to_markdown(many)


def test_the_names_of_themes_are_escaped(found):
    assert "<b>time</b>" not in to_html(found)
    assert "delivery \\<b\\>time\\</b\\>" in to_markdown(found)


def test_the_map_has_a_table_with_all_that_it_shows(found):
    page = to_html(found)
    table = page[page.index('class="figures"') :]
    for theme in found.themes[1:]:
        assert f'<th scope="row">{theme.label}</th>' in table
    assert page.count("<title>budget") == 2  # on the map of a page, and on that of a phone


def test_a_theme_whose_gap_moves_has_an_arrow_with_a_head(found):
    drawn = str(side_map(Words("en"), found.themes, hover=lambda theme: theme.label))
    assert drawn.count('class="head"') == 2
    assert drawn.count('class="gap outside moved"') == 2


def test_what_fewer_than_five_people_of_a_side_say_stands_in_the_strip():
    drawn = str(side_map(Words("en"), [_theme("refund", None, 0.1), _theme("said", 0.1, 0.1)], hover=str))
    page = drawn.split("phone-map", maxsplit=1)[0]
    strip = PAGE.height - PAGE.foot - PAGE.strip / 2
    assert f'cy="{strip:g}"' in page


@pytest.mark.parametrize("sheet", [PAGE, PHONE])
def test_no_two_names_overlap_on_a_map_of_200_themes(sheet):
    shares = [0.001 * 1.7 ** (n % 11) for n in range(200)]
    themes = [_theme(f"theme number {n}", s, 0.002 * 1.5 ** (n // 20)) for n, s in enumerate(shares)]
    drawn = str(side_map(Words("en"), themes, hover=lambda theme: theme.label))
    first, second = drawn.split('class="side-map phone-map"')
    part = first if sheet is PAGE else second
    boxes = []
    for x, y, anchor, label in re.findall(
        r'class="name [a-z-]+" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]+)<', part
    ):
        wide = 0.5 * sheet.letters * len(label)
        left = float(x) - {"start": 0, "end": wide, "middle": wide / 2}[anchor]
        boxes.append((left, float(y) - sheet.letters * 0.8, left + wide, float(y)))
    assert len(boxes) >= 10
    for k, one in enumerate(boxes):
        for other in boxes[:k]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart
        assert one[0] >= 0
        assert one[2] <= sheet.width


def test_in_a_crowded_strip_only_themes_with_room_around_them_are_named():
    """Ninety points side by side in the strip at the foot: no name lies on a point of another theme."""
    themes = [_theme(f"order number {n}", 0.0, 0.01 * 1.04**n) for n in range(90)]
    drawn = str(side_map(Words("en"), themes, hover=lambda theme: theme.label)).split("phone-map")[0]
    spots = [float(x) for x in re.findall(r'class="spot" cx="([\d.]+)"', drawn)]
    names = re.findall(r'class="name [a-z-]+" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]+)<', drawn)
    strip = PAGE.height - PAGE.foot - PAGE.strip / 2
    for x, y, anchor, label in names:
        wide = 0.5 * PAGE.letters * len(label)
        left = float(x) - {"start": 0, "end": wide, "middle": wide / 2}[anchor]
        if abs(float(y) - PAGE.letters * 0.3 - strip) < 4:
            assert not [spot for spot in spots if left < spot < left + wide]


def test_what_is_raised_is_quoted_beside_what_comes_nearest(untaken):
    for told in (_printed(untaken), to_markdown(untaken), to_html(untaken)):
        assert "parcel" in told
        assert "We looked into the parcels." in told
        assert "×8.0" in told
    assert "fewer than five people of the other side" in to_html(untaken)
    assert "Nothing near to it is said there by enough people." in to_html(untaken)
    assert "Les clients soulèvent 2 thèmes" in _printed(untaken, "fr")


@pytest.mark.parametrize("facing", [each for each in Facing if each is not Facing.COMPARED])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_sides_that_cannot_be_compared_are_told_in_a_sentence(found, untaken, facing, language):
    empty = replace(found, facing=facing, themes=(), whole=None, coherence=(), then=(), now=(), counts={})
    nothing = replace(untaken, facing=facing, raised=(), all_raised=0)
    for answer in (empty, nothing):
        told = _printed(answer, language)
        assert len(told.splitlines()[0]) > 30
        assert to_html(answer, language=language).count("<h1>") == 1
        assert to_markdown(answer, language=language)
    assert ("side" in _printed(empty, "en")) or ("inside" in _printed(empty, "en"))


def test_too_few_for_three_stretches_is_an_answer(untaken):
    few = replace(untaken, raised=(), all_raised=0, enough=False)
    assert "Too few people speak" in _printed(few)


def test_the_json_holds_all_figures(found, untaken):
    told = json.loads(to_json(found))
    assert told["themes"][0]["gap"] == "outside"
    assert told["themes"][2]["whole"]["inside"] is None
    assert told["whole"]["index"]["value"] == 0.93
    assert json.loads(to_json(untaken))["raised"][0]["nearest"][0]["side"] == "inside"


def test_the_tables_have_a_row_for_each_theme(found, untaken):
    assert found.to_polars()["gap"].to_list() == ["outside", "inside", "outside", "inside", "alike"]
    assert found.to_polars()["ratio"].null_count() == 2
    assert untaken.to_polars().rows()[0][:3] == ("parcel", "outside", 0.2)
