"""Dask: a scheduler that is there or is not, and a cluster of its own that leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import distributed
import pytest
from engine_processes import running, until

from estran.errors import EngineError, SettingsError
from estran.store.engines import cores, open_engine

PARENT = """
import os, sys, time
from pathlib import Path
from estran.store.engines import open_engine

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    wait = f"import os, time; open('{folder}/' + str(os.getpid()), 'w').close(); time.sleep(60)"
    with open_engine("dask", workers=2, scratch=folder / "scratch") as engine:
        engine.map(exec, [wait] * 4)
"""


@contextmanager
def dask(program, *options):
    """A scheduler or a worker, as an administrator starts it."""
    command = [sys.executable, "-m", "distributed.cli.dask_" + program, *options, "--no-dashboard"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def scheduler(tmp_path):
    """The address of a scheduler without workers, and its process."""
    file = tmp_path / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
    with dask("scheduler", *options, "--scheduler-file", str(file)) as process:
        assert until(file.exists)
        yield json.loads(file.read_text())["address"], process


@pytest.fixture
def worker(scheduler, tmp_path):
    options = ["--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
    with dask("worker", scheduler[0], *options, "--dashboard-address", "127.0.0.1:0") as process:
        yield process


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("estran.store.engines.dask.PATIENCE", 0.5)


def test_a_scheduler_that_does_not_answer_is_said(impatient):
    with (
        open_engine("dask", scheduler="tcp://127.0.0.1:1") as engine,
        pytest.raises(EngineError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1"),
    ):
        engine.map(abs, [-1])


def test_an_address_that_is_none_is_said(impatient):
    with (
        open_engine("dask", scheduler="nowhere://at all") as engine,
        pytest.raises(EngineError, match=r"no Dask scheduler answers at nowhere://at all"),
    ):
        engine.map(abs, [-1])


def test_a_scheduler_without_workers_is_said(scheduler, impatient):
    with (
        open_engine("dask", scheduler=scheduler[0]) as engine,
        pytest.raises(EngineError, match=r"the Dask scheduler at tcp://\S+ has no workers"),
    ):
        engine.map(abs, [-1])


def test_work_goes_to_the_workers_of_a_scheduler(scheduler, worker):
    with open_engine("dask", scheduler=scheduler[0]) as engine:
        assert engine.map(eval, ["__import__('os').getpid()"]) == [worker.pid]
    assert worker.poll() is None  # it is not ours to end


def test_a_scheduler_that_goes_away_is_said(scheduler, worker):
    address, process = scheduler
    with (
        open_engine("dask", scheduler=address) as engine,
        pytest.raises(EngineError, match="the Dask scheduler is gone"),
    ):
        engine.map(time.sleep, [0.1] * 100, progress=lambda done: process.kill())


def test_workers_and_memory_are_those_of_the_scheduler():
    with pytest.raises(SettingsError, match="leave out workers and memory"):
        open_engine("dask", scheduler="tcp://localhost:8786", memory="1GB")


def test_nothing_is_started_where_there_is_no_work(tmp_path):
    with open_engine("dask", scratch=tmp_path / "not there") as engine:
        assert engine.map(abs, []) == []


def test_an_own_cluster_leaves_nothing_in_the_scratch_folder(tmp_path):
    with open_engine("dask", workers=1, scratch=tmp_path) as engine:
        assert engine.map(abs, [-1]) == [1]
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_own_cluster_leaves_the_environment_as_it_was():
    before = dict(os.environ)
    with open_engine("dask", workers=1) as engine:
        assert engine.map(os.getenv, ["POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"]) == [str(cores()), "1"]
        assert dict(os.environ) == before
        with pytest.raises(EngineError):
            engine.map(signal.raise_signal, [signal.SIGKILL])
    assert dict(os.environ) == before


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_their_parent(tmp_path, how):
    script = tmp_path / "script.py"
    script.write_text(PARENT)
    marks = tmp_path / "marks"
    (marks / "scratch").mkdir(parents=True)
    parent = subprocess.Popen(
        [sys.executable, script, marks], start_new_session=True, stderr=subprocess.DEVNULL
    )
    pids = lambda: [int(path.name) for path in marks.iterdir() if path.name != "scratch"]  # noqa: E731
    assert until(lambda: len(pids()) == 2)
    if how == signal.SIGINT:
        os.killpg(parent.pid, how)  # as a terminal does: to the whole group
    else:
        parent.kill()
    parent.wait(timeout=30)
    assert until(lambda: not running(pids()))
    assert how == signal.SIGKILL or list((marks / "scratch").iterdir()) == []


def test_a_cluster_that_lost_all_its_workers_is_not_waited_for_for_ever(monkeypatch, tmp_path):
    monkeypatch.setattr("estran.store.engines.dask.DESERTED", 1)
    with (
        distributed.LocalCluster(
            n_workers=1, processes=False, dashboard_address=None, local_directory=str(tmp_path)
        ) as cluster,
        open_engine("dask", scheduler=cluster.scheduler_address) as engine,
    ):
        assert engine.map(len, ["four"]) == [4]
        cluster.scale(0)
        while cluster.scheduler_info["workers"]:
            time.sleep(0.05)
        with pytest.raises(EngineError, match="lost all its workers"):
            engine.map(len, ["four"])
