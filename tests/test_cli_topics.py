"""The command about topics, as somebody types it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from estran.stats.known import Event
from estran.store import topics


@pytest.fixture
def columns():
    return 80


@pytest.fixture(autouse=True)
def acme(sorted_shop, plain_terminal):
    """A workspace with topics."""
    shutil.copytree(sorted_shop / "acme", "acme")


def propose(kind, ids, messages):
    rest = topics.read(Path("acme/topics"))
    event = Event(kind, ids, (), messages, 1.0)
    topics.write(Path("acme/topics"), replace(rest, proposals=(event,)))


def test_topics_are_told_with_what_lives_in_them_and_fit_eighty_columns(estran):
    code, shown, _ = estran("topics", "acme")
    found = json.loads(estran("topics", "acme", "--json")[1])
    assert (code, max(map(len, shown.splitlines())) <= 80) == (0, True)
    assert f"{len(found['topics'])} topics" in shown
    assert "Encoder: plain, which keeps languages apart." in shown
    largest = max(found["topics"], key=lambda topic: topic["messages"])
    assert (largest["id"] in shown, f"from {largest['people']} people; stability" in shown) == (True, True)
    assert "themes: " in shown
    assert "have fewer than three others near them" in " ".join(shown.split())


def test_the_largest_ones_alone_are_shown_where_that_is_asked_for(estran):
    found = json.loads(estran("topics", "acme", "--json")[1])["topics"]
    shown = estran("topics", "acme", "--top", "3")[1]
    assert sum(topic["id"] in shown for topic in found) == 3
    assert f"and {len(found) - 3} more" in shown


def test_in_french_every_line_is_french(estran):
    shown = " ".join(estran("topics", "acme", "--language", "fr")[1].split())
    for said in (
        "sujets",
        "messages sur",
        "n’ont pas de sujet",
        "Encodeur : plain",
        "stabilité",
        "thèmes : ",
        "Stabilité : la part",
    ):
        assert said in shown
    for said in ("topics", "from", "Encoder:", "themes:"):
        assert f" {said} " not in shown


def test_a_proposal_is_shown_with_the_commands_that_answer_it(estran):
    one, other = sorted(
        topic["id"] for topic in json.loads(estran("topics", "acme", "--json")[1])["topics"][:2]
    )
    propose("merge", (one, other), (40, 30))
    shown = " ".join(estran("topics", "acme")[1].split())
    assert f"yes: estran themes accept acme {one}+{other}" in shown
    assert "may be one topic (40 + 30 messages)." in shown
    code, shown, _ = estran("themes", "accept", "acme", f"{one}+{other}")
    assert (code, "Next: estran topics acme" in shown) == (0, True)
    assert "To decide" not in estran("topics", "acme")[1]
    log = estran("themes", "log", "acme")[1]
    assert ("topics, the first ones" in log, "went into the topic" in log, ", by hand" in log) == (
        True,
        True,
        True,
    )
    assert "est passé dans le sujet" in " ".join(
        estran("themes", "log", "acme", "--language", "fr")[1].split()
    )
    assert "Taken back: accept" in estran("themes", "undo", "acme")[1]


def test_a_key_that_nobody_proposed_is_refused_in_one_sentence(estran):
    code, _, said = estran("themes", "accept", "acme", f"{'A' * 26}+split")
    assert (code, said.count("\n"), "no proposal has the key" in said) == (2, 1, True)


def test_another_encoder_is_refused_with_what_to_do(estran):
    Path("acme/estran.toml").write_text('encoder = "universal"\n')
    code, _, said = estran("topics", "acme")
    assert (code, said.count("\n"), "--rebuild" in said) == (2, 1, True)
    assert estran("topics", "acme", "--rebuild")[0] == 0
