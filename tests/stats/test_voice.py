"""The share of voice: worked by hand, unmoved by what must not move it, and covered as often as stated."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from estran.stats.presence import Presence, Rows
from estran.stats.voice import share_of_voice


def rows_of(uses, *, cluster=None, period=None):
    """Rows from a (N, P) table of uses."""
    uses = np.asarray(uses, bool)
    row, theme = np.nonzero(uses)
    size = len(uses)
    return Rows(
        Presence.of_pairs(row.astype(np.int32), theme.astype(np.int32), rows=size, themes=uses.shape[1]),
        np.zeros(size, np.int32) if period is None else np.asarray(period, np.int32),
        np.arange(size, dtype=np.int32) if cluster is None else np.asarray(cluster, np.int32),
        np.zeros(size, np.int32),
    )


FIRST = np.array([True, False, False])
ALL = np.ones(3, bool)


def test_worked_by_hand():
    # five uses of counted themes in all, two of them of the first theme
    rows = rows_of([[1, 1, 0], [1, 0, 1], [0, 1, 0]])
    value, low, high = share_of_voice(rows, FIRST, ALL, periods=1)
    assert value[0] == 2 / 5
    assert 0 < low[0] < 2 / 5 < high[0] < 1


def test_only_counted_themes_count_and_periods_are_told_apart():
    rows = rows_of([[1, 1, 1], [0, 1, 1], [1, 0, 1]], period=[0, 0, 1])
    value, _, _ = share_of_voice(rows, FIRST, np.array([True, True, False]), periods=3)
    np.testing.assert_array_equal(value, [1 / 3, 1.0, np.nan])


def test_nothing_of_many_has_an_upper_bound_and_all_of_many_a_lower_one():
    none = share_of_voice(rows_of([[0, 1, 1]] * 40), FIRST, ALL, periods=1)
    assert (none[0][0], none[1][0]) == (0.0, 0.0)
    assert 0 < none[2][0] < 0.1
    every = share_of_voice(rows_of([[1, 0, 0]] * 40), FIRST, ALL, periods=1)
    assert (every[0][0], every[2][0]) == (1.0, 1.0)
    assert every[1][0] > 0.9


@given(st.integers(0, 10_000))
def test_the_order_of_rows_and_the_names_of_people_say_nothing(seed):
    rng = np.random.default_rng(seed)
    uses, people = rng.random((30, 3)) < 0.4, rng.integers(0, 10, 30)
    shuffled, renamed = rng.permutation(30), rng.permutation(10)
    told = share_of_voice(rows_of(uses, cluster=people), FIRST, ALL, periods=1)
    again = share_of_voice(rows_of(uses[shuffled], cluster=renamed[people[shuffled]]), FIRST, ALL, periods=1)
    np.testing.assert_allclose(told, again)


def test_one_who_speaks_much_makes_the_interval_wider():
    rng = np.random.default_rng(3)
    uses = rng.random((200, 3)) < 0.3
    alone = share_of_voice(rows_of(uses), FIRST, ALL, periods=1)
    same = np.repeat(uses[:40], 5, axis=0)  # forty people who say the same five times
    hanging = share_of_voice(rows_of(same, cluster=np.repeat(np.arange(40), 5)), FIRST, ALL, periods=1)
    assert hanging[2][0] - hanging[1][0] > 1.5 * (alone[2][0] - alone[1][0])


def test_the_interval_holds_the_share_as_often_as_stated_when_uses_hang_together():
    # 120 people, each with a leaning of his own, two to six rows each: 300 corpora
    rng, held = np.random.default_rng(9), 0
    for _ in range(300):
        rows = rng.integers(2, 7, 120)
        leaning = np.repeat(rng.beta(2, 6, 120), rows)
        uses = np.stack([rng.random(len(leaning)) < leaning, rng.random(len(leaning)) < 0.5], axis=1)
        # E[first] = 1/4, E[second] = 1/2: a third of all that is spoken of
        _, low, high = share_of_voice(
            rows_of(uses, cluster=np.repeat(np.arange(120), rows)),
            np.array([True, False]),
            np.ones(2, bool),
            periods=1,
        )
        held += bool(low[0] <= 1 / 3 <= high[0])
    assert 0.92 <= held / 300 <= 0.98
