"""Who said it first: a lag is found where it was planted, and not where both sides move together."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.leads import FEWEST_PERIODS, Sided, reach, who_leads
from estran.stats.presence import Presence, Rows
from estran.stats.shifted import Both, fit, profile, shifted

PERIODS = 18


def talk(rng, *, lag=0.0, themes=40, people=500, slower=1.0, still=False, periods=PERIODS):
    """Voices of two sides of people, each with habits of their own; a theme rises, later on side two."""
    period = np.repeat(np.arange(periods, dtype=np.int32), people // 4)
    person = (rng.integers(0, people, len(period))).astype(np.int32)
    side = person % 2
    habit = rng.gamma(2.0, 0.5, (people, themes))
    middle = rng.uniform(0.35, 0.55, themes) * periods
    past = period[:, None] - middle - lag * side[:, None]
    pace = np.where(side == 1, slower, 1.0)[:, None]
    risen = 1.0 / (1.0 + np.exp(-past / pace))
    if still:
        risen = np.where(side[:, None] == 1, 0.5, risen)
    said = rng.random(risen.shape) < np.minimum(0.25 * habit[person] * np.maximum(risen, 0.02), 1.0)
    row, theme = np.nonzero(said)
    rows = Rows(
        Presence.of_pairs(row, theme, rows=len(period), themes=themes),
        period,
        person,
        np.zeros(len(period), np.int32),
    )
    return Sided(rows, side.astype(np.int32))


def swapped(voices):
    return Sided(voices.rows, 1 - voices.side)


def test_a_curve_that_is_three_periods_late_fits_best_at_three():
    """By hand: side two holds what side one held three periods before, with no noise."""
    x = np.arange(16.0)
    risen = (
        np.clip((np.arange(-3.0, 16.0) - 4) / 5, 0, 1) * 90 + 5
    )  # the same steps, read three periods apart
    seen = np.concatenate([risen[3:], risen[:-3]])[None]
    both = Both(x, np.full(32, 200.0), seen, np.zeros((1, 32)))
    lags = np.arange(-6, 6.5, 0.5)
    assert lags[profile(both, lags)[:, 0].argmin()] == 3.0


def test_a_fit_reproduces_the_counts_of_each_side():
    """The score equations of a binomial likelihood: fitted and seen uses agree on each side."""
    rng = np.random.default_rng(0)
    seen = rng.integers(1, 20, (3, 24)).astype(float)
    both = Both(np.arange(12.0), np.full(24, 50.0), seen, np.full((3, 24), -1.0))
    fitted = fit(shifted(both, 2.0), both)
    np.testing.assert_allclose((50 * fitted.share[:, :12]).sum(1), seen[:, :12].sum(1), rtol=1e-4)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), lag=st.sampled_from([0.0, 2.0]))
def test_whoever_is_called_first_the_answer_is_the_same(seed, lag):
    voices = talk(np.random.default_rng(seed), lag=lag, themes=4)
    one, other = (who_leads(v, None, periods=PERIODS) for v in (voices, swapped(voices)))
    np.testing.assert_allclose(one.p, other.p, rtol=1e-5, atol=1e-9)
    np.testing.assert_array_equal(one.way, -other.way)
    np.testing.assert_allclose(one.lag, -other.lag, atol=1e-6)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_numbers_of_people_say_nothing(seed):
    rng = np.random.default_rng(seed)
    voices = talk(rng, lag=2.0, themes=3)
    renumbered = replace(voices.rows, cluster=rng.permutation(500).astype(np.int32)[voices.rows.cluster])
    one, other = (who_leads(v, None, periods=PERIODS) for v in (voices, Sided(renumbered, voices.side)))
    np.testing.assert_allclose(one.p, other.p, rtol=1e-6)


def claims(seeds, **planted):
    answers = [
        who_leads(talk(np.random.default_rng(seed), **planted), None, periods=PERIODS) for seed in seeds
    ]
    return answers, np.concatenate([a.p < 0.05 for a in answers])


def test_sides_that_rise_together_have_no_leader():
    """400 themes without a lag: claims at p < .05 in 3 of 100, and less than 5 beyond chance."""
    _, claimed = claims(range(10))
    assert claimed.mean() <= 0.05


def test_a_side_that_stands_still_is_not_led():
    _, claimed = claims(range(4), still=True)
    assert claimed.mean() <= 0.03


def test_a_lag_of_three_periods_is_found_and_its_interval_holds_it():
    answers, claimed = claims(range(5), lag=3.0)
    way = np.concatenate([a.way for a in answers])
    low, high = (np.concatenate(ends) for ends in zip(*(a.interval(0.9) for a in answers), strict=True))
    assert (claimed & (way == 1)).mean() >= 0.8
    assert not (claimed & (way == -1)).any()
    assert ((low <= 3.0) & (high >= 3.0)).mean() >= 0.85


def test_a_side_that_is_merely_slower_is_seldom_taken_for_one_that_leads():
    _, claimed = claims(range(5), slower=2.5)
    assert claimed.mean() <= 0.12


def test_what_four_people_a_side_say_is_no_lead():
    """The same voices, five hundred people or eight: eight may all have said it by chance."""
    voices = talk(np.random.default_rng(3), lag=3.0)
    eight = Sided(replace(voices.rows, cluster=voices.rows.cluster % 8), voices.side)
    many, few = ((who_leads(v, None, periods=PERIODS).p < 0.05).mean() for v in (voices, eight))
    assert many > 0.5
    assert few <= 0.05


def test_a_crowded_conversation_weighs_as_one():
    """With rows B all in one conversation a side, nothing is known, whatever the people say."""
    voices = talk(np.random.default_rng(4), lag=3.0)
    alone = Sided(replace(voices.rows, cluster=voices.side.copy()), voices.side)
    assert (who_leads(voices, None, periods=PERIODS).p < 0.05).mean() > 0.5
    assert not (who_leads(voices, alone, periods=PERIODS).p < 0.05).any()


def connected_late(voices, *, first):
    """The same talk, side two being read from one period on only."""
    kept = np.flatnonzero((voices.side == 0) | (voices.rows.period >= first))
    presence = voices.rows.presence
    at = np.full(presence.rows, -1)
    at[kept] = np.arange(len(kept))
    row, theme = at[presence.indices], np.repeat(np.arange(presence.themes), presence.uses)
    rows = Rows(
        Presence.of_pairs(row[row >= 0], theme[row >= 0], rows=len(kept), themes=presence.themes),
        voices.rows.period[kept],
        voices.rows.cluster[kept],
        voices.rows.stratum[kept],
    )
    return Sided(rows, voices.side[kept])


def test_a_side_that_is_connected_late_is_not_led():
    """What side one said before side two could be read is not looked at."""
    answers = [
        who_leads(connected_late(talk(np.random.default_rng(s)), first=6), None, periods=PERIODS)
        for s in range(6)
    ]
    assert answers[0].periods.tolist() == list(range(6, PERIODS))
    assert np.mean([a.p < 0.05 for a in answers]) <= 0.05


@pytest.mark.parametrize("periods", [1, FEWEST_PERIODS - 1])
def test_too_few_periods_are_said_and_nothing_is_claimed(periods):
    answer = who_leads(talk(np.random.default_rng(6), periods=periods), None, periods=periods)
    assert (answer.p == 1).all()
    assert np.isnan(answer.lag).all()
    assert np.isinf(answer.interval(0.9)[0]).all()


def test_an_interval_grows_with_its_level_and_opens_where_nothing_is_known():
    voices = talk(np.random.default_rng(7), lag=2.0, themes=10)
    answer = who_leads(voices, None, periods=PERIODS)
    (low, high), (lower, higher) = answer.interval(0.5), answer.interval(0.99)
    assert (lower <= low).all()
    assert (higher >= high).all()
    assert np.isneginf(answer.interval(1 - 1e-12)[0]).any()


def test_the_lags_that_are_tried_span_twice_those_that_are_sought():
    assert [reach(t) for t in (8, 19, 40)] == [3, 8, 16]
