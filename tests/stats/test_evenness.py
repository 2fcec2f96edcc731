import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from estran.stats.evenness import spread_over_companions

SUBJECTS, THEMES = 8, 40
NOT_ONE = np.array([-1])


def talk(rng, *, messages=4_000, words=200, tied=0.0):
    """Messages about one subject each, with its themes; words fall on them by length, and by `tied` on subject 0.

    Returns:
        (n, W) words, (n, C) themes, and the cells of messages of one length.
    """
    subject = rng.integers(0, SUBJECTS, messages)
    length = rng.integers(0, 4, messages)
    about = np.repeat(np.arange(SUBJECTS), THEMES // SUBJECTS)
    themes = rng.random((messages, THEMES)) < np.where(subject[:, None] == about, 0.25, 0.02) * (
        1 + length[:, None] / 2
    )
    chance = rng.uniform(0.01, 0.1, words) * (1 + length[:, None]) / 2.5
    chance *= np.where(subject[:, None] == 0, 1 + tied * (SUBJECTS - 1), 1 - tied)
    return csr_array((rng.random((messages, words)) < chance) * 1.0), csr_array(themes * 1.0), length


def test_the_lift_of_one_companion_by_hand():
    # the word is in messages 0-3 of 8, and so is the theme: 4 met, 2 expected; V = 4 x 1/4 x 1/2 x 8/7
    held = csr_array(np.repeat([[1.0], [0.0]], 4, axis=0))
    found = spread_over_companions(held, held, np.zeros(8, np.int64), NOT_ONE)
    assert np.isclose(found.unevenness[0], (4 - 4 / 7) / 4)


def test_a_word_that_is_a_theme_itself_is_no_company_of_its_own():
    held = csr_array(np.repeat([[1.0, 1.0], [0.0, 1.0]], 4, axis=0))
    found = spread_over_companions(held[:, [0]], held, np.zeros(8, np.int64), np.array([0]))
    assert found.unevenness[0] == 0  # the other one is everywhere


def test_nothing_expected_is_not_known():
    nothing = csr_array((5, 1))
    assert np.isnan(spread_over_companions(nothing, nothing, np.zeros(5, np.int64), NOT_ONE).unevenness[0])


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_messages_and_the_names_of_cells_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    words, themes, length = talk(rng, messages=300, words=5, tied=0.5)
    order = rng.permutation(300)
    none = np.full(5, -1)
    here = spread_over_companions(words, themes, length, none)
    there = spread_over_companions(words[order], themes[order], 3 - length[order], none)
    assert np.allclose(here.unevenness, there.unevenness)
    assert np.allclose(here.error, there.error)


def test_words_that_have_nothing_to_do_with_any_subject_are_even_though_messages_differ_in_length():
    above, mean = [], []
    for seed in range(10):
        words, themes, length = talk(np.random.default_rng(seed))
        found = spread_over_companions(words, themes, length, np.full(200, -1))
        above.append(found.unevenness - 1.645 * found.error > 0)
        mean.append(found.unevenness)
        blind = spread_over_companions(words, themes, np.zeros(len(length), np.int64), np.full(200, -1))
        assert np.mean(blind.unevenness) > 0.01  # without cells of length, all words seem tied to something
    assert abs(np.mean(mean)) < 0.002
    assert np.mean(above) <= 0.07


def test_words_that_are_said_three_times_as_often_with_one_subject_are_seen():
    words, themes, length = talk(np.random.default_rng(3), tied=0.35)
    found = spread_over_companions(words, themes, length, np.full(200, -1))
    assert np.mean(found.unevenness - 1.645 * found.error > 0.1) >= 0.9
