import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.stats.agreement import jaccard, matched, mutual_information, rand_index


def test_the_rand_index_by_hand():
    # pairs together in both: 2; in the first: 6; in the second: 4; of 15
    one, other = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    assert rand_index(one, other) == pytest.approx((2 - 6 * 3 / 15) / ((6 + 3) / 2 - 6 * 3 / 15))


def test_mutual_information_by_hand():
    one, other = np.array([0, 0, 1, 1]), np.array([0, 1, 2, 2])
    assert mutual_information(one, other) == pytest.approx(np.log(2) / ((np.log(2) + 1.5 * np.log(2)) / 2))


def test_overlaps_and_matches_by_hand():
    one, other = np.array([0, 0, 0, 1, 1, -1]), np.array([1, 1, 0, 0, 0, 0])
    assert np.allclose(jaccard(one, other), [[1 / 6, 2 / 3], [2 / 4, 0]])
    assert matched(jaccard(one, other), least=0.3).tolist() == [1, 0]
    assert matched(jaccard(one, other), least=0.6).tolist() == [1, -1]


def test_one_group_agrees_with_nothing():
    assert rand_index(np.zeros(5, int), np.zeros(5, int)) == 0
    assert mutual_information(np.zeros(5, int), np.zeros(5, int)) == 0


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=40), st.randoms())
def test_names_and_order_do_not_matter(pairs, random):
    one, other = np.array(pairs).T
    names, order = list(range(5)), list(range(len(one)))
    random.shuffle(names)
    random.shuffle(order)
    for measure in (rand_index, mutual_information):
        assert measure(np.array(names)[one][order], other[order]) == pytest.approx(measure(one, other))
        assert measure(other, one) == pytest.approx(measure(one, other))


def test_random_groupings_agree_by_chance_only():
    rng = np.random.default_rng(1)
    indices = [rand_index(rng.integers(0, 8, 500), rng.integers(0, 8, 500)) for _ in range(200)]
    assert abs(np.mean(indices)) < 4 * np.std(indices) / np.sqrt(200)


def test_a_grouping_with_a_tenth_moved_is_still_told():
    rng = np.random.default_rng(2)
    one = rng.integers(0, 10, 1000)
    other = np.where(rng.random(1000) < 0.1, rng.integers(0, 10, 1000), one)
    assert 0.75 < rand_index(one, other) < 0.9
