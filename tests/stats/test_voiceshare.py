"""The share of a theme's voices that lies in each part, with an interval by people."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.presence import Presence, Rows
from estran.stats.voiceshare import voice_shares


def rows_of(row, theme, cluster, themes):
    count = len(cluster)
    return Rows(
        Presence.of_pairs(np.asarray(row), np.asarray(theme), rows=count, themes=themes),
        np.zeros(count, np.int32),
        np.asarray(cluster, np.int32),
        np.zeros(count, np.int32),
    )


def test_shares_and_their_variance_by_hand():
    """Two people: one says it three times here, the other once here and once there: four of five."""
    rows = rows_of([0, 1, 2, 3, 4], [0] * 5, [0, 0, 0, 1, 1], 1)
    told = voice_shares(rows, np.array([0, 0, 0, 0, 1]), parts=2, level=0.6826894921)
    s, smoothed = 0.8, 4.5 / 6
    robust = ((3 - 3 * s) ** 2 + (1 - 2 * s) ** 2) / 25 * 2
    error = np.sqrt(max(robust, smoothed * (1 - smoothed) / 2)) / (smoothed * (1 - smoothed))
    odds = np.log(smoothed / (1 - smoothed))
    np.testing.assert_allclose(told.share[:, 0], [0.8, 0.2])
    np.testing.assert_allclose(told.low[0, 0], 1 / (1 + np.exp(-(odds - error))), rtol=1e-6)


def test_a_theme_that_nobody_says_has_no_share():
    told = voice_shares(rows_of([0], [0], [0], 2), np.array([1]), parts=2)
    assert np.isnan(told.share[:, 1]).all()
    assert (told.low[:, 1].tolist(), told.high[:, 1].tolist()) == ([0, 0], [1, 1])


def test_rows_of_no_part_are_left_out():
    told = voice_shares(rows_of([0, 1], [0, 0], [0, 1], 1), np.array([0, -1]), parts=1)
    assert told.voices.tolist() == [[1]]


def talk(rng, *, people=120, themes=30, share=0.7, habit=2.0):
    """People differ in how much they say and where they say it: shares of a person are Beta around the truth."""
    many = rng.poisson(rng.gamma(1.0, 3.0, people)) + 1
    cluster = np.repeat(np.arange(people), many)
    chance = rng.beta(habit * share, habit * (1 - share), (people, themes))
    said = rng.random((len(cluster), themes)) < 0.3
    row, theme = np.nonzero(said)
    # a row is one voice in one part: two rows for each, of which only the one of its part holds the theme
    here = rng.random(len(row)) < chance[cluster[row], theme]
    return rows_of(2 * row + ~here, theme, np.repeat(cluster, 2), themes), np.tile([0, 1], len(cluster))


def test_the_intervals_hold_the_share_where_people_have_habits():
    """95 % intervals over 600 themes; those of independent voices would hold it in seven of ten."""
    held = []
    for seed in range(20):
        rows, part = talk(np.random.default_rng(seed))
        told = voice_shares(rows, part, parts=2)
        held.append((told.low[0] <= 0.7) & (told.high[0] >= 0.7))
    assert 0.92 <= np.mean(held) <= 0.98


def test_a_part_that_takes_most_is_seen_to_do_so():
    rows, part = talk(np.random.default_rng(1), share=0.8, people=300)
    assert (voice_shares(rows, part, parts=2).low[0] > 0.5).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_shares_add_up_to_one_and_lie_in_their_intervals(seed):
    rng = np.random.default_rng(seed)
    rows, part = talk(rng, people=20, themes=4)
    part = rng.integers(0, 3, len(part))
    told = voice_shares(rows, part, parts=3)
    some = told.voices.sum(axis=0) > 0
    np.testing.assert_allclose(told.share[:, some].sum(axis=0), 1.0)
    assert ((told.low <= told.share) & (told.share <= told.high))[:, some].all()
