"""What a token is, in claims."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty import NASTY, texts

from estran.text.scan import STOP, Scanned, bytes_of, scan, scanner, token_hashes
from estran.text.tokens import ELISIONS, LONGEST_WORD, tokens

LETTERS_BEYOND_THE_PLANE = "\U00010330\U0001d400\U00020000"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Réseau Social", [["réseau", "social"]]),
        ("l'équipe L’Équipe l' équipe", [["l'", "équipe", "l'", "équipe", "l'", "équipe"]]),
        ("JUSQU’À qu'il puisqu'elle", [["jusqu'", "à", "qu'", "il", "puisqu'", "elle"]]),
        ("aujourd'hui, aujourd’hui", [["aujourd'hui"], ["aujourd'hui"]]),
        ("don't rock'n'roll", [["don't", "rock'n'roll"]]),
        ("e-mail e‑mail rendez-vous- -x", [["e-mail", "e-mail", "rendez-vous"], ["x"]]),
        ("one\ttwo\u00a0three", [["one", "two", "three"]]),
        ("one\ntwo. three", [["one"], ["two"], ["three"]]),
        ("snake_case v2 3.5", [["snake_case", "v2", "3"], ["5"]]),
        ("new 🚀 product ❤\ufe0f", [["new"], ["product"]]),
        (f"a{LETTERS_BEYOND_THE_PLANE}b", [["a"], ["b"]]),
        ("e\u0301te\u0301 \u0301 x", [["e\u0301te\u0301"], ["x"]]),
        ("日本語 テスト", [["日本語", "テスト"]]),
        ("İstanbul Σ \u212a", [["İstanbul", "σ", "k"]]),
        ("\x00a\x00", [["a"]]),
        ("", []),
        ("... 🚀", []),
    ],
)
def test_the_tokens_of(text, expected):
    assert tokens(text) == expected


def test_a_word_may_be_long_but_not_endless():
    longest, longer = "é" * (LONGEST_WORD // 2), "é" * (LONGEST_WORD // 2) + "e"
    assert tokens(f"a {longest} b {longer} c") == [["a", longest, "b"], ["c"]]


@given(texts())
@settings(deadline=None, max_examples=200)
def test_tokens_joined_by_blanks_are_the_same_tokens(text):
    assert all(tokens(" ".join(stretch)) == [stretch] for stretch in tokens(text))


def scanned(text: str, stop_words: frozenset[str] = frozenset()) -> list[int]:
    content, offsets = bytes_of(pa.array([text], pa.large_string()))
    size = len(content) + 1
    found = Scanned(np.empty(size, np.uint64), np.empty(size, np.uint64), np.empty(2, np.uint64))
    scan(content, offsets[:-1], offsets[1:], scanner(stop_words), size, found)
    return found.hashes[: int(found.starts[1])].tolist()


def hashes_of(words: list[str]) -> list[int]:
    return token_hashes(pa.array(words, pa.large_string())).tolist()


def expected_hashes(text: str, stop_words: frozenset[str] = frozenset()) -> list[int]:
    hashes = []
    for stretch in tokens(text):
        stops = [word in stop_words or word in ELISIONS for word in stretch]
        hashes += [h + stop * int(STOP) for h, stop in zip(hashes_of(stretch), stops, strict=True)]
        hashes.append(0)
    return hashes


@pytest.mark.parametrize("text", NASTY)
def test_the_scan_finds_the_tokens_of_a_nasty_text(text):
    assert scanned(text) == expected_hashes(text)


@given(texts())
@settings(deadline=None, max_examples=300)
def test_the_scan_finds_the_tokens_of_any_text(text):
    stops = frozenset(["de", "the", "été"])
    assert scanned(text, stops) == expected_hashes(text, stops)


@given(st.text())
@settings(deadline=None, max_examples=300)
def test_the_scan_finds_the_tokens_of_any_characters(text):
    assert scanned(text) == expected_hashes(text)


def test_every_letter_of_the_basic_plane_is_scanned_as_it_is_written():
    characters = [chr(point) for point in range(0x10000) if not 0xD800 <= point < 0xE000]
    text = " ".join(f"a{character}b" for character in characters)
    assert scanned(text) == expected_hashes(text)


def test_different_words_have_different_hashes():
    words = sorted({word for text in NASTY for stretch in tokens(text) for word in stretch})
    assert len(set(hashes_of(words))) == len(words)
