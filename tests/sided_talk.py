"""Talk of two sides that is as we know it: who says what more, and when."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from estran.model import MESSAGES
from nouns import NOUNS

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def talk(
    *,
    seed: int = 0,
    people: int = 700,
    periods: int = 6,
    gaps: dict[str, tuple[float, float]] | None = None,
    last: dict[str, tuple[float, float]] | None = None,
    inside: float = 0.5,
    rate: float = 0.12,
) -> pl.DataFrame:
    """Messages of a person a quarter; each says some nouns.

    Args:
        seed: of all chance.
        people: of both sides.
        periods: quarters.
        gaps: noun -> rates inside and outside; the others have `rate` on both.
        last: the same in the last quarter, the rates going there in a line.
        inside: share of the people who are inside.
        rate: of the other nouns.
    """
    rng = np.random.default_rng(seed)
    side = np.where(rng.random(people) < inside, "inside", "outside")
    rows = []
    for period in range(periods):
        here = period / max(periods - 1, 1)
        for person in np.flatnonzero(rng.random(people) < 0.5).tolist():
            said = []
            for noun in NOUNS:
                first = (gaps or {}).get(noun, (rate, rate))
                then = (last or {}).get(noun, first)
                at = 0 if side[person] == "inside" else 1
                if rng.random() < first[at] + here * (then[at] - first[at]):
                    said.append(f"They want the {noun}.")
            number = len(rows)
            rows.append(
                {
                    "id": f"m{number}",
                    "time": START + dt.timedelta(days=91 * period + int(rng.integers(0, 88))),
                    "text": " ".join([f"Remark {number % 97} of today.", *said]),
                    "author": f"p{person}",
                    "side": side[person],
                    "source": "agora" if side[person] == "inside" else "support",
                    "thread": f"t{number // 2}",
                    "language": "en",
                }
            )
    return pl.DataFrame(rows, schema_overrides={"time": pl.Datetime("ms", "UTC")}).select(
        *(
            pl.col(name).cast(kind) if name in rows[0] else pl.lit(None, kind).alias(name)
            for name, kind in MESSAGES.items()
        )
    )
