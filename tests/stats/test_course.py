import numpy as np
import pytest
from clumped import Talk, clumped_talk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import chi2

from estran.stats.changes import KNOT, SHAPES, SLOPE, turns
from estran.stats.course import change
from estran.stats.presence import Presence, Rows
from estran.stats.rates import standardised_shares
from estran.stats.trends import in_out_test

INCOMING = [SHAPES.index(name) for name in ("in", "emerging", "established", "returning")]


def rows_of(uses, rows=200, clusters=None):
    """Rows from (T, P) uses: `rows` voices in each period, the first of them use the theme."""
    periods, themes = uses.shape
    used = np.arange(rows)[None, :, None] < uses[:, None, :]
    row, theme = np.nonzero(used.reshape(-1, themes))
    count = periods * rows
    cluster = np.arange(count) if clusters is None else clusters
    presence = Presence.of_pairs(row, theme, rows=count, themes=themes)
    period = np.repeat(np.arange(periods), rows)
    return Rows(*(presence, period.astype(np.int32), cluster.astype(np.int32), np.zeros(count, np.int32)))


def course(rows, *, fewest=SLOPE, dispersion=1.0, **how):
    shares = standardised_shares(rows, periods=int(rows.period.max()) + 1)
    phi = np.broadcast_to(dispersion, rows.presence.themes)
    turned = turns(shares.observed, shares.expected, shares.rows, phi, fewest=fewest)
    return turned, change(rows, shares, turned, **how)


def test_two_periods_by_hand():
    turned, found = course(rows_of(np.array([[20], [60]])), level=0.9)
    assert SHAPES[turned.shape[0]] == "in"
    assert np.allclose([found.before[0], found.after[0], found.ratio[0]], [0.1, 0.3, 3], rtol=1e-3)

    def lost(log_ratio):  # deviance of the best two shares with that ratio, less what is allowed
        shares = np.linspace(0.02, 0.3, 20001)
        now = np.minimum(shares * np.exp(log_ratio), 1 - 1e-9)
        fit = 20 * np.log(shares) + 180 * np.log(1 - shares) + 60 * np.log(now) + 140 * np.log(1 - now)
        best = 20 * np.log(0.1) + 180 * np.log(0.9) + 60 * np.log(0.3) + 140 * np.log(0.7)
        return 2 * (best - fit.max()) - chi2.ppf(0.9, 1) * widened

    widened = found.inflation[0, 2] * 1.005  # a little for the clusters being counted
    assert np.isclose(np.log(found.ratio_low[0]), brentq(lost, 0.1, 1.09), atol=0.02)
    assert np.isclose(np.log(found.ratio_high[0]), brentq(lost, 1.11, 2.5), atol=0.02)


def test_a_theme_that_was_not_there_before_grew_by_much_and_nobody_knows_how_much():
    _, found = course(rows_of(np.array([[0], [0], [0], [0], [30]])), level=0.99)
    assert 7 < found.ratio_low[0] < found.ratio[0]
    assert np.isinf(found.ratio_high[0])
    assert found.before_low[0] == 0
    assert found.before_high[0] < 0.02


def test_a_theme_that_is_gone_is_the_same_backwards():
    _, found = course(rows_of(np.array([[30], [0], [0], [0], [0]])), level=0.99)
    assert found.ratio_low[0] == 0
    assert found.ratio[0] < found.ratio_high[0] < 1 / 7


def test_a_share_rests_on_five_uses_and_a_thin_last_period_is_not_now():
    uses = np.array([[0, 0, 1, 1, 2, 4, 8, 16, 31, 60]]).T
    _, found = course(rows_of(uses))
    first, past = found.windows[0, 0]
    assert uses[first:past].sum() >= 4
    assert found.windows[0, 1].tolist() == [9, 10]
    assert np.isclose(found.before[0], uses[first:past].mean() / 200, rtol=0.3)


def test_people_who_repeat_themselves_widen_the_interval():
    uses = np.array([[20], [60]])
    same = np.concatenate([np.arange(200) // 10, 20 + np.arange(200) // 10])
    alone, clumped = course(rows_of(uses))[1], course(rows_of(uses, clusters=same))[1]
    threaded = course(rows_of(uses), conversations=rows_of(uses, clusters=same))[1]
    assert clumped.ratio_high[0] > 1.5 * alone.ratio_high[0]
    assert threaded.ratio_high[0] == clumped.ratio_high[0]


def test_few_clusters_are_less_sure_where_nothing_was_found():
    uses = np.array([[2], [4], [6]])
    plain, careful = (course(rows_of(uses), level=0.99, student=student)[1] for student in (False, True))
    assert careful.ratio_low[0] < plain.ratio_low[0] < plain.ratio_high[0] < careful.ratio_high[0]


def test_the_interval_is_as_sure_as_the_test():
    uses, people = np.array([[9, 20], [14, 14], [20, 9]]), np.tile(np.arange(40).repeat(5), 3)
    rows, z = rows_of(uses, clusters=people), 1.959964
    plain = course(rows)[1]
    assert plain.ratio_low[0] < 1 < plain.ratio_high[1]
    at_the_edge, surer = course(rows, tested=[z, -z])[1], course(rows, tested=[1.2 * z, 1.2 * -z])[1]
    other_way = course(rows, tested=[-z, z])[1]
    assert np.allclose([at_the_edge.ratio_low[0], at_the_edge.ratio_high[1]], 1, atol=0.01)
    assert surer.ratio_low[0] >= at_the_edge.ratio_low[0]
    assert other_way.ratio_low[0] == plain.ratio_low[0]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.sampled_from([SLOPE, KNOT]))
def test_shape_and_ratio_never_contradict_each_other(seed, periods, fewest):
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(0, 1, (periods, 12)), axis=0)
    uses = rng.binomial(60, np.clip(0.1 * np.exp(walk - walk.mean(axis=0)), 0, 1)) * (rng.random(12) < 0.9)
    turned, found = course(rows_of(uses, 60), fewest=fewest, dispersion=rng.choice([1.0, 4.0, 20.0]))
    moved = turned.direction != 0
    assert np.array_equal(np.isin(turned.shape, INCOMING)[moved], (found.ratio > 1)[moved])
    assert np.array_equal(turned.direction[moved], np.sign(np.log(found.ratio))[moved])
    assert (found.ratio_low <= found.ratio).all()
    assert (found.ratio <= found.ratio_high).all()
    assert ((found.before_low >= 0) & (found.before_low <= found.before)).all()
    assert ((found.after <= found.after_high) & (found.after_high <= 1)).all()


def test_a_fall_taken_back_by_what_followed_is_no_fall():
    uses = np.array([[60, 40, 25, 15, 10, 16, 14, 30, 22, 50, 40, 90]]).T
    for dispersion in (1.0, 3.0):
        turned, found = course(rows_of(uses, 400), fewest=KNOT, dispersion=dispersion)
        assert (SHAPES[turned.shape[0]], found.ratio[0] > 1) == ("returning", True)
        assert 3 <= turned.begin[0] <= 7


def test_the_interval_grows_with_its_level():
    rows = rows_of(np.random.default_rng(5).binomial(200, 0.05, (9, 20)))
    narrow, wide = course(rows, level=0.8)[1], course(rows, level=np.full(20, 0.99))[1]
    assert (wide.ratio_low < narrow.ratio_low).all()
    assert (narrow.ratio_high < wide.ratio_high).all()


def thinned(talk, rng, kept):
    """What is left of each theme by period, voice by voice: the true course of its share."""
    _, voice = np.unique(talk.author * 1000 + talk.period, return_inverse=True)
    draw = rng.random((int(voice.max()) + 1, kept.shape[1]))[voice]
    mentions = talk.mentions & (draw < kept[talk.period])
    return Talk(talk.author, talk.thread, talk.period, talk.tokens, mentions)


def planted(log_ratio, *, seeds, level, people=1500, threads=3000):
    """Intervals, truth over the same windows and claims, of lines planted in clumped talk; 50 people or more."""
    for seed in seeds:
        rng = np.random.default_rng([seed, 7])
        talk = clumped_talk(rng, threads=threads, people=people, themes=120, length=1.0, growth=1)
        line = log_ratio * rng.choice([-1, 1], 120) * np.linspace(0, 1, 12)[:, None]
        kept = np.exp(line - line.max(axis=0))
        talk = thinned(talk, rng, kept)
        rows, threaded = talk.voices(), talk.conversations()
        test = in_out_test(rows, threaded)
        _, found = course(rows, dispersion=test.dispersion, level=level, conversations=threaded)
        weight = standardised_shares(rows, periods=12).expected + 1e-9
        share = [
            [np.average(kept[a:b, j], weights=weight[a:b, j]) for a, b in found.windows[j]]
            for j in range(120)
        ]
        truth = np.divide(*np.array(share).T[::-1])
        voiced = rows.presence.uses >= 80
        yield found, truth, test.contrasts[0], voiced


@pytest.mark.parametrize("ratio", [1, 5])
def test_nominal_95_percent_intervals_hold_the_truth_in_clumped_talk(ratio):
    held = [
        ((c.ratio_low <= truth) & (truth <= c.ratio_high))[voiced]
        for c, truth, _, voiced in planted(np.log(ratio), seeds=range(5), level=0.95)
    ]
    assert 0.92 <= np.mean(np.concatenate(held)) <= 0.98


def test_what_the_test_finds_along_a_line_the_interval_sees_too():
    sure = [
        ((c.ratio_low > 1) | (c.ratio_high < 1))[voiced & (p <= 0.005)]
        for c, _, p, voiced in planted(np.log(5), seeds=range(3), level=0.995)
    ]
    assert len(np.concatenate(sure)) > 50
    assert np.mean(np.concatenate(sure)) >= 0.95


def test_no_rows_know_nothing():
    rows = Rows(Presence(np.zeros(3, np.int64), np.zeros(0, np.int32), 0), *[np.zeros(0, np.int32)] * 3)
    shares = standardised_shares(rows, periods=3)
    turned = turns(shares.observed, shares.expected, shares.rows, np.ones(2))
    found = change(rows, shares, turned)
    assert found.ratio_low.tolist() == [0, 0]
    assert np.isinf(found.ratio_high).all()
