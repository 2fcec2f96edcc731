"""A map that is learned from a sample places the other texts nearly where the encoder would."""

import numpy as np
import pytest

from estran.text.encoders import open_encoder
from estran.text.encoders.sampled import learned_from, sample_of

SUBJECTS = (
    "the budget",
    "our server",
    "the new contract",
    "remote work",
    "la réunion",
    "le télétravail",
    "my parcel",
)
VERBS = (
    "is late",
    "worries the team",
    "was praised",
    "needs a review",
    "plaît à l'équipe",
    "has doubled",
    "is broken",
)
TIMES = ("again", "this year", "since Monday", "as always", "en mars")
TEXTS = [f"{subject} {verb} {time}" for subject in SUBJECTS for verb in VERBS for time in TIMES]


@pytest.fixture(scope="module")
def sample():
    return sample_of(len(TEXTS), 0.4, rng=np.random.default_rng(3))


@pytest.fixture(scope="module")
def imitation(universal, sample):
    some = [TEXTS[place] for place in sample]
    return learned_from(some, universal.encode(some), universal)


def test_texts_outside_the_sample_lie_near_where_the_encoder_puts_them(universal, imitation, sample):
    others = [text for place, text in enumerate(TEXTS) if place not in set(sample.tolist())]
    cosines = np.sum(universal.encode(others) * imitation.encode(others), axis=1)
    assert cosines.mean() > 0.85


def test_a_map_is_the_ridge_of_its_sample():
    plain = open_encoder("plain")
    texts = ["red apple", "green apple", "red car", "green car"]
    vectors = plain.encode(texts)
    found = learned_from(texts, vectors, plain)
    # each of the four words is said twice: two words of equal weight a row, pairs said once weigh nothing
    table = np.array([[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1]]) / np.sqrt(2)
    middle = vectors.mean(axis=0)
    weights = np.linalg.solve(table.T @ table + 0.3 * np.eye(4), table.T @ (vectors - middle))
    wanted = table @ weights + middle
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert found.encode(texts) == pytest.approx(wanted, abs=1e-3)


def test_the_same_sample_gives_the_same_map(universal, imitation, sample):
    some = [TEXTS[place] for place in sample]
    again = learned_from(some, universal.encode(some), universal)
    assert again.id == imitation.id
    assert np.array_equal(again.encode(TEXTS), imitation.encode(TEXTS))


def test_a_map_names_its_teacher_and_is_never_mixed_with_it(universal, imitation):
    assert imitation.id.endswith(f"of {universal.id}")
    assert imitation.id != universal.id
    assert (imitation.dim, imitation.languages) == (universal.dim, universal.languages)


def test_vectors_have_length_one_and_an_empty_text_is_a_row_of_zeros(imitation):
    found = imitation.encode(["the budget is late", "", "never seen words"])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0, 1], abs=1e-5)


def test_company_does_not_change_a_vector(imitation):
    alone = np.concatenate([imitation.encode([text]) for text in TEXTS[:20]])
    assert imitation.encode(TEXTS)[:20] == pytest.approx(alone, abs=1e-5)


def test_a_sample_is_drawn_in_order_and_by_the_share_asked_for():
    drawn = sample_of(1_000, 0.15, rng=np.random.default_rng(1))
    assert len(set(drawn.tolist())) == 150
    assert (np.diff(drawn) > 0).all()


def test_a_sample_that_says_nothing_gives_a_map_of_nothing(universal):
    silent = learned_from(["", " "], universal.encode(["", " "]), universal)
    assert not silent.encode(["the budget"]).any()
