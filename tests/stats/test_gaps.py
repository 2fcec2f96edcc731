"""Does a theme move otherwise outside than inside?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from clumped import clumped_talk

from estran.stats.flips import flip_test
from estran.stats.gaps import gap_test
from estran.stats.multiplicity import discoveries
from estran.stats.presence import Presence, Rows


def _sided(rows: Rows, outside: np.ndarray) -> tuple[Rows, np.ndarray]:
    """Rows whose strata are parted by side."""
    return replace(rows, stratum=(2 * rows.stratum + outside).astype(np.int32)), outside


def _rows(talk, outside):
    """Both sets of rows of a talk, and their sides."""
    voices, threaded = talk.voices(), talk.conversations()
    author = np.unique(talk.author * (int(talk.period.max()) + 1) + talk.period) // (
        int(talk.period.max()) + 1
    )
    pair = np.unique(talk.author * (int(talk.thread.max()) + 1) + talk.thread) // (int(talk.thread.max()) + 1)
    return _sided(voices, outside[author]), _sided(threaded, outside[pair])


def _moved(talk, rng, outside, *, both: float, apart: float, themes: int = 20):
    """Themes that fall by `both` on both sides over the span, and the first 20 of them by `apart` more outside; thinned
    voice by voice."""
    moment = talk.period / talk.period.max()
    voice = np.unique(talk.author * 1_000 + talk.period, return_inverse=True)[1]
    kept = np.repeat((both**-moment)[:, None], talk.mentions.shape[1], axis=1)
    kept[:, :themes] *= np.where(outside[talk.author], apart**-moment, 1)[:, None]
    draw = rng.random((voice.max() + 1, talk.mentions.shape[1]))[voice]
    return replace(talk, mentions=talk.mentions & (draw < kept))


def test_a_move_of_both_sides_adds_up_to_nothing_by_hand():
    """Inside 1 of 4 then 3 of 4, outside the same: the weighted scores cancel. Outside 3 then 1: they add up."""
    period = np.tile(np.repeat([0, 1], 4), 2).astype(np.int32)
    outside = np.repeat([False, True], 8)
    used = np.array([1, 0, 0, 0, 1, 1, 1, 0] * 2 + [1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0])
    matrix = used.reshape(2, 16).T
    row, theme = np.nonzero(matrix)
    rows = Rows(
        Presence.of_pairs(row, theme, rows=16, themes=2),
        period,
        np.arange(16, dtype=np.int32),
        outside.astype(np.int32),
    )
    contrast = np.where(period == 1, 1.0, -1.0)
    told = flip_test(rows, contrast, part=np.array([False, True]))
    # information 8 x 1/4 a side: weights 1/2 and -1/2; scores +2 inside, then +2 and -2 outside
    assert told.score == pytest.approx([0.0, -2.0])
    assert told.p[0] == pytest.approx(1)
    assert told.p[1] < 0.2
    assert gap_test((rows, outside), None).sign.tolist() == [0, -1]


def test_one_side_alone_cannot_move_against_the_other():
    rng = np.random.default_rng(0)
    talk = clumped_talk(rng, threads=200, people=100, themes=10)
    voices, _ = _rows(talk, np.ones(100, bool))
    assert (gap_test(voices, None).p == 1).all()


def test_sides_exchanged_only_turn_the_sign():
    talk = clumped_talk(np.random.default_rng(1), threads=300, people=200, themes=20)
    outside = np.random.default_rng(2).random(200) < 0.5
    one, other = (gap_test(*_rows(talk, side)) for side in (outside, ~outside))
    assert one.p == pytest.approx(other.p, rel=1e-6)
    assert (one.sign == -other.sign).all()


def test_what_falls_alike_on_both_sides_is_no_move_of_the_gap():
    """Every theme falls to a third, inside and outside: a test of either side's slope alone would claim most of them."""
    p, finds = [], 0
    for seed in range(8):
        rng = np.random.default_rng([5, seed])
        talk = clumped_talk(rng, growth=1)
        outside = rng.random(500) < 0.6
        rows = _rows(_moved(talk, rng, outside, both=3.0, apart=1.0), outside)
        told = gap_test(*rows)
        p.append(told.p)
        finds += discoveries(told.p, rows[0][0].presence.uses.astype(float)).found.any()
    assert (np.concatenate(p) <= 0.01).mean() <= 0.012
    assert finds <= 2


def test_a_gap_that_moves_is_found_and_has_its_sign():
    """Six times less outside at the end than at the start, steady inside; themes of 250 voices or more."""
    recall, false = [], []
    for seed in range(2):
        rng = np.random.default_rng([6, seed])
        talk = clumped_talk(rng, threads=7000, people=6000, themes=60, growth=1)
        outside = rng.random(6000) < 0.5
        rows = _rows(_moved(talk, rng, outside, both=1.0, apart=6.0), outside)
        gap = gap_test(*rows)
        uses = rows[0][0].presence.uses
        found = discoveries(gap.p, uses.astype(float)).found
        recall.append(found[:20][uses[:20] >= 250].mean())
        false.append(found[20:].sum() / max(found.sum(), 1))
        assert (gap.sign[:20][found[:20]] == -1).all()
    assert np.mean(recall) > 0.6
    assert np.mean(false) <= 0.06
