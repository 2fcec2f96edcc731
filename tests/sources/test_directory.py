"""What a directory (LDIF) tells: folded lines, base64, accents, managers, and entries that are none."""

from pathlib import Path

import polars as pl
import pytest
from readings import pseudonym

from estran.sources.orgtables import read_organisation

ORG = Path(__file__).parent / "org.ldif"


@pytest.fixture(scope="module")
def organisation():
    return read_organisation([ORG], pseudonym=pseudonym)


def unit_of(organisation, name):
    (one,) = pseudonym(pl.Series([name]))
    return next(member.unit for member in organisation.members if one in member.pseudonyms)


def test_units_are_the_chain_of_ou_and_where_people_lie_is_none(organisation):
    assert organisation.units == ("Achats + stocks", "Ventes", "Ventes/Région nord")


def test_a_person_works_in_the_unit_that_their_name_lies_in(organisation):
    assert unit_of(organisation, "Zoé Martin") == "Ventes/Région nord"


def test_a_folded_line_is_one(organisation):
    assert unit_of(organisation, "zoe.martin@acme.example") == "Ventes/Région nord"


def test_a_department_is_found_in_the_tree_by_its_name(organisation):
    assert unit_of(organisation, "Léa Durand") == "Ventes/Région nord"  # in base64, in French


def test_who_tells_no_unit_works_where_their_manager_does(organisation):
    assert unit_of(organisation, "Noé Petit") == "Ventes/Région nord"


def test_commas_in_names_are_part_of_them(organisation):
    assert unit_of(organisation, "Dupont, Paul") == unit_of(organisation, "pdupont") == "Achats + stocks"


def test_entries_that_tell_nothing_are_refused_with_their_line(organisation):
    assert [(row.place, row.why) for row in organisation.rejected] == [
        ("line 43", "no ou, no department, and no manager who has one"),
        ("line 47", "the entry is not LDIF: each line is `name: value`, the first one `dn:`"),
        ("line 49", "it tells a change and not an entry: export the entries themselves"),
    ]


def test_no_name_is_kept(organisation):
    assert not any(name in repr(organisation) for name in ("Zoé", "Martin", "lea", "Dupont"))


def test_managers_who_manage_each_other_end_nowhere(tmp_path):
    file = tmp_path / "two.ldif"
    one = "dn: uid={},dc=x\nobjectClass: person\ncn: {}\nmanager: uid={},dc=x\n\n"
    file.write_text(one.format("a", "a", "b") + one.format("b", "b", "a"), encoding="utf-8")
    found = read_organisation([file], pseudonym=pseudonym)
    assert (found.members, len(found.rejected)) == ((), 2)


def test_values_that_are_not_utf_8_are_read_as_windows_1252(tmp_path):
    file = tmp_path / "old.ldif"
    file.write_bytes("dn: uid=z,ou=Qualité,dc=x\nobjectClass: person\ncn: Zoé\n".encode("cp1252"))
    found = read_organisation([file], pseudonym=pseudonym)
    assert unit_of(found, "Zoé") == "Qualité"
