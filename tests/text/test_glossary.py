"""The glossary says which terms are one, whatever their inflection, and of no other terms anything."""

import pytest

from estran.text.bridge import which_say_the_same
from estran.text.glossary import entries, key, listed
from estran.text.opposites import opposed


def test_places_are_those_of_both_lists_in_order():
    french = ["rapport annuel", "notes de frais", "pare-feux"]
    english = ["firewall", "expense report", "expense claims"]
    assert listed(french, english, ("fr", "en")).tolist() == [[1, 1], [1, 2], [2, 0]]
    assert listed(english, french, ("en", "fr")).tolist() == [[0, 2], [1, 1], [2, 1]]


@pytest.mark.parametrize(
    ("languages", "phrases"),
    [
        (("fr", "en"), (["note"], ["expense report"])),
        (("fr", "en"), (["politique des notes de frais"], ["expense report"])),
        (("de", "en"), (["note de frais"], ["expense report"])),
        (("fr", "fr"), (["note de frais"], ["note de frais"])),
        (("fr", "en"), ([], [])),
    ],
)
def test_of_what_it_does_not_have_it_says_nothing(languages, phrases):
    assert listed(*phrases, languages).shape == (0, 2)


def test_inflections_hyphens_capitals_and_british_spelling_are_one_key():
    assert key("Centres d'appels", "fr") == key("centre d’appel", "fr")
    assert key("call centres", "en") == key("call center", "en")


def test_it_has_more_than_a_thousand_terms_and_each_has_a_name():
    assert len(entries()) > 1_000
    assert all(term and names and all(names) for term, names in entries().items())


def test_terms_with_one_english_name_are_not_opposites_of_one_another():
    of: dict[str, list[str]] = {}
    for term, names in entries().items():
        for name in names:
            of.setdefault(name, []).append(term)
    apart = [
        (one, other)
        for terms in of.values()
        for one in terms
        for other in terms
        if opposed(one, other, ("fr", "fr"))
    ]
    assert apart == []


def test_another_glossary_may_be_given(universal):
    own = {key("bidule", "fr"): frozenset({key("thingamajig", "en")})}
    (link,) = which_say_the_same(("bidule", "thingamajig"), ("fr", "en"), universal, glossary=own)
    assert link.listed
