import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.text.labels import Label, Phrase, labels_of_topics, languages_present, scores

PHRASES = (
    Phrase("refund", ("refund",), 4.0),
    Phrase("late refund", ("late", "refund"), 4.0),
    Phrase("password", ("password",), 4.0),
    Phrase("order", ("order",), 1.0),
)


def test_scores_by_hand():
    uses, messages = np.array([[6, 4, 0, 5], [2, 0, 8, 5]]), np.array([10, 10])
    # refund: .6 x ln(1 + .6 / .4 - 1); late refund: .4 x ln 2 x 1.25; order: no more frequent than elsewhere
    assert scores(PHRASES, uses, messages)[0] == pytest.approx(
        [0.6 * np.log(1.5), 0.4 * np.log(2) * 1.25, 0, 0]
    )


def test_no_phrase_of_a_label_contains_another():
    uses, messages = np.array([[6, 5, 0, 6], [0, 0, 8, 1]]), np.array([10, 10])
    first, second = labels_of_topics(PHRASES, uses, messages, language="en")
    assert first == Label("en", ("late refund", "order"))
    assert second == Label("en", ("password",))


def test_a_hyphen_hides_no_word():
    phrases = (Phrase("top-up", ("top-up",), 1.0), Phrase("top", ("top",), 1.0))
    uses, messages = np.array([[6, 5], [0, 1]]), np.array([10, 10])
    assert labels_of_topics(phrases, uses, messages, language="en")[0] == Label("en", ("top-up",))


def test_a_language_that_hardly_anybody_speaks_in_a_topic_has_no_label_there():
    uses, messages = np.array([[3, 0, 0, 0], [0, 0, 6, 0]]), np.array([4, 10])
    assert labels_of_topics(PHRASES, uses, messages, language="en")[0] is None
    present = languages_present(np.array([[100, 4], [100, 9], [80, 20], [0, 0]]))
    assert present.tolist() == [[True, False], [True, False], [True, True], [False, False]]


def test_what_is_far_from_the_middle_names_a_topic_less():
    uses, messages = np.array([[5, 0, 5, 0], [0, 0, 0, 5]]), np.array([10, 10])
    closeness = np.array([[0.1, 0, 0.9, 0], [0, 0, 0, 0]])
    label = labels_of_topics(PHRASES, uses, messages, language="en", closeness=closeness, length=1)[0]
    assert label == Label("en", ("password",))


def test_a_topic_that_nothing_tells_apart_has_an_empty_label():
    uses, messages = np.array([[5, 5, 5, 5], [5, 5, 5, 5]]), np.array([10, 10])
    assert labels_of_topics(PHRASES, uses, messages, language="en")[0] == Label("en", ())
    assert labels_of_topics((), np.zeros((1, 0), int), np.array([9]), language="fr") == (Label("fr", ()),)


@given(st.integers(0, 10_000))
def test_the_order_of_phrases_and_topics_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    phrases = [Phrase(f"p{i}", (f"p{i}",), float(q)) for i, q in enumerate(rng.random(6) + 0.1)]
    uses, messages = rng.integers(0, 40, (3, 6)), np.full(3, 50)
    across, down = rng.permutation(6), rng.permutation(3)
    labels = labels_of_topics(phrases, uses, messages, language="en")
    again = labels_of_topics([phrases[i] for i in across], uses[down][:, across], messages, language="en")
    assert [set(label.phrases) for label in again] == [set(labels[i].phrases) for i in down]
