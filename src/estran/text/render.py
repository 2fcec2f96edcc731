"""Phrases written out from the place where they were said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from estran.compiled import njit
from estran.text.scan import LOWER, Scanned, Scanner, bytes_of, scan, scanner, three_bytes, two_bytes
from estran.text.tokens import BLANK

if TYPE_CHECKING:
    from numpy.typing import NDArray

_U = np.uint64
_0, _1, _2, _3 = _U(0), _U(1), _U(2), _U(3)
_KIND, _BLANK_KIND = np.uint32(16), np.uint32(BLANK)
_BLANK = np.uint8(ord(" "))
_TWO_BYTES, _THREE_BYTES = np.uint8(0x80), np.uint8(0xE0)
_TAIL = _U(0x3F)


def render(
    texts: pa.LargeStringArray, places: NDArray[np.uint64], lengths: NDArray[np.uint64]
) -> pa.LargeStringArray:
    """The phrases that begin at these bytes: their tokens in lower case, joined by one blank.

    Args:
        texts: the messages.
        places: (n,) the first byte of each phrase, counted from the first byte of the first message.
        lengths: (n,) how many tokens it has; only blanks part them in the text.
    """
    text, bounds = bytes_of(texts)
    begins = places.astype(np.int64)
    ends = bounds[np.searchsorted(bounds, begins, side="right")]
    most = int(lengths.max(initial=0)) + 1  # one more: where the last token ends
    room = len(places) * most
    tokens = Scanned(
        np.empty(room, np.uint64), np.empty(room, np.uint64), np.empty(len(places) + 1, np.uint64)
    )
    scan(text, begins, ends, scanner(), most, tokens)
    content = np.empty(int(_room(tokens, lengths)), np.uint8)
    offsets = np.zeros(len(places) + 1, np.int64)
    size = int(_write(text, tokens, lengths, scanner(), content, offsets))
    return pa.LargeStringArray.from_buffers(len(places), pa.py_buffer(offsets), pa.py_buffer(content[:size]))


@njit
def _room(tokens: Scanned, lengths: NDArray[np.uint64]) -> np.uint64:
    """Bytes that are enough to write the phrases: a letter may take half as much again in lower case."""
    room = _0
    for number in range(_U(len(lengths))):
        first = tokens.starts[number]
        room += (tokens.places[first + lengths[number]] - tokens.places[first]) * _3 // _2 + lengths[number]
    return room


@njit
def _write(
    text: NDArray[np.uint8],
    tokens: Scanned,
    lengths: NDArray[np.uint64],
    scanner: Scanner,
    content: NDArray[np.uint8],
    offsets: NDArray[np.int64],
) -> np.uint64:
    """Write the phrases into `content`, and where each one ends into `offsets`; the bytes written."""
    points = scanner.points
    places, starts = tokens.places, tokens.starts
    written = _0
    for number in range(_U(len(lengths))):
        for token in range(starts[number], starts[number] + lengths[number]):
            if token > starts[number]:
                content[written] = _BLANK
                written += _1
            at = places[token]
            while (
                at < places[token + _1]
            ):  # the next token, or the end of the phrase: until there, only blanks
                byte = text[at]
                character, length = points[byte], _1
                if byte >= _THREE_BYTES:
                    character, length = points[three_bytes(byte, text[at + _1], text[at + _2])], _3
                elif byte >= _TWO_BYTES:
                    character, length = points[two_bytes(byte, text[at + _1])], _2
                if character >> _KIND != _BLANK_KIND:
                    written = _put(content, written, _U(character & LOWER))
                at += length
        offsets[number + _1] = np.int64(written)
    return written


@njit
def _put(content: NDArray[np.uint8], at: np.uint64, point: np.uint64) -> np.uint64:
    """Write a code point of the basic plane in UTF-8; where the next one goes."""
    if point < _U(0x80):
        content[at] = point
        return at + _1
    low = _U(0x80) | (point & _TAIL)
    if point < _U(0x800):
        content[at] = _U(0xC0) | (point >> _U(6))
        content[at + _1] = low
        return at + _2
    content[at] = _U(0xE0) | (point >> _U(12))
    content[at + _1] = _U(0x80) | ((point >> _U(6)) & _TAIL)
    content[at + _2] = low
    return at + _3
