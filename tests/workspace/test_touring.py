"""The tour of a workspace is that of its messages, and only what changed is counted for it."""

from pathlib import Path

import polars as pl
import pytest
from kept import Listening, frame

import estran as es
from estran import workspace
from estran.workspace import space


@pytest.fixture(scope="module")
def full(tmp_path_factory, company):
    """A workspace that holds a small company, counted."""
    folder = tmp_path_factory.mktemp("full")
    company.write_parquet(folder / "company.parquet")
    ws = es.init(folder / "acme")
    ws.ingest(folder / "company.parquet")
    ws.refresh()
    return ws


def claims(tour):
    """What is claimed, without where it comes from."""
    said = tour.to_dict()
    said.pop("provenance")
    for theme in (theme for themes in said.values() if isinstance(themes, tuple | list) for theme in themes):
        del theme["id"]  # that of a workspace stays over time, that of a file is told from its variants
    said["coverage"].pop("notices")
    return said


def test_a_workspace_says_what_its_files_say(full):
    of_the_file = es.tour(full.path.parent / "company.parquet")
    told = full.tour()
    assert claims(told) == claims(of_the_file)
    assert (told.provenance.files, told.provenance.people) == (("acme",), of_the_file.provenance.people)


def test_a_tour_of_a_folder_is_that_of_the_workspace(full):
    assert es.tour(full.path).to_dict() == full.tour().to_dict()


def test_what_came_in_the_place_of_what_is_the_same_for_a_folder_its_workspace_and_its_file(full):
    of_the_file = es.succession(full.path.parent / "company.parquet", step="half")
    told = full.succession(step="half")
    assert told.to_dict() == es.succession(full.path, step="half").to_dict()
    assert told.going_out == of_the_file.going_out
    assert told.coverage.kept == of_the_file.coverage.kept


def test_what_is_asked_of_a_tour_is_heard(full):
    told = full.tour(step="year", since="2024-01-01", until="2025-12-31", settings=es.Settings(top=1))
    assert (told.provenance.step, told.provenance.since[:4], told.coverage.periods) == (
        "year",
        "2024",
        ("2024", "2025"),
    )
    assert len(told.steady) + len(told.too_early) <= 2


def test_only_what_changed_is_counted_anew_and_that_is_said(ws, company):
    company.write_parquet("a.parquet")
    ws.ingest("a.parquet")
    first, second, third = Listening(), Listening(), Listening()
    ws.refresh(progress=first)
    done = ws.refresh(progress=second)
    frame(3).write_parquet("b.parquet")
    ws.ingest("b.parquet")
    ws.tour(progress=third)
    assert [(n.kind, dict(n.facts)) for n in first.said] == [("counted", {"counted": 1, "blocks": 1})]
    assert (second.said, done.counted, done.kept) == ([], (), 1)
    assert [n.kind for n in third.said] == ["counted"]
    assert [run.what for run in ws.status().runs] == ["refresh", "ingest", "refresh", "ingest", "init"]


def test_a_damaged_count_is_counted_again_and_that_is_said(ws, company):
    company.write_parquet("a.parquet")
    ws.ingest("a.parquet")
    sound = claims(ws.tour())
    damaged = next(Path("acme/counts/blocks").rglob("prepared.arrow"))
    damaged.write_bytes(damaged.read_bytes()[:100])
    listening = Listening()
    assert claims(ws.tour(progress=listening)) == sound
    assert [n.kind for n in listening.said] == ["mended", "counted"]


def test_every_engine_tells_the_same(full):
    assert claims(full.tour(engine="pool", workers=2)) == claims(full.tour(workers=1))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"engine": "steam"}, "there is no engine 'steam'"),
        ({"engine": "pool", "scheduler": "tcp://x:1"}, "the engine 'pool': .*scheduler"),
        ({"step": "day"}, "step must be one of"),
        ({"since": "2025-02-01", "until": "2025-01-01"}, "exchange them"),
    ],
)
def test_what_cannot_be_meant_is_refused(full, asked, sentence):
    with pytest.raises(es.SettingsError, match=sentence):
        full.tour(**asked)


def test_an_empty_workspace_says_how_to_fill_it(ws):
    with pytest.raises(
        es.NotEnoughError, match="acme holds no message yet: `estran ingest acme FILE` takes some in"
    ):
        ws.tour()


def test_files_and_a_workspace_are_not_mixed(ws):
    frame(30).write_csv("a.csv")
    with pytest.raises(
        es.SettingsError, match="acme is a workspace, and a tour is of one workspace or of files"
    ):
        es.tour("acme", "a.csv")
    with pytest.raises(es.SettingsError, match=r"told when files are taken in \(`estran ingest acme FILE`\)"):
        es.tour("acme", inside=["author=user 1"])
    with pytest.raises(es.SettingsError, match="an engine counts a workspace, and files are counted here"):
        es.tour("a.csv", engine="pool")


def test_settings_are_those_of_the_workspace(full, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    Path("estran.toml").write_text("top = 1\n")
    (full.path / "estran.toml").write_text("top = 2\n")
    try:
        assert (workspace.settings().top, workspace.settings(full.path).top, full.settings.top) == (1, 2, 2)
        assert (workspace.settings(full.path, top=5).top, full.tour().provenance.settings["top"]) == (5, 2)
    finally:
        (full.path / "estran.toml").unlink()


def test_who_reads_does_not_wait_for_who_writes(full):
    with full._writing(Listening()):
        listening = Listening()
        assert full.tour(progress=listening).coverage.read == 1_200
        assert full.status().messages == 1_200
    assert listening.said == []


def test_a_workspace_that_nobody_may_write_can_be_read(full, monkeypatch):
    def forbidden(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(space.lock, "tried", forbidden)  # root, as whom tests may run, is never refused
    assert full.tour().coverage.read == 1_200


def test_putting_files_together_changes_no_figure(ws, company):
    for n in range(3):
        company.gather_every(3, n).write_parquet(f"{n}.parquet")
        ws.ingest(f"{n}.parquet")
    before = claims(ws.tour())
    done = ws.compact()
    listening = Listening()
    assert (done.after < done.before, claims(ws.tour(progress=listening))) == (True, before)
    assert listening.said == []


def test_the_status_tells_what_is_there_and_what_is_to_be_counted(full):
    told = full.status()
    assert (told.messages, told.format, told.store, told.blocks, told.to_count) == (
        1_200,
        1,
        "messages",
        1,
        0,
    )
    assert sum(of.messages for of in told.holdings) == 1_200
    assert (
        told.people == pl.read_parquet(full.path.parent / "company.parquet")["author"].drop_nulls().n_unique()
    )
    assert (told.first, told.last) == (
        min(h.first for h in told.holdings),
        max(h.last for h in told.holdings),
    )
    on_disk = sum(file.stat().st_size for file in full.path.rglob("*") if file.is_file())
    assert told.size.messages + told.size.counts + told.size.vectors + told.size.rest == on_disk
