"""What is said where, and what crosses, on every face and in both languages."""

import json
import math
from dataclasses import replace

import pytest
from rich.console import Console

from estran.findings import Crossing, Curve, Environment, Estimate, Landscape, Notice, Shape, Spread
from estran.report import to_html, to_json, to_markdown, to_terminal
from estran.report.environments import shade
from estran.report.i18n import Words
from estran.report.kinds import sources


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


NAN = float("nan")


def curve(*share):
    periods = ("2018-H1", "2018-H2", "2019-H1", "2019-H2")
    known = [math.isfinite(s) for s in share]
    return Curve(
        periods,
        share,
        tuple(s - 0.05 for s in share),
        tuple(s + 0.05 for s in share),
        tuple(20 if k else None for k in known),
    )


@pytest.fixture
def over_time(found):
    """The third tool is connected in 2019; of the second theme nothing can be shown."""
    periods = ("2018-H1", "2018-H2", "2019-H1", "2019-H2")
    shares = (curve(0.25, 0.5, 0.75, NAN), curve(0.75, 0.5, 0.125, NAN), curve(NAN, NAN, 0.125, NAN))
    kinds = tuple(
        replace(e, speaks=periods[since:], curve=c)
        for e, c, since in zip(found.environments, shares, (0, 0, 2), strict=True)
    )
    first = replace(found.themes[0], curves=(*shares[:2], curve(NAN, NAN, NAN, NAN)))
    return replace(found, environments=kinds, themes=(first, found.themes[1]))


def test_shares_over_time_are_blocks_cut_where_a_tool_begins(over_time):
    for face in (printed(over_time), to_markdown(over_time)):
        assert "▃▅│▇·" in face
        assert "··│▂·" in face
        assert "where a tool begins or falls silent (2019-H1)" in " ".join(face.split())


def test_a_picture_leads_no_line_over_the_beginning_of_a_tool(over_time):
    page = to_html(over_time)
    drawn = page.split('class="heat multiples"')[1].split("</table>")[0]
    assert drawn.count("<svg") == 5  # three of all voices, two of the theme: what shows nothing is not drawn
    first = drawn.split("<svg")[1].split("</svg>")[0]
    assert first.count('class="line"') == 2
    assert "all voices, chat and internal network: 2018-H1 25.0%, 2019-H1 75.0%" in first


def test_every_share_of_a_picture_stands_in_its_table_with_its_interval(over_time):
    figures = (
        to_html(over_time).split('class="heat multiples"')[1].split('class="figures"')[1].split("</table>")[0]
    )
    assert figures.count("<tr>") == 1 + 5
    assert "75.0%<br><small>70.0% – 80.0%</small>" in figures
    assert figures.count("<small>") == 3 + 3 + 1 + 3 + 3


def test_many_beginnings_and_ends_are_counted(over_time):
    first, *others = over_time.environments
    flickers = tuple(f"{year}-H{half}" for year in range(2018, 2023) for half in (1, 2))
    kept = replace(first, speaks=flickers[::2], curve=replace(first.curve, periods=flickers))
    told = replace(over_time, environments=(kept, *others))
    assert "(in 9 periods)" in " ".join(to_markdown(told).split())


def test_over_time_speaks_french(over_time):
    told = to_html(over_time, language="fr")
    assert "Au fil du temps" in told
    assert "Là où rien n’est tracé" in told
    assert "Un point : un outil se tait" in to_markdown(over_time, language="fr")


def test_nothing_is_said_of_time_where_there_is_no_curve(found):
    for face in (printed(found), to_markdown(found), to_html(found)):
        assert "Over time" not in face


def test_a_period_that_is_withheld_is_null_in_the_json(over_time):
    told = json.loads(to_json(over_time))
    assert told["environments"][0]["curve"]["share"] == [0.25, 0.5, 0.75, None]
    assert told["environments"][2]["speaks"] == ["2019-H1", "2019-H2"]
    assert told["themes"][1]["curves"] == []


def test_a_terminal_has_a_line_for_each_curve_and_says_where_it_ends(over_time):
    lines = printed(over_time).splitlines()
    (chat,) = (line.split() for line in lines if "all voices" in line and "│" in line)
    assert chat[-3:] == ["▃▅│▇·", "75.0%", "(2019-H1)"]
    assert sum("│" in line for line in lines) == 5
