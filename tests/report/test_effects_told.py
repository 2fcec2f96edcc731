"""What decisions moved, as it is told on every face."""

import json
import math
import re
from dataclasses import replace

import pytest
from rich.console import Console

from estran.findings import (
    Comparison,
    Curve,
    Effect,
    Effects,
    Estimate,
    MarkEffects,
    Marks,
    MarkTold,
    Notice,
    Outcome,
)
from estran.report import effectsaid, marks, to_html, to_json, to_markdown, to_terminal
from estran.report.i18n import Words

STARTS = tuple(f"2023-{m:02d}-01" for m in range(7, 13)) + tuple(f"2024-{m:02d}-01" for m in range(1, 7))
EN, FR = Words("en"), Words("fr")


def curve(before, after, gap=None):
    share = [math.nan if i == gap else before if i < 6 else after for i in range(12)]
    people = tuple(None if i == gap else 20 for i in range(12))
    return Curve(STARTS, tuple(share), tuple(s * 0.8 for s in share), tuple(s * 1.2 for s in share), people)


def share(value):
    return Estimate(value, value * 0.8, value * 1.2, "share of people")


MOVED = Effect(
    "1", "returns", {"en": "returns", "fr": "retours"}, Outcome.MOVED, True, Estimate(3.0, 1.8, 5.0, "ratio", 0.002),
    1, 200, 1.9, Comparison.DIFFERENCES, 0.45, share(0.02), share(0.06), share(0.021), share(0.022),
    curve(0.02, 0.06, gap=3), curve(0.021, 0.022, gap=3),
)  # fmt: skip
STILL = replace(
    MOVED, id="2", label="<b>fees</b>", labels={}, outcome=Outcome.STILL, rises=False, ratio=Estimate(0.9, 0.7, 1.2, "ratio"),
    comparison=Comparison.SERIES, elsewhere_before=None, elsewhere_after=None, elsewhere=None, drift=0.01,
)  # fmt: skip
UNSEEN = replace(STILL, id="3", label="lockers", outcome=Outcome.UNSEEN, detectable=7.5)
NOBODY = replace(UNSEEN, detectable=math.inf, ratio=None)
WITHHELD = replace(
    MOVED, id="4", label="vouchers", labels={}, rises=False, ratio=None, before=None, drift=0.001
)
COUNTS = {Outcome.MOVED.value: 2, Outcome.STILL.value: 1, Outcome.UNSEEN.value: 1}
MARK = MarkEffects(
    "ab12cd", "New returns policy", "2024-01-01", "2024-01-01", "sales/north, side=outside", ("returns",), "month", "units",
    ("sales/south",), (120, 130, 90, 95), COUNTS, (MOVED, STILL, UNSEEN, WITHHELD),
)  # fmt: skip
ALONE = replace(
    MARK, id="ff", label="Tool", end="2024-01-09", scope="", compared="", against=(), people=(300, 310),
    effects=(STILL,), counts={Outcome.STILL.value: 1}, notices=(Notice("mark-few-others", {"others": 8}),),
)  # fmt: skip
OUTSIDE = MarkEffects(
    "00", "Long ago", "1999-01-01", "1999-01-01", "", (),
    notices=(Notice("mark-outside", {"first": "2020-01-01", "last": "2024-12-31", "step": "week"}),),
)  # fmt: skip


@pytest.fixture(scope="module")
def found(tour):
    return Effects((MARK, ALONE, OUTSIDE), tour.coverage, tour.provenance)


def printed(found, language, width=100):
    console = Console(width=width, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(to_terminal(found, language=language, width=width, top=3))
    return " ".join(capture.get().split())


def test_verdicts_say_what_they_stand_on():
    assert effectsaid.outcome(EN, MOVED) == ("Moved: said more", "×3.0 (×1.8 – ×5.0)")
    assert effectsaid.outcome(EN, STILL) == ("Did not move", "a change of ×1.9 would have been seen")
    assert effectsaid.outcome(EN, UNSEEN)[1] == "only a change of ×7.5 or more would have been"
    assert effectsaid.outcome(EN, NOBODY)[1] == "too few people say it"
    assert effectsaid.outcome(FR, WITHHELD)[0].startswith("A bougé")
    assert "withheld" in effectsaid.outcome(EN, WITHHELD)[1]


def test_what_was_under_way_before_is_told():
    assert effectsaid.evidence(EN, MARK, MOVED)[-1] == "before the mark the two went the same way (p = 0.450)"
    assert "be careful" in effectsaid.evidence(EN, MARK, WITHHELD)[-1]
    assert "under way before" in effectsaid.evidence(EN, MARK, STILL)[-1]
    assert (
        effectsaid.evidence(EN, MARK, replace(STILL, drift=0.5))[-1]
        == "no line was under way before (p = 0.500)"
    )
    assert "withheld → 6.0%" in effectsaid.evidence(EN, MARK, WITHHELD)[0]
    assert "too few say it elsewhere: compared with itself before" in effectsaid.evidence(EN, MARK, STILL)
    assert not any("too few" in line for line in effectsaid.evidence(EN, ALONE, STILL))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_face_tells_every_mark(found, language):
    for face in (
        printed(found, language),
        to_markdown(found, language=language),
        to_html(found, language=language),
    ):
        assert "New returns policy" in face
        assert "Long ago" in face
        assert "sales/south" in face
    assert "and 1 more" in printed(found, "en")
    assert "2 thèmes ont bougé" in printed(found, "fr")


def test_a_page_shows_each_theme_with_its_mark_and_its_table(found):
    page = to_html(found)
    assert page.count('class="cut"') == 5
    assert page.count('class="line elsewhere"') == 4  # two curves, each in two runs around the gap
    assert "a gap: withheld" in page
    assert "&lt;b&gt;fees&lt;/b&gt;" in page
    assert "<b>fees" not in page
    assert page.count("<td>withheld</td>") == 7


def test_nothing_moved_is_said(found):
    none = replace(found, marks=(OUTSIDE,))
    assert "1 mark: nothing moved that these data can show." in printed(none, "en")
    assert "which go from 1 January 2020 to 31 December 2024" in printed(none, "en")


@pytest.mark.parametrize(("kind", "template"), effectsaid.NOTICES.items())
def test_every_notice_has_its_facts(kind, template):
    facts = {"first": "2020-01-01", "last": "2021-01-01", "step": "week", "scope": "side=inside", "people": 5,
             "known": "hr", "others": 3, "word": "x", "nearest": "y" if kind.endswith("-but") else ""}  # fmt: skip
    for words in (EN, FR):
        told = effectsaid.notice(words, Notice(kind.removesuffix("-but"), facts))
        assert "{" not in told
    assert words.text(template) != template


def test_json_knows_what_is_withheld(found):
    (mark, *_) = json.loads(to_json(found))["marks"]
    assert mark["effects"][0]["curve"]["share"][3] is None
    assert mark["effects"][3]["ratio"] is None
    assert mark["counts"] == {"moved": 2, "did not move": 1, "could not have been seen": 1}


def listed(told, language="en"):
    console = Console(width=120, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(marks.listed(language, told, path="acme"))
    return capture.get()


def test_marks_are_listed_with_what_was_done_to_them():
    one = MarkTold(
        "ab12cd", "2024-03-01", "2024-03-08", "New returns policy", "side=outside", ("returns",), "plan.ics"
    )
    told = Marks(
        (one, replace(one, id="0", end="2024-03-01", scope="", themes=())),
        ("ab12cd",),
        (one,),
        (("line 4", "no label"),) * 25,
        "marks.toml",
    )
    shown = listed(told)
    for piece in ("ab12cd", "1 March 2024 – 8 March 2024", "outside", "everybody", "1 mark written to marks.toml",
                  "Taken out: New returns policy", "25 entries cannot be marks:", "! line 4: no label", "and 5 more"):  # fmt: skip
        assert piece in shown
    assert "No mark is kept" in listed(Marks(()))
    assert "Aucune décision" in listed(Marks(()), "fr")


def test_tables_of_one_theme_under_two_decisions_are_told_apart(found):
    first = next(mark for mark in found.marks if mark.effects)
    again = replace(first, id="again", label="Another decision")
    page = to_html(replace(found, marks=(first, again)))
    names = re.findall(r'role="region" aria-label="(Figures of [^"]*)"', page)
    assert len(names) == len(set(names)) == 2 * len(first.effects)
