"""A person who is to be forgotten is found where others name them, and nobody else is."""

import unicodedata

import polars as pl
import pytest

from estran.model import MASKS
from estran.privacy import mentions
from estran.privacy.named import MASK


def masked(name, *texts):
    return mentions(name).masked(pl.Series(texts, dtype=pl.String)).to_list()


@pytest.mark.parametrize(
    "written",
    ["Zoé Martin", "zoe martin", "ZOÉ MARTIN", "Zoe\N{NO-BREAK SPACE}Martin", "Zoé-Martin", "zoe.martin", "Zoé  Martin",
     unicodedata.normalize("NFD", "Zoé Martin")],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(written):
    assert masked("Zoé Martin", f"ask {written}, or {written}'s team") == [f"ask {MASK}, or {MASK}'s team"]


@pytest.mark.parametrize(
    ("name", "written"),
    [("Jean-Noël Boëly", "jean noel BOELY"), ("Sœur Lætitia", "SOEUR LAETITIA"), ("Soeur Laetitia", "sœur Lætitia"),
     ("Ørsted", "orsted"), ("Weiß", "WEISS"), ("O'Brien", "O’Brien"), ("Łukasz Żak", "Lukasz Zak"), ("Ирина", "ирина")],
)  # fmt: skip
def test_accents_ligatures_and_apostrophes_do_not_hide_a_name(name, written):
    assert masked(name, f"d'après {written}.") == [f"d'après {MASK}."]


def test_only_the_whole_name_is_masked():
    texts = (
        "Zoé is here",
        "Martin too",
        "Zoé Martinez",
        "Mazoé Martin",
        "Zoé and Martin",
        "user 12 and user 1",
        None,
    )
    assert masked("Zoé Martin", *texts) == list(texts)
    assert masked("user 1", *texts)[-2] == f"user 12 and {MASK}"


@pytest.mark.parametrize("name", ["", "12", "4211-7", "A", "--"])
def test_a_number_or_a_letter_is_no_name_to_look_for(name):
    assert mentions(name) is None


def test_masking_twice_changes_nothing():
    once = masked("Zoé Martin", "for Zoé Martin")
    assert masked("Zoé Martin", *once) == once


def test_the_mask_is_one_of_those_that_no_phrase_runs_over():
    assert MASK in MASKS
