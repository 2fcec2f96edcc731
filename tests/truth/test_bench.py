"""The bench of truth, on a small simulated company: what it says of Estran, and that its measures measure."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from bench.truth import goals, halves, nulls, page, plants, runs, shapes, still
from bench.truth.corpora import SMALL, counted
from bench.truth.rivals import RIVALS, Talk, change_points, likelihood_ratio, starts_of_bursts, states
from bench.truth.runs import Sizes

from estran.findings import Shape

KEYS = [
    "any_false", "p01_rate", "fdp_mean", "recall_x3", "recall_x5", "hump_x5", "split_half", "tag_wrong_signs",
    "length_null", "mix_null", "turn_mae", "turn_coverage", "shape_accuracy", "successor_hit1", "successor_hit3",
    "sotu_hits", "sotu_starts_per_word", "seconds_100k_10k",
]  # fmt: skip


@pytest.fixture(scope="module")
def small():
    return counted(SMALL)


@pytest.mark.parametrize("level", ["message", "author", "thread", "thread_dates", "author_rotation"])
def test_next_to_nothing_is_claimed_where_nothing_moves(small, level):
    told = nulls.null(small, level, shuffles=6, rivals=0)
    assert told["shuffles_with_false"] <= 2
    assert told["p01_rate"] <= 0.012


@pytest.mark.parametrize("drift", [nulls.length_null, nulls.mix_null])
def test_neither_length_nor_mix_makes_a_theme_move_while_who_counts_messages_is_misled(small, drift):
    told = drift(small, shuffles=4, rivals=2)
    assert told["false_mean"] <= 1
    assert told["rivals"]["cochran_armitage"] > 10


@pytest.mark.parametrize("course", plants.COURSES)
def test_a_fivefold_change_is_found_and_little_is_claimed_beside_it(small, course):
    told = plants.planted(small, course, 5.0, plantings=6)["methods"]["estran"]
    assert told["recall_well"] >= 0.75
    assert told["fdp"] - told["wrong_way"] <= 0.1


def test_shapes_are_named_and_turns_dated_better_than_by_the_middle_of_the_span(small):
    told = shapes.shapes(small, 6.0, 150, 400, plantings=2)
    assert told["accuracy"] >= 0.6
    assert told["turn_mae"]["estran"] < told["turn_mae"]["middle"]
    assert told["coverage"] >= 0.8


def test_what_half_of_the_people_say_to_move_moves_among_the_others(small, monkeypatch):
    monkeypatch.setattr(halves, "FEWEST_CLAIMS", 10)
    told = halves.halves(small, splits=6)["methods"]["estran"]
    assert told["agreement"] >= 0.9


def test_halves_share_no_person(small):
    drawn = small.corpus.author % 2 == 0
    corpus, said = halves.part(small.corpus, small.said, drawn)
    assert corpus.people == len(np.unique(small.corpus.author[drawn]))
    assert len(said.message) == drawn[small.said.message].sum()
    assert (said.tokens == small.said.tokens[drawn]).all()


def test_a_planted_share_follows_its_course(small):
    rng = np.random.default_rng(1)
    said, truth = plants.plant(small.corpus, small.said, "step", 4.0, rng)
    late = small.corpus.period / (small.corpus.grid.periods - 1) > 0.6

    def kept(way, when):
        counts = [
            (when[it.message] & (truth[it.concept] == way)).sum() for it in (said, small.said)
        ]  # after and before thinning
        return counts[0] / counts[1]

    assert [kept(1, late), kept(-1, ~late), kept(0, late)] == [1, 1, 1]
    assert kept(1, ~late) == pytest.approx(0.25, abs=0.02)
    assert kept(-1, late) == pytest.approx(0.25, abs=0.02)


def test_longer_and_longer_messages_keep_their_dates_as_a_whole(small):
    drifted = still.longer_and_longer(small, np.random.default_rng(2))
    assert (np.bincount(drifted.period) == np.bincount(small.corpus.period)).all()
    early, late = (small.said.tokens[drifted.period == p] for p in (0, small.corpus.grid.periods - 1))
    assert np.median(late) > 2 * np.median(early)


def test_dates_shuffled_within_groups_leave_each_group_its_periods(small):
    before, after = small.corpus, still.mixed_as_before(small.corpus, np.random.default_rng(3))
    table = [np.histogram2d(it.group, it.period, bins=50)[0] for it in (before, after)]
    assert (table[0] == table[1]).all()
    assert (before.period != after.period).mean() > 0.5


def grown(late):
    """Talk in which two themes, of three, are said in more and in fewer of the late messages."""
    period = np.repeat(np.arange(10), 200)
    message = np.arange(2000)
    rng = np.random.default_rng(4)
    share = np.where(period[:, None] >= 5, [late, 0.05, 0.1], [0.05, late, 0.1])
    there = rng.random((2000, 3)) < share
    at, theme = np.nonzero(there)
    return Talk(period, np.full(2000, 20), message[at], theme, 3)


@pytest.mark.parametrize("name", RIVALS)
def test_every_rival_sees_a_plain_change_of_independent_messages_and_its_direction(name):
    claims = RIVALS[name](grown(0.3))
    assert claims.found[:2].all()
    assert claims.direction[:2].tolist() == [1, -1]


@pytest.mark.parametrize("name", ["g2", "log_odds", "cochran_armitage"])
def test_a_rival_claims_nothing_where_independent_messages_hold_still(name):
    assert not RIVALS[name](grown(0.05)).found.any()


def test_dunnings_g2_is_what_its_formula_gives():
    # 10 of 1,000 words before, 30 of 1,000 after: 20 and 20 are due
    by_hand = 2 * (10 * np.log(0.5) + 30 * np.log(1.5) + 990 * np.log(990 / 980) + 970 * np.log(970 / 980))
    assert likelihood_ratio(np.array([10.0]), np.array([30.0]), 1000, 1000)[0] == pytest.approx(by_hand)
    assert by_hand == pytest.approx(10.67, abs=0.01)


def test_a_burst_starts_where_a_word_becomes_twice_as_common_and_climbs_on():
    counts = np.array([10.0] * 6 + [40.0] * 3 + [160.0] * 3 + [10.0] * 6)[:, None]
    path = states(counts, np.full(18, 1000.0), most=4)[:, 0]
    assert starts_of_bursts(path).tolist() == [9]
    assert path[:6].tolist() == [0] * 6
    early = states(counts[:9], np.full(9, 1000.0), most=4)[:, 0]
    assert starts_of_bursts(early).tolist() == [6]


def test_a_level_that_changes_once_has_one_change_point():
    curve = np.r_[np.zeros(8), np.ones(8)] + np.random.default_rng(5).normal(0, 0.05, 16)
    assert change_points(curve).tolist() == [8]
    assert change_points(np.zeros(16)).tolist() == []


def test_a_course_goes_from_nothing_to_its_peak():
    moment = np.linspace(0, 1, 21)
    for shape in shapes.SHAPES:
        on_log_scale = shapes.course(shape, moment, 0.5)
        assert on_log_scale.max() == pytest.approx(0, abs=1e-9)
        assert on_log_scale.min() >= -1 - 1e-9
        assert (shape is Shape.STEADY) == (on_log_scale.min() == 0)


def test_the_worst_figure_is_the_one_farthest_on_the_wrong_side():
    most, least = goals.Goal("a", "", "", most=1), goals.Goal("b", "", "", least=1)
    between = replace(most, least=0.8)
    figures = {"x": 0.7, "y": 2.0, "z": None}
    assert most.worst(figures) == (2.0, "y")
    assert least.worst(figures) == (0.7, "x")
    assert between.worst({"x": 0.89, "y": 0.99}) == (0.99, "y")
    assert (most.reached(1), least.reached(0.9), between.reached(0.9), most.reached(None)) == (
        True, False, True, False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A whole run, with as little of everything as can be; and the folder that it leaves."""
    folder = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "SCRATCH", folder)
        patch.setattr(runs, "elsewhere", lambda part: None)
        sizes = Sizes(shuffles=1, drifts=1, rivals=1, plantings=1, splits=1, shapes=1)
        results = runs.run((SMALL,), sizes)
        patch.setattr(runs, "timed", None)  # nothing is measured twice
        again = runs.run((SMALL,), sizes)
    return results, again, sizes


def test_a_run_that_was_killed_goes_on_with_what_it_has(ran):
    results, again, _ = ran
    assert again == results
    assert len(results[SMALL]) == 27


def test_the_line_of_figures_has_every_key_by_corpus_too(ran):
    line = json.loads(json.dumps(goals.summary(ran[0])))
    assert set(KEYS) <= set(line)
    assert line["any_false"] == line["by_corpus"][SMALL]["any_false"] is not None
    assert line["sotu_hits"] is None


def test_the_page_shows_all_that_was_measured_in_small_plots(ran, tmp_path):
    results, _, sizes = ran
    written = tmp_path / "accuracy.md"
    page.write(results, sizes, page=written)
    text = written.read_text(encoding="utf-8")
    assert "## Goals not reached" in text
    assert not re.search(r"\bnan\b", text)
    images = sorted((tmp_path / "img").iterdir())
    assert [image.name for image in images if f"](img/{image.name})" not in text] == []
    assert max(image.stat().st_size for image in images) < 60_000
    assert all("prefers-color-scheme:dark" in image.read_text(encoding="utf-8") for image in images)
