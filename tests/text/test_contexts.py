"""The words around concepts, read from texts."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from estran.text.contexts import WINDOW, contexts, joined
from estran.text.matching import Lexicon
from estran.text.packs import load
from estran.text.scan import token_hashes
from estran.text.tokens import tokens


def read(texts, forms, asked, *, language="en"):
    """{(concept, word): count} of (message, concept) pairs."""
    lexicon = {language: Lexicon(tuple(forms), np.arange(len(forms), dtype=np.int32))}
    message, concept = np.array(asked, np.int32).reshape(-1, 2).T
    return contexts(pa.array(texts, pa.large_string()), [language] * len(texts), lexicon, message, concept)


def named(found, words):
    names = dict(zip(token_hashes(pa.array(words, pa.large_string())).tolist(), words, strict=True))
    return {
        (c, names[w]): n
        for c, w, n in zip(found.concept.tolist(), found.word.tolist(), found.count.tolist(), strict=True)
    }


def test_words_on_both_sides_are_counted_and_stop_words_are_not():
    found = read(["The harbour crane lifts copper, and granite"], ["crane"], [(0, 0)])
    words = ["harbour", "lifts", "copper", "granite"]
    assert named(found, words) == {(0, word): 1 for word in words}


def test_a_comma_is_no_end_and_a_full_stop_and_a_line_are():
    found = read(["copper, crane. Granite\nmeadow"], ["crane"], [(0, 0)])
    assert named(found, ["copper"]) == {(0, "copper"): 1}


def test_a_point_inside_a_word_ends_no_sentence():
    found = read(["copper 2.0 crane"], ["crane"], [(0, 0)])
    assert named(found, ["copper", "2", "0"]) == {(0, "copper"): 1, (0, "2"): 1, (0, "0"): 1}


def test_no_word_further_than_the_window_is_a_context():
    far = " ".join(f"word{i}" for i in range(2 * WINDOW))
    found = read([f"crane {far}"], ["crane"], [(0, 0)])
    assert len(found.word) == WINDOW


def test_a_concept_inside_a_longer_one_is_not_read_there():
    texts = ["copper crane bridge granite", "copper crane granite"]
    found = read(texts, ["crane", "crane bridge"], [(0, 0), (1, 0)])
    assert named(found, ["copper", "granite"]) == {(0, "copper"): 1, (0, "granite"): 1}


def test_only_what_is_asked_for_is_read():
    found = read(["copper crane", "meadow crane"], ["crane"], [(1, 0)])
    assert named(found, ["meadow"]) == {(0, "meadow"): 1}


def test_a_message_that_repeats_itself_gives_three_contexts_at_the_most():
    found = read(["copper crane\n" * 9], ["crane"], [(0, 0)])
    assert found.count.tolist() == [3]


def test_messages_of_no_language_and_empty_ones_give_nothing():
    assert len(read(["", "copper crane"], ["crane"], np.empty((0, 2))).word) == 0


WORDS = st.sampled_from(["crane", "copper", "the", "granite", "é", "crane bridge"])
ENDS = st.sampled_from([" ", ", ", ". ", "\n", "! ", " - "])


@given(st.lists(st.lists(st.tuples(WORDS, ENDS), max_size=12), min_size=1, max_size=6))
def test_it_says_what_plain_python_says(pieces):
    texts = ["".join(word + end for word, end in piece) for piece in pieces]
    asked = [(i, 0) for i in range(len(texts))]
    found = read(texts, ["crane", "crane bridge"], asked)
    assert dict(zip(found.word.tolist(), found.count.tolist(), strict=True)) == plain(texts)


def plain(texts):
    """What a reader with time would count for "crane"."""
    stops, counts = load("en").stop_words, {}
    for text in texts:
        left = 3
        for sentence in text.replace(". ", "\n").replace("! ", "\n").split("\n"):
            words, free = [], []
            for stretch in tokens(sentence):
                for i, word in enumerate(stretch):
                    inside = stretch[i + 1 : i + 2] == ["bridge"]
                    free.append(word == "crane" and not inside)
                    words.append(word)
            for at in [i for i, here in enumerate(free) if here][: max(left, 0)]:
                left -= 1
                around = words[max(0, at - WINDOW) : at] + words[at + 1 : at + 1 + WINDOW]
                for word in around:
                    if word not in stops:
                        key = int(token_hashes(pa.array([word], pa.large_string()))[0])
                        counts[key] = counts.get(key, 0) + 1
    return counts


@given(
    st.lists(st.sampled_from(["copper crane", "crane granite", "meadow"]), min_size=2, max_size=8), st.data()
)
def test_the_parts_of_a_corpus_make_the_whole(texts, data):
    cut = data.draw(st.integers(1, len(texts) - 1))
    one, two = (
        read(part, ["crane"], [(i, 0) for i in range(len(part))]) for part in (texts[:cut], texts[cut:])
    )
    whole, together = read(texts, ["crane"], [(i, 0) for i in range(len(texts))]), joined([one, two])
    assert (together.word.tolist(), together.count.tolist()) == (whole.word.tolist(), whole.count.tolist())
