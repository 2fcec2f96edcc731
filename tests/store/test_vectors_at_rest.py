"""Vectors at rest: made once, never of two encoders, safe from kills, and gone with their texts."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from killed_vectors import TEXTS, encode, vectors_of

from estran.errors import StoreError
from estran.store.vectors import Vectors, hashes_of

SCRIPT = Path(__file__).with_name("killed_vectors.py")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "vectors"


def filled(folder, texts, *, block="2025-01"):
    store = Vectors(folder, "fake 1", 8)
    store.add(block, hashes_of(texts), vectors_of(texts))
    store.keep(block, hashes_of(texts))
    return store


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def holds(folder, text):
    """Whether any file has the bytes of a text's vector, or of its hash."""
    traces = vectors_of([text]).astype("<f2").tobytes(), hashes_of([text]).astype("<u8").tobytes()
    return any(trace in content for content in contents(folder).values() for trace in traces)


def test_what_was_added_is_read_in_half_precision(folder):
    store = filled(folder, TEXTS)
    found = store.read(hashes_of(TEXTS[::-1]))
    assert found.dtype == np.float32
    assert np.array_equal(found, vectors_of(TEXTS[::-1]).astype(np.float16).astype(np.float32))


def test_only_new_texts_are_missing_and_each_once(folder):
    store = filled(folder, TEXTS[:5])
    asked = [TEXTS[7], TEXTS[1], TEXTS[6], TEXTS[7]]
    assert store.missing(hashes_of(asked)).tolist() == [0, 2]


def test_a_text_that_moved_to_another_block_is_not_encoded_again(folder):
    store = filled(folder, TEXTS[:10], block="2024-01_2025-12")
    assert store.missing(hashes_of(TEXTS[:10])).size == 0
    store.keep("2024-01", hashes_of(TEXTS[:4]))
    store.keep("2025-01", hashes_of(TEXTS[4:10]))
    store.keep_only({"2024-01", "2025-01"})
    assert sorted(contents(folder)) == ["2024-01.vectors", "2025-01.vectors"]
    assert np.array_equal(store.read(hashes_of(TEXTS[:10])), vectors_of(TEXTS[:10]).astype(np.float16))


def test_vectors_of_two_encoders_never_meet(folder):
    filled(folder, TEXTS[:3])
    with pytest.raises(
        StoreError, match="holds vectors of the encoder 'fake 1', and those of 'fake 2' do not fit"
    ):
        Vectors(folder, "fake 2", 8)
    assert Vectors(folder, "fake 2", 8, anew=True).missing(hashes_of(TEXTS[:3])).size == 3
    assert contents(folder) == {}


@given(order=st.permutations(range(20)), cut=st.integers(0, 20))
def test_the_same_texts_lie_in_the_same_bytes_whichever_way_they_came(tmp_path_factory, order, cut):
    plain, mixed = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("mixed")
    texts = TEXTS[:20]
    filled(plain, texts)
    store = Vectors(mixed, "fake 1", 8)
    for part in (order[:cut], order[cut:], order[:3]):
        some = [texts[place] for place in part]
        store.add("2025-01", hashes_of(some), vectors_of(some).reshape(-1, 8))
    store.keep("2025-01", hashes_of([texts[place] for place in order]))
    assert contents(mixed) == contents(plain)


def test_texts_that_are_gone_leave_no_byte(folder):
    store = filled(folder, TEXTS)
    store.add("2025-02", hashes_of(TEXTS[:3]), vectors_of(TEXTS[:3]))
    (folder / "2025-03.vectors.tmp").write_bytes((folder / "2025-01.vectors").read_bytes()[:5_000])
    assert holds(folder, TEXTS[1])
    store.forget(hashes_of(TEXTS[1:2]))
    assert not holds(folder, TEXTS[1])
    assert store.missing(hashes_of(TEXTS)).tolist() == [1]


def test_a_block_that_lost_texts_keeps_the_others_only(folder):
    store = filled(folder, TEXTS)
    store.keep("2025-01", hashes_of(TEXTS[5:]))
    assert not any(holds(folder, text) for text in TEXTS[:5])
    assert contents(folder) == contents_of_a_new_one(folder, TEXTS[5:])


def contents_of_a_new_one(folder, texts):
    other = folder.with_name("other")
    filled(other, texts)
    return contents(other)


def test_when_all_texts_are_gone_so_are_the_files(folder):
    store = filled(folder, TEXTS[:2])
    store.forget(hashes_of(TEXTS))
    assert contents(folder) == {}


@pytest.mark.parametrize("damage", ["torn", "flipped", "header", "empty"])
def test_a_damaged_file_is_found_passed_over_and_made_anew(folder, damage):
    filled(folder, TEXTS)
    file = folder / "2025-01.vectors"
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[-7] ^= 1
    file.write_bytes(
        {"torn": whole[:-100], "flipped": bytes(flipped), "header": b"x" + whole[1:], "empty": b""}[damage]
    )
    store = Vectors(folder, "fake 1", 8)
    assert [fault.file for fault in store.check()] == ["2025-01.vectors"]
    assert store.missing(hashes_of(TEXTS)).size == len(TEXTS)
    assert encode(folder) == len(TEXTS)
    assert file.read_bytes() == whole


def test_a_damaged_file_does_not_keep_what_must_be_forgotten(folder):
    store = filled(folder, TEXTS)
    with (folder / "2025-01.vectors").open("ab") as file:
        file.write(b"x")
    store.forget(hashes_of(TEXTS[:1]))
    assert not holds(folder, TEXTS[0])


def test_whoever_is_killed_while_encoding_goes_on_where_he_was(folder, tmp_path):
    encode(folder)
    whole = contents(folder)
    ran = subprocess.run([sys.executable, SCRIPT, tmp_path / "count", "0"], capture_output=True, check=True)
    touches, encoded = int(ran.stdout), []
    for last in range(3, touches, touches // 4):
        other = tmp_path / f"killed{last}"
        killed = subprocess.run([sys.executable, SCRIPT, other, str(last)], capture_output=True, check=False)
        assert killed.returncode == -9
        encoded.append(encode(other))
        assert contents(other) == whole
    assert encoded == sorted(encoded, reverse=True)
    assert encoded[-1] == 0


def test_what_has_no_vector_is_an_error_that_says_so(folder):
    with pytest.raises(StoreError, match="lacks the vectors of 2 texts"):
        filled(folder, TEXTS[:3]).read(hashes_of(TEXTS[2:5]))


def test_a_folder_of_a_later_version_is_refused(folder, monkeypatch):
    monkeypatch.setattr("estran.store.vectors.FORMAT", 2)
    filled(folder, TEXTS[:2])
    monkeypatch.undo()
    with pytest.raises(StoreError, match="later Estran"):
        Vectors(folder, "fake 1", 8)


def test_a_file_in_the_place_of_the_folder_is_an_error(folder):
    folder.write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be written"):
        filled(folder, TEXTS[:2])


def test_with_a_key_nobody_else_can_ask_whether_a_text_was_said():
    plain, keyed, other = hashes_of(["hi"]), hashes_of(["hi"], key=b"one"), hashes_of(["hi"], key=b"two")
    assert len({*plain.tolist(), *keyed.tolist(), *other.tolist()}) == 3
    assert hashes_of([]).shape == (0,)
