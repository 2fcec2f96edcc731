"""Phrases written out from the place where they were said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from estran.text.compiled import njit
from estran.text.scan import Scanner, bytes_of, decode, kind_at, scanner, word_at
from estran.text.tokens import BLANK

if TYPE_CHECKING:
    from numpy.typing import NDArray

_U = np.uint64
_0, _1 = _U(0), _U(1)
_BLANK = np.uint8(ord(" "))


class _Where(NamedTuple):
    """Where phrases lie: the first byte of each, its tokens, and the end of its message."""

    places: NDArray[np.uint64]
    lengths: NDArray[np.uint64]
    ends: NDArray[np.uint64]


def render(
    texts: pa.LargeStringArray, places: NDArray[np.uint64], lengths: NDArray[np.uint64]
) -> pa.LargeStringArray:
    """The phrases that begin at these bytes: their tokens in lower case, joined by one blank.

    Args:
        texts: the messages.
        places: (n,) the first byte of each phrase, counted from the first byte of the first message.
        lengths: (n,) how many tokens it has; only blanks part them in the text.
    """
    characters = scanner()
    text, bounds = bytes_of(texts)
    ends = bounds[np.searchsorted(bounds, places.astype(np.int64), side="right")].astype(np.uint64)
    where = _Where(places, lengths, ends)
    content = np.empty(int(_room(text, where, characters)), np.uint8)
    offsets = np.zeros(len(places) + 1, np.int64)
    _write(text, where, characters, content, offsets)
    return pa.LargeStringArray.from_buffers(len(places), pa.py_buffer(offsets), pa.py_buffer(content))


@njit
def _next_word(
    text: NDArray[np.uint8], at: np.uint64, end: np.uint64, characters: Scanner
) -> tuple[np.uint64, np.uint64]:
    """Where the word at or after `at` begins and ends; only blanks may lie before it."""
    while True:
        what, length = kind_at(text, at, end, characters)
        if what != BLANK:
            break
        at += length
    return at, word_at(text, at, end, characters)[1]


@njit
def _room(text: NDArray[np.uint8], where: _Where, characters: Scanner) -> np.uint64:
    """Bytes that are enough to write the phrases: a letter may take half as much again in lower case."""
    room = _0
    for number in range(_U(len(where.places))):
        after = where.places[number]
        for _ in range(where.lengths[number]):
            start, after = _next_word(text, after, where.ends[number], characters)
            room += (after - start) * _U(3) // _U(2) + _U(2)
    return room


@njit
def _write(
    text: NDArray[np.uint8],
    where: _Where,
    characters: Scanner,
    content: NDArray[np.uint8],
    offsets: NDArray[np.int64],
) -> None:
    """Write the phrases into `content`, and where each one ends into `offsets`."""
    written = _0
    for number in range(_U(len(where.places))):
        after = where.places[number]
        for word in range(where.lengths[number]):
            at, after = _next_word(text, after, where.ends[number], characters)
            if word != _0:
                content[written] = _BLANK
                written += _1
            while at < after:
                point, length = _U(text[at]), _1
                if point >= _U(0x80):
                    point, length = decode(text, at)
                written = _put(content, written, _U(characters.lower[point]))
                at += length
        offsets[number + _1] = np.int64(written)


@njit
def _put(content: NDArray[np.uint8], at: np.uint64, point: np.uint64) -> np.uint64:
    """Write a code point of the basic plane in UTF-8; where the next one goes."""
    if point < _U(0x80):
        content[at] = point
        return at + _1
    low = _U(0x80) | (point & _U(0x3F))
    if point < _U(0x800):
        content[at] = _U(0xC0) | (point >> _U(6))
        content[at + _1] = low
        return at + _U(2)
    content[at] = _U(0xE0) | (point >> _U(12))
    content[at + _1] = _U(0x80) | ((point >> _U(6)) & _U(0x3F))
    content[at + _U(2)] = low
    return at + _U(3)
