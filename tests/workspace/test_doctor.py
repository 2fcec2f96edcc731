"""What is wrong in a workspace is found; what can be mended is mended; the rest is said with what to do."""

import stat
from pathlib import Path

import pytest
from kept import frame

import estran as es
from estran.report import keeping


@pytest.fixture
def full(ws):
    """A workspace with messages of four months, counted."""
    frame(120).write_parquet("a.parquet")
    ws.ingest("a.parquet")
    ws.refresh()
    return ws


def faults(ws):
    return [(fault.kind, fault.mended) for fault in ws.doctor().faults]


def test_a_sound_workspace_is_well(full):
    before = {file: file.read_bytes() for file in Path("acme").rglob("*") if file.is_file()}
    health = full.doctor()
    assert (health.well, health.faults) == (True, ())
    assert {file: file.read_bytes() for file in Path("acme").rglob("*") if file.is_file()} == before


def others_may_read():
    Path("acme").chmod(0o755)


def others_may_read_the_key():
    Path("acme/pseudonyms.key").chmod(0o644)


def a_folder_is_missing():
    Path("acme/rejected").rmdir()


def something_was_left_behind():
    Path("acme/tmp/part").write_text("x")
    Path("acme/.estran-0123").write_text("x")


def a_file_of_messages_is_half_written():
    month = next(Path("acme/messages").glob("month=*"))
    (month / "part-00000-0.zstd.parquet#1").write_text("what somebody said")


def a_run_is_torn():
    with Path("acme/runs.jsonl").open("a") as runs:
        runs.write('{"time": "2026')


def a_count_is_cut_off():
    file = next(Path("acme/counts/blocks").rglob("prepared.arrow"))
    file.write_bytes(file.read_bytes()[:50])


def a_bit_of_a_count_is_flipped():
    file = next(Path("acme/counts/blocks").rglob("*.arrow"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


def the_manifest_is_damaged():
    Path("acme/counts/manifest.json").write_text("{")


MENDED = {
    others_may_read: "folder-open",
    others_may_read_the_key: "key-open",
    a_folder_is_missing: "folder-missing",
    something_was_left_behind: "leftover",
    a_file_of_messages_is_half_written: "leftover",
    a_run_is_torn: "journal-torn",
    a_count_is_cut_off: "counts-damaged",
    a_bit_of_a_count_is_flipped: "counts-damaged",
    the_manifest_is_damaged: "counts-damaged",
}


@pytest.mark.parametrize("harm", MENDED, ids=lambda harm: harm.__name__)
def test_what_can_be_mended_is_mended_and_said(full, harm):
    before = full.tour().to_dict()
    harm()
    assert faults(full) == [(MENDED[harm], True)]
    assert (faults(full), full.tour().to_dict() == before) == ([], True)
    assert stat.S_IMODE(Path("acme").stat().st_mode) == 0o700
    assert stat.S_IMODE(full.key.stat().st_mode) == 0o600


def the_key_is_gone():
    Path("acme/pseudonyms.key").unlink()


def the_key_is_another():
    Path("acme/pseudonyms.key").write_text("ab" * 32)


def the_store_is_gone():
    import shutil

    shutil.rmtree("acme/messages")


def a_data_file_is_gone():
    next(Path("acme/messages").glob("month=2024-02/*.parquet")).unlink()


def a_data_file_is_cut_off():
    file = next(Path("acme/messages").glob("month=2024-02/*.parquet"))
    file.write_bytes(file.read_bytes()[:300])


def a_list_of_refused_rows_is_damaged():
    Path("acme/rejected/0123-000001.jsonl").write_text('{"file": "a.csv"}\n')


def a_line_of_the_list_of_themes_is_cut_off():
    Path("acme/identities.jsonl").write_text('{"format": 1}\n{"id": "01H24D')


def a_correction_has_no_verb():
    Path("acme/themes.toml").write_text('[[edit]]\npni = "fax"\n')


def the_units_are_cut_off():
    Path("acme/units.json").write_text('{"format": 1, "units": [', encoding="utf-8")


REMAINING = {
    the_key_is_gone: "key-missing",
    the_key_is_another: "key-wrong",
    the_store_is_gone: "store-closed",
    a_data_file_is_gone: "file-missing",
    a_data_file_is_cut_off: "file-damaged",
    a_list_of_refused_rows_is_damaged: "rejected-damaged",
    a_line_of_the_list_of_themes_is_cut_off: "identities-damaged",
    a_correction_has_no_verb: "corrections-wrong",
    the_units_are_cut_off: "units-damaged",
}


@pytest.mark.parametrize("harm", REMAINING, ids=lambda harm: harm.__name__)
def test_what_cannot_be_mended_remains_and_is_said(full, harm):
    harm()
    health = full.doctor()
    assert ([(f.kind, f.mended) for f in health.faults], health.well) == ([(REMAINING[harm], False)], False)


def test_a_message_that_is_there_twice_is_found(full):
    store = full._store
    twice = store.read(["2024-02"]).head(2).to_arrow()
    from deltalake import write_deltalake

    table = store.place.table()
    import polars as pl

    write_deltalake(table, pl.DataFrame(twice).with_columns(month=pl.lit("2024-02")), mode="append")
    assert faults(full) == [("id-twice", False)]


def test_a_key_that_lies_with_the_messages_is_said_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ws = es.init("acme", key="acme/messages/my.key")
    assert faults(ws) == [("key-inside", False)]


def test_every_fault_and_every_check_has_its_sentence(full):
    a_count_is_cut_off()
    health = full.doctor()
    assert set(health.checked) == set(keeping.CHECKED)
    elsewhere = {"id-twice", "key-inside", "erasure-half", "vectors-damaged", "topics-damaged"}
    assert {*MENDED.values(), *REMAINING.values()} | elsewhere == set(keeping.FAULTS)
