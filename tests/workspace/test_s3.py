"""A workspace whose messages lie in an object store."""

import shutil
from pathlib import Path

import pytest
from kept import Listening, frame

import estran as es
from bucket import new_bucket, serving
from estran.workspace.erasure import person
from estran.workspace.proof import prove


@pytest.fixture(scope="module")
def server():
    with serving() as address:
        yield address


@pytest.fixture
def bucket(server, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return new_bucket(server, monkeypatch)


def test_it_is_filled_toured_looked_over_and_forgets(bucket):
    ws = es.init("acme", store=f"s3://{bucket}/acme")
    frame(120).write_csv("a.csv")
    ws.ingest("a.csv")
    assert ws.ingest("a.csv")[0].known
    assert ws.tour().coverage.read == 120
    done = es.open("acme").erase(author="user 3")
    assert (done.messages, done.proof.found, done.proof.files > 8) == (7, (), True)
    assert (ws.doctor().well, ws.status().messages, ws.status().size.messages > 0) == (True, 113, True)
    assert not Path("acme/messages").exists()
    ws.compact()


def test_the_proof_looks_into_the_object_store(bucket):
    ws = es.init("acme", store=f"s3://{bucket}/acme")
    frame(60).write_csv("a.csv")
    ws.ingest("a.csv")
    whom = person(ws._folder, author="user 3", pseudonym=None)
    found = prove(ws._folder, ws._store, whom.pseudonym, name=None, texts=[], progress=Listening()).found
    assert {file.split("/")[-1].split("-")[0] for file in found} == {"part"}
    assert all(file.startswith(f"s3://{bucket}/acme/month=2024-0") for file in found)


def test_a_second_machine_that_has_the_description_and_the_key_sees_the_same(bucket):
    ws = es.init("acme", store=f"s3://{bucket}/acme")
    frame(60).write_csv("a.csv")
    ws.ingest("a.csv")
    Path("elsewhere").mkdir()
    for name in ("workspace.json", "pseudonyms.key"):
        shutil.copy(f"acme/{name}", f"elsewhere/{name}")
    there = es.open("elsewhere")
    Path("b.csv").write_text(frame(60, start=30).write_csv() + "x,some day,late,,,\n")
    assert there.ingest("b.csv")[0].new == 30
    assert (ws.status().messages, ws.status().people) == (90, 17)
    assert there.doctor().well


def test_another_workspace_cannot_take_the_store_over(bucket):
    ws = es.init("acme", store=f"s3://{bucket}/acme")
    frame(9).write_csv("a.csv")
    ws.ingest("a.csv")
    with pytest.raises(es.WorkspaceError, match="holds messages of another workspace already"):
        es.init("other", store=f"s3://{bucket}/acme")


def test_a_store_is_an_address_and_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        es.SettingsError, match="store is an address such as s3://bucket/acme, not 'elsewhere'"
    ):
        es.init("acme", store="elsewhere")
    assert not Path("acme").exists()
