"""A workspace of an earlier Estran is brought to the layout of today, and loses nothing by it."""

import json
from pathlib import Path

import pytest
from kept import frame

import estran as es
from estran.workspace import folder, migrations


@pytest.fixture
def old(ws):
    """A workspace of format 0: the key called otherwise, refused rows in one file, counts in another form."""
    Path("a.csv").write_text(frame(40).write_csv() + "x,some day,late,,,\n")
    ws.ingest("a.csv")
    acme = Path("acme")
    said = json.loads((acme / "workspace.json").read_text())
    (acme / "pseudonyms.key").rename(acme / "key")
    (listed,) = (acme / "rejected").iterdir()
    listed.rename(acme / "rejected.jsonl")
    for inner in ("rejected", "tmp"):
        (acme / inner).rmdir()
    (acme / "partials").mkdir()
    (acme / "partials/2024-01.arrow").write_bytes(b"old counts")
    (acme / "workspace.json").write_text(
        json.dumps({"format": 0, "store": said["messages"], "created": said["created"]})
    )
    return acme


def test_nothing_is_lost_on_the_way(old):
    key = (old / "key").read_text()
    told = es.open("acme").status()
    assert (told.format, told.messages, [r.why for r in told.refused]) == (
        1,
        40,
        ["a date that cannot be read"],
    )
    assert ((old / "pseudonyms.key").read_text(), (old / "partials").exists()) == (key, False)
    assert (next(run.what for run in told.runs), es.open("acme").doctor().well) == ("migrate", True)


def test_the_same_people_are_the_same_afterwards(old):
    frame(40, start=40).write_csv("b.csv")
    ws = es.open("acme")
    ws.ingest("b.csv")
    assert ws.status().people == 17


@pytest.mark.parametrize("killed_at", ["_rename", "fingerprint"])
def test_a_migration_that_was_killed_is_gone_on_with(old, monkeypatch, killed_at):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(migrations, killed_at, killed)
        with pytest.raises(KeyboardInterrupt):
            es.open("acme")
    assert json.loads((old / "workspace.json").read_text())["format"] == 0
    assert es.open("acme").status().messages == 40


def test_there_is_a_way_from_every_earlier_version():
    assert sorted(migrations.MIGRATIONS) == list(range(folder.FORMAT))
