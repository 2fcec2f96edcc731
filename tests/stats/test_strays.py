"""The tail of deviates: worked by hand, never surer than a normal, and right where tails are heavy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from estran.stats.multiplicity import adjusted
from estran.stats.strays import Strays, strays


def test_worked_by_hand():
    # the outer tenth begins at 2 and lies 0.5 past it on average: at 3, 0.1 exp(-2)
    assert Strays(1.0, 2.0, 0.5).p(3.0) == pytest.approx(0.1 * np.exp(-2))
    assert Strays(1.0, 2.0, 0.5).p(1.0) == pytest.approx(2 * ndtr(-1.0))
    deviates = np.concatenate([np.zeros(90), np.arange(1, 11)])
    told = strays(deviates)
    past = deviates[deviates > told.edge]
    assert told.beyond == pytest.approx((past - told.edge).mean())


@given(st.floats(0, 4), st.floats(0.01, 3), st.lists(st.floats(-30, 30), min_size=2, max_size=9))
def test_a_larger_deviate_is_never_less_sure_and_none_is_surer_than_a_normal(edge, beyond, sizes):
    tail, size = Strays(1.0, edge, beyond), np.sort(np.abs(sizes))
    p = tail.p(size)
    outside = size > edge
    assert (np.diff(p[outside]) <= 1e-15).all()
    assert (p >= 2 * ndtr(-size) - 1e-15).all()
    np.testing.assert_array_equal(p, tail.p(-size))


@given(st.floats(0.5, 3), st.floats(0.2, 2), st.floats(1e-6, 0.09))
def test_a_reach_is_where_its_p_is(edge, beyond, p):
    tail = Strays(1.0, edge, beyond)
    assert tail.p(tail.reach(p) + 1e-9) <= p + 1e-6


def test_too_few_deviates_leave_the_normal():
    assert strays(np.full(18, 9.0)) == Strays(1.0, 0.0, 0.0)
    assert strays(np.linspace(-4, 4, 49)) == Strays(pytest.approx(1.956, abs=0.001), 0.0, 0.0)
    assert Strays(1.0, 0.0, 0.0).reach(0.05) == pytest.approx(1.95996, abs=1e-4)


def test_of_many_deviates_ranks_tell_all_but_the_far_tail():
    told = strays(np.linspace(0, 3, 999))
    assert told.p(2.0) == pytest.approx(1 / 3, abs=0.002)
    assert told.outer == pytest.approx(0.02)
    assert told.p(2.99) == pytest.approx(0.02 * np.exp(-(2.99 - told.edge) / told.beyond))
    assert told.reach(1 / 3) == pytest.approx(2.0, abs=0.01)
    assert told.p(told.reach(0.001)) == pytest.approx(0.001)


def claims(draw, *, judged):
    """Share of 400 agendas of fifteen themes, among 1,000 others of the same kind, with a claim at 5 %."""
    rng, found = np.random.default_rng(7), 0
    for _ in range(400):
        z = draw(rng, 1_015)
        told = strays(z[15:])
        p = told.p(z[:15]) if judged else 2 * ndtr(-np.abs(z[:15]) / told.scale)
        found += bool((adjusted(p) <= 0.05).any())
    return found / 400


def test_claims_hold_their_rate_where_a_normal_tail_does_not():
    heavy = lambda rng, n: rng.standard_t(4, n)  # noqa: E731
    assert claims(heavy, judged=False) > 0.15
    assert claims(heavy, judged=True) <= 0.085  # of 400 at 5 %: 0.085 is three standard errors


def test_claims_hold_their_rate_where_tails_are_normal():
    assert claims(lambda rng, n: rng.standard_normal(n), judged=True) <= 0.08


def test_what_lies_far_out_is_found_all_the_same():
    rng = np.random.default_rng(1)
    assert strays(rng.standard_t(4, 1_000)).p(12.0) < 0.0015
