"""A disk that is full or may only be read: one clear line, nothing torn, and it goes on when there is room."""

import json
import shutil
import subprocess

from bench.torture.comparing import messages_of

from conftest import said


def fill(disk, *, leave):
    (disk / "ballast").write_bytes(b"x" * max(shutil.disk_usage(disk).free - leave, 0))


def test_a_full_disk_is_said_in_one_line_and_every_command_goes_on_when_there_is_room(disk, estran, made):
    space = disk / "acme"
    shutil.copytree(made[0], space)
    said(250, start=600).write_csv("b.csv")
    for typed in (
        ["ingest", "disk/acme", "b.csv", "--source", "crm"],
        ["tour", "disk/acme", "--json"],
        ["compact", "disk/acme"],
    ):
        fill(disk, leave=16_384)
        refused = estran(*typed)
        assert refused.code == 2, refused.said
        assert "free some" in refused.said
        (disk / "ballast").unlink()
        assert estran(*typed).code == 0
    assert messages_of(space).height == 850
    assert json.loads(estran("doctor", "disk/acme", "--json").printed)["faults"] == []


def test_an_erasure_that_finds_no_room_is_finished_when_there_is_some(disk, estran, made):
    space = disk / "acme"
    shutil.copytree(made[0], space)
    fill(disk, leave=12_288)
    refused = estran("erase", "disk/acme", "--author", "user 3", "--yes")
    assert (refused.code, "free some" in refused.said) == (2, True)
    (disk / "ballast").unlink()
    assert estran("erase", "disk/acme", "--author", "user 3", "--yes").code == 0
    assert messages_of(space).height == 600 - 20
    assert json.loads(estran("doctor", "disk/acme", "--json").printed)["faults"] == []


def test_a_workspace_that_may_only_be_read_is_toured_and_not_changed(disk, estran, made):
    space = disk / "acme"
    shutil.copytree(made[0], space)
    said(9, start=600).write_csv("b.csv")
    before = {path: path.read_bytes() for path in space.rglob("*") if path.is_file()}
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert estran("tour", "disk/acme", "--json").printed == made[1]
    assert "600 messages" in " ".join(estran("status", "disk/acme").printed.split())
    for typed in (
        ["ingest", "disk/acme", "b.csv"],
        ["compact", "disk/acme"],
        ["doctor", "disk/acme"],
        ["erase", "disk/acme", "--author", "user 3", "--yes"],
    ):
        refused = estran(*typed)
        assert (refused.code, "Read-only file system" in refused.said) == (2, True)
    assert {path: path.read_bytes() for path in space.rglob("*") if path.is_file()} == before
