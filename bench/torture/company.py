"""Files of a small company's messages that overlap, edit each other and hold rows that must be refused.

Two people among its authors are to be forgotten. What they write holds words that nobody else says, and others name the
first of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran import simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UNTIL = dt.date(2025, 11, 1)


@dataclass(frozen=True)
class Forgotten:
    """A person who is to be forgotten.

    Attributes:
        name: as the files have it.
        spellings: how others name the person.
        words: that only this person says, in texts and in a title.
    """

    name: str
    spellings: tuple[str, ...]
    words: tuple[str, ...]


NAMED = Forgotten(
    "Zoë Quillerdantec",
    (
        "Zoë Quillerdantec",
        "zoe quillerdantec",
        "ZOE QUILLERDANTEC",
        "Zoë-Quillerdantec",
        "Zo\u0065\u0308 Quillerdantec",
    ),
    tuple(f"zoquilvantemor{letter}qx" for letter in "abcdefghij"),
)
UNNAMED = Forgotten("Barnabé Xothernwyck", (), tuple(f"barnexothwick{letter}vz" for letter in "abcdefghij"))


def write(folder: Path, *, messages: int, seed: int) -> None:
    """Four files: monday.csv, tuesday.jsonl, wednesday.parquet, thursday.csv."""
    rng = np.random.default_rng(seed)
    said = simulate.company(seed=seed, messages=messages, years=1.5, until=UNTIL).messages.with_columns(
        pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    said = said.sample(said.height, shuffle=True, seed=seed)
    rows = rng.permutation(said.height)
    named, unnamed, naming = np.split(rows[: said.height // 7], [said.height // 20, said.height // 10])
    said = _naming(_spoken_by(_spoken_by(said, NAMED, named), UNNAMED, unnamed), NAMED, naming)
    third = said.height // 3
    monday = pl.concat([said[: third + 40], said[:25], _other_text(said[25:35])])  # ids given twice
    _with_bad_rows(monday).write_csv(folder / "monday.csv")
    tuesday = pl.concat([_edited(said[third - 40 : third]), said[third : 2 * third], _moved(said[:12])])
    _with_bad_rows(tuesday).write_ndjson(folder / "tuesday.jsonl")
    wednesday = pl.concat([_edited(said[2 * third - 60 : 2 * third]), said[2 * third :]])
    wednesday.write_parquet(folder / "wednesday.parquet")
    plain = said.filter(~pl.col("author").is_in([NAMED.name, UNNAMED.name]))
    plain = plain.filter(~pl.col("text").str.contains("(?i)quillerdantec"))[: third // 2]
    shifted = plain.select("text", "author", time=pl.col("time").str.slice(0, 10))
    pl.concat([shifted, shifted[:30]]).write_csv(folder / "thursday.csv")  # without ids, copies in it


def readers(name: str) -> tuple[Callable[[Path], pl.DataFrame], Callable[[pl.DataFrame, Path], None]]:
    """What reads one of the files, every column as it is written, and what writes it."""
    return {
        "csv": (lambda file: pl.read_csv(file, infer_schema=False), pl.DataFrame.write_csv),
        "jsonl": (pl.read_ndjson, pl.DataFrame.write_ndjson),
        "parquet": (pl.read_parquet, pl.DataFrame.write_parquet),
    }[name.rpartition(".")[2]]


def _spoken_by(said: pl.DataFrame, person: Forgotten, rows: np.ndarray) -> pl.DataFrame:
    """Some messages are that person's, and hold words that nobody else says."""
    words = pl.Series([person.words[row % len(person.words)] for row in range(said.height)])
    mine = pl.Series(np.isin(np.arange(said.height), rows))
    return said.with_columns(
        author=pl.when(mine).then(pl.lit(person.name)).otherwise("author"),
        text=pl.when(mine)
        .then(pl.col("text") + " The " + words + " report was about " + words + ".")
        .otherwise("text"),
        title=pl.when(mine).then("About " + words).otherwise("title"),
    )


def _naming(said: pl.DataFrame, person: Forgotten, rows: np.ndarray) -> pl.DataFrame:
    """Some messages of others name the person."""
    chosen = pl.Series(np.isin(np.arange(said.height), rows))
    spelt = pl.Series([person.spellings[row % len(person.spellings)] for row in range(said.height)])
    return said.with_columns(
        text=pl.when(chosen).then(pl.col("text") + " Ask " + spelt + ", who knows.").otherwise("text"),
        title=pl.when(chosen & pl.col("title").is_not_null())
        .then(pl.col("title") + " for " + spelt)
        .otherwise("title"),
    )


def _edited(said: pl.DataFrame) -> pl.DataFrame:
    return said.with_columns(text=pl.col("text") + " Edited: the harbour was closed.")


def _other_text(said: pl.DataFrame) -> pl.DataFrame:
    return said.with_columns(text=pl.lit("Another message under an id that is taken."))


def _moved(said: pl.DataFrame) -> pl.DataFrame:
    """The same messages, dated in another month."""
    moments = pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ")
    return said.with_columns(time=moments.dt.offset_by("-2mo").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _with_bad_rows(said: pl.DataFrame) -> pl.DataFrame:
    """Rows in between that cannot become messages: no text, no date, one that cannot be read, one of the future."""
    bad = said[:40].with_columns(
        id="bad" + pl.int_range(pl.len()).cast(pl.String), author=pl.lit("a customer")
    )
    bad = bad.with_columns(
        text=pl.when(pl.int_range(pl.len()) % 4 == 0).then(None).otherwise(pl.lit("bad row")),
        title=pl.lit(None, pl.String),
        time=pl.int_range(pl.len()).map_elements(
            lambda n: [None, "", "the day after", "2199-01-01T00:00:00Z"][n % 4], return_dtype=pl.String
        ),
    )
    return pl.concat([said[:100], bad[:20], said[100:], bad[20:]])
