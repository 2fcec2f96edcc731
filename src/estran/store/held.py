"""Messages prepared and counted in memory: the corpus of a tour of files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.store.blocks import blocks_of
from estran.store.counting import count_cells
from estran.store.prepared import arrow, bucket_of, cells, prepare
from estran.text.packs import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from estran.text.phrases import Cell, PhraseCounts


@dataclass(frozen=True, slots=True)
class HeldBlock:
    """A block in memory; see `estran.store.prepared.PreparedBlock`."""

    frame: pl.DataFrame
    removed: Mapping[str, int]
    name: str = "all"

    @property
    def messages(self) -> int:
        """How many there are."""
        return self.frame.height

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of all messages."""
        return self.frame.select(names)

    def spoken(self) -> pa.LargeStringArray:
        """What is counted, of all messages."""
        return arrow(self.frame["spoken"])

    def take(self, rows: NDArray[np.int64], names: Sequence[str]) -> pl.DataFrame:
        """Some columns of some messages, in the order asked for."""
        return self.frame.select(names)[rows]


@dataclass(frozen=True, slots=True)
class Held:
    """A corpus in memory; see `estran.store.prepared.Counted`.

    Attributes:
        blocks: in order of time.
        longest: tokens in the longest phrase.
        threads: that count.
    """

    blocks: tuple[HeldBlock, ...]
    longest: int = 4
    threads: int = 2

    def totals(self, *, at_least: int, progress: Callable[[int], None] | None = None) -> pl.DataFrame:
        """How many messages and people said each phrase, by language; see `Counted.totals`."""
        said = self._count("spoken", at_least, progress)
        headed = self._count("headline", 1, None).select("phrase", "language", headlines="messages")
        return (
            said.join(headed, on=["phrase", "language"], how="left")
            .with_columns(pl.col("headlines").fill_null(0))
            .sort("phrase", "language")
        )

    def _count(self, column: str, at_least: int, progress: Callable[[int], None] | None) -> pl.DataFrame:
        languages: list[str] = []

        def numbered() -> Iterator[Cell]:
            for block in self.blocks:
                for key, cell in cells(block.frame, column):
                    yield replace(cell, key=len(languages))
                    languages.append(key.language)

        spoken = {code for block in self.blocks for code in block.frame["language"].unique()}
        counts = count_cells(
            numbered(),
            {code: load(code).stop_words for code in sorted(spoken)},
            at_least=at_least,
            longest=self.longest,
            threads=self.threads,
            progress=progress,
        )
        return by_language(counts, languages)


def hold(
    messages: pl.DataFrame,
    *,
    longest: int = 4,
    threads: int = 2,
    progress: Callable[[int], None] | None = None,
) -> Held:
    """Prepare messages, block by block.

    Args:
        messages: a frame of `model.MESSAGES`.
        longest: tokens in the longest phrase.
        threads: that count.
        progress: told the number of messages done.
    """
    month = messages["time"].dt.strftime("%Y-%m").alias("month")
    blocks = []
    for block in blocks_of(dict(month.value_counts().iter_rows())):
        own = bucket_of(messages.filter(month.is_in(block.months)), block)
        prepared = prepare(own, progress=progress)
        blocks.append(HeldBlock(prepared.frame, prepared.removed))
    return Held(tuple(blocks), longest, threads)


def by_language(counts: PhraseCounts, languages: Sequence[str]) -> pl.DataFrame:
    """phrase, language, messages, people: the counts of all cells of a language together.

    Args:
        counts: of the cells.
        languages: of each cell, by its key.
    """
    totals = (
        pl.DataFrame(
            {
                "phrase": counts.phrase,
                "language": pl.Series(languages, dtype=pl.String).gather(counts.cell),
                "messages": counts.messages.astype(np.int64),
                "people": counts.people.astype(np.int64),
            }
        )
        .group_by("phrase", "language")
        .sum()
    )
    return totals.with_columns(phrase=counts.phrases.gather(totals["phrase"]))
