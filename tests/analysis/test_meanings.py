from contextlib import contextmanager

import numpy as np
import pytest

from estran.analysis.meanings import MESSAGES, Meanings
from estran.errors import StoreError
from estran.settings import Settings

PLAIN = Settings(encoder="plain")
TEXTS = ["the invoice is late", "la facture est en retard", "", "the invoice is late"]


class Counting:
    """An encoder that tells what it was asked."""

    def __init__(self, encoder):
        self.encoder, self.asked = encoder, []
        self.id, self.dim = encoder.id, encoder.dim

    def encode(self, texts):
        self.asked += texts
        return self.encoder.encode(texts)


def counting(*args, **kwargs):
    meanings = Meanings(PLAIN, *args, **kwargs)
    meanings.__dict__["encoder"] = Counting(meanings.encoder)
    return meanings


def test_kept_or_not_the_vectors_are_the_same_and_a_text_is_encoded_once(tmp_path):
    there, nowhere = counting(folder=tmp_path, key=b"k"), counting()
    first = there.of(TEXTS)
    assert np.array_equal(first, nowhere.of(TEXTS))
    assert np.allclose(np.linalg.norm(first, axis=1), [1, 1, 0, 1], atol=1e-3)
    assert sorted(there.encoder.asked) == sorted(set(TEXTS)) == sorted(nowhere.encoder.asked)
    again = counting(folder=tmp_path, key=b"k")
    more = again.of([*reversed(TEXTS), "a new one"])
    assert again.encoder.asked == ["a new one"]
    assert np.array_equal(more[:4], first[::-1])


def test_where_somebody_else_writes_nothing_is_kept(tmp_path):
    @contextmanager
    def taken():
        yield False

    meanings = counting(folder=tmp_path, key=b"k", alone=taken)
    assert np.array_equal(meanings.of(TEXTS), counting().of(TEXTS))
    assert not list(tmp_path.rglob("*.vectors"))


def test_what_is_no_longer_asked_for_goes(tmp_path):
    meanings = counting(folder=tmp_path, key=b"k")
    meanings.of(TEXTS)
    meanings.keep_only(TEXTS[:1])
    assert len(meanings.kept("phrases").missing(meanings.hashes(TEXTS))) == 2


def test_vectors_of_phrases_are_made_anew_by_another_encoder_and_those_of_messages_are_refused(tmp_path):
    one, other = counting(folder=tmp_path), counting(folder=tmp_path)
    other.encoder.id = "another"
    for meanings in (one, other):
        meanings.of(TEXTS)
    one.of(TEXTS, kind=MESSAGES)
    with pytest.raises(StoreError, match="vectors of the encoder"):
        other.of(TEXTS, kind=MESSAGES)
