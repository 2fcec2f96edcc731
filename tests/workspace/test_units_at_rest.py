"""The units of a workspace: told by files, kept without a name, forgotten with a person, and asked about by their names of today."""

import json
from pathlib import Path

import polars as pl
import pytest

import estran as es
from estran import privacy
from estran.errors import NotEnoughError, SettingsError, WorkspaceError
from estran.workspace.keys import key_of

SALES, HR, IT = 12, 6, 3
"""People in each unit; those of IT are too few, and HR goes with them."""


@pytest.fixture
def full(ws, frame):
    """A workspace of people who are in the units that a file tells, and one unit that only messages tell."""
    names = [f"{unit} Person {k}" for unit, n in (("sales", SALES), ("hr", HR), ("it", IT)) for k in range(n)]
    rows = [
        {"author": name, "text": f"the parcel of {k} is late", "side": "inside"}
        for k in range(3)
        for name in names
    ]
    rows += [{"author": f"Guest {k}", "unit": "shops/lyon", "side": "inside"} for k in range(5)]
    frame([{**row, "id": f"m{k}"} for k, row in enumerate(rows)]).write_parquet("a.parquet")
    ws.ingest("a.parquet")
    Path("tree.csv").write_text("unit,parent\nsales,\nnorth,sales\nhr,\nit,\nempty,\n", encoding="utf-8")
    told = [f"{name},{'north' if name.startswith('sales') else name.split()[0]}" for name in names]
    Path("people.csv").write_text("\n".join(["person,unit", *told, "sales Person 1,hr"]), encoding="utf-8")
    ws.tell_units("tree.csv", "people.csv")
    return ws


def shown(ws):
    return {unit.path: unit.people for unit in ws.units().units}


def test_the_tree_has_the_people_who_speak_and_withholds_the_few_with_the_next(full):
    assert shown(full) == {
        "empty": 0, "hr": 6, "it": None, "sales": 12, "sales/north": 12, "shops": None, "shops/lyon": None,
    }  # fmt: skip
    tree = full.units()
    assert (tree.people, tree.members, tree.withheld) == (SALES + HR + IT + 5, SALES + HR + IT, 3)


def test_what_is_told_says_which_rows_cannot_be_used(full):
    told = full.tell_units("tree.csv", "people.csv")
    assert (told.rows, told.units, told.people, told.changes) == (5 + 22, 5, SALES + HR + IT, 0)
    assert [(row.file, row.place, row.why) for row in told.refused] == [
        ("people.csv", "line 23",
         "the person works in sales/north already (line 3); a move is told with its date, by --changes")
    ]  # fmt: skip


def test_no_name_of_a_person_is_kept(full):
    assert not any(b"Person" in file.read_bytes() for file in Path("acme").rglob("*.json*"))
    assert len(json.loads(Path("acme/units.json").read_text())["people"]) == SALES + HR + IT


def test_a_rename_is_one_unit_under_its_present_name(full):
    Path("moves.csv").write_text("date,from,to\n2024-06-01,shops,sales\n", encoding="utf-8")
    full.tell_units(changes="moves.csv")
    assert shown(full)["sales"] == SALES + 5
    assert "shops" not in shown(full)


def test_changes_are_told_without_telling_the_units_again(full):
    Path("moves.csv").write_text("date,from,to,person\n2024-01-03,it,hr,it Person 0\n", encoding="utf-8")
    told = full.tell_units(changes="moves.csv")
    assert (told.units, told.people, told.changes) == (5, SALES + HR + IT, 1)


def test_the_names_of_units_are_masked_as_those_of_messages(ws):
    Path("u.csv").write_text("path\nteam of zoe@acme.example\n", encoding="utf-8")
    ws.tell_units("u.csv")
    assert [unit.path for unit in ws.units().units] == ["team of [mail]"]


def test_who_is_forgotten_leaves_no_byte_in_the_units(ws, frame):
    frame([{"author": "Zoé Martin", "text": "hello"}, {"author": "Léa", "text": "hello"}]).write_parquet(
        "a.parquet"
    )
    ws.ingest("a.parquet")
    Path("people.csv").write_text(
        "person,mail,unit\nZoé Martin,zoe@acme.example,sales/team Zoe Martin\nLéa,,sales\n", encoding="utf-8"
    )
    Path("moves.csv").write_text(
        "date,from,to,mail\n2023-01-01,hr,sales,zoe@acme.example\n", encoding="utf-8"
    )
    ws.tell_units("people.csv", changes="moves.csv")
    hers = privacy.pseudonym(key_of(ws._folder))(pl.Series(["Zoé Martin", "zoe@acme.example"]))
    before = Path("acme/units.json").read_bytes()
    assert all(one.encode() in before for one in hers)
    assert b"Zoe Martin" in before
    erasure = ws.erase(author="Zoé Martin")
    after = Path("acme/units.json").read_bytes()
    assert not any(one.encode() in after for one in hers)
    assert b"Zoe" not in after
    assert erasure.proof.found == ()
    assert len(json.loads(after)["people"]) == 1


def test_a_damaged_file_is_told_in_words_and_gone_with_an_erasure(full):
    Path("acme/units.json").write_text('{"format": 1, "units"', encoding="utf-8")
    with pytest.raises(WorkspaceError, match="damaged: tell the units again"):
        full.units()
    assert [fault.kind for fault in full.doctor().faults] == ["units-damaged"]
    full.erase(author="hr Person 1")
    assert full.units().members == 0


def test_a_file_of_a_later_estran_is_refused(full):
    Path("acme/units.json").write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(WorkspaceError, match="newer Estran"):
        full.units()


def test_nothing_told_is_refused(ws):
    with pytest.raises(SettingsError, match="no file was given"):
        ws.tell_units()


def test_a_part_of_the_organisation_is_asked_about_by_the_name_of_today(ws, company):
    company.write_parquet("a.parquet")
    ws.ingest("a.parquet")
    Path("moves.csv").write_text("date,from,to\n2025-12-31,service,care\n", encoding="utf-8")
    ws.tell_units(changes="moves.csv")
    tour = ws.tour(unit="care")
    told = {notice.kind: notice.facts for notice in tour.coverage.notices}
    assert told["scope"] == {"unit": "care"}
    assert 0 < tour.coverage.kept <= int(company["unit"].str.starts_with("service").sum())
    with pytest.raises(NotEnoughError, match="no message comes from the unit service; there are care"):
        ws.tour(unit="service")


def test_a_part_that_is_no_path_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="unit must be a path"):
        es.tour(tmp_path / "a.parquet", unit="/")
