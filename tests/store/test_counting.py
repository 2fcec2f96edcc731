"""Counting on this machine: threads, streams and bounded memory change nothing in the answer."""

import tempfile
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from estran.store.counting import count_cells
from estran.text import reference
from estran.text.phrases import Cell

if TYPE_CHECKING:
    from pathlib import Path

STOPS = {"fr": frozenset(["de", "la"]), "en": frozenset(["the", "of"])}
WORDS = [
    "réseau",
    "social",
    "d'entreprise",
    "l’équipe",
    "de",
    "la",
    "the",
    "of",
    "team",
    "aujourd'hui",
    "🎉",
    ",",
    ".",
    "日本",
    "don't",
]


@pytest.fixture(scope="module")
def said():
    rng = np.random.default_rng(3)
    lengths = rng.integers(0, 25, 600)
    keys = rng.integers(0, 8, 600)
    return [
        (" ".join(rng.choice(WORDS, length)), int(rng.integers(30)), "fr" if key % 2 else "en", int(key))
        for length, key in zip(lengths, keys, strict=True)
    ]


@pytest.fixture(scope="module")
def cells(said):
    found = []
    for key in range(8):
        own = [message for message in said if message[3] == key]
        texts = pa.array([text for text, *_ in own], pa.large_string())
        found.append(Cell(texts, np.array([author for _, author, *_ in own], np.int32), own[0][2], key))
    return found


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def as_dict(counts):
    phrases = counts.phrases.to_list()
    rows = zip(counts.phrase, counts.cell, counts.messages, counts.people, strict=True)
    return {(phrases[p], int(c)): (int(m), int(n)) for p, c, m, n in rows}


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("memory", [1, 200_000, 1 << 30])
@pytest.mark.parametrize("stream", [True, False])
def test_every_way_of_running_gives_the_reference(cells, said, threads, memory, stream):
    counts = count_cells(iter(cells) if stream else cells, STOPS, at_least=3, threads=threads, memory=memory)
    assert as_dict(counts) == reference.count(said, STOPS, at_least=3)


def test_spilled_and_held_counts_are_the_same_bytes(cells):
    held = count_cells(cells, STOPS, at_least=2)
    spilled = count_cells(iter(cells[::-1]), STOPS, at_least=2, threads=1, memory=1)
    assert held.phrases.equals(spilled.phrases)
    for column in ("phrase", "cell", "messages", "people"):
        assert getattr(held, column).tobytes() == getattr(spilled, column).tobytes()


def test_rows_go_by_phrase_then_cell(cells):
    counts = count_cells(cells, STOPS, at_least=1)
    order = np.lexsort((counts.cell, counts.phrase))
    assert order.tolist() == list(range(len(order)))


def test_progress_counts_messages_to_the_last(cells):
    done: list[int] = []
    count_cells(cells, STOPS, at_least=1, progress=done.append)
    assert (done == sorted(done), len(done), done[-1]) == (True, 8, 600)


def test_the_temporary_folder_is_used_and_removed(cells, temporary):
    seen: list[list[Path]] = []
    count_cells(cells, STOPS, at_least=1, memory=1, progress=lambda _: seen.append(list(temporary.iterdir())))
    assert len(seen[-1]) == 1
    assert list(temporary.iterdir()) == []


def test_the_temporary_folder_is_removed_after_an_error(cells, temporary):
    def broken():
        yield from cells
        raise OSError("the source is gone")

    with pytest.raises(OSError, match="the source is gone"):
        count_cells(broken(), STOPS, at_least=1, memory=1)
    assert list(temporary.iterdir()) == []


def test_an_error_in_a_cell_is_raised(cells):
    with pytest.raises(ValueError, match="phrases of 9 tokens"):
        count_cells(cells, STOPS, at_least=1, longest=9)


def test_a_stream_is_taken_no_faster_than_it_is_counted(cells):
    taken: list[int] = []
    ahead: list[int] = []
    stream = (taken.append(cell.key) or cell for cell in cells)
    count_cells(stream, STOPS, at_least=1, progress=lambda _: ahead.append(len(taken) - len(ahead)))
    assert max(ahead) <= 3


def test_no_cell_gives_no_phrase():
    assert count_cells([], STOPS, at_least=1).phrases.len() == 0
