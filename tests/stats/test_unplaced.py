"""Why a message is in no topic."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from estran.stats.points import GRID
from estran.stats.unplaced import Unplaced, with_reasons


def points(*rows):
    return np.array(rows, np.int16) * GRID


NEAR = [[1, 0, 0, 0]]


def test_nothing_said_nobody_near_and_a_group_too_small_are_told_apart():
    others = np.array([[4000, 0, 0, 0], [3990, 200, 0, 0], [3990, 0, 200, 0], [3990, 0, 0, 200]], np.int16)
    said = np.concatenate([points([0, 0, 0, 0], [0, -1, 0, 0]), others])
    topic = np.array([-1, -1, -1, 0, 0, 0], np.int32)
    told = with_reasons(said, topic)
    assert told.tolist() == [Unplaced.EMPTY, Unplaced.LONELY, Unplaced.CRUMB, 0, 0, 0]


def test_copies_of_a_message_do_not_keep_it_company():
    said = np.concatenate([points(*(5 * NEAR)), points([0, 1, 0, 0])])
    assert with_reasons(said, np.full(6, -1, np.int32)).tolist() == [Unplaced.LONELY] * 6


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_a_message_that_is_placed_keeps_its_topic(topics):
    said = np.random.default_rng(1).integers(-1000, 1000, (len(topics), 8)).astype(np.int16)
    assert with_reasons(said, np.array(topics, np.int32)).tolist() == topics
