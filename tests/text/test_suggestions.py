"""What may be one theme is asked, not done; and what was answered is not asked again."""

from estran.model import Concept
from estran.text.edits import Accept, Reject, rejected
from estran.text.suggestions import MOST, suggestions


def concept(form, *, language="fr", uses=9, kind="theme"):
    return Concept(form, ((language, form),), 1.0, kind=kind, uses=(uses,))


RSE = concept("rse")
NETWORK = concept("réseau social d' entreprise", uses=30)


def pairs(*concepts, answered=()):
    return [(s.kind, s.label, s.other_label) for s in suggestions(concepts, answered=answered)]


def test_an_acronym_and_its_words_may_be_one():
    assert pairs(RSE, NETWORK, concept("retour sur investissement")) == [
        ("acronym", "réseau social d' entreprise", "rse")
    ]


def test_of_several_phrases_that_an_acronym_may_stand_for_the_most_used_is_asked():
    found = pairs(concept("vm"), concept("vente masquée"), concept("vitre mouillée", uses=20))
    assert found == [("acronym", "vitre mouillée", "vm")]


def test_a_short_word_of_the_dictionary_is_no_acronym():
    assert pairs(concept("sac"), concept("service après cuisson")) == []


def test_two_spellings_may_be_one_whatever_the_blanks():
    found = pairs(concept("e learning", language="en"), concept("elearning", language="en", uses=30))
    assert found == [("spelling", "elearning", "e learning")]


def test_a_long_word_with_a_letter_too_many_or_another_one_may_be_badly_typed():
    right = concept("collaboratif", uses=30)
    assert pairs(right, concept("colaboratif")) == [("spelling", "collaboratif", "colaboratif")]
    assert pairs(right, concept("collaboratof")) == [("spelling", "collaboratif", "collaboratof")]
    assert pairs(right, concept("collaboratifs")) == []
    assert pairs(concept("intérieur"), concept("inférieur")) == []


def test_other_languages_and_words_of_register_are_not_compared():
    assert pairs(RSE, concept("real social entreprise", language="en")) == []
    assert pairs(concept("collaboratif"), concept("colaboratif", kind="style")) == []


def test_what_was_answered_does_not_come_back_whichever_was_named_first():
    (asked,) = suggestions((RSE, NETWORK))
    for answer in (
        Reject(asked.one, asked.other),
        Reject(asked.other, asked.one),
        Accept(asked.one, asked.other),
    ):
        assert pairs(RSE, NETWORK, answered=rejected([answer])) == []


def test_a_suggestion_is_called_the_same_whatever_the_order():
    (one,), (other,) = suggestions((RSE, NETWORK)), suggestions((NETWORK, RSE))
    assert one == other
    assert one.key == "fr:rse+fr:réseau social d' entreprise"


def test_only_those_that_most_messages_depend_on_are_asked_and_the_others_once_these_are_answered():
    many = [concept(f"mot numéro{n:02} x", uses=n) for n in range(60)]
    spelt = [concept(f"mot numéro{n:02}x", uses=n) for n in range(60)]
    asked = suggestions([*many, *spelt, RSE, NETWORK])
    spellings = [each for each in asked if each.kind == "spelling"]
    assert [each.label[-4:-2] for each in spellings[:2]] == ["59", "58"]
    assert (len(spellings), len(asked)) == (MOST, MOST + 1)
    answered = {tuple(each.key.split("+")) for each in spellings}
    rest = suggestions([*many, *spelt], answered=answered)
    assert len(rest) == 10
    assert answered.isdisjoint(tuple(each.key.split("+")) for each in rest)


def test_an_acronym_of_several_senses_is_asked_of_each_and_alike_senses_of_each_other():
    duty = concept("responsabilité sociale des entreprises")
    other = concept("responsabilité sociétale des entreprises")
    doubtful = Concept(
        "RSE (?)", (("fr", "rse"),), 1.0, uses=(9,), senses=(duty.variants[0], other.variants[0])
    )
    assert set(pairs(doubtful, duty, other)) == {
        ("sense", duty.label, "RSE (?)"),
        ("sense", other.label, "RSE (?)"),
        ("wording", duty.label, other.label),
    }


def test_a_theme_weighs_by_the_language_that_it_is_named_in():
    tools = Concept("tools", (("en", "tools"), ("pl", "narzędzia")), 1.0, uses=(900, 3))
    help_ = Concept("help", (("en", "help"), ("fr", "entraide")), 1.0, uses=(40, 30))
    others = [concept("tooling", language="en", uses=500), concept("coup de main", uses=20)]
    near = [(("en", "tooling"), ("pl", "narzędzia")), (("fr", "coup de main"), ("en", "help"))]
    found = suggestions([tools, help_, *others], near=near)
    assert [each.key for each in found] == ["en:help+fr:coup de main", "en:tooling+pl:narzędzia"]
