"""When a theme began to be said more than usual."""

import math
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from estran.stats.starts import PRICE, STEP, STEPS, ladder, starts

COUNTS = arrays(np.int64, (9, 3), elements=some.integers(0, 30))


def due(observed):
    return np.broadcast_to(observed.mean(axis=0), observed.shape)


def cost(walk, seen, expected, phi=1.0):
    """What a walk on the ladder costs, by the formula."""
    climbed = walk[0] + sum(max(b - a, 0) for a, b in pairwise(walk))
    levels = [e * STEP**s for e, s in zip(expected, walk, strict=True)]
    misfit = sum(level - k * math.log(level) for level, k in zip(levels, seen, strict=True))
    return climbed * PRICE * math.log(len(seen)) + misfit / phi


@pytest.mark.parametrize("phi", [1.0, 1.7])
def test_the_walk_is_the_cheapest_of_all_walks(phi):
    seen, expected = np.array([2.0, 1.0, 14.0, 12.0, 3.0]), np.full(5, 6.4)
    cheapest = min(product(range(5), repeat=5), key=lambda walk: cost(walk, seen, expected, phi))
    found = ladder(seen[:, None], expected[:, None], phi)
    assert found[:, 0].max() < 4  # so that the walks of five steps hold the cheapest one
    assert cost(found[:, 0], seen, expected, phi) == pytest.approx(cost(cheapest, seen, expected, phi))


def test_a_theme_that_tripled_starts_there_and_nowhere_else():
    seen = np.array([[20.0]] * 6 + [[60.0]] * 6)
    assert np.flatnonzero(starts(ladder(seen, due(seen)))).tolist() == [6]


def test_two_bursts_are_two_starts():
    seen = np.array([[3.0]] * 5 + [[40.0]] * 3 + [[3.0]] * 8 + [[40.0]] * 3 + [[3.0]] * 5)
    assert np.flatnonzero(starts(ladder(seen, due(seen)))).tolist() == [5, 16]


def test_standing_high_from_the_first_period_is_no_start():
    seen = np.array([[50.0]] * 4 + [[2.0]] * 16)
    steps = ladder(seen, due(seen))
    assert steps[0, 0] > 0
    assert not starts(steps).any()


def test_periods_in_which_nobody_spoke_start_nothing():
    seen = np.array([[20.0], [0.0], [20.0], [0.0], [20.0], [20.0]])
    spoke = np.where(seen > 0, 20.0, 0.0)
    assert not ladder(seen, spoke).any()


def test_no_period_and_no_theme_are_an_empty_answer():
    assert ladder(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0, 2)
    assert ladder(np.zeros((4, 0)), np.zeros((4, 0))).shape == (4, 0)


@given(COUNTS)
def test_themes_are_walked_alone(seen):
    whole = ladder(seen.astype(float), due(seen))
    alone = ladder(seen[:, 1:2].astype(float), due(seen)[:, 1:2])
    assert np.array_equal(whole[:, 1:2], alone)
    assert whole.max() <= STEPS


@given(COUNTS, some.sampled_from([1.0, 2.0, 4.0]))
def test_the_same_counts_with_as_much_more_dispersion_are_the_same_walk(seen, phi):
    seen = seen.astype(float)
    assert np.array_equal(ladder(seen * phi, due(seen) * phi, phi), ladder(seen, due(seen)))


@pytest.mark.parametrize(("periods", "mean"), [(12, 8), (12, 40), (60, 40), (230, 2), (230, 40)])
def test_one_theme_in_twenty_at_most_starts_when_nothing_moves(periods, mean):
    seen = np.random.default_rng(periods + mean).poisson(mean, (periods, 2_000)).astype(float)
    any_start = starts(ladder(seen, due(seen))).any(axis=0).mean()
    assert any_start <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 2_000)


def test_clumped_uses_keep_that_rate_when_their_dispersion_is_told():
    rng = np.random.default_rng(5)
    seen = 3.0 * rng.poisson(10, (60, 2_000))  # each use is told three times
    assert starts(ladder(seen, due(seen), 3.0)).any(axis=0).mean() <= 0.065
    assert starts(ladder(seen, due(seen))).any(axis=0).mean() > 0.5


def test_a_step_of_three_is_dated_within_a_period():
    rng = np.random.default_rng(6)
    level = np.where(np.arange(60) < 30, 8, 24)[:, None]
    seen = rng.poisson(level, (60, 1_000)).astype(float)
    found = starts(ladder(seen, due(seen)))
    assert found[29:32].any(axis=0).mean() >= 0.9
