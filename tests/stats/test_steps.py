"""Steps at a date: by hand, against their opposites, where nothing moves, and where something does."""

import numpy as np
import pytest
from clumped import clumped_talk
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.effects import Design, differences, drifting, fit, interrupted, parting, ratios, steps
from estran.stats.placebos import placebos
from estran.stats.power import detectable_by
from estran.stats.presence import Presence, Rows
from estran.stats.rates import standardised_shares
from estran.stats.strata import length_strata


def rows_of(uses, rows=100, clusters=None):
    """Rows from (C, P) uses: `rows` voices in each cell, the first of them use the theme."""
    uses = np.asarray(uses)
    cells, themes = uses.shape
    row, theme = np.nonzero((np.arange(rows)[None, :, None] < uses[:, None, :]).reshape(-1, themes))
    count = cells * rows
    cluster = np.arange(count) if clusters is None else clusters
    presence = Presence.of_pairs(row, theme, rows=count, themes=themes)
    cell = np.repeat(np.arange(cells), rows)
    return Rows(presence, cell.astype(np.int32), cluster.astype(np.int32), np.zeros(count, np.int32))


def counted(rows, design):
    shares = standardised_shares(rows, periods=len(design.asked))
    return shares.observed, shares.expected


def seen(rows, design, **how):
    return steps(rows, counted(rows, design), design, **how)


def told(rows, design, **how):
    return ratios(rows, counted(rows, design), design, **how)


def test_differences_by_hand():
    design = differences(1, 1)
    uses = np.array([[10.0, 10.0, 10.0, 30.0]])  # comparison before, after; scope before, after
    fitted = fit(uses, np.full((1, 4), 15.0), design, np.zeros(1))
    assert np.allclose(fitted, [[20 / 3, 40 / 3, 40 / 3, 80 / 3]], rtol=1e-3)  # row sums times column sums
    rows = rows_of(uses.T.astype(int))
    assert np.isclose(told(rows, design).ratio[0], 3.0, rtol=1e-3)
    weight = np.array([1, -1, -1, 1]) / fitted[0]  # of the effective score, up to a factor
    share = fitted[0] / 100
    variance = (weight**2 * (uses[0] * (1 - share) ** 2 + (100 - uses[0]) * share**2)).sum()
    z = (weight * (uses[0] - fitted[0])).sum() / np.sqrt(variance)
    assert np.isclose(seen(rows, design).z[0], z, rtol=0.02)


def test_two_windows_have_the_error_of_two_counts():
    rows = rows_of(np.array([[20], [20]]), rows=2000)
    design = Design(np.array([0.0, 1.0]), np.ones((2, 1)))
    assert np.isclose(seen(rows, design).error[0], np.sqrt(1 / 20 + 1 / 20), rtol=0.02)


def test_a_step_beside_a_line_is_told_from_the_line():
    line = np.round(20 * 1.1 ** np.arange(12)).astype(int)
    both = np.stack([line, np.where(np.arange(12) < 6, line, 2 * line)], axis=1)
    found = told(rows_of(both, rows=400), interrupted(6, 6))
    assert np.allclose(found.ratio, [1.0, 2.0], rtol=0.1)
    assert found.low[0] < 1 < found.high[0]
    assert found.low[1] > 1


def test_a_theme_that_is_gone_for_good_is_told_and_has_an_upper_bound():
    uses = np.array([[20] * 6 + [20] * 6 + [20] * 6 + [0] * 6]).T
    found = told(rows_of(uses), differences(6, 6))
    assert seen(rows_of(uses), differences(6, 6)).p[0] < 1e-6
    assert (found.ratio[0], found.low[0]) == (0.0, 0.0)
    assert found.high[0] < 0.15


def test_a_theme_that_nobody_used_and_one_that_the_scope_never_used_tell_nothing():
    uses = np.array([[0] * 24, [10] * 12 + [0] * 12]).T
    found = seen(rows_of(uses), differences(6, 6))
    assert found.p.tolist() == [1, 1]
    assert np.isinf(detectable_by(found.error, 1.96)).all()


def test_no_rows_tell_nothing():
    none = np.zeros(0, np.int32)
    rows = Rows(Presence.of_pairs(none, none, rows=0, themes=2), none, none, none)
    assert seen(rows, interrupted(6, 6)).p.tolist() == [1, 1]


def test_one_person_who_repeats_himself_is_one_person():
    uses = np.array([[10, 10, 10, 30]]).T
    clusters = np.arange(400)
    clusters[300:330] = 300  # all the uses of the last cell are of one
    alone, one = (
        seen(rows_of(uses), differences(1, 1)),
        seen(rows_of(uses, clusters=clusters), differences(1, 1)),
    )
    assert alone.p[0] < 0.1 < one.p[0]
    assert one.effective_clusters[0] < 5 < alone.effective_clusters[0]


def test_what_both_do_is_no_difference_and_a_line_of_one_is_seen_before():
    common = np.tile([5, 9, 30, 12, 7, 21, 40, 3, 8, 16, 30, 25], 2)
    assert np.isclose(told(rows_of(common[:, None]), differences(6, 6)).ratio[0], 1.0, rtol=1e-3)
    before = np.array([[20, 20, 20, 20, 20, 20, 10, 14, 20, 28, 40, 56]]).T
    assert seen(rows_of(before), parting(6)).z[0] > 3
    assert seen(rows_of(before[6:]), drifting(6)).z[0] > 3


@settings(max_examples=25)
@given(st.lists(st.integers(1, 40), min_size=8, max_size=8), st.randoms(use_true_random=False))
def test_who_is_compared_with_whom_turns_the_answer_round(uses, random):
    uses = np.array(uses)
    turned = np.concatenate([uses[4:], uses[:4]])
    one = seen(rows_of(uses[:, None], rows=60), differences(2, 2))
    other = seen(rows_of(turned[:, None], rows=60), differences(2, 2))
    assert np.isclose(one.z[0], -other.z[0], atol=0.02)
    names = list(range(480))
    random.shuffle(names)
    named = seen(rows_of(uses[:, None], rows=60, clusters=np.array(names)), differences(2, 2))
    assert np.isclose(one.p[0], named.p[0], atol=1e-9)


def cells_of(talk, arm=None):
    """Voices of a talk in the cells of its 12 periods, and of two groups of people where they are told."""
    cell = talk.period if arm is None else talk.period + 12 * arm[talk.author]
    key = talk.author.astype(np.int64) * 24 + cell
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    message, theme = np.nonzero(talk.mentions)
    presence = Presence.of_pairs(row[message], theme, rows=len(first), themes=talk.mentions.shape[1])
    strata = length_strata(np.bincount(row, talk.tokens).astype(np.int64), np.zeros(len(first), np.int64))
    _, people = np.unique(talk.author[first], return_inverse=True)
    return Rows(presence, cell[first].astype(np.int32), people.astype(np.int32), strata)


def stepped(talk, rng, ratio, where):
    """Half of the themes are thinned after the sixth period where `where` says so, the others before it."""
    late, down = talk.period >= 6, np.arange(talk.mentions.shape[1]) % 2 == 0
    less = where[:, None] & (late[:, None] == down[None, :])
    _, voice = np.unique(talk.author.astype(np.int64) * 12 + talk.period, return_inverse=True)
    kept = ~less | (rng.random((voice.max() + 1, talk.mentions.shape[1]))[voice] < 1 / ratio)
    return type(talk)(talk.author, talk.thread, talk.period, talk.tokens, talk.mentions & kept), np.where(
        down, -1, 1
    )


@pytest.fixture(scope="module")
def talks():
    """Talk where nothing moves, and people in two halves by chance."""
    found = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        talk = clumped_talk(rng, threads=3000, people=1500, themes=150, length=1.0, growth=1.2)
        found.append((talk, (rng.random(1500) < 0.5).astype(np.int64)))
    return found


def test_where_nothing_moves_one_in_twenty_is_claimed(talks):
    for design, halved in ((interrupted(6, 6), False), (differences(6, 6), True)):
        p = []
        for talk, arm in talks:
            rows = cells_of(talk, arm if halved else None)
            p.append(placebos(seen(rows, design).z, rows.presence.uses.astype(float)).p)
        assert 0.03 < np.mean(np.concatenate(p) <= 0.05) < 0.07
        assert np.mean(np.concatenate(p) <= 0.005) < 0.012


def test_a_step_of_three_is_seen_where_there_is_somebody_to_compare_with(talks):
    hits, covered = [], []
    for seed, (talk, arm) in enumerate(talks[:3]):
        moved, way = stepped(talk, np.random.default_rng(seed), 3.0, arm[talk.author] == 1)
        rows = cells_of(moved, arm)
        well = rows.presence.uses >= 150
        found = seen(rows, differences(6, 6))
        hits.append(((found.p <= 0.05) & (np.sign(found.z) == way))[well])
        chosen = np.flatnonzero(well)[:8]
        ends = told(rows.take(chosen), differences(6, 6))
        covered.append((ends.low <= 3.0 ** way[chosen]) & (3.0 ** way[chosen] <= ends.high))
    assert np.concatenate(hits).mean() > 0.75
    assert np.concatenate(covered).mean() > 0.86


def test_what_could_have_been_seen_is_seen_four_times_in_five(talks):
    hits = []
    for seed, (talk, arm) in enumerate(talks):
        still = seen(cells_of(talk, arm), differences(6, 6))
        for ratio in (1.7, 2.2, 3.0):
            moved, way = stepped(
                talk, np.random.default_rng([seed, int(10 * ratio)]), ratio, arm[talk.author] == 1
            )
            found = seen(cells_of(moved, arm), differences(6, 6))
            just = np.abs(np.log(detectable_by(found.error, 1.96)) / np.log(ratio) - 1) < 0.15
            hits.append(
                ((found.p <= 0.05) & (np.sign(found.z) == way))[just & (still.effective_clusters > 8)]
            )
    assert 0.68 < np.concatenate(hits).mean() < 0.92


def test_placebos_by_hand():
    z, support = np.array([3.0, 0.5, -2.0, 1.0]), np.array([10.0, 20.0, 30.0, 40.0])
    assert placebos(z, support).rank.tolist() == [0.25, 1.0, 0.5, 0.75]
    near = placebos(z, support, neighbours=2)  # 3.0 beside 0.5 and -2.0; 1.0 beside 0.5 and -2.0
    assert near.rank.tolist() == [1 / 3, 1.0, 1 / 3, 2 / 3]
    assert near.scale.tolist() == [1, 1, 1, 1]


def test_one_theme_has_no_other_to_be_held_against():
    alone = placebos(np.array([3.0]), np.array([10.0]))
    assert (alone.rank.tolist(), alone.others.tolist()) == ([1.0], [0])


def test_deviates_twice_as_wide_are_told_to_be_so():
    z = 2.0 * np.random.default_rng(0).standard_normal(2000)
    found = placebos(z, np.arange(2000.0))
    assert np.isclose(found.scale.mean(), 2.0, atol=0.1)
    assert np.isclose((found.rank <= 0.05).mean(), 0.05, atol=0.012)
