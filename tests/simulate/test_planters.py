"""Truth, traps and nulls can be laid in any corpus."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from estran.errors import SettingsError
from estran.findings import Shape
from estran.model import MESSAGES
from estran.simulate import (
    LEVELS,
    Curve,
    plant_event,
    plant_loud_author,
    plant_succession,
    plant_trend,
    shuffle_time,
)


def corpus(count=6_000, *, seed=0):
    """Messages of one word at even times; a third of the authors, and of the threads, are unknown."""
    rng = np.random.default_rng(seed)
    authors = [f"a{n}" if n < 40 else None for n in rng.integers(0, 60, count)]
    threads = [f"t{n // 5}" if n % 3 else None for n in range(count)]
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return pl.DataFrame(
        {
            "id": [f"m{n}" for n in range(count)],
            "time": [start + dt.timedelta(hours=6 * n) for n in range(count)],
            "text": ["we like the Fax Machine a lot", "nothing to say"] * (count // 2),
            "author": authors,
            "source": ["mail"] * count,
            "thread": threads,
        },
        schema_overrides={
            name: MESSAGES[name] for name in ("id", "time", "text", "author", "source", "thread")
        },
    ).match_to_schema(MESSAGES, missing_columns="insert")


def said(messages, words, parts=4):
    hits = messages["text"].str.to_lowercase().str.contains(words).to_numpy()
    return [float(part.mean()) for part in np.array_split(hits, parts)]


def test_thinning_makes_a_share_follow_the_curve():
    curve = Curve(Shape.OUT, 4)
    planted, theme = plant_trend(corpus(), "fax machine", curve=curve, rng=np.random.default_rng(1))
    expected = [0.5 * curve.at(np.linspace(a, a + 0.25, 50)).mean() for a in (0, 0.25, 0.5, 0.75)]
    assert said(planted, "fax machine") == pytest.approx(expected, abs=0.035)
    assert theme.messages == planted["text"].str.contains("Fax Machine").sum()
    assert (theme.shape, theme.ratio, theme.forms) == (Shape.OUT, 4, {"und": ("fax machine",)})


def test_thinning_takes_the_phrase_out_and_nothing_else():
    planted, _ = plant_trend(
        corpus(), "fax machine", curve=Curve(Shape.OUT, 1e6), rng=np.random.default_rng(1)
    )
    assert planted["text"][-2].split() == ["we", "like", "the", "a", "lot"]
    assert planted.drop("text").equals(corpus().drop("text"))


def test_a_phrase_is_thinned_as_a_phrase_and_not_inside_a_word():
    messages = corpus(10).with_columns(text=pl.lit("a faxing fax (c++)"))
    for words, left in (("fax", "a faxing  (c++)"), ("(c++)", "a faxing fax  ")):
        planted, _ = plant_trend(
            messages, words, curve=Curve(Shape.IN, 1e12, (0.99,)), rng=np.random.default_rng(0)
        )
        assert planted["text"][0].split() == left.split()


def test_adding_makes_a_share_follow_the_curve():
    planted, theme = plant_trend(
        corpus(), "carbon tax", curve=Curve(Shape.IN, 5), share=0.4, rng=np.random.default_rng(1)
    )
    shares = said(planted, "carbon tax", parts=10)
    assert shares[-1] == pytest.approx(0.37, abs=0.05)
    assert shares[-1] / shares[0] == pytest.approx(5**0.9, rel=0.5)
    assert planted["text"].str.contains("Carbon tax.", literal=True).sum() == theme.messages


@pytest.mark.parametrize("together", ["author", "thread"])
def test_what_is_kept_together_is_thinned_together(together):
    messages = corpus().with_columns(text=pl.lit("fax"))
    planted, _ = plant_trend(
        messages, "fax", curve=Curve(Shape.IN, 8), together=together, rng=np.random.default_rng(1)
    )
    groups = (
        planted.drop_nulls(together)
        .group_by(together, pl.col("time").dt.strftime("%Y%m"))
        .agg(pl.col("text").str.contains("fax").mean().alias("kept"), pl.len())
    )
    mixed = groups.filter(pl.col("kept").is_between(0.01, 0.99), pl.col("len") > 1)
    assert len(mixed) < 0.1 * len(groups)  # within a month the curve itself moves a little


def test_the_turns_are_days_of_the_span():
    _, theme = plant_trend(
        corpus(1_462), "fax machine", curve=Curve(Shape.PEAKED_OUT, 4), rng=np.random.default_rng(1)
    )
    assert theme.turns == (dt.date(2020, 7, 1),)


def test_a_successor_takes_the_place_of_what_falls():
    planted, (earlier, later) = plant_succession(
        corpus(), "fax machine", into="portal", rng=np.random.default_rng(1)
    )
    one, other = said(planted, "fax machine"), said(planted, "portal")
    assert np.add(one, other) == pytest.approx([0.5] * 4)
    assert one == sorted(one, reverse=True)
    assert (earlier.shape, later.shape) == (Shape.OUT, Shape.IN)
    assert earlier.messages + later.messages == 3_000
    assert planted.drop("text").equals(corpus().drop("text"))


def test_a_forgotten_theme_has_no_successor():
    planted, themes = plant_succession(corpus(), "fax machine", into=None, rng=np.random.default_rng(1))
    assert [theme.name for theme in themes] == ["fax machine"]
    assert said(planted, "fax machine")[-1] < 0.2
    assert planted["text"][-2].split() in (
        ["we", "like", "the", "a", "lot"],
        ["we", "like", "the", "Fax", "Machine", "a", "lot"],
    )


def test_only_a_share_is_carried_over_and_only_some_people_turn():
    rng = np.random.default_rng
    _, (_, later) = plant_succession(corpus(), "fax machine", into="portal", rng=rng(1), carried=0.5)
    _, (_, all_of_it) = plant_succession(corpus(), "fax machine", into="portal", rng=rng(1))
    assert later.messages == pytest.approx(all_of_it.messages / 2, rel=0.1)
    newcomers, (_, theirs) = plant_succession(corpus(), "fax machine", into="portal", rng=rng(1), turning=0.0)
    taken_up = set(newcomers.filter(pl.col("text").str.contains("portal"))["author"].drop_nulls())
    said_before = set(newcomers.filter(pl.col("text").str.contains("(?i)fax"))["author"].drop_nulls())
    assert theirs.messages < all_of_it.messages
    assert not taken_up & said_before


def test_a_successor_may_come_in_elsewhere_too_and_be_told_of():
    planted, (_, later) = plant_succession(
        corpus(), "fax machine", into="portal", rng=np.random.default_rng(1), elsewhere="nothing", borrowed=1.0,
        telling=0.3,
    )  # fmt: skip
    assert planted["text"].str.contains("portal to say").any()
    told = planted["text"].str.contains("We moved from fax machine to portal.", literal=True).sum()
    assert told == pytest.approx(0.3 * later.messages, rel=0.1)


def test_a_loud_author_is_one_person_late_in_the_span():
    messages, trap = plant_loud_author(corpus(), "kite", rng=np.random.default_rng(1), after=0.5)
    loud = messages.filter(pl.col("text").str.contains("kite."))
    assert trap.kind == "loud author"
    assert loud["author"].n_unique() == 1
    assert len(loud) > 30
    assert loud["time"].min() > messages["time"][len(messages) // 2 - 2]


def test_an_event_is_one_conversation_of_many():
    rows = pl.col("text").str.starts_with("nothing")
    messages, trap = plant_event(
        corpus(), "flood", rng=np.random.default_rng(1), rows=rows, sentence="The {}!", people=30
    )
    event = messages.filter(pl.col("text").str.ends_with("The flood!"))
    assert trap.kind == "one conversation"
    assert (len(event), event["thread"].n_unique()) == (30, 1)
    assert event["text"].str.starts_with("nothing").all()
    assert messages["time"].equals(corpus()["time"])


def test_nothing_can_be_laid_where_nothing_is():
    rng, empty = np.random.default_rng(0), corpus(10).clear()
    with pytest.raises(SettingsError, match="without messages"):
        plant_trend(empty, "x", curve=Curve(Shape.IN, 2), rng=rng)
    with pytest.raises(SettingsError, match="nobody is known"):
        plant_loud_author(corpus(10).with_columns(author=pl.lit(None, pl.String)), "x", rng=rng)
    with pytest.raises(SettingsError, match="late enough"):
        plant_event(corpus(10), "x", rng=rng, rows=pl.lit(value=False))


@pytest.mark.parametrize("level", LEVELS)
def test_a_null_keeps_the_times_as_a_whole_and_everything_else_in_place(level):
    before, after = corpus(), shuffle_time(corpus(), level=level, rng=np.random.default_rng(1))
    assert after["time"].sort().equals(before["time"].sort())
    assert after.drop("time").equals(before.drop("time"))
    assert (after["time"] != before["time"]).mean() > 0.9


@pytest.mark.parametrize("level", LEVELS)
def test_a_null_leaves_nothing_of_a_trend(level):
    planted, _ = plant_trend(
        corpus(), "fax machine", curve=Curve(Shape.OUT, 50), rng=np.random.default_rng(1)
    )
    shares = said(
        shuffle_time(planted, level=level, rng=np.random.default_rng(2)).sort("time"), "fax machine", parts=2
    )
    assert shares[0] == pytest.approx(shares[1], abs=0.06)


@pytest.mark.parametrize(("level", "column"), [("author", "author"), ("thread", "thread")])
def test_a_block_stays_in_one_piece_and_in_its_own_order(level, column):
    after = shuffle_time(corpus(), level=level, rng=np.random.default_rng(1))
    in_time = after.sort("time").drop_nulls(column)
    pieces = in_time[column].rle().len()
    assert pieces <= 1.9 * in_time[column].n_unique()  # those of nobody may come in between
    for _, block in after.group_by(column):
        if block[column][0] is not None:
            assert block["time"].is_sorted()


def test_rotation_keeps_the_rhythm_of_an_author():
    before, after = corpus(), shuffle_time(corpus(), level="author_rotation", rng=np.random.default_rng(1))
    gaps = [
        frame.filter(pl.col("author") == "a7")["time"].sort().diff().drop_nulls().median()
        for frame in (before, after)
    ]
    assert gaps[1].total_seconds() == pytest.approx(gaps[0].total_seconds(), rel=0.15)


def test_a_shuffle_is_drawn_from_the_chance_passed_in():
    one, same, other = (
        shuffle_time(corpus(), level="author", rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert one.equals(same)
    assert not one.equals(other)


def test_an_unknown_level_is_refused_and_an_empty_corpus_stays_empty():
    with pytest.raises(SettingsError, match="not 'person'"):
        shuffle_time(corpus(10), level="person", rng=np.random.default_rng(0))
    for level in LEVELS:
        assert shuffle_time(corpus(10).clear(), level=level, rng=np.random.default_rng(0)).is_empty()
