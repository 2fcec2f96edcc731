"""A name becomes a keyed pseudonym, one for each person and each key."""

import hashlib
import re
import unicodedata

import polars as pl
import pytest

from estran.errors import SettingsError
from estran.privacy import new_key, pseudonym

KEY = bytes(range(32))


def test_a_pseudonym_is_keyed_blake2b_of_sixteen_bytes():
    expected = hashlib.blake2b("zoé martin".encode(), key=KEY, digest_size=16).hexdigest()
    assert pseudonym(KEY)(pl.Series(["Zoé Martin"])).to_list() == [expected]


def test_spellings_of_one_name_are_one_person():
    names = ["Zoé", " zoé ", "ZOÉ", unicodedata.normalize("NFD", "Zoé"), "\tZoé\n"]
    assert pseudonym(KEY)(pl.Series(names)).n_unique() == 1


def test_two_people_are_two_pseudonyms_and_two_keys_are_two_worlds():
    names = pl.Series(["anna", "bob"])
    here, there = pseudonym(KEY)(names), pseudonym(new_key())(names)
    assert len({*here, *there}) == 4


def test_nobody_stays_nobody():
    assert pseudonym(KEY)(pl.Series([None, "", "  ", "anna"])).is_null().to_list() == [
        True,
        True,
        True,
        False,
    ]
    assert pseudonym(KEY)(pl.Series([], dtype=pl.String)).to_list() == []
    assert pseudonym(KEY)(pl.Series([None], dtype=pl.Null)).to_list() == [None]


def test_the_name_does_not_appear_in_the_pseudonyms_of_a_column_that_holds_it():
    names = pl.Series("author", ["Anna Durand", "Bob", "Anna Durand"])
    made = pseudonym(KEY)(names)
    assert made.name == "author"
    assert made[0] == made[2]
    assert all(re.fullmatch("[0-9a-f]{32}", p) for p in made)


def test_numbers_as_names_are_names():
    assert pseudonym(KEY)(pl.Series([12, 12, 13])).n_unique() == 2


def test_a_key_is_thirty_two_bytes_of_chance():
    assert len(new_key()) == 32
    assert new_key() != new_key()


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 65])
def test_a_key_that_is_too_short_or_too_long_is_refused(key):
    with pytest.raises(SettingsError, match=f"this one has {len(key)}"):
        pseudonym(key)
