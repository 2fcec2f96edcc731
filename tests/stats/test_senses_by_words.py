import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.senses import BEYOND, FEWEST_KNOWN, LEAST_MARGIN, Near, tell_senses

WORDS = 40


def near(messages):
    """Pairs of message and word, of lists of words."""
    pairs = sorted({(row, word) for row, said in enumerate(messages) for word in said})
    return Near(*np.array(pairs, np.int64).reshape(-1, 2).T)


def told(known, sense, asked, *, person=None, senses=2):
    person = np.arange(len(known)) if person is None else person
    return tell_senses(
        near(known), np.array(sense, np.int32), np.array(person, np.int32), near(asked),
        senses=senses, messages=len(asked), words=WORDS,
    )  # fmt: skip


def drawn(rng, many, *, apart, words=10):
    """Messages of two senses, each word of ten said by this share of those who mean its sense, by .15 of the others."""
    sense = np.arange(many) % 2
    share = np.where(np.arange(2 * words) // words == sense[:, None], apart, 0.15)
    return [np.flatnonzero(row).tolist() for row in rng.random(share.shape) < share], sense


def test_words_that_go_with_a_sense_tell_it_by_hand():
    known = [[0, 1, 2]] * 20 + [[3, 4, 5]] * 20
    # a word that only one sense has says 2, the most it may: three are more than 3 + 1, one or two are not
    found = told(known, [0] * 20 + [1] * 20, [[0, 1, 2], [3, 4, 5, 9], [0], [0, 1, 3], [9], []])
    assert found.sense.tolist() == [0, 1, -1, -1, -1, -1]
    assert (found.right, found.wrong) == (40, 0)


def test_the_words_that_tell_are_named_those_first_that_tell_most():
    known = [[0, 1]] * 18 + [[0]] * 2 + [[0, 3]] * 20
    found = told(known, [0] * 20 + [1] * 20, [])
    assert (found.telling(0).tolist(), found.telling(1).tolist()) == ([1], [3])
    assert found.saying[[0, 1, 3]].tolist() == [[20, 20], [18, 0], [0, 20]]


def test_a_person_counts_once_for_a_sense():
    known = [[0, 1, 2]] * 40 + [[3, 4, 5]] * 40
    loud = told(known, [0] * 40 + [1] * 40, [[0, 1, 2]], person=[0] * 40 + list(range(1, 41)))
    assert loud.people.tolist() == [1, 40]
    assert loud.sense.tolist() == [-1]  # without the one who says it, nobody does


def test_too_few_known_messages_tell_nothing():
    few = FEWEST_KNOWN - 1
    known = [[0, 1, 2]] * few + [[3, 4, 5]] * 50
    assert told(known, [0] * few + [1] * 50, [[0, 1, 2], [3, 4, 5]]).sense.tolist() == [-1, -1]


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_names_of_senses_and_the_order_of_messages_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    known, sense = drawn(rng, 80, apart=0.5)
    asked, _ = drawn(rng, 20, apart=0.5)
    order = rng.permutation(len(known))
    one = told(known, sense, asked)
    other = told([known[k] for k in order], 1 - sense[order], asked, person=order)
    assert other.sense.tolist() == np.where(one.sense < 0, -1, 1 - one.sense).tolist()
    assert np.allclose(other.least, one.least[::-1])


def test_where_words_have_nothing_to_do_with_the_sense_hardly_anything_is_told():
    rng = np.random.default_rng(5)
    shares = []
    for _ in range(60):
        known, sense = drawn(rng, 80, apart=0.15)
        asked, _ = drawn(rng, 100, apart=0.15)
        shares.append(float(np.mean(told(known, sense, asked).sense >= 0)))
    assert np.mean(shares) < 0.005


def test_few_of_those_that_are_told_are_told_wrongly():
    rng = np.random.default_rng(6)
    wrong = right = 0
    for apart in (0.3, 0.4, 0.5):
        for _ in range(20):
            known, sense = drawn(rng, 120, apart=apart)
            asked, truth = drawn(rng, 100, apart=apart)
            found = told(known, sense, asked).sense
            wrong += int(np.sum((found >= 0) & (found != truth)))
            right += int(np.sum(found == truth))
    assert right > 500
    assert wrong / (wrong + right) < 0.03


def test_where_words_tell_most_messages_are_told():
    rng = np.random.default_rng(7)
    known, sense = drawn(rng, 200, apart=0.6)
    asked, truth = drawn(rng, 400, apart=0.6)
    found = told(known, sense, asked)
    assert np.mean(found.sense == truth) > 0.6
    assert (found.least >= LEAST_MARGIN + BEYOND).all()
