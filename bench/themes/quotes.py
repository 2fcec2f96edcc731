"""Whether three quotes say what all messages of a topic say: on banking77, whose intents no method sees.

A topic, or a family of topics, holds several intents; those with more than 15 % of its messages are its sub-intents.
Cover is the share of them, three at the most, that the quotes hold; redundancy is the mean cosine of two quotes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from bench.themes import corpora
from estran.analysis.evidence import CANDIDATES, readable, telling
from estran.stats.facilities import stand_for_all
from estran.stats.graphs import topics_of
from estran.text.encoders import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    Chooser = Callable[[np.ndarray], np.ndarray]
    """Rows of messages -> places of those quoted."""

MOST, FEWEST, SUB_INTENT = 3, 10, 0.15


def measured() -> dict[tuple[str, str], dict[str, float]]:
    """(groups, method) -> what its quotes are worth."""
    known = corpora.corpus("banking77")
    if known is None:
        return {}
    meaning = corpora.vectors(known.texts).astype(np.float64)
    topics = topics_of(meaning, seed=0)
    placed = topics.topic >= 0
    groups = {"topics": topics.topic, "families": np.where(placed, topics.family[topics.topic], -1)}
    worth = np.array([readable(text) for text in known.texts])
    methods: dict[str, Chooser] = {
        "Estran": lambda rows: by_words(known, worth, rows),
        "the same on vectors of meaning": lambda rows: by_meaning(meaning, worth, rows),
        "the most readable": lambda rows: np.argsort(-worth[rows], kind="stable")[:MOST],
        "nearest to the middle": lambda rows: nearest_to_middle(meaning[rows]),
        "any": lambda _: np.arange(MOST),
    }
    return {
        (name, method): told(known, meaning, worth, group, choose)
        for name, group in groups.items()
        for method, choose in methods.items()
    }


def by_words(known: corpora.Known, worth: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """As quotes are chosen; everybody says one thing, on a day of their own."""
    nobody, nothing = np.zeros((len(rows), len(rows)), bool), np.empty((0, len(rows)), np.int64)
    texts = [known.texts[row] for row in rows]
    return telling(texts, worth[rows], most=MOST, apart=nobody, shared=nothing)


def by_meaning(meaning: np.ndarray, worth: np.ndarray, rows: np.ndarray) -> np.ndarray:
    own = unit_rows(meaning[rows] - meaning[rows].mean(axis=0)).astype(np.float64)
    return stand_for_all(own @ own.T, worth[rows] ** 2, most=MOST)


def nearest_to_middle(meaning: np.ndarray) -> np.ndarray:
    return np.argsort(-meaning @ meaning.mean(axis=0), kind="stable")[:MOST]


def told(
    known: corpora.Known, meaning: np.ndarray, worth: np.ndarray, group: np.ndarray, choose: Chooser
) -> dict[str, float]:
    """Means over groups of ten messages or more; cosines are of vectors of meaning without the mean of all."""
    point = unit_rows(meaning - meaning.mean(axis=0)).astype(np.float64)
    rng = np.random.default_rng(0)
    figures, seconds = [], 0.0
    for number in range(group.max() + 1):
        inside = np.flatnonzero(group == number)
        if len(inside) < FEWEST:
            continue
        asked = rng.permutation(inside)[:CANDIDATES]
        started = time.process_time()
        chosen = asked[choose(asked)]
        seconds += time.process_time() - started
        share = np.bincount(known.truth[inside], minlength=len(known.names)) / len(inside)
        wanted = np.flatnonzero(share > SUB_INTENT)
        cosine = point[chosen] @ point[chosen].T
        figures.append(
            {
                "sub_intents": len(wanted),
                "cover": len(np.intersect1d(known.truth[chosen], wanted)) / max(1, min(MOST, len(wanted))),
                "redundancy": cosine[np.triu_indices(len(chosen), 1)].mean(),
                "of_all": np.maximum(point[inside] @ point[chosen].T, 0).max(axis=1).mean(),
                "readable": worth[chosen].mean(),
            }
        )
    means = {name: float(np.mean([one[name] for one in figures])) for name in figures[0]}
    return means | {"groups": len(figures), "milliseconds": 1000 * seconds / len(figures)}


def figures() -> dict[str, float]:
    """The key of the line of figures; prints the table of docs/methods/quotes.md."""
    found = measured()
    names = ("cover", "redundancy", "of_all", "readable", "milliseconds")
    print("| groups | method | " + " | ".join(names) + " |\n" + "|---" * (len(names) + 2) + "|")
    for (group, method), each in found.items():
        cells = (f"{each[name]:.2f}" if name != "milliseconds" else f"{each[name]:.0f}" for name in names)
        print(f"| {each['groups']:.0f} {group} | {method} | " + " | ".join(cells) + " |", flush=True)
    return {"quote_cover": found["topics", "Estran"]["cover"]} if found else {}


if __name__ == "__main__":
    print(figures())
