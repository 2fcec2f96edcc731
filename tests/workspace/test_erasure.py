"""Who asks to be forgotten is forgotten: in the messages, in what was derived from them, and in what others wrote."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from kept import Listening, frame

import estran as es
from estran import privacy
from estran.workspace import erasure
from estran.workspace.keys import key_of
from estran.workspace.touring import counts_of

NAME = "Zoé Martin"
WORDS = "the parcel of mine was thrown over the garden fence number {}"


@pytest.fixture
def told(company):
    """Messages of a company in which Zoé Martin speaks, and three others speak of her."""
    hers = company.head(40).with_columns(
        id=pl.lit("z") + pl.int_range(40).cast(pl.String),
        author=pl.lit(NAME),
        text=pl.format(WORDS, pl.int_range(40)),
        title=pl.lit("my very own parcel and me"),
    )
    of_her = company.tail(3).with_columns(
        id=pl.lit("o") + pl.int_range(3).cast(pl.String),
        text=pl.Series(
            ["ask zoe MARTIN about it", "Zoé Martin-Leroy and ZOÉ  MARTIN's desk", "Zoë Martin? no, nobody"]
        ),
        title=pl.lit("for Zoe Martin"),
    )
    return {"hers": hers, "of her": of_her, "others": company}


@pytest.fixture
def full(ws, told):
    """A workspace that holds all of them, counted."""
    pl.concat([told["others"], told["hers"], told["of her"]]).write_parquet("a.parquet")
    ws.ingest("a.parquet")
    ws.refresh()
    return ws


def everything(path="acme"):
    """The bytes of every file but the key, and the texts of the packed ones."""
    for file in Path(path).rglob("*"):
        if file.is_file() and file.name != "pseudonyms.key":
            yield file, file.read_bytes()
            if file.suffix == ".parquet" and "_delta_log" not in file.parts:
                yield file, pl.read_parquet(file).write_ndjson().encode()


def holds(path, *needles):
    """Files that hold one of these."""
    return [file for file, content in everything(path) for needle in needles if needle.encode() in content]


def pseudonym(ws):
    return privacy.pseudonym(key_of(ws._folder))(pl.Series([NAME]))[0]


def phrases(ws):
    """Every phrase that is counted, with its figures."""
    ws.refresh()
    counts = counts_of(ws._folder, es.Settings())
    return counts.digest(at_least=1)


def test_what_will_go_is_shown_and_nothing_goes(full):
    before = dict(everything())
    shown = full.would_erase(author=NAME)
    assert (shown.messages, shown.mentions, shown.proof) == (40, 3, None)
    assert shown.months == tuple(sorted(full._store.authored(pseudonym(full)).months))
    assert dict(everything()) == before


def test_afterwards_no_file_holds_the_pseudonym_the_name_or_a_text(full):
    hers = pseudonym(full)
    assert holds("acme", hers)
    assert holds("acme", "thrown over the garden fence")
    done = full.erase(author=NAME)
    assert (done.messages, done.mentions, done.proof.found) == (40, 3, ())
    assert holds("acme", hers, NAME, "zoe MARTIN", "thrown over the garden", "my very own parcel") == []
    assert holds("acme", "ask [name] about it")


def test_what_others_wrote_stays_but_for_the_name(full):
    full.erase(author="  zoé martin ")
    kept = full._store.read(list(full._store.snapshot().months)).sort("id")
    named = kept.filter(
        pl.col("text").str.contains("name", literal=True) & pl.col("title").str.contains("for")
    )
    assert named["text"].to_list() == [
        "ask [name] about it",
        "[name]-Leroy and [name]'s desk",
        "[name]? no, nobody",
    ]
    assert (kept.height, named["title"].unique().to_list()) == (1_203, ["for [name]"])


def test_the_counts_are_those_of_a_corpus_that_never_had_the_person(full, told):
    full.erase(author=NAME)
    without = es.init("without")
    mentions = privacy.mentions(NAME)
    others = pl.concat([told["others"], told["of her"]])
    others.with_columns(mentions.masked(others["text"]), mentions.masked(others["title"])).write_parquet(
        "b.parquet"
    )
    without.ingest("b.parquet")
    assert phrases(full) == phrases(without)


def test_by_the_pseudonym_alone_messages_go_and_the_name_cannot_be_sought(full):
    done = full.erase(pseudonym=pseudonym(full))
    assert (done.messages, done.mentions, done.proof.found) == (40, 0, ())
    assert holds("acme", "ask zoe MARTIN about it")


def test_a_person_who_is_not_there_leaves_nothing_to_forget(full):
    assert full.would_erase(author="Nobody Ever").nothing
    assert full.erase(author="Nobody Ever").proof.found == ()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "either by --author NAME or by --pseudonym P"),
        ({"author": "a b", "pseudonym": "0" * 32}, "either by --author NAME or by --pseudonym P"),
        ({"author": "  "}, "is blank"),
        ({"pseudonym": "Zoé"}, "a pseudonym is 32 hexadecimal digits, not 'Zoé'"),
    ],
)
def test_who_is_not_named_cannot_be_forgotten(ws, asked, sentence):
    with pytest.raises(es.SettingsError, match=sentence):
        ws.would_erase(**asked)


def test_a_name_that_is_a_number_is_not_sought_in_texts(ws):
    frame(20, author="{}", text="late {} again {}").write_parquet("a.parquet")
    ws.ingest("a.parquet")
    assert ws.would_erase(author="3").mentions == 0
    assert ws.erase(author="3").proof.found == ()


def test_the_name_of_a_file_forgets_as_well(ws):
    Path("zoe martin.csv").write_text("time,text\n2024-01-01,the delivery is late again\n2024-01-02,\n")
    ws.ingest("zoe martin.csv", source="crm")
    assert holds("acme", "zoe martin")
    assert ws.erase(author=NAME).proof.found == ()
    assert (holds("acme", "zoe martin"), ws.status().refused[0].file) == ([], "[name].csv")


def test_a_source_called_as_the_person_is_no_trace_of_them(ws):
    frame(20, source="support desk", author="support desk").write_parquet("a.parquet")
    frame(20, start=20).write_parquet("b.parquet")
    ws.ingest("a.parquet", "b.parquet")
    frame(5, start=50, source="support desk").write_parquet("c.parquet")
    ws.ingest("c.parquet")
    done = ws.erase(author="support desk")
    assert (done.messages, done.proof.found) == (20, ())


def test_the_proof_finds_what_it_is_given_to_find(full, monkeypatch):
    monkeypatch.setattr(erasure.Counts, "forget", lambda self: None)  # an erasure that forgets a step
    monkeypatch.setattr(erasure, "journal", Careless)
    done = full.erase(author=NAME)
    found = {Path(file).parts[0] for file in done.proof.found}
    assert found == {"counts", "runs.jsonl"}


class Careless:
    """A journal that tells too much."""

    @staticmethod
    def note(journal, what, **figures):
        with journal.open("a") as written:
            written.write(f"forgot ZOÉ MARTIN: {figures}\n")


STEPS = ["store.upsert", "store.erase", "Counts.forget", "_mask_files", "empty", "journal.note", "_burn"]
KILLED = """
import os, sys
import estran as es
from estran.store.messages import MessageStore
from estran.workspace import erasure
step, where = sys.argv[1], sys.argv[2]
owner = {"store": MessageStore, "Counts": erasure.Counts, "journal": erasure.journal}.get(step.split(".")[0], erasure)
name = step.split(".")[-1]
real = getattr(owner, name)
def dying(*args, **kwargs):
    if where == "after":
        real(*args, **kwargs)
    os._exit(9)
setattr(owner, name, dying)
es.open("acme").erase(author="Zoé Martin")
"""


@pytest.mark.parametrize(("step", "where"), [*((step, "before") for step in STEPS), ("_burn", "after")])
def test_killed_at_any_step_it_is_finished_by_whatever_comes_next(full, step, where):
    hers = pseudonym(full)
    assert subprocess.run([sys.executable, "-c", KILLED, step, where], check=False).returncode == 9
    listening = Listening()
    es.open("acme").compact(progress=listening)
    assert [n.kind for n in listening.said] == (["erasure-finished"] if where == "before" else [])
    assert holds("acme", hers, NAME, "zoe MARTIN", "thrown over the garden", "my very own parcel") == []
    assert full.status().messages == 1_203


def test_the_note_of_a_running_erasure_is_private_and_hides_the_name(full):
    assert (
        subprocess.run([sys.executable, "-c", KILLED, "store.erase", "before"], check=False).returncode == 9
    )
    note = Path("acme/erasing.json")
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert ("Zo" in note.read_text(), json.loads(note.read_text())["pseudonym"]) == (False, pseudonym(full))
    assert erasure._noted(note, full._folder) == erasure.Person(pseudonym(full), NAME)


def test_who_only_reads_finishes_it_too(full):
    assert (
        subprocess.run([sys.executable, "-c", KILLED, "Counts.forget", "before"], check=False).returncode == 9
    )
    assert full.status().messages == 1_203
    assert (Path("acme/erasing.json").exists(), Path("acme/counts").exists()) == (False, False)


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"{}", b"\xa2\x98nD\x9bR\xa73\t"])
def test_a_note_that_is_not_whole_means_that_nothing_had_begun_or_all_was_done(full, content):
    Path("acme/erasing.json").write_bytes(content)
    assert full.status().messages == 1_243
    full.compact()
    assert (Path("acme/erasing.json").exists(), full.status().messages) == (False, 1_243)
