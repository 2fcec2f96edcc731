"""Starts of words in the State of the Union addresses, against what the press printed of Kleinberg's study of 2002."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.truth.corpora import stored
from bench.truth.rivals import change_points, log_shares, starts_of_bursts, states
from estran.stats.starts import ladder, starts

PRINTED = {
    "militia": 1801, "bank": 1833, "california": 1848, "slaves": 1859, "rebellion": 1861, "emancipation": 1862,
    "paper": 1867, "coinage": 1877, "forest": 1901, "interstate": 1907, "marketing": 1919, "atomic": 1947,
    "inflation": 1971, "oil": 1974, "businesses": 1990, "crime": 1991, "health": 1992, "teachers": 1996,
}  # fmt: skip
"""Word -> the year in which a burst of it starts, as the press printed it."""
LAST = 2002
HIGHEST = 5
"""Of Kleinberg's states."""


def sotu() -> dict[str, object]:
    """How many of the printed starts are said, in the very year and within one, and how many starts there are a word."""
    years, counts, totals = _counts()
    path = states(counts, totals, most=HIGHEST)
    curves = log_shares(counts, totals)
    expected = totals[:, None] * counts.sum(axis=0) / totals.sum()
    risen = starts(ladder(counts, expected))
    said = {
        "estran": [years[risen[:, j]] for j in range(len(PRINTED))],
        "kleinberg": [years[starts_of_bursts(path[:, j])] for j in range(len(PRINTED))],
        "pelt": [years[change_points(curves[:, j])] for j in range(len(PRINTED))],
    }
    return {
        "words": len(PRINTED),
        "years": len(years),
        "methods": {name: _scored(dates) for name, dates in said.items()},
    }


def _counts() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(T,) years of addresses, (T, words) uses of each printed word, and (T,) words spoken."""
    spoken = (
        stored("sotu")
        .filter(pl.col("time").dt.year() <= LAST)
        .select(
            year=pl.col("time").dt.year(),
            word=pl.col("text").str.to_lowercase().str.extract_all("[a-z']+"),
        )
        .explode("word")
        .drop_nulls("word")
    )
    said = [(pl.col("word") == word).sum().alias(word) for word in PRINTED]
    table = spoken.group_by("year").agg(pl.len().alias("all"), *said).sort("year")
    counts = table.select(list(PRINTED)).to_numpy().astype(float)
    return table["year"].to_numpy(), counts, table["all"].to_numpy().astype(float)


def _scored(dates: list[np.ndarray]) -> dict[str, object]:
    off = [
        int(np.min(np.abs(said - year))) if len(said) else None
        for said, year in zip(dates, PRINTED.values(), strict=True)
    ]
    return {
        "hits": sum(each is not None and each <= 1 for each in off),
        "exact": sum(each == 0 for each in off),
        "starts_per_word": float(np.mean([len(said) for said in dates])),
        "missed": [word for word, each in zip(PRINTED, off, strict=True) if each is None or each > 1],
    }
