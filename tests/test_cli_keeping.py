"""The commands that keep a workspace, as somebody types them."""

import io
import json
import sys
from pathlib import Path

import pytest

from estran import workspace
from estran.workspace import lock

HEADER = "time,author,text\n"
GOOD = HEADER + "".join(
    f"2024-{1 + d // 28:02}-{1 + d % 28:02},user {d % 17},the delivery of order number {d} came late again\n"
    for d in range(120)
)
REFUSED = "some day,user 1,late\n"


@pytest.fixture
def columns():
    return 120


@pytest.fixture(autouse=True)
def export(plain_terminal):
    """A file of messages, one of which cannot be used."""
    Path("a.csv").write_text(GOOD + REFUSED)


@pytest.fixture
def acme(estran):
    """A workspace that holds a file."""
    estran("init", "acme")
    estran("ingest", "acme", "a.csv", "--source", "crm", "--side", "outside")


def test_a_workspace_is_made_and_the_next_step_is_said(estran):
    code, shown, _ = estran("init", "acme")
    assert (code, shown.splitlines()) == (
        0,
        ["acme is made. Its key is acme/pseudonyms.key: keep a copy of it, apart from the folder.",
         "Next: estran ingest acme FILE..."],
    )  # fmt: skip
    assert estran("init", "acme")[1].startswith("acme is there already. Its key is acme/pseudonyms.key")


def test_a_key_is_made_anew_only_on_request(estran):
    estran("init", "acme")
    assert estran("init", "acme", "--new-key")[0] == 2
    Path("acme/pseudonyms.key").unlink()
    assert estran("init", "acme", "--new-key")[1].startswith("acme/pseudonyms.key is a new key. Keep a copy")


def test_what_was_taken_in_and_what_was_refused_are_said(estran):
    estran("init", "acme")
    code, shown, said = estran("ingest", "acme", "a.csv")
    assert (code, shown.splitlines()) == (
        0,
        ["a.csv: 121 rows read, 120 new messages.",
         "! a.csv: 1 row refused, a date that cannot be read (line 122)",
         "Next: estran tour acme"],
    )  # fmt: skip
    assert said.startswith("a.csv (CSV (,)): time <- time (name)")
    assert (
        estran("ingest", "acme", "a.csv")[1].splitlines()[0]
        == "a.csv is in already, all of it: nothing to do."
    )


def test_the_same_in_french(estran, acme):
    Path("a.csv").write_text(GOOD.replace("number 7 ", "number seven ") + REFUSED)
    shown = estran("ingest", "acme", "a.csv", "--source", "crm", "--side", "outside", "--language", "fr")[1]
    assert shown.splitlines() == [
        "a.csv\N{NO-BREAK SPACE}: 121 lignes lues, 1 nouveau message, 119 étaient déjà là.",
        "! a.csv: 1 ligne refusée, une date illisible (line 122)",
        "Ensuite\N{NO-BREAK SPACE}: estran tour acme",
    ]


def test_columns_sides_and_source_reach_the_workspace(estran, acme):
    Path("b.csv").write_text("at,body,who,part,place\n" + "".join(
        f"2024-05-{d:02},the delivery came late again today,user {d},{'staff' if d % 2 else 'customer'},desk\n"
        for d in range(1, 29)
    ))  # fmt: skip
    told = (
        "--time",
        "at",
        "--text",
        "body",
        "--author",
        "who",
        "--side-column",
        "part",
        "--source-column",
        "place",
    )
    assert estran("ingest", "acme", "b.csv", *told)[0] == 0
    holdings = json.loads(estran("status", "acme", "--json")[1])["holdings"]
    assert [(h["source"], h["side"], h["messages"]) for h in holdings] == [
        ("crm", "outside", 120), ("desk", "inside", 14), ("desk", "outside", 14),
    ]  # fmt: skip


def test_a_side_that_is_a_column_is_told_how_to_say_so(estran, acme):
    assert estran("ingest", "acme", "a.csv", "--side", "role") == (
        2, "", "estran: side must be inside or outside, not 'role'; a column that tells the side is given by --side-column\n",
    )  # fmt: skip


def test_the_tour_of_a_workspace_is_printed_and_what_was_counted_is_said(estran, acme):
    code, shown, said = estran("tour", "acme", "--step", "month")
    assert (code, "▲ In" in shown, said) == (0, True, "Counted anew: 1 of 1 blocks of months.\n")
    assert estran("tour", "acme", "--json", "--workers", "1")[2] == ""


def test_a_tour_can_be_told_where_to_count(estran, acme):
    assert estran("tour", "acme", "--engine", "pool", "--workers", "1")[0] == 0
    code, _, said = estran("tour", "acme", "--engine", "steam")
    assert (code, "there is no engine 'steam'" in said) == (2, True)


@pytest.mark.parametrize("arguments", [("acme", "a.csv"), ("a.csv", "acme"), ("acme", "acme")])
def test_files_and_a_workspace_are_not_mixed(estran, acme, arguments):
    code, _, said = estran("tour", *arguments)
    assert (code, said) == (
        2, "estran: acme is a workspace, and a tour is of one workspace or of files: `estran ingest acme FILE` takes files into it\n",
    )  # fmt: skip


def test_the_status_is_told(estran, acme):
    estran("tour", "acme")
    code, shown, _ = estran("status", "acme")
    lines = shown.splitlines()
    assert (code, lines[0]) == (0, "acme: 120 messages, 17 people, from 1 January 2024 to 8 May 2024")
    assert "crm     outside       120  1 January 2024 – 8 May 2024" in lines
    assert "! a.csv: 1 row refused, a date that cannot be read (line 122)" in lines
    assert "Counts: 1 block of months, of which 0 to be counted anew by the next tour." in lines
    assert [line.split("  ")[1].strip() for line in lines[-3:]] == ["counted", "took in", "made"]


def test_the_status_of_an_empty_workspace_says_what_to_do(estran):
    estran("init", "acme")
    assert "Next: estran ingest acme FILE..." in estran("status", "acme")[1]


def test_the_status_in_french(estran, acme):
    shown = estran("status", "acme", "--language", "fr")[1]
    assert shown.startswith(
        "acme\N{NO-BREAK SPACE}: 120 messages, 17 personnes, du 1er janvier 2024 au 8 mai 2024\n"
    )
    assert all(word in shown for word in ("dehors", "Sur le disque", "Derniers passages", "fait entrer"))


def answering(monkeypatch, answer):
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))


@pytest.mark.parametrize(
    ("answer", "gone"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)]
)
def test_a_person_is_forgotten_after_a_yes(estran, acme, monkeypatch, answer, gone):
    answering(monkeypatch, answer)
    code, shown, said = estran("erase", "acme", "--author", "User 3")
    assert shown.splitlines()[0] == "To be removed: 7 messages, in 4 months."
    assert "Forget this person? It cannot be undone. [y/N]" in said
    assert (code, "byte by byte and decoded: none was found." in " ".join(shown.split())) == (
        0 if gone else 2,
        gone,
    )
    assert ("nobody was forgotten; --yes does it without asking" in said) != gone
    assert (workspace.open("acme").status().messages == 120) != gone


def test_a_person_is_forgotten_without_asking(estran, acme):
    code, shown, _ = estran("erase", "acme", "--author", "user 3", "--yes", "--language", "fr")
    assert (code, shown.splitlines()[0]) == (0, "7 messages ont été retirés, 0 mention masquée.")
    assert "aucune n’a été trouvée" in " ".join(shown.split())
    assert "rien à oublier" in estran("erase", "acme", "--author", "user 3", "--language", "fr")[1]


def test_json_alone_only_shows_what_would_go(estran, acme):
    found = json.loads(estran("erase", "acme", "--author", "user 3", "--json")[1])
    assert (found["messages"] > 0, found["proof"], workspace.open("acme").status().messages) == (
        True,
        None,
        120,
    )
    done = json.loads(estran("erase", "acme", "--author", "user 3", "--json", "--yes")[1])
    assert (done["messages"], done["proof"]["found"]) == (found["messages"], [])


def test_the_exit_code_tells_what_the_doctor_found(estran, acme):
    assert estran("doctor", "acme")[:2] == (
        0, "Looked over: format, key, messages, identities, counts, vectors, topics, themes, units, journal, leftovers.\nNothing is wrong.\n",
    )  # fmt: skip
    Path("acme/pseudonyms.key").chmod(0o644)
    code, shown, _ = estran("doctor", "acme")
    assert (code, shown.splitlines()[1:]) == (
        0, ["· Others than you could read the key acme/pseudonyms.key. Put right.", "All of it is put right."],
    )  # fmt: skip
    Path("acme/pseudonyms.key").unlink()
    code, shown, _ = estran("doctor", "acme", "--language", "fr")
    assert (code, shown.splitlines()[-1]) == (2, "1 défaut reste.")
    assert json.loads(estran("doctor", "acme", "--json")[1])["faults"][0]["kind"] == "key-missing"


def test_compacting_tells_how_much_room_it_made(estran, acme):
    code, shown, _ = estran("compact", "acme")
    assert (code, shown.startswith("On disk: "), "before." in shown) == (0, True, True)


def test_whoever_waits_is_told_why(estran, acme, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0.0)
    tries = iter([False, False, True])
    monkeypatch.setattr(lock, "_taken", lambda _: next(tries))
    said = estran("compact", "acme", "--language", "fr")[2]
    assert said.startswith("Une autre commande écrit dans acme\N{NO-BREAK SPACE}: on attend qu’elle ait fini")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["status", "none"], "none does not exist: `estran init none` makes a workspace of that name"),
        (["doctor", "."], ". is no workspace, it has no workspace.json: `estran init` makes one; for a tour of files, name the files"),
        (["init", "."], ". holds other things (a.csv, empty): give the name of a new folder, or of an empty one"),
        (["tour", "empty"], "empty holds no message yet: `estran ingest empty FILE` takes some in"),
        (["erase", "empty"], "say who is to be forgotten, either by --author NAME or by --pseudonym P"),
        (["ingest", "empty", "none.csv"], "none.csv does not exist: check the name and the folder"),
        (["ingest", "empty"], "Missing argument 'files'. See estran --help."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(estran, arguments, sentence):
    estran("init", "empty")
    assert estran(*arguments) == (2, "", f"estran: {sentence}\n")


def test_a_name_of_a_file_cannot_command_the_terminal(estran):
    estran("init", "acme")
    Path("a\x1b[31m.csv").write_text(GOOD + REFUSED)
    assert "\x1b" not in estran("ingest", "acme", "a\x1b[31m.csv")[1] + estran("status", "acme")[1]
