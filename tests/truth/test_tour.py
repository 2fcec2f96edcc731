"""The whole path on corpora whose truth is known: what moves is found, what only looks like it is not."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.ground import asked_of_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.tour import tour as take_the_tour
from estran.findings import Shape
from estran.model import Step
from estran.settings import Settings
from estran.simulate import Curve, company, plant_event, plant_loud_author, plant_trend, score, shuffle_time
from estran.store.engines.threads import ThreadEngine
from estran.text.clean import LEFT_OUT

EVERYTHING = Settings(top=1000)


def tour_of(messages, *, step=Step.QUARTER, settings=EVERYTHING):
    corpus = prepare(messages, step=step, settings=settings)
    return asked_of_ground(take_the_tour)(
        corpus, Origin(messages.height), ThreadEngine(threads=2), settings, progress=Silent()
    )


def labels(movements):
    return {form for movement in movements for form in movement.variants}


@pytest.fixture(scope="module")
def simulation():
    return company(seed=21, messages=20_000)


@pytest.fixture(scope="module")
def tour(simulation):
    return tour_of(simulation.messages)


@pytest.fixture(scope="module")
def still():
    """A smaller company with its time shuffled: nothing moves."""
    rng = np.random.default_rng(1)
    return shuffle_time(company(seed=22, messages=10_000).messages, level="thread_dates", rng=rng)


def test_most_of_what_was_planted_is_found_and_next_to_none_the_wrong_way(tour, simulation):
    scored = score(tour, simulation.truth, at_least=200)
    assert scored.recall >= 0.6
    # a plateau may read as past its peak: 10 such in six companies of 34 moving themes
    assert len(scored.wrong_direction) <= 1


def test_no_trap_is_taken(tour, simulation):
    assert score(tour, simulation.truth).traps_taken == ()


def test_every_row_is_kept_or_accounted_for(tour, simulation):
    left_out = sum(tour.coverage.removed.get(reason, 0) for reason in LEFT_OUT)
    assert tour.coverage.kept + left_out == tour.coverage.read == simulation.messages.height


def test_the_source_that_fell_silent_and_the_one_that_appeared_are_said(tour):
    assert {"source-silent", "source-new"} <= {notice.kind for notice in tour.coverage.notices}


def test_nothing_comes_in_and_nothing_goes_out_when_time_is_shuffled(still):
    tour = tour_of(still)
    assert (tour.coming_in, tour.going_out) == ((), ())
    assert tour.provenance.tested > 100


def test_a_planted_rise_and_a_planted_fall_are_found_on_the_right_side(still):
    rng = np.random.default_rng(2)
    rising, _ = plant_trend(still, "quokka", curve=Curve(Shape.IN, 8), rng=rng, share=0.08, together="author")
    both, _ = plant_trend(
        rising, "zeppelin", curve=Curve(Shape.OUT, 8), rng=rng, share=0.08, together="author"
    )
    tour = tour_of(both)
    assert "quokka" in labels(tour.coming_in)
    assert "zeppelin" in labels(tour.going_out)


def test_a_theme_said_by_one_loud_author_is_not_coming_in(still):
    loud, _ = plant_loud_author(still, "quokka", rng=np.random.default_rng(3))
    assert "quokka" not in labels(tour_of(loud).coming_in)


def test_a_theme_of_one_crowded_conversation_is_not_coming_in(still):
    crowded, _ = plant_event(still, "quokka", rng=np.random.default_rng(4), people=60)
    assert "quokka" not in labels(tour_of(crowded).coming_in)


def test_what_a_new_source_brings_with_it_is_not_coming_in(still):
    late = still["time"] > still["time"].quantile(0.6)
    mine = late & (pl.Series(np.random.default_rng(5).random(still.height)) < 0.4)
    text = pl.when(mine).then(pl.col("text") + " Sent by the quokka portal.").otherwise("text").alias("text")
    source = pl.when(mine).then(pl.lit("portal")).otherwise("source").alias("source")
    tour = tour_of(still.with_columns(text, source))
    assert "quokka" not in labels(tour.coming_in)
    assert "portal" in {notice.facts.get("source") for notice in tour.coverage.notices}


def test_messages_that_grow_longer_make_no_theme_rise(still):
    rng = np.random.default_rng(6)
    order = still.sort("time").with_columns(
        count=pl.Series(rng.poisson(np.linspace(1, 5, still.height)) + 1), row=pl.int_range(still.height)
    )
    longer = [order]
    for _, group in order.group_by("language", "source", "side", maintain_order=True):
        sentences = [s for text in group["text"] for s in text.replace("\n", " ").split(". ") if len(s) > 9]
        dealt = [". ".join(rng.choice(sentences, n)) + "." for n in group["count"]]
        longer.append(group.with_columns(text=pl.Series(dealt)))
    tour = tour_of(pl.concat(longer[1:]).sort("row").drop("row", "count"))
    assert len(tour.coming_in) + len(tour.going_out) <= 1
    assert "length-drift" in {notice.kind for notice in tour.coverage.notices}


def test_the_same_messages_give_the_same_tour_in_any_order_and_on_any_number_of_threads(simulation, tour):
    shuffled = simulation.messages.sample(fraction=1, shuffle=True, seed=7)
    again = tour_of(shuffled, settings=replace(EVERYTHING, threads=1))
    assert replace(again, provenance=tour.provenance) == tour
