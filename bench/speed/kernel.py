"""The counting kernel against reading the file it counts, all in one process, everything compiled before.

    python -m bench.speed.kernel [FILE]

FILE is a Parquet file of messages; by default 100,000 are made. The last line is JSON: CPU seconds, medians of runs in
turn; the wall seconds are those of the quickest run, as the others waited for somebody else's work.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from estran.store.counting import count_cells
from estran.text.matching import Lexicon, match
from estran.text.packs import load
from estran.text.phrases import Cell, as_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT_LEAST = 5
COLUMNS = ["time", "text", "author", "side", "language"]
ROUNDS = 3
MATCHED = 10_000


def stop_words() -> dict[str, frozenset[str]]:
    return {language: load(language).stop_words for language in ("en", "fr")}


def cells_of(messages: pl.DataFrame, *, first: int = 0) -> Iterator[Cell]:
    """One cell for each month, side and language; their keys count up from `first`."""
    coded = messages.select(*COLUMNS).with_columns(
        pl.col("author").cast(pl.Categorical).to_physical().cast(pl.Int32).fill_null(0),
        month=pl.col("time").dt.strftime("%Y%m"),
    )
    for key, part in enumerate(coded.partition_by("month", "side", "language", maintain_order=True), first):
        yield Cell(as_texts(part["text"]), part["author"].to_numpy(), part["language"][0], key)


def measure(file: Path) -> dict[str, float]:
    """Read a file, count its phrases on one thread and on two, match the 10,000 commonest."""
    messages = pl.from_arrow(pq.read_table(file)).select(*COLUMNS)
    cells, texts, stops = list(cells_of(messages)), as_texts(messages["text"]), stop_words()
    counts = count_cells(cells, stops, at_least=AT_LEAST, threads=2)
    said = np.bincount(counts.phrase, counts.messages)
    common = np.argsort(-said, kind="stable")[:MATCHED]
    lexicon = Lexicon(tuple(counts.phrases[common].to_list()), np.arange(len(common), dtype=np.int32))
    lexicons, languages = {"fr": lexicon, "en": lexicon}, messages["language"]
    match(texts, languages, lexicons, threads=2)
    took = in_turn(
        {
            "read": lambda: pq.read_table(file),
            "count": lambda: count_cells(cells, stops, at_least=AT_LEAST, threads=1),
            "count_2": lambda: count_cells(cells, stops, at_least=AT_LEAST, threads=2),
            "match": lambda: match(texts, languages, lexicons, threads=1),
        }
    )
    busy = {f"{name}_cpu": statistics.median(cpu for cpu, _ in runs) for name, runs in took.items()}
    wall, wall_2 = (min(wall for _, wall in took[name]) for name in ("count", "count_2"))
    return busy | {
        "count_wall": wall,
        "count_2_wall": wall_2,
        "threads2_over_1": wall / wall_2,
        "kernel_over_read": busy["count_cpu"] / busy["read_cpu"],
        "match_over_read": busy["match_cpu"] / busy["read_cpu"],
        "text_mb": float(messages["text"].str.len_bytes().sum()) / 1e6,
        "cells": len(cells),
    }


def in_turn(works: dict[str, Callable[[], object]]) -> dict[str, list[tuple[float, float]]]:
    """CPU and wall seconds of each call, run one after the other, several times."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            wall, busy = time.perf_counter(), time.process_time()
            work()
            times[name].append((time.process_time() - busy, time.perf_counter() - wall))
    return times


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(measure(Path(sys.argv[1]))))
        return
    from bench.speed.corpora import write  # noqa: PLC0415  only where a corpus is to be made

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.parquet"
        write(file, 100_000)
        print(json.dumps(measure(file)))


if __name__ == "__main__":
    main()
