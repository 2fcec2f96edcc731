"""Forgetting a person: after it, no file of the store holds their pseudonym or their words, whatever happened."""

import json
import multiprocessing
import os
import random
import shutil
import time
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from estran.store.erasure import delete_rows, shorten_log, sweep
from estran.store.messages import Authored, MessageStore

SPAWN = multiprocessing.get_context("spawn")
KILLS = int(os.environ.get("KILLS", "10"))
GONE, WORDS = "5f1d00aa77e0", "quincunx of marmalade"
STAYS = "c0ffee00c0ff"
TRACES = (GONE, "quincunx", "marmalade", "tell of the person")


@pytest.fixture
def store(tmp_path, frame):
    """Six batches of two people in two months, an edit, and a compaction between."""
    store = MessageStore.create(str(tmp_path / "messages"))
    for n in range(6):
        said = [
            {"id": f"{GONE[:2]}{n}", "author": GONE, "text": f"{WORDS} {n}", "title": "tell of the person"},
            {"id": f"x{n}", "author": STAYS, "text": f"something else {n}"},
        ]
        store.upsert(frame(said).with_columns(pl.col("time").dt.offset_by(f"{n % 2}mo")), cursor=("mail", n))
        if n == 3:
            store.compact()
    store.upsert(frame([{"id": f"{GONE[:2]}0", "author": GONE, "text": f"{WORDS} edited"}]))
    return store


def traces(store):
    """Every trace of the person, and the file it is in: looked for in the bytes as they are, and decoded."""
    found = set()
    for file in filter(Path.is_file, Path(store.place.url).rglob("*")):
        content = file.read_bytes()
        if content[:4] == b"PAR1":
            content += json.dumps(pl.read_parquet(file).to_dicts(), default=str).encode()
            content += repr(pl.read_parquet_metadata(file)).encode()
        found |= {(file.name, trace) for trace in TRACES if trace.encode() in content}
    return found


def forgotten(store):
    """Whether the person left no trace, and the other one everything."""
    kept = store.read(list(store.snapshot().months))
    assert sorted(kept.select("id", "author").rows()) == [(f"x{n}", STAYS) for n in range(6)]
    assert store.cursors() == {"mail": 5}
    return not traces(store)


def test_the_traces_are_there_before(store):
    assert {trace for _, trace in traces(store)} == set(TRACES)


def test_the_pseudonym_stands_in_the_log_after_a_mere_deletion(store):
    store.place.commit(partial(delete_rows, author=GONE))
    assert any(name.endswith(".json") for name, trace in traces(store) if trace == GONE)


def test_nothing_is_left_of_who_was_erased(store):
    assert store.authored(GONE) == Authored(6, ("2024-01", "2024-02"))
    assert store.erase(GONE) == Authored(6, ("2024-01", "2024-02"))
    assert forgotten(store)


def test_an_erasure_may_be_asked_for_twice(store):
    store.erase(GONE)
    assert store.erase(GONE) == Authored(0, ())
    assert forgotten(store)


def test_months_of_others_are_not_rewritten(store, frame):
    store.upsert(frame([{"id": "june", "author": STAYS}]).with_columns(pl.col("time").dt.offset_by("5mo")))
    before = store.snapshot().months["2024-06"]
    store.erase(GONE)
    assert store.snapshot().months["2024-06"] == before


def checkpoint(place):
    place.table().create_checkpoint()


STEPS = (partial(delete_rows, author=GONE), sweep, checkpoint, partial(shorten_log, kept=0))


@pytest.mark.parametrize("done", range(len(STEPS) + 1))
def test_an_erasure_that_stopped_between_two_steps_is_finished_by_the_next(store, done):
    for number, step in enumerate(STEPS[:done]):
        if number == 0:
            store.place.commit(step)
        else:
            step(store.place)
    store.erase(GONE)
    assert forgotten(store)


def test_what_a_killed_writer_left_half_written_goes_too(store):
    root = Path(store.place.url)
    (root / "month=2024-01" / "part-00000.parquet#1").write_text(WORDS)
    (root / "_delta_log" / "_commit_1.json.tmp").write_text(GONE)
    (root / "_delta_log" / "00000000000000000001.json.tmp").write_text(GONE)
    store.erase(GONE)
    assert forgotten(store)


@pytest.mark.parametrize("days", [-4000, 4000])
def test_an_erasure_does_not_ask_the_clock(store, days):
    root = Path(store.place.url)
    for log in (root / "_delta_log").glob("*.json"):  # as a clock that was wrong had written them
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for line in lines:
            for action, stamp in (("commitInfo", "timestamp"), ("add", "modificationTime")):
                if action in line:
                    line[action][stamp] += days * 86_400_000
        log.write_text("\n".join(map(json.dumps, lines)))
    for file in filter(Path.is_file, root.rglob("*")):
        os.utime(file, (time.time() + days * 86_400,) * 2)
    store.compact()
    store.erase(GONE)
    assert forgotten(store)


def erase(url, ready):
    store = MessageStore.open(url)
    ready.set()
    store.erase(GONE)


def test_an_erasure_killed_at_any_moment_is_finished_by_the_next(store, tmp_path):
    rng = random.Random(3)
    for trial in range(KILLS):
        copy = tmp_path / f"trial-{trial}"
        shutil.copytree(store.place.url, copy)
        ready = SPAWN.Event()
        child = SPAWN.Process(target=erase, args=(str(copy), ready))
        child.start()
        assert ready.wait(60)
        time.sleep(rng.uniform(0, 0.25))
        child.kill()
        child.join()
        again = MessageStore.open(str(copy))
        again.erase(GONE)
        assert forgotten(again)
