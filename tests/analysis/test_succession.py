"""What came in the place of what went out, over the whole path, on talk whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.ground import asked_of_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.successions import succession
from estran.analysis.tour import tour as take_the_tour
from estran.findings import Level, Shape, Verdict, Why
from estran.model import Step
from estran.settings import Settings
from estran.simulate import Curve, company, plant_succession
from estran.store.engines.threads import ThreadEngine

EARLIER, LATER = "stock shortage", "quokka"


@pytest.fixture(scope="module")
def messages():
    return company(seed=3, messages=8_000, languages=("en",), traps=False).messages


def planted(messages, **options):
    """The theme falls from the first third of the span on, in both its forms."""
    for seed, end in enumerate(("", "s")):
        messages, _ = plant_succession(
            messages,
            EARLIER + end,
            rng=np.random.default_rng(seed),
            curve=Curve(Shape.OUT, 12, (0.3,)),
            **options,
        )
    return messages


def asked(question, messages, *, threads=2):
    settings = Settings(top=100)
    corpus = prepare(messages, step=Step.HALF, settings=settings)
    return asked_of_ground(question)(
        corpus, Origin(messages.height), ThreadEngine(threads=threads), settings, progress=Silent()
    )


def card(successions):
    (movement,) = (each for each in successions.going_out if EARLIER in each.variants)
    return movement


@pytest.fixture(scope="module")
def told(messages):
    return asked(succession, planted(messages, into=LATER, telling=0.1))


@pytest.fixture(scope="module")
def untold(messages):
    return asked(succession, planted(messages, into=LATER))


@pytest.fixture(scope="module")
def forgotten(messages):
    return asked(succession, planted(messages, into=None))


def test_a_theme_that_people_say_they_left_for_another_is_superseded(told):
    first = card(told).successors[0]
    assert (first.label, first.level) == (LATER, Level.SUPERSEDED)
    assert first.switches > first.switches_back == 0
    assert first.rise.low > 1
    assert first.slot.low < 1 < first.slot.high


def test_the_sentences_that_say_so_are_quoted_word_for_word(told):
    quotes = card(told).successors[0].quotes
    sentences = [f"We moved from {EARLIER}{end} to {LATER}." for end in ("", "s")]
    assert len(quotes) > 1
    assert all(any(sentence in quote.text for sentence in sentences) for quote in quotes)


def test_a_successor_that_nobody_speaks_of_as_one_is_found_all_the_same(untold):
    links = {link.label: link for link in card(untold).successors}
    assert links[LATER].switches == 0
    assert links[LATER].quotes == ()
    assert links[LATER].score == max(link.score for link in links.values())


def test_a_forgotten_theme_is_superseded_by_nothing(forgotten):
    assert Level.SUPERSEDED not in {link.level for link in card(forgotten).successors}


def test_there_are_three_candidates_at_the_most_the_likeliest_first(told, untold, forgotten):
    for successions in (told, untold, forgotten):
        for movement in successions.going_out:
            scores = [link.score for link in movement.successors]
            assert len(scores) <= 3
            assert scores == sorted(scores, reverse=True)


def test_no_candidate_is_a_form_of_the_theme_or_of_another_candidate(told, untold, forgotten):
    for successions in (told, untold, forgotten):
        for movement in successions.going_out:
            names = [f" {name} " for name in (movement.label, *(link.label for link in movement.successors))]
            assert not [(a, b) for a in names for b in names if a != b and a in b]


def test_few_people_are_withheld(told, untold, forgotten):
    switchers = [
        link.switchers
        for successions in (told, untold, forgotten)
        for movement in successions.going_out
        for link in movement.successors
    ]
    assert switchers
    assert not {1, 2, 3, 4} & {people for people in switchers if people is not None}


def test_the_reason_says_what_the_link_says(told):
    reasons = {reason.why: reason.verdict for reason in card(told).reasons}
    assert reasons[Why.SUPERSEDED] is Verdict.HOLDS


def test_the_same_messages_give_the_same_links_in_any_order_and_on_any_number_of_threads(messages, told):
    shuffled = planted(messages, into=LATER, telling=0.1).sample(fraction=1, shuffle=True, seed=7)
    again = asked(succession, shuffled, threads=1)
    assert replace(again, provenance=told.provenance) == told


def test_the_cards_of_a_tour_name_the_same_successors(messages, told):
    tour = asked(take_the_tour, planted(messages, into=LATER, telling=0.1))
    links = {movement.label: movement.successors for movement in tour.going_out}
    assert links == {movement.label: movement.successors for movement in told.going_out}
