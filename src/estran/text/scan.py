"""The compiled scan: UTF-8 bytes in, token hashes out; no dictionary of words and no Python string.

Equal to `estran.text.tokens.tokens` token for token. A token is known by a 64-bit hash of its lower-cased bytes; the
lowest bit of the hash says whether the token is a stop word (`STOP`), and 0 is the end of a phrase. Tokens of up to 8
bytes never collide before the stop bit is set; for n distinct phrases the chance of one collision is about n² / 2^64
(4e-6 for 12 million).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from estran.compiled import njit, njit_inlined
from estran.text.tokens import APOSTROPHE, BLANK, ELISIONS, LONGEST_WORD, MARK, OTHER, WORD, alphabet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BLOCK_BYTES = 1 << 17
"""Text scanned at a time: its token hashes stay in the second-level cache."""

_U = np.uint64
_0, _1, _2, _3, _4, _6, _7, _8, _12 = (_U(n) for n in (0, 1, 2, 3, 4, 6, 7, 8, 12))
_29, _32, _57, _64 = _U(29), _U(32), _U(57), _U(64)
_TAIL = _U(0x3F)  # payload of a continuation byte
_LONGEST = _U(LONGEST_WORD)
_SEED, _MULTIPLY, _FINISH = _U(0x2545F4914F6CDD1D), _U(0x9E3779B97F4A7C15), _U(0xD6E8FEB86659FD93)
_TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = np.uint8(0x80), np.uint8(0xE0), np.uint8(0xF0)
_NO_LETTER, _NO_CHARACTER = np.uint8(0), np.uint32(0)
_OTHER, _BLANK, _WORD, _MARK, _APOSTROPHE = (
    np.uint32(kind) for kind in (OTHER, BLANK, WORD, MARK, APOSTROPHE)
)
_KIND = np.uint32(16)
LOWER = np.uint32(0xFFFF)
"""The part of `Scanner.points` that is the lower case."""

Gathered = tuple[np.uint64, np.uint64, np.uint64]
"""A word being read: what became of its full words of 8 bytes, the bytes since, and their bits."""

STOP = _U(1)
"""The bit of a token's hash that says "stop word"."""


class Scanner(NamedTuple):
    """What the scan must know about characters and words.

    Attributes:
        points: (65536,) kind << 16 | lower case of each code point.
        letters: (256,) lower case of an ASCII word character, 0 for every other byte.
        elisions: elided words without apostrophe, their bytes packed in one integer.
        stops: hash table of the stop words, elisions included.
    """

    points: NDArray[np.uint32]
    letters: NDArray[np.uint8]
    elisions: NDArray[np.uint64]
    stops: NDArray[np.uint64]


@cache
def scanner(stop_words: frozenset[str] = frozenset()) -> Scanner:
    """The scanner of a language that has these stop words; elisions are stop words everywhere."""
    kind, lower = alphabet()
    letters = np.zeros(256, np.uint8)
    letters[:128] = np.where(kind[:128] == WORD, lower[:128], 0)
    elisions = np.array([int.from_bytes(word[:-1].encode(), "little") for word in ELISIONS], np.uint64)
    hashes = token_hashes(pa.array(sorted(stop_words.union(ELISIONS)), pa.large_string()))
    stops = np.zeros(1 << max(8, (4 * len(hashes)).bit_length()), np.uint64)
    _fill_set(hashes, stops)
    points = (kind.astype(np.uint32) << np.uint32(16)) | lower.astype(np.uint32)
    return Scanner(points, letters, elisions, stops)


class Scanned(NamedTuple):
    """The tokens of stretches of text, one stretch after the other.

    Attributes:
        hashes: (tokens,) hash of each token, 0 for the end of a phrase; every phrase ends with one.
        places: (tokens,) the byte where each token, or the end of a phrase, lies.
        starts: (stretches + 1,) where each stretch begins in `hashes`.
    """

    hashes: NDArray[np.uint64]
    places: NDArray[np.uint64]
    starts: NDArray[np.uint64]


class Room:
    """Room for tokens that one thread uses again and again; it grows with the largest block."""

    def __init__(self) -> None:
        self._hashes = np.empty(0, np.uint64)
        self._places = np.empty(0, np.uint64)

    def tokens(self, text_bytes: int, stretches: int) -> Scanned:
        """Room for the tokens of so many bytes in so many stretches; the tokens last found here are lost."""
        size = text_bytes + stretches
        if len(self._hashes) < size:
            self._hashes, self._places = np.empty(size, np.uint64), np.empty(size, np.uint64)
        return Scanned(self._hashes, self._places, np.empty(stretches + 1, np.uint64))


def token_hashes(words: pa.LargeStringArray) -> NDArray[np.uint64]:
    """The hash of each word, taken as it is written: it should be a token."""
    return _plain_hashes(*bytes_of(words))


def bytes_of(texts: pa.LargeStringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of texts from the first one on, and the n + 1 offsets between them; a null text is empty."""
    if texts.null_count:
        texts = texts.fill_null("")
    _, offsets, content = texts.buffers()
    if content is None or len(texts) == 0:
        return np.frombuffer(b"", np.uint8), np.zeros(len(texts) + 1, np.int64)
    places = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(content, np.uint8)[places[0] : places[-1]], places - places[0]


def blocks(lengths: NDArray[np.int64], *, most: int = BLOCK_BYTES) -> Iterator[tuple[int, int]]:
    """Consecutive messages of at most `most` bytes together, or one longer message: (first, last + 1)."""
    ends = np.cumsum(lengths)
    first = 0
    while first < len(lengths):
        before = ends[first] - lengths[first]
        last = max(first + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield first, last
        first = last


@njit_inlined
def join(phrase: np.uint64, token: np.uint64) -> np.uint64:
    """The hash of a phrase with one token more; tokens come without their stop bit."""
    mixed = (((phrase << _7) | (phrase >> _57)) ^ token) * _MULTIPLY
    mixed = (mixed ^ (mixed >> _29)) * _FINISH
    mixed ^= mixed >> _32
    return mixed if mixed != _0 else _1


@njit_inlined
def _finish(state: np.uint64, word: np.uint64) -> np.uint64:
    """The hash of a token from its full words of 8 bytes and the rest; never 0, its stop bit off."""
    mixed = (state ^ word) * _MULTIPLY
    mixed = (mixed ^ (mixed >> _32)) * _FINISH
    mixed = (mixed ^ (mixed >> _32)) & ~STOP
    return mixed if mixed != _0 else _2


@njit_inlined
def _push(state: np.uint64, word: np.uint64, shift: np.uint64, byte: np.uint64) -> Gathered:
    """One byte more: the bytes gather in `word`, which goes into `state` when it is full."""
    word |= byte << shift
    shift += _8
    if shift == _64:
        state = (state ^ word) * _MULTIPLY
        state ^= state >> _29
        word = _0
        shift = _0
    return state, word, shift


@njit_inlined
def _push_point(state: np.uint64, word: np.uint64, shift: np.uint64, point: np.uint64) -> Gathered:
    """One code point of the basic plane more, in UTF-8."""
    if point < _U(0x80):
        return _push(state, word, shift, point)
    if point < _U(0x800):
        state, word, shift = _push(state, word, shift, _U(0xC0) | (point >> _6))
        return _push(state, word, shift, _U(0x80) | (point & _TAIL))
    state, word, shift = _push(state, word, shift, _U(0xE0) | (point >> _12))
    state, word, shift = _push(state, word, shift, _U(0x80) | ((point >> _6) & _TAIL))
    return _push(state, word, shift, _U(0x80) | (point & _TAIL))


@njit_inlined
def two_bytes(first: np.uint8, second: np.uint8) -> np.uint64:
    """The code point that UTF-8 writes in these two bytes."""
    return ((_U(first) & _U(0x1F)) << _6) | (_U(second) & _TAIL)


@njit_inlined
def three_bytes(first: np.uint8, second: np.uint8, third: np.uint8) -> np.uint64:
    """The code point that UTF-8 writes in these three bytes."""
    return ((_U(first) & _U(0x0F)) << _12) | ((_U(second) & _TAIL) << _6) | (_U(third) & _TAIL)


@njit
def scan(  # noqa: C901, PLR0912, PLR0915 - one function: a call that takes arrays costs more than the word it would read
    text: NDArray[np.uint8],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    scanner: Scanner,
    most: int,
    tokens: Scanned,
) -> None:
    """Find the tokens of stretches of text.

    Args:
        text: UTF-8, valid.
        begins: the first byte of each stretch.
        ends: the byte after each stretch.
        scanner: of the text's language.
        most: tokens and ends of phrases to find in a stretch; the rest is left out.
        tokens: filled; `hashes` and `places` must be as long as the bytes plus the stretches.
    """
    points, letters, elisions, stops = scanner
    hashes, places, starts = tokens
    mask = _U(len(stops) - 1)
    written = _0
    for number in range(_U(len(begins))):
        at, end = _U(begins[number]), _U(ends[number])
        starts[number] = written
        last = written + _U(most)
        in_phrase = False
        while at < end and written < last:
            start = at
            state, word, shift = _SEED, _0, _0
            kind, length = _OTHER, _1
            before = state, word, shift, at  # what was gathered before an apostrophe or hyphen
            joined = False  # the last character was one
            while at < end:
                byte = text[at]
                letter = letters[byte]
                if letter != _NO_LETTER:
                    state, word, shift = _push(state, word, shift, _U(letter))
                    at += _1
                    joined = False
                    continue
                character, length = _NO_CHARACTER, _4
                if byte < _TWO_BYTES:
                    character, length = points[byte], _1
                elif byte < _THREE_BYTES:
                    character, length = points[two_bytes(byte, text[at + _1])], _2
                elif byte < _FOUR_BYTES:
                    character, length = points[three_bytes(byte, text[at + _1], text[at + _2])], _3
                kind = character >> _KIND
                if kind == _WORD or (kind == _MARK and at > start and not joined):
                    state, word, shift = _push_point(state, word, shift, _U(character & LOWER))
                    at += length
                    joined = False
                elif kind >= _APOSTROPHE and at > start and not joined:
                    before = state, word, shift, at
                    elided = False
                    if kind == _APOSTROPHE and at - start <= _6:
                        for elision in range(_U(len(elisions))):
                            elided |= elisions[elision] == word
                    state, word, shift = _push(state, word, shift, _U(character & LOWER))
                    at += length
                    if elided:
                        break
                    joined = True
                else:
                    break
            if joined:
                state, word, shift, at = before
            if start < at <= start + _LONGEST:
                token = _finish(state, word)
                slot = (token >> _32) & mask
                while stops[slot] != _0 and stops[slot] != token:
                    slot = (slot + _1) & mask
                hashes[written] = token | _U(stops[slot] == token)
                places[written] = start
                written += _1
                in_phrase = True
                continue
            if in_phrase and (kind != _BLANK or start < at):
                hashes[written] = _0
                places[written] = start
                written += _1
                in_phrase = False
            if start == at:
                at += length
        if in_phrase and written < last:
            hashes[written] = _0
            places[written] = end
            written += _1
    starts[_U(len(begins))] = written


@njit
def _plain_hashes(text: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The hash of each stretch of bytes, which is a token already."""
    hashes = np.empty(len(offsets) - 1, np.uint64)
    for number in range(_U(len(hashes))):
        state, word, shift = _SEED, _0, _0
        for at in range(_U(offsets[number]), _U(offsets[number + _1])):
            state, word, shift = _push(state, word, shift, _U(text[at]))
        hashes[number] = _finish(state, word)
    return hashes


@njit
def _fill_set(hashes: NDArray[np.uint64], table: NDArray[np.uint64]) -> None:
    """Fill an open-addressing set; its length is a power of two."""
    mask = _U(len(table) - 1)
    for token in hashes:
        slot = (token >> _32) & mask
        while table[slot] != _0 and table[slot] != token:
            slot = (slot + _1) & mask
        table[slot] = token
