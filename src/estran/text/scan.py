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

from estran.text.compiled import njit
from estran.text.tokens import APOSTROPHE, BLANK, ELISIONS, LONGEST_WORD, MARK, OTHER, WORD, alphabet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

BLOCK_BYTES = 1 << 17
"""Text scanned at a time: its token hashes stay in the second-level cache."""

_U = np.uint64
_0, _1, _2, _3, _4, _6, _7, _8, _12 = (_U(n) for n in (0, 1, 2, 3, 4, 6, 7, 8, 12))
_29, _32, _57, _64 = _U(29), _U(32), _U(57), _U(64)
_TAIL = _U(0x3F)  # payload of a continuation byte
_LONGEST = _U(LONGEST_WORD)
_SEED, _MULTIPLY, _FINISH = _U(0x2545F4914F6CDD1D), _U(0x9E3779B97F4A7C15), _U(0xD6E8FEB86659FD93)
_NOT_ASCII = np.uint8(9)  # kind of a byte that begins a longer character
_OTHER = np.uint8(OTHER)
_APOSTROPHE, _HYPHEN = _U(ord("'")), _U(ord("-"))

Gathered = tuple[np.uint64, np.uint64, np.uint64]
"""A word being read: what became of its full words of 8 bytes, the bytes since, and their bits."""

STOP = _U(1)
"""The bit of a token's hash that says "stop word"."""


class Scanner(NamedTuple):
    """What the scan must know about characters and words.

    Attributes:
        kind: (65536,) kind of each code point.
        lower: (65536,) lower case of each code point.
        byte_kind: (256,) kind of each ASCII character, 9 for the other bytes.
        letter: (256,) lower case of an ASCII word character, 0 for every other byte.
        elisions: elided words without apostrophe, their bytes packed in one integer.
        stops: hash table of the stop words, elisions included.
    """

    kind: NDArray[np.uint8]
    lower: NDArray[np.uint16]
    byte_kind: NDArray[np.uint8]
    letter: NDArray[np.uint8]
    elisions: NDArray[np.uint64]
    stops: NDArray[np.uint64]


@cache
def scanner(stop_words: frozenset[str] = frozenset()) -> Scanner:
    """The scanner of a language that has these stop words; elisions are stop words everywhere."""
    kind, lower = alphabet()
    byte_kind = np.full(256, _NOT_ASCII, np.uint8)
    byte_kind[:128] = kind[:128]
    letter = np.where(byte_kind == WORD, np.resize(lower[:128], 256), 0).astype(np.uint8)
    elisions = np.array([int.from_bytes(word[:-1].encode(), "little") for word in ELISIONS], np.uint64)
    hashes = token_hashes(sorted(stop_words.union(ELISIONS)))
    size = 1 << max(8, (4 * len(hashes)).bit_length())
    stops = np.zeros(size, np.uint64)
    _fill_set(hashes, stops)
    return Scanner(kind, lower, byte_kind, letter, elisions, stops)


class Scanned(NamedTuple):
    """The tokens of consecutive messages, one after the other.

    Attributes:
        hashes: (tokens,) hash of each token, 0 for the end of a phrase; every message that has tokens ends with 0.
        places: (tokens,) the byte where each token begins.
        starts: (messages + 1,) where each message begins in `hashes`.
    """

    hashes: NDArray[np.uint64]
    places: NDArray[np.uint64]
    starts: NDArray[np.uint64]


def token_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """The hash of each word, taken as it is written: it should be a token."""
    return _plain_hashes(*bytes_of(pa.array(words, pa.large_string())))


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


@njit
def join(phrase: np.uint64, token: np.uint64) -> np.uint64:
    """The hash of a phrase with one token more; tokens come without their stop bit."""
    mixed = (((phrase << _7) | (phrase >> _57)) ^ token) * _MULTIPLY
    mixed = (mixed ^ (mixed >> _29)) * _FINISH
    mixed ^= mixed >> _32
    return mixed if mixed != _0 else _1


@njit
def _finish(state: np.uint64, word: np.uint64) -> np.uint64:
    """The hash of a token from its full words of 8 bytes and the rest; never 0, its stop bit off."""
    mixed = (state ^ word) * _MULTIPLY
    mixed = (mixed ^ (mixed >> _32)) * _FINISH
    mixed = (mixed ^ (mixed >> _32)) & ~STOP
    return mixed if mixed != _0 else _2


@njit
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


@njit
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


@njit
def decode(text: NDArray[np.uint8], at: np.uint64) -> tuple[np.uint64, np.uint64]:
    """The code point at a byte that is not ASCII, and its length; 0 stands for all beyond the basic plane."""
    first = _U(text[at])
    if first < _U(0xE0):
        return ((first & _U(0x1F)) << _6) | (_U(text[at + _1]) & _TAIL), _2
    if first < _U(0xF0):
        middle = (_U(text[at + _1]) & _TAIL) << _6
        return ((first & _U(0x0F)) << _12) | middle | (_U(text[at + _2]) & _TAIL), _3
    return _0, _4


@njit
def kind_at(
    text: NDArray[np.uint8], at: np.uint64, end: np.uint64, scanner: Scanner
) -> tuple[np.uint8, np.uint64]:
    """Kind and length of the character at a place; `OTHER` at the end of the text."""
    if at >= end:
        return _OTHER, _1
    what = scanner.byte_kind[text[at]]
    if what != _NOT_ASCII:
        return what, _1
    point, length = decode(text, at)
    return scanner.kind[point], length


@njit
def _part(
    text: NDArray[np.uint8], at: np.uint64, end: np.uint64, gathered: Gathered, scanner: Scanner
) -> tuple[Gathered, np.uint64, np.uint8, np.uint64]:
    """Gather word characters from `at` on: until where, and kind and length of the character there."""
    state, word, shift = gathered
    while at < end:
        letter = _U(scanner.letter[text[at]])
        if letter != _0:
            state, word, shift = _push(state, word, shift, letter)
            at += _1
            continue
        what = scanner.byte_kind[text[at]]
        if what != _NOT_ASCII:
            return (state, word, shift), at, what, _1
        point, length = decode(text, at)
        what = scanner.kind[point]
        if what != WORD and what != MARK:  # noqa: PLR1714 - a set is not for kernels
            return (state, word, shift), at, what, length
        state, word, shift = _push_point(state, word, shift, _U(scanner.lower[point]))
        at += length
    return (state, word, shift), at, _OTHER, _1


@njit
def word_at(
    text: NDArray[np.uint8], start: np.uint64, end: np.uint64, scanner: Scanner
) -> tuple[np.uint64, np.uint64]:
    """Hash and end of the word that begins at `start`; hash 0 when it is too long to be one."""
    gathered, at, what, length = _part(text, start, end, (_SEED, _0, _0), scanner)
    if what == APOSTROPHE and at - start <= _6:
        for elided in scanner.elisions:
            if elided == gathered[1]:
                return _finish(_SEED, elided | (_APOSTROPHE << gathered[2])), at + length
    while what >= APOSTROPHE and kind_at(text, at + length, end, scanner)[0] == WORD:
        gathered = _push(
            gathered[0], gathered[1], gathered[2], _APOSTROPHE if what == APOSTROPHE else _HYPHEN
        )
        gathered, at, what, length = _part(text, at + length, end, gathered, scanner)
    if at - start > _LONGEST:
        return _0, at
    return _finish(gathered[0], gathered[1]), at


@njit
def scan(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    rows: NDArray[np.int64],
    scanner: Scanner,
    tokens: Scanned,
) -> None:
    """Find the tokens of messages.

    Args:
        text: UTF-8, valid.
        offsets: where each message begins in `text`, and where the last one ends.
        rows: the messages wanted, in the order wanted.
        scanner: of the messages' language.
        tokens: filled; `hashes` and `places` must be as long as the bytes plus the messages.
    """
    stops = scanner.stops
    mask = _U(len(stops) - 1)
    written = _0
    for number in range(_U(len(rows))):
        row = _U(rows[number])
        at, end = _U(offsets[row]), _U(offsets[row + _1])
        tokens.starts[number] = written
        in_phrase = False
        while at < end:
            what, length = kind_at(text, at, end, scanner)
            token, start = _0, at
            if what == WORD:
                token, at = word_at(text, start, end, scanner)
            else:
                at += length
            if token != _0:
                slot = (token >> _32) & mask
                while stops[slot] != _0 and stops[slot] != token:
                    slot = (slot + _1) & mask
                tokens.hashes[written] = token | _U(stops[slot] == token)
                tokens.places[written] = start
                written += _1
                in_phrase = True
            elif what != BLANK and in_phrase:
                tokens.hashes[written] = _0
                written += _1
                in_phrase = False
        if in_phrase:
            tokens.hashes[written] = _0
            written += _1
    tokens.starts[_U(len(rows))] = written


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
