"""The encoder of last resort: no model, no language knowledge but how common words are.

Words, pairs of words and runs of letters are thrown into a space of fixed size by their hashes (Weinberger et al.,
"Feature hashing for large scale multitask learning", 2009; signs and four places a feature as in Kane, Nelson, "Sparser
Johnson-Lindenstrauss transforms", 2014). Texts are near one another when they share words or parts of words. A text and
its translation do not, so French and English part: whoever chooses it is told.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import wordfreq

from estran.text.encoders.base import unit_rows
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.text.encoders.base import Vectors

DIM = 512
PLACES = 4
"""Numbers of a vector that one feature touches."""

SHORTEST, LONGEST = 3, 5
"""Letters in a run; a word is read with a mark at either end."""

WORD, PAIR, RUNS = 1.0, 0.5, 0.6
"""What a word, a pair of words, and all runs of letters of a word together weigh."""

COMMON = ("en", "fr")
"""Languages whose common words weigh little."""

_ZIPF = 8.0  # of the commonest words, log10 of uses in a billion words
_LEAST = 0.05


class Plain:
    """Hashed words and letters; deterministic, at once there, blind to meaning."""

    id = "plain 1"
    dim = DIM
    languages: frozenset[str] | None = None
    crosses_languages = False
    licence = "Apache-2.0"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, see `estran.text.encoders.Encoder.encode`."""
        rows = np.zeros((len(texts), DIM), np.float32)
        for place, text in enumerate(texts):
            stretches = tokens(text)
            for word, times in Counter(word for stretch in stretches for word in stretch).items():
                rows[place] += (1 + math.log(times)) * _word(word)
            pairs = Counter(pair for stretch in stretches for pair in pairwise(stretch))
            for (left, right), times in pairs.items():
                weight = PAIR * math.sqrt(_weight(left) * _weight(right)) * (1 + math.log(times))
                at, sign = _feature(f"{left} {right}")
                rows[place, at] += weight * sign
        return unit_rows(rows)


@lru_cache(maxsize=50_000)
def _word(word: str) -> NDArray[np.float32]:
    """The part of a vector that a word adds: itself, and its runs of letters."""
    row = np.zeros(DIM, np.float32)
    at, sign = _feature(word)
    row[at] += WORD * sign
    marked = f"<{word}>"
    runs = [
        marked[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(len(marked) - length + 1)
    ]
    for run in runs:
        at, sign = _feature(f"~{run}")
        row[at] += RUNS / math.sqrt(len(runs)) * sign
    return row * np.float32(_weight(word))


@lru_cache(maxsize=100_000)
def _weight(word: str) -> float:
    """From 1 for a word that nobody knows to nearly 0 for one that is in every sentence."""
    commonest: float = max(wordfreq.zipf_frequency(word, language) for language in COMMON)
    return max(_LEAST, 1 - commonest / _ZIPF)


@lru_cache(maxsize=200_000)
def _feature(name: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The places that a feature touches, and with which sign."""
    drawn = np.frombuffer(hashlib.blake2b(name.encode(), digest_size=4 * PLACES).digest(), "<u4")
    at = (drawn >> 1).astype(np.intp) % (DIM // PLACES) + np.arange(PLACES) * (DIM // PLACES)
    return at, ((drawn & 1) * 2.0 - 1).astype(np.float32)
