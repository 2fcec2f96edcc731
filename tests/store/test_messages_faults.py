"""Messages at rest when things go wrong: killed writers, two at once, readers in between, disks that refuse."""

import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polars as pl
import pytest
from deltalake.exceptions import CommitFailedError, DeltaError

from estran.errors import StoreError
from estran.model import MESSAGES
from estran.store.delta import Place, scan
from estran.store.erasure import _rewrite, sweep
from estran.store.messages import MessageStore, _upsert

SPAWN = multiprocessing.get_context("spawn")
KILLS = int(os.environ.get("KILLS", "12"))


@pytest.fixture
def store(tmp_path):
    return MessageStore.create(str(tmp_path / "messages"))


def batch(n):
    """Batch `n` of an endless source: 40 messages, a third of them in the batch before, over four months."""
    numbers = pl.int_range(27 * n, 27 * n + 40, eager=True)
    columns = {name: pl.lit(None, kind).alias(name) for name, kind in MESSAGES.items()}
    columns |= {
        "id": "m" + pl.col("n").cast(pl.String),
        "time": pl.datetime(2024, 1 + pl.col("n") % 4, 3, time_zone="UTC").cast(MESSAGES["time"]),
        "text": "number " + pl.col("n").cast(pl.String),
        "source": pl.lit("mail"),
    }
    return pl.DataFrame({"n": numbers}).select(**columns)


def upto(n):
    """The ids of the batches 0 to `n`."""
    return sorted(f"m{k}" for k in range(27 * n + 40)) if n >= 0 else []


def ids(store):
    return sorted(store.read(list(store.snapshot().months), columns=["id"])["id"])


def ingest_for_ever(url, ready):
    store = MessageStore.open(url)
    ready.set()
    for n in range((store.cursor("mail") or -1) + 1, 10_000):
        store.upsert(batch(n), cursor=("mail", n))
        if n % 7 == 6:
            store.compact()


def test_a_writer_killed_at_any_moment_loses_and_doubles_nothing(store):
    rng = random.Random(5)
    last = -1
    for _ in range(KILLS):
        ready = SPAWN.Event()
        child = SPAWN.Process(target=ingest_for_ever, args=(store.place.url, ready))
        child.start()
        assert ready.wait(60)
        time.sleep(rng.uniform(0, 0.5))
        child.kill()
        child.join()
        reached = store.cursor("mail")
        assert (-1 if reached is None else reached) >= last
        last = -1 if reached is None else reached
        assert ids(store) == upto(last)
    assert last > 0  # the kills fell into work
    store.upsert(batch(last + 1), cursor=("mail", last + 1))
    store.compact()
    assert ids(store) == upto(last + 1)


def test_of_two_writers_that_began_together_the_later_one_is_refused_and_reads_again(store, frame):
    early = store.place.table()
    store.upsert(frame([{"id": "x"}]))
    other_month = frame([{"id": "x"}]).with_columns(pl.col("time").dt.offset_by("1mo"))
    with pytest.raises(CommitFailedError):
        _upsert(early, other_month, None)  # delta-rs would let it pass: the months differ
    assert store.upsert(other_month).moved == 1
    assert ids(store) == ["x"]


@pytest.mark.parametrize("late", [_upsert, lambda table, batch, cursor: _rewrite(table, ["2024-01"])])
def test_a_writer_that_began_before_a_sweep_cannot_commit_what_the_sweep_took(store, late):
    store.upsert(batch(0))
    early = store.place.table()
    sweep(store.place)
    with pytest.raises(CommitFailedError):
        late(early, batch(1), None)
    assert ids(store) == upto(0)


def ingest(url, name, numbers):
    store = MessageStore.open(url)
    for n in numbers:
        store.upsert(batch(n).with_columns(pl.col("time").dt.offset_by(f"{len(name)}mo")), cursor=(name, n))


def test_two_writers_of_the_same_ids_lose_and_double_nothing(store):
    writers = [SPAWN.Process(target=ingest, args=(store.place.url, name, range(15))) for name in ("a", "bb")]
    for process in writers:
        process.start()
    for process in writers:
        process.join(120)
    assert [process.exitcode for process in writers] == [0, 0]
    assert ids(store) == upto(14)
    assert store.cursors() == {"a": 14, "bb": 14}


def test_a_writer_and_two_compactions_at_once_lose_and_double_nothing(store):
    processes = [SPAWN.Process(target=ingest, args=(store.place.url, "a", range(25)))]
    processes += [SPAWN.Process(target=tidy, args=(store.place.url, 8)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert ids(store) == upto(24)


def tidy(url, times):
    store = MessageStore.open(url)
    for _ in range(times):
        store.compact()


def rewrite_for_ever(url, ready):
    store = MessageStore.open(url)
    for n in range(10_000):
        store.upsert(batch(0).with_columns(text=pl.lit(f"version {n}")))
        store.compact()
        ready.set()


def test_a_reader_sees_every_message_while_files_are_taken_away(store):
    for n in range(5):
        store.upsert(batch(n))
    ready = SPAWN.Event()
    child = SPAWN.Process(target=rewrite_for_ever, args=(store.place.url, ready))
    child.start()
    assert ready.wait(60)
    try:
        snapshot = store.snapshot()
        for _ in range(40):
            assert len(store.read(list(snapshot.months), snapshot=snapshot)) == len(upto(4))
            first = store.read(list(snapshot.months), columns=["id", "text"])
            assert sorted(first["id"]) == upto(4)
            assert first.filter(pl.col("text").str.starts_with("version"))["text"].n_unique() == 1
            snapshot = store.snapshot()
    finally:
        child.kill()
        child.join()


def test_a_clock_set_back_or_ahead_does_not_hinder(store):
    for days in (0, 4000, -4000):
        store.upsert(batch(abs(days)), cursor=("mail", abs(days)))
        for file in filter(Path.is_file, Path(store.place.url).rglob("*")):
            os.utime(file, (time.time() + days * 86_400,) * 2)
    store.compact()
    store.upsert(batch(1))
    assert ids(store) == sorted({*batch(0)["id"], *batch(1)["id"], *batch(4000)["id"]})


_OPENED: list[str] | None = None


def _note(event, arguments):
    if _OPENED is not None and event == "open":
        _OPENED.append(str(arguments[0]))


def test_a_commit_is_on_the_disk_data_first_then_the_log_then_the_folders(store):
    global _OPENED  # noqa: PLW0603  (an audit hook stays for good)
    sys.addaudithook(_note)
    _OPENED = []
    try:
        store.upsert(batch(0), cursor=("mail", 0))
        synced = [path.removeprefix(store.place.url) for path in _OPENED]
    finally:
        _OPENED = None
    kinds = ["data" if p.endswith(".parquet") else "log" if p.endswith(".json") else "folder" for p in synced]
    first = kinds.index("data")
    assert kinds[first:] == ["data"] * 4 + ["log"] * 2 + ["folder"] * 6


def test_what_went_away_meanwhile_needs_no_care(store):
    store.place.files.settle([7])  # a log that was shortened after the commit
    store.place.files.remove(["month=2024-01/gone.parquet"])
    assert store.size() > 0


def test_a_question_that_is_wrong_is_not_asked_again(store):
    with pytest.raises(DeltaError):
        scan(store.place.table(), ["id"], "no column = 1")


def test_losing_to_others_too_often_is_said(store):
    def always_late(table):
        store.upsert(batch(0), cursor=("mail", next(numbers)))
        _upsert(table, batch(1), None)

    numbers = iter(range(100))
    with pytest.raises(StoreError, match="other writers were always first"):
        Place(store.place.url, {}).commit(always_late, tries=5)
    assert ids(store) == upto(0)


@pytest.mark.parametrize("place", ["nothing", "empty", "file", "other"])
def test_what_is_no_store_is_said(tmp_path, place):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("text")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("text")
    with pytest.raises(StoreError, match="not a store of messages; `estran init`"):
        MessageStore.open(str(tmp_path / place))
    assert not (tmp_path / "nothing").exists()


def test_a_table_that_estran_did_not_make_is_refused(tmp_path):
    pl.DataFrame({"id": ["a"]}).write_delta(tmp_path / "table")
    with pytest.raises(StoreError, match="did not make"):
        MessageStore.open(str(tmp_path / "table"))


def test_a_store_is_not_made_over_another(store):
    with pytest.raises(StoreError, match="a store already"):
        MessageStore.create(store.place.url)


def test_a_store_is_not_made_in_a_file(tmp_path):
    (tmp_path / "file").write_text("text")
    for place in ("file", "file/messages"):
        with pytest.raises(StoreError, match="name a folder"):
            MessageStore.create(str(tmp_path / place))


def test_a_store_of_a_newer_estran_is_refused(store):
    log = Path(store.place.url) / "_delta_log" / f"{0:020d}.json"
    log.write_text(log.read_text().replace('"estran.format":"1"', '"estran.format":"2"'))
    with pytest.raises(StoreError, match="newer Estran"):
        MessageStore.open(store.place.url)


def test_a_store_of_a_newer_delta_is_refused(store):
    log = Path(store.place.url) / "_delta_log" / f"{0:020d}.json"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    for line in lines:
        if "protocol" in line:
            line["protocol"] = {"minReaderVersion": 9, "minWriterVersion": 9}
    log.write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(StoreError, match="newer"):
        MessageStore.open(store.place.url).upsert(batch(0))


def test_a_file_of_messages_that_is_missing_is_said(store):
    store.upsert(batch(0))
    Path(store.snapshot().months["2024-01"].files[0].removeprefix("file://")).unlink()
    with pytest.raises(StoreError, match="missing"):
        store.read(["2024-01"])
    assert store.read(["2024-02"]).height == 10


def test_a_file_of_messages_that_is_cut_short_is_said(store):
    store.upsert(batch(0))
    file = Path(store.snapshot().months["2024-01"].files[0].removeprefix("file://"))
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(StoreError):
        store.read(["2024-01"])


def tear_log(store, log):
    log.write_text(log.read_text()[:400])


def empty_log(store, log):
    log.write_text("")


def lose_data(store, log):
    for file in added(store, log):
        file.unlink()


def cut_data(store, log):
    for file in added(store, log):
        file.write_bytes(file.read_bytes()[:100])


def added(store, log):
    actions = map(json.loads, log.read_text().splitlines())
    return [Path(store.place.url) / action["add"]["path"] for action in actions if "add" in action]


@pytest.mark.parametrize("tear", [tear_log, empty_log, lose_data, cut_data])
def test_a_commit_that_a_power_cut_tore_is_taken_back_and_given_again(store, tear):
    store.upsert(batch(0), cursor=("mail", 0))
    store.upsert(batch(1), cursor=("mail", 1))
    tear(store, newest(store))
    assert tear is empty_log or store.unsound()
    assert MessageStore.mend(store.place.url) == 1
    assert (ids(store), store.cursors(), store.unsound()) == (upto(0), {"mail": 0}, ())
    store.upsert(batch(1), cursor=("mail", 1))
    assert ids(store) == upto(1)


def newest(store):
    return max((Path(store.place.url) / "_delta_log").glob("*.json"))


def test_a_checkpoint_that_a_power_cut_tore_is_not_needed(store):
    store.upsert(batch(0), cursor=("mail", 0))
    store.place.table().create_checkpoint()
    for file in (Path(store.place.url) / "_delta_log").glob("*.parquet"):
        file.write_bytes(b"")
    assert store.unsound()
    assert MessageStore.mend(store.place.url) == 0
    assert (ids(store), store.unsound()) == (upto(0), ())


def test_a_sound_store_has_nothing_to_mend(store):
    for n in range(3):
        store.upsert(batch(n))
    store.compact()
    store.upsert(batch(3))
    assert (store.unsound(), MessageStore.mend(store.place.url), ids(store)) == ((), 0, upto(3))


def test_what_an_older_commit_lost_is_said_and_not_taken_back(store):
    store.upsert(batch(0))
    lose_data(store, newest(store))
    store.upsert(frame_of_june())
    assert [found.why for found in store.unsound()] == ["missing"] * 4
    assert MessageStore.mend(store.place.url) == 0


def frame_of_june():
    return batch(0).head(1).with_columns(id=pl.lit("zz"), time=pl.col("time").dt.offset_by("5mo"))


def test_what_is_no_store_is_not_unsound(tmp_path):
    with pytest.raises(StoreError, match="not a store"):
        MessageStore(Place.at(str(tmp_path), None)).unsound()


def test_every_hundred_commits_a_checkpoint_is_made_and_read(store):
    for n in range(102):
        store.upsert(pl.DataFrame(schema=MESSAGES), cursor=("mail", n))
    assert (Path(store.place.url) / "_delta_log" / "_last_checkpoint").exists()
    assert store.cursor("mail") == 101


UNSHARE = ("unshare", "--user", "--map-root-user", "--mount")
CAN_MOUNT = (
    shutil.which("unshare")
    and subprocess.run([*UNSHARE, "true"], check=False, capture_output=True).returncode == 0
)


def mounted(folder, mounts, code):
    """What some code prints that runs with file systems of its own."""
    child = f"{mounts} && exec {sys.executable} -W error -c '{textwrap.dedent(code)}' {folder}"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        [*UNSHARE, "sh", "-c", child],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not CAN_MOUNT, reason="this machine lets nobody mount a small disk")
def test_a_full_disk_is_said_and_loses_nothing(tmp_path):
    (tmp_path / "disk").mkdir()
    code = """
        import subprocess, sys
        from estran.errors import StoreError
        from test_messages_faults import MessageStore, batch, ids, upto
        store = MessageStore.create(sys.argv[1] + "/messages")
        try:
            for n in range(10_000):
                store.upsert(batch(n), cursor=("mail", n))
        except StoreError as error:
            print(error)
        assert ids(store) == upto(store.cursor("mail"))
        subprocess.run(["mount", "-o", "remount,size=100m", sys.argv[1]], check=True)
        n = store.cursor("mail") + 1
        store.upsert(batch(n), cursor=("mail", n))
        store.compact()
        assert ids(store) == upto(n)
    """
    disk = tmp_path / "disk"
    assert "the disk is full" in mounted(disk, f"mount -t tmpfs -o size=400k tmpfs {disk}", code)


@pytest.mark.skipif(not CAN_MOUNT, reason="this machine lets nobody mount a small disk")
def test_a_disk_that_is_read_only_is_read_and_said(store):
    store.upsert(batch(0))
    code = """
        import sys
        from estran.errors import StoreError
        from test_messages_faults import MessageStore, batch, ids, upto
        store = MessageStore.open(sys.argv[1])
        assert ids(store) == upto(0)
        for attempt in (lambda: store.upsert(batch(1)), store.compact, lambda: store.erase("a"),
                        lambda: MessageStore.create(sys.argv[1] + "/new")):
            try:
                attempt()
            except StoreError as error:
                print(error)
    """
    place = store.place.url
    said = mounted(place, f"mount --bind {place} {place} && mount -o remount,ro,bind {place}", code)
    assert said.count("read-only disk") == 4


if os.geteuid() != 0:  # root may write anywhere, but not on the read-only disk of the test above

    def test_a_folder_that_may_not_be_written_is_said(store):
        folders = [Path(store.place.url), Path(store.place.url) / "_delta_log"]
        for folder in folders:
            folder.chmod(0o555)
        try:
            with pytest.raises(StoreError, match="permissions"):
                store.upsert(batch(0))
        finally:
            for folder in folders:
                folder.chmod(0o755)
