"""A curve is 1 at its highest and keeps its ratio."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.errors import SettingsError
from estran.findings import Shape
from estran.simulate import Curve
from estran.simulate.curves import PLANTABLE

SPAN = np.linspace(0, 1, 401)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PLANTABLE), st.floats(1, 20))
def test_highest_over_lowest_is_the_ratio_and_the_highest_is_one(shape, ratio):
    shares = Curve(shape, ratio).at(SPAN)
    assert shares.max() == pytest.approx(1)
    expected = 1 if shape is Shape.STEADY else ratio
    assert shares.max() / shares.min() == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("shape", "turns", "at_ends_and_middle"),
    [
        (Shape.IN, (0.5,), [0.25, 0.25, 1]),
        (Shape.OUT, (0.5,), [1, 1, 0.25]),
        (Shape.EMERGING, (0.75,), [0.25, 0.25, 1]),
        (Shape.ESTABLISHED, (0.0, 0.5), [0.25, 1, 1]),
        (Shape.PEAKED_OUT, (0.5,), [0.25, 1, 0.25]),
        (Shape.RETURNING, (0.5,), [1, 0.25, 1]),
        (Shape.STEADY, (), [1, 1, 1]),
    ],
)
def test_each_shape_goes_where_it_says(shape, turns, at_ends_and_middle):
    assert Curve(shape, 4, turns).at(np.array([0, 0.5, 1])) == pytest.approx(at_ends_and_middle)


def test_a_curve_is_straight_on_the_log_scale_and_stays_beyond_the_ends():
    curve = Curve(Shape.IN, 9)
    assert curve.at(np.array([-1, 0.5, 2])) == pytest.approx([1 / 9, 1 / 3, 1])


def test_coming_in_going_out_or_neither():
    assert [Curve(shape, 2).rises for shape in PLANTABLE] == [True, True, True, True, False, False, None]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((Shape.TOO_EARLY, 2), "cannot be planted"),
        ((Shape.IN, 0.5), "at least 1"),
        ((Shape.IN, 2, (0.2, 0.4)), "turns 1 times"),
        ((Shape.IN, 2, (1.5,)), "turns 1 times"),
        ((Shape.ESTABLISHED, 2, (0.5, 0.2)), "turns 2 times"),
    ],
)
def test_a_curve_that_cannot_be_is_refused(arguments, why):
    with pytest.raises(SettingsError, match=why):
        Curve(*arguments)
