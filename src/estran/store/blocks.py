"""Which months are cleaned and counted together, told from the number of messages alone.

Cleaning needs neighbours: a footer is known by its repetition, a name by those who call it, a copy by its original. So
months are cleaned in blocks, each a corpus of its own. What a block becomes depends on its own messages only: new ones
change their blocks and no other, and counting what changed equals counting everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE = 100_000
"""Up to so many messages, the corpus is one block."""

MOST = 50_000
"""Messages of a block, where the corpus is larger; a month alone may have more."""

BUCKET = 200_000
"""A month with more messages than this is parted by its people."""


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """Months that are cleaned and counted together, or one bucket of the people of one month.

    Attributes:
        months: "2025-03", in order.
        bucket: number of the bucket, from 0; people belong to buckets by a hash.
        buckets: how many buckets the month is parted into.
    """

    months: tuple[str, ...]
    bucket: int = 0
    buckets: int = 1

    @property
    def name(self) -> str:
        """The first month and the last, and the bucket: "2025-01_2025-03", "2025-03.2of4"."""
        span = self.months[0] if len(self.months) == 1 else f"{self.months[0]}_{self.months[-1]}"
        return span if self.buckets == 1 else f"{span}.{self.bucket + 1}of{self.buckets}"


def blocks_of(
    messages: Mapping[str, int], *, whole: int = WHOLE, most: int = MOST, bucket: int = BUCKET
) -> list[Block]:
    """The blocks of a corpus, in order of time.

    One block for a small corpus; else the longest of year, half, quarter and month of which none has too many messages.

    Args:
        messages: month as "2025-03" -> messages, at least 1.
        whole: messages up to which all is one block.
        most: messages of a block of several months.
        bucket: messages of a month above which it is parted.
    """
    months = sorted(messages)
    if not months:
        return []
    if sum(messages.values()) <= whole:
        return [Block(tuple(months))]
    for length in (12, 6, 3):
        spans: dict[tuple[str, int], list[str]] = {}
        for month in months:
            spans.setdefault((month[:4], (int(month[5:]) - 1) // length), []).append(month)
        if all(sum(messages[month] for month in span) <= most for span in spans.values()):
            return [Block(tuple(span)) for span in spans.values()]
    parts = {month: -(-messages[month] // bucket) for month in months}
    return [Block((month,), part, parts[month]) for month in months for part in range(parts[month])]
