"""The commands about both sides, as somebody types them: on files, on a workspace, on what cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import estran as es
from sided_talk import talk


@pytest.fixture(scope="module")
def messages():
    return talk(people=900, gaps={"harbour": (0.0, 0.4), "lantern": (0.35, 0.02)})


@pytest.fixture(autouse=True)
def without_vectors(monkeypatch):
    monkeypatch.setenv("ESTRAN_ENCODER", "plain")


def test_a_file_and_a_workspace_tell_the_same_continuum(estran, messages):
    messages.drop("unit", "title").write_parquet("talk.parquet")
    code, shown, _ = estran("continuum", "talk.parquet", "--step", "quarter", "--html", "page.html")
    assert code == 0
    assert "1 theme is said more outside, 1 more inside" in shown
    assert Path("page.html").read_text(encoding="utf-8").count('class="side-map') == 2
    es.init("acme").ingest("talk.parquet")
    of_file = json.loads(estran("continuum", "talk.parquet", "--step", "quarter", "--json")[1])
    of_workspace = json.loads(estran("continuum", "acme", "--step", "quarter", "--json")[1])
    assert [t["label"] for t in of_file["themes"]] == [t["label"] for t in of_workspace["themes"]]
    assert of_file["themes"][0]["ratio"] == of_workspace["themes"][0]["ratio"]


def test_what_goes_unanswered_is_told_in_french_too(estran, messages):
    messages.drop("unit", "title").write_parquet("talk.parquet")
    code, shown, _ = estran("unanswered", "talk.parquet", "--step", "quarter", "--language", "fr")
    assert code == 0
    assert "Les clients soulèvent 1 thème" in shown
    assert "harbour" in shown


@pytest.mark.parametrize("command", ["continuum", "unanswered"])
def test_one_side_alone_is_answered_in_words(estran, messages, command):
    messages.filter(pl.col("side") == "outside").drop("unit", "title").write_parquet("talk.parquet")
    code, shown, said = estran(command, "talk.parquet", "--step", "quarter")
    assert code == 0
    assert "All messages come from one side" in shown
    assert "Traceback" not in said
