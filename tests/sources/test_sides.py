import polars as pl
import pytest

from estran.errors import ColumnsError, SettingsError
from estran.model import Side
from estran.sources.sides import Rule, known_share, side_of, sides


@pytest.mark.parametrize(
    ("value", "name", "side"),
    [
        ("Inside", "side", Side.INSIDE),
        ("externe", "cote", Side.OUTSIDE),
        ("end-user", "role", Side.OUTSIDE),
        (" Admin ", "author_type", Side.INSIDE),
        ("true", "is_staff", Side.INSIDE),
        ("0", "is_staff", Side.OUTSIDE),
        ("oui", "author_is_staff", Side.INSIDE),
        ("true", "author_staff", Side.INSIDE),
        ("true", "incoming", Side.OUTSIDE),
        ("false", "is_customer", Side.INSIDE),
        ("true", "public", None),
        ("bot", "author_type", None),
    ],
)
def test_words_and_flags_say_a_side(value, name, side):
    assert side_of(value, name) == side


def test_a_column_without_values_says_no_side():
    assert known_share(pl.Series([None, " "], dtype=pl.String), "side") == 0.0


def test_rules_outweigh_the_column_and_inside_outweighs_outside():
    rows = pl.DataFrame(
        {"side": ["inside", "inside", "odd", None], "channel": ["support", None, "Support", "x"]}
    )
    rows = rows.with_columns(role=pl.Series(["admin", "admin", "user", "user"]))
    rules = [Rule("role", "ADMIN", Side.INSIDE), Rule("channel", "sup*", Side.OUTSIDE)]
    assert sides(rows, column="side", name="side", rules=rules).to_list() == [
        "inside",
        "inside",
        "outside",
        None,
    ]
    assert sides(rows, column=None, name="", rules=rules[1:]).to_list() == ["outside", None, "outside", None]


def test_a_rule_is_a_column_and_a_pattern():
    rule = Rule.parse("from = *@acme.com", Side.INSIDE)
    assert rule == Rule("from", "*@acme.com", Side.INSIDE)
    assert rule.matches("Ann@ACME.com")
    assert not rule.matches("ann@acme.com.evil.org")
    assert Rule.parse("tag=[vip]", Side.OUTSIDE).matches("[vip]")


@pytest.mark.parametrize("written", ["support", "=support"])
def test_a_rule_without_a_column_is_refused(written):
    with pytest.raises(SettingsError, match=r"write COLUMN=VALUE, for example --outside channel=support"):
        Rule.parse(written, Side.OUTSIDE)


def test_a_rule_of_a_column_that_is_not_there_is_refused(opened):
    with pytest.raises(
        ColumnsError, match=r"--outside: file.csv has no column 'chanel'; did you mean channel\?"
    ):
        opened("date,text,channel\n2024-01-05,all is well,a\n", outside=["chanel=support"])


def test_sides_are_read_from_a_column_or_by_rules(read):
    rows = "date,text,is_staff,kind\n2024-01-05,a,true,x\n2024-01-05,b,false,x\n2024-01-05,c,,y\n"
    assert read(rows).messages["side"].to_list() == ["inside", "outside", None]
    assert read(rows, outside=["KIND=y"]).messages["side"].to_list() == ["inside", "outside", "outside"]
    assert read(rows, inside=[Rule("kind", "*", Side.INSIDE)]).messages["side"].n_unique() == 1


def test_a_rule_that_no_row_obeys_is_noticed(read):
    rows = "date,text,channel\n2024-01-05,all is well,support\n"
    reading = read(rows, outside=["channel=suport", "channel=support"])
    assert [(n.kind, n.facts["rule"]) for n in reading.notices] == [("rule-unused", "channel=suport")]
