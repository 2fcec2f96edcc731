"""The share of a theme's voices that lies in each part, period by period."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.presence import Presence, Rows
from estran.stats.voicecurves import by_period, speaking, voice_curves
from estran.stats.voiceshare import voice_shares


def talk(rng, *, people=60, periods=6, parts=3, themes=4, uses=0.4):
    """Every person may speak in every part and period, once."""
    cell = np.flatnonzero(rng.random(people * periods * parts) < 0.5)
    person, period, part = np.unravel_index(cell, (people, periods, parts))
    row, theme = np.nonzero(rng.random((len(cell), themes)) < uses)
    rows = Rows(
        Presence.of_pairs(row, theme, rows=len(cell), themes=themes),
        period.astype(np.int32),
        person.astype(np.int32),
        np.zeros(len(cell), np.int32),
    )
    return rows, part.astype(np.int32)


def test_two_tools_in_two_periods_by_hand():
    """Five speak in each tool and period; the theme: 1 of 4 voices in the first tool first, then 3 of 4."""
    period, part, cluster = (np.repeat([0, 1], 10), np.tile(np.repeat([0, 1], 5), 2), np.arange(20))
    said = np.array([0, 5, 6, 7, 10, 11, 12, 15])
    rows = Rows(
        Presence.of_pairs(said, np.zeros(8, int), rows=20, themes=1),
        period.astype(np.int32), cluster.astype(np.int32), np.zeros(20, np.int32),
    )  # fmt: skip
    told, _, _ = voice_curves(rows, part.astype(np.int32), parts=2, periods=2)
    np.testing.assert_allclose(told.share, [[0.25, 0.75], [0.75, 0.25]])


def test_a_part_that_is_silent_is_of_no_whole_and_one_alone_has_nothing_to_divide():
    rows, part = talk(np.random.default_rng(1))
    late = (part == 2) & (rows.period < 3)  # the third begins in the fourth period
    alone = (part > 0) & (rows.period == 0)  # and in the first only one speaks
    part = np.where(late | alone, -1, part).astype(np.int32)
    assert speaking(rows, part, parts=3, periods=6).sum(axis=0).tolist() == [1, 2, 2, 3, 3, 3]
    told, _, compared = voice_curves(rows, part, parts=3, periods=6)
    share = told.share.reshape(3, 4, 6)
    assert np.isnan(share[:, :, 0]).all()
    np.testing.assert_allclose(share[:2, :, 1:3].sum(axis=0), 1.0)
    assert (compared[rows.period == 0] == -1).all()


def test_four_voices_of_a_tool_are_taken_for_silence():
    rows, part = talk(np.random.default_rng(2))
    many = np.flatnonzero((part == 1) & (rows.period == 2))
    part[many[4:]] = -1
    told, _, _ = voice_curves(rows, part, parts=3, periods=6)
    assert not speaking(rows, part, parts=3, periods=6)[1, 2]
    assert (told.voices.reshape(3, 4, 6)[1, :, 2] == 0).all()
    np.testing.assert_allclose(told.share.reshape(3, 4, 6)[[0, 2], :, 2].sum(axis=0), 1.0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_each_period_is_as_if_it_were_asked_alone(seed):
    rng = np.random.default_rng(seed)
    rows, part = talk(rng, people=30)
    told, cut, _ = voice_curves(rows, part, parts=3, periods=6)
    assert cut.presence.uses.sum() == rows.presence.uses.sum()
    for period in range(6):
        here = voice_shares(rows, np.where(rows.period == period, part, -1), parts=3)
        for one, other in ((told.share, here.share), (told.low, here.low), (told.high, here.high)):
            np.testing.assert_allclose(one.reshape(3, 4, 6)[:, :, period], other)


def test_a_theme_is_cut_into_its_periods_in_order():
    rows, _ = talk(np.random.default_rng(3))
    cut = by_period(rows, periods=6)
    of = np.repeat(np.arange(cut.presence.themes), cut.presence.uses)
    np.testing.assert_array_equal(rows.period[cut.presence.indices], of % 6)


def test_intervals_of_periods_hold_the_share_where_nothing_changes():
    """Each person keeps to one tool in six or seven of ten voices, by habit: 95 % intervals, 20 corpora of 20 periods."""
    held = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        people, periods = 150, 20
        chance = rng.beta(4.0, 2.0, people)
        person, period = (m.ravel() for m in np.mgrid[:people, :periods])
        spoke = rng.random(len(person)) < 0.6
        person, period = np.repeat(person[spoke], 2), np.repeat(period[spoke], 2)
        part = np.tile([0, 1], len(person) // 2)
        here = np.repeat(rng.random(len(person) // 2) >= chance[person[::2]], 2)
        said = np.flatnonzero(part == here)
        rows = Rows(
            Presence.of_pairs(said, np.zeros(len(said), int), rows=len(person), themes=1),
            period.astype(np.int32), person.astype(np.int32), np.zeros(len(person), np.int32),
        )  # fmt: skip
        told, _, _ = voice_curves(rows, part.astype(np.int32), parts=2, periods=periods)
        held.append((told.low[0] <= 2 / 3) & (told.high[0] >= 2 / 3))
    assert 0.92 <= np.mean(held) <= 0.98
