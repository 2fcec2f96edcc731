"""Words that call people are told by where they stand, and cut."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.text.names import CALLS, _any_of, names, without

COLOURS = ("blue", "red", "green", "black", "white")


def called(*templates):
    """The names in messages written five times each, with another colour."""
    return names(pl.Series([template.format(colour) for template in templates for colour in COLOURS]))


@pytest.mark.parametrize(
    "template",
    [
        "Hi Zorander,\nthe {} parcel is late",
        "Thanks Zorander!\nThe {} parcel is here",
        "Thanks a lot, Zorander. The {} parcel is here",
        "Bonjour Zorander,\nle colis {} est en retard",
        "Dear Prof Zorander,\nthe {} parcel is late",
        "The {} parcel is late\nBest regards,\nZorander",
        "Zorander Pimlico wrote:\n> the {} parcel",
        "I asked Dr. Zorander about the {} parcel",
        "As Zorander mentioned, the {} parcel is late",
        "On Mon 3 June, Zorander <zo at acme.org> about the {} parcel",
    ],
)
def test_who_is_called_or_signs_is_a_name(template):
    assert {"Zorander", "zorander"} <= called(template)


def test_initials_that_sign_are_names():
    assert called("The {} parcel is late\njc", "The {} parcel is lost\n--jc") == {"jc"}


def test_a_product_that_is_sometimes_greeted_is_no_name():
    assert (
        called("Hi Slicer,\n{}", "We like Slicer in {}", "The new Slicer is {}", "Is Slicer {}?")
        == frozenset()
    )


def test_a_word_of_the_dictionary_must_be_called_mostly():
    assert called("Hi Team,\nthe {} team", "The Team is {}", "A Team in {}") == frozenset()
    assert called("Hi Bill,\nthe {} bill") == {"Bill"}


def test_a_town_at_the_end_of_a_letter_is_no_name():
    assert called("The {} parcel is late\nLorient") == frozenset()


def test_words_beside_a_name_are_names_where_that_is_mostly_so():
    found = called(
        "Hi Zorander,\nthe {} parcel", "Ask Zorander Pimlico for {}", "Dear Mrs Pimlico,\nit is {}"
    )
    assert {"Zorander", "Pimlico"} <= found


def test_acronyms_and_politeness_are_no_names():
    assert called("Hi PM,\nit is {}", "Hi there,\nit is {}", "Thanks,\nRegards\nit is {}") == frozenset()


def test_names_are_cut_as_they_are_written_and_whole():
    texts = pl.Series(["Ask Bill about the bill", "Bill's plan, Billing", None, "Saint-Bill"])
    left, hit = without(texts, frozenset({"Bill"}))
    assert left.to_list() == ["Ask  |  about the bill", " |  plan, Billing", None, "Saint-Bill"]
    assert hit.to_list() == [True, True, False, False]


def test_no_name_no_change():
    texts = pl.Series(["a text"])
    assert names(texts) == frozenset()
    assert without(texts, frozenset())[0].to_list() == ["a text"]


HINTED = [(hint, place) for hint, places in CALLS.items() for place in places if hint]
PIECES = ("Hi", "dear", "Thanks", "a lot", "Merci", "Chère", "Ann", "Élodie Lee", "bob", " ", ",", "\n", "<a at acme.org>",
          "<a@b.org>", "10:12", "PM", "Mrs", "wrote", "a écrit", "said", ":", "-", "(x)")  # fmt: skip


@pytest.mark.parametrize(("hint", "place"), HINTED)
@settings(deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_every_text_that_calls_somebody_has_the_hint_of_the_place(hint, place, text):
    written = pl.Series([text])
    assert written.str.contains(hint).item() or not written.str.contains(place).item()


@settings(deadline=None)
@given(
    text=st.lists(
        st.sampled_from(["Ann", "Éa", "Ann’s", "’s", "'", "-", "s", "é", " ", "_", "⟦", "."]), max_size=6
    ).map("".join)
)
def test_a_name_is_cut_from_every_text_that_has_it_as_a_word(text):
    texts, some = pl.Series([text]), _any_of(["Ann", "Éa"])
    parted = rf"(^|[^\p{{L}}\p{{N}}’'-]){some.removeprefix(chr(92) + 'b')}"
    expected = texts.str.replace_all(parted, "${1} | ") if texts.str.contains(some).item() else texts
    assert without(texts, frozenset({"Ann", "Éa"}))[0].equals(expected)
