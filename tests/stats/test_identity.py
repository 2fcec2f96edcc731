from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import groups

from estran.stats.agreement import rand_index
from estran.stats.carrying import accepted, carried
from estran.stats.graphs import topics_of
from estran.stats.identity import updated
from estran.stats.known import NEW, assign, known_of, without


def names():
    numbers = count()
    return lambda: f"t{next(numbers)}"


def first_run(vectors, seed=0, new_id=None):
    new_id = names() if new_id is None else new_id
    found = topics_of(vectors, seed=seed)
    return known_of(vectors, found, new_id), found, new_id


def with_more(found, more):
    return np.concatenate([found.topic, np.full(more, NEW)])


PLANTED, TRUTH = groups(np.random.default_rng(1), sizes=[40] * 10, spread=0.7)
ORDER = np.random.default_rng(2).permutation(400)
OLD, MORE = ORDER[:360], ORDER[360:]


@pytest.fixture(scope="module")
def run():
    return first_run(PLANTED[OLD])


def test_every_topic_has_an_id_and_exemplars_that_vote_for_it(run):
    known, found, _ = run
    assert known.ids == tuple(f"t{i}" for i in range(10))
    assert assign(known, PLANTED[OLD][:5]).tolist() == found.topic[:5].tolist()
    assert (known.exemplar_topic[known.exemplar_row == 7] == found.topic[7]).all()


def test_new_messages_go_to_their_topic_and_no_old_one_moves(run):
    known, found, new_id = run
    update = updated(known, PLANTED[ORDER], with_more(found, 40), new_id=new_id, seed=0)
    assert update.topic[:360].tobytes() == found.topic.tobytes()
    assert rand_index(update.topic, TRUTH[ORDER]) > 0.97
    assert (update.known.ids, update.events) == (known.ids, ())


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(run):
    known, found, _ = run
    one, other = (
        updated(known, PLANTED[ORDER], with_more(found, 40), new_id=names(), seed=3, threads=threads)
        for threads in (1, 2)
    )
    assert one.topic.tobytes() == other.topic.tobytes()
    assert (one.events, one.proposals) == (other.events, other.proposals)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_messages_does_not_matter(seed):
    known, found, _ = first_run(PLANTED[OLD])
    order = np.random.default_rng(seed).permutation(400)
    before = with_more(found, 40)
    one = updated(known, PLANTED[ORDER], before, new_id=names(), seed=0)
    other = updated(known, PLANTED[ORDER][order], before[order], new_id=names(), seed=0)
    assert other.topic.tolist() == one.topic[order].tolist()


def test_a_planted_topic_is_born_with_an_id_of_its_own():
    vectors, truth = groups(np.random.default_rng(3), sizes=[40] * 9, spread=0.6)
    known, found, new_id = first_run(vectors[truth < 8])
    update = updated(known, vectors, with_more(found, 40), new_id=new_id, seed=0)
    [born] = update.events
    assert (born.kind, born.ids, update.known.ids[-1]) == ("born", ("t8",), "t8")
    assert born.messages[0] >= 35
    assert (update.topic[truth == 8] == 8).mean() > 0.9
    assert (assign(update.known, vectors[truth == 8]) == 8).mean() > 0.9


def test_nothing_is_born_of_more_of_the_same():
    born = 0
    for seed in range(6):
        vectors, _ = groups(np.random.default_rng(10 + seed), sizes=[40] * 8, spread=1.1)
        order = np.random.default_rng(seed).permutation(320)
        known, found, new_id = first_run(vectors[order[:200]])
        born += len(updated(known, vectors[order], with_more(found, 120), new_id=new_id, seed=0).events)
    assert born == 0


def test_a_topic_of_two_meanings_is_proposed_for_a_split_and_stays_whole():
    _, found, new_id = first_run(PLANTED)
    merged = np.where(found.topic == 1, 0, found.topic)
    joint = known_of(PLANTED, found, names())
    update = updated(joint, PLANTED, merged, new_id=new_id, seed=0)
    assert [(e.kind, e.ids) for e in update.proposals] == [("split", ("t0",))]
    assert update.topic.tolist() == merged.tolist()
    assert (update.proposals[0].messages, update.proposals[0].evidence) == ((40, 40), 1.0)


def test_a_split_that_is_accepted_gives_the_smaller_part_an_id_and_its_parent():
    _, found, _ = first_run(PLANTED)
    merged = np.where(found.topic == 1, 0, found.topic)
    joint = known_of(PLANTED, replace(found, topic=merged), names())
    update = updated(joint, PLANTED, merged, new_id=names(), seed=0)
    after = accepted(update, update.proposals[0], PLANTED, new_id=lambda: "t10")
    assert rand_index(after.topic, found.topic) == 1
    assert [(e.kind, e.ids, e.parents) for e in after.events] == [("born", ("t10",), ("t0",))]
    assert (assign(after.known, PLANTED) == after.topic).all()
    assert after.proposals == ()


def test_a_merge_that_is_accepted_leaves_one_topic():
    known, found, new_id = first_run(PLANTED)
    third = np.where(
        (found.topic == 3) & (np.arange(400) % 2 == 0), 9, np.where(found.topic == 9, 3, found.topic)
    )
    update = updated(known, PLANTED, third, new_id=new_id, seed=0)
    [merge] = [e for e in update.proposals if e.ids == ("t3", "t9")]
    after = accepted(update, merge, PLANTED, new_id=new_id)
    assert not np.isin(9, np.concatenate([after.topic, after.known.exemplar_topic]))
    assert [(e.kind, e.ids, e.parents) for e in after.events] == [("retired", ("t9",), ("t3",))]


def test_two_topics_of_one_meaning_are_proposed_for_a_merge():
    known, found, new_id = first_run(PLANTED)
    third = np.where(
        (found.topic == 3) & (np.arange(400) % 2 == 0), 9, np.where(found.topic == 9, 3, found.topic)
    )
    pairs = {
        e.ids for e in updated(known, PLANTED, third, new_id=new_id, seed=0).proposals if e.kind == "merge"
    }
    assert ("t3", "t9") in pairs


def test_a_rebuild_keeps_the_ids_of_topics_that_are_still_there():
    known, found, new_id = first_run(PLANTED[OLD])
    again = topics_of(PLANTED[ORDER], seed=5, resolution=known.resolution)
    update = carried(known, PLANTED[ORDER], with_more(found, 40), again, new_id=new_id)
    assert set(update.known.ids) == set(known.ids)
    assert [update.known.ids[t] for t in update.topic[:360]] == [known.ids[t] for t in found.topic]
    assert update.events == ()


def test_a_rebuild_says_what_was_retired_and_what_is_born():
    vectors, truth = groups(np.random.default_rng(4), sizes=[40] * 9, spread=0.6)
    known, found, new_id = first_run(vectors[truth != 8])
    left = truth != 0
    before = np.full(360, NEW)
    before[truth != 8] = found.topic
    again = topics_of(vectors[left], seed=0)
    update = carried(known, vectors[left], before[left], again, new_id=new_id)
    gone = known.ids[found.topic[0]]
    assert [(e.kind, e.ids) for e in update.events] == [("born", ("t8",)), ("retired", (gone,))]


def test_an_erased_message_leaves_exemplars_and_centroids(run):
    known, _, _ = run
    rows = known.exemplar_row[known.exemplar_topic == 2][:5]
    left = without(known, rows)
    assert not np.isin(left.exemplar_row, rows).any()
    assert (left.centroid[2] != known.centroid[2]).any()
    assert (np.delete(left.centroid, 2, axis=0) == np.delete(known.centroid, 2, axis=0)).all()
