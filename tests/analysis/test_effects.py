"""What decisions moved, over the whole path, on talk whose truth is known."""

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest
from decided import DAY, WORD, decided, talk

from estran.analysis.corpus import prepare
from estran.analysis.effects import effects
from estran.analysis.ground import lay_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.findings import Comparison, Outcome
from estran.model import Mark, Scope, Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine

NORTH = Scope("sales/north")


def ground_of(messages, *, step=None):
    settings = Settings(encoder="plain", threads=1)
    corpus = prepare(messages, step=step, settings=settings, progress=Silent())
    engine = ThreadEngine(threads=1)
    return lay_ground(corpus, Origin(messages.height), engine, settings, progress=Silent())


@pytest.fixture(scope="module")
def ground():
    return ground_of(decided(talk()))


def asked(ground, *, day=DAY, scope=NORTH, themes=(WORD,), end=None):
    (mark,) = effects(ground, [Mark(day, "decided", end, scope, themes)]).marks
    return mark


def test_a_theme_that_only_one_unit_says_more_moved_there(ground):
    mark = asked(ground)
    (effect,) = mark.effects
    assert (mark.compared, mark.against) == ("units", ("sales/south",))
    assert (effect.outcome, effect.rises, effect.comparison) == (Outcome.MOVED, True, Comparison.DIFFERENCES)
    assert 1.5 < effect.ratio.low < effect.ratio.value < effect.ratio.high
    assert effect.rank == 1
    assert effect.before.value < effect.after.value
    assert effect.drift > 0.001


def test_elsewhere_it_did_not_move(ground):
    (effect,) = asked(ground, scope=Scope("hr")).effects
    assert effect.outcome is not Outcome.MOVED


def test_of_the_whole_organisation_a_line_is_taken_off(ground):
    mark = asked(ground, scope=Scope())
    assert (mark.compared, mark.effects[0].comparison) == ("", Comparison.SERIES)
    assert mark.effects[0].elsewhere is None
    assert mark.effects[0].outcome is Outcome.MOVED


def test_sides_and_sources_are_compared_with_the_others(ground):
    side, source = (asked(ground, scope=Scope.read(s)) for s in ("side=outside", "source=support"))
    assert (side.compared, side.against) == ("side", ("inside",))
    assert source.compared == "sources"
    assert "support" not in source.against


def test_asked_of_all_themes_the_decision_moved_this_one(ground):
    mark = asked(ground, themes=())
    assert WORD in [effect.label for effect in mark.effects]
    assert len(mark.effects) <= 3
    assert mark.counts["moved"] >= 1
    assert all(effect.ratio.q <= 0.05 for effect in mark.effects if effect.ratio)


def test_where_nothing_was_decided_nothing_moved():
    ground = ground_of(decided(talk(), before=0.3))
    assert asked(ground, themes=()).counts["moved"] == 0
    (effect,) = asked(ground).effects
    assert effect.outcome is Outcome.STILL
    assert effect.detectable < 2


def test_the_days_of_a_long_change_belong_to_neither_side(ground):
    mark = asked(ground, end=DAY + dt.timedelta(days=40))
    assert mark.effects[0].outcome is Outcome.MOVED
    starts = mark.effects[0].curve.periods
    assert starts[5] < DAY.isoformat()
    assert starts[6] == (DAY + dt.timedelta(days=41)).isoformat()


def why(mark):
    return [(notice.kind, dict(notice.facts)) for notice in mark.notices]


def test_a_mark_outside_the_messages_is_an_answer_in_words(ground):
    mark = asked(ground, day=dt.date(1999, 1, 1))
    assert [kind for kind, _ in why(mark)] == ["mark-outside"]
    assert mark.effects == ()


def test_fewer_than_six_periods_are_an_answer_in_words(ground):
    last = ground.corpus.last
    assert [kind for kind, _ in why(asked(ground, day=last - dt.timedelta(days=20)))] == [
        "mark-near-the-edge"
    ]


def test_a_word_that_is_no_theme_is_told_with_the_nearest(ground):
    mark = asked(ground, themes=("quoka", WORD))
    assert why(mark)[0] == ("mark-no-theme", {"word": "quoka", "nearest": "quokka, luvoka 2"})
    assert [effect.label for effect in mark.effects] == [WORD]
    assert asked(ground, themes=("xyzzy",)).effects == ()


def test_a_unit_that_nobody_speaks_in_is_told_with_those_there_are(ground):
    kind, facts = why(asked(ground, scope=Scope("sales/nroth")))[0]
    assert (kind, facts["known"].split(", ")[0]) == ("mark-nobody", "sales/north")


def test_units_that_no_message_tells_are_told():
    ground = ground_of(talk(messages=1_500).with_columns(unit=pl.lit(None, pl.String)))
    assert why(asked(ground, themes=()))[0][0] == "mark-no-units"


def test_a_scope_like_no_other_is_compared_with_itself():
    said = talk(messages=3_000)
    ground = ground_of(decided(said.with_columns(unit=said["unit"].str.replace("^.*$", "sales/north"))))
    mark = asked(ground)
    assert ("mark-nothing-like-it", {"scope": "sales/north"}) in why(mark)
    assert mark.effects[0].comparison is Comparison.SERIES


def test_nothing_is_told_of_three_people():
    said = talk(messages=2_000)
    few = said["author"].unique().sort()[:3]
    ground = ground_of(said.with_columns(unit=said["unit"].set(said["author"].is_in(few.implode()), "board")))
    assert why(asked(ground, scope=Scope("board"), themes=()))[0][0] == "mark-few-people"


def test_a_step_that_is_asked_for_is_kept_and_another_date_moved_nothing(ground):
    month = ground_of(decided(talk(messages=5_000)), step=Step.MONTH)
    assert (asked(month).step, asked(month).effects[0].outcome) == ("month", Outcome.MOVED)
    assert asked(month, day=dt.date(2023, 6, 1)).effects[0].outcome is not Outcome.MOVED
    assert asked(ground).step == "quarter"


def test_shares_of_one_to_four_people_are_withheld_with_what_would_tell_them():
    ground = ground_of(decided(talk(messages=2_500, people=(0.3, 0.6, 0.1)), before=0.02, after=0.1))
    corpus, said = ground.corpus, ground.said
    (effect,) = asked(ground).effects
    j = next(k for k, concept in enumerate(said.concepts) if concept.label == WORD)
    rows = said.message[said.concept == j]
    day = corpus.messages["time"].dt.date().to_numpy().astype("datetime64[D]")[rows]
    unit = corpus.messages["unit"].to_numpy()[rows]
    edges = [*map(np.datetime64, effect.curve.periods), np.datetime64("2100-01-01")]
    small = 0
    for i in range(len(edges) - 1):
        inside = (day >= edges[i]) & (day < edges[i + 1])
        groups = (unit == "sales/north", unit == "sales/south", unit == "hr")
        people = [len(np.unique(corpus.author[rows[inside & group]])) for group in groups]
        if any(0 < n < 5 for n in people) and i < len(edges) - 2:
            small += 1
            assert math.isnan(effect.curve.share[i])
            assert math.isnan(effect.elsewhere.share[i])
            assert effect.curve.people[i] is None
    assert small > 0


def test_the_answer_is_the_same_again(ground):
    assert repr(asked(ground)) == repr(asked(ground))


def test_where_hardly_anything_is_said_nothing_is_claimed():
    mark = asked(ground_of(talk(messages=500)), themes=())
    assert mark.effects == ()
    assert "mark-few-others" in [kind for kind, _ in why(mark)]
