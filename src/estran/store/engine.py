"""Where counting runs: what every engine promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from estran.text.matching import Lexicon, Postings
from estran.text.phrases import Cell, PhraseCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl
    import pyarrow as pa

__all__ = ["Cell", "Engine", "Lexicon", "PhraseCounts", "Postings"]


class Engine(Protocol):
    """Counts phrases and matches concepts; every engine gives the same answer, bit for bit."""

    def count(
        self,
        cells: Iterable[Cell],
        stop_words: Mapping[str, frozenset[str]],
        *,
        at_least: int,
        longest: int = 4,
        progress: Callable[[int], None] | None = None,
    ) -> PhraseCounts:
        """How many messages and people said each phrase, per cell.

        Args:
            cells: one at a time where it is an iterator; the longest first where it is a sequence.
            stop_words: by language; a language without any has only the elisions.
            at_least: a phrase is kept when this many messages said it, all cells together.
            longest: tokens in the longest phrase.
            progress: told the number of messages done, from the calling thread.
        """
        ...

    def match(
        self,
        texts: pa.LargeStringArray,
        languages: Sequence[str | None] | pl.Series,
        lexicons: Mapping[str, Lexicon],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> Postings:
        """Which concepts each message says.

        Args:
            texts: (n,) the messages.
            languages: (n,) of each message; the messages of a language without lexicon are only measured.
            lexicons: by language.
            progress: told the number of messages done, from the calling thread.
        """
        ...
