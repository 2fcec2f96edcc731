"""What is said to cross where nothing does: people are given kinds of tool at random, whole."""

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.crossings import crossings_of
from estran.analysis.ground import lay_ground
from estran.analysis.leading import parts_of
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.model import Step
from estran.settings import Settings
from estran.simulate import company
from estran.store.engines.threads import ThreadEngine

KINDS = ["chat", "mail", "helpdesk", "reviews"]
RISING = (
    "quokka blanket",
    "wombat ladder",
    "narwhal kettle",
    "ocelot cushion",
    "gecko lantern",
    "ibis trolley",
)


@pytest.fixture(scope="module")
def ground():
    """Six themes rise, each at its own time, whoever speaks and wherever."""
    rng = np.random.default_rng(4)
    messages = company(seed=8, messages=5_000, languages=("en",), traps=False, years=8).messages
    time = (messages["time"] - messages["time"].min()).dt.total_days().to_numpy() / 365.25
    text = messages["text"].to_numpy().astype(object)
    for theme, middle in zip(RISING, np.linspace(2.0, 6.0, len(RISING)), strict=True):
        said = rng.random(len(text)) < 0.3 / (1.0 + np.exp(-(time - middle) / 0.4))
        text[said] = [f"{one} We speak of the {theme}." for one in text[said]]
    messages = messages.with_columns(text=pl.Series(text.tolist(), dtype=pl.String))
    settings = Settings()
    corpus = prepare(messages, step=Step.HALF, settings=settings)
    return lay_ground(corpus, Origin(messages.height), ThreadEngine(threads=2), settings, progress=Silent())


@pytest.mark.parametrize("late", [False, True])
def test_nothing_crosses_where_people_are_given_their_tools_at_random(ground, late):
    """At a rate of 5 % anything at all is claimed in one trial of twenty; in three of ten in one run of ninety."""
    corpus, moved = ground.corpus, ground.stand.course.themes
    labels = {ground.said.concepts[int(j)].label for j in moved}
    assert labels >= set(RISING)
    second = corpus.period >= corpus.grid.periods // 2
    claimed = tested = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        code = rng.choice(4, corpus.people, p=[0.4, 0.3, 0.2, 0.1]).astype(np.int32)[corpus.author]
        if late:  # one tool is silent in the first half, another in the second
            code[((code == 2) & ~second) | ((code == 3) & second)] = -1
        parts = parts_of(ground, moved, code, parts=4)
        found, tests, pairs, _ = crossings_of(ground, parts, moved, KINDS, len(moved))
        assert pairs < 6 if late else pairs == 6
        claimed += bool(found)
        tested += tests
    assert tested > 200
    assert claimed <= 2
