import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import groups, noise

from estran.stats.agreement import rand_index
from estran.stats.graphs import (
    agreed,
    attached,
    families,
    most_agreed,
    neighbours_for,
    parts_of,
    topics_of,
    usual_number,
    vote,
)
from estran.stats.points import Nearest, frame_of, points_of


def near(index, cosine):
    return Nearest(np.array(index, np.int32), np.array(cosine, float))


def test_neighbours_vote_by_hand():
    voters = near(
        [[0, 1, 2], [0, 1, 2], [0, 1, 3], [0, 1, -1]],
        [[0.9, 0.5, 0.3], [0.7, 0.5, 0.3], [0.5, 0.4, 0.3], [0.9, 0.8, -2]],
    )
    topic = np.array([1, 0, 0, -1], np.int32)
    # .9 against .8; .7 against .8; .5 against .4 and one without a voice; too few neighbours
    assert vote(voters, topic).tolist() == [1, 0, 1, -1]
    assert attached(voters).tolist() == [True, True, True, False]


def test_agreement_of_parts_by_hand():
    parts = [np.arange(6), np.arange(6), np.arange(1, 7)]
    runs = [np.array([0, 0, 0, 1, 1, 1]), np.array([1, 1, 1, 0, 0, 0]), np.array([0, 0, 1, 1, 1, 2])]
    assert agreed(runs, parts, 7) == pytest.approx((1.0, 0.0))  # over the rows that both have


def test_the_resolution_that_agrees_best_with_those_beside_it_by_hand():
    agreement, every = np.array([0.2, 0.9, 0.2, 0.6, 0.7, 0.65, 0.4]), np.ones(7, bool)
    # means of three: .43 at the peak that stands alone, .65 at the fifth
    assert most_agreed(agreement, np.zeros(7), every) == 4
    assert most_agreed(agreement, np.zeros(7), np.arange(7) < 2) == 0  # .55 of two, at the end; .43
    assert most_agreed(agreement, np.array([0, 0, 0, 0, 0, 0.5, 0]), every) == 2  # .57; the .65 is not sure
    assert most_agreed(np.array([0.3]), np.array([0.1]), np.array([True])) == 0


@given(st.lists(st.floats(0.1, 0.9), min_size=3, max_size=12, unique=True), st.floats(-1, 1))
def test_a_resolution_is_as_good_from_either_end_and_whatever_all_share(agreement, shared):
    values, every = np.round(agreement, 3), np.ones(len(agreement), bool)
    none = np.zeros(len(values))
    means = [values[max(0, at - 1) : at + 2].mean() for at in range(len(values))]
    best = {at for at, mean in enumerate(means) if mean > max(means) - 1e-9}
    assert most_agreed(values, none, every) in best
    assert len(values) - 1 - most_agreed(values[::-1], none, every) in best
    assert most_agreed(values + shared, none, every) in best


def test_chance_makes_topics_neither_coarse_nor_fine():
    rng = np.random.default_rng(11)
    flat = 0.8 + 0.015 * rng.standard_normal((600, 12))
    error = 0.01 * rng.gamma(4, 1 / 4, (600, 12))
    chosen = np.array([most_agreed(*each, np.ones(12, bool)) for each in zip(flat, error, strict=True)])
    assert (chosen < 6).mean() == pytest.approx(0.5, abs=0.07)


def test_a_resolution_that_agrees_better_is_found_through_the_noise():
    rng = np.random.default_rng(12)
    curve = 0.8 + 0.04 * np.exp(-(((np.arange(12) - 7) / 2) ** 2) / 2)
    error = np.full(12, 0.01)
    chosen = np.array(
        [most_agreed(curve + 0.01 * rng.standard_normal(12), error, np.ones(12, bool)) for _ in range(300)]
    )
    assert (abs(chosen - 7) <= 1).mean() > 0.9


def test_how_many_neighbours_and_topics_are_looked_for():
    assert [neighbours_for(n) for n in (40, 200, 375, 10_000)] == [5, 8, 15, 15]
    assert [usual_number(n) for n in (4, 400, 10_000)] == [(2, 4), (5, 30), (25, 150)]


def test_planted_topics_and_their_families_are_found():
    rng = np.random.default_rng(1)
    families, of = groups(rng, sizes=[4] * 5, d=40, spread=0.6)
    truth = np.repeat(np.arange(20), 40)
    vectors = families[truth] + 0.35 * rng.standard_normal((800, 40)) / np.sqrt(40)
    found = topics_of(vectors, seed=0)
    assert rand_index(found.topic, truth) > 0.97
    assert rand_index(found.family[found.topic], of[truth]) > 0.9
    assert np.median(found.stability) > 0.9
    assert (found.topic >= 0).all()


def test_families_are_neither_a_handful_nor_half_of_the_topics():
    rng = np.random.default_rng(6)
    topic = np.repeat(np.arange(64, dtype=np.int32), 10)
    vectors = noise(rng, 64)[topic] + 0.3 * noise(rng, 640)  # no topic nearer to another than chance has it
    points = points_of(vectors, frame_of(vectors))
    assert 4 <= families(points, topic, parts_of(640, rng=rng), seed=0).max() + 1 <= 16


def test_where_there_is_no_structure_topics_are_said_to_be_unstable():
    found = topics_of(noise(np.random.default_rng(2), 700, d=12), seed=0)
    assert found.sweep.agreement[found.sweep.chosen] < 0.45
    assert np.median(found.stability) < 0.5


def test_messages_far_from_all_are_counted_and_placed_nowhere():
    vectors, truth = groups(np.random.default_rng(3), sizes=[40] * 8, d=512, spread=0.4)
    alone = noise(np.random.default_rng(4), 30, d=512)
    found = topics_of(np.concatenate([vectors, alone, np.zeros((5, 512))]), seed=0)
    assert (found.empty, found.lonely, found.crumbs) == (5, 30, 0)
    assert (found.topic[-35:] == -1).all()
    assert rand_index(found.topic[:-35], truth) > 0.98


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 1000))
def test_neither_the_order_of_messages_nor_the_threads_change_a_topic(seed):
    rng = np.random.default_rng(seed)
    vectors, _ = groups(rng, sizes=[15] * 8, spread=0.9)
    order = rng.permutation(len(vectors))
    one, other = topics_of(vectors, seed=1, threads=1), topics_of(vectors[order], seed=1, threads=2)
    assert (one.topic[order] == other.topic).mean() > 0.99 or rand_index(one.topic[order], other.topic) == 1
    assert one.stability.sum() == pytest.approx(other.stability.sum())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_nearly_the_same_topics():
    vectors, _ = groups(np.random.default_rng(5), sizes=[40] * 10, spread=0.9)
    one, again, other = (topics_of(vectors, seed=seed) for seed in (1, 1, 2))
    assert one.topic.tobytes() == again.topic.tobytes()
    assert rand_index(one.topic, other.topic) > 0.94


def test_messages_beyond_the_sample_are_placed_by_their_neighbours_in_it():
    vectors, truth = groups(np.random.default_rng(6), sizes=[80] * 8)
    found = topics_of(vectors, seed=0, sample=320)
    assert found.sampled == 320
    assert rand_index(found.topic, truth) > 0.97


def test_copies_of_a_message_stay_together_and_count_as_messages():
    vectors, _ = groups(np.random.default_rng(7), sizes=[30] * 6)
    found = topics_of(np.concatenate([vectors, np.repeat(vectors[:1], 500, axis=0)]), seed=0)
    assert len(set(found.topic[180:].tolist()) | {found.topic[0]}) == 1
    assert found.size[0] >= 500


def test_very_few_messages_have_no_topics():
    found = topics_of(noise(np.random.default_rng(8), 3), seed=0)
    assert found.topic.tolist() == [-1, -1, -1]
