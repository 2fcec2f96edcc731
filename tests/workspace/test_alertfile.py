"""alerts.toml: what is watched, and where alarms are sent."""

import pytest

from estran.analysis.alerts import Rule
from estran.errors import SettingsError
from estran.model import Scope, Side
from estran.workspace import alertfile
from estran.workspace.alertfile import Place, parse

WHOLE = """\
[[alert]]
name = "returns"
themes = ["returns", "remboursement"]
sides = ["outside"]
units = ["sales / north", "sales/south"]
direction = "rise"
false_alarms = 0.5
quotes = true
send = ["care", "journal"]

[[alert]]
themes = "all"
false_alarms_in_all = 4

[[send]]
name = "care"
mail = ["care@acme.example", "boss@acme.example"]

[[send]]
name = "journal"
file = "alarms.jsonl"
"""


def test_rules_and_places_are_read():
    said = parse(WHOLE)
    first, second = said.rules
    assert first == Rule(
        name="returns",
        themes=("returns", "remboursement"),
        scopes=(Scope("sales/north", Side.OUTSIDE), Scope("sales/south", Side.OUTSIDE)),
        rise=True,
        fall=False,
        rate=0.5,
        quotes=True,
        send=("care", "journal"),
    )
    assert second == Rule(name="all themes", themes=(), rate=4.0, in_all=True)
    assert said.places == (
        Place("care", "mail", "care@acme.example, boss@acme.example"),
        Place("journal", "file", "alarms.jsonl"),
    )


def test_what_is_not_said_is_usual():
    (rule,) = parse('[[alert]]\nthemes = "returns"').rules
    assert rule == Rule(
        name="returns", themes=("returns",), scopes=(Scope(),), rise=True, fall=True, rate=0.1
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "watches nothing"),
        ("themes = 3\n", "stands in no block"),
        ('[alert]\nthemes = "all"', "with two brackets"),
        ('[[alert]]\nname = "x"', "names no theme"),
        ("[[alert]]\nthemes = []", "must be a text, or a list"),
        ("[[alert]]\nthemes = [3]", "must be a text, or a list"),
        ('[[alert]]\nthemes = "a"\nthreshold = 3', "'threshold' is not known"),
        ('[[alert]]\nthemes = "a"\ndirection = "up"', "direction must be one of rise, fall, both"),
        ('[[alert]]\nthemes = "a"\nsides = ["left"]', "sides must be one of inside, outside"),
        ('[[alert]]\nthemes = "a"\nfalse_alarms = 0', "above 0"),
        ('[[alert]]\nthemes = "a"\nfalse_alarms = true', "above 0"),
        ('[[alert]]\nthemes = "a"\nfalse_alarms = 99', "are no alarms"),
        ('[[alert]]\nthemes = "a"\nfalse_alarms = 1\nfalse_alarms_in_all = 1', "keep one"),
        ('[[alert]]\nthemes = "a"\nquotes = 1', "true or false"),
        ('[[alert]]\nthemes = "a"\nname = 3', "name must be a text"),
        ('[[alert]]\nthemes = "a"\nsend = ["x"]', "no place is called 'x'; there are none yet"),
        ('[[alert]]\nthemes = "a"\n[[alert]]\nthemes = "a"', "two alerts are called 'a'"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"', "must have one of mail, webhook, file"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nfile = "x"', "has no name"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nmail = "me"', "mail must be addresses"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nmail = "a@b\\r\\nBcc: c@d"', "mail must be addresses"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nfile = ["a", "b"]', "is one address"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nwebhook = "http://acme.example"', "must begin with https"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nwebhook = "file:///etc/passwd"', "must begin with https"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nwebhook = "https://a:b@acme.example"', "no password"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nwebhook = "https://["', "no address"),
        ('[[alert]]\nthemes = "a"\n[[send]]\nname = "x"\nfile = "y"\npassword = "z"', "stand in the environment"),
        ("[[alert", "not valid TOML"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_with_its_place(text, why):
    with pytest.raises(SettingsError, match=why):
        parse(text)


def test_a_workspace_without_rules_is_told_how_to_write_them(tmp_path):
    with pytest.raises(SettingsError, match=r"it says what is watched, as \[\[alert\]\]"):
        alertfile.read(tmp_path / "alerts.toml")
    (tmp_path / "alerts.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="must be text in UTF-8"):
        alertfile.read(tmp_path / "alerts.toml")
