"""The whole path on corpora where somebody forgot a theme, got used to it, or tired of it, and where nobody did."""

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.ground import asked_of_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.tour import tour
from estran.findings import Verdict, Why
from estran.model import Step
from estran.settings import Settings
from estran.simulate import company, shuffle_time
from estran.store.engines.threads import ThreadEngine

ANIMALS = (
    "quokka",
    "wombat",
    "dingo",
    "numbat",
    "bilby",
    "emu",
    "echidna",
    "platypus",
    "kookaburra",
    "koala",
    "possum",
)
HELD_OFF = "They call it “quokka”, a buzzword if there ever was one."


@pytest.fixture(scope="module")
def still():
    """A company of which nothing moves."""
    rng = np.random.default_rng(1)
    return shuffle_time(company(seed=22, messages=10_000).messages, level="thread_dates", rng=rng)


def tour_of(messages):
    settings = Settings(top=40)
    corpus = prepare(messages, step=Step.QUARTER, settings=settings)
    return asked_of_ground(tour)(
        corpus, Origin(messages.height), ThreadEngine(threads=2), settings, progress=Silent()
    )


def said(messages, sentences, share, *, first=False, seed=3):
    """The messages with sentences added to a share of each moment, by people who all may say them.

    Args:
        messages: the corpus.
        sentences: one of them is drawn for each message.
        share: of the messages, at a moment from 0 to 1.
        first: before what is said instead of after it; at a moment, with what chance.
        seed: of chance.
    """
    rng = np.random.default_rng(seed)
    times = messages["time"].to_physical().to_numpy().astype(float)
    moment = (times - times.min()) / np.ptp(times)
    adds = rng.random(messages.height) < np.array([share(m) for m in moment])
    leads = rng.random(messages.height) < np.array([first(m) if first else 0.0 for m in moment])
    text, title = [], []
    for old, heading, add, lead in zip(messages["text"], messages["title"], adds, leads, strict=True):
        sentence = str(rng.choice(sentences))
        text.append(old if not add else f"{sentence} {old}" if lead else f"{old} {sentence}")
        title.append(sentence if add and lead and heading is not None else heading)
    return messages.with_columns(pl.Series("text", text), pl.Series("title", title))


def card(movements, word):
    return next(m for m in movements if word in {*m.variants, *m.also})


def holding(movement):
    return {reason.why for reason in movement.reasons if reason.verdict is Verdict.HOLDS}


def falling(moment):
    return 0.15 * max(0.0, 1.0 - 1.6 * moment) ** 2


def test_a_theme_that_goes_with_its_whole_subject_is_forgotten(still):
    tour = tour_of(said(still, ["We saw the " + ", the ".join(ANIMALS) + "."], falling))
    found = card(tour.going_out, "quokka")
    assert holding(found) == {Why.FORGOTTEN}
    figures = found.reasons[0].figures
    assert figures["left"].high <= 0.5
    assert figures["slot"].high < 1


def test_a_theme_that_leaves_the_headlines_and_not_the_talk_has_become_normal(still):
    tour = tour_of(
        said(
            still,
            ["A quokka again."],
            lambda moment: 0.2 + 0.1 * moment,
            first=lambda moment: 0.9 - 0.8 * moment,
        )
    )
    assert [m.label for m in tour.become_normal] == ["quokka"]
    assert holding(tour.become_normal[0]) == {Why.NORMALISED}
    figures = tour.become_normal[0].reasons[1].figures
    assert figures["headline_before"].low > figures["headline_after"].high
    assert figures["breadth"].low >= 0.8
    assert figures["headline_change"].q <= 0.05


def test_a_theme_that_people_hold_at_a_distance_is_worn_out_and_they_are_quoted(still):
    sentences = [HELD_OFF, "We saw the quokka."]
    found = card(tour_of(said(still, sentences, falling)).going_out, "quokka")
    assert Why.WORN_OUT in holding(found)
    reason = found.reasons[3]
    assert reason.figures["times_base"].value >= 3
    assert 0.3 < reason.figures["marked"].value < 0.7
    assert reason.quotes
    assert all(HELD_OFF in quote.text for quote in reason.quotes)


def test_where_there_is_no_reason_none_is_given(still):
    found = card(tour_of(said(still, ["We saw the quokka."], falling)).going_out, "quokka")
    assert [reason.why for reason in found.reasons] == list(Why)
    assert not holding(found) - {Why.FORGOTTEN}
    assert found.reasons[1].verdict is Verdict.FAILS  # fewer people say it: it has not become normal


def test_nothing_has_become_normal_when_time_is_shuffled(still):
    assert tour_of(still).become_normal == ()
