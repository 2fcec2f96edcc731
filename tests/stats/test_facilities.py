"""A few stand for many: by hand, and never worse than the theorem says."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from estran.stats.facilities import stand_for_all

SHARES = st.floats(-1, 1, width=32).map(float)


@st.composite
def candidates(draw):
    n, m = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    worth = draw(arrays(np.float64, m, elements=st.floats(0, 1, width=32).map(float)))
    return draw(arrays(np.float64, (n, m), elements=SHARES)), worth


def worth_of(chosen, likeness, worth):
    return (likeness[:, list(chosen)] * worth[list(chosen)]).max(axis=1, initial=0.0).mean()


def best(likeness, worth, most, *, allowed=lambda _: True):
    sets = (s for k in range(most + 1) for s in combinations(range(len(worth)), k) if allowed(s))
    return max(worth_of(s, likeness, worth) for s in sets)


def test_the_middle_of_the_largest_group_is_first_and_another_group_is_second():
    likeness = np.array(
        [[1, 0.8, 0, 0.0], [0.8, 1, 0.1, 0], [0.6, 0.9, 0, 0], [0, 0, 1, 0.4], [0, 0, 0.4, 1]]
    )
    assert stand_for_all(likeness, np.ones(4), most=2).tolist() == [1, 2]


def test_a_worthier_one_is_taken_for_another_that_is_as_near():
    likeness = np.array([[1.0, 0.9], [0.9, 1.0]])
    assert stand_for_all(likeness, np.array([0.5, 1.0]), most=1).tolist() == [1]


def test_what_adds_nothing_is_not_chosen():
    assert stand_for_all(np.ones((3, 2)), np.ones(2), most=2).tolist() == [0]
    assert stand_for_all(np.eye(2), np.array([1.0, 0.0]), most=2).tolist() == [0]
    assert stand_for_all(-np.ones((3, 2)), np.ones(2), most=2).tolist() == []


def test_of_those_apart_one_is_chosen():
    author = np.array([0, 0, 1])
    likeness = np.array([[1, 0, 0], [0, 1, 0], [0.1, 0, 1]])
    apart = author[:, None] == author
    assert stand_for_all(likeness, np.ones(3), most=3, apart=apart).tolist() == [0, 2]


def test_who_has_nothing_in_common_goes_before_who_adds_more():
    side, week = [0, 0, 0, 1], [0, 1, 0, 0]
    worth = np.array([1.0, 0.5, 0.9, 0.1])
    told = stand_for_all(np.eye(4), worth, most=4, shared=np.array([side, week]))
    assert told.tolist() == [0, 3, 1, 2]
    assert stand_for_all(np.eye(4), worth, most=4, shared=np.full((2, 4), -1)).tolist() == [0, 2, 1, 3]


@given(candidates(), st.integers(1, 3))
def test_nobody_does_much_better_by_trying_all_sets(drawn, most):
    likeness, worth = drawn
    told = worth_of(stand_for_all(likeness, worth, most=most), likeness, worth)
    assert told >= (1 - 1 / np.e) * best(likeness, worth, most) - 1e-12


@given(candidates(), st.integers(1, 3), st.data())
def test_nor_twice_as_well_where_each_author_is_chosen_once(drawn, most, data):
    likeness, worth = drawn
    author = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(worth), max_size=len(worth))))

    def once_each(those):
        return len({author[j] for j in those}) == len(those)

    chosen = stand_for_all(likeness, worth, most=most, apart=author[:, None] == author)
    assert once_each(chosen)
    assert worth_of(chosen, likeness, worth) >= best(likeness, worth, most, allowed=once_each) / 2 - 1e-12


@given(candidates(), st.integers(1, 3), st.randoms())
def test_the_order_of_those_stood_for_makes_no_difference(drawn, most, random):
    likeness, worth = drawn
    order = random.sample(range(len(likeness)), len(likeness))
    whole = np.rint(likeness * 64) / 64, np.rint(worth * 64) / 64  # sums are exact in whatever order
    one, other = (stand_for_all(whole[0][rows], whole[1], most=most) for rows in (slice(None), order))
    assert one.tolist() == other.tolist()


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_of_nothing_nothing_is_chosen(shape):
    assert stand_for_all(np.zeros(shape), np.ones(shape[1]), most=3).tolist() == []
