"""What is said where, and what crosses, on every face and in both languages."""

from dataclasses import replace

import pytest
from rich.console import Console

from estran.findings import Crossing, Environment, Estimate, Landscape, Notice, Shape, Spread
from estran.report import to_html, to_json, to_markdown, to_terminal
from estran.report.environments import shade, sources
from estran.report.i18n import Words


def part(value):
    return Estimate(value, max(value - 0.1, 0.0), min(value + 0.1, 1.0), "share of voices")


@pytest.fixture
def found(tour):
    return Landscape(
        environments=(
            Environment("chat", ("acme-slack", "agora"), ("acme-slack",), 412, 9_000, part(0.62), "2018-H1", "2025-H2"),
            Environment("shop floor", ("rayon",), (), 40, 300, part(0.3), "2018-H1", "2025-H2"),
            Environment("helpdesk", ("tickets",), ("tickets",), None, None, None, "2019-H1", "2025-H2"),
        ),
        themes=(
            Spread("a", "parcel <locker>", {"en": "parcel <locker>"}, Shape.IN, 80, (part(0.83), part(0.17), None), (part(0.5), None, None), (part(0.9), None, None)),
            Spread("b", "loyalty card", {"en": "loyalty card"}, Shape.OUT, 70, (part(0.05), part(0.95), part(0.0)), (None, None, None), (None, None, None)),
        ),
        crossings=(
            Crossing("a", "parcel <locker>", {"en": "parcel <locker>"}, "helpdesk", "chat", Estimate(2.0, 1.0, float("inf"), "period", 0.004), Estimate(12.0, 6.0, float("inf"), "month", 0.004)),
        ),
        compared=41,
        pairs=3,
        halves=("2019-H1", "2022-H1", "2022-H2", "2025-H2"),
        level=0.95,
        cannot=None,
        coverage=tour.coverage,
        provenance=tour.provenance,
    )  # fmt: skip


def printed(found, language="en"):
    console = Console(width=140, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(to_terminal(found, language=language, width=140))
    return capture.get()


@pytest.mark.parametrize(
    ("language", "way", "share"),
    [("en", "help desk → chat and internal network", "83.0%"), ("fr", "assistance → messagerie et réseau interne", "83,0\N{NARROW NO-BREAK SPACE}%")],
)  # fmt: skip
def test_every_face_tells_where_a_theme_is_said_and_which_way_it_crosses(found, language, way, share):
    for face in (
        printed(found, language),
        to_markdown(found, language=language),
        to_html(found, language=language),
    ):
        assert way in face
        assert share in face


def test_the_summary_says_where_most_is_said_and_how_much_crosses(found):
    assert "Chat and internal network: 62.0% of all voices (52.0% – 72.0%). 1 theme crosses" in to_markdown(
        found
    )
    assert "No theme is shown to cross" in to_markdown(replace(found, crossings=()))


def test_before_and_now_stand_side_by_side(found):
    assert "50.0% → 90.0%" in to_markdown(found)
    assert "50.0% → 90.0%" in to_html(found)
    assert "Before and now" not in to_markdown(replace(found, halves=()))


def test_a_guess_is_said_to_be_one(found):
    told = [sources(Words("en"), e) for e in found.environments]
    assert told == ["agora; guessed from the name: acme-slack", "rayon", "tickets (guessed from the name)"]


def test_a_source_whose_name_tells_no_kind_is_said_to_be_so(found):
    unknown = replace(found.environments[2], kind="other")
    assert sources(Words("en"), unknown) == "tickets (the name does not tell)"


def test_a_kind_of_ones_own_is_told_as_it_was_written(found):
    assert "shop floor" in to_html(found, language="fr")


def test_a_cell_is_the_darker_the_larger_its_share(found):
    assert [shade(s) for s in (*found.themes[0].shares, part(0.0), part(1.0))] == [5, 1, 0, 0, 5]
    assert 'class="heat-5" title="73.0% – 93.0%">83.0%</td>' in to_html(found)


def test_what_is_withheld_is_said_to_be(found):
    for face in (printed(found), to_markdown(found), to_html(found)):
        assert "withheld" in face


def test_labels_cannot_break_out_of_a_page(found):
    page = to_html(found)
    assert "parcel <locker>" not in page
    assert "parcel &lt;locker&gt;" in page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["one-environment", "no-common-periods"])
def test_what_cannot_cross_is_said_in_words(found, language, kind):
    nothing = replace(
        found, crossings=(), environments=found.environments[:1], themes=(), halves=(),
        cannot=Notice(kind, {"kind": "chat", "sources": "agora", "least": 8}),
    )  # fmt: skip
    for face in (
        printed(nothing, language),
        to_markdown(nothing, language=language),
        to_html(nothing, language=language),
    ):
        assert {"en": "Nothing can", "fr": "ne"}[language] in " ".join(face.split())


def test_json_holds_every_cell(found):
    assert to_json(found).count('"share of voices"') >= 6
