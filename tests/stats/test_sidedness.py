"""Who says a theme more: people outside, or people inside who speak as much."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from estran.stats.multiplicity import discoveries
from estran.stats.presence import Presence
from estran.stats.sidedness import comparable, sidedness


def _said(matrix: np.ndarray) -> Presence:
    row, theme = np.nonzero(matrix)
    return Presence.of_pairs(row, theme, rows=len(matrix), themes=matrix.shape[1])


def _talk(rng: np.random.Generator, *, people: int = 600, themes: int = 150, lift: float = 1.0):
    """People of six strata of volume, who say the more themes the more they speak; the first 20 themes `lift` times outside."""
    stratum = rng.integers(0, 6, people)
    outside = rng.random(people) < np.linspace(0.2, 0.8, 6)[stratum]  # the loud are mostly outside
    rate = np.exp(rng.uniform(np.log(0.02), np.log(0.2), themes))
    chance = np.outer(0.5 + stratum / 3, rate)
    chance[np.ix_(outside, range(20))] *= lift
    return _said(rng.random(chance.shape) < chance), outside, stratum.astype(np.int32)


def test_in_one_stratum_it_is_fishers_test_with_half_of_what_was_seen():
    outside = np.array([True] * 8 + [False] * 12)
    matrix = np.zeros((20, 1))
    matrix[[0, 1, 2, 3, 4, 5, 8]] = 1  # 6 of 8 outside, 1 of 12 inside
    found = sidedness(_said(matrix), outside, np.zeros(20, np.int32))
    dealt = hypergeom(20, 7, 8)
    assert found.p[0] == pytest.approx(2 * (dealt.sf(6) + dealt.pmf(6) / 2), rel=1e-12)
    assert found.p[0] < 2 * fisher_exact([[6, 2], [1, 11]], alternative="greater").pvalue
    assert (found.outside[0], found.inside[0], found.ratio[0]) == pytest.approx((6 / 8, 1 / 12, 9.0))
    assert found.ratio_low[0] < 9 < found.ratio_high[0]
    assert found.ratio_low[0] > 1
    assert (found.people_inside[0], found.people_outside[0]) == (1, 6)


def test_strata_are_compared_each_with_itself():
    """Loud people say everything more, and are outside: that is no difference of sides."""
    outside = np.array([True] * 40 + [False] * 10 + [True] * 10 + [False] * 40)
    stratum = np.repeat([0, 1], 50).astype(np.int32)
    matrix = np.zeros((100, 1))
    matrix[:20], matrix[40:45] = 1, 1  # half of the loud on either side, nobody of the others
    found = sidedness(_said(matrix), outside, stratum)
    assert found.p[0] > 0.9
    assert found.ratio[0] == pytest.approx(1)


def test_who_has_nobody_to_be_compared_with_tells_nothing():
    outside = np.array([True, True, False, True, True])
    stratum = np.array([0, 0, 0, 1, 1], np.int32)
    assert comparable(outside, stratum).tolist() == [True, True, True, False, False]
    alone = sidedness(_said(np.array([[0], [0], [0], [1], [1]])), outside, stratum)
    assert alone.p[0] == 1
    assert alone.people_outside[0] == 0
    nobody = sidedness(_said(np.ones((4, 1))), np.ones(4, bool), np.zeros(4, np.int32))
    assert (nobody.p[0], nobody.inside_low[0], nobody.inside_high[0]) == (1, 0, 1)


def test_a_theme_that_nobody_inside_says_has_a_bound():
    outside = np.arange(200) < 100
    matrix = np.zeros((200, 2))
    matrix[:40, 0] = 1
    found = sidedness(_said(matrix), outside, np.zeros(200, np.int32))
    assert found.ratio[0] == np.inf
    assert found.ratio_high[0] == np.inf
    assert 5 < found.ratio_low[0] < 40
    assert 0 < found.inside_high[0] < 0.05
    assert np.isnan(found.ratio[1])
    assert found.p[1] == 1


def test_a_crowd_that_came_together_is_no_side():
    outside = np.arange(200) < 100
    matrix = np.zeros((200, 1))
    matrix[:12] = 1
    alone = sidedness(_said(matrix), outside, np.zeros(200, np.int32), where=np.arange(12, dtype=np.int32))
    crowd = sidedness(_said(matrix), outside, np.zeros(200, np.int32), where=np.zeros(12, np.int32))
    assert alone.p[0] < 1e-3
    assert crowd.p[0] > 0.2
    assert crowd.inflation[0] == pytest.approx(12)
    assert crowd.outside_high[0] > alone.outside_high[0]


@given(st.integers(0, 2**32 - 1))
def test_sides_exchanged_tell_the_same_the_other_way_round(seed: int):
    presence, outside, stratum = _talk(np.random.default_rng(seed), people=60, themes=24)
    one, other = (sidedness(presence, side, stratum) for side in (outside, ~outside))
    assert one.p == pytest.approx(other.p, rel=1e-6)
    assert one.inside == pytest.approx(other.outside)
    ok = np.isfinite(one.ratio) & (one.ratio > 0)
    assert one.ratio_low[ok] == pytest.approx(1 / other.ratio_high[ok])


def test_the_number_of_threads_changes_nothing():
    presence, outside, stratum = _talk(np.random.default_rng(4))
    one, two = (sidedness(presence, outside, stratum, threads=n) for n in (1, 3))
    assert (one.p == two.p).all()
    assert (one.ratio_high[one.ratio > 0] == two.ratio_high[one.ratio > 0]).all()


def test_where_sides_are_dealt_out_the_rate_is_held():
    """30 talks of 150 themes, the loud mostly outside: p values are even, and hardly anything is claimed."""
    p, finds = [], 0
    for seed in range(30):
        presence, outside, stratum = _talk(np.random.default_rng([1, seed]))
        found = sidedness(presence, outside, stratum)
        p.append(found.p)
        finds += discoveries(found.p, presence.uses.astype(float)).found.any()
    told = np.concatenate(p)
    assert (told <= 0.01).mean() <= 0.012
    assert 0.08 <= (told <= 0.1).mean() <= 0.115
    assert finds <= 4


def test_where_crowds_are_dealt_out_the_rate_is_held_too():
    """Themes come in crowds of ten, each wholly on one side by chance: people alone would be sure of a tenth of them."""
    rng = np.random.default_rng(7)
    crowds, size, themes = 60, 10, 400
    outside = np.repeat(rng.random(crowds) < 0.5, size)
    hold = rng.random((crowds, themes)) < 0.1
    matrix = np.repeat(hold, size, axis=0) & (rng.random((crowds * size, themes)) < 0.7)
    presence = _said(matrix)
    where = (presence.indices // size).astype(np.int32)
    stratum = np.zeros(len(outside), np.int32)
    apart = sidedness(presence, outside, stratum)
    together = sidedness(presence, outside, stratum, where=where)
    assert (apart.p <= 0.01).mean() > 0.1
    assert (together.p <= 0.01).mean() <= 0.015


def test_a_threefold_share_is_found_and_its_interval_holds():
    held, found, false = [], [], []
    for seed in range(12):
        presence, outside, stratum = _talk(np.random.default_rng([2, seed]), lift=3.0)
        told = sidedness(presence, outside, stratum)
        claims = discoveries(told.p, presence.uses.astype(float)).found
        found.append((claims[:20] & (told.ratio[:20] > 1)).mean())
        false.append(claims[20:].sum() / max(claims.sum(), 1))
        still = told.ratio[20:]
        held.append(((told.ratio_low[20:] <= 1) & (told.ratio_high[20:] >= 1))[np.isfinite(still)].mean())
    assert np.mean(found) > 0.85
    assert np.mean(false) <= 0.06
    assert 0.93 <= np.mean(held) <= 0.985


def test_another_level_is_what_that_level_gives_and_shares_need_no_test():
    rng = np.random.default_rng(9)
    presence, outside = _said(rng.random((300, 5)) < 0.2), rng.random(300) < 0.4
    stratum = rng.integers(0, 3, 300).astype(np.int32)
    told = sidedness(presence, outside, stratum)
    assert np.array_equal(told.at(0.95).ratio_low, told.ratio_low)
    wide = told.at(0.999)
    assert (wide.inside_low < told.inside_low).all()
    assert (wide.ratio_high > told.ratio_high).all()
    untested = sidedness(presence, outside, stratum, tested=False)
    assert np.array_equal(untested.outside_high, told.outside_high)
    assert (untested.p == 1).all()
