"""How long the In and Out test takes: `python -m bench.truth.speed`.

100,000 messages of 8,000 people in 20,000 threads over ten years of months, with 10,000 themes whose uses follow Zipf's
law. Both sets of rows are made from messages and tested, seasons on. Compiling is not counted: a small corpus is tested
first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from estran.stats.presence import Codes, Ints, Presence, Rows
from estran.stats.strata import length_strata
from estran.stats.trends import in_out_test

MONTHS = 120
RUNS = 3


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages (n): who, in which thread, when, how long; and pairs (M) of message and theme."""

    author: Codes
    thread: Codes
    period: Codes
    tokens: Ints
    message: Codes
    theme: Codes
    themes: int


def talk(messages: int, themes: int, *, seed: int = 1) -> Talk:
    """Talk of loud and quiet people, in threads; each message holds about one theme for each four words."""
    rng = np.random.default_rng(seed)
    thread = np.sort(rng.integers(0, messages // 5, messages)).astype(np.int32)
    period = (np.sort(rng.beta(2.0, 1.0, messages // 5)) * MONTHS).astype(np.int32)[thread]
    loudness = rng.pareto(1.1, messages // 12) + 0.05
    author = rng.choice(len(loudness), messages, p=loudness / loudness.sum()).astype(np.int32)
    tokens = np.maximum(rng.lognormal(4.0, 1.0, messages), 1).astype(np.int64)
    message = np.repeat(np.arange(messages, dtype=np.int32), np.minimum(tokens // 4, 60))
    rate = 1.0 / (np.arange(themes) + 20.0)
    theme = rng.choice(themes, len(message), p=rate / rate.sum()).astype(np.int32)
    return Talk(author, thread, period, tokens, message, theme, themes)


def rows_of(it: Talk, *, by: Codes, cluster: Codes) -> Rows:
    """One row per person and period, or person and conversation."""
    key = it.author.astype(np.int64) * (int(by.max()) + 1) + by
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    _, dense = np.unique(cluster[first], return_inverse=True)
    period = it.period[first]
    return Rows(
        Presence.of_pairs(row[it.message], it.theme, rows=len(first), themes=it.themes),
        period,
        dense.astype(np.int32),
        length_strata(
            np.bincount(row, it.tokens).astype(np.int64),
            np.zeros(len(first), np.int64),
            messages=np.bincount(row),
        ),
        (period % 12).astype(np.int32),
    )


def seconds(messages: int, themes: int) -> tuple[float, float]:
    """Seconds to make both sets of rows, and to test them; the best of three."""
    made, tested = [], []
    warm = talk(2_000, 50)
    in_out_test(
        rows_of(warm, by=warm.period, cluster=warm.author), rows_of(warm, by=warm.thread, cluster=warm.thread)
    )
    it = talk(messages, themes)
    for _ in range(RUNS):
        began = time.perf_counter()
        voices, threads = (
            rows_of(it, by=it.period, cluster=it.author),
            rows_of(it, by=it.thread, cluster=it.thread),
        )
        made.append(time.perf_counter() - began)
        began = time.perf_counter()
        in_out_test(voices, threads)
        tested.append(time.perf_counter() - began)
    return min(made), min(tested)


def seconds_100k_10k() -> float:
    """Seconds from 100,000 messages and 10,000 themes to p values: both sets of rows made and tested, seasons on."""
    return sum(seconds(100_000, 10_000))


def main() -> None:
    it = talk(100_000, 10_000)
    voices, threads = (
        rows_of(it, by=it.period, cluster=it.author),
        rows_of(it, by=it.thread, cluster=it.thread),
    )
    print(
        f"{len(it.message)} pairs; {voices.presence.rows} and {threads.presence.rows} rows,"
        f" {voices.presence.uses.sum()} and {threads.presence.uses.sum()} uses,"
        f" {voices.stratum.max() + 1} and {threads.stratum.max() + 1} strata"
    )
    made, tested = seconds(100_000, 10_000)
    print(f"rows made in {made:.2f} s, tested in {tested:.2f} s")


if __name__ == "__main__":
    main()
