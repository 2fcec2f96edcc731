"""What keeping a workspace tells, in both languages."""

import io

import pytest
from rich.console import Console

from estran.findings import (
    Compaction,
    Cursor,
    Erasure,
    Fault,
    Health,
    Holding,
    Ingested,
    Notice,
    Proof,
    Refused,
    Run,
    Size,
    Status,
)
from estran.report import keeping
from estran.report.i18n import Words


def lines(said):
    """What a wide terminal shows."""
    terminal = Console(file=io.StringIO(), width=300)
    terminal.print(said)
    return [line.rstrip() for line in terminal.file.getvalue().splitlines()]


def test_every_figure_of_what_came_in_is_told_and_none_that_is_nothing():
    found = Ingested(
        "a.csv", 1_000, 3, 2, 990, 1, (Refused("a.csv", "no text", 5, ("line 4", "line 9")),), 4, 3,
        notices=(Notice("day-first", {"file": "a.csv"}),),
    )  # fmt: skip
    assert lines(keeping.ingested("en", [found], path="acme")) == [
        "a.csv: 1,000 rows read, 3 new messages, 2 changed, 990 were there already.",
        "  3 parts of it were in from a run that was stopped.",
        "  1 message is dated in another month now: it stays in its first one.",
        "  Dates in a.csv were read with the day first, as in 31/12/2024.",
        "! a.csv: 5 rows refused, no text (line 4, line 9)",
        "Next: estran tour acme",
    ]


@pytest.mark.parametrize(
    ("size", "english", "french"),
    [(0, "0 B", "0 o"), (999, "999 B", "999 o"), (1_234, "1.2 kB", "1,2 ko"), (999_600, "1.0 MB", "1,0 Mo"),
     (123_456_789, "123 MB", "123 Mo"), (5 * 10**12, "5.0 TB", "5,0 To"), (5 * 10**15, "5,000 TB", "5\N{NARROW NO-BREAK SPACE}000 To")],
)  # fmt: skip
def test_bytes_are_written_as_people_write_them(size, english, french):
    space = "\N{NO-BREAK SPACE}"
    assert keeping.size_of(Words("en"), size) == english.replace(" ", space)
    assert keeping.size_of(Words("fr"), size) == space.join(french.rsplit(" ", 1))


def test_only_some_inputs_and_what_a_run_did_are_told():
    run = Run("2026-11-23T22:09:46+00:00", "erase", {"removed": 389, "masked": 0})
    odd = Run("2026-11-23T22:10:46+00:00", "polish", {"file": "a.csv", "input": "0123", "shine": 7})
    found = Status(
        "acme", 1, "2026-11-23T21:00:00+00:00", "s3://b/acme", 7, 2, "2026-01-01", "2026-02-01",
        (Holding("crm", None, 7, "2026-01-01", "2026-02-01"),), tuple(Cursor(f"file:{n}", n) for n in range(7)), (),
        3, 1, Size(10, 20, 30), (odd, run),
    )  # fmt: skip
    shown = lines(keeping.status("en", found))
    assert "Parts taken in, by input: file:0 0, file:1 1, file:2 2, file:3 3, file:4 4, and 2 more." in shown
    assert shown[-2:] == [
        "2026-11-23 22:10  polish           a.csv",
        "2026-11-23 22:09  forgot a person  389 messages were removed",
    ]


def test_what_is_left_of_a_person_is_named():
    shown = Erasure(3, ("2026-01",), 1)
    assert lines(keeping.erasure("en", shown)) == [
        "To be removed: 3 messages, in 1 month.",
        "1 message of somebody else holds the name: [name] is to stand there.",
    ]
    done = Erasure(3, ("2026-01",), 1, Proof(12, 3_000, 5, ("counts/x.arrow",)))
    assert lines(keeping.erased("fr", done)) == [
        "3 messages ont été retirés, 1 mention masquée.",
        (
            "Preuve\N{NO-BREAK SPACE}: 5 formes du pseudonyme, du nom et des textes ont été cherchées dans 12 fichiers "
            "(3,0\N{NO-BREAK SPACE}ko), octet par octet et décodés\N{NO-BREAK SPACE}: trouvées dans 1 fichier."
        ),
        "! counts/x.arrow",
    ]


def test_what_remains_of_what_was_wrong_is_counted():
    faults = (Fault("leftover", {"files": 2}, mended=True), Fault("id-twice", {"ids": 3}), Fault("odd"))
    assert lines(keeping.health("en", Health(("key", "ids"), faults)))[1:] == [
        "· 2 files were left behind by a command that was killed. Put right.",
        "! 3 messages are there more than once. Make a new workspace and take the files in again.",
        "! odd",
        "2 faults remain.",
    ]
    assert lines(keeping.health("en", Health(("key",), ()))) == ["Looked over: key.", "Nothing is wrong."]


def test_a_notice_that_is_not_of_workspaces_has_its_own_sentence():
    assert keeping.told("en", Notice("waiting", {"workspace": "acme"})).startswith(
        "Another command is writing to acme"
    )
    assert keeping.told("en", Notice("naive-times", {})).startswith("Some times name no time zone")


def test_the_room_that_was_made_is_told():
    assert lines(keeping.compacted("en", Compaction(2_000, 1_000))) == [
        "On disk: 1.0\N{NO-BREAK SPACE}kB, 2.0\N{NO-BREAK SPACE}kB before."
    ]
