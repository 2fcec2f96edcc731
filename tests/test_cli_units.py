"""The command about units, as somebody types it."""

import json
import shutil
from pathlib import Path

import pytest

import estran as es
from estran.cli import terminal


@pytest.fixture(scope="module")
def made(company, tmp_path_factory):
    """A workspace of a small company."""
    place = tmp_path_factory.mktemp("made")
    company.write_parquet(place / "a.parquet")
    es.init(place / "acme").ingest(place / "a.parquet")
    return place


@pytest.fixture
def columns():
    return 80


@pytest.fixture(autouse=True)
def copied(made, plain_terminal):
    """A copy of it for each test."""
    shutil.copytree(made, ".", dirs_exist_ok=True)


def test_the_tree_is_shown_with_the_people_of_each_unit(estran):
    code, out, _ = estran("units", "acme")
    assert code == 0
    lines = [line.split() for line in out.splitlines()]
    assert ["unit", "people", "messages"] in lines
    assert any(line[:1] == ["service"] and line[1].isdigit() for line in lines)
    assert "messages come from no known unit." in out


def test_the_tree_is_shown_in_french_on_a_narrow_screen(estran, monkeypatch):
    monkeypatch.setattr(terminal, "out", terminal.Console(width=40))
    code, out, _ = estran("units", "acme", "--language", "fr")
    assert code == 0
    assert "toutes " in out
    assert max(map(len, out.splitlines())) <= 40


def test_units_are_taken_in_and_what_cannot_be_used_is_named(estran):
    Path("org.csv").write_text("unit,parent\nsales,sales\nit,\n", encoding="utf-8")
    Path("moves.csv").write_text("date,from,to\nsoon,it,hr\n2024-01-01,it,hr\n", encoding="utf-8")
    code, out, _ = estran("units", "acme", "--from", "org.csv", "--changes", "moves.csv")
    assert code == 0
    assert "Known now: 1 unit, 0 people, 1 dated change." in out
    assert "! org.csv, line 2: the unit is its own parent" in out
    assert "! moves.csv, line 2: the date cannot be read" in out


def test_reasons_are_told_in_french_with_what_the_row_has_of_its_own(estran):
    Path("org.csv").write_text("unit,parent\nnorth,sales\nhr,\n", encoding="utf-8")
    _, out, _ = estran("units", "acme", "--from", "org.csv", "--language", "fr")
    assert "! org.csv, line 2: son parent sales n’est dit nulle part" in out.replace("\n", " ")


def test_the_tree_is_json_where_that_is_asked_for(estran):
    _, out, _ = estran("units", "acme", "--json")
    told = json.loads(out)
    assert {unit["path"] for unit in told["units"]} >= {"service", "sales"}


def test_a_wrong_file_is_one_line(estran):
    code, _, err = estran("units", "acme", "--from", "none.csv")
    assert (code, err) == (2, "estran: none.csv does not exist: check the name and the folder\n")


def test_a_tour_of_one_unit_says_so(estran):
    code, out, _ = estran("tour", "a.parquet", "--unit", "service")
    assert code == 0
    assert "Only what was said in service, and in the units below it, is looked at." in " ".join(out.split())


def test_a_unit_that_is_not_there_is_one_line(estran):
    code, _, err = estran("tour", "acme", "--unit", "nowhere")
    assert code == 2
    assert "no message comes from the unit nowhere; there are" in err


def test_without_units_the_tree_says_what_to_do(estran, tmp_path):
    es.init("empty")
    code, out, _ = estran("units", "empty")
    assert code == 0
    assert "`estran units empty --from FILE` reads one." in " ".join(out.split())


def test_what_each_unit_says_is_told_of_files_and_of_a_workspace_alike(estran):
    """Only one unit signs as the customer relations team."""
    told = []
    for place in ("a.parquet", "acme"):
        code, out, _ = estran("organisation", place, "--json")
        assert code == 0
        told.append(json.loads(out))
    files, workspace = told
    assert (files["found"], files["units"], files["themes"][0]["units"]) == (
        workspace["found"], workspace["units"], workspace["themes"][0]["units"],
    )  # fmt: skip
    assert "customer relations" in files["themes"][0]["label"]
    assert {u["unit"]: u["verdict"] for u in files["themes"][0]["units"]}["service"] == "more"


def test_the_units_of_one_part_are_compared_on_a_page(estran):
    """Units that speak other languages do not differ by it: French sales are compared with French ones."""
    code, out, _ = estran(
        "organisation", "a.parquet", "--unit", "sales", "--html", "sales.html", "--language", "fr"
    )
    assert code == 0
    assert "Aucune unité ne dit un thème plus ou moins que le reste" in " ".join(out.split())
    assert "Ce que les unités de sales disent plus et moins" in Path("sales.html").read_text(encoding="utf-8")
