"""Families of words: the shipped list, and somebody's own."""

from collections import Counter

import pytest

from estran.errors import SettingsError
from estran.text.edits import Accept, Merge, Reject, about_families
from estran.text.families import Family, families, grown, parse
from estran.text.numbers import both_numbers

OWN = """
[trust]
fr = "Confiance"
en = "Trust"
[trust.words]
fr = ["confiance", "droit à l'erreur"]
en = ["trust"]
"""


def test_the_shipped_list_is_whole_in_both_languages():
    shipped = families()
    assert len(shipped) == 11
    assert all(
        {code for code, _ in f.labels} == {"fr", "en"} == {code for code, _ in f.words} for f in shipped
    )
    assert min(Counter(code for code, _ in f.words).most_common()[-1][1] for f in shipped) >= 30


def test_no_form_of_the_shipped_list_belongs_to_two_families():
    owners = Counter((code, form) for family in families() for code, form in set(family.forms))
    assert [form for form, n in owners.items() if n > 1] == []


def test_a_list_of_ones_own_has_its_names_and_its_words_as_they_are_counted():
    (family,) = parse(OWN)
    assert family == Family(
        "trust",
        (("fr", "Confiance"), ("en", "Trust")),
        (("fr", "confiance"), ("fr", "droit à l' erreur"), ("en", "trust")),
    )
    assert (family.label("en"), family.label("de")) == ("Trust", "Confiance")
    assert set(both_numbers("confiance", "fr")) <= {form for _, form in family.forms}


def test_a_hand_gives_a_family_a_word_and_takes_one_out():
    edits = [
        Accept("family-trust", "fr:bonne foi"),
        Reject("family-trust", "en:trust"),
        Accept("family-other", "x"),
        Merge("a", ("b",)),
    ]
    (family,) = grown(parse(OWN), edits)
    assert family.words == (("fr", "confiance"), ("fr", "droit à l' erreur"), ("fr", "bonne foi"))


def test_the_last_word_of_a_hand_counts_in_every_language_that_it_does_not_tell():
    edits = [Reject("family-trust", "crédit"), Accept("family-trust", "crédit")]
    assert grown(parse(OWN), edits)[0].words[-2:] == (("fr", "crédit"), ("en", "crédit"))


def test_what_is_said_of_families_is_told_from_what_is_said_of_themes():
    assert [
        about_families(e) for e in (Accept("family-a", "b"), Accept("a", "b"), Merge("family-a", ("b",)))
    ] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no family"),
        ("[a", "not valid TOML"),
        ("a = 1", "is no family"),
        ('[A]\nfr="x"\n[A.words]\nfr=["y"]', "is no family"),
        ('[a.words]\nfr = ["y"]', "needs its names by language"),
        ('[a]\nfr = "x"\ncolour = "red"\n[a.words]\nfr = ["y"]', "and nothing else"),
        ('[a]\nfr = "x"', "needs words by language"),
        ('[a]\nfr = "x"\n[a.words]\nfr = "y"', "must be a list of texts"),
        ('[a]\nfr = "x"\n[a.words]\nfr = ["a, b"]', "is not one phrase"),
        (
            '[a]\nfr="x"\n[a.words]\nfr=["y"]\n[b]\nfr="x"\n[b.words]\nfr=["Y"]',
            "'y' stands in [a] and in [b]",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_with_what_to_do(text, said):
    with pytest.raises(SettingsError) as error:
        parse(text)
    assert said in str(error.value)


def test_a_file_that_cannot_be_read_is_said_in_words(tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        families(tmp_path / "families.toml")
    (tmp_path / "latin.toml").write_bytes(b'[a]\nfr = "\xe9"')
    with pytest.raises(SettingsError, match="UTF-8"):
        families(tmp_path / "latin.toml")
