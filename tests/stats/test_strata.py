import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.strata import length_strata


def test_half_octaves_by_hand():
    # floor(2 log2 n): 1 -> 0, 2 -> 2, 3 -> 3, 4 and 5 -> 4, 6 -> 5, 8 -> 6; an empty row is taken as one token
    tokens = np.array([0, 1, 2, 3, 4, 5, 6, 8])
    assert length_strata(tokens, np.zeros(8, int), least=1).tolist() == [0, 0, 1, 2, 3, 3, 4, 5]


def test_groups_are_not_mixed_but_small_ones_are_pooled():
    groups = np.repeat([7, 3, 9, 5], [40, 40, 3, 2])
    strata = length_strata(np.full(85, 10), groups)
    assert strata.tolist() == [1] * 40 + [0] * 40 + [2] * 5


def test_a_small_bin_goes_to_its_neighbour_in_the_group():
    tokens = np.repeat([1, 10, 100, 1000], [40, 5, 40, 10])
    assert length_strata(tokens, np.zeros(95, int)).tolist() == [0] * 40 + [1] * 55


def test_rows_of_several_messages_are_kept_apart_where_there_are_enough_of_both():
    # group 0 has 40 rows of one message and 30 of several; group 1 has 40 and 29, and stays whole
    groups, messages = np.repeat([0, 1], [70, 69]), np.repeat([1, 2, 1, 5], [40, 30, 40, 29])
    strata = length_strata(np.full(139, 10), groups, messages=messages)
    assert strata.tolist() == [0] * 40 + [1] * 30 + [2] * 69
    assert np.array_equal(length_strata(np.full(139, 10), groups, messages=np.ones(139, int)), groups)


def test_nothing_has_no_strata():
    assert length_strata(np.zeros(0, int), np.zeros(0, int)).size == 0


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400), st.integers(1, 6))
def test_no_stratum_is_small_where_it_need_not_be(seed, rows, groups):
    rng = np.random.default_rng(seed)
    tokens, group = rng.lognormal(2, 2, rows).astype(int), rng.integers(0, groups, rows)
    strata, size = length_strata(tokens, group), np.bincount(group)
    assert np.array_equal(np.unique(strata), np.arange(strata.max() + 1))
    large = size[group] >= 30
    assert (np.bincount(strata)[strata[large]] >= 30).all()
    assert all(len(np.unique(group[strata == k])) == 1 for k in np.unique(strata[large]))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_longer_rows_never_lie_in_an_earlier_stratum(seed):
    tokens = np.sort(np.random.default_rng(seed).lognormal(2, 2, 300).astype(int))
    assert (np.diff(length_strata(tokens, np.zeros(300, int))) >= 0).all()
