import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from estran.stats.presence import Presence, Rows
from estran.stats.rates import share_intervals, standardised_shares


def rows_of(used, period, cluster=None, stratum=None):
    """Rows from a dense (N, P) presence."""
    row, theme = np.nonzero(used)
    n = len(used)
    cluster = np.arange(n) if cluster is None else cluster
    stratum = np.zeros(n) if stratum is None else stratum
    presence = Presence.of_pairs(row, theme, rows=n, themes=used.shape[1])
    return Rows(presence, *(np.asarray(x, np.int32) for x in (period, cluster, stratum)))


def people(rng, *, persons=900, periods=8, habit=3.0, themes=200):
    """People who come and go, each with habits; three strata with rates .6, 1, 1.4; nothing moves.

    Returns the rows and the true standardised shares.
    """
    active = np.minimum(rng.pareto(1.0, persons) * 0.1 + 0.1, 1)
    person, period = np.nonzero(rng.random((persons, periods)) < active[:, None])
    share = np.exp(rng.uniform(np.log(0.01), np.log(0.5), themes))
    stratum = rng.integers(0, 3, len(person))
    leaning = rng.beta(share * habit, (1 - share) * habit, (persons, themes))
    boost = np.array([0.6, 1.0, 1.4])
    used = rng.random((len(person), themes)) < leaning[person] * boost[stratum][:, None]
    mix = np.minimum(boost[:, None] * share, 1)[stratum].mean(axis=0)
    return rows_of(used, period, person, stratum), mix


def test_shares_by_hand():
    # short rows say it 1 in 4, long rows 3 in 4; the second period has more long rows
    used = np.array([1, 0, 0, 0, 1, 1, 1, 0], bool)[:, None]
    stratum, period = [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 0, 1, 1, 1]
    shares = standardised_shares(rows_of(used, period, stratum=stratum), periods=3)
    assert shares.observed[:, 0].tolist() == [2, 2, 0]
    assert shares.expected[:, 0].tolist() == [1.5, 2.5, 0]
    assert shares.rows.tolist() == [4, 4, 0]
    assert np.allclose(shares.share[:, 0], [2.5 / 2 / 2, 2.5 / 3 / 2, 0.5])


def test_intervals_by_hand_are_jeffreys_when_nobody_repeats():
    used = (np.arange(100) % 10 == 0)[:, None]
    low, high = share_intervals(rows_of(used, np.arange(100) // 50), periods=3, levels=0.9)
    inflation = 1.0  # robust variance of the uses is the binomial one
    assert np.allclose(low[:2, 0], beta.ppf(0.05, 5 / inflation + 0.5, 45 / inflation + 0.5))
    assert np.allclose(high[:2, 0], beta.ppf(0.95, 5.5, 45.5))
    assert (low[2, 0], high[2, 0]) == (0, 1)  # nobody spoke


def test_people_who_repeat_themselves_widen_the_interval():
    used = (np.arange(100) % 10 == 0)[:, None]
    twice = rows_of(np.repeat(used, 2, axis=0), np.zeros(200), np.repeat(np.arange(100), 2))
    low, high = share_intervals(twice, periods=1)
    assert np.allclose(low[0, 0], beta.ppf(0.025, 10.5, 90.5))
    assert np.allclose(high[0, 0], beta.ppf(0.975, 10.5, 90.5))


def test_conversations_widen_it_where_they_are_more_clumped():
    used, period = (np.arange(100) < 20)[:, None], np.zeros(100)
    alone, threaded = rows_of(used, period), rows_of(used, period, np.arange(100) // 20)
    assert np.diff(share_intervals(alone, periods=1), axis=0) < 0.2
    assert np.diff(share_intervals(alone, periods=1, conversations=threaded), axis=0) > 0.5


def test_an_unused_theme_has_a_bound_above_it():
    used = np.zeros((400, 2), bool)
    used[:200, 1] = True
    rows = rows_of(used, np.arange(400) // 200)
    low, high = share_intervals(rows, periods=2)
    assert low[1].tolist() == [0, 0]
    assert high[1, 0] == 1  # never used at all: no rate to expect
    assert 0.005 < high[1, 1] < 0.02  # 200 rows without a use: about 2.5 in 200


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 0.9999))
def test_intervals_hold_their_share_stay_in_0_1_and_grow_with_the_level(seed, level):
    rng = np.random.default_rng(seed)
    used = rng.random((80, 6)) < rng.random(6) ** 3
    rows = rows_of(used, rng.integers(0, 5, 80), rng.integers(0, 30, 80), rng.integers(0, 3, 80))
    share = standardised_shares(rows, periods=6).share
    low, high = share_intervals(rows, periods=6, levels=level)
    wide_low, wide_high = share_intervals(rows, periods=6, levels=np.full(6, (1 + level) / 2))
    assert ((wide_low >= 0) & (wide_low <= low) & (low <= share)).all()
    assert ((share <= high) & (high <= wide_high) & (wide_high <= 1)).all()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_the_inflation_is_the_one_of_all_clusters_spelled_out(seed):
    rng = np.random.default_rng(seed)
    used, period = rng.random((60, 1)) < 0.4, rng.integers(0, 3, 60)
    cluster, stratum = rng.integers(0, 12, 60), rng.integers(0, 2, 60)
    rate = np.array([used[stratum == k].mean() if (stratum == k).any() else 0 for k in (0, 1)])[stratum]
    robust = independent = 0.0
    for t in range(3):
        here = period == t
        due = rate * (used[here].sum() / max(rate[here].sum(), 1e-300))
        robust += sum(
            (used[here & (cluster == g), 0] - due[here & (cluster == g)]).sum() ** 2 for g in range(12)
        )
        independent += (np.minimum(due, 1) * (1 - np.minimum(due, 1)))[here].sum()
    rows = rows_of(used, period, cluster, stratum)
    low, _ = share_intervals(rows, periods=3)
    shares, factor = standardised_shares(rows, periods=3), max(robust / independent, 1)
    seen, size = shares.observed[:, 0] / factor, shares.rows / factor
    raw = beta.ppf(0.025, seen + 0.5, size - seen + 0.5) * shares.rows * used.mean() / shares.expected[:, 0]
    assert np.allclose(low[:, 0], np.minimum(np.where(seen > 0, np.minimum(raw, 1), 0), shares.share[:, 0]))


@pytest.mark.parametrize("habit", [1.0, 3.0, 50.0])
def test_nominal_95_percent_intervals_hold_the_truth(habit):
    held = []
    for seed in range(6):
        rows, truth = people(np.random.default_rng(seed), habit=habit)
        low, high = share_intervals(rows, periods=8)
        held.append(((low <= truth) & (truth <= high))[np.bincount(rows.period) >= 50].mean())
    assert 0.92 <= np.mean(held) <= 0.98


def test_no_rows_have_no_shares():
    rows = rows_of(np.zeros((0, 2), bool), np.zeros(0))
    assert standardised_shares(rows, periods=2).share.tolist() == [[0, 0], [0, 0]]
    low, high = share_intervals(rows, periods=2)
    assert (low.tolist(), high.tolist()) == ([[0, 0], [0, 0]], [[1, 1], [1, 1]])
