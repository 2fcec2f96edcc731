"""The second pass: which concepts each message says."""

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty import NASTY, texts

from estran.text import reference
from estran.text.matching import Lexicon, match

FORMS = (
    ("réseau", 1), ("réseaux", 1), ("réseau social", 2), ("réseau social d' entreprise", 3), ("entreprise", 4),
    ("d' entreprise", 5), ("l' équipe", 6), ("équipe", 7), ("aujourd'hui", 8), ("e-mail", 9), ("日本", 10),
    ("the of", 11), ("of", 12), ("of", 13), ("_", 14), ("C++", 15), ("a a", 16), ("a", 16), ("a a a", 17), ("la", 2),
)  # fmt: skip


def lexicon(forms=FORMS) -> Lexicon:
    return Lexicon(tuple(form for form, _ in forms), np.array([concept for _, concept in forms], np.int32))


def said(texts: list[str], forms=FORMS, *, threads: int = 1) -> list[dict[int, bool]]:
    """concept -> free, for each text."""
    postings = match(
        pa.array(texts, pa.large_string()), ["fr"] * len(texts), {"fr": lexicon(forms)}, threads=threads
    )
    found: list[dict[int, bool]] = [{} for _ in texts]
    for message, concept, free in zip(postings.message, postings.concept, postings.free, strict=True):
        found[message][int(concept)] = bool(free)
    return found


def test_a_concept_inside_a_longer_one_is_said_but_not_free():
    assert said(["un réseau social d’entreprise"]) == [{1: False, 2: False, 3: True, 4: False, 5: False}]


def test_one_free_occurrence_is_enough():
    assert said(["réseau social, réseau"]) == [{1: True, 2: True}]


def test_a_longer_form_of_the_same_concept_does_not_hide_a_shorter_one():
    assert said(["a a"]) == [{16: True}]


def test_matches_that_only_overlap_are_all_free():
    assert said(["a b c"], (("a b", 1), ("b c", 2))) == [{1: True, 2: True}]


def test_a_form_may_mean_two_concepts():
    assert said(["of"]) == [{12: True, 13: True}]


def test_a_form_does_not_reach_over_the_end_of_a_phrase():
    assert said(["réseau. social", "réseau 🚀 social"]) == [{1: True}, {1: True}]


def test_a_form_that_is_not_tokens_matches_nothing():
    assert said(["c++ C++ c"], (("C++", 1), ("", 2), ("a  b", 3))) == [{}]


def test_a_lexicon_is_for_its_language_only():
    texts = pa.array(["réseau"] * 4, pa.large_string())
    found = match(texts, ["fr", "en", "de", None], {"fr": lexicon(), "en": lexicon((("réseau", 99),))})
    assert (found.message.tolist(), found.concept.tolist()) == ([0, 1], [1, 99])


def test_tokens_are_counted_with_stop_words_and_without_lexicon():
    texts = pa.array(["l'équipe de la ville!", "", None, "🚀"], pa.large_string())
    assert match(texts, pl.Series(["fr", "en", None, "fr"]), {}).tokens.tolist() == [5, 0, 0, 0]


def test_progress_tells_how_many_messages_are_done(monkeypatch):
    monkeypatch.setattr("estran.text.matching.CHUNK_BYTES", 10)
    done: list[int] = []
    match(pa.array(["some words"] * 4, pa.large_string()), ["en"] * 4, {}, progress=done.append)
    assert done == [1, 2, 3, 4]


def as_the_reference(texts: list[str], forms) -> list[dict[int, bool]]:
    return [reference.match(text, forms)[0] for text in texts]


def test_nasty_texts_are_matched_as_the_reference_does():
    assert said(list(NASTY), threads=2) == as_the_reference(list(NASTY), FORMS)


@given(st.lists(texts(), max_size=20))
@settings(deadline=None, max_examples=100)
def test_any_texts_are_matched_as_the_reference_does(texts):
    assert said(texts) == as_the_reference(texts, FORMS)


LETTERS = st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(" ".join)


@given(st.lists(st.tuples(LETTERS, st.integers(0, 4)), max_size=8), st.lists(LETTERS, max_size=5))
@settings(deadline=None, max_examples=150)
def test_any_forms_are_matched_as_the_reference_does(forms, texts):
    texts = [f"{text}, {text} {text}" for text in texts]
    assert said(texts, forms) == as_the_reference(texts, forms)


@given(st.lists(texts(), max_size=10))
@settings(deadline=None, max_examples=50)
def test_any_texts_are_measured_as_the_reference_does(texts):
    found = match(pa.array(texts, pa.large_string()), ["fr"] * len(texts), {"fr": lexicon()})
    assert found.tokens.tolist() == [reference.match(text, ())[1] for text in texts]


def test_a_message_with_more_matches_than_there_is_room_for():
    postings = match(pa.array(["x", "a b " * 40_000], pa.large_string()), ["fr"] * 2, {"fr": lexicon()})
    assert (postings.message.tolist(), postings.concept.tolist()) == ([1], [16])


@pytest.mark.parametrize("threads", [1, 2])
def test_chunks_are_put_together_in_order(monkeypatch, threads):
    monkeypatch.setattr("estran.text.matching.CHUNK_BYTES", 50)
    texts = ["réseau social", "rien", "équipe"] * 50
    assert said(texts, threads=threads) == [{1: False, 2: True}, {}, {7: True}] * 50
