"""Counts of a real store, by real engines: the answer does not depend on who counted."""

import datetime as dt
from functools import partial

import polars as pl
import pytest
from atrest import Shelf, message, shelf, small_blocks

from estran.model import MESSAGES
from estran.store import partials
from estran.store.blocks import Block
from estran.store.counts import Counts
from estran.store.engines import open_engine
from estran.store.messages import MessageStore
from estran.store.partials import BlockTask, PartialFile, count_block, written_aside

SAID = [
    ("The budget of the network team is late again.", "en", "a1"),
    ("We don't share the budget with the data-science team!", "en", "a2"),
    ("Le réseau social d'entreprise, c'est l'avenir de l’équipe.", "fr", "a3"),
    ("Un réseau social d'entreprise pour l'équipe commerciale\nEt un budget.", "fr", "a1"),
    ("Network budget: 3 servers, 2 meetings, no decision", "en", None),
    ("Je relance l'équipe commerciale à propos du réseau social.", "fr", None),
]


@pytest.fixture
def store(tmp_path):
    return MessageStore.create(str(tmp_path / "messages"))


def batch(rows):
    return pl.DataFrame(rows, schema=MESSAGES, orient="row")


@pytest.mark.parametrize(("engine", "options"), [("threads", {"threads": 2}), ("pool", {"workers": 2})])
def test_a_store_is_counted_alike_by_every_engine(tmp_path, store, engine, options):
    store.upsert(batch(list(shelf(120).rows.values())))
    counts = Counts(tmp_path / "counts", at_least=2, layout=small_blocks)
    with open_engine(engine, **options) as opened:
        assert len(counts.refresh(store, opened).counted) == 4
        store.upsert(batch([message(100, edition=1), message(119) | {"title": None}]))
        assert counts.refresh(store, opened).counted == ("2023-04",)
        store.compact()
        assert counts.refresh(store, opened).counted == ()
    held = Shelf().put(*store.read(list(store.snapshot().months)).to_dicts())
    plain = Counts(tmp_path / "plain", at_least=2, layout=small_blocks)
    with open_engine("threads", threads=1) as one:
        plain.refresh(held, one)
    assert counts.digest() == plain.digest()
    assert counts.totals().equals(plain.totals())


def test_an_erased_author_leaves_the_counts(tmp_path, store):
    store.upsert(batch(list(shelf(120).rows.values())))
    counts = Counts(tmp_path / "counts", at_least=1, layout=small_blocks)
    with open_engine("threads", threads=1) as engine:
        counts.refresh(store, engine)
        counts.forget()
        store.erase("a3")
        counts.refresh(store, engine)
        never = Counts(tmp_path / "never", at_least=1, layout=small_blocks)
        never.refresh(shelf(120).without(lambda row: row["author"] == "a3"), engine)
    assert counts.digest() == never.digest()
    assert not any("a3" in block.columns(["author"])["author"].to_list() for block in counts.blocks)


def test_what_is_counted_is_what_was(tmp_path):
    """Where this fails, what is counted has changed: `partials.COUNTING` goes up, so that workspaces count anew."""
    start = dt.datetime(2024, 3, 30, tzinfo=dt.UTC)
    rows = [
        message(number) | {"text": text, "language": language, "author": author, "title": None, "thread": None}
        | {"time": start + dt.timedelta(days=number)}
        for number, (text, language, author) in enumerate(SAID)
    ]  # fmt: skip
    counts = Counts(tmp_path / "counts", at_least=1)
    with open_engine("threads", threads=1) as engine:
        counts.refresh(Shelf().put(*rows), engine)
    assert (partials.COUNTING, counts.digest()) == (1, "9421662d4398f64f41a1c7481f3c2efc52186b6a")


def test_a_block_counted_twice_is_the_same_block(tmp_path, monkeypatch):
    task = BlockTask(shelf(20), Block(("2023-01",)), "digest", tmp_path / "counts", 4)
    once = count_block(task)
    twin = count_block(task)
    assert (once.counted, twin.counted) == (True, False)
    assert once.entry == twin.entry
    monkeypatch.setattr(partials, "_counted_before", lambda *_: None)  # as if both had begun at once
    assert count_block(task).counted
    assert [path.name for path in (tmp_path / "counts" / "blocks").iterdir()] == [
        once.entry.folder.removeprefix("blocks/")
    ]


def test_a_folder_is_whole_or_not_there(tmp_path):
    def broken():
        with written_aside(tmp_path / "parent" / "folder") as aside:
            (aside / "half").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert list((tmp_path / "parent").iterdir()) == []
    (tmp_path / "parent" / "file").touch()
    with pytest.raises(NotADirectoryError), written_aside(tmp_path / "parent" / "file"):
        pass


def test_no_rows_are_no_file_to_open(tmp_path):
    assert PartialFile(tmp_path / "nowhere", 0).between(0, 256).shape == (0, 3)


def test_blocks_are_parted_by_people(tmp_path, store):
    layout = partial(small_blocks, bucket=10)
    counts = Counts(tmp_path / "counts", at_least=1, layout=layout)
    with open_engine("threads", threads=1) as engine:
        counts.refresh(shelf(80), engine)
    authors = [set(block.columns(["author"])["author"].drop_nulls()) for block in counts.blocks]
    assert [block.name for block in counts.blocks][:4] == [f"2023-01.{n}of4" for n in range(1, 5)]
    assert sum(map(len, authors[:4])) == len(set.union(*authors[:4]))
    assert sum(block.read for block in counts.blocks) == 80
