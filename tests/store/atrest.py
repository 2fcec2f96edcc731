"""A store of messages in memory, whose months can be edited, and messages to put into it."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import polars as pl

from estran.model import MESSAGES
from estran.store.blocks import blocks_of

WORDS = (
    *("network", "budget", "server", "team", "meeting", "release", "customer", "pipeline", "model", "cloud"),
    *("privacy", "training", "market", "report", "quality", "design", "équipe", "réseau", "d'entreprise"),
    *("l'outil", "the", "of", "and", "de"),
)
START = dt.datetime(2023, 1, 1, 12, tzinfo=dt.UTC)

small_blocks = partial(blocks_of, whole=30, most=70, bucket=45)
"""The layout of a corpus as if it were thousands of times larger."""


@dataclass(frozen=True)
class Month:
    digest: str
    rows: int


@dataclass(frozen=True)
class Months:
    months: dict[str, Month]


@dataclass(frozen=True)
class Shelf:
    """Messages in memory. `arrangement` goes into the digests as the names of files do: compaction changes it."""

    rows: dict[str, dict] = field(default_factory=dict)
    arrangement: int = 0

    def put(self, *messages):
        return replace(self, rows=self.rows | {message["id"]: message for message in messages})

    def without(self, unwanted):
        return replace(self, rows={key: row for key, row in self.rows.items() if not unwanted(row)})

    def rearranged(self):
        return replace(self, arrangement=self.arrangement + 1)

    def snapshot(self):
        found = {}
        for row in sorted(self.rows.values(), key=lambda row: row["id"]):
            found.setdefault(f"{row['time']:%Y-%m}", []).append(str(row))
        seed = str(self.arrangement)
        return Months(
            {
                month: Month(hashlib.sha1("\n".join([seed, *rows]).encode()).hexdigest(), len(rows))
                for month, rows in found.items()
            }
        )

    def read(self, months):
        rows = [row for row in self.rows.values() if f"{row['time']:%Y-%m}" in months]
        return pl.DataFrame(rows, schema=MESSAGES, orient="row")


def message(number, *, day=None, edition=0):
    """One message; the same number and edition give the same one."""
    rng = np.random.default_rng([number, edition])
    text = " ".join(rng.choice(WORDS, rng.integers(3, 14)))
    return {
        "id": f"m{number}",
        "time": START + dt.timedelta(days=number if day is None else day),
        "text": text,
        "author": f"a{rng.integers(7)}" if number % 5 else None,
        "side": ("inside", "outside", None)[number % 3],
        "source": "chat",
        "unit": None,
        "thread": f"t{number // 4}",
        "language": "fr" if number % 4 == 1 else "en",
        "title": " ".join(rng.choice(WORDS, 2)) if number % 4 == 0 else None,
    }


def shelf(count, *, start=0):
    """A store with so many messages, one a day."""
    return Shelf().put(*(message(number) for number in range(start, start + count)))
