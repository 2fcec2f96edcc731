"""Disks that are full, or that nobody may write: one clear line, and nothing torn."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kept import frame

import estran as es
from estran.workspace.refusing import refused, writing

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount the small disk of this test"
)


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """A disk of two megabytes, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this machine lets nobody mount the small disk of this test")
    monkeypatch.chdir(tmp_path)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(disk, *, leave):
    """Fills the disk up to some bytes."""
    free = shutil.disk_usage(disk).free - leave
    (disk / "ballast").write_bytes(b"x" * max(free, 0))


def test_a_disk_that_is_full_is_said_to_be_and_the_rest_goes_in_later(disk):
    ws = es.init("disk/acme")
    frame(40).write_csv("a.csv")
    ws.ingest("a.csv")
    frame(900, start=40, text="late {} again {} " + "and so on " * 90).write_csv("b.csv")
    fill(disk, leave=60_000)
    with pytest.raises(es.EstranError, match="free some"):
        ws.ingest("b.csv")
    assert ws.status().messages == 40
    (disk / "ballast").unlink()
    (found,) = ws.ingest("b.csv")
    assert (found.new, ws.doctor().well) == (900, True)


def test_counts_that_find_no_room_are_made_when_there_is_some(disk):
    ws = es.init("disk/acme")
    frame(200).write_csv("a.csv")
    ws.ingest("a.csv")
    fill(disk, leave=8_192)
    with pytest.raises(es.EstranError, match=r"No space left on device|free some"):
        ws.tour()
    (disk / "ballast").unlink()
    assert ws.tour().coverage.read == 200
    assert ws.doctor().well


def test_no_workspace_is_made_where_there_is_no_room(disk):
    fill(disk, leave=0)
    with pytest.raises(es.EstranError, match=r"No space left on device|free some"):
        es.init("disk/acme")
    (disk / "ballast").unlink()
    assert es.init("disk/acme").status().messages == 0


def test_a_folder_that_may_only_be_read_can_be_toured_and_not_changed(disk):
    ws = es.init("disk/acme")
    frame(120).write_csv("a.csv")
    ws.ingest("a.csv")
    told = ws.tour().to_dict()
    before = {p: p.read_bytes() for p in Path("disk").rglob("*") if p.is_file()}
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert es.open("disk/acme").tour().to_dict() == told
    assert es.open("disk/acme").status().messages == 120
    frame(3).write_csv("b.csv")
    for change in (lambda: ws.ingest("b.csv"), ws.compact, ws.doctor, lambda: ws.erase(author="user 1")):
        with pytest.raises(
            es.WorkspaceError,
            match=r"disk/acme cannot be written \(Read-only file system\): make it writable",
        ):
            change()
    assert {p: p.read_bytes() for p in Path("disk").rglob("*") if p.is_file()} == before


def test_a_refusal_that_is_only_told_in_words_is_understood():
    assert refused(ValueError("write: No space left on device (os error 28)")) == 28
    assert refused(ValueError("a bug")) is None


def test_what_is_no_refusal_of_the_disk_is_left_as_it_is():
    with pytest.raises(ZeroDivisionError), writing(Path("acme")):
        _ = 1 / 0
