"""What each language's pack promises to the counting and to the themes."""

import pytest

from estran.text import packs

FRENCH, ENGLISH = packs.load("fr"), packs.load("en")


@pytest.mark.parametrize("pack", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_words_are_written_as_the_counting_kernel_writes_them(pack):
    words = (
        pack.stop_words | pack.verbs | pack.nouns | pack.style | pack.dates | pack.calendar | pack.numbered
    )
    assert {word for word in words if word != word.lower() or "’" in word or " " in word} == set()


@pytest.mark.parametrize("pack", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_register_is_substantial(pack):
    assert len(pack.style) >= 1_500
    assert len(pack.verbs) >= 700


@pytest.mark.parametrize("pack", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_links_are_stop_words(pack):
    links = pack.links | pack.loose_links | pack.fixed_links
    assert {word for sequence in links for word in sequence} <= pack.stop_words


def test_politeness_and_numerals_are_stop_words():
    assert {"bonjour", "merci", "cordialement", "deux", "l'", "qu'"} <= FRENCH.stop_words
    assert {"hi", "thanks", "regards", "two", "can't"} <= ENGLISH.stop_words


def test_content_words_are_no_stop_words():
    assert not {"work", "new", "business", "customer", "ai"} & ENGLISH.stop_words
    assert not {"travail", "entreprise", "client", "mise", "manager", "ia"} & FRENCH.stop_words


def test_words_of_talks_are_style():
    assert {
        "explore",
        "journey",
        "leverage",
        "takeaways",
        "discover",
        "session",
        "simple",
        "good",
    } <= ENGLISH.style
    assert {"découvrez", "venez", "permet"} <= FRENCH.style


def test_what_a_company_or_a_craft_speaks_of_is_no_style():
    real = {"agile", "lean", "docker", "rust", "web", "data", "cloud", "security", "privacy", "training", "returns", "delivery",
            "remote", "strike", "hackathon", "onboarding", "payment", "image", "script", "workload", "stress"}  # fmt: skip
    assert real.isdisjoint(ENGLISH.style)
    vrais = {"formation", "livraison", "retours", "télétravail", "grève", "sécurité", "données", "agilité", "salaire", "fidélité", "paiement", "logiciel", "intelligence", "recrutement", "environnement"}  # fmt: skip
    assert vrais.isdisjoint(FRENCH.style)


def test_general_words_are_style():
    assert {"impact", "importance", "understanding", "share", "critical", "build", "accessible", "workflow", "context",
            "specifically", "reliable", "accurate", "request"} <= ENGLISH.style  # fmt: skip
    assert {
        "importance",
        "impact",
        "véritable",
        "spécifiquement",
        "pertinent",
        "enjeu",
        "fiable",
    } <= FRENCH.style


def test_a_pack_is_read_once():
    assert packs.load("fr") is FRENCH


def test_a_language_without_a_pack_has_its_commonest_words():
    spanish = packs.load("es")
    assert {"que", "de", "la"} <= spanish.stop_words
    assert spanish.links == frozenset()


def test_an_unknown_language_has_no_words_at_all():
    assert packs.load("?") == packs.Pack("?", frozenset())


@pytest.mark.parametrize("pack", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_judgements_are_many_and_none_is_both_praise_and_blame(pack):
    assert min(len(pack.praise), len(pack.blame)) >= 150
    assert not pack.praise & pack.blame
    assert not (pack.praise | pack.blame) & pack.negations


def test_distance_is_held_in_both_languages():
    assert {"so-called", "buzzword*", "hype"} <= set(ENGLISH.distance)
    assert {"soi-disant", "à toutes les sauces", "mot-valise"} <= set(FRENCH.distance)
