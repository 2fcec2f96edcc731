"""Both sides as one continuum: who says what more, whether the gap closes, and answers in words where nothing can be told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from estran.analysis.continuum import continuum
from estran.analysis.corpus import prepare
from estran.analysis.facing import FaceToFace, face_to_face
from estran.analysis.ground import asked_of_ground, lay_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.unanswered import claim, unanswered
from estran.findings import Course, Facing, Gap
from estran.model import Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from sided_talk import talk

PLAIN = Settings(encoder="plain", least_messages=3)


def _ask(question, messages, settings=PLAIN):
    corpus = prepare(messages, step=Step.QUARTER, progress=Silent())
    origin = Origin(messages.height)
    return asked_of_ground(question)(corpus, origin, ThreadEngine(threads=1), settings, progress=Silent())


@pytest.fixture(scope="module")
def apart():
    """The harbour is said by customers and the lantern by the inside; the granite comes to the customers only later."""
    return talk(
        gaps={"harbour": (0.04, 0.35), "lantern": (0.4, 0.0), "granite": (0.3, 0.02), "copper": (0.25, 0.25)},
        last={"granite": (0.3, 0.3)},
    )


@pytest.fixture(scope="module")
def found(apart):
    return _ask(continuum, apart)


def _theme(found, label):
    return next(theme for theme in found.themes if theme.label == label)


def test_the_side_that_says_more_is_named_with_its_ratio(found):
    harbour = _theme(found, "harbour")
    assert harbour.gap is Gap.OUTSIDE
    assert harbour.ratio.low > 2
    assert harbour.ratio.q < 0.05
    assert harbour.whole.outside.value > harbour.whole.inside.value
    assert _theme(found, "lantern").gap is Gap.INSIDE


def test_what_nobody_inside_says_has_a_ratio_without_end_and_a_lower_end(apart):
    inside = pl.col("side") == "inside"
    text = pl.when(inside).then(pl.col("text").str.replace_all("harbour", "window")).otherwise(pl.col("text"))
    harbour = _theme(_ask(continuum, apart.with_columns(text=text)), "harbour")
    assert harbour.whole.inside.value == 0
    assert harbour.ratio.value == np.inf
    assert 2 < harbour.ratio.low < np.inf


def test_a_theme_that_both_say_alike_is_alike(found):
    assert _theme(found, "copper").gap is Gap.ALIKE


def test_a_gap_that_closes_is_said_to_close(found):
    granite = _theme(found, "granite")
    assert granite.course is Course.CLOSING
    assert granite.moved.low > 1
    assert granite.then.outside.value < granite.now.outside.value
    assert found.counts["closing"] == 1


def test_other_gaps_are_not_said_to_move(found):
    assert {
        theme.label
        for theme in found.themes
        if theme.course in {Course.CLOSING, Course.OPENING, Course.CROSSING}
    } == {"granite"}


def test_the_coherence_is_below_that_of_one_crowd(found):
    assert found.whole.index.high < 1
    assert found.coherence[0].period == "2020-Q1"
    one = _ask(continuum, talk(seed=5))
    assert one.whole.index.high == 1
    assert one.counts["outside"] == one.counts["inside"] == 0


def test_nothing_is_claimed_where_sides_are_dealt_out_at_random(apart):
    """Six deals of sides to people: what was real is gone with the sides."""
    claims = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        names = apart["author"].unique(maintain_order=True)
        dealt = dict(zip(names, rng.choice(["inside", "outside"], len(names)), strict=True))
        found = _ask(continuum, apart.with_columns(side=pl.col("author").replace(dealt)))
        claims += (
            found.counts["outside"]
            + found.counts["inside"]
            + found.counts["closing"]
            + found.counts["opening"]
        )
    assert claims <= 1


def test_shares_of_one_to_four_people_are_withheld_with_what_would_tell_them(apart):
    """Three people inside say the willow once: no share, no ratio, and no count of either side."""
    few = apart.filter(pl.col("side") == "inside")["author"].unique(maintain_order=True)[:3]
    says = pl.col("author").is_in(few.implode()) | (pl.col("side") == "outside")
    text = pl.when(says).then(pl.col("text")).otherwise(pl.col("text").str.replace_all("willow", "window"))
    willow = _theme(_ask(continuum, apart.with_columns(text=text)), "willow")
    assert willow.whole.inside is None
    assert willow.whole.outside is not None
    assert (willow.ratio, willow.people_inside, willow.people_outside) == (None, None, None)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (pl.lit(None, pl.String()), Facing.NO_SIDES),
        (pl.lit("outside"), Facing.ONE_SIDE),
        (pl.when(pl.col("author").is_in(["p1", "p2", "p3"])).then(pl.lit("inside")).otherwise(pl.lit("outside")), Facing.FEW_PEOPLE),
        (pl.when(pl.col("time").dt.year() == 2020).then(pl.lit("inside")).otherwise(pl.lit("outside")), Facing.NEVER_TOGETHER),
    ],
)  # fmt: skip
@pytest.mark.parametrize("question", [continuum, unanswered])
def test_what_cannot_be_compared_is_answered_in_words(apart, question, change, answer):
    one_each = (
        apart.unique("author", keep="first", maintain_order=True)
        if answer is Facing.NEVER_TOGETHER
        else apart
    )
    found = _ask(question, one_each.with_columns(side=change))
    assert found.facing is answer
    assert found.to_polars().is_empty()


def test_two_periods_are_enough_for_a_gap_and_one_window_is_not_two():
    found = _ask(continuum, talk(periods=2, gaps={"harbour": (0.05, 0.5)}))
    assert _theme(found, "harbour").gap is Gap.OUTSIDE
    assert (found.then, found.now) == (("2020-Q1", "2020-Q1"), ("2020-Q2", "2020-Q2"))


def test_a_person_of_both_sides_counts_once_where_most_was_said(apart):
    both = apart.with_columns(
        side=pl.when((pl.col("author") == "p1") & (pl.int_range(pl.len()).over("author") == 0))
        .then(pl.lit("inside"))
        .when(pl.col("author") == "p1")
        .then(pl.lit("outside"))
        .otherwise("side")
    )
    corpus = prepare(both, step=Step.QUARTER, progress=Silent())
    ground = lay_ground(corpus, Origin(both.height), ThreadEngine(threads=1), PLAIN, progress=Silent())
    facing = face_to_face(corpus, ground.said)
    assert isinstance(facing, FaceToFace)
    people = facing.people()
    assert len(people.author) == len(set(people.author.tolist()))
    assert (~facing.here).sum() == 1


def test_what_nobody_inside_takes_up_is_told_with_words_of_both_sides():
    found = _ask(unanswered, talk(people=1600, gaps={"harbour": (0.0, 0.4), "lantern": (0.35, 0.01)}))
    assert [theme.label for theme in found.raised] == ["harbour"]
    assert [theme.label for theme in found.unheard] == ["lantern"]
    harbour = found.raised[0]
    assert harbour.nobody
    assert harbour.ratio.low > 3
    assert len(harbour.stretches) >= 3
    assert {quote.side for quote in harbour.quotes} == {"outside"}
    assert {quote.side for quote in harbour.nearest} <= {"inside"}
    assert not any("harbour" in quote.text for quote in harbour.nearest)


def test_twice_as_many_is_not_three_times_as_many():
    found = _ask(unanswered, talk(people=1600, gaps={"harbour": (0.15, 0.3)}))
    assert found.enough
    assert (found.raised, found.unheard) == ((), ())


def test_how_many_times_is_a_setting():
    messages = talk(people=1600, gaps={"harbour": (0.08, 0.4)})
    asked = Settings(encoder="plain", unanswered_times=1.5)
    assert [theme.label for theme in _ask(unanswered, messages, asked).raised] == ["harbour"]
    assert _ask(unanswered, messages).raised == ()


def test_few_people_are_not_enough_for_three_stretches():
    found = _ask(unanswered, talk(people=24, gaps={"harbour": (0.0, 0.5)}))
    assert not found.enough
    assert found.raised == ()


def test_no_theme_goes_unanswered_where_sides_are_dealt_out(apart):
    corpus = prepare(apart, step=Step.QUARTER, progress=Silent())
    ground = lay_ground(corpus, Origin(apart.height), ThreadEngine(threads=1), PLAIN, progress=Silent())
    names = apart["author"].unique(maintain_order=True)
    claims = 0
    for seed in range(8):
        side = np.random.default_rng(seed).choice(["inside", "outside"], len(names))
        dealt = pl.col("author").replace(dict(zip(names, side, strict=True)))
        changed = prepare(apart.with_columns(side=dealt), step=Step.QUARTER, progress=Silent())
        claims += claim(face_to_face(changed, ground.said), times=3.0, rate=0.05).claimed.sum()
    assert claims == 0
