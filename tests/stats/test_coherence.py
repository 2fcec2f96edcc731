"""How alike two sides speak, whatever their size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.coherence import coherence
from estran.stats.presence import Presence


def _said(matrix: np.ndarray) -> Presence:
    row, theme = np.nonzero(matrix)
    return Presence.of_pairs(row, theme, rows=len(matrix), themes=matrix.shape[1])


def _crowd(rng: np.random.Generator, people: int, *, apart: float, themes: int = 200, inside: float = 0.4):
    """People, and the themes they say: rates of the sides differ by exp(N(0, apart)) and a person is chatty or not."""
    outside = rng.random(people) >= inside
    rate = np.exp(np.random.default_rng(0).normal(-3.5, 1, themes))
    lean = np.exp(apart * np.random.default_rng(1).normal(0, 1, themes))
    chance = np.where(outside[:, None], rate * lean, rate) * rng.gamma(2, 0.5, people)[:, None]
    return _said(rng.random(chance.shape) < chance), outside, np.zeros(people, np.int32)


def test_sides_that_share_no_theme_have_no_coherence():
    """Ten people a side, each side with themes of its own: D is 1, whatever chance would make of it."""
    outside = np.arange(20) < 10
    matrix = np.zeros((20, 2))
    matrix[outside, 0], matrix[~outside, 1] = 1, 1
    found = coherence(_said(matrix), outside, np.zeros(20, np.int32), rng=np.random.default_rng(0))
    assert found.value == pytest.approx(0)
    assert found.p == pytest.approx(1 / 101)
    assert (found.inside, found.outside) == (10, 10)


def test_people_who_say_the_very_same_are_one_crowd():
    found = coherence(
        _said(np.ones((30, 5))), np.arange(30) < 12, np.zeros(30, np.int32), rng=np.random.default_rng(0)
    )
    assert (found.value, found.low, found.high, found.p, found.enough) == (1, 1, 1, 1, True)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_it_lies_between_0_and_1_and_knows_no_order_of_sides(seed: int):
    presence, outside, stratum = _crowd(np.random.default_rng(seed), 60, apart=0.5, themes=30)
    one, other = (
        coherence(presence, side, stratum, rng=np.random.default_rng(3)) for side in (outside, ~outside)
    )
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert one.value == pytest.approx(other.value, abs=0.03)


def test_few_people_and_nobody_tell_nothing():
    rng = np.random.default_rng(2)
    presence, _, stratum = _crowd(rng, 100, apart=0.3)
    few = coherence(presence, np.arange(100) >= 3, stratum, rng=rng)
    assert not few.enough
    assert few.inside == 3
    nobody = coherence(presence, np.ones(100, bool), stratum, rng=rng)
    assert np.isnan(nobody.value)
    assert not nobody.enough


def test_people_without_a_like_are_left_out():
    presence, outside, stratum = _crowd(np.random.default_rng(5), 200, apart=0.3)
    alone = np.where(outside & (np.arange(200) < 50), 1, stratum).astype(np.int32)
    found = coherence(presence, outside, alone, rng=np.random.default_rng(0))
    assert found.outside == int((outside & (np.arange(200) >= 50)).sum())


def test_it_is_1_when_sides_are_dealt_out_and_p_is_even():
    told = [
        coherence(*_crowd(np.random.default_rng([3, seed]), 300, apart=0.0), rng=np.random.default_rng(seed))
        for seed in range(60)
    ]
    assert np.mean([each.value for each in told]) > 0.995
    assert np.mean([each.high == 1 for each in told]) > 0.9
    assert 0.35 < np.mean([each.p for each in told]) < 0.65


def test_it_does_not_move_with_the_size_of_the_talk_and_its_interval_holds():
    whole = coherence(
        *_crowd(np.random.default_rng(9), 40_000, apart=0.6), rng=np.random.default_rng(0), deals=20
    ).value
    small = [
        coherence(*_crowd(np.random.default_rng([4, seed]), 300, apart=0.6), rng=np.random.default_rng(seed))
        for seed in range(60)
    ]
    assert np.mean([each.value for each in small]) == pytest.approx(whole, abs=0.01)
    assert np.mean([each.low <= whole <= each.high for each in small]) >= 0.9
    assert np.mean([each.p < 0.05 for each in small]) > 0.95
