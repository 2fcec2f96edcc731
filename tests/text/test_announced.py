"""What a plan announces."""

import pytest

from estran.model import Concept
from estran.text.announced import announced
from estran.text.numbers import both_numbers

CONCEPTS = (
    Concept(
        "transformation digitale", (("fr", "transformation digitale"), ("en", "digital transformation")), 3.0
    ),
    Concept("RSE", (("fr", "rse"), ("fr", "responsabilité sociétale")), 2.0),
    Concept("réseau", (("fr", "réseau"), ("fr", "réseaux")), 1.0),
    Concept("réseau social", (("fr", "réseau social"), ("fr", "réseaux sociaux")), 2.0),
    Concept("kubernetes", (("en", "kubernetes"),), 2.0),
    Concept("explorer", (("fr", "explorer"),), 1.0, kind="style"),
    Concept("pain", (("en", "pain"),), 1.0),
)


def named(*lines):
    return [(a.label, a.concept, a.lines) for a in announced(lines, CONCEPTS)]


def concepts(*lines):
    return [a.concept for a in announced(lines, CONCEPTS) if a.concept is not None]


def test_a_concept_is_named_by_any_of_its_variants_in_either_language():
    assert concepts(
        "La transformation digitale de nos métiers au quotidien", "Our responsabilité sociétale"
    ) == [0, 1]
    assert concepts("The digital transformation of our business is on its way") == [0]


def test_the_longest_form_wins():
    assert concepts("Les réseaux sociaux dans l'entreprise") == [3]


def test_a_word_of_another_language_is_read_where_its_own_leaves_it_unread():
    assert concepts("Déployer Kubernetes dans nos équipes informatiques") == [4]


def test_words_of_register_are_not_announced():
    assert announced(["Nous voulons explorer et partager avec tous"], CONCEPTS) == ()


def test_words_that_nobody_said_are_announced_as_phrases():
    assert ("excellence opérationnelle", None, (0,)) in named("Notre ambition : l'excellence opérationnelle")


def test_a_term_with_a_word_beside_it_is_the_term():
    assert named("Transformation digitale durable") == [("transformation digitale", 0, (0,))]


def test_a_phrase_is_counted_in_both_numbers_and_told_once():
    told = announced(
        ["Jumeaux numériques", "Un jumeau numérique pour chaque usine de notre groupe"], CONCEPTS
    )
    phrase = next(a for a in told if a.label == "jumeaux numériques")
    assert phrase.lines == (0, 1)
    assert ("fr", "jumeau numérique") in phrase.forms


def test_a_name_with_the_and_of_another_language_is_one_phrase():
    assert ("click and collect", None, (0,)) in named(
        "Notre priorité reste le click and collect dans nos boutiques"
    )


def test_a_sentence_is_no_phrase():
    assert announced(["mot chat chien vache cheval mouton"], CONCEPTS) == ()


def test_nothing_is_announced_to_a_corpus_without_themes():
    assert announced(["Transformation digitale"], ()) == ()


@pytest.mark.parametrize(
    ("form", "language", "other"),
    [
        ("outil de travail", "fr", "outils de travail"),
        ("réseaux sociaux", "fr", "réseau social"),
        ("enjeu social", "fr", "enjeux sociaux"),
        ("city", "en", "cities"),
        ("boxes", "en", "box"),
        ("process", "en", "processes"),
        ("churches", "en", "church"),
        ("analysis", "en", "analysis"),
        ("noticias", "es", "noticias"),
        ("magasins", "fr", "magasin"),
        ("salariés", "fr", "salarié"),
        ("parcours", "fr", "parcours"),
    ],
)
def test_singular_and_plural_are_known_without_a_corpus(form, language, other):
    assert other in both_numbers(form, language)
