"""Praise is told from blame over many texts, in French and in English; one text alone says little."""

import numpy as np
import pytest
from bench.themes.judging import area, areas

from estran.text.encoders import open_encoder
from estran.text.valence import judgements, learned, sentences


@pytest.fixture(scope="session")
def reading(universal):
    return learned(universal)


def test_fresh_sentences_of_praise_stand_above_those_of_blame(universal):
    found = areas()
    assert found["en"]["both"] >= 0.84
    assert found["fr"]["both"] >= 0.85


def test_words_and_vectors_know_more_together_than_alone():
    for found in areas().values():
        assert found["both"] > max(found["words"], found["vectors"])


def test_a_discontent_group_stands_below_a_content_one(reading, universal):
    texts = ["La réforme inquiète tout le monde.", "Half my team is looking for another job."]
    texts += ["La réforme rassure tout le monde.", "Half my team was promoted this year."]
    score = reading.of(universal.encode(texts), texts, ["fr", "en"] * 2)
    assert score[:2].mean() < score[2:].mean() - 1


@pytest.mark.parametrize(
    ("text", "language", "sign"),
    [
        ("a useful tool", "en", 1),
        ("not a useful tool", "en", -1),
        ("this is useless", "en", -1),
        ("the tool of the team", "en", 0),
        ("ce n'est pas utile", "fr", -1),
        ("une réunion inutile", "fr", -1),
        ("utile. Pas mal de monde", "fr", 1),
        ("useful", "de", 0),
        ("", "en", 0),
    ],
)
def test_a_negation_shortly_before_turns_a_judgement_around(text, language, sign):
    assert np.sign(judgements([text], [language])).tolist() == [sign]


def test_judgements_saturate():
    one, many = judgements(["good", "good great perfect useful clear"], ["en", "en"])
    assert 0.4 < one < many < 1


def test_an_empty_text_says_nothing(reading, universal):
    assert reading.of(universal.encode([""]), [""], ["en"]).tolist() == [0.0]


def test_a_score_does_not_depend_on_the_texts_around_it(reading, universal):
    texts = ["great work", "bad idea", "", "une belle réussite"]
    languages = ["en", "en", "en", "fr"]
    vectors = universal.encode(texts)
    together = reading.of(vectors, texts, languages)
    alone = [reading.of(vectors[n : n + 1], texts[n : n + 1], languages[n : n + 1])[0] for n in range(4)]
    assert together == pytest.approx(alone, abs=1e-9)


def test_the_same_encoder_learns_the_same_direction(universal, reading):
    assert np.array_equal(learned(universal).direction, reading.direction)
    assert reading.encoder == universal.id


def test_there_are_as_many_sentences_of_each_kind_in_each_language():
    counts = {}
    for text, language, likes in sentences():
        counts[language, likes] = counts.get((language, likes), 0) + 1
        assert text[0].isupper()
        assert text[-1] == "."
    assert set(counts.values()) == {156}
    assert len(counts) == 4


def test_without_a_model_the_words_still_count():
    plain = open_encoder("plain")
    texts = ["a great and useful tool", "a bad and useless tool"]
    well, ill = learned(plain).of(plain.encode(texts), texts, ["en", "en"])
    assert well > ill


def test_the_area_is_the_chance_that_praise_stands_higher():
    truth = np.array([True, True, False, False])
    assert area(np.array([3.0, 1, 1, 0]), truth) == pytest.approx(3.5 / 4)
