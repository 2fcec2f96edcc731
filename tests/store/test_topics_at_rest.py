"""Topics at rest: the same ones give the same bytes, damage is seen, and what is erased is in no byte."""

from dataclasses import replace

import numpy as np
import pytest

from estran.errors import StoreError
from estran.stats.known import Event, made_known
from estran.stats.points import frame_of, points_of
from estran.store import topics
from estran.store.topics import ABSENT, GONE, Happened, TopicsAtRest


@pytest.fixture
def rest():
    """Two topics of twelve messages."""
    vectors = np.random.default_rng(5).normal(size=(12, 16)) + np.repeat(np.eye(2, 16) * 9, 6, axis=0)
    frame = frame_of(vectors)
    topic = np.repeat([0, 1], 6).astype(np.int32)
    known = made_known(("A" * 26, "B" * 26), frame, points_of(vectors, frame), topic, 1.5)
    text = np.arange(100, 112, dtype=np.uint64)
    return TopicsAtRest(
        encoder="fake 1",
        known=replace(known, exemplar_row=np.arange(len(known.exemplar))),
        family=np.array([0, 0], np.int32),
        stability=np.array([0.9, np.nan]),
        message=np.arange(1, 13, dtype=np.uint64),
        text=text,
        topic=topic,
        part=np.zeros(12, np.int32),
        exemplar_text=text[known.exemplar_row],
        labels={"A" * 26: (("en", "zoé martin, refund"), ("fr", "remboursement"))},
        events=(Happened("2025-03-01", "born", topics=2),),
        proposals=(Event("merge", ("A" * 26, "B" * 26), (), (6, 6), 0.01),),
        splits={"A" * 26: (("B" * 26,),)},
        merged={"B" * 26: "A" * 26},
        given=2,
    )


def test_what_is_read_is_what_was_written(rest, tmp_path):
    topics.write(tmp_path / "topics", rest)
    written = (tmp_path / "topics" / topics.NAME).read_bytes()
    found = topics.read(tmp_path / "topics")
    topics.write(tmp_path / "topics", found)
    assert (tmp_path / "topics" / topics.NAME).read_bytes() == written
    assert (found.labels, found.events, found.proposals, found.splits, found.merged, found.given) == (
        rest.labels, rest.events, rest.proposals, rest.splits, rest.merged, rest.given,
    )  # fmt: skip
    assert (topics.check(tmp_path / "topics"), found.known.ids) == ([], rest.known.ids)


def test_messages_are_found_by_their_hashes(rest):
    wanted = np.array([12, 1, 99], np.uint64)
    assert rest.of(wanted).tolist() == [1, 0, ABSENT]
    assert rest.parts_of(wanted).tolist() == [0, 0, 0]


@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_changed_byte_is_seen_and_nothing_is_read(rest, tmp_path, at):
    topics.write(tmp_path, rest)
    file = tmp_path / topics.NAME
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    assert ([fault.file for fault in topics.check(tmp_path)], topics.read(tmp_path)) == (["topics"], None)
    topics.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_topics_of_a_later_estran_are_refused(rest, tmp_path, monkeypatch):
    monkeypatch.setattr(topics, "FORMAT", 2)
    topics.write(tmp_path, rest)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="a later Estran"):
        topics.read(tmp_path)


def test_an_erasure_reaches_rows_exemplars_middles_and_labels(rest):
    left = rest.lacking(np.array([2], np.uint64), np.array([8], np.uint64), lambda words: "zoé" in words)
    assert (2 in left.message.tolist(), left.text[left.message == 8].tolist()) == (False, [int(GONE)])
    assert not {101, 107} & set(left.exemplar_text.tolist())
    assert left.labels["A" * 26] == (("en", "refund"), ("fr", "remboursement"))
    anew = left.known.exemplar[left.known.exemplar_topic == 0].astype(float).sum(axis=0)
    assert np.corrcoef(anew, left.known.centroid[0])[0, 1] > 0.999
    assert not np.array_equal(left.known.centroid, rest.known.centroid)


def test_the_middle_of_a_topic_forgets_also_a_message_that_was_no_exemplar(rest):
    few = replace(
        rest, known=replace(rest.known, exemplar=rest.known.exemplar[1:], exemplar_topic=rest.known.exemplar_topic[1:]),
        exemplar_text=rest.exemplar_text[1:],
    )  # fmt: skip
    gone = rest.message[rest.text == rest.exemplar_text[0]]
    left = few.lacking(gone, np.empty(0, np.uint64))
    assert len(left.exemplar_text) == len(few.exemplar_text)
    assert not np.array_equal(left.known.centroid[0], few.known.centroid[0])
