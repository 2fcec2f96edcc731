"""Whoever is forgotten is in no vector either: neither what they wrote, nor what others wrote with their name in it."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import estran as es
from estran.analysis.meanings import Meanings
from estran.stats.points import points_of
from estran.store import topics
from estran.store.vectors import hashes_of
from estran.workspace.keys import key_of
from estran.workspace.touring import counts_of

NAME = "Zoé Martin"
THINGS = [
    "tent",
    "rucksack",
    "stove",
    "kayak",
    "lamp",
    "map",
    "rope",
    "boot",
    "jacket",
    "paddle",
    "compass",
    "tarp",
]
OF_HER = [
    "Ask Zoé Martin about the returns policy before noon",
    "The stove that Zoé Martin sold has a leak",
    "Zoé Martin knows why the paper catalogue ended",
]


@pytest.fixture(scope="module")
def made(shop, tmp_path_factory):
    """A workspace in which Zoé Martin wrote a dozen messages, three others name her, and topics were made."""
    place = tmp_path_factory.mktemp("erased")
    hers = shop.head(12).with_columns(
        id=pl.lit("z") + pl.int_range(12).cast(pl.String),
        author=pl.lit(NAME),
        text=pl.Series(
            [f"My own {thing} broke on the {n}th walk of a wet spring" for n, thing in enumerate(THINGS)]
        ),
        title=pl.lit(None, pl.String),
    )
    of_her = shop.tail(3).with_columns(
        id=pl.lit("o") + pl.int_range(3).cast(pl.String),
        text=pl.Series(OF_HER),
        title=pl.lit(None, pl.String),
    )
    pl.concat([shop, hers, of_her]).write_parquet(place / "a.parquet")
    ws = es.init(place / "acme")
    (place / "acme/estran.toml").write_text('encoder = "plain"\n')
    ws.ingest(place / "a.parquet", source="talk")
    ws.topics()
    return place


@pytest.fixture
def full(made, tmp_path, monkeypatch):
    """A copy of it."""
    shutil.copytree(made, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return es.open("acme")


def said(ws, pattern):
    """Ids and texts of the messages that say something, as they were prepared."""
    blocks = counts_of(ws._folder, ws.settings).blocks
    return pl.concat([block.columns(["id", "spoken"]) for block in blocks]).filter(
        pl.col("spoken").str.contains(pattern)
    )


def needles(ws):
    """The bytes that tell of her: vectors at rest of her messages and of those that name her, as rows and as points."""
    folder = ws._folder
    own = said(ws, "My own|Zoé Martin")
    meanings = Meanings(ws.settings, folder=folder.vectors, key=key_of(folder))
    texts = [each.replace("\n", " ") for each in own["spoken"]]
    rows = meanings.kept("messages").read(meanings.hashes(texts))
    points = points_of(rows, topics.read(folder.topics).known.frame)
    hashes = [*meanings.hashes(texts), *meanings.hashes(said(ws, "My own")["id"].to_list())]
    return (
        [row.tobytes() for row in rows.astype(np.float16)],
        [row.tobytes() for row in points],
        [each.tobytes() for each in np.array(hashes, "<u8")],
    )  # fmt: skip


def found(sought):
    """How many of some bytes stand in any file of the workspace."""
    content = [file.read_bytes() for file in Path("acme").rglob("*") if file.is_file()]
    return sum(any(needle in each for each in content) for needle in sought)


def test_no_vector_no_point_and_no_hash_of_hers_is_left_in_any_file(full):
    rows, points, hashes = needles(full)
    assert (len(rows), found(rows), found(hashes)) == (
        15,
        15,
        len(hashes),
    )  # the data that could leak are there
    assert found(points) > 0
    before = topics.read(Path("acme/topics"))
    keys = hashes_of(said(full, "My own")["id"], key=key_of(full._folder))
    assert full.erase(author=NAME).proof.found == ()
    assert (found(rows), found(points), found(hashes)) == (0, 0, 0)
    assert not Path("acme/vectors/phrases").exists()
    after = topics.read(Path("acme/topics"))
    touched = np.unique(before.of(keys))
    changed = np.any(before.known.centroid != after.known.centroid, axis=1)
    assert changed[touched[touched >= 0]].all()
    assert len(after.message) == len(before.message) - 12


def test_who_speaks_on_keeps_their_topics(full):
    before = {topic.id for topic in full.topics().topics}
    named = hashes_of(said(full, "Zoé Martin")["id"], key=key_of(full._folder))
    full.erase(author=NAME)
    after = full.topics()
    assert len(before & {topic.id for topic in after.topics}) >= len(before) - 1
    masked = topics.read(Path("acme/topics")).of(named)
    assert (len(masked), (masked != topics.ABSENT).all()) == (3, True)


KILLED = """
import os, sys
from importlib import import_module
import estran as es
from estran.workspace import erasure
step, where = sys.argv[1:]
owner = getattr(erasure, step.split(".")[0]) if "." in step else erasure
name = step.split(".")[-1]
real = getattr(owner, name)
def dying(*args, **kwargs):
    if where == "after":
        real(*args, **kwargs)
    os._exit(9)
setattr(owner, name, dying)
es.open("acme").erase(author="Zoé Martin")
"""


@pytest.mark.parametrize(
    ("step", "where"),
    [
        ("_forget_vectors", "before"),
        ("topics.write", "after"),
        ("strip", "after"),
        ("_forget_themes", "before"),
    ],
)
def test_killed_at_any_step_her_vectors_are_gone_after_the_next_command(full, step, where):
    rows, points, hashes = needles(full)
    run = subprocess.run([sys.executable, "-c", KILLED, step, where], check=False)
    assert run.returncode == 9
    es.open("acme").compact()
    assert (found(rows), found(points), found(hashes)) == (0, 0, 0)


def test_without_topics_all_vectors_go(full):
    rows, _, _ = needles(full)
    topics.remove(Path("acme/topics"))
    full.erase(author=NAME)
    assert (found(rows), Path("acme/vectors").exists()) == (0, False)


def test_a_name_in_the_name_of_a_topic_goes(full):
    from dataclasses import replace

    rest = topics.read(Path("acme/topics"))
    id_ = rest.known.ids[0]
    topics.write(Path("acme/topics"), replace(rest, labels={id_: (("en", "zoé martin, tent"),)}))
    full.erase(author=NAME)
    assert topics.read(Path("acme/topics")).labels[id_] == (("en", "tent"),)
