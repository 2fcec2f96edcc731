"""A theme is said more, or less, than it used to be: looked at every day."""

import math

import numpy as np
import pytest
from bench.truth.watch import lasting_clumps
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.stats import betabinom

from estran.stats.alarms import (
    FEWER,
    ONCE_A_YEAR,
    WEEK,
    Alarms,
    Last,
    known,
    raised,
    threshold,
)
from estran.stats.surprise import RATIOS

YEAR = 52 * WEEK


def clumped(rng, mean, phi):
    """Negative binomial counts: their variance is phi times their mean."""
    return rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)


def talk(rng, *, days, themes, weekly, phi=1.0, ratio=1.0, since=0):
    """Uses and expected uses: weekends are quiet, volume grows and swings over the year, the share holds or steps."""
    day = np.arange(days)
    volume = np.exp(0.3 * np.sin(day / YEAR * 2 * np.pi) + 0.0005 * day) * np.where(day % 7 >= 5, 0.3, 1.28)
    due = np.broadcast_to((weekly / 7 * volume / volume.mean())[:, None], (days, themes))
    return clumped(rng, due * np.where(day >= since, ratio, 1.0)[:, None], phi).astype(float), due


def test_the_evidence_of_a_window_by_hand():
    # 30 weeks of 4 uses, one on each of four days, then a week of 14; no clumps: the dispersion is the least there is
    seen = np.zeros((31 * WEEK, 1))
    seen[:, 0] = np.tile([1.0, 1, 1, 1, 0, 0, 0], 31)
    seen[-WEEK:, 0] = 2.0
    found = raised(seen, np.ones_like(seen), rise=0.0, clumps=1.0)
    phi, rate = 1.05, 120.5 / 210
    size = 134 / (phi - 1)

    def likelihood(part):
        return betabinom.pmf(14, 134, size * part, size * (1 - part))

    still = likelihood(7 / 217)
    changed = np.mean([likelihood(x * 7 / (x * 7 + 210)) for x in RATIOS])
    evidence = math.log(changed / still)
    freedom = (30 / 3 - 1) / (1 + (6 * (phi - 1) + 1 / phi) / (134 / 217 * 7) / 2) + 3
    assert found.evidence == pytest.approx((freedom + 1) / 2 * math.log1p(2 * evidence / freedom))
    assert (found.day.tolist(), found.window.tolist(), found.rise.tolist()) == ([217], [7], [True])
    assert (found.seen[0], found.past[0], found.due[0]) == (14, 120, pytest.approx(rate * 7))


def test_the_threshold_grows_as_fewer_false_alarms_are_accepted():
    assert (threshold(1.0), threshold(1.0, rise=False)) == (ONCE_A_YEAR[True], ONCE_A_YEAR[False])
    assert threshold(0.1) == pytest.approx(ONCE_A_YEAR[True] + FEWER[True] * math.log(10))


def test_a_theme_that_doubles_is_told_and_its_past_begins_anew():
    rng = np.random.default_rng(1)
    seen, due = talk(rng, days=3 * YEAR, themes=40, weekly=20, ratio=2.0, since=2 * YEAR)
    found = raised(seen, due, looks=YEAR, rise=threshold(0.1), fall=threshold(0.1, rise=False))
    first = np.full(40, 10**6)
    np.minimum.at(first, found.theme, found.day - 2 * YEAR)
    assert np.median(first) <= 2 * WEEK
    assert first.max() <= 6 * WEEK
    assert len(found.theme) <= 44  # and hardly one of them twice: the new level is the past from then on
    assert found.rise[np.argsort(found.day)[:40]].all()


def test_a_second_doubling_soon_after_a_first_one_is_told_too():
    rng = np.random.default_rng(8)
    seen, due = talk(rng, days=2 * YEAR, themes=60, weekly=20, phi=2, ratio=2.0, since=2 * YEAR - 20 * WEEK)
    more, _ = talk(rng, days=2 * YEAR, themes=60, weekly=40, phi=2)
    seen[-10 * WEEK :] += more[-10 * WEEK :]  # from two times to four, ten weeks after the first rise
    found = raised(seen, due, looks=20 * WEEK, rise=threshold(0.1))
    second = {int(j) for j, day in zip(found.theme, found.day, strict=True) if day > len(seen) - 10 * WEEK}
    assert len(second) >= 50


def test_what_was_raised_by_an_earlier_look_is_known_as_if_it_were_this_one():
    rng = np.random.default_rng(9)
    seen, due = talk(rng, days=2 * YEAR, themes=40, weekly=20, phi=2, ratio=2.5, since=2 * YEAR - 100)
    whole = raised(seen, due, looks=100, rise=threshold(0.5), fall=threshold(0.5, rise=False))
    first = raised(seen[:-50], due[:-50], looks=50, rise=threshold(0.5), fall=threshold(0.5, rise=False))
    last = Last(np.zeros(40, np.int64), np.zeros(40, np.int64))
    last.changed[first.theme], last.begins[first.theme] = first.day - first.window, first.day
    then = raised(seen, due, looks=50, last=last, rise=threshold(0.5), fall=threshold(0.5, rise=False))
    late = whole.day > len(seen) - 50
    assert np.array_equal(np.sort(whole.theme[late]), np.sort(then.theme))
    assert np.allclose(whole.evidence[late], then.evidence)
    assert len(then.theme)  # there is something to compare


def test_an_alarm_says_from_how_many_uses_it_would_be_one():
    seen = np.zeros((31 * WEEK, 2))
    seen[:, :] = np.tile([1.0, 1, 1, 1, 0, 0, 0], 31)[:, None]
    seen[-WEEK:, 0] = 4.0
    (needed,) = raised(seen, np.ones_like(seen), rise=threshold(0.1), clumps=1.0).needed
    for uses, alarms in ((needed - 1, []), (needed, [1])):
        seen[-WEEK:, 1] = uses / WEEK
        assert raised(
            seen[:, 1:], np.ones((31 * WEEK, 1)), rise=threshold(0.1), clumps=1.0
        ).theme.tolist() == [0] * len(alarms)


@pytest.mark.parametrize("rise", [True, False])
def test_the_stated_rate_holds_where_clumps_last_for_two_weeks_and_the_past_is_short(rise):
    rng = np.random.default_rng(10)
    _, due = talk(rng, days=YEAR + 17 * WEEK, themes=300, weekly=10)
    seen = lasting_clumps(rng, due, 6, 14.0)
    one = threshold(0.1, rise=rise)
    found = raised(seen, due, looks=YEAR, **{"rise" if rise else "fall": one})
    assert len(found.day) / 300 <= 0.1 + 3 * math.sqrt(0.1 / 300)


def test_a_theme_that_halves_is_told_only_to_whoever_asks_for_falls():
    rng = np.random.default_rng(2)
    seen, due = talk(rng, days=3 * YEAR, themes=20, weekly=30, ratio=0.5, since=2 * YEAR)
    assert len(raised(seen, due, looks=YEAR, rise=threshold(0.1)).theme) <= 1
    fallen = raised(seen, due, looks=YEAR, fall=threshold(0.1, rise=False))
    assert set(fallen.theme.tolist()) == set(range(20))
    assert not fallen.rise.any()


@pytest.mark.parametrize("phi", [1, 3, 6])
@pytest.mark.parametrize("rise", [True, False])
def test_the_stated_rate_holds_on_clumped_series(phi, rise):
    rng = np.random.default_rng([phi, rise])
    seen, due = talk(rng, days=3 * YEAR, themes=250, weekly=20, phi=phi)
    one, years = threshold(0.5, rise=rise), 2 * 250
    found = raised(seen, due, looks=2 * YEAR, **{"rise" if rise else "fall": one})
    assert len(found.day) / years <= 0.5 + 3 * math.sqrt(0.5 / years)
    assert len(found.day) / years >= 0.05  # and it is a rate, not a test that never says anything


def test_a_clump_that_the_past_did_not_show_is_no_news():
    seen = np.zeros((60 * WEEK, 2))
    seen[::5] = 1.0
    seen[-WEEK:] += np.array([2.0, 2.0])  # 14 people: of one conversation, or of as many
    found = raised(seen, np.ones_like(seen), rise=threshold(0.1), clumps=[14.0, 1.0])
    assert found.theme.tolist() == [1]


def test_a_theme_that_nobody_ever_said_is_told_when_many_do_and_not_when_one_clump_does():
    seen = np.zeros((60 * WEEK, 2))
    seen[-6 * WEEK :, 0] = 1.0  # somebody else every day
    seen[-1, 1] = 7.0  # seven at once
    assert raised(seen, np.ones_like(seen), rise=threshold(0.1)).theme.tolist() == [0]


def test_a_source_that_falls_silent_or_doubles_raises_nothing():
    rng = np.random.default_rng(4)
    _, due = talk(rng, days=2 * YEAR, themes=50, weekly=30)
    volume = np.ones(2 * YEAR)
    volume[-60:] = 0.0
    volume[-120:-60] = 5.0
    due = due * volume[:, None]
    seen = rng.poisson(due).astype(float)
    assert len(raised(seen, due, looks=120, rise=threshold(0.1), fall=threshold(0.1, rise=False)).day) <= 8


def test_too_little_past_tells_nothing_and_says_so():
    seen = np.ones((10 * WEEK, 1))
    seen[-5:] = 50.0
    assert len(raised(seen, np.ones_like(seen), looks=20, rise=0.0).day) == 0
    past = known(seen, np.ones_like(seen), rise=threshold(0.1))
    assert not past.enough.any()
    assert (past.weeks.tolist(), past.visible.tolist()) == ([9], [math.inf])


def test_a_rare_theme_is_known_too_little_and_a_frequent_one_enough():
    rng = np.random.default_rng(5)
    days = 2 * YEAR
    seen = rng.poisson(np.array([0.1, 1.0, 40.0]) / 7, (days, 3)).astype(float)
    past = known(seen, np.ones_like(seen), rise=threshold(0.1))
    assert past.enough.tolist() == [False, False, True]
    assert past.visible[2] < 1.5
    assert 1.0 < past.needed[1] < 10.0
    assert past.weeks.tolist() == [days // WEEK - 1] * 3


def test_what_is_visible_is_seen_in_time_about_every_second_time():
    rng = np.random.default_rng(6)
    seen, due = talk(rng, days=2 * YEAR, themes=400, weekly=6)
    visible = float(np.median(known(seen, due, rise=threshold(0.1)).visible))
    seen, due = talk(rng, days=2 * YEAR + 56, themes=400, weekly=6, ratio=visible, since=2 * YEAR)
    told = np.unique(raised(seen, due, looks=56, rise=threshold(0.1)).theme)
    assert 0.4 <= len(told) / 400 <= 0.9


def test_the_interval_of_a_doubling_holds_it():
    rng = np.random.default_rng(7)
    seen, due = talk(rng, days=2 * YEAR, themes=300, weekly=20, phi=2, ratio=2.0, since=2 * YEAR - 70)
    found = raised(seen, due, looks=60, rise=threshold(0.1))
    value, low, high = found.ratios(rise=threshold(0.1), fall=math.inf)
    assert len(found.day) > 250
    assert ((low < value) & (value < high)).all()
    assert np.mean((low <= 2.0) & (high >= 2.0)) >= 0.95


@settings(deadline=None, max_examples=25)
@given(some.integers(0, 10**6), some.sampled_from([0.5, 2.0, 8.0]))
def test_themes_are_looked_at_alone_and_expected_uses_count_up_to_a_factor(seed, factor):
    rng = np.random.default_rng(seed)
    seen, due = talk(rng, days=30 * WEEK, themes=4, weekly=15, ratio=2.5, since=28 * WEEK)
    thresholds = {"looks": 21, "rise": threshold(0.5), "fall": threshold(0.5, rise=False)}
    whole = raised(seen, due, **thresholds)
    scaled = raised(seen, due * factor, **thresholds)
    assert whole.day.tolist() == scaled.day.tolist()
    assert np.allclose(whole.evidence, scaled.evidence)
    alone = raised(seen[:, 2:3], due[:, 2:3], **thresholds)
    assert np.array_equal(alone.evidence, whole.evidence[whole.theme == 2])


@settings(deadline=None, max_examples=25)
@given(some.integers(0, 10**6))
def test_a_look_knows_nothing_of_the_days_after_it(seed):
    rng = np.random.default_rng(seed)
    seen, due = talk(rng, days=30 * WEEK, themes=3, weekly=15, ratio=3.0, since=28 * WEEK)
    whole = raised(seen, due, looks=14, rise=threshold(1.0))
    earlier = raised(seen[:-7], due[:-7], looks=7, rise=threshold(1.0))
    first = whole.day <= len(seen) - 7
    assert np.array_equal(whole.day[first], earlier.day)
    assert np.array_equal(whole.evidence[first], earlier.evidence)


def test_no_day_and_no_theme_are_an_empty_answer():
    for shape in ((0, 3), (200, 0)):
        found = raised(np.zeros(shape), np.zeros(shape), looks=10, rise=1.0)
        assert isinstance(found, Alarms)
        assert len(found.day) == 0
        assert known(np.zeros(shape), np.zeros(shape), rise=1.0).enough.tolist() == [False] * shape[1]


def test_what_can_be_seen_does_not_depend_on_whether_the_needed_uses_are_asked_for():
    seen = np.random.default_rng(6).poisson(np.full((420, 3), (0.2, 1.0, 4.0))).astype(float)
    due = np.ones_like(seen)
    told, plain = (known(seen, due, rise=threshold(0.1), needed=asked) for asked in (True, False))
    assert np.array_equal(told.visible, plain.visible)
    assert np.array_equal(told.enough, plain.enough)
    assert np.isfinite(told.needed).any()
    assert np.isinf(plain.needed).all()
