"""Counting phrases: the compiled kernel equals the plain reference, however the messages are shared out."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty import NASTY, texts

from estran.text import reference
from estran.text.merging import merge
from estran.text.phrases import MOST_CELLS, Cell, Scratch, as_texts, count_cell
from estran.text.scan import scanner

STOPS = {"fr": frozenset(["de", "la", "son"]), "en": frozenset(["the", "of"])}
Message = tuple[str, int, str, int]


def cells_of(messages: list[Message]) -> list[Cell]:
    """One cell for each key; the language is the first message's."""
    cells = []
    for key in dict.fromkeys(message[3] for message in messages):
        own = [message for message in messages if message[3] == key]
        texts = pa.array([message[0] for message in own], pa.large_string())
        authors = np.array([message[1] for message in own], np.int32)
        cells.append(Cell(texts, authors, own[0][2], key))
    return cells


def counted(messages: list[Message], *, at_least: int, longest: int = 4, threads: int = 1):
    partials = [
        count_cell(cell, scanner(STOPS[cell.language]), longest=longest, number=number)
        for number, cell in enumerate(cells_of(messages))
    ]
    return as_dict(merge(partials, at_least=at_least, threads=threads))


def as_dict(counts):
    phrases = counts.phrases.to_list()
    rows = zip(counts.phrase, counts.cell, counts.messages, counts.people, strict=True)
    return {(phrases[p], int(c)): (int(m), int(n)) for p, c, m, n in rows}


def messages_of(texts: list[str]) -> list[Message]:
    return [(text, i % 3, "fr" if i % 2 else "en", i % 4) for i, text in enumerate(texts)]


def test_messages_and_people_are_counted_once_each():
    said = [("new product, new product", 7, "en", 0), ("the new product", 7, "en", 0), ("new", 8, "en", 0)]
    assert counted(said, at_least=1) == {
        ("new", 0): (3, 2), ("product", 0): (2, 1), ("new product", 0): (2, 1),
    }  # fmt: skip


def test_a_stop_word_may_stand_inside_a_phrase_but_not_at_its_ends():
    found = {phrase for phrase, _ in counted([("le réseau de la ville", 0, "fr", 0)], at_least=1)}
    assert found == {"le", "le réseau", "réseau", "réseau de la ville", "ville"}


def test_each_language_has_its_own_stop_words():
    said = [("son", 0, "fr", 0), ("son", 0, "en", 1)]
    assert counted(said, at_least=1) == {("son", 1): (1, 1)}


def test_an_elision_is_a_stop_word_in_every_language():
    assert counted([("l'équipe d'Orsay", 0, "en", 0)], at_least=1).keys() == {
        ("équipe", 0), ("équipe d' orsay", 0), ("orsay", 0),
    }  # fmt: skip


def test_a_phrase_is_kept_by_its_messages_in_all_cells_together():
    said = [("rare", 0, "en", 0), ("rare", 0, "en", 1), ("rarer", 0, "en", 1)]
    assert counted(said, at_least=2) == {("rare", 0): (1, 1), ("rare", 1): (1, 1)}


@pytest.mark.parametrize("longest", [1, 2, 4, 8])
def test_nasty_texts_are_counted_as_the_reference_does(longest):
    said = messages_of(list(NASTY) * 2)
    assert counted(said, at_least=1, longest=longest) == reference.count(
        said, STOPS, at_least=1, longest=longest
    )


@given(st.lists(texts(), max_size=30), st.integers(1, 3))
@settings(deadline=None, max_examples=100)
def test_any_texts_are_counted_as_the_reference_does(texts, at_least):
    said = messages_of(texts)
    assert counted(said, at_least=at_least) == reference.count(said, STOPS, at_least=at_least)


@given(st.lists(st.tuples(texts(), st.integers(0, 5)), max_size=30), st.integers(1, 4), st.randoms())
@settings(deadline=None, max_examples=60)
def test_cells_split_by_author_and_shuffled_give_the_same_counts(said, parts, random):
    whole = [(text, author, "fr", 5) for text, author in said]
    cells = [cell for part in range(parts) for cell in cells_of([m for m in whole if m[1] % parts == part])]
    random.shuffle(cells)
    partials = [count_cell(cell, scanner(STOPS["fr"]), number=number) for number, cell in enumerate(cells)]
    assert as_dict(merge(partials, at_least=2, threads=2)) == reference.count(whole, STOPS, at_least=2)


def many_messages(count: int) -> list[Message]:
    rng = np.random.default_rng(1)
    words = [f"mot{n}" for n in range(2000)]
    chosen = rng.choice(words, (count, 20))
    return [(" ".join(row), int(rng.integers(40)), "fr", i % 3) for i, row in enumerate(chosen)]


def test_tables_grow_and_ranges_are_many(monkeypatch):
    monkeypatch.setattr("estran.text.merging.RANGE_ROWS", 500)
    said = many_messages(1500)
    assert counted(said, at_least=2, threads=2) == reference.count(said, STOPS, at_least=2)


def test_the_answer_is_the_same_bytes_in_any_order():
    said = many_messages(300)
    cells = cells_of(said)
    answers = []
    for order in (cells, cells[::-1]):
        partials = [count_cell(cell, scanner(STOPS["fr"]), number=n) for n, cell in enumerate(order)]
        merged = merge(partials, at_least=2)
        answers.append(
            (merged.phrases.to_list(), *(column.tobytes() for column in (merged.phrase, merged.cell)))
        )
    assert answers[0] == answers[1]


def test_a_message_of_ten_megabytes_is_counted_to_its_end():
    long = "le réseau 🚀 " * 700_000 + "la toute fin"
    short = "toute fin"
    found = counted([(long, 0, "fr", 0), (short, 1, "fr", 0)], at_least=2)
    assert found == {("toute", 0): (2, 2), ("toute fin", 0): (2, 2), ("fin", 0): (2, 2)}


def test_a_workspace_forgets_the_last_cell():
    scratch = Scratch()
    first, second = cells_of([("alpha beta " * 5000, 0, "en", 0), ("gamma", 0, "en", 1)])
    count_cell(first, scanner(), scratch=scratch)
    partial = count_cell(second, scanner(), scratch=scratch)
    assert as_dict(merge([partial], at_least=1)) == {("gamma", 1): (1, 1)}


def test_a_slice_of_texts_and_null_texts_are_counted():
    texts = pa.array(["zero", "one", None, "one two", "three"], pa.large_string()).slice(1, 3)
    partial = count_cell(Cell(texts, np.zeros(3, np.int32), "en", 0), scanner())
    assert as_dict(merge([partial], at_least=1)) == {
        ("one", 0): (2, 1),
        ("one two", 0): (1, 1),
        ("two", 0): (1, 1),
    }


def test_nothing_to_count_gives_no_phrase():
    nothing = merge([], at_least=1)
    assert (nothing.phrases.to_list(), len(nothing.phrase)) == ([], 0)


@pytest.mark.parametrize(("longest", "number"), [(0, 0), (9, 0), (4, -1), (4, MOST_CELLS)])
def test_what_a_pointer_cannot_hold_is_refused(longest, number):
    with pytest.raises(ValueError, match="tokens in cell"):
        count_cell(cells_of([("a", 0, "en", 0)])[0], scanner(), longest=longest, number=number)


def test_strings_become_large_arrow_strings():
    import polars as pl

    assert as_texts(pl.Series(["a", None])) == pa.array(["a", None], pa.large_string())
