"""An acronym and its words are read where somebody spells one out, and nothing else in parentheses is."""

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.text.acronyms import definitions, stands_for

LISTED = tomllib.loads(Path(__file__).with_name("acronyms.toml").read_text(encoding="utf-8"))["definitions"]
ROWS = [tuple(part.strip() for part in line.split("|")) for line in LISTED.strip().splitlines()]


def read(text, language):
    return set(definitions(pl.Series([text]), language).select("short", "long").iter_rows())


@pytest.mark.parametrize(("language", "text", "listed"), ROWS)
def test_what_is_defined_is_read_and_nothing_else(language, text, listed):
    pairs = (pair.lower().split(" = ") for pair in listed.split(" ; ") if pair)
    assert read(text, language) == {(short, long) for short, long in pairs}


def test_both_languages_have_their_definitions_and_their_traps():
    told = [(language, bool(listed)) for language, _, listed in ROWS]
    assert min(told.count((language, True)) for language in ("fr", "en")) >= 16
    assert min(told.count((language, False)) for language in ("fr", "en")) >= 12


def test_one_word_in_four_may_be_silent_and_the_last_one_may_not():
    rail = ["société", "nationale", "des", "chemins", "de", "fer", "français"]
    assert stands_for("sncf", rail, "fr")
    assert not stands_for("sncf", [*rail, "réunis"], "fr")
    assert not stands_for("crm", ["customer", "relationship", "management", "software"], "en")
    assert not stands_for("cm", ["customer", "relationship", "management"], "en")


def test_a_message_tells_the_same_once():
    said = "The service level agreement (SLA) and that service level agreement (SLA)."
    assert definitions(pl.Series(["", None, said]), "en").rows() == [(2, "sla", "service level agreement")]


@given(
    st.lists(st.sampled_from(["market", "share", "growth", "index", "fund", "price"]), min_size=2, max_size=6)
)
def test_the_first_letters_of_words_stand_for_them(words):
    letters = "".join(word[0] for word in words)
    assert stands_for(letters, words, "en")
    assert read(f"We look at the {' '.join(words)} ({letters.upper()}).", "en") <= {
        (letters, " ".join(words[-n:])) for n in range(2, 7)
    }
