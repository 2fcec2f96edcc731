"""The base: merged rows of what is not expected to change, joined with the rows of what does."""

import numpy as np
import polars as pl
import pytest
from atrest import message, shelf, small_blocks

from estran.store.counts import Counts
from estran.store.engines.threads import ThreadEngine
from estran.store.sums import Rows, added, by_phrase, found, ranges, stretches

ENGINE = ThreadEngine(threads=1)


def rows(*each):
    hashes, groups, pointers, counts = zip(*each, strict=True)
    return Rows(
        np.array(hashes, np.uint64), np.array(groups, np.int32), np.array(pointers, np.uint64),
        np.array(counts, np.uint64),
    )  # fmt: skip


def saying(number, day, text):
    return message(number, day=day) | {"text": text, "title": None, "language": "en"}


@pytest.fixture
def counts(tmp_path):
    return Counts(tmp_path / "counts", at_least=3, layout=small_blocks)


def of(totals, phrase):
    return totals.filter(phrase=phrase).select("messages", "people").sum().row(0)


def test_rows_of_one_phrase_and_group_are_added():
    one, other = rows((7, 1, 11, 5), (3, 2, 12, 1)), rows((7, 1, 13, 6), (7, 0, 14, 1))
    assert [column.tolist() for column in added(one, other)] == [
        [3, 7, 7],
        [2, 0, 1],
        [12, 14, 13],
        [1, 1, 11],
    ]


def test_phrases_are_found_by_bisection():
    among = np.array([2, 5, 9], np.uint64)
    assert found(np.array([9, 3, 2, 11], np.uint64), among).tolist() == [2, -1, 0, -1]
    assert found(among, np.empty(0, np.uint64)).tolist() == [-1, -1, -1]
    assert stretches(np.array([4, 9, 1]), np.array([6, 9, 2])).tolist() == [4, 5, 1]
    groups = by_phrase(rows((3, 0, 0, 1 << 32), (3, 1, 0, 2 << 32), (8, 0, 0, 4 << 32)))
    assert (groups.rows.tolist(), groups.messages.tolist()) == ([2, 1], [3, 4])


@pytest.mark.parametrize("count", [0, 400_000, 3_000_000, 10_000_000_000])
def test_ranges_part_all_buckets(count):
    parted = ranges(count)
    assert [bucket for first, last in parted for bucket in range(first, last)] == list(range(256))
    assert len({last - first for first, last in parted}) == 1


def test_a_base_in_many_ranges_is_the_same_base(counts, tmp_path, monkeypatch):
    counts.refresh(shelf(150), ENGINE)
    monkeypatch.setattr("estran.store.sums.RANGE_ROWS", 50)
    parted = Counts(tmp_path / "parted", at_least=3, layout=small_blocks)
    parted.refresh(shelf(149), ENGINE)
    parted.refresh(shelf(150), ENGINE)
    tables = sorted((tmp_path / "parted" / "base").rglob("below.arrow"))
    assert len(tables) == 1
    assert parted.digest() == counts.digest()
    assert parted.totals().equals(counts.totals())


def test_a_rare_phrase_is_promoted_with_its_old_rows(counts):
    early = shelf(140).put(saying(900, 5, "a zeppelin lands"), saying(901, 40, "zeppelin ahoy"))
    counts.refresh(early, ENGINE)
    assert of(counts.totals(), "zeppelin") == (0, 0)
    assert of(counts.totals(at_least=2), "zeppelin") == (2, 2)
    late = early.put(saying(902, 145, "the zeppelin again"))
    assert counts.refresh(late, ENGINE).counted == ("2023-05",)
    assert of(counts.totals(), "zeppelin") == (3, 3)
    table = counts.phrases()
    number = table.counts.phrases.index_of("zeppelin")
    cells = table.counts.cell[table.counts.phrase == number]
    assert table.cells[cells]["month"].to_list() == ["2023-01", "2023-02", "2023-05"]


def test_a_kept_phrase_gets_the_new_rows(counts):
    early = shelf(140).put(*(saying(900 + n, 5 + n, f"zeppelin number {n}") for n in range(4)))
    counts.refresh(early, ENGINE)
    counts.refresh(early.put(saying(950, 146, "one zeppelin")), ENGINE)
    assert of(counts.totals(), "zeppelin") == (5, 5)


def test_headlines_are_those_of_all_blocks(counts):
    def titled(number, day):
        return saying(number, day, f"we saw number {number}") | {
            "title": "The zeppelin",
            "thread": f"z{number}",
        }

    counts.refresh(shelf(140).put(*(titled(900 + n, 5 + n) for n in range(4))), ENGINE)
    counts.refresh(shelf(140).put(*(titled(900 + n, 5 + n) for n in range(4)), titled(950, 146)), ENGINE)
    said = counts.totals().filter(phrase="zeppelin")
    assert (said["messages"].sum(), said["headlines"].sum()) == (5, 5)


def test_the_base_holds_all_blocks_but_those_of_the_last_month(counts, tmp_path):
    counts.refresh(shelf(120), ENGINE)
    before = base_of(counts)
    counts.refresh(shelf(118).put(message(119)), ENGINE)
    assert base_of(counts) == before
    counts.refresh(shelf(150), ENGINE)
    assert base_of(counts) != before
    assert len(list((counts.folder / "base").iterdir())) == 1
    counts.refresh(shelf(20), ENGINE)
    assert list((counts.folder / "base").iterdir()) == []


def test_another_least_number_of_messages_makes_another_base(counts):
    counts.refresh(shelf(150), ENGINE)
    before, totals = base_of(counts), counts.totals(at_least=2)
    other = Counts(counts.folder, at_least=2, layout=small_blocks)
    other.compact()
    assert base_of(other) != before
    assert other.totals().equals(totals)
    assert other.refresh(shelf(150), ENGINE).counted == ()


def test_totals_are_told_by_language(counts):
    counts.refresh(shelf(150), ENGINE)
    totals = counts.totals()
    assert set(totals["language"]) == {"en", "fr"}
    assert totals.equals(totals.sort("phrase", "language"))
    over_all = totals.group_by("phrase").agg(pl.col("messages").sum())
    assert over_all["messages"].min() == 3


def base_of(counts):
    return [path.name for path in (counts.folder / "base").iterdir()]
