from dataclasses import replace

import numpy as np
import pytest
from clumped import clumped_talk, planted
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.multiplicity import discoveries
from estran.stats.power import time_spread
from estran.stats.presence import Presence, Rows
from estran.stats.rates import standardised_shares
from estran.stats.seasons import blind_to, pairs, seasonal_factors
from estran.stats.trends import hump, in_out_test, linear, recent

MONTHS = 12


def codes(*values):
    return tuple(np.asarray(v, np.int32) for v in values)


def random_rows(seed, *, rows=300, periods=9, strata=4, seasons=3):
    rng = np.random.default_rng(seed)
    period, stratum = rng.integers(0, periods, rows), rng.integers(0, strata, rows)
    return codes(period, stratum, period % seasons)


def test_two_years_of_two_seasons_by_hand():
    # winter, summer, winter, summer: of a line only the year is left
    period, stratum, season = codes([0, 1, 2, 3], [0, 0, 0, 0], [0, 1, 0, 1])
    assert np.allclose(linear(period, stratum, season), [-1, -1, 1, 1])


def test_a_season_known_once_says_nothing():
    period, stratum, season = codes([0, 0, 1, 1], [0, 0, 0, 0], [0, 1, 0, 2])
    assert np.allclose(linear(period, stratum, season), np.array([-1, 0, 1, 0]) * np.sqrt(2))


def test_pairs_number_what_is_there():
    period, season = codes([3, 0, 3, 3], [0, 1, 0, 1])
    cell, at, of = pairs(period, season)
    assert (cell.tolist(), at.tolist(), of.tolist()) == ([1, 0, 1, 2], [0, 3, 3], [1, 0, 1])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_no_contrast_sees_what_strata_and_seasons_add_up_to(seed):
    period, stratum, season = random_rows(seed)
    rng = np.random.default_rng(seed)
    effect = rng.normal(size=4)[stratum] + rng.normal(size=3)[season]
    for contrast in (linear, hump, recent):
        d = contrast(period, stratum, season)
        assert abs(d @ effect) < 1e-9 * len(d)
        assert not d.any() or np.isclose(np.mean(d**2), 1)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_does_not_change_a_bit(seed):
    period, stratum, season = random_rows(seed)
    order = np.random.default_rng(seed).permutation(len(period))
    here, there = (linear(period, stratum, season), linear(period[order], stratum[order], season[order]))
    assert here[order].tobytes() == there.tobytes()


def test_the_residual_is_that_of_least_squares():
    period, stratum, season = random_rows(7)
    dummies = np.hstack([np.eye(4)[stratum], np.eye(3)[season]])
    fitted = dummies @ np.linalg.lstsq(dummies, period.astype(float), rcond=None)[0]
    left = period - fitted
    assert np.allclose(linear(period, stratum, season), left / np.sqrt(np.mean(left**2)))


def test_where_seasons_are_all_of_time_nothing_is_left():
    period, stratum, season = codes([0, 1, 2, 0], [0, 0, 0, 0], [0, 1, 2, 0])
    assert not blind_to(np.arange(3.0), period, stratum, season).any()


def seasonal_talk(seed, *, periods=34, starts=2, themes=120, talk_of=60, trend=None):
    """Months from March to December; half of the themes are said twelve times as often in one month as in others."""
    rng = np.random.default_rng(seed)
    talk = clumped_talk(rng, periods=periods, threads=3000, people=1500, themes=themes)
    month = (np.arange(periods) + starts) % MONTHS
    own = np.arange(themes) < talk_of
    talk = planted(talk, rng, 12.0, np.where(own, month[:, None] == np.arange(themes) % MONTHS, 1.0))
    if trend is not None:
        moving = np.arange(themes) >= themes - 30
        talk = planted(talk, rng, trend, np.where(moving, np.linspace(0, 1, periods)[:, None], 1.0))
    return talk, starts


def claims_of(talk, starts, *, seasons):
    def known(rows):
        return replace(rows, season=((rows.period + starts) % MONTHS).astype(np.int32)) if seasons else rows

    test = in_out_test(known(talk.voices()), known(talk.conversations()))
    return test.p, discoveries(test.p, talk.mentions.sum(axis=0)).found


def test_words_of_a_season_do_not_move_and_without_seasons_they_would():
    blind, plain = [], []
    for seed in range(8):
        talk, starts = seasonal_talk(seed, periods=24, starts=0)
        blind.append(claims_of(talk, starts, seasons=True))
        plain.append(claims_of(talk, starts, seasons=False))
    assert np.mean([p[:60] <= 0.01 for p, _ in blind]) <= 0.012
    assert sum(found[:60].any() for _, found in blind) == 0
    assert np.mean([p[:60] <= 0.01 for p, _ in plain]) > 0.03  # the talk does try


def test_three_years_of_a_trend_are_found_nearly_as_often_as_without_seasons():
    recall = {True: [], False: []}
    for seed in range(4):
        talk, starts = seasonal_talk(seed, periods=36, starts=0, talk_of=0, trend=5.0)
        well = (np.arange(120) >= 90) & (talk.mentions.sum(axis=0) > 100)
        for seasons in (True, False):
            recall[seasons].append(claims_of(talk, starts, seasons=seasons)[1][well].mean())
    assert np.mean(recall[True]) >= 0.9 * np.mean(recall[False]) >= 0.3


def monthly(rng, factor, *, years=5, due=30.0, themes=200, trend=0.0):
    place, season = np.linspace(0, 1, years * MONTHS), np.arange(years * MONTHS) % MONTHS
    expected = np.full((themes, len(place)), due)
    rate = expected * np.exp(trend * (place - 0.5)) * factor[season]
    return rng.poisson(rate).astype(float), expected, place, season


def test_factors_are_one_on_average_and_keep_the_season():
    factor = np.where(np.arange(MONTHS) == 11, 5.0, 1.0)
    observed, expected, place, season = monthly(np.random.default_rng(1), factor, trend=1.5)
    found = seasonal_factors(observed, expected, place, season)
    assert np.allclose((found * expected).sum(axis=1), expected.sum(axis=1))
    truth = factor / factor.mean()
    assert np.allclose(found[:, :MONTHS].mean(axis=0), truth, rtol=0.1)
    assert np.allclose(found[:, :MONTHS], found[:, MONTHS : 2 * MONTHS])


def test_most_themes_without_a_season_have_none_and_rare_ones_hardly_any():
    for due, most in ((30.0, 0.12), (1.0, 0.25)):
        observed, expected, place, season = monthly(np.random.default_rng(2), np.ones(MONTHS), due=due)
        found = seasonal_factors(observed, expected, place, season)
        assert np.mean(found == 1.0) > 0.4
        assert np.mean(np.abs(np.log(found))) < most / 2


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_the_names_of_seasons_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    observed, expected, place, season = monthly(rng, rng.gamma(4, 0.25, MONTHS), themes=3, due=8.0)
    name = rng.permutation(MONTHS)
    here, there = (seasonal_factors(observed, expected, place, s) for s in (season, name[season]))
    assert np.allclose(here, there, rtol=1e-5)


def test_a_christmas_word_is_level_in_the_shares_that_are_shown():
    rng = np.random.default_rng(3)
    period = np.repeat(np.arange(48), 400)
    used = rng.random(len(period)) < np.where(period % MONTHS == 11, 0.3, 0.03)
    presence = Presence.of_pairs(np.flatnonzero(used), np.zeros(used.sum(), int), rows=len(period), themes=1)
    rows = Rows(presence, *codes(period, np.arange(len(period)), np.zeros(len(period)), period % MONTHS))
    shown = standardised_shares(rows, periods=48)
    raw = standardised_shares(replace(rows, season=None), periods=48)
    assert raw.share.max() > 5 * np.median(raw.share)
    assert shown.share.max() < 2 * np.median(shown.share)
    assert np.allclose(shown.expected, raw.expected * shown.season)


def test_nothing_said_has_no_season():
    observed, expected, place, season = monthly(np.random.default_rng(0), np.ones(MONTHS), themes=2)
    assert (seasonal_factors(0 * observed, expected, place, season) == 1).all()
    assert (seasonal_factors(observed, 0 * expected, place, season) == 1).all()


@pytest.mark.parametrize(("years", "left"), [(2, 0.75), (3, 0.89), (5, 0.96)])
def test_seasons_take_a_part_of_the_spread_of_time(years, left):
    period = np.arange(years * MONTHS, dtype=np.int32)
    assert np.isclose(time_spread(period, period % MONTHS) / time_spread(period), left, atol=0.01)
