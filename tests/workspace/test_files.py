"""The facade, on real files and with the real rooms below it."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from kept import Listening, frame

import estran as es
from estran import workspace


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame(120).write_parquet("messages.parquet")
    return "messages.parquet"


def test_every_row_of_every_file_is_kept_or_refused_or_left_out(tmp_path, file):
    frame(100, start=60).write_csv("more.csv")  # sixty of them lie in both files
    tour = es.tour(file, "more.csv", until=dt.date(2024, 5, 31))
    refused = sum(r.rows for r in tour.coverage.refused)
    out = sum(tour.coverage.removed.get(k, 0) for k in ("empty", "bot", "duplicate", "near-duplicate"))
    days = tour.coverage.removed["outside the days asked"]
    assert (tour.coverage.read, refused, days) == (220, 60, 8)
    assert tour.coverage.kept + refused + out + days == 220


def test_no_name_and_no_address_comes_in(file):
    written = json.dumps(es.tour(file).to_dict(), ensure_ascii=False)
    assert "user 3" not in written
    assert "@example.org" not in written


def test_a_face_is_told_each_stage_and_how_much_of_it_is_done(file):
    listening = Listening()
    es.tour(file, progress=listening)
    assert listening.stages[0] == "read"
    assert listening.steps["read"] == [100, 100]
    assert {"clean", "count", "concepts", "match", "test", "board"} <= set(listening.stages)
    assert all(0 <= done <= (total or 0) for done, total in listening.steps.values())


def test_the_guess_of_every_file_is_said_before_the_first_is_read(file):
    frame(30, start=200).write_ndjson("more.jsonl")
    listening = Listening()
    es.tour(file, "more.jsonl", progress=listening)
    assert [said.split(":")[0] for said in listening.said] == [
        "messages.parquet (Parquet)", "more.jsonl (JSON Lines)",
    ]  # fmt: skip


def test_sides_and_columns_are_as_told(file):
    tour = es.tour(file, columns={"title": ""}, outside=["author=user 1*"], inside=["author=user 2"])
    assert "title" not in tour.provenance.columns
    assert {v.side for v in tour.coverage.volumes} == {None, "inside", "outside"}


@pytest.mark.parametrize(
    "day", ["2024-03-01", dt.date(2024, 3, 1), dt.datetime(2024, 3, 1, 18, tzinfo=dt.UTC)]
)
def test_a_day_may_be_written_or_given(file, day):
    assert es.tour(file, since=day, step="month").provenance.since == "2024-03-01"


def test_a_tour_that_starts_after_the_last_message_is_refused_with_the_days_that_are_there(file):
    with pytest.raises(es.NotEnoughError, match="go from 2024-01-01 to 2024-04-29"):
        es.tour(file, since="2025-01-01")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"step": "day"}, "step must be one of week, month, quarter, half, year, not 'day'"),
        ({"since": "1 May"}, "since must be a day such as 2024-03-01, not '1 May'"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "exchange them"),
    ],
)
def test_what_is_asked_is_checked_before_a_file_is_opened(asked, sentence):
    with pytest.raises(es.SettingsError, match=sentence):
        es.tour("a file that is not there.csv", **asked)


def test_a_tour_of_no_file_is_refused():
    with pytest.raises(es.SettingsError, match="no file was given"):
        es.tour()


def test_rows_that_are_all_refused_are_told_by_reason(file):
    frame(9).with_columns(time=pl.lit(dt.datetime(2199, 1, 1, tzinfo=dt.UTC))).write_parquet("future.parquet")
    with pytest.raises(
        es.NotEnoughError, match=r"no row of future.parquet .* dated in the future \(9 rows\)"
    ):
        es.tour("future.parquet")


def test_settings_come_from_the_folder_unless_they_are_given(file):
    Path("estran.toml").write_text("top = 1\nthreads = 1\n")
    assert (workspace.settings().top, workspace.settings(top=5).top) == (1, 5)
    assert es.tour(file).provenance.settings["top"] == 1
    assert es.tour(file, settings=es.Settings()).provenance.settings["top"] == 12


def test_the_demo_is_a_tour_of_the_simulated_company(monkeypatch):
    small = es.simulate.company(messages=800, years=3)
    monkeypatch.setattr(workspace.files, "company", lambda *, seed: small)
    listening = Listening()
    tour = es.demo(settings=es.Settings(top=2), progress=listening)
    assert (tour.provenance.files, tour.coverage.read) == (("simulated company",), 800)
    assert listening.stages[0] == "simulate"
    assert len(tour.too_early) <= 2
