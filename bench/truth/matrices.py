"""Phrase matrices of the public corpora, uncleaned and unmerged: what the kernels are measured on, alone.

Every phrase that enough messages, people and conversations hold is a "theme" here. Time can be shuffled at several
levels, each of which leaves texts and some clumping intact, and none of which is the mechanism of the test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from estran.stats.presence import Presence, Rows
from estran.stats.strata import length_strata
from estran.store.counting import count_cells
from estran.text.matching import Lexicon, match
from estran.text.packs import load
from estran.text.phrases import Cell

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which messages of a corpus, in which periods, and which phrases."""

    file: str
    months: int
    longest: int
    messages: int  # fewest that hold a phrase
    people: int
    conversations: int
    years: tuple[int, int] = (1900, 2100)


RECIPES = {
    "pyvideo": Recipe("pyvideo", 12, 3, 15, 10, 5, (2010, 2025)),
    "slicer": Recipe("slicer_forum", 6, 2, 30, 15, 15),
    "urho3d": Recipe("urho3d_forum", 6, 2, 30, 15, 15),
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Messages (N) with who, where, when, how long; and which message holds which phrase (M pairs)."""

    author: np.ndarray
    thread: np.ndarray
    period: np.ndarray
    tokens: np.ndarray
    message: np.ndarray
    phrase: np.ndarray
    phrases: np.ndarray

    def support(self) -> np.ndarray:
        """(P,) messages that hold each phrase."""
        return np.bincount(self.phrase, minlength=len(self.phrases))

    def voices(self) -> Rows:
        return _rows(self, self.author, self.period, cluster=self.author)

    def conversations(self) -> Rows:
        return _rows(self, self.author, self.thread, cluster=self.thread)

    def alone(self) -> Rows:
        """Each message a person of its own: what naive tests take messages for."""
        n = np.arange(len(self.author))
        return _rows(self, n, n, cluster=n)

    def keep(self, pairs: np.ndarray, *, least: int = 10) -> tuple[Matrix, np.ndarray]:
        """These pairs only, and the phrases that are left with enough messages; with their old numbers."""
        phrase = self.phrase[pairs]
        chosen = np.flatnonzero(np.bincount(phrase, minlength=len(self.phrases)) >= least)
        number = np.full(len(self.phrases), -1)
        number[chosen] = np.arange(len(chosen))
        there = number[phrase] >= 0
        return (
            replace(
                self,
                message=self.message[pairs][there],
                phrase=number[phrase][there],
                phrases=self.phrases[chosen],
            ),
            chosen,
        )


def _rows(matrix: Matrix, one: np.ndarray, other: np.ndarray, *, cluster: np.ndarray) -> Rows:
    key = one.astype(np.int64) * (int(other.max()) + 1) + other
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    presence = Presence.of_pairs(
        row[matrix.message], matrix.phrase, rows=len(first), themes=len(matrix.phrases)
    )
    tokens = np.bincount(row, matrix.tokens).astype(np.int64)
    _, dense = np.unique(cluster[first], return_inverse=True)
    return Rows(
        presence,
        matrix.period[first].astype(np.int32),
        dense.astype(np.int32),
        length_strata(tokens, np.zeros(len(first), np.int64), messages=np.bincount(row)),
    )


def read(name: str) -> Matrix:
    """Count a corpus into its matrix."""
    recipe = RECIPES[name]
    messages = pl.read_parquet(DATA / f"{recipe.file}.parquet").filter(
        pl.col("time").dt.year().is_between(*recipe.years)
        & pl.col("text").is_not_null()
        & (pl.col("lang") == "en")
    )
    messages = messages.sort("time", "id")
    opens = pl.col("title").is_not_null() & (pl.int_range(pl.len()).over("thread") == 0) | (
        recipe.file == "pyvideo"
    )
    texts = messages.select(
        pl.when(opens)
        .then(pl.concat_str("title", "text", separator="\n", ignore_nulls=True))
        .otherwise("text")
    ).to_series()
    month = messages["time"].dt.year().cast(pl.Int64) * 12 + messages["time"].dt.month().cast(pl.Int64) - 1
    period = (month // recipe.months).to_numpy()
    nobody = pl.format("nobody {}", pl.int_range(pl.len()))
    author = _codes(messages.select(pl.coalesce("author", nobody)).to_series())
    thread = _codes(messages.select(pl.coalesce("thread", nobody)).to_series())
    arrow = texts.to_arrow().cast("large_string")
    stop = {"en": load("en").stop_words}
    cell = Cell(texts=arrow, authors=author.astype(np.int32), language="en", key=0)
    counts = count_cells([cell], stop, at_least=recipe.messages, longest=recipe.longest)
    forms = tuple(counts.phrases.to_list())
    lexicon = Lexicon(forms, np.arange(len(forms), dtype=np.int32))
    said = match(arrow, ["en"] * len(texts), {"en": lexicon})
    enough = np.ones(len(forms), bool)
    for code, least in ((author, recipe.people), (thread, recipe.conversations)):
        pairs = np.unique(said.concept.astype(np.int64) * (int(code.max()) + 1) + code[said.message])
        enough &= np.bincount(pairs // (int(code.max()) + 1), minlength=len(forms)) >= least
    whole = Matrix(
        author,
        thread,
        period - period.min(),
        said.tokens,
        said.message,
        said.concept.astype(np.int64),
        np.array(forms),
    )
    return whole.keep(enough[said.concept], least=recipe.messages)[0]


def _codes(names: pl.Series) -> np.ndarray:
    return names.rank("dense").to_numpy().astype(np.int64) - 1


def shuffled(matrix: Matrix, level: str, rng: np.random.Generator) -> Matrix:
    """The same talk at other dates, so that nothing moves.

    Levels: "message" (dates drawn anew among messages), "author" and "thread" (whole blocks in random order refill the
    dates in use), "thread_dates" (whole threads exchange dates), "author_rotation" (every person's own time line is
    rotated, which keeps bursts).
    """
    n = len(matrix.period)
    if level == "message":
        return replace(matrix, period=rng.permutation(matrix.period))
    if level in {"author", "thread"}:
        block = matrix.author if level == "author" else matrix.thread
        order = np.lexsort((matrix.period, rng.permutation(int(block.max()) + 1)[block]))
        period = np.empty(n, np.int64)
        period[order] = np.sort(matrix.period)
        return replace(matrix, period=period)
    if level == "thread_dates":
        _, first = np.unique(matrix.thread, return_index=True)
        return replace(matrix, period=rng.permutation(matrix.period[first])[matrix.thread])
    shift = rng.integers(0, int(matrix.period.max()) + 1, int(matrix.author.max()) + 1)
    return replace(matrix, period=(matrix.period + shift[matrix.author]) % (int(matrix.period.max()) + 1))
