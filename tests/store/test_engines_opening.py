"""Engines are found by their name, those of others like Estran's; what is missing is said in one line."""

import os
import subprocess
import sys

import pytest

from estran.errors import EngineError, SettingsError
from estran.store.engines import cores, open_engine, require

OUTSIDER = """
from estran.store.engines.threads import ThreadEngine

class OneByOne(ThreadEngine):
    def __init__(self, *, patience=1):
        super().__init__(threads=patience)
"""


def test_an_unknown_engine_names_the_known_ones():
    with pytest.raises(SettingsError, match="no engine 'ray': the engines are dask, pool, spark, threads"):
        open_engine("ray")


def test_an_unknown_option_names_the_known_ones():
    with pytest.raises(SettingsError, match=r"'threads'.*'scheduler'; its options are threads"):
        open_engine("threads", scheduler="tcp://localhost:8786")


@pytest.mark.parametrize(("name", "option"), [("threads", "threads"), ("pool", "workers")])
def test_no_workers_are_refused(name, option):
    with pytest.raises(SettingsError, match=f"{option} must be 1 or more, not 0"):
        open_engine(name, **{option: 0})


def test_the_engine_of_another_package_is_found(tmp_path, monkeypatch):
    (tmp_path / "one_by_one.py").write_text(OUTSIDER)
    info = tmp_path / "one_by_one-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: one-by-one\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[estran.engines]\none-by-one = one_by_one:OneByOne\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with open_engine("one-by-one", patience=3) as engine:
        assert (type(engine).__name__, engine.map(abs, [-1, 2])) == ("OneByOne", [1, 2])


def test_a_missing_package_says_which_extra_brings_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match=r"^distributed is not installed: install estran\[cluster\]$"):
        require("distributed", "cluster")


def test_a_package_that_is_there_but_broken_says_so_itself(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import nowhere_to_be_found")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        require("half_installed", "cluster")


def test_estran_loads_no_engine_of_a_cluster():
    loaded = (
        "import sys, estran.store.engines.pool, estran.store.engines.dask, estran.store.engines.spark;"
        "print({'distributed', 'pyspark', 'dask'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True) == "set()\n"


def test_the_cores_are_those_this_process_may_use(monkeypatch):
    assert 1 <= cores() <= os.cpu_count()
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)  # as on macOS and Windows
    assert cores() == os.cpu_count()
