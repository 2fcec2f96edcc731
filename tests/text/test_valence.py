"""Praise is told from blame over many texts, in French and in English; one text alone says little."""

import numpy as np
import pytest
from bench.themes.judging import area, areas, error, tweets

from estran.text.encoders import open_encoder
from estran.text.tokens import tokens
from estran.text.valence import SCALE, judgements, learned, lexicon, sentences


@pytest.fixture(scope="session")
def reading(universal):
    return learned(universal)


@pytest.fixture(scope="session")
def found(universal):
    return areas()


def test_fresh_sentences_of_praise_stand_above_those_of_blame(found):
    assert found["en"]["both"][0] >= 0.85
    assert found["fr"]["both"][0] >= 0.87


def test_words_and_vectors_know_more_together_than_alone(found):
    for of in found.values():
        assert of["both"][0] > max(of["words"][0], of["vectors"][0])


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


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_lexicon_has_thousands_of_graded_words_and_each_is_one_token(language):
    graded = lexicon(language)
    assert len(graded) > 7_000
    assert all(0 < abs(grade) <= SCALE for grade in graded.values())
    assert all(list(tokens(word)) == [[word]] for word in graded)


def test_other_languages_have_no_lexicon():
    assert lexicon("de") == {}


@pytest.mark.parametrize(
    ("weak", "strong", "language"),
    [("okay", "excellent", "en"), ("correct", "excellent", "fr"), ("tragedy", "bad", "en")],
)
def test_a_stronger_word_weighs_more(weak, strong, language):
    low, high = judgements([weak, strong], [language] * 2)
    assert low < high


def test_a_judgement_of_the_pack_counts_where_the_lexicon_has_none():
    assert "cumbersome" not in lexicon("en")
    assert judgements(["a cumbersome form"], ["en"])[0] < 0


def test_without_a_model_the_words_still_count():
    plain = open_encoder("plain")
    texts = ["a great and useful tool", "a bad and useless tool"]
    well, ill = learned(plain).of(plain.encode(texts), texts, ["en", "en"])
    assert well > ill


def test_the_area_is_the_chance_that_praise_stands_higher():
    truth = np.array([True, True, False, False])
    assert area(np.array([3.0, 1, 1, 0]), truth) == pytest.approx(3.5 / 4)


def test_the_error_of_the_area_is_that_of_its_two_samples():
    # of praise .5 and 1 of blame lie below, of blame 1 and .5 of praise above: variances .125 each, halved and added
    truth = np.array([True, True, False, False])
    assert error(np.array([3.0, 1, 2, 0]), truth) == pytest.approx(np.sqrt(0.125 / 2 + 0.125 / 2))


def test_the_error_of_the_area_is_how_far_it_strays():
    rng = np.random.default_rng(0)
    truth = np.arange(120) < 60
    drawn = [rng.normal(size=120) + truth for _ in range(400)]
    told = np.mean([error(score, truth) for score in drawn])
    assert np.std([area(score, truth) for score in drawn]) == pytest.approx(told, rel=0.1)


def test_tweets_are_read_without_users_and_links_and_those_that_judge_nothing(tmp_path):
    for name in ("english", "french"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "test_text.txt").write_text(
            "@user what a mess\nnoon\nso glad http://a.b\n", "utf-8"
        )
        (tmp_path / name / "test_labels.txt").write_text("0\n1\n2\n", "utf-8")
    assert tweets(tmp_path)["fr"] == (["so glad"], ["what a mess"])


def test_a_folder_without_tweets_is_said_to_have_none(tmp_path):
    with pytest.raises(SystemExit, match="test_text"):
        tweets(tmp_path)
