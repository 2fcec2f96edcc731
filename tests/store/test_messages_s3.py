"""Messages at rest in an object store: a real S3 server, and writers on several machines at once."""

import multiprocessing
import pickle

import polars as pl
import pytest

from bucket import new_bucket, serving
from estran.errors import StoreError
from estran.store.messages import MessageStore, Upserted

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def server():
    with serving() as address:
        yield address


@pytest.fixture
def url(server, monkeypatch):
    return f"s3://{new_bucket(server, monkeypatch)}/messages"


def everything(store):
    return store.read(list(store.snapshot().months))


def test_a_store_in_a_bucket_keeps_finds_compacts_and_forgets(url, frame):
    store = MessageStore.create(url)
    assert store.upsert(frame([{"author": "a"}, {"author": "b"}]), cursor=("mail", 1)).new == 2
    assert store.upsert(frame([{"author": "a"}, {"author": "b", "text": "edited"}])) == Upserted(0, 1, 1, 0)
    assert store.upsert(frame([{"id": "c"}])).new == 1
    store.compact()
    assert store.erase("b").messages == 1
    again = MessageStore.open(url)
    assert sorted(again.read(["2024-01"])["id"]) == ["0", "c"]
    assert again.cursors() == {"mail": 1}
    assert pickle.loads(pickle.dumps(again)).size() == sum(store.place.files.sizes().values())
    assert [month.files[0].startswith(url) for month in again.snapshot().months.values()] == [True]
    assert (again.unsound(), MessageStore.mend(url)) == ((), 0)


def test_after_an_erasure_the_bucket_holds_one_file_a_month_and_a_short_log(url, frame):
    store = MessageStore.create(url)
    for n in range(4):
        store.upsert(frame([{"id": f"a{n}", "author": "a"}, {"id": f"b{n}", "author": "b"}]))
    store.compact()
    store.erase("a")
    version = store.snapshot().version
    data = [path for path in store.place.files.sizes() if not path.startswith("_delta_log/")]
    log = {path for path in store.place.files.sizes() if path.startswith("_delta_log/")}
    stem = f"_delta_log/{version:020d}"
    assert len(data) == 1
    assert log == {f"{stem}.json", f"{stem}.checkpoint.parquet", "_delta_log/_last_checkpoint"}


def test_no_store_in_a_bucket_is_said(url):
    with pytest.raises(StoreError, match="estran init"):
        MessageStore.open(url)


def write(url, writer, batches, frames):
    store = MessageStore.open(url)
    for n in range(batches):
        store.upsert(pl.read_ipc(frames[n]), cursor=(f"writer-{writer}", n))


def test_two_writers_of_the_same_ids_lose_and_double_nothing(url, frame, tmp_path):
    MessageStore.create(url)
    batches = []
    for writer in range(2):
        files = []
        for n in range(6):  # ids overlap between the writers, and lie in another month for the other one
            rows = [{"id": str(k), "text": f"by {writer}"} for k in range(20 * n, 20 * n + 30)]
            batch = frame(rows).with_columns(pl.col("time").dt.offset_by(f"{writer}mo"))
            files.append(tmp_path / f"{writer}-{n}.arrow")
            batch.write_ipc(files[-1])
        batches.append(files)
    writers = [SPAWN.Process(target=write, args=(url, w, 6, batches[w])) for w in range(2)]
    for process in writers:
        process.start()
    for process in writers:
        process.join(120)
    assert [process.exitcode for process in writers] == [0, 0]
    store = MessageStore.open(url)
    assert sorted(everything(store)["id"], key=int) == [str(k) for k in range(130)]
    assert store.cursors() == {"writer-0": 5, "writer-1": 5}


def sweep_often(url, times):
    store = MessageStore.open(url)
    for _ in range(times):
        store.compact()


def test_a_compaction_beside_a_writer_takes_no_file_that_is_needed(url, frame, tmp_path):
    MessageStore.create(url)
    files = []
    for n in range(10):
        files.append(tmp_path / f"{n}.arrow")
        frame([{"id": f"{n}-{k}"} for k in range(20)]).write_ipc(files[-1])
    processes = [
        SPAWN.Process(target=write, args=(url, 0, 10, files)),
        SPAWN.Process(target=sweep_often, args=(url, 4)),
        SPAWN.Process(target=sweep_often, args=(url, 4)),
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(200)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert everything(MessageStore.open(url))["id"].n_unique() == 200
    assert everything(MessageStore.open(url)).height == 200
