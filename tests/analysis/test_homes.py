"""The topic that a theme lives in: a third of its placed messages, of five people."""

from types import SimpleNamespace

import numpy as np
import pytest

from estran.analysis.topic_cards import homes


def home(topic, *, people=None, themes=1):
    """The topic of one theme that all messages say."""
    topic = np.array(topic, np.int32)
    author = np.arange(len(topic)) if people is None else np.arange(len(topic)) % people
    corpus = SimpleNamespace(author=author.astype(np.int32))
    said = SimpleNamespace(
        concepts=(None,) * themes,
        message=np.arange(len(topic), dtype=np.int32),
        concept=np.zeros(len(topic), np.int32),
    )
    return homes(corpus, said, topic, 4).tolist()[0]


@pytest.mark.parametrize(
    ("topic", "lives"),
    [
        ([2] * 5, 2),
        ([2] * 5 + [-1] * 50, 2),  # messages in no topic do not count
        ([2] * 5 + [0] * 3 + [1] * 4, 2),
        ([2] * 5 + [0] * 4 + [1] * 4 + [3] * 3, -1),  # less than a third
        ([2] * 4, -1),  # fewer than five people
        ([1] * 6 + [0] * 6, 0),  # of equals the first
        ([-1] * 9, -1),
    ],
)
def test_it_is_the_one_that_holds_most_of_its_placed_messages(topic, lives):
    assert home(topic) == lives


def test_one_loud_author_gives_a_theme_no_home():
    assert (home([1] * 20, people=4), home([1] * 20, people=5)) == (-1, 1)


def test_a_theme_that_nobody_says_has_none():
    assert home([1] * 6, themes=2) == 1
