"""Several at once: two that take files in, and readers while files are put together and taken away."""

import json
import os
import signal
import subprocess
import sys

import polars as pl
import pytest
from bench.torture.comparing import counts_of, messages_of, store_of
from bench.torture.killing import Runner

import estran as es
from conftest import FIRST, command, said

LOOP = """
import sys
import polars as pl
import estran as es
from bench.torture.warm import make_small
make_small()
ws = es.open(sys.argv[1])
print("ready", flush=True)
for n in range(10_000):
    edited = pl.read_csv("a.csv").with_columns(text=pl.lit(f"edition {n} ") + pl.col("text"))
    edited.head(150).write_csv("edited.csv")
    ws.ingest("edited.csv", source="crm")
    ws.compact()
    print(n, flush=True)
"""


def test_two_that_take_overlapping_files_in_at_once_lose_and_double_nothing(acme, estran, runner, tmp_path):
    halves = {"b.csv": said(300, start=400), "c.csv": said(350, start=500)}
    for name, half in halves.items():
        half.write_csv(name)
    with Runner(tmp_path) as other:
        child = other.begin(
            ["ingest", str(tmp_path / "acme"), str(tmp_path / "b.csv"), "--source", "crm"], space=acme
        )
        assert child
        mine = estran("ingest", "acme", "c.csv", "--source", "crm")
        theirs = other.end()
    assert (mine.code, theirs.code) == (0, 0)
    kept = messages_of(acme)
    assert sorted(kept["id"]) == sorted(f"crm:m{n}" for n in range(850))
    assert len(store_of(acme).cursors()) == 3
    assert estran("refresh", "acme").code == 0
    alone = command(runner, tmp_path, "init", tmp_path / "alone", "--key", tmp_path / "acme/pseudonyms.key")
    assert alone.code == 0
    said(850).write_csv("all.csv")
    for typed in (["ingest", "alone", "all.csv", "--source", "crm"], ["refresh", "alone"]):
        assert command(runner, tmp_path, *typed).code == 0
    assert counts_of(acme).digest() == counts_of(tmp_path / "alone").digest()
    assert json.loads(estran("doctor", "acme", "--json").printed)["faults"] == []


def test_who_reads_while_files_are_put_together_sees_every_message(acme, estran):
    said(600).write_csv("a.csv")
    ws = es.open("acme")
    writer = subprocess.Popen(
        [sys.executable, "-c", LOOP, "acme"], stdout=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    try:
        assert writer.stdout.readline() == "ready\n"
        for _ in range(4):
            assert ws.status().messages == 600
            tour = estran("tour", "acme", "--json")
            assert tour.code == 0, tour.said
            assert json.loads(tour.printed)["coverage"]["read"] == 600
            kept = messages_of(acme)
            assert (kept.height, kept["id"].n_unique()) == (600, 600)
        assert int(writer.stdout.readline()) == 0  # it was at work
    finally:
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()


@pytest.mark.parametrize("years", [-3, 3])
def test_a_clock_that_is_wrong_hinders_neither_reading_nor_writing(acme, estran, made, years):
    """The system's clock cannot be set in a test; what it wrote can: times of files, commits and runs."""
    shift = years * 365 * 86_400
    for file in (path for path in acme.rglob("*") if path.is_file()):
        os.utime(file, (file.stat().st_mtime + shift,) * 2)
    for log in (acme / "messages/_delta_log").glob("*.json"):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for line in lines:
            if "commitInfo" in line:
                line["commitInfo"]["timestamp"] += shift * 1000
        log.write_text("\n".join(map(json.dumps, lines)))
    assert estran("tour", "acme", "--json").printed == made[1]
    said(50, start=580).with_columns(time=pl.lit(f"{FIRST:%Y-%m-%dT%H:%M:%SZ}")).write_csv("b.csv")
    assert "30 new messages" in estran("ingest", "acme", "b.csv", "--source", "crm").printed
    assert estran("compact", "acme").code == 0
    assert messages_of(acme).height == 630
    assert estran("erase", "acme", "--author", "user 3", "--yes").code == 0
    assert len(list((acme / "messages/_delta_log").glob("*.json"))) <= 1
    assert json.loads(estran("doctor", "acme", "--json").printed)["faults"] == []
