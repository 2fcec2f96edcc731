"""Spark: a Java that it can run on, a session that is there or its own, and nothing left behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
from types import SimpleNamespace

import pyarrow as pa
import pytest
from engine_processes import running, until
from pyspark.sql import SparkSession

from estran.errors import EngineError, SettingsError
from estran.store.engines import open_engine
from estran.store.engines.outcomes import packed, settled
from estran.store.engines.spark import Lists, check_java, outcomes

PARENT = """
import os, sys
from estran.store.engines import open_engine

wait = "import os, time; open(sys.argv[1] + '/' + str(os.getpid()), 'w').close(); time.sleep(60)"
with open_engine("spark", workers=2, scratch=sys.argv[2]) as engine:
    engine.map(exec, [wait.replace("sys.argv[1]", repr(sys.argv[1]))] * 2)
"""


needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and it is not here")


def java_saying(folder, version):
    """A folder that is a JAVA_HOME: its Java says one line, as `java -version` does."""
    (folder / "bin").mkdir()
    java = folder / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2021-10-19' >&2\n")
    java.chmod(0o700)
    return str(folder)


@pytest.fixture
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


def test_no_java_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        open_engine("spark") as engine,
        pytest.raises(
            EngineError,
            match=r"needs Java, and there is none: .* \(on Debian: apt install openjdk-17-jre-headless\)",
        ),
    ):
        engine.map(abs, [-1])


@pytest.mark.parametrize("version", ["1.8.0_312", "11.0.13"])
def test_an_old_java_says_what_to_install(tmp_path, monkeypatch, version):
    monkeypatch.setenv("JAVA_HOME", java_saying(tmp_path, version))
    with pytest.raises(
        EngineError, match=f'openjdk version "{re.escape(version)}".*install Java 17 or newer'
    ):
        check_java()


def test_a_new_java_will_do(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", java_saying(tmp_path, "21.0.1"))
    check_java()


def test_workers_are_those_of_the_master():
    with pytest.raises(SettingsError, match="leave out workers"):
        open_engine("spark", master="spark://localhost:7077", workers=2)


def test_nothing_is_started_where_there_is_no_work(scratch):
    with open_engine("spark", scratch=scratch / "not there") as engine:
        assert engine.map(abs, []) == []


def test_pieces_become_outcomes_and_say_that_they_arrived():
    lists, arrived = Lists(), []
    sent = SimpleNamespace(value=[packed(abs, "two"), packed(abs, 1), packed(abs, -2)])
    accumulator = SimpleNamespace(add=lambda more: lists.addInPlace(arrived, more))
    (given,) = outcomes(sent, accumulator)([pa.record_batch({"id": pa.array([2, 0])})])
    done, wrong = given.column("outcome").to_pylist()
    assert (given.column("place").to_pylist(), settled(done)) == ([2, 0], 2)
    assert (arrived, lists.zero(arrived)) == ([None, wrong], [])


def test_a_master_that_is_none_is_said():
    with pytest.raises(SettingsError, match="'nowhere' is no Spark master"):
        open_engine("spark", master="nowhere")


@needs_java
def test_a_spark_that_does_not_start_is_said():
    before = dict(os.environ)
    with (
        open_engine("spark", master="local[two]") as engine,
        pytest.raises(EngineError, match=r"Spark does not start at local\[two\]"),
    ):
        engine.map(abs, [-1])
    assert dict(os.environ) == before


@needs_java
def test_a_session_that_is_there_is_used_and_kept(scratch):
    before = dict(os.environ)
    with open_engine("spark", workers=1, scratch=scratch) as engine:
        assert engine.map(abs, [-1]) == [1]
        session = SparkSession.getActiveSession()
        with open_engine("spark") as guest:
            assert guest.map(abs, [-2]) == [2]
        assert SparkSession.getActiveSession() is session
        with pytest.raises(EngineError, match="Spark did not do the work"):
            engine.map(abs, range(20), progress=lambda done: session.stop())
    assert SparkSession.getActiveSession() is None
    assert list(scratch.iterdir()) == []
    assert dict(os.environ) == before


@needs_java
def test_work_ends_with_its_parent_and_leaves_nothing(tmp_path, scratch):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path, scratch], start_new_session=True, stderr=subprocess.DEVNULL
    )
    assert until(lambda: len(list(tmp_path.iterdir())) == 2, seconds=120)
    os.killpg(parent.pid, signal.SIGINT)  # as a terminal does: to the whole group
    assert parent.wait(timeout=60) != 0
    assert until(lambda: not running(int(path.name) for path in tmp_path.iterdir()))
    assert list(scratch.iterdir()) == []
