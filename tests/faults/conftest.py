"""The real command, in processes of its own that need not import everything anew, and messages to be kept."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from bench.torture.killing import Runner

FIRST = dt.datetime(2024, 1, 1, 9, tzinfo=dt.UTC)
WORDS = ("harbour", "tent", "parcel", "garden", "compass", "ferry", "lantern", "invoice", "bridge", "orchard")


@pytest.fixture(scope="session")
def runner(tmp_path_factory):
    with Runner(tmp_path_factory.mktemp("warm")) as runner:
        yield runner


@pytest.fixture
def estran(runner, tmp_path, monkeypatch):
    """Runs a command where the test stands: estran("tour", "acme")."""
    monkeypatch.chdir(tmp_path)
    return partial(command, runner, tmp_path)


@pytest.fixture(scope="session")
def made(runner, tmp_path_factory):
    """A workspace of 600 messages over two years, in several blocks of months, counted; and what its tour tells."""
    folder = tmp_path_factory.mktemp("made")
    said(600).write_csv(folder / "a.csv")
    for typed in (["init", folder / "acme"], ["ingest", "acme", "a.csv", "--source", "crm"]):
        assert command(runner, folder, *typed).code == 0
    return folder / "acme", command(runner, folder, "tour", "acme", "--json").printed


@pytest.fixture
def acme(made, estran):
    """A copy of it, to be broken."""
    shutil.copytree(made[0], "acme")
    return Path("acme")


def command(runner, folder, *arguments):
    """Runs a command in a folder."""
    typed = [str(folder / each) if (folder / each).exists() else str(each) for each in arguments[1:]]
    return runner.run([arguments[0], *typed], space=folder / "acme", learn=True)


def said(messages, *, start=0, **columns):
    """Something that thirty people say, a message or two a day."""
    n = pl.col("n")
    words = pl.Series(WORDS)
    frame = pl.DataFrame({"n": range(start, start + messages)}).select(
        id="m" + n.cast(pl.String),
        time=(pl.lit(FIRST) + pl.duration(hours=28 * n)).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        author="user " + (n % 31).cast(pl.String),
        text=pl.format(
            "the {} by the {} was late for the {} of order {}",
            words.gather((pl.Series(range(start, start + messages)) * 7) % 10),
            words.gather((pl.Series(range(start, start + messages)) // 3) % 10),
            words.gather((pl.Series(range(start, start + messages)) // 11) % 10),
            n,
        ),
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in columns.items()})


@pytest.fixture
def disk(tmp_path):
    """A disk of a few megabytes, in memory; `acme` on it is a workspace to be."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount the small disk of this test")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount the small disk of this test")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
