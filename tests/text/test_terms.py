"""Which phrases hold together, and which are fragments."""

import pytest
from counted import counts

from estran.text.concepts import find_concepts

FILLER = [("en", f"gadget{i} and widget{i}, sprocket{i}") for i in range(60)]


def themes(*said):
    """The labels of the themes of (language, text, times)."""
    messages = [*FILLER, *((language, text) for language, text, times in said for _ in range(times))]
    totals = {language: sum(lang == language for lang, _ in messages) for language, _ in messages}
    found = find_concepts(counts(messages), messages_total=totals)
    return {concept.label for concept in found if concept.kind == "theme"}


@pytest.mark.parametrize(
    ("language", "term", "ends"),
    [
        ("en", "click and collect", {"click", "collect"}),
        ("en", "payment by cheque", {"payment", "cheque"}),
        ("en", "terms and conditions", {"terms", "conditions"}),
        ("fr", "click and collect", {"click", "collect"}),
        ("fr", "bouche à oreille", {"bouche", "oreille"}),
        ("fr", "paiement sans contact", {"paiement", "contact"}),
    ],
)
def test_words_that_live_in_one_expression_are_that_expression(language, term, ends):
    found = themes((language, f"the {term}" if language == "en" else f"le {term}", 20))
    assert term in found
    assert found.isdisjoint(ends)


def test_an_end_that_lives_elsewhere_too_is_a_theme_of_its_own():
    found = themes(("en", "payment by cheque", 20), ("en", "contactless payment", 60))
    assert {"payment by cheque", "contactless payment"} <= found
    assert "cheque" not in found


def test_stop_words_between_words_that_only_met_make_no_term():
    found = themes(("en", "kayak and tent", 12), ("en", "the kayak", 40), ("en", "the tent", 40))
    assert "kayak and tent" not in found
    assert {"kayak", "tent"} <= found


def test_a_loose_link_needs_a_word_that_hardly_lives_without_it():
    elsewhere = [("en", "the slicer", 60), ("en", "a kernel", 60)]
    assert "kernel in slicer" not in themes(("en", "kernel in slicer", 12), *elsewhere)
    assert "call for papers" in themes(("en", "call for papers", 12), *elsewhere)


def test_a_close_link_needs_less():
    elsewhere = [("fr", "la programmation", 40), ("fr", "un langage", 40)]
    assert "langage de programmation" in themes(("fr", "langage de programmation", 12), *elsewhere)
    assert "vendeurs de quimper" not in themes(
        ("fr", "les vendeurs de quimper", 6), ("fr", "les vendeurs", 90), ("fr", "à quimper", 90)
    )


def test_a_general_word_at_one_end_of_a_link_makes_no_term():
    said = [
        ("fr", "possible au rayon", 8),
        ("fr", "cause du centre", 8),
        ("fr", "le rayon", 40),
        ("fr", "le centre", 40),
    ]
    assert themes(*said).isdisjoint({"possible au rayon", "cause du centre"})


def test_judgements_and_verbs_make_no_term():
    found = themes(
        ("fr", "vraie zone", 10), ("en", "staff canteen closes", 10), ("en", "valuable training", 10)
    )
    assert found.isdisjoint({"vraie zone", "staff canteen closes", "canteen closes", "valuable training"})
    assert "staff canteen" in found


def test_general_words_that_live_together_are_a_term():
    assert "second hand" in themes(("en", "second hand", 20), ("en", "the hand", 10))
    assert "seconde main" in themes(("fr", "la seconde main", 20))
    assert "second hand" not in themes(("en", "second hand", 8), ("en", "the hand", 90))


def test_a_word_hung_on_a_commoner_term_makes_no_new_one():
    found = themes(("en", "figures for generative ai", 8), ("en", "generative ai", 40))
    assert "generative ai" in found
    assert "figures for generative ai" not in found
    assert "réseau social d'entreprise" in themes(
        ("fr", "le réseau social d'entreprise", 10), ("fr", "un réseau social", 40)
    )


def test_a_phrase_that_cuts_a_term_in_two_is_nothing():
    found = themes(("en", "leather corner click and collect", 9), ("en", "click and collect", 40))
    assert "click and collect" in found
    assert found.isdisjoint({"corner click", "leather corner click"})
