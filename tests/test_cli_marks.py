"""The commands about decisions, as somebody types them."""

import json
from pathlib import Path

import pytest

import estran as es


@pytest.fixture(autouse=True)
def acme(plain_terminal):
    """An empty workspace."""
    return es.init("acme")


def test_a_mark_is_written_down_listed_and_taken_out(estran, tmp_path):
    code, shown, _ = estran(
        "mark", "acme", "2024-03-01", "New returns policy", "--scope", "sales/north", "--themes", "returns"
    )
    assert (code, "1 mark written" in shown, "New returns policy" in shown) == (0, True, True)
    (mark,) = json.loads(estran("mark", "acme", "--json")[1])["marks"]
    assert (mark["scope"], mark["themes"]) == ("sales/north", ["returns"])
    (tmp_path / "plan.csv").write_text("date,label\n2024-04-01,Second\n")
    assert "Second" in estran("mark", "acme", "--from", "plan.csv")[1]
    assert "Taken out: New returns policy" in estran("mark", "acme", "--remove", mark["id"])[1]
    assert [m["label"] for m in json.loads(estran("mark", "acme", "--json")[1])["marks"]] == ["Second"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("mark", "acme", "2024-03-01"), "DAY LABEL"),
        (("mark", "acme", "someday", "x"), "written as 2024-03-01, not 'someday'"),
        (("mark", "acme", "--scope", "hr"), "go with a DAY and a LABEL"),
        (("mark", "acme", "2024-03-01", "x", "--scope", "team=a"), "'team=a' is no scope"),
        (("mark", "acme", "--remove", "abc"), "no mark has the id 'abc'"),
        (("mark", "acme", "--from", "nothing.csv"), "nothing.csv"),
        (("effects", "acme"), "acme has no mark"),
        (("effects", "talk.csv"), "no mark was given"),
        (("effects", "talk.csv", "--mark", "policy"), "no mark; write a day and a label"),
    ],
)
def test_what_cannot_be_meant_is_one_line(estran, arguments, why):
    code, shown, err = estran(*arguments)
    assert (code, shown, err.count("\n")) == (2, "", 1)
    assert why in err


def test_effects_are_told_of_a_file(estran, company):
    company.write_parquet("talk.parquet")
    told = (
        "--mark",
        "2024-07-01=Decision",
        "--scope",
        "side=outside",
        "--themes",
        "returns policy",
        "--themes",
        "xyzzy",
    )
    code, shown, _ = estran("effects", "talk.parquet", *told, "--html", "page.html", "--language", "fr")
    assert code == 0
    assert "Decision · 1er juillet 2024 · dehors" in shown
    assert "Aucun thème ne s’appelle" in shown
    assert "Ce que les décisions ont fait bouger" in Path("page.html").read_text(encoding="utf-8")
    (mark,) = json.loads(estran("effects", "talk.parquet", "--mark", "1999-01-01=Long ago", "--json")[1])[
        "marks"
    ]
    assert [notice["kind"] for notice in mark["notices"]] == ["mark-outside"]
