import numpy as np
import pytest
from clumped import clumped_talk, planted
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from estran.stats.changes import SHAPES, turns, turns_of_rows
from estran.stats.rates import standardised_shares
from estran.stats.segments import RIDGE_LEVEL, RIDGE_SLOPE
from estran.stats.trends import in_out_test

KNOTTED = {
    "emerging": (0.5, 0.8),
    "established": (0.25, 0.5),
    "peaked out": (0.35, 0.7),
    "returning": (0.35, 0.7),
}


def course(shape, u, knot, ratio):
    """Log share over its peak."""
    up, down = np.minimum(u / knot - 1, 0), np.maximum(u - knot, 0) / (1 - knot)
    return (
        np.log(ratio)
        * {
            "steady": 0 * u,
            "in": u - 1,
            "out": -u,
            "emerging": down - 1,
            "established": up,
            "peaked out": up - down,
            "returning": np.maximum(-u / knot, -1) + down,
        }[shape]
    )


def corpus(rng, shape, *, periods=16, themes=40, ratio=6.0, voices=700, rows=1500):
    """Uses of themes of one shape, clumped (phi 1.3), with their true knots."""
    u = np.linspace(0, 1, periods)
    knot = np.round(rng.uniform(*KNOTTED.get(shape, (0.3, 0.7)), themes) * (periods - 1)) / (periods - 1)
    peak = voices / periods / rows
    share = peak * np.exp(np.stack([course(shape, u, k, ratio) for k in knot], axis=1))
    spread = (rows - 1) / 0.3 - 1
    used = rng.binomial(rows, rng.beta(share * spread, (1 - share) * spread)).astype(float)
    return used, np.tile(used.mean(axis=0), (periods, 1)), np.full(periods, rows), knot * (periods - 1)


def named(found):
    return np.array(SHAPES)[found.shape]


def test_shapes_by_hand():
    curves = {
        "steady": [50] * 12,
        "in": [10, 12, 16, 20, 24, 29, 35, 42, 50, 60, 72, 87],
        "out": [87, 72, 60, 50, 42, 35, 29, 24, 20, 16, 12, 10],
        "emerging": [0, 0, 0, 0, 0, 0, 0, 1, 5, 18, 50, 130],
        "established": [2, 5, 12, 28, 60, 88, 90, 91, 88, 92, 90, 89],
        "peaked out": [4, 8, 16, 32, 64, 128, 90, 60, 40, 27, 18, 12],
        "returning": [128, 64, 32, 16, 8, 4, 8, 16, 32, 64, 100, 150],
    }
    used = np.array(list(curves.values()), float).T
    found = turns(used, np.tile(used.mean(axis=0), (12, 1)), np.full(12, 1000), np.ones(7))
    assert named(found).tolist() == list(curves)
    assert found.direction.tolist() == [0, 1, -1, 1, 1, -1, 1]
    assert found.turn[5:].tolist() == [5, 5]
    assert np.isnan(found.turn[:3]).all()


def test_a_line_is_the_logistic_regression_of_the_textbook():
    used, rows = np.array([5.0, 9, 8, 15, 20, 30]), np.array([100.0, 120, 90, 110, 100, 120])
    expected = np.full(6, used.sum() / rows.sum()) * rows
    x, offset = np.arange(6) / 5, np.log(expected / (rows - expected))

    def cost(b):
        eta = offset + b[0] + b[1] * x
        return (
            -np.sum(used * eta - rows * np.log1p(np.exp(eta)))
            + (RIDGE_LEVEL * b[0] ** 2 + RIDGE_SLOPE * b[1] ** 2) / 2
        )

    b = minimize(cost, [0.0, 0.0], method="BFGS", options={"gtol": 1e-9}).x
    eta = offset + b[0] + b[1] * x
    found = turns(used[:, None], expected[:, None], rows, np.ones(1))
    assert (SHAPES[found.shape[0]], found.knots[0]) == ("in", 0)
    assert np.allclose(found.fitted[:, 0], rows / (1 + np.exp(-eta)) / expected, rtol=1e-5)


@settings(deadline=None, max_examples=25, derandomize=True)  # two models may tie
@given(st.integers(0, 2**32 - 1), st.integers(1, 14))
def test_time_run_backwards_turns_the_curve_and_nothing_else(seed, periods):
    rng = np.random.default_rng(seed)
    used = rng.poisson(rng.gamma(5, 10, (periods, 4))).astype(float)
    rows, expected = np.full(periods, 2000), np.tile(used.mean(axis=0), (periods, 1))
    here, there = (turns(x, expected, rows, np.full(4, 3.0)) for x in (used, used[::-1]))
    assert np.array_equal(here.knots, there.knots)
    assert np.allclose(here.fitted, there.fitted[::-1], rtol=0.05, atol=0.02)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_themes_are_judged_alone_and_the_interval_holds_the_date(seed):
    rng = np.random.default_rng(seed)
    used = rng.poisson(rng.gamma(0.5, 40, (12, 6))).astype(float)
    rows, expected = rng.integers(300, 2000, 12), np.tile(used.mean(axis=0), (12, 1))
    order = rng.permutation(6)
    here, there = (
        turns(used, expected, rows, np.ones(6)),
        turns(used[:, order], expected[:, order], rows, np.ones(6)),
    )
    assert np.array_equal(here.shape[order], there.shape)
    assert here.fitted[:, order].tobytes() == there.fitted.tobytes()
    dated = here.knots > 0
    assert ((here.low <= here.turn) & (here.turn <= here.high))[dated].all()
    assert np.isnan(here.turn[~dated]).all()


def test_without_eight_periods_there_is_no_date():
    for periods in range(4, 8):
        used, *rest, _ = corpus(np.random.default_rng(periods), "peaked out", periods=periods, voices=3000)
        found = turns(used, *rest, np.ones(40))
        assert set(named(found)) <= {"steady", "in", "out"}
        assert not found.knots.any()


def test_two_periods_are_compared():
    used = np.array([[10.0, 40, 20], [40.0, 10, 21]])
    found = turns(used, np.full((2, 3), 25.0), np.full(2, 500), np.ones(3))
    assert named(found).tolist() == ["in", "out", "steady"]


def test_one_period_is_steady_and_none_is_no_matter():
    for periods in (0, 1):
        found = turns(np.ones((periods, 2)), np.ones((periods, 2)), np.full(periods, 9), np.ones(2))
        assert named(found).tolist() == ["steady"] * 2


def test_periods_without_rows_are_left_out_and_keep_their_place():
    curve = np.array([4.0, 8, 16, 32, 64, 128, 0, 60, 40, 27, 18, 12, 8])[:, None]
    rows = np.where(np.arange(13) == 6, 0, 1000)
    found = turns(curve, np.where(rows[:, None] > 0, curve.mean(), 0.0), rows, np.ones(1))
    assert (named(found)[0], found.turn[0]) == ("peaked out", 5)
    assert found.fitted[5, 0] > found.fitted[6, 0] > found.fitted[7, 0]


def test_clumped_uses_make_fewer_turns():
    used, expected, rows, _ = corpus(np.random.default_rng(4), "peaked out", ratio=2.0, voices=400)
    assert (
        turns(used, expected, rows, np.full(40, 9.0)).knots.sum()
        < turns(used, expected, rows, np.ones(40)).knots.sum()
    )


def test_steady_themes_are_mostly_called_steady():
    used, expected, rows, _ = corpus(np.random.default_rng(0), "steady", themes=400)
    assert np.mean(named(turns(used, expected, rows, np.full(400, 1.3))) == "steady") >= 0.85


@pytest.mark.parametrize(
    ("shape", "least"),
    [
        ("in", 0.85),
        ("out", 0.85),
        ("emerging", 0.55),
        ("established", 0.6),
        ("peaked out", 0.95),
        ("returning", 0.95),
    ],
)
def test_planted_shapes_are_named(shape, least):
    used, expected, rows, _ = corpus(np.random.default_rng(1), shape, themes=150)
    assert np.mean(named(turns(used, expected, rows, np.full(150, 1.3))) == shape) >= least


def test_planted_turns_are_dated_and_their_intervals_hold():
    errors, held = [], []
    for seed, shape in enumerate(KNOTTED):
        used, expected, rows, truth = corpus(np.random.default_rng(seed), shape, themes=150)
        found = turns(used, expected, rows, np.full(150, 1.3))
        dated = found.knots > 0
        errors.append(np.abs(found.turn - truth)[dated].mean())
        held.append(((found.low - 0.5 <= truth) & (truth <= found.high + 0.5))[dated].mean())
    assert np.mean(errors) <= 0.9
    assert 0.87 <= np.mean(held) <= 0.99


def test_the_posterior_of_a_turn_is_a_chance_and_holds_the_date():
    used, expected, rows, _ = corpus(np.random.default_rng(3), "peaked out", themes=60)
    found = turns(used, expected, rows, np.full(60, 1.3))
    dated = found.knots > 0
    assert np.allclose(found.posterior.sum(axis=0), dated)
    assert (found.posterior[:2] == 0).all()  # a segment has three periods
    before = np.arange(16)[:, None] < found.turn
    assert ((found.posterior * before).sum(axis=0) < 0.5)[dated].all()
    within = (np.arange(16)[:, None] >= found.low) & (np.arange(16)[:, None] <= found.high)
    assert ((found.posterior * within).sum(axis=0) >= 0.9)[dated].all()


def plateau(sag):
    return np.array([2, 5, 12, 28, 60, 88, 90, 91, 88, 92, 90, *np.linspace(89, 89 * sag, 5)])


def test_a_plateau_that_sags_has_not_gone_out():
    used = np.stack([plateau(s) for s in (1.0, 0.85, 0.7, 0.1)], axis=1)
    found = turns(used, np.tile(used.mean(axis=0), (16, 1)), np.full(16, 1000), np.ones(4))
    assert named(found).tolist() == ["established", "established", "established", "peaked out"]
    assert (found.direction[:3] == 1).all()


def test_a_small_dip_before_a_rise_is_no_return_and_a_late_stir_no_comeback():
    stirs = {
        "emerging": [24, 22, 20, 19, 18, 17, 16, 16, 18, 36, 80, 170, 340, 700],
        "out": [700, 340, 170, 80, 36, 20, 13, 11, 11, 11, 12, 12, 13, 14],
    }
    used = np.array(list(stirs.values()), float).T
    found = turns(used, np.tile(used.mean(axis=0), (14, 1)), np.full(14, 4000), np.ones(2))
    assert named(found).tolist() == list(stirs)


def test_an_unsure_fall_is_a_turn_only_where_little_is_asked():
    used, expected, rows, _ = corpus(np.random.default_rng(8), "established", themes=300, ratio=3.0)
    peaked = [
        np.mean(named(turns(used, expected, rows, np.full(300, 1.3), sure=sure)) == "peaked out")
        for sure in (1.64, 2.58, 4.0)
    ]
    assert peaked[0] > peaked[1] >= peaked[2]
    assert peaked[1] <= 0.04


def people_and_threads(seed, ratio):
    """(rows A, rows B) of talk in which all themes rise from the middle of time on, and their shares."""
    rng = np.random.default_rng(seed)
    talk = clumped_talk(rng, threads=3000, people=1500, length=1)
    late = np.maximum(np.linspace(-1, 1, 12), 0)[:, None] * np.ones(150)
    talk = planted(talk, rng, ratio, late)
    return talk.voices(), talk.conversations()


def test_a_movement_does_not_hide_its_own_turn():
    rows, threaded = people_and_threads(5, 12.0)
    shares = standardised_shares(rows, periods=12)
    test = in_out_test(rows, threaded)
    around_nothing = turns(shares.observed, shares.expected, shares.rows, test.dispersion)
    around_curve = turns_of_rows(rows, shares, conversations=threaded)
    well = rows.presence.uses >= 100
    assert around_curve.knots[well].mean() > around_nothing.knots[well].mean()


def test_a_curve_of_rows_is_that_of_its_own_dispersion_at_least_one():
    rows, threaded = people_and_threads(6, 1.0)
    shares = standardised_shares(rows, periods=12)
    alone, both = turns_of_rows(rows, shares), turns_of_rows(rows, shares, conversations=threaded)
    independent = turns(shares.observed, shares.expected, shares.rows, np.ones(150))
    assert both.knots.sum() <= alone.knots.sum() <= independent.knots.sum()


def test_long_series_find_two_knots_where_they_are():
    u = np.arange(60)
    line = 4.0 - 0.12 * np.abs(u - 15) + 0.24 * np.maximum(u - 40, 0)  # up to 15, down to 40, up again
    used = np.random.default_rng(2).poisson(np.exp(line))[:, None].astype(float)
    found = turns(used, np.full((60, 1), used.mean()), np.full(60, 3000), np.ones(1))
    assert (named(found)[0], found.knots[0]) == ("returning", 2)
    assert found.low[0] - 1 <= 40 <= found.high[0] + 1
    assert abs(found.turn[0] - 40) <= 2


def test_some_themes_are_taken_and_put_back():
    used, expected, rows, _ = corpus(np.random.default_rng(9), "peaked out", themes=12, ratio=3.0)
    counts = (used, expected, rows, np.full(12, 1.3))
    found, level = turns(*counts), turns(*counts, sure=np.inf)
    some = np.array([7, 2])
    part = turns(used[:, some], expected[:, some], rows, np.full(2, 1.3))
    for name in ("shape", "posterior", "fitted", "curve", "basis", "turn"):
        assert np.array_equal(getattr(found.take(some), name), getattr(part, name), equal_nan=True)
    changed = found.put(some, level.take(some))
    assert np.array_equal(changed.shape[some], level.shape[some])
    assert "established" in named(changed)[some]
    assert np.array_equal(np.delete(changed.shape, some), np.delete(found.shape, some))


def test_of_two_turns_the_one_that_the_present_movement_starts_with_is_dated():
    u = np.arange(40)
    line = (
        6.0 - 0.1 * np.abs(u - 14) - 0.25 * np.maximum(u - 28, 0)
    )  # up to 14, down, and down faster from 28
    used = np.random.default_rng(3).poisson(np.exp(line))[:, None].astype(float)
    found = turns(used, np.full((40, 1), used.mean()), np.full(40, 9000), np.ones(1))
    assert (named(found)[0], found.knots[0], found.begin[0]) == ("peaked out", 2, found.turn[0])
    assert abs(found.turn[0] - 14) <= 1
