"""A plan asked about, of files and of a workspace, in Python and on the command line."""

import json

import pytest

import estran as es
from estran.cli import main
from estran.errors import InputError, SettingsError


@pytest.fixture
def desk(ws, company, tmp_path):
    """A workspace, the file it was made of, and a plan."""
    company.write_parquet(tmp_path / "a.parquet")
    ws.ingest(tmp_path / "a.parquet")
    (tmp_path / "plan.md").write_text("# Plan\n- Magasin\n- Blockchain\n- Livraison\n", encoding="utf-8")
    return ws


def test_a_workspace_and_its_file_are_asked_alike(desk):
    of_space, of_file = desk.agenda("plan.md"), es.agenda("a.parquet", "plan.md")
    assert [(t.label, t.answer, t.people) for t in of_space.themes] == [
        (t.label, t.answer, t.people) for t in of_file.themes
    ]
    assert of_space.themes[-1].answer == "never said"


def test_the_command_takes_the_plan_last(desk, capfd):
    told = (
        "agenda",
        "acme",
        "plan.md",
        "--date",
        "2024-07-01",
        "--language",
        "en",
        "--html",
        "a.html",
        "--markdown",
        "a.md",
    )
    assert main(told) == 0
    shown = capfd.readouterr().out
    assert "plan.md announces" in shown
    assert "Never said" in shown
    assert main(("agenda", "acme", "plan.md", "--json")) == 0
    assert json.loads(capfd.readouterr().out)["file"] == "plan.md"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("acme",), "name what people said, then the plan"),
        (("acme", "nowhere.md"), "does not exist"),
        (("acme", "plan.md", "--date", "soon"), "date must be a day"),
        (("acme", "empty.md"), "is empty"),
    ],
)
def test_what_cannot_be_asked_is_one_line(desk, capfd, tmp_path, asked, said):
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    assert main(("agenda", *asked)) == 2
    error = capfd.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_plan_dated_outside_the_span_is_answered(desk):
    found = desk.agenda("plan.md", date="1999-01-01")
    assert found.notices[0].kind == "plan-outside"
    assert found.step is None


def test_python_is_told_what_is_wrong_too(desk):
    with pytest.raises(SettingsError, match="then the plan"):
        es.agenda()
    (desk.path.parent / "plan.md").write_text("123\n", encoding="utf-8")
    with pytest.raises(InputError, match="no word can be read"):
        desk.agenda("plan.md")
