"""A million texts: a sample is encoded, and the rest is placed by a linear map learned from it.

Words and pairs of words, weighed by how rare they are in the sample, are mapped to the encoder's vectors by ridge
regression (Hoerl, Kennard, 1970). The map is fixed once it is learned: the same text has the same vector for good, and
the map names the sample and the encoder it comes from.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from estran.text.encoders.base import unit_rows
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.text.encoders.base import Encoder, Vectors

MANY = 200_000
"""Texts from which a map is worth its loss."""

SHARE = 0.2
"""Of the texts that are encoded, where nothing else is said."""

FEATURES = 1 << 16
"""Places that words and pairs are thrown into."""

PENALTY = 0.3
"""Of the ridge; chosen on a forum that no figure is told of."""

ROUNDS = 60
_CLOSE, _TINY = 1e-3, np.float32(1e-30)


class _Said(NamedTuple):
    """What the texts say, as a table of hashed words and pairs."""

    table: sparse.csr_array
    empty: NDArray[np.bool_]


class Sampled:
    """An encoder that imitates another one, some ten times faster."""

    def __init__(
        self, teacher: Encoder, weights: NDArray[np.float32], rarity: NDArray[np.float32], middle: Vectors
    ) -> None:
        """Wrap a map; `learned_from` makes one.

        Args:
            teacher: whose vectors it imitates.
            weights: (k, dim) of the places whose rarity is not 0, in order.
            rarity: (FEATURES,) what a word or a pair weighs, 0 where it is not known.
            middle: (dim,) the mean vector.
        """
        self._weights, self._rarity, self._middle = weights, rarity, middle
        self._known = np.flatnonzero(rarity)
        digest = hashlib.blake2b(weights.tobytes() + rarity.tobytes() + middle.tobytes(), digest_size=6)
        self.id = f"sampled {digest.hexdigest()} of {teacher.id}"
        self.dim, self.languages, self.licence = teacher.dim, teacher.languages, teacher.licence
        self.crosses_languages = teacher.crosses_languages

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, see `estran.text.encoders.Encoder.encode`."""
        said = _said(texts)
        rows = _weighed(said.table, self._rarity)[:, self._known] @ self._weights + self._middle
        rows[said.empty] = 0
        return unit_rows(rows)


def sample_of(texts: int, share: float = SHARE, *, rng: np.random.Generator) -> NDArray[np.intp]:
    """Places of the texts to encode, in order."""
    return np.sort(rng.choice(texts, max(1, round(share * texts)), replace=False))


def learned_from(texts: Sequence[str], vectors: Vectors, teacher: Encoder) -> Sampled:
    """A map from what texts say to their vectors.

    The normal equations are solved by conjugate gradients, to a thousandth.

    Args:
        texts: the sample, n of them.
        vectors: (n, dim) of the encoder.
        teacher: the encoder.
    """
    said = _said(texts)
    holders = np.bincount(said.table.indices, minlength=FEATURES)
    rarity = np.where(holders > 1, np.log((1 + len(texts)) / (1 + holders)) + 1, 0).astype(np.float32)
    table = _weighed(said.table, rarity)
    kept = ~said.empty
    middle = vectors[kept].mean(axis=0) if kept.any() else np.zeros(teacher.dim, np.float32)
    known = np.flatnonzero(rarity)
    weights = _ridge(sparse.csr_array(table[:, known]), np.where(kept[:, None], vectors - middle, 0))
    return Sampled(teacher, weights, rarity, np.asarray(middle, np.float32))


def _ridge(table: sparse.csr_array, wanted: NDArray[np.floating]) -> NDArray[np.float32]:
    """(features, dim) the weights that the table needs to give what is wanted, by conjugate gradients on all numbers at once."""
    back = sparse.csr_array(table.T)
    rest = np.asarray(back @ wanted.astype(np.float32), np.float32)
    weights, way = np.zeros_like(rest), rest.copy()
    size = first = np.einsum("ij,ij->j", rest, rest)
    for _ in range(ROUNDS):
        if (size <= _CLOSE**2 * first).all():
            break
        ahead = back @ (table @ way) + np.float32(PENALTY) * way
        step = size / np.maximum(np.einsum("ij,ij->j", way, ahead), _TINY)
        weights += step * way
        rest -= step * ahead
        before, size = size, np.einsum("ij,ij->j", rest, rest)
        way *= size / np.maximum(before, _TINY)
        way += rest
    return weights


def _said(texts: Sequence[str]) -> _Said:
    """The table of a sequence of texts: 1 + ln of how often each word or pair is said."""
    starts = [0]
    columns: list[int] = []
    values: list[float] = []
    for text in texts:
        counted: Counter[int] = Counter()
        for words in tokens(text):
            counted.update(map(_place, words))
            counted.update(_place(f"{left} {right}") for left, right in pairwise(words))
        columns.extend(counted)
        values.extend(1 + math.log(times) for times in counted.values())
        starts.append(len(columns))
    content = (np.array(values, np.float32), np.array(columns, np.int64), np.array(starts, np.int64))
    table = sparse.csr_array(content, shape=(len(texts), FEATURES))
    return _Said(table, np.diff(content[2]) == 0)


def _weighed(table: sparse.csr_array, rarity: NDArray[np.float32]) -> sparse.csr_array:
    """Each text's words and pairs weighed, its row brought to length 1."""
    weighed = sparse.csr_array(
        (table.data * rarity[table.indices], table.indices, table.indptr), shape=table.shape
    )
    length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    factor = np.repeat(1 / np.where(length > 0, length, 1), np.diff(table.indptr))
    return sparse.csr_array(
        ((weighed.data * factor).astype(np.float32), table.indices, table.indptr), shape=table.shape
    )


@lru_cache(maxsize=500_000)
def _place(feature: str) -> int:
    return int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=4).digest(), "little") % FEATURES
