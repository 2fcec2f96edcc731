"""What tables tell of units, of who works in them, and of what changed."""

import datetime as dt

import polars as pl
import pytest
from readings import pseudonym

from estran.errors import ColumnsError, InputError
from estran.sources.orgtables import read_changes, read_organisation


@pytest.fixture
def organised(tmp_path):
    """Reads tables as one organisation: `organised("unit,parent\\n...", ...)`."""

    def reading(*contents):
        paths = [tmp_path / f"org{number}.csv" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_text(content, encoding="utf-8")
        return read_organisation(paths, pseudonym=pseudonym)

    return reading


@pytest.fixture
def changed(tmp_path):
    def reading(content, **options):
        path = tmp_path / "moves.csv"
        path.write_text(content, encoding="utf-8")
        return read_changes(path, pseudonym=pseudonym, **options)

    return reading


def called(*names):
    return tuple(pseudonym(pl.Series(names)))


def reasons(found):
    return [(row.place, row.why) for row in found.rejected]


def test_a_tree_is_told_by_parents_in_any_order(organised):
    found = organised("unit,parent\nlyon,north\nnorth,sales\nsales,\nhr,\n")
    assert found.units == ("hr", "sales", "sales/north", "sales/north/lyon")
    assert (found.rows, found.rejected) == (4, ())


def test_a_tree_is_told_by_paths(organised):
    assert organised("path\n sales / north/lyon\nhr\n").units == (
        "hr",
        "sales",
        "sales/north",
        "sales/north/lyon",
    )


def test_french_headers_and_semicolons_are_read(organised):
    found = organised(
        "collaborateur;unité;rattachement\nZoé Martin;Région nord;Ventes\n;Ventes;Direction\n;Direction;\n"
    )
    assert found.units == ("Direction", "Direction/Ventes", "Direction/Ventes/Région nord")
    assert [(m.pseudonyms, m.unit) for m in found.members] == [
        (called("Zoé Martin"), "Direction/Ventes/Région nord")
    ]


def test_a_person_is_one_by_name_mail_and_login(organised):
    found = organised("person,mail,login,unit\nZoé Martin,zoe@acme.example,zmartin,sales\n")
    assert [m.pseudonyms for m in found.members] == [called("Zoé Martin", "zoe@acme.example", "zmartin")]


def test_no_name_is_kept(organised):
    assert "Zoé" not in repr(organised("person,unit\nZoé Martin,sales\nZoé Martin,hr\n"))


def test_people_of_one_file_are_placed_in_the_tree_of_another(organised):
    found = organised(
        "unit,parent\nnorth,sales\nsales,\n", "person,unit\nzoe,North\nlea,sales/north\nnoe,south\n"
    )
    assert sorted(m.unit for m in found.members) == ["sales/north", "sales/north"]
    assert [(row.file, row.place, row.why) for row in found.rejected] == [
        ("org1.csv", "line 4", "the unit south is told nowhere")
    ]


def test_a_unit_that_is_its_own_parent_is_refused(organised):
    found = organised("unit,parent\nsales,sales\nhr,\nnorth,sales\n")
    assert found.units == ("hr",)
    assert reasons(found) == [
        ("line 2", "the unit is its own parent"),
        ("line 4", "its parent sales was refused"),
    ]


def test_a_circle_is_refused_with_all_below_it(organised):
    found = organised("unit,parent\na,b\nb,c\nc,a\nd,a\ne,\n")
    assert found.units == ("e",)
    assert reasons(found) == [
        ("line 2", "it lies below itself: a < b < c < a"),
        ("line 3", "it lies below itself: a < b < c < a"),
        ("line 4", "it lies below itself: a < b < c < a"),
        ("line 5", "its parent a was refused"),
    ]


def test_an_unknown_parent_is_refused_with_all_below_it(organised):
    found = organised("unit,parent\nlyon,north\nnorth,nowhere\nhr,\n")
    assert found.units == ("hr",)
    assert reasons(found) == [
        ("line 2", "its parent north was refused"),
        ("line 3", "its parent nowhere is told nowhere"),
    ]


def test_two_parents_are_one_too_many(organised):
    found = organised("unit,parent\nnorth,sales\nnorth,support\nsales,\nsupport,\n")
    assert found.units == ("sales", "sales/north", "support")
    assert reasons(found) == [
        ("line 3", "north lies below sales already (line 2): where names repeat, write paths")
    ]


def test_a_person_in_two_units_stays_in_the_first(organised):
    found = organised("person,unit\nzoe,sales\nzoe,hr\nzoe,sales\n,it\n")
    assert [m.unit for m in found.members] == ["sales"]
    assert reasons(found) == [
        ("line 3", "the person works in sales already (line 2); a move is told with its date, by --changes"),
        ("line 4", "the person was told before (line 2)"),
    ]


def test_a_name_that_two_units_bear_must_be_a_path(organised):
    found = organised("path\nsales/north\nsupport/north\n", "person,unit\nzoe,north\n")
    assert reasons(found) == [("line 2", "north may be sales/north or support/north: write the path")]


def test_a_row_without_a_unit_is_refused(organised):
    assert reasons(organised("person,unit\nzoe,\nlea, / \nnoe,hr\n")) == [
        ("line 2", "neither a unit nor a path"),
        ("line 3", "neither a unit nor a path"),
    ]


def test_every_row_is_used_or_refused(organised):
    found = organised('person,unit\nzoe,sales\nzoe,hr\n"broken\nlea,hr\n')
    assert found.rows == 4
    assert len(found.members) + len(found.rejected) == 4


def test_a_table_without_units_is_refused_in_words(organised):
    with pytest.raises(ColumnsError, match="no column of units \\(colour, size\\): call it `unit`"):
        organised("colour,size\nred,3\n")


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_organisation([tmp_path / "none.csv"], pseudonym=pseudonym)


def test_changes_are_told_by_their_day(changed):
    changes, refused = changed(
        "date,from,to,person\n2024-01-01,sales/north,France/North,\n2023-05-01,hr,sales,Zoé Martin\n2022-01-01,,hr,lea\n"
    )
    assert refused == ()
    assert [(c.day, c.before, c.after, c.pseudonyms) for c in changes] == [
        (dt.date(2022, 1, 1), "", "hr", called("lea")),
        (dt.date(2023, 5, 1), "hr", "sales", called("Zoé Martin")),
        (dt.date(2024, 1, 1), "sales/north", "France/North", ()),
    ]


def test_changes_that_cannot_be_are_refused_with_their_place(changed):
    changes, refused = changed(
        "date,from,to,person\nsoon,a,b,\n2024-01-01,a,,\n2024-01-01,,b,\n2024-01-01,a,a,\n2024-02-01,a,b,\n"
        "2024-02-01,a,c,\n2024-02-01,a,b,zoe\n2024-02-01,b,c,zoe\n"
    )
    assert [(c.before, c.after, bool(c.pseudonyms)) for c in changes] == [("a", "b", False), ("a", "b", True)]
    assert [(row.place, row.why) for row in refused] == [
        ("line 2", "the date cannot be read"),
        ("line 3", "no unit to go to"),
        ("line 4", "neither a unit nor a person to move"),
        ("line 5", "from and to are the same unit"),
        ("line 7", "a changed on that day already: where a unit is split, tell the move of each person"),
        ("line 9", "the person moved on that day already"),
    ]


def test_dates_of_open_order_must_be_told(changed):
    with pytest.raises(ColumnsError, match="day or the month first"):
        changed("date,from,to\n03/04/2024,a,b\n")
    (change,), _ = changed("date,from,to\n03/04/2024,a,b\n", day_first=False)
    assert change.day == dt.date(2024, 3, 4)
    (_, change), _ = changed("date,from,to\n13/04/2023,x,y\n03/04/2024,a,b\n")
    assert change.day == dt.date(2024, 4, 3)


def test_a_table_of_changes_needs_its_columns(changed):
    with pytest.raises(ColumnsError, match="must have the columns `date`, `from` and `to`"):
        changed("date,unit\n2024-01-01,a\n")
