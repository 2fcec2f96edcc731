"""The topics of a workspace: encoded once, the same bytes again, ids that stay, hands that are heard."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import estran as es
from estran.errors import SettingsError, StoreError
from estran.store import topics as at_rest
from estran.text.encoders import open_encoder

PLAIN = 'encoder = "plain"\n'


@pytest.fixture
def full(sorted_shop, tmp_path, monkeypatch):
    """A copy of it."""
    shutil.copytree(sorted_shop, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return es.open("acme")


@pytest.fixture
def fresh(full):
    """One without topics."""
    shutil.rmtree("acme/topics")
    shutil.rmtree("acme/vectors")
    return full


def ids(found):
    return {topic.id for topic in found.topics}


def rest():
    return at_rest.read(Path("acme/topics"))


def test_every_message_is_in_a_topic_or_counted_by_the_rule_that_leaves_it_out(full):
    found = full.topics()
    assert found.messages == found.placed + sum(found.unplaced.values())
    assert sum(topic.messages for topic in found.topics) <= found.placed
    assert min(topic.people for topic in found.topics) >= 5
    assert (found.encoder, found.crosses_languages) == ("plain", False)
    assert "topics-part-by-language" in {notice.kind for notice in found.notices}
    assert {theme.label for topic in found.topics for theme in topic.themes} >= {"annual review"}
    assert all(len(topic.id) == 26 for topic in found.topics)


def test_a_second_look_encodes_nothing_and_changes_no_byte(full, monkeypatch):
    found = full.topics()
    written = {file: file.read_bytes() for file in Path("acme").rglob("*") if file.parts[1] in {"topics", "vectors"}
               and file.is_file()}  # fmt: skip
    encoder = type(open_encoder("plain"))
    monkeypatch.setattr(encoder, "encode", None)  # whoever calls it fails
    assert full.topics() == found
    assert {file: file.read_bytes() for file in written} == written


def test_the_same_messages_give_the_same_bytes(sorted_shop, shop, tmp_path):
    again = es.init(tmp_path / "again", key=sorted_shop / "acme/pseudonyms.key")
    (tmp_path / "again/estran.toml").write_text(PLAIN)
    shop.sample(fraction=1, shuffle=True, seed=4).write_parquet(tmp_path / "b.parquet")
    again.ingest(tmp_path / "b.parquet", source="talk")
    again.topics()
    assert (tmp_path / "again/topics/topics").read_bytes() == (
        sorted_shop / "acme/topics/topics"
    ).read_bytes()


def test_new_messages_go_to_known_topics_and_all_ids_are_kept(ws, shop):
    Path("acme/estran.toml").write_text(PLAIN)
    shop.head(540).write_parquet("a.parquet")
    ws.ingest("a.parquet", source="talk")
    before, was = ws.topics(), rest()
    shop.tail(60).write_parquet("b.parquet")
    ws.ingest("b.parquet", source="talk")
    after, now = ws.topics(), rest()
    assert (ids(before) <= ids(after), now.known.ids[: len(was.known.ids)]) == (True, was.known.ids)
    assert after.messages > before.messages
    stays = np.isin(was.message, now.message) & (was.topic >= 0)
    moved = now.of(was.message[stays]) != was.topic[stays]
    assert moved.mean() < 0.01


def test_a_rebuild_keeps_the_ids_of_topics_that_are_found_again(full):
    before = full.topics()
    after = full.topics(rebuild=True)
    assert ids(after) == ids(before)
    assert [event.kind for event in full.themes_log().events if event.kind.startswith("topic")] == [
        "topic-born", "topic-rebuilt",
    ]  # fmt: skip


def test_another_encoder_is_refused_until_the_topics_are_found_anew(full):
    before = full.topics()
    settings = es.Settings(encoder="universal")
    with pytest.raises(SettingsError, match=r"'plain .*' do not fit|--rebuild"):
        full.topics(settings=settings)
    after = full.topics(settings=settings, rebuild=True)
    assert (after.encoder, after.crosses_languages, rest().encoder == after.encoder_id) == (
        "universal",
        True,
        True,
    )
    assert ids(before) & ids(after)
    with pytest.raises(SettingsError, match="--rebuild"):
        full.topics()


def test_vectors_of_another_encoder_are_refused_too_where_no_topics_are_known(full):
    full.topics()
    at_rest.remove(Path("acme/topics"))
    with pytest.raises(StoreError, match="estran topics --rebuild"):
        full.topics(settings=es.Settings(encoder="universal"))


def proposing(kind, ids, messages):
    """Puts a proposal among the topics at rest, as an update would."""
    from dataclasses import replace

    from estran.stats.known import Event

    was = rest()
    part = was.part.copy()
    if kind == "split":
        own = np.flatnonzero(was.topic == was.known.ids.index(ids[0]))
        part[own[: len(own) // 2]] = 1
    event = Event(kind, ids, (), messages, 1.0)
    at_rest.write(Path("acme/topics"), replace(was, part=part, proposals=(event,)))


def test_a_merge_that_is_accepted_is_told_logged_kept_and_taken_back(full):
    first = full.topics()
    one, other = sorted(topic.id for topic in sorted(first.topics, key=lambda topic: -topic.messages)[:2])
    proposing("merge", (one, other), (40, 30))
    key = full.topics().proposals[0].key
    assert key == f"{one}+{other}"
    assert full.edit("accept", key).about == "topics"
    both = {topic.id: topic.messages for topic in first.topics}
    merged = full.topics()
    left = ({one, other} & ids(merged)).pop()
    assert {topic.id: topic.messages for topic in merged.topics}[left] == both[one] + both[other]
    assert (merged.proposals, len(ids(merged))) == ((), len(ids(first)) - 1)
    assert len(ids(full.topics(rebuild=True)) & {one, other}) == 1
    assert full.themes_log().events[-2].kind == "topic-merged"
    full.undo()
    assert {one, other} <= ids(full.topics())
    assert full.themes_log().events[-1].kind == "topic-parted"


def test_a_split_that_is_accepted_makes_a_topic_and_taken_back_it_is_one_again(full):
    first = full.topics()
    whole = max(first.topics, key=lambda topic: topic.messages)
    proposing("split", (whole.id,), (20, 20))
    full.edit("accept", full.topics().proposals[0].key)
    after = {topic.id: topic.messages for topic in full.topics().topics}
    (born,) = set(after) - ids(first)
    assert after[whole.id] + after[born] == whole.messages
    event = next(event for event in full.themes_log().events if event.kind == "topic-split")
    assert (event.id, event.parents) == (born, (whole.id,))
    full.undo()
    again = {topic.id: topic.messages for topic in full.topics().topics}
    assert (again[whole.id], born in again) == (whole.messages, False)


def test_a_proposal_that_is_rejected_does_not_come_back(full):
    one, other = sorted(ids(full.topics()))[:2]
    proposing("merge", (one, other), (40, 30))
    full.edit("reject", f"{one}+{other}")
    assert full.topics().proposals == ()
    assert f'reject = ["{one}", "{other}"]' in Path("acme/themes.toml").read_text()
    with pytest.raises(SettingsError, match="no proposal has the key"):
        full.edit("accept", f"{one}+{other}")


def test_a_tour_of_a_workspace_without_topics_encodes_no_message(fresh):
    tour = fresh.tour()
    assert {m.topic for m in (*tour.coming_in, *tour.going_out, *tour.steady, *tour.too_early)} == {None}
    assert not Path("acme/vectors/messages").exists()


def test_the_cards_of_a_tour_show_the_topic_that_holds_most_of_a_theme(full):
    found = {theme.id: topic for topic in full.topics().topics for theme in topic.themes}
    tour = full.tour()
    cards = [m for m in (*tour.coming_in, *tour.going_out, *tour.steady, *tour.too_early) if m.id in found]
    assert cards
    assert {m.id: m.topic.id for m in cards} == {m.id: found[m.id].id for m in cards}
    assert {m.id: m.topic.labels for m in cards} == {m.id: found[m.id].labels for m in cards}
    frame = tour.to_polars()
    assert set(frame["topic"].drop_nulls()) <= ids(full.topics())


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_killed_while_it_encodes_it_goes_on_where_it_was(fresh):
    run = [sys.executable, "-c", SLOW]
    for _ in range(2):
        with subprocess.Popen(run, stdout=subprocess.PIPE) as process:
            process.stdout.readline()  # one part is on the disk
            time.sleep(0.05)
            os.kill(process.pid, signal.SIGKILL)
    kept = len(list(Path("acme/vectors/messages").glob("*.vectors")))
    assert (kept >= 2, rest()) == (True, None)
    found = fresh.topics()
    assert (found.placed > 0, len(list(Path("acme/vectors/messages").iterdir()))) == (True, 1)
    assert es.open("acme").doctor().well


SLOW = """
import time
import estran as es
from estran.analysis import meanings
from estran.store.vectors import Vectors
meanings.BATCH = 100
add = Vectors.add
def told(self, block, *rest):
    add(self, block, *rest)
    if self._folder.name == "messages":
        print("added", flush=True)
        time.sleep(0.2)
Vectors.add = told
es.open("acme").topics()
"""


def test_damaged_files_are_told_and_made_anew(full):
    before = full.topics()
    for file in (*Path("acme/vectors/messages").iterdir(), Path("acme/topics/topics")):
        content = bytearray(file.read_bytes())
        content[-3] ^= 1
        file.write_bytes(content)
    faults = full.doctor().faults
    assert {(fault.kind, fault.mended) for fault in faults} == {
        ("vectors-damaged", True),
        ("topics-damaged", True),
    }
    assert full.doctor().well
    assert [topic.messages for topic in full.topics().topics] == [topic.messages for topic in before.topics]


def test_status_tells_their_bytes_and_compact_removes_what_nobody_says_any_more(full):
    full.topics()
    vectors = full.status().size.vectors
    assert vectors >= 2 * 512 * full.topics().encoded
    said = pl.read_parquet("a.parquet")
    said.with_columns(text=pl.lit("word for word the same, so that no text of before is left")).write_parquet(
        "b.parquet"
    )
    full.ingest("b.parquet", source="talk")
    full.compact()
    assert full.status().size.vectors <= vectors
