"""Each variant of a concept says why it is there."""

import pytest

from estran.model import Concept, Evidence
from estran.text.kinship import RULES, kin, why


def rules(language, *forms):
    found = why(Concept(forms[0], tuple((language, form) for form in forms), 1.0))
    return [each.rule for each in found]


@pytest.mark.parametrize(
    ("language", "forms", "rule"),
    [
        ("fr", ("télétravail", "teletravail"), "accent"),
        ("fr", ("télétravail", "télé-travail"), "spelling"),
        ("en", ("organization", "organisation"), "spelling"),
        ("en", ("chatbot", "chatbots"), "lemma"),
        ("fr", ("hackathon", "hackathons"), "ending"),
        ("fr", ("retour d' expérience", "retours d' expérience"), "lemma"),
        ("fr", ("retours de clients", "retours clients"), "link"),
        ("en", ("help desk", "helpdesk"), "joined"),
        ("en", ("help desk", "help-desks"), "joined"),
        ("en", ("asked", "asks"), "verb"),
    ],
)
def test_the_rule_that_joins_two_forms_is_told(language, forms, rule):
    assert rules(language, *forms) == ["commonest", rule]


def test_a_form_may_be_joined_through_another_of_the_concept():
    forms = ("teletravailleuse", "télétravailleur", "télétravailleuse")
    found = why(Concept(forms[0], tuple(("fr", form) for form in forms), 1.0))
    assert [each.rule for each in found] == ["commonest", "chain", "accent"]
    assert rules("fr", forms[2], forms[0], forms[1]) == ["commonest", "accent", "lemma"]


def test_what_is_written_alike_in_another_language_says_so():
    found = why(Concept("metaverse", (("en", "metaverse"), ("fr", "metaverse")), 1.0))
    assert found[1] == Evidence(("fr", "metaverse"), "written alike", "metaverse (en)")


def test_what_somebody_said_stands():
    told = Evidence(("en", "home office"), "by hand", "merge 3")
    found = why(Concept("remote work", (("en", "remote work"), ("en", "home office")), 1.0, why=(told,)))
    assert found[1] is told


def test_two_words_that_no_rule_joins_are_no_kin():
    assert kin("marche", "marché", "fr") is None
    assert kin("organe", "organisation", "fr") is None


def test_every_rule_has_a_name():
    assert len(set(RULES)) == len(RULES)
