"""Who said it first, on every face and in both languages."""

import math
from dataclasses import replace

import pytest
from rich.console import Console

from estran.findings import Curve, Estimate, First, Lead, Notice, Pull, Shape
from estran.report import to_html, to_json, to_markdown, to_terminal
from estran.report.ahead import duration, lasted
from estran.report.i18n import Words
from estran.report.pull import within

EN, FR = Words("en"), Words("fr")


def lead(label, first, months=None, *, q=0.01, ends=4.0, few=False):
    ahead = (
        None
        if months is None
        else Estimate(months / 6, (months - ends) / 6, (months + ends) / 6, "period", q)
    )
    time = None if months is None else Estimate(months, months - ends, months + ends, "month", q)
    share = (0.1, 0.2, 0.3)
    curve = Curve(("2024-H1", "2024-H2", "2025-H1"), share, share, share, (6, 7, None))
    curves = (curve, curve) if first in {First.OUTSIDE, First.INSIDE} else (None, None)
    people = (None, None) if few else (41, 1207)
    return Lead(label, label, {"en": label}, Shape.IN, first, ahead, time, *people, *curves)


@pytest.fixture
def found(tour):
    return Pull(
        leads=(
            lead("parcel <locker>", First.OUTSIDE, 14.0),
            lead("remote work", First.INSIDE, -30.0, ends=math.inf),
            lead("loyalty card", First.CLOSE, 1.0),
            lead("chatbot", First.UNLIKE, 2.0),
            lead("signage", First.NOT_ENOUGH, few=True),
        ),
        from_outside=Estimate(0.5, 0.06, 0.94, "share of themes"),
        periods=("2018-H1", "2025-H2"),
        compared=16,
        level=0.95,
        longest=6.0,
        cannot=None,
        coverage=tour.coverage,
        provenance=tour.provenance,
    )


def printed(found, language="en"):
    console = Console(width=110, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(to_terminal(found, language=language, width=110))
    return capture.get()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_face_names_those_who_were_first_and_by_how_long(found, language):
    length = {"en": "14 months (10 – 18)", "fr": "14 mois (10 – 18)"}[language]
    for face in (
        printed(found, language),
        to_markdown(found, language=language),
        to_html(found, language=language),
    ):
        assert length in face
        assert "remote work" in face


def test_the_summary_says_how_many_came_from_outside(found):
    assert "Of 2 themes with a lead, 1 came from outside: 50.0% (6.0% – 94.0%)." in " ".join(
        printed(found).split()
    )


def test_the_known_weakness_is_said_on_every_face(found):
    for face in (" ".join(printed(found).split()), to_markdown(found), to_html(found)):
        assert "merely slower" in face


def test_labels_cannot_break_out_of_a_page(found):
    assert "parcel <locker>" not in to_html(found)
    assert "parcel &lt;locker&gt;" in to_html(found)


def test_outside_first_is_drawn_to_the_left(found):
    rows = to_html(found).split("<tr>")
    outside = next(row for row in rows if "parcel &lt;locker&gt;</th>" in row)
    inside = next(row for row in rows if "remote work</th>" in row)
    place = [float(row.split('class="dot" d="M')[1].split(" ")[0]) for row in (outside, inside)]
    assert place[0] < 500 < place[1]


def test_an_interval_without_an_end_is_open():
    assert lasted(EN, Estimate(-30.0, -math.inf, -20.0, "month")) == "2.5 years (1.7 – open)"
    assert lasted(FR, Estimate(9.0, 2.0, math.inf, "day")) == "9 jours (2 – ouvert)"


def test_what_cannot_be_called_says_how_large_a_lead_might_be():
    close = lead("x", First.CLOSE, 1.0)
    assert within(EN, close) == "outside ahead by 5 months at most, inside by 3 months at most"
    boundless = replace(close, time=Estimate(0.0, -math.inf, math.inf, "month"))
    assert "any length that was tried" in within(EN, boundless)


def test_a_length_is_told_in_the_unit_that_reads_best():
    told = [duration(EN, months, "month") for months in (1.26, 14.2, 30.0)]
    assert told == ["1.3 months", "14 months", "2.5 years"]


@pytest.mark.parametrize("kind", ["no-sides", "one-side-only", "side-too-small", "few-common-periods"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_cannot_be_compared_is_said_in_words(found, kind, language):
    facts = {"side": "inside", "least": 5, "periods": 3}
    nothing = replace(found, leads=(), from_outside=None, cannot=Notice(kind, facts), periods=())
    for face in (
        printed(nothing, language),
        to_markdown(nothing, language=language),
        to_html(nothing, language=language),
    ):
        assert {"en": "Nobody can be said", "fr": "On ne peut dire"}[language] in " ".join(face.split())


def test_no_lead_is_an_answer(found):
    none = replace(found, leads=found.leads[2:], from_outside=None)
    assert "Nobody is shown to be first: 3 themes moved" in to_markdown(none)
    assert "Nothing that these data can show." in to_html(none)


def test_json_holds_every_theme(found):
    assert to_json(found).count('"first"') == 5
