"""`estran watch`, as somebody types it."""

import json
import sys
from pathlib import Path

import pytest

from estran.cli import terminal

sys.path.insert(0, str(Path(__file__).parent / "workspace"))
from watched import RULES, talk


@pytest.fixture
def columns():
    return 160


@pytest.fixture(autouse=True)
def told_by_the_environment(monkeypatch):
    monkeypatch.setenv("ESTRAN_ENCODER", "plain")
    monkeypatch.setenv(
        "ESTRAN_WEBHOOK_SECRET", "k3y"
    )  # a secret is no setting, and none of the settings complains


@pytest.fixture
def acme(estran):
    talk(Path("talk.csv"))
    assert estran("init", "acme")[0] == 0
    assert estran("ingest", "acme", "talk.csv")[0] == 0
    Path("acme/alerts.toml").write_text(RULES)
    return Path("acme")


def test_a_watch_tells_sends_and_writes_pages(estran, acme):
    code, told, _ = estran("watch", acme, "--dry-run", "--json")
    dry = json.loads(told)
    assert (code, len(dry["alarms"]), dry["dry"]) == (0, 1, True)
    code, told, _ = estran("watch", acme, "--html", "w.html", "--markdown", "w.md")
    assert code == 0
    assert "harbour is said more" in told
    assert "journal (file): 1 alarm sent" in told
    assert "harbour is said more" in Path("w.html").read_text()
    assert json.loads(Path("alarms.jsonl").read_text())["label"] == "harbour"
    assert "k3y" not in "".join(f.read_text(errors="replace") for f in acme.rglob("*") if f.is_file())


def test_what_could_not_be_sent_ends_with_a_code_of_its_own(estran, acme):
    Path("alarms.jsonl").mkdir()
    code, told, _ = estran("watch", acme, "--language", "fr")
    assert code == terminal.WRONG
    assert "le prochain examen réessaiera" in told


def test_a_workspace_without_rules_says_what_to_write_in_one_line(estran):
    estran("init", "acme")
    code, _, why = estran("watch", "acme")
    assert code == terminal.WRONG
    assert "alerts.toml is not there" in why
    assert len(why.strip().splitlines()) == 1


def test_a_day_that_is_none_is_refused(estran, acme):
    code, _, why = estran("watch", acme, "--since", "yesterday")
    assert (code, "since must be a day" in why) == (terminal.WRONG, True)
