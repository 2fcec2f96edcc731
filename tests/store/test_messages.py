"""Messages at rest: what one writer and one reader see."""

import datetime as dt
import json
import pickle
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.model import MESSAGES
from estran.store.erasure import compact
from estran.store.messages import Authored, MessageStore, Upserted

DAY = dt.datetime(2024, 1, 10, 12, tzinfo=dt.UTC)
MAY = dt.datetime(2024, 5, 2, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path):
    return MessageStore.create(str(tmp_path / "messages"))


def everything(store):
    return store.read(list(store.snapshot().months))


def data_files(store):
    return {path for path in store.place.files.sizes() if not path.startswith("_delta_log")}


def test_what_goes_in_comes_out_as_it_was_sorted_by_time(store, frame):
    batch = frame([{"author": "a", "title": "Hey"}, {"text": "l'été d'\"Oslo\" \U0001f600\n"}, {"time": DAY}])
    assert store.upsert(batch) == Upserted(new=3, changed=0, same=0, moved=0)
    assert everything(store).equals(batch.sort("time", "id"))


def test_an_empty_store_has_no_months(store):
    assert store.snapshot().months == {}
    assert store.read([]).schema == MESSAGES
    assert store.read(["2024-01"]).schema == MESSAGES


def test_columns_come_as_they_are_asked_for(store, frame):
    store.upsert(frame([{}, {}]))
    assert store.read(["2024-01"], columns=["text", "id"]).columns == ["text", "id"]
    assert store.read([], columns=["text"]).schema == {"text": pl.String}


def test_a_month_is_read_without_the_others(store, frame):
    store.upsert(frame([{"id": "a"}, {"id": "b", "time": MAY}]))
    assert store.read(["2024-05"])["id"].to_list() == ["b"]


def test_a_batch_given_again_rewrites_nothing(store, frame):
    batch = frame([{}, {"time": MAY}])
    store.upsert(batch)
    before = store.snapshot()
    assert store.upsert(batch) == Upserted(new=0, changed=0, same=2, moved=0)
    assert store.snapshot() == before
    assert data_files(store) == {
        path for month in before.months.values() for path in map(inside, month.files)
    }


def inside(address):
    return re.search(r"month=.*", address)[0]


@pytest.mark.parametrize("column", [name for name in MESSAGES if name not in {"id", "time"}])
def test_an_edit_of_any_column_replaces_the_message(store, frame, column):
    store.upsert(frame([{"id": "x", column: "old"}, {"id": "y"}]))
    edited = frame([{"id": "x", column: "new"}, {"id": "y"}])
    assert store.upsert(edited) == Upserted(new=0, changed=1, same=1, moved=0)
    assert everything(store).equals(edited)
    assert store.upsert(frame([{"id": "x", column: None}])).changed == 1


def test_an_edit_of_the_hour_stays_in_its_month(store, frame):
    store.upsert(frame([{"id": "x", "time": DAY}]))
    later = DAY + dt.timedelta(hours=3)
    assert store.upsert(frame([{"id": "x", "time": later}])) == Upserted(new=0, changed=1, same=0, moved=0)
    assert everything(store)["time"].to_list() == [later]


def test_a_message_dated_into_another_month_stays_in_its_first(store, frame):
    store.upsert(frame([{"id": "x", "time": DAY, "text": "one"}, {"id": "y", "time": MAY}]))
    again = frame([{"id": "x", "time": MAY, "text": "two"}, {"id": "z", "time": MAY}])
    assert store.upsert(again) == Upserted(new=1, changed=1, same=0, moved=1)
    assert store.upsert(again) == Upserted(new=0, changed=0, same=2, moved=1)
    assert store.read(["2024-01"]).select("time", "text").rows() == [(DAY, "two")]
    assert store.read(["2024-05"])["id"].sort().to_list() == ["y", "z"]


def test_an_id_twice_in_a_batch_is_refused(store, frame):
    with pytest.raises(ValueError, match="twice"):
        store.upsert(frame([{"id": "x"}, {"id": "x", "time": MAY}]))
    assert store.snapshot().months == {}


@pytest.mark.parametrize("name", ["o'hara", 'a"b', "a b; DROP", "é\U0001f600", "%_\\", "x\ny"])
def test_ids_and_authors_are_never_read_as_conditions(store, frame, name):
    batch = frame([{"id": name, "author": name}, {"id": name + "2", "author": "b"}])
    store.upsert(batch)
    assert store.upsert(batch).same == 2
    assert store.erase(name).messages == 1
    assert everything(store)["author"].to_list() == ["b"]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.integers(0, 9), st.tuples(st.integers(1, 4), st.sampled_from("abc")), max_size=6),
        max_size=6,
    )
)
def test_any_batches_leave_each_message_once_in_its_first_month(tmp_path_factory, frame, batches):
    store = MessageStore.create(str(tmp_path_factory.mktemp("any")))
    first, last = {}, {}
    for batch in batches:
        rows = [
            {"id": f"m{n}", "time": DAY.replace(month=month), "text": text}
            for n, (month, text) in batch.items()
        ]
        done = store.upsert(frame(rows) if rows else pl.DataFrame(schema=MESSAGES))
        new = {n: month for n, (month, _) in batch.items() if n not in first}
        texts = {n: text for n, (_, text) in batch.items()}
        changed = sum(texts[n] != last[n] for n in texts if n in first)
        moved = sum(month != first[n] for n, (month, _) in batch.items() if n in first)
        assert done == Upserted(len(new), changed, len(batch) - len(new) - changed, moved)
        first |= new
        last |= texts
    kept = everything(store).select(
        pl.col("id").str.slice(1).cast(pl.Int64), pl.col("time").dt.month(), "text"
    )
    assert sorted(kept.rows()) == [(n, first[n], last[n]) for n in sorted(first)]


def test_a_cursor_is_recorded_with_its_batch(store, frame):
    store.upsert(frame([{}]), cursor=("slack:acme", 7))
    store.upsert(frame([{"id": "other"}]), cursor=("o'mail", 2))
    assert store.cursor("slack:acme") == 7
    assert store.cursor("nobody") is None
    assert store.cursors() == {"slack:acme": 7, "o'mail": 2}


def test_a_replay_records_a_new_cursor_and_writes_no_data(store, frame):
    store.upsert(frame([{}]), cursor=("slack", 1))
    before = store.snapshot()
    assert store.upsert(frame([{}]), cursor=("slack", 2)) == Upserted(new=0, changed=0, same=1, moved=0)
    assert store.upsert(pl.DataFrame(schema=MESSAGES), cursor=("mail", 5)).new == 0
    assert store.cursors() == {"slack": 2, "mail": 5}
    assert store.snapshot().months == before.months


def test_a_cursor_that_is_known_makes_no_commit(store, frame):
    store.upsert(frame([{}]), cursor=("slack", 1))
    before = store.snapshot().version
    store.upsert(frame([{}]), cursor=("slack", 1))
    assert store.snapshot().version == before


def test_cursors_outlive_compaction_and_erasure(store, frame):
    store.upsert(frame([{"author": "a"}]), cursor=("slack", 1))
    store.compact()
    store.erase("a")
    assert store.cursors() == {"slack": 1}


def test_a_month_left_alone_keeps_its_digest(store, frame):
    store.upsert(frame([{"id": "a"}, {"id": "b", "time": MAY}]))
    before = store.snapshot().months
    store.upsert(frame([{"id": "c", "time": MAY}]))
    after = store.snapshot().months
    assert after["2024-01"] == before["2024-01"]
    assert after["2024-05"].digest != before["2024-05"].digest
    assert (after["2024-05"].rows, len(after["2024-05"].files)) == (2, 2)


def test_a_digest_does_not_depend_on_where_the_store_lies(store, frame, tmp_path):
    store.upsert(frame([{}]))
    (tmp_path / "messages").rename(tmp_path / "elsewhere")
    moved = MessageStore.open(str(tmp_path / "elsewhere"))
    assert moved.upsert(frame([{}])).same == 1
    digest = moved.snapshot().months["2024-01"].digest
    (tmp_path / "elsewhere").rename(tmp_path / "messages")
    assert store.snapshot().months["2024-01"].digest == digest


def test_a_snapshot_is_read_as_it_stood(store, frame):
    store.upsert(frame([{"id": "a", "text": "first"}]))
    before = store.snapshot()
    store.upsert(frame([{"id": "a", "text": "second"}]))
    assert store.read(["2024-01"], snapshot=before)["text"].to_list() == ["first"]
    store.compact()
    assert store.read(["2024-01"], snapshot=before)["text"].to_list() == ["second"]


def test_files_of_a_snapshot_are_readable_by_others(store, frame):
    store.upsert(frame([{"id": "a"}]))
    assert pl.read_parquet(store.snapshot().months["2024-01"].files)["id"].to_list() == ["a"]


def test_a_store_can_be_sent_to_a_worker(store, frame):
    store.upsert(frame([{"id": "a"}]))
    assert pickle.loads(pickle.dumps(store)).read(["2024-01"])["id"].to_list() == ["a"]


def test_authored_counts_messages_and_months(store, frame):
    store.upsert(frame([{"author": "a"}, {"author": "a", "time": MAY}, {"author": "b"}]))
    assert store.authored("a") == Authored(2, ("2024-01", "2024-05"))
    assert store.authored("c") == Authored(0, ())


def test_compaction_leaves_one_file_a_month_and_the_same_messages(store, frame):
    for n in range(6):
        store.upsert(frame([{"id": f"a{n}"}, {"id": f"b{n}", "time": MAY}]), cursor=("slack", n))
    before = everything(store)
    store.compact()
    assert len(data_files(store)) == 2
    assert everything(store).equals(before)
    assert store.upsert(before).same == 12


def test_compaction_of_what_is_compact_changes_no_digest(store, frame):
    store.upsert(frame([{"id": "a"}]))
    before = store.snapshot().months
    store.compact()
    assert store.snapshot().months == before


def test_compaction_rewrites_big_months_in_several_commits(store, frame):
    for n in range(2):
        store.upsert(frame([{"id": f"{month}-{n}", "time": DAY.replace(month=month)} for month in (1, 2, 3)]))
    before = everything(store)
    compact(store.place, together=3)
    assert len(data_files(store)) == 3
    assert everything(store).equals(before)


def test_the_log_stays_short(store, frame):
    for n in range(30):
        store.upsert(frame([{"id": f"a{n}"}]))
    store.compact()
    logged = [path for path in store.place.files.sizes() if path.endswith(".json")]
    assert len(logged) <= 21
    assert store.size() == sum(store.place.files.sizes().values())


def test_the_log_holds_no_text_and_no_author(store, frame):
    store.upsert(frame([{"id": "a", "text": "secretword", "author": "pseudonym"}]), cursor=("s", 1))
    store.upsert(frame([{"id": "a", "text": "secretword two", "author": "pseudonym"}]))
    root = Path(store.place.url)
    logs = sorted(path for path in store.place.files.sizes() if path.endswith(".json"))
    lines = [json.loads(line) for path in logs for line in (root / path).read_text().splitlines()]
    stats = [json.loads(line["add"]["stats"]) for line in lines if "add" in line]
    assert [set(stat["minValues"]) for stat in stats] == [{"id", "time"}] * 2
    assert not re.search("secretword|pseudonym", json.dumps(lines))


def test_a_message_is_found_among_many(store):
    many = pl.DataFrame({"n": pl.int_range(450_000, eager=True)}).select(
        **{name: pl.lit(None, kind).alias(name) for name, kind in MESSAGES.items()}
        | {
            "id": "m" + pl.col("n").cast(pl.String),
            "time": pl.lit(DAY).cast(MESSAGES["time"]),
            "source": pl.lit("mail"),
        }
    )
    store.upsert(many)
    assert store.upsert(many[[0, 250_000, 449_999]]) == Upserted(new=0, changed=0, same=3, moved=0)


def test_a_store_may_be_named_as_a_file_address(store, frame):
    store.upsert(frame([{"id": "a"}]))
    again = MessageStore.open(f"file://{store.place.url}")
    assert again.read(["2024-01"])["id"].to_list() == ["a"]
    assert again == store
