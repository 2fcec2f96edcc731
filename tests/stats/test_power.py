import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.power import STEADY_RATIO, detectable_ratio, detectable_ratio_of_two, enough, time_spread
from estran.stats.presence import Presence, Rows
from estran.stats.trends import flip_test, linear


def test_the_detectable_ratio_by_hand():
    # one theme tested at 5 %: (1.96 + .84) sqrt(12 / 120) = .8854
    ratio = detectable_ratio(np.array([120]), np.array([1.0]), found=0, tested=1)
    assert np.allclose(ratio, np.exp((1.959964 + 0.84) * np.sqrt(0.1)))


def test_two_windows_by_hand():
    ratio = detectable_ratio_of_two(np.array([50]), np.array([200]), np.array([2.0]), found=0, tested=1)
    assert np.allclose(ratio, np.exp((1.959964 + 0.84) * np.sqrt(2 * (1 / 50 + 1 / 200))))


def test_the_spread_of_time_by_hand():
    assert time_spread(np.array([3, 3, 5, 5], np.int32)) == 0.25
    assert time_spread(np.array([3, 3], np.int32)) == time_spread(np.zeros(0, np.int32)) == 0
    assert np.isclose(time_spread(np.arange(1000, dtype=np.int32)), 1 / 12, rtol=0.01)


def test_two_equal_periods_and_two_windows_are_the_same_thing():
    of_trend = detectable_ratio([80], [1.5], found=2, tested=30, spread=0.25)
    assert np.allclose(of_trend, detectable_ratio_of_two([40], [40], [1.5], found=2, tested=30))


def test_nobody_could_have_shown_nothing():
    assert np.isinf(detectable_ratio(np.array([0]), np.array([1.0]), found=3, tested=9)).all()
    assert np.isinf(detectable_ratio_of_two([0], [0], [1.0], found=0, tested=0)).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 10**6), st.floats(1, 50), st.integers(1, 1000))
def test_more_people_show_more_and_clumping_shows_less(people, dispersion, tested):
    ratio = detectable_ratio([people], [dispersion], found=1, tested=tested)
    assert ratio > 1
    assert detectable_ratio([people * 2], [dispersion], found=1, tested=tested) <= ratio
    assert detectable_ratio([people], [dispersion * 2], found=1, tested=tested) >= ratio
    assert detectable_ratio([people], [dispersion], found=1, tested=tested * 2) >= ratio


def test_not_enough_is_said_of_few_people_few_clusters_or_a_blunt_test():
    ratio, clusters, people = [2.5, 2.5, 2.5, 3.5], [20.0, 7.9, 20, 20], [40, 40, 4, 40]
    assert enough(ratio, clusters, people).tolist() == [True, False, False, False]
    assert not enough(ratio, clusters, people, largest_ratio=STEADY_RATIO).any()


@pytest.mark.parametrize("growth", [1.0, 3.0])
def test_a_detectable_ratio_is_detected_four_times_in_five(growth):
    rng = np.random.default_rng(3)
    period = np.floor(12 * rng.random(8000) ** (1 / growth)).astype(np.int32)
    asked, themes = {"found": 4, "tested": 100, "spread": time_spread(period)}, 300
    ratio = float(detectable_ratio(200, 1.0, **asked))
    share = ratio ** (period / 11)
    used = rng.random((8000, themes)) < (share / share.sum() * 200)[:, None]
    row, theme = np.nonzero(used)
    alone = np.zeros(8000, np.int32)
    rows = Rows(
        Presence.of_pairs(row, theme, rows=8000, themes=themes),
        period,
        np.arange(8000, dtype=np.int32),
        alone,
    )
    power = np.mean(flip_test(rows, linear(period, alone)).p <= 0.05 * 4 / 100)
    assert 0.7 <= power <= 0.9
