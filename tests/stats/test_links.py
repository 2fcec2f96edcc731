"""What speaks for one theme having taken the place of another."""

import numpy as np
import pytest
from clumped import clumped_talk
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.links import curves, opposite, parted, slots, split_at, switching
from estran.stats.presence import Presence, Rows


def rows(uses, period, cluster, stratum=None):
    """Rows from a (N, P) table of uses."""
    uses = np.asarray(uses)
    row, theme = np.nonzero(uses)
    presence = Presence.of_pairs(row, theme, rows=uses.shape[0], themes=uses.shape[1])
    stratum = np.zeros(len(uses), np.int32) if stratum is None else np.asarray(stratum, np.int32)
    return Rows(presence, np.asarray(period, np.int32), np.asarray(cluster, np.int32), stratum)


def courses(*shares, voices=1000):
    observed = np.array(shares).T * voices
    return curves(observed, np.tile(observed.mean(axis=0), (len(observed), 1)))


def test_a_theme_that_falls_as_another_rises_is_its_opposite():
    three = courses([0.4, 0.3, 0.2, 0.1], [0.1, 0.15, 0.2, 0.4], [0.4, 0.3, 0.2, 0.1])
    assert opposite(three, 0, np.array([1, 2])) == pytest.approx([1, -1], abs=0.1)


def test_the_mean_time_parts_what_falls():
    two = courses([0.4, 0.2, 0.0, 0.0], [0.0, 0.0, 0.2, 0.4])
    assert two.mean_time[0] < 1.5 < two.mean_time[1]
    assert (split_at(two, 0), split_at(two, 1)) == (1, 3)


def test_the_share_late_over_early_by_hand():
    ratio = parted(np.array([[10.0], [30.0]]), np.array([[20.0], [20.0]]), 1, np.ones(1))
    spread = np.exp(1.959964 * np.sqrt(1 / 10.5 + 1 / 30.5))
    assert ratio.value == pytest.approx([30.5 / 10.5])
    assert (ratio.low, ratio.high) == (
        pytest.approx([30.5 / 10.5 / spread]),
        pytest.approx([30.5 / 10.5 * spread]),
    )


def test_a_place_survives_where_each_use_of_one_theme_gives_way_to_the_other():
    uses = [[1, 0]] * 50 + [[0, 1]] * 50
    found = slots(rows(uses, [0] * 50 + [1] * 50, range(100)), 0, np.array([1]), 1, np.ones(1), periods=2)
    assert found.value == pytest.approx([1], abs=0.02)
    assert found.low[0] < 1 < found.high[0]


def test_a_place_falls_where_only_one_in_five_finds_another_word():
    uses = [[1, 0]] * 50 + [[0, 1]] * 10 + [[0, 0]] * 40
    found = slots(rows(uses, [0] * 50 + [1] * 50, range(100)), 0, np.array([1]), 1, np.ones(1), periods=2)
    assert found.high[0] < 1


def test_people_who_turned_are_set_against_those_who_never_said_it():
    """4 users of theme 0 speak later, 3 take up theme 1; of 10 others beside them 2 do."""
    uses = [[1, 0]] * 4 + [[0, 1]] * 3 + [[0, 0]] + [[0, 1]] * 2 + [[0, 0]] * 8
    found = switching(
        rows(uses, [0] * 4 + [1] * 14, [0, 1, 2, 3, 0, 1, 2, 3, *range(4, 14)]), 0, np.array([1])
    )
    chance = -np.expm1(-(2 + 5 * 0.2) / 15)
    assert (found.people.tolist(), found.able) == ([3], 4)
    assert found.expected == pytest.approx([4 * chance])
    assert found.z == pytest.approx([(3 - 4 * chance) / np.sqrt(4 * chance * (1 - chance) + 1)])


def test_nobody_turned_where_nobody_speaks_again():
    found = switching(rows([[1, 0], [0, 1]], [0, 1], [0, 1]), 0, np.array([1]))
    assert (found.people.tolist(), found.z.tolist(), found.able) == ([0], [0.0], 0)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.permutations(range(1, 5)))
def test_each_candidate_is_judged_alone(seed, order):
    rng = np.random.default_rng(seed)
    talk = rows(
        rng.random((80, 5)) < 0.3, rng.integers(0, 4, 80), rng.integers(0, 30, 80), rng.integers(0, 2, 80)
    )
    every = np.arange(1, 5)
    one, other = switching(talk, 0, every), switching(talk, 0, np.array(order))
    place = slots(talk, 0, every, 2, np.ones(4), periods=4)
    moved = slots(talk, 0, np.array(order), 2, np.ones(4), periods=4)
    np.testing.assert_allclose(one.z[np.array(order) - 1], other.z)
    np.testing.assert_allclose(place.value[np.array(order) - 1], moved.value)


def test_where_nobody_turns_few_seem_to():
    """Calibration: habits, threads, loud people, but nothing moves; z above 2 for less than one pair in ten."""
    z = []
    for seed in range(4):
        talk = clumped_talk(np.random.default_rng(seed)).voices()
        z += [switching(talk, theme, np.arange(20, 150)).z for theme in range(20)]
    assert np.mean(np.concatenate(z) > 2) < 0.1


def test_people_who_turn_are_seen():
    """Power: 60 people used a theme, half of them use another a year later; one in ten of the others does."""
    seen = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        early = np.column_stack([np.arange(300) < 60, np.zeros(300, bool)])
        late = np.column_stack(
            [np.zeros(300, bool), rng.random(300) < np.where(np.arange(300) < 60, 0.5, 0.1)]
        )
        talk = rows(np.concatenate([early, late]), [0] * 300 + [1] * 300, [*range(300)] * 2)
        seen += bool(switching(talk, 0, np.array([1])).z[0] > 2)
    assert seen >= 19
