"""Messages of a block made ready to be counted: their language told, and what nobody said taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import polars as pl
import pyarrow as pa

from estran.model import MASKS, MESSAGES
from estran.text.clean import clean
from estran.text.language import with_language
from estran.text.phrases import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from estran.store.blocks import Block

SEED = 7

UNKNOWN = "?"
"""The language of messages whose language nobody knows: counted, with no stop words."""

PREPARED = pl.Schema(
    {
        **{name: kind for name, kind in MESSAGES.items() if name != "title"},
        "spoken": pl.String(),  # what is counted, one sentence a line
        "headline": pl.String(),  # the title of a message that opens its subject, or null
    }
)
"""The columns of prepared messages; `language` is never null."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Messages that say something, in order of time and id.

    Attributes:
        frame: of `PREPARED`.
        removed: reason -> messages (or messages that lost a part) that cleaning set aside.
    """

    frame: pl.DataFrame
    removed: Mapping[str, int]


class PreparedBlock(Protocol):
    """The prepared messages of one block, in memory or at rest."""

    @property
    def name(self) -> str:
        """Of the block."""
        ...

    @property
    def messages(self) -> int:
        """How many there are."""
        ...

    @property
    def removed(self) -> Mapping[str, int]:
        """Reason -> messages (or messages that lost a part) that cleaning set aside."""
        ...

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of all messages."""
        ...

    def spoken(self) -> pa.LargeStringArray:
        """What is counted, of all messages; never null."""
        ...

    def take(self, rows: NDArray[np.int64], names: Sequence[str]) -> pl.DataFrame:
        """Some columns of some messages, in the order asked for."""
        ...


class Counted(Protocol):
    """Messages prepared in blocks, and the phrases counted in them."""

    @property
    def blocks(self) -> Sequence[PreparedBlock]:
        """The blocks, in order of time."""
        ...

    def totals(self, *, at_least: int, progress: Callable[[int], None] | None = None) -> pl.DataFrame:
        """phrase, language, messages, people, headlines: one row per phrase and language, sorted by both.

        People count once in each cell, a month of one side and language. Headlines are messages whose headline says the
        phrase.

        Args:
            at_least: a phrase is kept when this many messages said it, all languages together.
            progress: told the number of messages counted.
        """
        ...


class CellKey(NamedTuple):
    """What the messages of a cell have in common; the month is that of their time, as "2025-03"."""

    month: str
    side: str | None
    language: str


def bucket_of(messages: pl.DataFrame, block: Block) -> pl.DataFrame:
    """The messages of a block's months that belong to its bucket: all of a person's lie in one."""
    if block.buckets == 1:
        return messages
    person = pl.coalesce("author", "id").hash(SEED)
    return messages.filter(person % block.buckets == block.bucket)


def prepare(messages: pl.DataFrame, *, progress: Callable[[int], None] | None = None) -> Prepared:
    """Tell the language of messages and clean them, as a corpus of their own.

    Args:
        messages: a frame of `model.MESSAGES`, in any order.
        progress: told the number of messages done.
    """
    ordered = messages.select(MESSAGES.names()).sort("time", "id", maintain_order=True)
    cleaned = clean(with_language(ordered), progress=progress)
    frame = cleaned.messages.with_columns(
        pl.col("language").fill_null(UNKNOWN),
        # what was masked is no word, and ends a phrase
        pl.col("spoken").str.replace_many(list(MASKS), ["\n"] * len(MASKS)),
    )
    return Prepared(frame.select(PREPARED.names()), cleaned.removed)


def cells(frame: pl.DataFrame, column: str) -> list[tuple[CellKey, Cell]]:
    """The cells of prepared messages: one per month, side and language, sorted.

    Args:
        frame: of `PREPARED`.
        column: "spoken" or "headline"; rows where it is null are left out.

    Returns:
        Keys and cells; `Cell.key` is the place in the list, and authors have codes of their own in each cell.
    """
    said = frame.filter(pl.col(column).is_not_null()).select(
        "author", "side", "language", column, month=pl.col("time").dt.strftime("%Y-%m")
    )
    parts = said.partition_by("month", "side", "language", as_dict=True, maintain_order=True)
    keys = sorted((CellKey(*key) for key in parts), key=lambda key: (key.month, key.side or "", key.language))
    return [
        (key, Cell(arrow(parts[key][column]), codes(parts[key]["author"]), key.language, number))
        for number, key in enumerate(keys)
    ]


def arrow(texts: pl.Series) -> pa.LargeStringArray:
    """The texts as the one Arrow layout that the kernels read; null is empty."""
    array = texts.fill_null("").rechunk().to_arrow().cast(pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def codes(*keys: pl.Series) -> NDArray[np.int32]:
    """Dense codes of the rows' keys by first appearance, (n,); where the one key is null, the row is of its own.

    First appearance, not alphabet: the order of pseudonyms changes with their key, and sums of floats with the order.
    """
    frame = pl.DataFrame([key.alias(str(k)) for k, key in enumerate(keys)]).with_row_index("row")
    first = pl.col("row").min().over([str(k) for k in range(len(keys))])
    if len(keys) == 1:
        first = pl.when(pl.col("0").is_null()).then("row").otherwise(first)
    return frame.select(first.rank("dense").cast(pl.Int32) - 1).to_series().to_numpy()
