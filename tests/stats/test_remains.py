import numpy as np
from clumped import clumped_talk, planted
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.flips import flip_test
from estran.stats.rates import standardised_shares
from estran.stats.remains import what_is_left
from estran.stats.trends import linear

FIVE = np.full(5, 100)


def column(*counts):
    return np.array(counts, np.float64)[:, None]


def test_the_end_over_the_peak_by_hand():
    left = what_is_left(column(10, 40, 20, 10, 4), column(20, 20, 20, 20, 20), FIVE, 1.0)
    assert (left.end, left.peak.tolist()) == (4, [[1, 2]])
    assert np.isclose(left.ratio[0, 0], 4.5 / 40.5)
    assert left.ratio[0, 1] < 0.1 < left.ratio[0, 2] < 0.3


def test_the_end_grows_backwards_until_it_holds_a_fifth_of_the_rows():
    rows = np.array([100, 100, 100, 100, 30, 30])
    left = what_is_left(np.ones((6, 1)), np.ones((6, 1)), rows, 1.0)
    assert left.end == 3  # 60 rows of 460 are no fifth


def test_nothing_left_is_nothing_with_an_upper_end():
    left = what_is_left(column(50, 50, 5, 0, 0), column(20, 20, 20, 20, 20), FIVE, 1.0)
    assert left.ratio[0, 1] == 0
    assert 0 < left.ratio[0, 2] < 0.1


def test_never_used_is_not_known():
    left = what_is_left(np.zeros((5, 1)), np.zeros((5, 1)), FIVE, 1.0)
    assert left.ratio[0, 1] == 0
    assert np.isinf(left.ratio[0, 2])


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(1, 9))
def test_the_interval_holds_the_value_and_widens_with_clusters(seed, clumps):
    rng = np.random.default_rng(seed)
    observed = rng.poisson(5, (8, 6)).astype(float)
    rows = rng.integers(20, 200, 8)
    expected = np.outer(rows / rows.sum(), observed.sum(axis=0))
    plain, wide = (what_is_left(observed, expected, rows, phi).ratio for phi in (1.0, clumps))
    assert (plain[:, 1] <= plain[:, 0]).all()
    assert (plain[:, 0] <= plain[:, 2]).all()
    assert (wide[:, 2] >= plain[:, 2] - 1e-9).all()
    assert np.array_equal(wide[:, 0], plain[:, 0])


def rest_of(talk):
    rows = talk.voices()
    shares = standardised_shares(rows, periods=12)
    dispersion = flip_test(rows, linear(rows.period, rows.stratum)).dispersion
    left = what_is_left(shares.observed, shares.expected, shares.rows, dispersion).ratio
    return left, rows.presence.uses >= 100


def gone(left):
    return (left[:, 0] <= 0.25) & (left[:, 2] <= 0.5)


def test_where_nothing_moves_next_to_nothing_is_taken_for_gone():
    wrong = [
        gone(left)[many] for left, many in (rest_of(clumped_talk(np.random.default_rng(s))) for s in range(8))
    ]
    assert np.mean(np.concatenate(wrong)) <= 0.005


def test_what_went_down_to_a_tenth_is_seen_to_be_gone():
    seen = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        talk = clumped_talk(rng, threads=5_000, people=2_000)
        fall = np.repeat(np.clip(1.3 - np.linspace(0, 1.5, 12), 0, 1)[:, None], 150, axis=1)
        left, _ = rest_of(planted(talk, rng, 20.0, fall))
        many = talk.mentions.sum(axis=0) >= 400
        seen.append(gone(left)[many])
    assert np.mean(np.concatenate(seen)) >= 0.9
