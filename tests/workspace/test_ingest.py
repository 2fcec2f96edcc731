"""Files go in once, whatever is killed and however often it is tried."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from kept import Listening, frame

import estran as es
from estran.sources import tables
from estran.workspace import journal

INGEST = "import sys, estran as es\nes.open('acme').ingest(*sys.argv[1:])"


def figures(found):
    return found.new, found.changed, found.same, found.moved


def messages(ws, *columns):
    """What is in the store."""
    store = ws._store
    return store.read(list(store.snapshot().months), columns=list(columns) or None)


@pytest.fixture
def small_parts(monkeypatch):
    """Files are taken in by parts of ten rows."""
    read = tables.Table.read
    monkeypatch.setattr(tables.Table, "read", lambda self, **said: read(self, batch_rows=10, **said))


def test_what_went_in_is_told_and_a_second_run_does_nothing(ws):
    frame(30).write_parquet("a.parquet")
    (first,) = ws.ingest("a.parquet")
    version = ws._store.snapshot().version
    (second,) = ws.ingest("a.parquet")
    assert (first.rows, figures(first), first.batches) == (30, (30, 0, 0, 0), 1)
    assert (second.known, figures(second), ws._store.snapshot().version) == (True, (0, 0, 0, 0), version)


def test_a_file_that_grew_brings_what_is_new_and_what_changed(ws):
    frame(30).write_parquet("a.parquet")
    ws.ingest("a.parquet")
    edited = frame(40).with_columns(
        text=pl.when(pl.col("id") == "m3").then(pl.lit("never mind")).otherwise("text")
    )
    edited.write_parquet("a.parquet")
    (found,) = ws.ingest("a.parquet")
    assert (figures(found), messages(ws).height) == ((10, 1, 29, 0), 40)


def test_a_message_dated_into_another_month_stays_in_its_first_one_and_is_told(ws):
    frame(3).write_parquet("a.parquet")
    ws.ingest("a.parquet")
    frame(3).with_columns(pl.col("time").dt.offset_by("2mo")).write_parquet("a.parquet")
    (found,) = ws.ingest("a.parquet")
    assert (found.moved, list(ws._store.snapshot().months)) == (3, ["2024-01"])


def test_no_name_and_no_address_is_ever_on_the_disk(ws):
    said = frame(20).with_columns(thread=pl.lit("case of zoe@example.org"), unit=pl.lit("0639981234"))
    said.write_parquet("a.parquet")
    ws.ingest("a.parquet")
    kept = messages(ws)
    assert kept["text"].str.contains(r"to \[mail\] came").all()
    assert (kept["unit"].unique().to_list(), kept["thread"].str.len_chars().unique().to_list()) == (
        ["[phone]"],
        [32],
    )
    at_rest = b"".join(file.read_bytes() for file in Path("acme").rglob("*") if file.is_file())
    assert (b"user 3" in at_rest, b"example.org" in at_rest, b"zoe" in at_rest) == (False, False, False)
    assert not messages(ws).write_ndjson().count("example.org")


def test_one_name_is_one_pseudonym_in_every_file(ws):
    frame(20).write_parquet("a.parquet")
    frame(20, start=20, author="USER {} ").write_parquet("b.parquet")
    ws.ingest("a.parquet", "b.parquet")
    assert messages(ws, "author")["author"].n_unique() == 17


def test_a_source_and_a_side_that_are_told_outweigh_what_columns_seem_to_say(ws):
    frame(20).with_columns(side=pl.lit("inside")).write_parquet("a.parquet")
    ws.ingest("a.parquet", source="crm", side="outside", inside=["author=user 1"])
    kept = messages(ws, "source", "side").group_by("source", "side").len().sort("len")
    assert kept.rows() == [("crm", "inside", 2), ("crm", "outside", 18)]


def test_a_column_of_the_side_that_is_told_is_believed_and_the_rest_has_the_side_that_is_told(ws):
    frame(20).with_columns(who=pl.when(pl.int_range(pl.len()) < 5).then(pl.lit("staff"))).write_parquet(
        "a.parquet"
    )
    ws.ingest("a.parquet", side="outside", columns={"side": "who"})
    assert sorted(messages(ws, "side")["side"]) == ["inside"] * 5 + ["outside"] * 15


def test_a_side_that_is_none_is_refused(ws):
    with pytest.raises(es.SettingsError, match="side must be inside or outside, not 'role'"):
        ws.ingest("a.parquet", side="role")


def test_to_take_in_no_file_is_refused(ws):
    with pytest.raises(es.SettingsError, match="no file was given"):
        ws.ingest()


def test_refused_rows_are_kept_with_their_place_and_told_by_reason(ws):
    Path("a.csv").write_text(
        "time,text\n2024-01-01,the first delivery came late\nsome day,late\n2024-01-03,\n2024-01-04,\n"
    )
    (found,) = ws.ingest("a.csv")
    told = [(r.why, r.rows, r.places) for r in found.refused]
    assert told == [("no text", 2, ("line 4", "line 5")), ("a date that cannot be read", 1, ("line 3",))]
    (listed,) = Path("acme/rejected").iterdir()
    assert [json.loads(line)["place"] for line in listed.read_text().splitlines()] == [
        "line 3",
        "line 4",
        "line 5",
    ]
    assert ws.status().refused == found.refused


def test_the_same_words_of_two_people_at_one_moment_are_two_messages_though_in_two_files(ws):
    for name, author in (("monday.csv", "ann"), ("tuesday.csv", "bob")):
        Path(name).write_text(f"time,author,text\n2024-01-01,{author},the delivery came late again\n")
        ws.ingest(name, source="desk")
    assert messages(ws, "author")["author"].n_unique() == 2


def test_two_files_that_overlap_are_one(ws):
    frame(20).drop("id").write_csv("a.csv")
    frame(30).drop("id").write_csv("b.csv")
    ws.ingest("a.csv", source="desk")
    (found,) = ws.ingest("b.csv", source="desk")
    assert (figures(found), messages(ws).height) == ((10, 0, 20, 0), 30)


def test_a_run_that_was_stopped_is_gone_on_with_where_it_was(ws, small_parts, monkeypatch):
    twice = pl.concat([frame(45), frame(5)])  # the last rows are copies of the first
    twice.write_csv("a.csv")
    upsert = type(ws._store).upsert
    commits = []

    def stopping(self, batch, *, cursor):
        if len(commits) == 2:
            raise KeyboardInterrupt
        commits.append(cursor[1])
        return upsert(self, batch, cursor=cursor)

    monkeypatch.setattr(type(ws._store), "upsert", stopping)
    with pytest.raises(KeyboardInterrupt):
        ws.ingest("a.csv")
    monkeypatch.setattr(type(ws._store), "upsert", upsert)
    (found,) = es.open("acme").ingest("a.csv")
    assert (found.before, found.batches, found.rows, found.new) == (2, 5, 30, 25)
    assert (messages(ws).height, [(r.why, r.rows) for r in ws.status().refused]) == (
        45, [("duplicate id, same message", 5)],
    )  # fmt: skip


def test_without_its_journal_a_workspace_still_takes_nothing_in_twice(ws):
    frame(30).write_csv("a.csv")
    ws.ingest("a.csv")
    Path("acme/runs.jsonl").unlink()
    (found,) = ws.ingest("a.csv")
    assert (found.rows, found.batches, found.before, messages(ws).height) == (0, 1, 1, 30)


def test_the_journal_holds_no_author_and_no_text(ws):
    frame(30).write_csv("a.csv")
    ws.ingest("a.csv")
    (_, run) = journal.runs(Path("acme/runs.jsonl"))
    assert set(run.figures) == {
        "file",
        "rows",
        "new",
        "changed",
        "same",
        "moved",
        "refused",
        "input",
        "parts",
    }


def test_what_is_guessed_and_how_far_it_is_are_told(ws):
    frame(30).write_csv("a.csv")
    listening = Listening()
    ws.ingest("a.csv", progress=listening)
    assert (listening.stages, listening.steps["ingest"]) == (["ingest"], [100, 100])
    assert listening.said[0].startswith("a.csv (CSV (,)): ")


def test_a_file_that_is_damaged_further_on_is_told_and_what_lies_before_is_in(ws, monkeypatch):
    read = tables.Table.read
    monkeypatch.setattr(tables.Table, "read", lambda self, **said: read(self, batch_rows=500, **said))
    noise = pl.Series([random.Random(n).randbytes(60).hex() for n in range(900)])  # it cannot be packed well
    said = frame(900).with_columns(text=pl.col("text") + " " + noise)
    three = pl.concat([said.with_columns(id=pl.col("id") + letter) for letter in "abc"])
    packed = gzip.compress(three.write_csv().encode())
    Path("a.csv.gz").write_bytes(packed[: len(packed) * 9 // 10])
    with pytest.raises(es.InputError, match="is damaged after line"):
        ws.ingest("a.csv.gz")
    assert messages(ws).height in {1_000, 1_500, 2_000}


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_killed_again_and_again_nothing_is_lost_doubled_or_refused_for_ever(ws):
    rows = pl.concat([frame(900, text="late {} again {}"), frame(60)]).write_csv()
    Path("a.csv").write_text(rows + "x,some day,late,,,\n")
    run = [sys.executable, "-c", f"from estran.sources import tables\n{SMALL}\n{INGEST}", "a.csv"]
    chance = random.Random(3)
    for _ in range(6):
        with subprocess.Popen(run, stderr=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(1.0, 2.5))
            os.kill(process.pid, signal.SIGKILL)
    subprocess.run(run, check=True)
    kept = messages(ws, "id")["id"]
    assert (kept.len(), kept.n_unique()) == (900, 900)
    assert {r.why: r.rows for r in ws.status().refused} == {
        "duplicate id, another message": 60, "a date that cannot be read": 1,
    }  # fmt: skip
    assert es.open("acme").doctor().well


SMALL = """
read = tables.Table.read
tables.Table.read = lambda self, **said: read(self, batch_rows=20, **said)
"""


def test_two_at_once_both_end_right(ws):
    frame(60).write_parquet("a.parquet")
    frame(60, start=30).write_parquet("b.parquet")
    both = [subprocess.Popen([sys.executable, "-c", INGEST, f]) for f in ("a.parquet", "b.parquet")]
    assert [process.wait() for process in both] == [0, 0]
    assert messages(ws).height == 90


def test_many_small_files_are_put_together_by_the_way(ws, monkeypatch):
    from estran.workspace import ingest

    monkeypatch.setattr(ingest, "SCATTERED", 3)
    for n in range(6):
        frame(3, start=3 * n).write_csv(f"{n}.csv")
        ws.ingest(f"{n}.csv")
    assert sum(len(month.files) for month in ws._store.snapshot().months.values()) <= 4
