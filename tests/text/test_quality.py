"""C-value, weirdness, heads and nesting, by hand; and which words are verbs."""

import math

import polars as pl
import pytest
import wordfreq

from estran.text import packs, quality

WORDS = pl.DataFrame(
    {
        "word": ["help", "desk", "python", "code", "3"],
        "messages": [40, 30, 60, 50, 10],
        "weirdness": [1.0, 2.0, 5.0, 1.5, None],
    }
)


def score(phrases, *, messages_total=1000):
    """(words, messages) pairs with what they score; none is in a headline."""
    table = pl.DataFrame(
        {
            "words": [words.split() for words, _ in phrases],
            "messages": [n for _, n in phrases],
            "weight": [n for _, n in phrases],
        }
    )
    return quality.score(table, WORDS, messages_total=messages_total)


def test_every_word_of_a_language_has_the_share_that_its_table_says():
    table = wordfreq.get_frequency_dict("fr", "best")
    told = quality._frequencies("fr")
    assert all(told.of(word) == share for word, share in table.items())
    assert told.of("qzxqzx") == 0


def test_a_phrase_is_as_weird_as_its_plainest_word_and_counts_what_is_not_nested():
    scored = score([("help", 40), ("desk", 30), ("help desk", 20)])
    assert scored["cvalue"].to_list() == pytest.approx([20.0, 10.0, math.log2(3) * 20])
    assert scored["weirdness"].to_list() == [1.0, 2.0, 1.0]
    assert scored["quality"].to_list() == pytest.approx(
        [math.log(21), 2 * math.log(11), math.log1p(math.log2(3) * 20)]
    )


def test_a_phrase_nearly_always_inside_a_longer_one_is_nested():
    assert score([("help", 40), ("desk", 21), ("help desk", 20)])["nested"].to_list() == [False, True, False]


def test_numbers_have_no_weirdness():
    assert score([("python 3", 10)])["weirdness"].to_list() == [5.0]


def test_a_word_of_the_whole_corpus_makes_no_term_of_any_word_beside_it():
    corpus_wide = score([("python code", 5)], messages_total=350)["quality"][0]
    elsewhere = score([("python code", 5)], messages_total=1000)["quality"][0]
    assert corpus_wide == pytest.approx(elsewhere * 3 * 5 / 50)


def test_general_frequency_of_hyphenated_unknown_and_foreign_words():
    assert quality.general_frequency("customer", "en") > 1e-5
    assert quality.general_frequency("open-source", "en") < quality.general_frequency("source", "en")
    assert quality.general_frequency("qzxqzx", "en") == quality.RAREST
    assert quality.general_frequency("customer", "?") == quality.RAREST
    assert quality.general_frequency("-", "en") == quality.RAREST


def test_stop_words_are_about_half_of_a_text():
    assert 0.4 < quality.stop_share(packs.load("en")) < 0.8
    assert quality.stop_share(packs.load("?")) == 0.45


def test_english_verbs_in_all_their_forms():
    words = [
        "explore",
        "exploring",
        "explored",
        "writes",
        "dropped",
        "testing",
        "machine",
        "meeting",
        "customer",
    ]
    assert quality.verb_forms(words, packs.load("en")) == {
        "explore": "explore",
        "exploring": "explore",
        "explored": "explore",
        "writes": "write",
    } | ({"dropped": "drop"} if "drop" in packs.load("en").verbs else {})


def test_french_verbs_listed_or_not():
    words = [
        "montre",
        "découvrez",
        "brainstormer",
        "conteneuriser",
        "rigolez",
        "marchandes",
        "données",
        "outil",
        "papier",
    ]
    found = quality.verb_forms(words, packs.load("fr"))
    assert found == {
        "montre": "montrer",
        "découvrez": "découvrir",
        "conteneuriser": "conteneuriser",
        "rigolez": "rigoler",
    }


def test_other_languages_have_no_verbs():
    assert quality.verb_forms(["explorar"], packs.load("es")) == {}


@pytest.mark.parametrize("word", ["chat", "location", "agenda", "pain"])
def test_words_common_in_both_languages_may_be_false_friends(word):
    assert quality.false_friends(word, "fr", "en")


@pytest.mark.parametrize("word", ["docker", "python", "chatbot", "cloud"])
def test_names_and_loans_are_none(word):
    assert not quality.false_friends(word, "fr", "en")
