"""What people inside say of culture and behaviour, and that nobody can be told from it."""

import json

import numpy as np
import polars as pl
import pytest
from talk import ground_of, talk

from estran.analysis.culture import culture
from estran.analysis.families import words_of
from estran.analysis.hands import Hands
from estran.analysis.origin import Origin
from estran.errors import NotEnoughError
from estran.findings import Shape
from estran.model import Concept
from estran.settings import Settings
from estran.text.edits import Accept, Reject
from estran.text.families import families, parse

TWO = parse("""
[health]
en = "Health"
fr = "Santé"
[health.words]
en = ["burnout", "sick leave", "exhausted"]
[praise]
en = "Recognition"
fr = "Reconnaissance"
[praise.words]
en = ["kudos", "thank the team"]
""")


def of(found, name):
    return next(family for family in found.families if family.name == name)


def sometimes(word, chance):
    """Says a word with a chance that may depend on who speaks, where and when."""

    def said(person, unit, month, rng):
        p = chance(person, unit, month) if callable(chance) else chance
        return word if rng.random() < p else ""

    return said


@pytest.fixture(scope="module")
def rising():
    """Burnout rises fourfold over two years, and is spoken of twice as often in the north."""

    def said(person, unit, month, rng):
        chance = (0.01 + 0.05 * month / 23) * (2.5 if unit == "north" else 1)
        words = [
            w
            for w, p in (("burnouts" if person % 2 else "sick leave", chance), ("kudos", 0.05))
            if rng.random() < p
        ]
        return " and ".join(words)

    return ground_of(talk(240, 24, said=said, seed=1))


@pytest.fixture(scope="module")
def told(rising):
    return culture(rising, TWO)


def test_a_family_that_rises_is_coming_in_and_one_that_holds_is_not(told):
    assert of(told, "health").movement.shape in {Shape.IN, Shape.EMERGING, Shape.ESTABLISHED}
    assert of(told, "health").movement.change.low > 1
    assert of(told, "praise").movement.change.q is None


def test_a_person_counts_once_however_many_words_of_a_family(rising, told):
    texts = rising.corpus.columns(["author", "text"])
    users = texts.filter(pl.col("text").str.contains("burnouts|sick leave"))["author"].n_unique()
    assert of(told, "health").movement.people == users


def test_a_family_is_called_in_both_languages_and_names_its_commonest_words(told):
    assert of(told, "health").movement.labels["fr"] == "Santé"
    assert set(of(told, "health").words) == {"burnout", "sick leave"}


def test_a_unit_that_says_more_than_the_others_is_told_and_the_others_are_not(told):
    answers = {cell.unit: cell.answer for cell in of(told, "health").units}
    assert answers["north"] == "more"
    assert "more" not in {answers[unit] for unit in ("south", "east", "west")}
    assert {cell.answer for cell in of(told, "praise").units} <= {"alike", "cannot be told"}


def test_units_hold_the_stated_rate_when_people_are_dealt_to_units_at_random(rising):
    # no unit differs: 20 deals of whole people to units, two families and four units each
    authors, rng, claims = rising.corpus.author, np.random.default_rng(5), 0
    for _ in range(20):
        deal = pl.Series(rng.permutation(np.arange(rising.corpus.people) % 4)[authors]).cast(pl.String)
        messages = rising.corpus.messages.with_columns(unit=deal)
        found = culture(_with(rising, messages=messages), TWO)
        claims += any(cell.answer in {"more", "less"} for family in found.families for cell in family.units)
    assert claims <= 4  # of 20 at 5 %: more than 4 has a chance of 1 in 400


def _with(ground, **changed):
    from dataclasses import replace

    return replace(ground, corpus=replace(ground.corpus, **changed))


def test_only_what_is_said_inside_counts():
    def said(person, _unit, _month, rng):
        return "burnout" if person % 2 and rng.random() < 0.5 else ("kudos" if rng.random() < 0.3 else "")

    found = culture(ground_of(talk(60, 6, said=said, side=lambda p: "outside" if p % 2 else "inside")), TWO)
    assert [family.name for family in found.families] == ["praise"]
    assert found.silent == (("health", {"en": "Health", "fr": "Santé"}),)
    assert (found.people, found.sides_known) == (30, True)
    assert found.coverage.removed["said outside"] == 180


def test_without_sides_everything_is_inside_and_that_is_known():
    found = culture(ground_of(talk(40, 6, said=sometimes("burnout", 0.3), side=lambda _: None)), TWO)
    assert (found.people, found.sides_known) == (40, False)


def test_the_parts_of_one_unit_are_shown_where_all_are_below_it():
    deep = ("sales/north/lyon", "sales/north/lille", "sales/south", "sales")
    found = culture(ground_of(talk(80, 6, said=sometimes("burnout", 0.3), units=deep)), TWO)
    assert (found.scope, found.units) == ("sales", {"sales/north": 40, "sales/south": 20})


def test_of_many_units_those_with_most_people_are_shown():
    units = tuple(f"u{n:02}" for n in range(45)) + ("big",) * 20
    found = culture(ground_of(talk(650, 2, said=sometimes("burnout", 0.3), units=units)), TWO)
    assert (len(found.units), found.more_units, "big" in found.units) == (40, 6, True)


# what could leak exists, and does not appear


def small_units(person, _unit, _month, rng):
    """In the west three people speak of it; in the south all but two do; elsewhere half."""
    where = ("north", "south", "east", "west")[person % 4]
    group = person // 4
    speaks = {"west": group < 3, "south": group >= 2, "north": group % 2, "east": group % 2}[where]
    return "burnout" if speaks and rng.random() < 0.8 else "kudos" if rng.random() < 0.4 else ""


def test_cells_of_too_few_people_and_what_would_tell_them_are_withheld():
    ground = ground_of(talk(80, 10, said=small_units, seed=3))
    said = ground.corpus.columns(["author", "text", "unit"]).filter(pl.col("text").str.contains("burnout"))
    users = dict(said.group_by("unit").agg(pl.col("author").n_unique()).iter_rows())
    assert users["west"] == 3  # what could leak
    assert users["south"] == 18  # two of twenty do not
    found = culture(ground, TWO)
    cells = {cell.unit: cell for cell in of(found, "health").units}
    assert cells["west"].answer == "withheld" == cells["south"].answer
    assert (cells["west"].share, cells["west"].rest, cells["west"].ratio, cells["west"].detectable) == (
        None,
    ) * 4
    shown = [cells[unit] for unit in ("north", "east") if cells[unit].answer != "withheld"]
    hidden = sum(users[unit] for unit in cells if cells[unit].answer == "withheld")
    assert hidden >= 5
    assert found.withheld >= 2
    assert len(shown) <= 2


def test_a_unit_of_four_people_has_no_figure_and_is_not_told_by_subtraction():
    units = ("north",) * 20 + ("south",) * 20 + ("attic",) * 4
    ground = ground_of(talk(44, 12, said=sometimes("burnout", 0.5), units=units))
    found = culture(ground, TWO)
    assert found.units["attic"] is None
    withheld = [unit for unit, people in found.units.items() if people is None]
    assert sum({"north": 20, "south": 20, "attic": 4}[unit] for unit in withheld) >= 9
    assert {cell.answer for cell in of(found, "health").units if cell.unit in withheld} == {"withheld"}


def test_neither_a_person_nor_words_of_a_unit_stand_in_the_finding():
    def said(person, unit, _month, rng):
        return (
            "burnout and the secret lighthouse"
            if unit == "attic" and rng.random() < 0.9
            else ("burnout" if rng.random() < 0.3 else "")
        )

    units = ("north",) * 20 + ("south",) * 20 + ("attic",) * 6
    ground = ground_of(talk(46, 12, said=said, units=units))
    texts = ground.corpus.columns(["text"])["text"]
    assert texts.str.contains("lighthouse").sum() > 20  # six people of one unit say it, again and again
    plain = json.dumps(culture(ground, TWO).to_dict())
    authors = ground.corpus.columns(["author"])["author"].unique().to_list()
    assert not any(author in plain for author in authors)
    assert all(
        "unit" not in quote
        for family in culture(ground, TWO).to_dict()["families"]
        for quote in family["movement"]["quotes"]
    )


# words, and who gives them


def test_a_word_of_a_family_brings_the_variants_of_its_theme_and_belongs_to_one_family_only():
    theme = Concept("burnout", (("en", "burnout"), ("en", "burn out"), ("en", "kudos")), 1.0)
    counted = {word.label: (set(word.variants), family) for word, family in words_of(TWO, [theme])}
    assert {("en", "burnout"), ("en", "burnouts"), ("en", "burn out")} <= counted["burnout"][0]
    assert ("en", "kudos") not in counted["burnout"][0]
    assert counted["kudos"] == ({("en", "kudos"), ("en", "kudoses")}, 1) or counted["kudos"][1] == 1


def test_a_hand_gives_a_family_a_word_and_it_counts():
    edits = (Accept("family-health", "en:printer"), Reject("family-praise", "en:kudos"))
    messages = talk(60, 6, said=sometimes("kudos", 0.3))
    ground = ground_of(messages, origin=Origin(messages.height, files=("talk",), hands=Hands(edits)))
    found = culture(ground, TWO)
    assert [family.name for family in found.families] == ["health"]
    assert found.families[0].words == ("printer",)


def test_themes_near_to_a_family_are_asked_about_until_somebody_answers():
    messages = talk(
        60, 6, said=lambda *a: " ".join(w for w in ("training", "burnout") if a[-1].random() < 0.4)
    )
    encoding = Settings(threads=1)
    asked = culture(ground_of(messages, settings=encoding), families()).grows
    assert ("family-learning+en:training", "learning") in {(g.key, g.family) for g in asked}
    assert all(g.people >= 10 for g in asked)
    no = Origin(messages.height, hands=Hands((Reject("family-learning", "en:training"),)))
    again = culture(ground_of(messages, settings=encoding, origin=no), families()).grows
    assert "family-learning+en:training" not in {g.key for g in again}


# bad input


def test_nothing_said_inside_is_told_in_words():
    messages = talk(40, 4, said=sometimes("burnout", 0.3), side=lambda _: "outside")
    with pytest.raises(NotEnoughError, match="nothing is said inside"):
        culture(ground_of(messages), TWO)


def test_three_people_inside_are_too_few():
    messages = talk(40, 4, said=sometimes("burnout", 0.3), side=lambda p: "inside" if p < 3 else "outside")
    with pytest.raises(NotEnoughError, match="fewer than 5 people speak inside"):
        culture(ground_of(messages), TWO)


def test_words_that_nobody_says_are_told_in_words():
    with pytest.raises(NotEnoughError, match="of no family of words do 5 people speak"):
        culture(
            ground_of(talk(40, 4, said=sometimes("", 0))), parse('[a]\nfr="A"\n[a.words]\nfr=["licorne"]')
        )


def test_the_shipped_list_is_asked_of_a_corpus_without_units():
    found = culture(ground_of(talk(60, 6, said=sometimes("burnout", 0.4), units=None)), families())
    assert found.families[0].name == "wellbeing"
    assert (found.units, found.families[0].units) == ({}, ())
