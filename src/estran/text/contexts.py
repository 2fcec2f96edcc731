"""The words around concepts: how often each word stands within a few words of each concept.

Words are known by their hashes (`estran.text.scan`), so no dictionary and no Python string is made. Stop words are no
context, and none reaches over the end of a sentence; a comma is no end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from estran.compiled import njit
from estran.text.matching import occurrences_of, trie_of
from estran.text.packs import load
from estran.text.scan import STOP, Room, Scanned, blocks, bytes_of, scan, scanner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from estran.text.matching import Lexicon, Trie

WINDOW = 5
"""Words before a concept and after it that are its context; stop words stand in the way and count."""

REPEATS = 3
"""A message gives the contexts of so many occurrences of a concept: a long one is no proof of many."""

Place = np.int64 | int

_U = np.uint64
_0, _1 = _U(0), _U(1)
_NEWLINE, _BLANK = np.uint8(ord("\n")), np.uint8(ord(" "))
_ENDS = tuple(np.uint8(ord(sign)) for sign in ".!?")
_ROOM = 1 << 16


@dataclass(frozen=True, slots=True)
class Contexts:
    """How often a word stood near a concept; by concept, then word.

    Attributes:
        concept: (M,) int32.
        word: (M,) uint64, hash of the word.
        count: (M,) int64, at least 1.
    """

    concept: NDArray[np.int32]
    word: NDArray[np.uint64]
    count: NDArray[np.int64]


class _Asked(NamedTuple):
    """The concepts asked for in consecutive messages: those of message i are `concept[starts[i]:starts[i + 1]]`."""

    starts: NDArray[np.int64]
    concept: NDArray[np.uint64]
    taken: NDArray[np.int64]


class _Out(NamedTuple):
    concept: NDArray[np.int32]  # place among the concepts asked for
    word: NDArray[np.uint64]
    occurrences: NDArray[np.uint64]


def contexts(
    texts: pa.LargeStringArray,
    languages: Sequence[str | None] | pl.Series,
    lexicons: Mapping[str, Lexicon],
    message: NDArray[np.int32],
    concept: NDArray[np.int32],
) -> Contexts:
    """The words around chosen concepts in chosen messages.

    A concept is read where it stands outside every longer match of another one, as it was counted.

    Args:
        texts: (n,) the messages.
        languages: (n,) of each; a message in a language without lexicon gives nothing.
        lexicons: of all concepts, by language.
        message: (k,) rows of `texts`, rising.
        concept: (k,) what to look for in each; distinct pairs.
    """
    trie, names = trie_of(lexicons)
    text, offsets = bytes_of(texts)
    rows, first = np.unique(message, return_index=True)
    starts = np.append(first, len(message))
    spoken = pl.Series("language", languages, dtype=pl.String).gather(rows)
    place = np.searchsorted(names, concept)
    parts = []
    for code, language in enumerate(lexicons, start=1):
        own = np.flatnonzero((spoken == language).fill_null(value=False).to_numpy())
        sizes = starts[own + 1] - starts[own]
        at = np.repeat(starts[own] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        asked = _Asked(
            np.append(0, np.cumsum(sizes)), place[at].astype(np.uint64), np.zeros(len(at), np.int64)
        )
        parts += _read(text, offsets, rows[own], asked, trie, (code, language))
    owner = np.concatenate([np.empty(0, np.int32), *(part[0] for part in parts)])
    word = np.concatenate([np.empty(0, np.uint64), *(part[1] for part in parts)])
    return _counted(names.astype(np.int32)[owner], word, np.ones(len(word), np.int64))


def joined(parts: Sequence[Contexts]) -> Contexts:
    """The contexts of several corpora as those of one."""
    return _counted(
        np.concatenate([np.empty(0, np.int32), *(part.concept for part in parts)]),
        np.concatenate([np.empty(0, np.uint64), *(part.word for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *(part.count for part in parts)]),
    )


def _counted(concept: NDArray[np.int32], word: NDArray[np.uint64], count: NDArray[np.int64]) -> Contexts:
    """Every pair once, its counts added up."""
    words, column = np.unique(word, return_inverse=True)
    pairs, pair = np.unique(concept.astype(np.int64) * max(len(words), 1) + column, return_inverse=True)
    total = np.bincount(pair, weights=count, minlength=len(pairs)).astype(np.int64)
    number, column = np.divmod(pairs, max(len(words), 1))
    return Contexts(number.astype(np.int32), words[column], total)


def _read(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    rows: NDArray[np.int32],
    asked: _Asked,
    trie: Trie,
    language: tuple[int, str],
) -> list[tuple[NDArray[np.int32], NDArray[np.uint64]]]:
    """Concepts and the words near them, in messages of one language."""
    begins, ends = offsets[rows], offsets[rows.astype(np.int64) + 1]
    words, code = scanner(load(language[1]).stop_words), np.uint64(language[0])
    found, room = [], Room()
    out = _Out(np.empty(_ROOM, np.int32), np.empty(_ROOM, np.uint64), np.empty((_ROOM, 3), np.uint64).ravel())
    for first, last in blocks(ends - begins):
        tokens = room.tokens(int((ends - begins)[first:last].sum()), last - first)
        scan(text, begins[first:last], ends[first:last], words, len(text) + 1, tokens)
        done = first
        while done < last:
            some = tokens._replace(starts=tokens.starts[done - first :])
            written, fitted = _gather(text, some, ends[done:last], (done, code), asked, trie, out)
            found.append((out.concept[:written].copy(), out.word[:written].copy()))
            done += fitted
            if fitted == 0:
                larger = 2 * len(out.word)
                out = _Out(
                    np.empty(larger, np.int32), np.empty(larger, np.uint64), np.empty(3 * larger, np.uint64)
                )
    return found


@njit
def _gather(
    text: NDArray[np.uint8],
    tokens: Scanned,
    ends: NDArray[np.int64],
    which: tuple[int, np.uint64],
    asked: _Asked,
    trie: Trie,
    out: _Out,
) -> tuple[int, int]:
    """Write the words near what is asked for, message by message, until one does not fit.

    Returns:
        The words written, and how many messages fitted.
    """
    first, code = which
    room = len(out.word)
    matches = out.occurrences.reshape((room, 3))
    written, number = 0, 0
    while number < len(ends):
        begin, end = tokens.starts[_U(number)], tokens.starts[_U(number) + _1]
        hashes, places = tokens.hashes[begin:end], tokens.places[begin:end]
        _, many = occurrences_of(hashes, code, trie, matches)
        found = np.int64(many)
        if found >= room or written + 2 * WINDOW * found > room:
            break
        low, high = asked.starts[first + number], asked.starts[first + number + 1]
        for item in range(found):
            start, past, concept = matches[item, 0], matches[item, 1], matches[item, 2]
            at = low
            while at < high and asked.concept[at] != concept:
                at += 1
            if at == high or asked.taken[at] == REPEATS or _inside(matches, item, found, trie.longest[0]):
                continue
            asked.taken[at] += 1
            written = _before(text, hashes, places, np.int64(start), np.int32(concept), written, out)
            written = _after(
                text, hashes, places, np.int64(past), np.int32(concept), (written, ends[number]), out
            )
        number += 1
    return written, number


@njit
def _inside(matches: NDArray[np.uint64], item: int, found: Place, longest: np.uint64) -> bool:
    """Whether a match lies inside a longer one of another concept."""
    start, past, concept = matches[item, 0], matches[item, 1], matches[item, 2]
    other = item
    while other > 0 and matches[other - 1, 0] + longest > start:
        other -= 1
    while other < found and matches[other, 0] <= start:
        longer = matches[other, 1] - matches[other, 0] > past - start
        if longer and matches[other, 1] >= past and matches[other, 2] != concept:
            return True
        other += 1
    return False


@njit
def _before(
    text: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    places: NDArray[np.uint64],
    start: Place,
    concept: np.int32,
    written: int,
    out: _Out,
) -> int:
    """Write the words before a match; how many words are written then."""
    at, steps = start - 1, 0
    while at >= 0 and steps < WINDOW:
        if hashes[at] == _0:
            if _ends_sentence(text, np.int64(places[at]), np.int64(places[at + 1])):
                break
        else:
            steps += 1
            if hashes[at] & STOP == _0:
                out.concept[written], out.word[written] = concept, hashes[at]
                written += 1
        at -= 1
    return written


@njit
def _after(
    text: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    places: NDArray[np.uint64],
    past: Place,
    concept: np.int32,
    so_far: tuple[int, np.int64],
    out: _Out,
) -> int:
    """Write the words after a match, in a message that ends at a byte; how many words are written then."""
    written, end = so_far
    at, steps = past, 0
    while at < len(hashes) and steps < WINDOW:
        if hashes[at] == _0:
            following = np.int64(places[at + 1]) if at + 1 < len(hashes) else end
            if _ends_sentence(text, np.int64(places[at]), following):
                break
        else:
            steps += 1
            if hashes[at] & STOP == _0:
                out.concept[written], out.word[written] = concept, hashes[at]
                written += 1
        at += 1
    return written


@njit
def _ends_sentence(text: NDArray[np.uint8], place: Place, following: Place) -> bool:
    """Whether a sentence ends between a word and the next: at a new line, or a full stop before a blank."""
    for at in range(place, following):
        if text[at] == _NEWLINE:
            return True
        stop = text[at] == _ENDS[0] or text[at] == _ENDS[1] or text[at] == _ENDS[2]
        if stop and (at + 1 == following or text[at + 1] == _BLANK or text[at + 1] == _NEWLINE):
            # a full stop right before the next word ("e.g.x", "2.0") ends nothing
            return bool(at + 1 < following or following == len(text))
    return False
