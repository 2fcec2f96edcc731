"""What is counted anew is what changed, and the answer is that of counting everything."""

import os
import pickle
import stat

import polars as pl
import pytest
from atrest import Shelf, message, shelf, small_blocks

from estran.store.counts import Counts
from estran.store.engines.threads import ThreadEngine
from estran.store.held import Held, HeldBlock
from estran.store.prepared import PREPARED

ENGINE = ThreadEngine(threads=1)


@pytest.fixture
def counts(tmp_path):
    return Counts(tmp_path / "counts", at_least=2, layout=small_blocks)


def fresh(folder, store):
    """The counts of a store in a folder that never held any."""
    counts = Counts(folder, at_least=2, layout=small_blocks)
    counts.refresh(store, ENGINE)
    return counts


def same(counts, others):
    return (
        counts.digest() == others.digest()
        and counts.totals().equals(others.totals())
        and counts.totals(at_least=1).equals(others.totals(at_least=1))
        and counts.totals(at_least=4).equals(others.totals(at_least=4))
        and counts.phrases().counts.phrases.equals(others.phrases().counts.phrases)
    )


def test_the_totals_are_those_of_a_corpus_in_memory(counts):
    counts.refresh(shelf(150), ENGINE)
    held = Held(tuple(HeldBlock(block.columns(PREPARED.names()), block.removed) for block in counts.blocks))
    assert len(counts.blocks) == 5
    assert counts.totals().equals(held.totals(at_least=2))
    assert counts.totals(at_least=1).equals(held.totals(at_least=1))
    assert counts.totals(at_least=9).equals(held.totals(at_least=9))


def test_a_new_day_counts_the_last_block_only(counts, tmp_path):
    counts.refresh(shelf(145), ENGINE)
    refreshed = counts.refresh(shelf(150), ENGINE)
    assert (refreshed.counted, refreshed.kept) == (("2023-05",), 4)
    assert same(counts, fresh(tmp_path / "fresh", shelf(150)))


def test_an_edit_counts_the_block_of_its_month(counts, tmp_path):
    counts.refresh(shelf(150), ENGINE)
    edited = shelf(150).put(message(40, edition=1))
    assert counts.stale(edited) == ("2023-02",)
    assert counts.refresh(edited, ENGINE).counted == ("2023-02",)
    assert same(counts, fresh(tmp_path / "fresh", edited))


def test_nothing_new_is_nothing_to_do(counts):
    counts.refresh(shelf(100), ENGINE)
    before = {file: file.stat().st_mtime_ns for file in counts.folder.rglob("*")}
    assert counts.refresh(shelf(100), ENGINE).counted == ()
    counts.compact()
    assert {file: file.stat().st_mtime_ns for file in counts.folder.rglob("*")} == before


def test_other_files_of_the_same_messages_change_nothing(counts):
    counts.refresh(shelf(100), ENGINE)
    digest = counts.digest()
    assert counts.refresh(shelf(100).rearranged(), ENGINE).counted == ()
    assert counts.stale(shelf(100).rearranged()) == ()
    assert counts.digest() == digest


def test_a_growing_corpus_is_parted_into_smaller_blocks(counts, tmp_path):
    names = []
    busy = shelf(90).put(*(message(number, day=number % 20) for number in range(1_000, 1_040)))
    for number, store in enumerate([shelf(20), shelf(65), shelf(90), busy]):
        counts.refresh(store, ENGINE)
        names.append(tuple(block.name for block in counts.blocks))
        assert same(counts, fresh(tmp_path / f"{number}", store))
    assert names == [
        ("2023-01",),
        ("2023-01_2023-03",),
        ("2023-01", "2023-02", "2023-03"),
        ("2023-01.1of2", "2023-01.2of2", "2023-02", "2023-03"),
    ]


def test_nothing_is_a_corpus_too(counts):
    assert counts.totals().height == 0
    assert counts.refresh(Shelf(), ENGINE).counted == ()
    assert (counts.blocks, counts.totals().height, counts.phrases().cells.height) == ((), 0, 0)
    assert len(counts.digest()) == 40
    counts.compact()
    assert counts.check() == []


def test_a_block_gives_columns_and_rows_of_its_messages(counts):
    counts.refresh(shelf(150), ENGINE)
    block = pickle.loads(pickle.dumps(counts.blocks[3]))
    whole = block.columns(PREPARED.names())
    assert whole.schema == PREPARED
    assert block.spoken().to_pylist() == whole["spoken"].to_list()
    assert block.take(whole["id"].arg_sort().to_numpy(), ["author", "id"]).equals(
        whole.sort("id").select("author", "id")
    )
    assert (block.messages, block.read) == (whole.height, 30)
    assert "2023-0" in repr(block)


def test_rows_are_taken_across_batches(counts):
    counts = Counts(counts.folder)
    counts.refresh(Shelf().put(*(message(number, day=number % 28) for number in range(9_000))), ENGINE)
    (block,) = counts.blocks
    ids = block.columns(["id"])["id"]
    rows = pl.Series([block.messages - 1, 5, 4_100, 5]).to_numpy()
    assert block.take(rows, ["id"])["id"].to_list() == [ids[int(row)] for row in rows]


def test_the_folders_are_private(counts):
    os.umask(0o022)
    counts.refresh(shelf(150), ENGINE)
    folders = [counts.folder, *(path for path in counts.folder.rglob("*") if path.is_dir())]
    assert len(folders) == 9
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_what_is_forgotten_leaves_no_file(counts):
    counts.refresh(shelf(150), ENGINE)
    counts.forget()
    assert not counts.folder.exists()
    assert counts.totals().height == 0
    counts.forget()
    assert len(counts.refresh(shelf(150), ENGINE).counted) == 5


def test_progress_is_told(counts):
    blocks, messages = [], []
    counts.refresh(shelf(150), ENGINE, progress=blocks.append)
    counts.totals(progress=messages.append)
    assert blocks == list(range(1, 6))
    assert messages[-1] == sum(block.messages for block in counts.blocks)
