"""One body over every engine. For an engine of your own: register it under `estran.engines` and add its options here."""

import os
import pickle
import shutil
import signal
import threading
from functools import partial

import engine_work
import pytest

from estran import simulate
from estran.errors import EngineError, InputError
from estran.store.blocks import blocks_of
from estran.store.counts import Counts
from estran.store.engines import open_engine
from estran.store.engines.threads import ThreadEngine
from estran.store.messages import MessageStore

ENGINES = {
    "threads": {"threads": 2},
    "pool": {"workers": 2},
    "dask": {"workers": 2, "memory": "900MB"},
    "spark": {"workers": 2},
}
ELSEWHERE = [name for name in ENGINES if name != "threads"]  # in other processes


@pytest.fixture(scope="module")
def engine(request):
    """One engine of each name, kept for all claims that it serves."""
    if request.param == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java, and it is not here")
    with open_engine(request.param, **ENGINES[request.param]) as opened:
        yield opened


every_engine = pytest.mark.parametrize("engine", ENGINES, indirect=True, scope="module")
every_engine_elsewhere = pytest.mark.parametrize("engine", ELSEWHERE, indirect=True, scope="module")


@every_engine
def test_results_come_in_the_order_of_the_tasks(engine):
    seconds = [0.2, 0.0, 0.1, 0.0]
    assert engine.map(engine_work.waited, seconds) == seconds


@every_engine
def test_no_tasks_have_no_results(engine):
    assert engine.map(engine_work.square, []) == []


@every_engine
def test_more_tasks_than_workers_are_all_done(engine):
    assert engine.map(engine_work.square, range(20)) == [n * n for n in range(20)]


@every_engine
def test_a_long_result_comes_back_whole(engine):
    assert engine.map(engine_work.text_of_length, [3_000_000])[0] == "é" * 3_000_000


@every_engine
def test_progress_counts_to_the_last_task_from_the_calling_thread(engine):
    told = []
    engine.map(engine_work.square, range(9), progress=lambda n: told.append((n, threading.get_ident())))
    done = [n for n, _ in told]
    assert (done == sorted(done), done[-1]) == (True, 9)
    assert {thread for _, thread in told} == {threading.get_ident()}


@every_engine
def test_an_error_of_the_work_comes_back_as_it_was(engine):
    with pytest.raises(engine_work.ColumnMissingError) as raised:
        engine.map(engine_work.missing_column, [7])
    assert (raised.value.args, raised.value.column) == (("no column in file 7", "text"), "text")


@every_engine
def test_the_first_error_gives_up_the_other_tasks(engine, tmp_path):
    tasks = [engine_work.Marked(tmp_path, number) for number in range(40)]
    with pytest.raises(InputError, match="the first file is empty"):
        engine.map(engine_work.first_fails, tasks)
    assert len(list(tmp_path.iterdir())) < 36


@every_engine
def test_an_error_in_progress_ends_the_map(engine):
    def broken(done):
        raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone"):
        engine.map(engine_work.square, range(4), progress=broken)


@every_engine
def test_an_engine_works_after_an_error(engine):
    with pytest.raises(InputError):
        engine.map(engine_work.missing_column, range(4))
    assert engine.map(engine_work.square, [3, 4]) == [9, 16]


@every_engine_elsewhere
def test_an_error_says_where_in_the_worker_it_was_raised(engine):
    with pytest.raises(InputError) as raised:
        engine.map(engine_work.missing_column, [7])
    assert any("engine_work.py" in note and "in missing_column" in note for note in raised.value.__notes__)


@every_engine_elsewhere
def test_an_error_that_cannot_come_back_is_told(engine):
    with pytest.raises(EngineError, match=r"^UnreturnableError: line 3: no date"):
        engine.map(engine_work.unreturnable, [1])


@every_engine_elsewhere
def test_a_result_that_cannot_come_back_is_an_error(engine):
    with pytest.raises((AttributeError, pickle.PicklingError), match="lambda"):
        engine.map(engine_work.unpicklable, [1])


@every_engine_elsewhere
def test_work_that_workers_cannot_import_is_refused(engine):
    with pytest.raises((AttributeError, pickle.PicklingError), match="lambda"):
        engine.map(lambda number: number, [1])


@every_engine_elsewhere
def test_what_the_work_prints_disturbs_nothing(engine):
    assert engine.map(engine_work.printing, [1, 2]) == [1, 2]


@every_engine_elsewhere
def test_workers_that_are_killed_lose_nothing(engine, tmp_path):
    tasks = [engine_work.Marked(tmp_path, number) for number in range(12)]
    assert engine.map(engine_work.killed_once, tasks) == list(range(12))
    assert {path.name for path in tmp_path.iterdir()} == {"killed-3", "killed-10"}


@every_engine_elsewhere
def test_workers_killed_while_they_are_idle_are_replaced(engine):
    for pid in set(engine.map(engine_work.process, range(4))):
        os.kill(pid, signal.SIGKILL)
    assert engine.map(engine_work.square, range(4)) == [0, 1, 4, 9]


@every_engine_elsewhere
def test_work_that_kills_every_worker_is_an_error(engine):
    with pytest.raises(EngineError, match="ended its process"):
        engine.map(engine_work.killed_always, range(6))
    assert engine.map(engine_work.square, [5]) == [25]


@every_engine_elsewhere
def test_workers_share_the_cores(engine):
    assert engine.map(engine_work.threads_of_polars, [0, 1]) == [max(1, (os.cpu_count() or 1) // 2)] * 2


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A company's messages at rest."""
    made = MessageStore.create(str(tmp_path_factory.mktemp("acme") / "messages"))
    made.upsert(simulate.company(messages=2_000, years=2).messages)
    return made


def counted(folder, store, engine):
    """The SHA-1 of the full table of phrases, and how many blocks were counted for it."""
    counts = Counts(folder, at_least=2, layout=partial(blocks_of, whole=100, most=600))
    refreshed = counts.refresh(store, engine)
    return counts.digest(), len(refreshed.counted)


@pytest.fixture(scope="module")
def digest(store, tmp_path_factory):
    return counted(tmp_path_factory.mktemp("one-thread"), store, ThreadEngine(threads=1))


@every_engine
def test_every_engine_counts_the_same_phrases(engine, store, digest, tmp_path):
    assert counted(tmp_path / "counts", store, engine) == digest
    assert digest[1] >= 4


@every_engine_elsewhere
def test_killed_workers_change_no_count(engine, store, digest, tmp_path):
    torn = engine_work.Torn(engine, tmp_path)
    assert counted(tmp_path / "counts", store, torn) == digest
