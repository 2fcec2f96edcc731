"""How fast phrases are counted and messages encoded, each in a process of its own: `python -m bench.themes.speed`.

Phrases: the first pass over messages in memory, on two threads, from their texts to the counts of every phrase. Encoding:
short messages, no two alike, by the default encoder. Both are compiled, or loaded, before; the quickest of three runs
counts. The figures are of the machine and of whatever else it does: they depend on its being quiet. The peak of memory
is that of the process where this module runs by itself, else the peak of the bench where that is larger.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from bench.speed.kernel import AT_LEAST, COLUMNS, ROUNDS, cells_of, stop_words
from bench.speed.runs import Job, Run, run

if TYPE_CHECKING:
    from collections.abc import Callable

PYTHON = (sys.executable, "-m")
MESSAGES, ENCODED, SHORT = 100_000, 20_000, 12
"""Messages that are counted; those that are encoded, and the words that are left of each."""


def phrases(file: Path) -> dict[str, float]:
    """Messages counted in a second."""
    from estran.store.counting import count_cells  # noqa: PLC0415  each process loads what it measures, and no more

    messages, stops = pl.read_parquet(file, columns=COLUMNS), stop_words()

    def count(some: pl.DataFrame) -> None:
        count_cells(list(cells_of(some)), stops, at_least=AT_LEAST, threads=2)

    count(messages.head(1_000))
    size = float(messages["text"].str.len_bytes().mean() or 0)
    return {"per_s": messages.height / quickest(lambda: count(messages)), "bytes": size}


def encode(file: Path) -> dict[str, float]:
    """Messages encoded in a second."""
    from estran.text.encoders import open_encoder  # noqa: PLC0415

    texts = pl.read_parquet(file, columns=["text"], n_rows=2 * ENCODED)["text"].to_list()
    short = list(dict.fromkeys(" ".join(text.split()[:SHORT]) for text in texts))[:ENCODED]
    encoder = open_encoder()
    encoder.encode(short[:64])
    return {"per_s": len(short) / quickest(lambda: encoder.encode(short)), "messages": len(short)}


def quickest(work: Callable[[], object]) -> float:
    """Seconds of the quickest of three runs."""
    took = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took)


WORKS = {"phrases": phrases, "encode": encode}


def measured() -> dict[str, Run]:
    """Each work, in a process of its own, on the same messages."""
    done = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.parquet"
        made = run(Job("corpus", [*PYTHON, "bench.speed.corpora", str(file), str(MESSAGES)]))
        if isinstance(made, str):
            print(f"no messages, {made}", flush=True)
            return {}
        for name in WORKS:
            told = run(Job(name, [*PYTHON, "bench.themes.speed", name, str(file)]))
            if isinstance(told, str):
                print(f"{name}: no figure, {told}", flush=True)
            else:
                done[name] = told
    return done


def figures() -> dict[str, float]:
    """The keys of the line of figures; prints them with the peak of memory."""
    found = measured()
    for name, each in found.items():
        print(f"{name}: {each.told['per_s']:,.0f} messages/s, peak {each.peak_gb:.2f} GB", flush=True)
    return {f"{name}_per_s": each.told["per_s"] for name, each in found.items()}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(WORKS[sys.argv[1]](Path(sys.argv[2]))))
    else:
        print(figures())
