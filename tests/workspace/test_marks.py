"""What was decided when: written down, taken in, taken out, asked about, forgotten with a person."""

import datetime as dt
from pathlib import Path

import pytest

import estran as es
from estran.errors import ScopeError
from estran.model import Mark, Scope, Side
from estran.workspace import markfile
from estran.workspace.marking import asked_marks, mark_of

POLICY = Mark(dt.date(2024, 3, 1), "New returns policy", None, Scope("sales/north"), ("returns",))
LONG = Mark(
    dt.date(2024, 5, 2),
    'A "new" tool',
    dt.date(2024, 5, 9),
    Scope("", Side.OUTSIDE, ("crm", "mail")),
    (),
    "plan.ics",
)


def test_marks_are_read_as_they_are_written():
    text = markfile.added("", [POLICY, LONG])
    assert text.startswith(markfile.HEAD)
    assert markfile.parse(text) == (POLICY, LONG)


def test_what_somebody_wrote_around_the_marks_stays():
    text = "# ours\n\n[[mark]]\nday = '2024-03-01'\nlabel = 'one'\n# after\n\n[[mark]] # two\nday = 2024-04-01\nlabel = 'two'\n"
    one, two = markfile.parse(text)
    assert (
        markfile.without(text, frozenset([two.id]))
        == "# ours\n\n[[mark]]\nday = '2024-03-01'\nlabel = 'one'\n# after\n"
    )
    left = markfile.without(text, frozenset([one.id]))
    assert "# ours" in left
    assert "# after" in left
    assert markfile.parse(left) == (two,)
    assert markfile.without(text, frozenset()) == text


def test_a_text_that_holds_what_looks_like_a_mark_is_written_anew():
    text = '[[mark]]\nday = 2024-03-01\nlabel = """\n[[mark]]\n"""\n\n[[mark]]\nday = 2024-04-01\nlabel = "two"\n'
    one, two = markfile.parse(text)
    assert markfile.parse(markfile.without(text, frozenset([one.id]))) == (two,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("day = 2024-03-01", "line 1: 'day' stands in no mark"),
        ("[[mark]]\nlabel = 'x'", "line 1: this mark has no day"),
        ("[[mark]]\nday = 2024-03-01", "line 1: this mark has no label"),
        ("\n[[mark]]\nday = 2024-03-01\nlabel = ' '", "line 2: a mark needs a label"),
        ("[[mark]]\nday = 'soon'\nlabel = 'x'", "written as 2024-03-01, not 'soon'"),
        ("[[mark]]\nday = 2024-03-01\nlabel = 'x'\nend = 2024-02-01", "ends .2024-02-01. before it begins"),
        ("[[mark]]\nday = 2024-03-01\nlabel = 'x'\nscope = 'team=a'", "'team=a' is no scope"),
        ("[[mark]]\nday = 2024-03-01\nlabel = 'x'\nscope = 3", "scope must be a text"),
        ("[[mark]]\nday = 2024-03-01\nlabel = 'x'\nthemes = 'a'", "themes must be a list"),
        ("[[mark]]\nday = 2024-03-01\nlabel = 'x'\nwho = 'a'", "'who' does not go with a mark"),
        ("[[mark]", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_meant_is_named(text, why):
    with pytest.raises(es.SettingsError, match=why):
        markfile.parse(text)


def test_a_moment_of_toml_is_its_day():
    text = "[[mark]]\nday = 2024-03-01T10:00:00Z\nlabel = 'x'\nend = 2024-03-01"
    assert markfile.parse(text) == (Mark(dt.date(2024, 3, 1), "x"),)


def test_scopes_are_read_as_they_are_said():
    for scope in (POLICY.scope, LONG.scope, Scope()):
        assert Scope.read(str(scope)) == scope
    with pytest.raises(ScopeError, match="side=inside"):
        Scope.read("side=upside")


def test_marks_are_kept_by_day_once_and_taken_out(ws):
    ws.mark("2024-05-01", "Second")
    told = ws.mark("2024-03-01", "New returns policy", scope="sales/north", themes=["returns"])
    assert [mark.label for mark in told.marks] == ["New returns policy", "Second"]
    assert told.added == (POLICY.id,)
    assert ws.mark("2024-03-01", "New returns policy", scope="sales/north", themes=["returns"]).added == ()
    gone = ws.unmark(POLICY.id)
    assert [mark.label for mark in gone.removed] == ["New returns policy"]
    assert [mark.label for mark in ws.marks().marks] == ["Second"]
    with pytest.raises(es.SettingsError, match="no mark has the id 'abc'"):
        ws.unmark("abc")
    assert es.open("acme").doctor().faults == ()


def test_marks_come_from_a_table(ws):
    Path("plan.csv").write_text(
        "date,label,scope,themes,end\n2024-03-01,New returns policy,sales/north,returns;refunds,\n"
        "2024-04-01,Tool,side=outside,,2024-04-05\nsoon,Never,,,\n2024-06-01,Odd,team=a,,\n"
    )
    told = ws.marks_from("plan.csv")
    assert [(m.day, m.end, m.scope, m.themes, m.source) for m in told.marks] == [
        ("2024-03-01", "2024-03-01", "sales/north", ("returns", "refunds"), "plan.csv"),
        ("2024-04-01", "2024-04-05", "side=outside", (), "plan.csv"),
    ]
    assert [place for place, _ in told.refused] == ["line 4", "line 5"]
    assert ws.marks_from("plan.csv").added == ()


def test_marks_come_from_a_calendar(ws):
    Path("plan.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20240101T000000Z\r\n"
        "DTSTART;VALUE=DATE:20240301\r\nSUMMARY:New returns policy\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (mark,) = ws.marks_from("plan.ics").marks
    assert (mark.day, mark.label, mark.source) == ("2024-03-01", "New returns policy", "plan.ics")


def test_a_person_who_is_forgotten_is_not_left_in_a_mark(ws, company):
    company.write_parquet("talk.parquet")
    ws.ingest("talk.parquet")
    ws.mark("2024-03-01", "Policy of Zoé Martin")
    ws.erase(author="Zoé Martin")
    assert "Martin" not in Path("acme/marks.toml").read_text(encoding="utf-8")
    assert [mark.label for mark in ws.marks().marks] == ["Policy of [name]"]


def test_a_workspace_and_a_file_are_asked_the_same(ws, company):
    company.write_parquet("talk.parquet")
    ws.ingest("talk.parquet")
    with pytest.raises(es.SettingsError, match="acme has no mark"):
        ws.effects()
    ws.mark("2024-06-01", "Decision", scope="side=outside", themes=["nothing like it"])
    asked = {"scope": "side=outside", "themes": ["nothing like it"]}
    found = es.effects("talk.parquet", marks=["2024-06-01=Decision"], **asked)
    kept = es.effects("acme")
    assert kept.marks == found.marks
    assert [notice.kind for notice in kept.marks[0].notices] == ["mark-no-theme"]
    assert es.effects("acme", marks=["1999-06-01=Long ago"]).marks[0].notices[0].kind == "mark-outside"


def test_marks_are_told_as_text():
    told = mark_of("2024-05-02..2024-05-09=Tool", scope="sales", themes=["a b"])
    assert told == Mark(dt.date(2024, 5, 2), "Tool", dt.date(2024, 5, 9), Scope("sales"), ("a b",))
    assert mark_of(POLICY, scope="hr") is POLICY
    with pytest.raises(es.SettingsError, match="no mark; write a day and a label"):
        mark_of("policy")
    with pytest.raises(es.SettingsError, match="no mark was given"):
        asked_marks([])


def test_a_file_of_marks_that_is_no_text_is_said_to_be_none(ws):
    Path("acme/marks.toml").write_bytes(b"\xff\xfe\x00x")
    with pytest.raises(es.SettingsError, match="must be text in UTF-8"):
        ws.marks()
