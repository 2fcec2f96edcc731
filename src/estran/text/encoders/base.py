"""What turns texts into points of a space, near one another when they mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    """(n, dim), rows of length 1, or 0 where a text says nothing."""


class Encoder(Protocol):
    """A way from texts to vectors that gives the same vector for the same text, whatever else is asked with it.

    Attributes:
        id: name, version and weights: vectors of two encoders with different ids must never meet.
        dim: numbers in a vector.
        languages: ISO 639-1 of those it was made for; None where it makes no difference between languages.
        crosses_languages: whether a text and its translation are near one another.
        licence: of code and weights.
    """

    @property
    def id(self) -> str:
        """Name, version and weights."""
        ...

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 of those it was made for."""
        ...

    @property
    def crosses_languages(self) -> bool:
        """Whether a text and its translation are near one another."""
        ...

    @property
    def licence(self) -> str:
        """Of code and weights."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts.

        Args:
            texts: n of them, in any language.

        Returns:
            (n, dim) rows of length 1; zeros for a text that is empty or blank.

        Raises:
            EngineError: they could not be had from where they are made.
        """
        ...


def unit_rows(rows: NDArray[np.floating]) -> Vectors:
    """Rows divided by their lengths; a row of zeros stays one."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 1e-12, length, 1), np.float32)
