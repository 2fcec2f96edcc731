"""The folder of a workspace: made once, opened ever after, never taken for another."""

import json
import stat
import threading
import time
from pathlib import Path

import pytest
from kept import Listening

import estran as es
from estran.workspace import journal, keys, lock


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_a_workspace_and_its_key_are_for_their_owner_only(ws):
    assert (mode("acme"), mode("acme/pseudonyms.key"), ws.key) == (0o700, 0o600, Path("acme/pseudonyms.key"))
    assert len(bytes.fromhex(ws.key.read_text())) == 32


def test_making_a_workspace_twice_changes_nothing(ws):
    before = {p: p.read_bytes() for p in Path("acme").rglob("*") if p.is_file()}
    assert es.init("acme").path == ws.path
    assert {p: p.read_bytes() for p in Path("acme").rglob("*") if p.is_file()} == before


def test_a_workspace_says_what_it_is(ws):
    said = json.loads(Path("acme/workspace.json").read_text())
    assert (said["format"], said["messages"], said["key"]) == (1, "messages", "pseudonyms.key")
    assert ws.key.read_text().strip() not in Path("acme/workspace.json").read_text()


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("desk").mkdir(mode=0o755)
    Path("desk/letter.txt").write_text("dear")
    with pytest.raises(
        es.WorkspaceError, match=r"desk holds other things \(letter.txt\): give the name of a new folder"
    ):
        es.init("desk")
    assert ([p.name for p in Path("desk").iterdir()], mode("desk")) == (["letter.txt"], 0o755)


def test_a_file_is_no_place_for_a_workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("acme").write_text("")
    with pytest.raises(es.WorkspaceError, match="acme is a file: choose another name"):
        es.init("acme")


def test_an_init_that_was_killed_is_gone_on_with(ws):
    key = ws.key.read_text()
    Path("acme/workspace.json").unlink()  # it is written last
    assert es.init("acme").key.read_text() == key
    assert es.open("acme").status().messages == 0


def test_a_key_may_lie_elsewhere_and_is_made_or_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    es.init("one", key="keys/shared.key")
    two = es.init("two", key="keys/shared.key")
    assert (two.key, mode("keys/shared.key")) == (tmp_path / "keys/shared.key", 0o600)
    assert not Path("one/pseudonyms.key").exists()


@pytest.mark.parametrize("content", ["", "some words", "ab" * 31, "é"])
def test_a_file_that_holds_no_key_is_refused(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    Path("my.key").write_text(content, encoding="utf-8")
    with pytest.raises(es.WorkspaceError, match=r"my.key holds no key of 64 hexadecimal digits"):
        es.init("acme", key="my.key")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"store": "s3://bucket/acme"}, "keeps its messages in messages: give another name"),
        ({"key": "other.key"}, "its key is acme/pseudonyms.key: give another name"),
        ({"new_key": True}, "pseudonyms.key is there already: a key is never overwritten"),
    ],
)
def test_a_workspace_is_not_changed_by_making_it_otherwise(ws, asked, sentence):
    with pytest.raises(es.EstranError, match=sentence):
        es.init("acme", **asked)


def test_a_place_that_is_no_workspace_is_said_to_be_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(es.WorkspaceError, match="acme does not exist: `estran init acme` makes a workspace"):
        es.open("acme")
    with pytest.raises(es.WorkspaceError, match=r"\. is no workspace, it has no workspace.json"):
        es.open(".")


@pytest.mark.parametrize("content", ["", "[]", '{"format": "new"}', '{"messages": "messages"}'])
def test_a_damaged_description_is_said_to_be_damaged(ws, content):
    Path("acme/workspace.json").write_text(content)
    with pytest.raises(es.WorkspaceError, match=r"workspace.json is damaged: put it back from a copy"):
        es.open("acme")


def test_a_description_that_says_too_little_is_refused(ws):
    Path("acme/workspace.json").write_text('{"format": 1}')
    with pytest.raises(es.WorkspaceError, match="does not say messages"):
        es.open("acme")


def test_a_workspace_of_a_newer_estran_is_refused(ws):
    said = json.loads(Path("acme/workspace.json").read_text())
    Path("acme/workspace.json").write_text(json.dumps(said | {"format": 2}))
    with pytest.raises(
        es.WorkspaceError, match=r"made by a newer Estran \(format 2; this one knows 1\): upgrade"
    ):
        es.open("acme")


def test_a_key_that_was_destroyed_is_only_replaced_on_request(ws):
    config, key = Path("acme/workspace.json"), ws.key
    old = key.read_text()
    key.unlink()
    with pytest.raises(es.WorkspaceError, match="is not there: put it back; if it was destroyed on purpose"):
        keys.key_of(ws._folder)
    es.init("acme", new_key=True)
    assert (key.read_text() != old, mode(key)) == (True, 0o600)
    assert json.loads(config.read_text())["check"] == keys.fingerprint(bytes.fromhex(key.read_text()))


def test_the_key_of_another_workspace_is_refused(ws):
    ws.key.write_text(es.init("other").key.read_text())
    with pytest.raises(es.WorkspaceError, match="is not the key that acme was made with"):
        keys.key_of(ws._folder)


def test_a_store_of_another_workspace_is_not_taken_over(ws, company):
    company.write_parquet("a.parquet")
    ws.ingest("a.parquet")
    Path("acme/workspace.json").unlink()
    with pytest.raises(es.WorkspaceError, match="holds messages of another workspace already"):
        es.init("acme")


def test_a_writer_waits_for_another_and_says_so(ws, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0.05)
    listening, order = Listening(), []
    entered, leave = threading.Event(), threading.Event()

    def first():
        with ws._writing(Listening()):
            entered.set()
            leave.wait(10)
            order.append("first")

    def second():
        with es.open("acme")._writing(listening):
            order.append("second")

    writers = [threading.Thread(target=first), threading.Thread(target=second)]
    writers[0].start()
    entered.wait(10)
    writers[1].start()
    while not listening.said:
        time.sleep(0.01)
    leave.set()
    for writer in writers:
        writer.join()
    assert (order, [n.kind for n in listening.said]) == (["first", "second"], ["waiting"])


def test_whoever_writes_finds_the_scratch_folder_empty(ws):
    Path("acme/tmp/half").mkdir()
    Path("acme/tmp/half/part.arrow").write_text("x")
    Path("acme/tmp/loose").write_text("x")
    with ws._writing(Listening()):
        assert list(Path("acme/tmp").iterdir()) == []


def test_the_journal_passes_over_a_line_that_was_torn(ws):
    runs = Path("acme/runs.jsonl")
    runs.write_text(runs.read_text() + '{"time": "2026-')
    journal.note(runs, "compact", before=3, after=2)
    assert [(run.what, dict(run.figures)) for run in journal.runs(runs)] == [
        ("init", {}), ("compact", {"before": 3, "after": 2}),
    ]  # fmt: skip


def test_whoever_writes_removes_what_was_half_written(ws):
    halves = [
        Path("acme/.estran-0123"),
        Path("acme/rejected/.estran-4567"),
        Path("acme/messages/month=2024-01/part-00000-0.zstd.parquet#1"),  # as delta-rs names them
        Path("acme/messages/_delta_log/_commit_0.json.tmp"),
        Path("acme/messages/_delta_log/00000000000000000001.json#2"),
    ]
    for half in halves:
        half.parent.mkdir(exist_ok=True)
        half.write_text("a note of whom to forget")
    with ws._writing(Listening()):
        assert not any(half.exists() for half in halves)


def test_an_init_that_was_killed_while_it_wrote_a_file_is_gone_on_with(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("acme").mkdir()
    Path("acme/.estran-0123").write_text("half a key")
    es.init("acme")
    assert not Path("acme/.estran-0123").exists()
