"""Sentences that go from one thing to another, and the way they go."""

import pytest

from estran.text import packs
from estran.text.switches import Way, way


@pytest.mark.parametrize(
    "sentence",
    [
        "We moved from the old Fax to a new Portal last year.",
        "Use the portal instead of the fax",
        "We replaced the fax with the portal, at last",
        "The fax has been replaced by the portal",
        "The fax is deprecated, please use the portal",
        "Instead of sending a fax, use the portal",
        "Migrating fax orders to the portal",
        "The portal, formerly the fax",
    ],
)
def test_an_english_sentence_goes_from_the_one_to_the_other(sentence):
    assert way(sentence, ["fax"], ["portal"], language="en") is Way.THERE
    assert way(sentence, ["portal"], ["fax"], language="en") is Way.BACK


@pytest.mark.parametrize(
    "sentence",
    [
        "Nous avons remplacé l'ancien fax par le portail.",
        "On passe du fax au portail",
        "Le portail plutôt que le fax",
        "On abandonne le fax pour le portail",
        "Le fax disparaît au profit du portail",
        "Le portail remplace le fax",
    ],
)
def test_a_french_sentence_goes_from_the_one_to_the_other(sentence):
    assert way(sentence, ["fax"], ["portail"], language="fr") is Way.THERE
    assert way(sentence, ["portail"], ["fax"], language="fr") is Way.BACK


@pytest.mark.parametrize(
    "sentence", ["The fax and the portal", "Is the portal like the fax?", "From the fax to the phone", ""]
)
def test_a_sentence_that_tells_no_way_tells_none(sentence):
    assert way(sentence, ["fax"], ["portal"], language="en") is Way.NEITHER


def test_a_frame_does_not_reach_over_too_many_words():
    sentence = "From the fax that my aunt once had in her kitchen drawer to the portal"
    assert way(sentence, ["fax"], ["portal"], language="en") is Way.NEITHER


def test_any_form_of_either_will_do_and_the_longest_is_read_first():
    sentence = "We moved from fax machines to the web portal"
    assert way(sentence, ["fax", "fax machines"], ["portal", "web portal"], language="en") is Way.THERE


def test_a_language_without_frames_says_nothing():
    assert way("del fax al portal", ["fax"], ["portal"], language="es") is Way.NEITHER


@pytest.mark.parametrize("code", ["en", "fr"])
def test_each_frame_names_both_things_once(code):
    frames = packs.load(code).switches
    assert len(frames) >= 15
    assert all(frame.count("{a}") == 1 and frame.count("{b}") == 1 for frame in frames)
