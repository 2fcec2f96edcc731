"""The counting kernel against reading the file it counts: CPU seconds, medians of runs in turn.

    python -m bench.speed.kernel [messages]

The last line is JSON: {"kernel_over_read": ...}.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from bench.speed.corpora import long_messages, short_messages
from estran.store.engine import Cell, Lexicon
from estran.store.local import LocalEngine
from estran.text.packs import load
from estran.text.phrases import as_texts

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5


def cells_of(messages: pl.DataFrame) -> list[Cell]:
    """One cell for each month, side and language."""
    coded = messages.with_columns(
        pl.col("author").cast(pl.Categorical).to_physical().cast(pl.Int32).fill_null(0),
        month=pl.col("time").dt.strftime("%Y%m"),
    )
    parts = coded.partition_by("month", "side", "language", maintain_order=True)
    return [
        Cell(as_texts(part["text"]), part["author"].to_numpy(), part["language"][0], key)
        for key, part in enumerate(parts)
    ]


def cpu(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of one call."""
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - busy, time.perf_counter() - wall


def in_turn(works: dict[str, Callable[[], object]]) -> dict[str, tuple[float, float]]:
    """Median CPU and wall seconds of each, run one after the other, several times."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            times[name].append(cpu(work))
    return {
        name: tuple(statistics.median(column) for column in zip(*t, strict=True)) for name, t in times.items()
    }


def peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def measure(name: str, messages: pl.DataFrame, folder: Path) -> dict[str, float]:
    """Read the messages as Parquet, count their phrases, match the 10,000 commonest."""
    file = folder / f"{name}.parquet"
    messages.write_parquet(file, compression="zstd", row_group_size=16_384)
    cells, texts = cells_of(messages), as_texts(messages["text"])
    stops = {language: load(language).stop_words for language in ("fr", "en")}
    text_mb = sum(messages["text"].str.len_bytes()) / 1e6
    one, two = LocalEngine(threads=1), LocalEngine(threads=2)
    counts = two.count(cells, stops, at_least=5)
    said = np.bincount(counts.phrase, counts.messages)
    common = np.argsort(-said, kind="stable")[:10_000]
    lexicon = Lexicon(tuple(counts.phrases[common].to_list()), np.arange(len(common), dtype=np.int32))
    lexicons, languages = {"fr": lexicon, "en": lexicon}, messages["language"]
    two.match(texts, languages, lexicons)
    took = in_turn(
        {
            "read": lambda: pq.read_table(file),
            "count": lambda: one.count(cells, stops, at_least=5),
            "count on 2 threads": lambda: two.count(cells, stops, at_least=5),
            "match": lambda: one.match(texts, languages, lexicons),
            "match on 2 threads": lambda: two.match(texts, languages, lexicons),
        }
    )
    read = took["read"][0]
    print(f"\n{name}: {len(messages):,} messages, {text_mb:.1f} MB of text, {len(cells)} cells")
    print(
        f"{len(counts.phrases):,} phrases kept, {len(counts.phrase):,} rows; peak memory of this script {peak_gb():.2f} GB"
    )
    for what, (busy, wall) in took.items():
        print(
            f"{what:20s} {busy:6.3f} CPU s {wall:6.3f} s wall {busy / read:6.1f} x reading {text_mb / wall:6.0f} MB/s"
        )
    return {
        "kernel_over_read": round(took["count"][0] / read, 2),
        "match_over_read": round(took["match"][0] / read, 2),
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        figures = measure("short", short_messages(count), Path(folder))
        long = long_messages(count)
        if long is not None:
            figures["kernel_over_read_long"] = measure("long", long, Path(folder))["kernel_over_read"]
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
