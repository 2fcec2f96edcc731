"""What each unit says more or less than the rest: found where it was planted, nowhere else, and never of too few people."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import lay, prepare
from estran.analysis.ground import lay_ground
from estran.analysis.organisation import differences, organisation
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.unitrows import BESIDE, ELSEWHERE, beside, speaking, strata, units_at
from estran.analysis.units import Units, tree_of
from estran.errors import NotEnoughError
from estran.settings import Settings
from estran.simulate import company
from estran.sources.orgtables import Change
from estran.store.engines.threads import ThreadEngine
from estran.store.held import hold

PLANTED = "badge reader"


def ground_of(messages, *, units=None, top=8):
    settings = Settings(top=top)
    corpus = prepare(messages) if units is None else lay(hold(messages), units=units)
    return lay_ground(corpus, Origin(messages.height), ThreadEngine(), settings, progress=Silent())


def dealt(messages, rng, names=("sales", "hr", "it/desk", "it/net")):
    """The messages of people who were dealt out to units at random."""
    authors = messages["author"].unique(maintain_order=True).drop_nulls()
    unit = pl.Series(np.array(names)[rng.integers(0, len(names), len(authors))])
    return messages.with_columns(unit=pl.col("author").replace_strict(authors, unit, default=None))


def planted(messages, rng, *, unit="sales", share=0.5):
    """The same, where some of the people of a unit say more of one thing."""
    authors = messages.filter(pl.col("unit") == unit)["author"].unique(maintain_order=True)
    chosen = authors.filter(pl.Series(rng.random(len(authors)) < share))
    others = messages["author"].unique(maintain_order=True).drop_nulls()
    chosen = pl.concat([chosen, others.filter(pl.Series(rng.random(len(others)) < 0.05))]).unique()
    first = pl.col("id").is_first_distinct().over("author")
    says = pl.col("author").is_in(chosen.implode()) & (pl.int_range(pl.len()).over("author") == 0) & first
    return messages.with_columns(
        text=pl.when(says).then(pl.col("text") + f" and the {PLANTED} is broken").otherwise(pl.col("text"))
    )


@pytest.fixture(scope="module")
def talk():
    """What a company says inside, in one language; nothing differs by unit."""
    said = company(seed=5, messages=6_000, years=3, languages=("en",), traps=False).messages
    return said.filter(pl.col("side") == "inside")


@pytest.fixture(scope="module")
def found(talk):
    rng = np.random.default_rng(2)
    return organisation(ground_of(planted(dealt(talk, rng), rng)))


def test_units_dealt_out_at_random_do_not_differ(talk):
    ground = ground_of(dealt(talk, np.random.default_rng(1)))
    tree = tree_of(ground.corpus.messages["unit"])
    for seed in range(5):
        authors = np.random.default_rng(seed).integers(0, 4, ground.corpus.people)
        shuffled = np.array(tree.children(""))[authors[ground.corpus.author] % len(tree.children(""))]
        told = differences(
            ground.corpus,
            ground.said,
            shuffled,
            np.array(tree.children("")),
            settings=Settings(),
            progress=Silent(),
        )
        assert int(told.found.sum()) == 0
        assert told.tested > 300


def test_what_was_planted_in_one_unit_is_found_there(found):
    card = found.themes[0]
    assert card.label == PLANTED
    by_unit = {share.unit: share for share in card.units}
    assert list(by_unit) == ["hr", "it", "sales"]
    assert by_unit["sales"].verdict == "more"
    assert by_unit["sales"].ratio.low > 2
    assert by_unit["sales"].ratio.q < 0.05
    assert by_unit["sales"].share.low < by_unit["sales"].share.value < by_unit["sales"].share.high


def test_curves_are_of_one_length_and_of_shares(found):
    for card in found.themes:
        for curve in (card.curve, *(unit.curve for unit in card.units if unit.share)):
            assert len(curve) == len(found.windows) == 6
            assert all(share is None or 0 <= share <= 1 for share in curve)


def test_units_below_one_are_compared_with_each_other(talk):
    rng = np.random.default_rng(3)
    ground = ground_of(planted(dealt(talk, rng), rng, unit="it/desk"))
    told = organisation(ground, unit="it")
    assert [unit.path for unit in told.units] == ["it/desk", "it/net"]
    verdicts = {share.unit: share.verdict for share in told.themes[0].units}
    assert (told.themes[0].label, verdicts) == (PLANTED, {"it/desk": "more", "it/net": "less"})
    with pytest.raises(NotEnoughError, match="no message comes from the unit nowhere"):
        organisation(ground, unit="nowhere")


def test_a_rename_is_no_difference_and_no_trend(talk):
    """Half of the span a unit has one name, half another: told apart they would seem two units of other years."""
    rng = np.random.default_rng(4)
    messages = dealt(talk, rng, names=("sales", "hr"))
    day = dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
    renamed = messages.with_columns(
        unit=pl.when((pl.col("unit") == "sales") & (pl.col("time") < day))
        .then(pl.lit("shops"))
        .otherwise("unit")
    )
    units = Units(changes=(Change(day.date(), "shops", "sales"),))
    one, same = organisation(ground_of(renamed, units=units)), organisation(ground_of(messages))
    assert (one.units, one.themes) == (same.units, same.themes)
    assert {unit.path for unit in organisation(ground_of(renamed)).units} == {"hr", "sales", "shops"}


def test_a_unit_of_four_is_withheld_with_the_next_smallest(talk):
    people = talk["author"].unique(maintain_order=True).drop_nulls()
    few, next_few = people[:4].implode(), people[4:24].implode()
    told = organisation(
        ground_of(
            talk.with_columns(
                unit=pl.when(pl.col("author").is_in(few))
                .then(pl.lit("few"))
                .when(pl.col("author").is_in(next_few))
                .then(pl.lit("next"))
                .when(pl.int_range(pl.len()) % 2 == 0)
                .then(pl.lit("one"))
                .otherwise(pl.lit("two"))
            )
        )
    )
    assert {unit.path: unit.people for unit in told.units if unit.people is None} == {
        "few": None,
        "next": None,
    }
    for card in told.themes:
        assert [(s.verdict, s.share, s.curve) for s in card.units[:2]] == [("withheld", None, ())] * 2


def test_no_figure_tells_of_one_to_four_people(found, talk):
    """First it is shown that there are such figures, then that none of them is."""
    rng = np.random.default_rng(2)
    ground = ground_of(planted(dealt(talk, rng), rng))
    tree, corpus = tree_of(ground.corpus.messages["unit"]), ground.corpus
    at = units_at(tree, 0)
    number = {concept.label: j for j, concept in enumerate(ground.said.concepts)}
    leaks = 0
    for card in found.themes:
        held = ground.said.message[ground.said.concept == number[card.label]]
        whole = len(np.unique(corpus.author[held[at[held] >= 0]]))
        for share in card.units:
            people = len(np.unique(corpus.author[held[at[held] == tree.paths.index(share.unit)]]))
            if 0 < people < 5 or 0 < whole - people < 5:
                leaks += 1
                assert (share.share, share.curve) == (None, ())
    assert 0 < leaks <= found.withheld


def test_without_units_nothing_is_compared(talk):
    told = organisation(ground_of(talk.with_columns(unit=pl.lit(None, pl.String))))
    assert (told.units, told.found, told.tested) == ((), 0, 0)
    assert all(card.units == () for card in told.themes)


def test_one_unit_has_nobody_beside_it(talk):
    told = organisation(ground_of(talk.with_columns(unit=pl.lit("sales"))))
    assert (told.found, told.tested) == (0, 0)
    assert [unit.compared for unit in told.units] == [0.0]


def test_languages_are_never_pooled_however_few_speak_one():
    language = np.array([0] * 40 + [1] * 5, np.int32)
    told = strata(np.full(45, 20.0), language, np.zeros(45, np.int64), messages=np.ones(45, np.int64))
    assert set(told[:40]).isdisjoint(told[40:])


def test_who_speaks_in_two_units_is_a_row_of_each(frame):
    messages = frame(
        [
            {"author": "a", "unit": "x", "text": "one two"}, {"author": "a", "unit": "y", "text": "one two"},
            {"author": "a", "unit": "y", "text": "three four"}, {"author": "b", "unit": "y", "text": "five six"},
            {"author": "c", "unit": None, "text": "seven eight"}, {"author": "c", "unit": "x/z", "text": "nine ten"},
        ]
    )  # fmt: skip
    ground = ground_of(
        messages.with_columns(
            text=pl.lit("the slow printer of the hall"),
            time=pl.col("time").dt.offset_by(pl.format("{}mo", pl.int_range(pl.len()))),
        )
    )
    tree = tree_of(ground.corpus.messages["unit"])
    at = units_at(tree, 0)
    assert [tree.paths[n] if n >= 0 else n for n in at] == ["x", "y", "y", "y", ELSEWHERE, "x"]
    assert (units_at(tree, tree.paths.index("x")) == BESIDE).sum() == 1
    told = beside(speaking(ground.corpus, ground.said, at), tree.paths.index("x"))
    assert sorted(told.inside.tolist()) == [False, False, True, True]


def test_the_rows_of_a_unit_are_those_that_are_counted_one_by_one(talk):
    rng = np.random.default_rng(8)
    ground = ground_of(dealt(talk, rng))
    corpus, said = ground.corpus, ground.said
    at = rng.integers(-2, 3, len(corpus.author))  # people speak in several units, and outside of the level
    told = beside(speaking(corpus, said, at), 1)
    persons = {(int(a), bool(u == 1)) for a, u in zip(corpus.author, at, strict=True) if u > ELSEWHERE}
    assert (len(told.inside), int(told.inside.sum())) == (len(persons), sum(own for _, own in persons))
    first = {}
    for message, theme in zip(said.message.tolist(), said.concept.tolist(), strict=True):
        if at[message] > ELSEWHERE:
            first.setdefault((theme, at[message] == 1, corpus.author[message]), corpus.conversation[message])
    uses = np.repeat(np.arange(told.presence.themes), told.presence.uses)
    sides = told.inside[told.presence.indices]
    counted = sorted((theme, bool(own), int(where)) for (theme, own, _), where in first.items())
    assert sorted(zip(uses.tolist(), sides.tolist(), told.where.tolist(), strict=True)) == counted
