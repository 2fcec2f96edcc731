import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from estran.stats.multiplicity import adjusted, coverage_level, discoveries

P_VALUES = arrays(np.float64, st.integers(1, 60), elements=st.floats(1e-12, 1))


def test_q_values_by_hand():
    # p x m / rank from the largest down: 1, .25 (.1 x 5/4 = .125), .05 x 5/3, .02 x 5/2, .01 x 5
    q = adjusted(np.array([0.01, 0.05, 0.02, 1.0, 0.10]))
    assert np.allclose(q, [0.05, 0.25 / 3, 0.05, 1.0, 0.125])


def test_nothing_tested_is_nothing_found():
    none = discoveries(np.zeros(0), np.zeros(0))
    assert (none.tested, none.found.size, none.q.size) == (0, 0, 0)


def test_rare_themes_do_not_weigh_on_the_others():
    p = np.concatenate([np.full(5, 0.004), np.full(95, 0.9)])
    support = np.concatenate([np.full(5, 500.0), np.arange(95.0)])
    found = discoveries(p, support)
    assert not (adjusted(p) <= 0.05).any()
    assert found.found.tolist() == [True] * 5 + [False] * 95
    assert (found.q[support < found.cut_off] == 1).all()
    assert found.tested == (support >= found.cut_off).sum()


def test_of_equal_cut_offs_the_lowest_is_taken():
    found = discoveries(np.full(40, 0.5), np.arange(40.0))
    assert (found.cut_off, found.tested) == (0.0, 40)


@settings(deadline=None, max_examples=50)
@given(P_VALUES, st.integers(0, 2**32 - 1))
def test_found_is_q_within_the_rate_whatever_the_order(p, seed):
    rng = np.random.default_rng(seed)
    support, order = rng.integers(1, 9, len(p)).astype(float), rng.permutation(len(p))
    here, there = discoveries(p, support, rate=0.1), discoveries(p[order], support[order], rate=0.1)
    assert np.array_equal(here.found, here.q <= 0.1)
    assert np.array_equal(here.q[order], there.q)


@settings(deadline=None, max_examples=50)
@given(P_VALUES)
def test_q_rises_with_p(p):
    order = np.argsort(p)
    assert (np.diff(adjusted(p)[order]) >= 0).all()
    assert (adjusted(p) >= p - 1e-15).all()


def test_the_stated_rate_holds_when_nothing_moves():
    rng = np.random.default_rng(1)
    any_found = [discoveries(rng.random(400), rng.pareto(1, 400)).found.any() for _ in range(400)]
    assert np.mean(any_found) <= 0.10  # 5 %, and the price of choosing a cut-off


def test_false_claims_stay_within_the_rate_when_some_move():
    rng = np.random.default_rng(2)
    share_false, recall = [], []
    for _ in range(200):
        support = rng.pareto(1, 500)
        moved = rng.random(500) < 0.2
        p = np.where(moved & (support > 0.5), rng.random(500) * 1e-3, rng.random(500))
        found = discoveries(p, support).found
        share_false.append((found & ~moved).sum() / max(found.sum(), 1))
        recall.append(found[moved & (support > 0.5)].mean())
    assert np.mean(share_false) <= 0.05
    assert np.mean(recall) >= 0.95


def test_intervals_of_the_chosen_are_wider():
    assert coverage_level(10, 1000, 0.05) == 1 - 0.05 * 10 / 1000
    assert coverage_level(0, 1000, 0.05) == coverage_level(0, 0, 0.05) == 0.95
