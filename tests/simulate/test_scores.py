"""A tour is held against the truth, claim by claim."""

import datetime as dt

import pytest

from estran.errors import SettingsError
from estran.findings import Coverage, Curve, Estimate, Movement, Provenance, Shape, Since, Style, Tour
from estran.simulate import Planted, Trap, Truth, score
from estran.simulate.scores import _start

PERIODS = tuple(f"{year}-H{half}" for year in range(2020, 2026) for half in (1, 2))
NOTHING = Estimate(0.1, 0.05, 0.2, "share of people")


def moved(*variants, shape=Shape.IN, since=None, also=()):
    return Movement(
        id=variants[0], label=variants[0], labels={}, variants=variants, before=NOTHING, after=NOTHING, change=NOTHING,
        since=since, shape=shape, people=100, messages=100, inside=None, outside=None, quotes=(),
        curve=Curve((), (), (), (), ()), detectable=1.5, also=also,
    )  # fmt: skip


def toured(coming_in=(), going_out=(), steady=()):
    coverage = Coverage(PERIODS, (), {}, 0, 0, (), {}, ())
    provenance = Provenance("0", "1", (), {}, "half", "", "", {}, 0, 0, 0, 0, 0.05)
    return Tour(tuple(coming_in), tuple(going_out), tuple(steady), (), Style(), coverage, provenance)


def planted(name, *forms, shape=Shape.IN, ratio=3.0, **more):
    more = {"turns": (dt.date(2022, 2, 1),), "messages": 100} | more
    return Planted(name=name, forms={"und": forms or (name,)}, shape=shape, ratio=ratio, **more)


TRUTH = Truth(
    themes=(
        planted("app", "store app", "appli mobile", companions=frozenset({"update"})),
        planted("fax", "télécopieur", shape=Shape.OUT),
        planted("lunch", "canteen", shape=Shape.STEADY, ratio=1.0, turns=()),
    ),
    traps=(
        Trap("loud author", ("kite surf",)),
        Trap("template", ("your case {order} is being looked into",)),
    ),
)


def test_a_perfect_tour_has_full_recall_and_nothing_false():
    result = score(
        toured([moved("store app")], [moved("Télécopieur", shape=Shape.OUT)], [moved("canteen")]), TRUTH
    )
    assert (result.recall, result.false_discovery_proportion, result.shape_accuracy) == (1.0, 0.0, 1.0)
    assert (result.found, result.missed) == (("app", "fax"), ())


def test_an_empty_tour_is_wrong_about_nothing_and_finds_nothing():
    result = score(toured(steady=[moved("store app")]), TRUTH)
    assert (result.recall, result.false_discovery_proportion) == (0.0, 0.0)
    assert (result.missed, result.called_steady) == (("app", "fax"), ("app",))
    assert (result.shape_accuracy, result.turn_error_periods, result.turn_coverage) == (None, None, None)


def test_a_theme_matches_by_any_variant_accents_case_and_hyphens_apart():
    assert score(toured([moved("the app", "Appli-Mobile")]), TRUTH).found == ("app",)
    assert score(toured(going_out=[moved("telecopieur")]), TRUTH).found == ("fax",)


def test_a_theme_claimed_twice_counts_once():
    result = score(toured([moved("store app"), moved("appli mobile")]), TRUTH)
    assert (result.recall, result.false_discovery_proportion, result.found) == (0.5, 0.0, ("app",))
    result = score(toured([moved("store app"), moved("appli mobile"), moved("banana")]), TRUTH)
    assert result.false_discovery_proportion == pytest.approx(1 / 3)


def test_a_card_counts_once_whatever_is_folded_into_it():
    folded_in = score(toured([moved("banana", also=("store app", "peel"))]), TRUTH)
    assert (folded_in.found, folded_in.false_discovery_proportion) == (("app",), 0.0)
    assert (folded_in.shape_accuracy, folded_in.turn_error_periods) == (None, None)
    twice = score(toured([moved("store app", also=("appli mobile",)), moved("pear", also=("plum",))]), TRUTH)
    assert (twice.recall, twice.false, twice.false_discovery_proportion) == (0.5, ("pear",), 0.5)


def test_a_steady_theme_stays_false_and_one_that_goes_the_other_way_is_not_found_where_it_is_folded_in():
    assert score(toured([moved("canteen", also=("store app",))]), TRUTH).false == ("canteen",)
    assert score(toured(going_out=[moved("banana", also=("store app",))]), TRUTH).false == ("banana",)


def test_a_theme_in_the_wrong_column_is_false():
    result = score(toured(going_out=[moved("store app")]), TRUTH)
    assert (result.wrong_direction, result.missed) == (("app",), ("fax",))
    assert result.false_discovery_proportion == 1.0


def test_a_steady_theme_and_a_word_of_nowhere_are_false():
    result = score(toured([moved("canteen"), moved("banana"), moved("store app")]), TRUTH)
    assert result.false == ("canteen", "banana")
    assert result.false_discovery_proportion == pytest.approx(2 / 3)


def test_a_trap_that_is_taken_is_false_and_named():
    result = score(toured([moved("kite surf"), moved("looked into")]), TRUTH)
    assert result.traps_taken == (("loud author", "kite surf"), ("template", "looked into"))
    assert result.false_discovery_proportion == 1.0


def test_words_that_come_with_a_theme_are_neither_true_nor_false():
    result = score(toured([moved("update"), moved("app"), moved("new store app")]), TRUTH)
    assert result.companions == ("update", "app", "new store app")
    assert (result.recall, result.false_discovery_proportion) == (0.0, 0.0)


def test_what_comes_with_a_theme_is_a_claim_among_all_claims():
    result = score(
        toured([moved("store app"), moved("update"), moved("banana"), moved("new store app")]), TRUTH
    )
    assert result.false_discovery_proportion == 0.25


def test_words_that_come_with_a_theme_but_move_the_other_way_are_false():
    assert score(toured(going_out=[moved("update")]), TRUTH).false == ("update",)


def test_dates_are_held_against_the_nearest_turn_in_periods():
    tour = toured(
        [moved("store app", since=Since("2023-H1", "2021-H2", "2023-H2"))],
        [moved("télécopieur", since=Since("2022-H1", "2022-H2", "2023-H1"))],
    )
    result = score(tour, TRUTH)
    assert (result.turn_error_periods, result.turn_coverage) == (1.0, 0.5)


def test_where_one_side_leads_both_turns_are_true_and_an_interval_without_a_date_only_covers():
    truth = Truth((planted("app", leads="outside", lag_years=2.0),))
    late = score(toured([moved("app", since=Since("2024-H1", "2024-H1", "2024-H1"))]), truth)
    assert (late.turn_error_periods, late.turn_coverage) == (0.0, 1.0)
    undated = score(toured([moved("app", since=Since(None, "2020-H1", "2025-H2"))]), truth)
    assert (undated.turn_error_periods, undated.turn_coverage) == (None, 1.0)


def test_rare_themes_can_be_left_out_of_recall():
    truth = Truth((planted("app", messages=500), planted("fax", shape=Shape.OUT, messages=20)))
    assert score(toured([moved("app")]), truth, at_least=200).recall == 1.0
    assert score(toured(), Truth(()), at_least=200).recall == 0.0


@pytest.mark.parametrize(
    ("label", "first"),
    [("2025", (2025, 1, 1)), ("2025-H2", (2025, 7, 1)), ("2025-Q3", (2025, 7, 1)), ("2025-03", (2025, 3, 1)), ("2025-W07", (2025, 2, 10))],
)  # fmt: skip
def test_labels_of_periods_are_read_as_their_first_day(label, first):
    assert _start(label) == dt.date(*first)


def test_a_label_that_is_no_period_is_refused():
    with pytest.raises(SettingsError, match="no label of a period"):
        _start("last year")
