"""What every source gives: batches of messages, and the rows that could not become messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import polars as pl

from estran.model import MESSAGES

if TYPE_CHECKING:
    from estran.findings import Notice
    from estran.model import Rejected

Pseudonym = Callable[[pl.Series], pl.Series]
"""Names to pseudonyms: a String series without null or repetition to one of the same length."""

BATCH_ROWS = 50_000
"""Rows in one batch, unless they are so long that fewer fill the memory meant for it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a source, each of them either a message or refused.

    Attributes:
        messages: a message frame (`estran.model.MESSAGES`), in the order of the source.
        rejected: the rows that could not become messages, in the order of the source.
        notices: what a reader should know about how the source was read; on its last batch.
        done: share of the source read so far (0-1), for a progress bar.
    """

    messages: pl.DataFrame
    rejected: tuple[Rejected, ...] = ()
    notices: tuple[Notice, ...] = ()
    done: float = 1.0

    @property
    def rows(self) -> int:
        """Rows read: messages and refused ones together."""
        return self.messages.height + len(self.rejected)


class Source(Protocol):
    """Something that messages can be read from, as often as needed."""

    @property
    def name(self) -> str:
        """What the source is called where its own messages do not say: never null in a message."""
        ...

    def read(self, *, pseudonym: Pseudonym, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """The whole source, first row to last; a raw author's name never leaves this method.

        Raises:
            InputError: the source cannot be read on.
        """
        ...


def no_messages() -> pl.DataFrame:
    """A message frame without a row."""
    return MESSAGES.to_frame()
