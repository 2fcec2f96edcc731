"""Which texts are encoded: all, or a sample that stays the same as they become more; and the others by a map."""

import numpy as np
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.encoded import encode, mapped, texts_of
from estran.analysis.meanings import MESSAGES, Meanings
from estran.analysis.progress import Silent
from estran.settings import Settings


@pytest.fixture(scope="module")
def said(shop):
    return shop


@pytest.fixture
def meanings(tmp_path):
    """The encoder without a model, and a folder for its vectors."""
    return Meanings(Settings(encoder="plain"), folder=tmp_path, key=b"key")


def test_up_to_the_limit_every_text_is_encoded_once_and_kept(said, meanings):
    corpus = prepare(said)
    texts = texts_of(corpus, meanings)
    vectors = encode(corpus, texts, meanings, progress=Silent())
    spoken = corpus.columns(["spoken"])["spoken"].str.replace_all("\n", " ").to_list()
    assert (texts.sample.all(), len(vectors)) == (True, len(set(spoken)))
    own = meanings.encoder.encode(spoken)
    assert np.abs(vectors[texts.node] - own).max() < 1e-3
    assert len(meanings.kept(MESSAGES).missing(texts.distinct)) == 0


def test_beyond_it_a_fifth_is_and_hardly_a_text_leaves_the_sample_as_they_become_more(said, meanings):
    few, more = (texts_of(prepare(part), meanings, many=100) for part in (said.head(450), said))
    for texts in (few, more):
        assert texts.sample.sum() == min(round(0.2 * len(texts.distinct)), 100)
        assert texts.distinct[texts.sample].max() < texts.distinct[~texts.sample].min()
    before, after = few.distinct[few.sample], more.distinct[more.sample]
    assert np.isin(before, after).mean() > 0.7
    assert texts_of(prepare(said), meanings, many=1_000).sample.all()


def test_what_leaves_the_sample_leaves_the_disk(said, meanings):
    corpus = prepare(said)
    encode(corpus, texts_of(corpus, meanings), meanings, progress=Silent())
    texts = texts_of(corpus, meanings, many=100)
    encode(corpus, texts, meanings, progress=Silent())
    missing = meanings.kept(MESSAGES).missing(texts.distinct)
    assert missing.tolist() == np.flatnonzero(~texts.sample).tolist()


def test_the_map_places_the_others_near_where_the_encoder_would(said, meanings):
    corpus = prepare(said)
    texts = texts_of(corpus, meanings, many=400)
    vectors = encode(corpus, texts, meanings, progress=Silent())
    pieces = list(mapped(corpus, texts, vectors, ~texts.sample, meanings))
    nodes = np.concatenate([nodes for nodes, _ in pieces])
    rows = np.concatenate([rows for _, rows in pieces])
    assert sorted(nodes.tolist()) == np.flatnonzero(~texts.sample).tolist()
    spoken = corpus.columns(["spoken"])["spoken"].str.replace_all("\n", " ").to_list()
    text = dict(zip(texts.node.tolist(), spoken, strict=True))
    own = meanings.encoder.encode([text[node] for node in nodes.tolist()])
    likeness = (rows * own).sum(axis=1)
    turned = (rows * np.roll(own, 1, axis=0)).sum(axis=1)
    assert likeness.mean() > turned.mean() + 0.2


def test_nothing_is_learned_where_nothing_is_to_be_mapped(said, meanings):
    corpus = prepare(said.head(100))
    texts = texts_of(corpus, meanings)
    vectors = encode(corpus, texts, meanings, progress=Silent())
    assert list(mapped(corpus, texts, vectors, ~texts.sample, meanings)) == []
