"""Whether topics are what people meant, and whether languages meet in them."""

from __future__ import annotations

import time

import numpy as np

from bench.themes.corpora import Known, vectors
from estran.stats.agreement import mutual_information, rand_index
from estran.stats.graphs import Topics, topics_of

SEEDS = (0, 1, 2)


def language_mixing(topic: np.ndarray, language: np.ndarray) -> float:
    """How evenly two languages share the topics: entropy of the language in bits, mean over messages; 1 is evenly."""
    total = 0.0
    for each in np.unique(topic):
        here = language[topic == each]
        shares = np.array([np.mean(here == "fr"), np.mean(here != "fr")])
        shares = shares[shares > 0]
        total -= float((shares * np.log2(shares)).sum()) * len(here)
    return total / len(topic)


def told(known: Known, topic: np.ndarray) -> dict[str, float]:
    """What a grouping is worth."""
    placed = topic >= 0
    return {
        "topics": len(np.unique(topic[placed])),
        "unplaced": float(1 - placed.mean()),
        "nmi": mutual_information(known.truth, topic),
        "ari": rand_index(known.truth, topic),
    }


def found(known: Known) -> tuple[dict[str, float], Topics]:
    """The topics of a corpus: the figures are means over three seeds, as fine as the data bore with the first."""
    points = vectors(known.texts)
    started = time.perf_counter()
    first = topics_of(points, seed=SEEDS[0])
    seconds = time.perf_counter() - started
    runs = [first, *(topics_of(points, seed=seed, resolution=first.resolution) for seed in SEEDS[1:])]
    alone = topics_of(points, seed=SEEDS[1], resolution=first.resolution, threads=1)
    scores = [told(known, run.topic) for run in runs]
    figures = {name: float(np.mean([score[name] for score in scores])) for name in scores[0]}
    again = [rand_index(runs[a].topic, runs[b].topic) for a, b in ((0, 1), (0, 2), (1, 2))]
    figures |= {
        "ari_new_seed": float(np.mean(again)),
        "families": int(runs[0].family.max(initial=-1)) + 1,
        "stability": float(np.median(runs[0].stability)),
        "seconds": seconds,
        "same_bytes": float(alone.topic.tobytes() == runs[1].topic.tobytes()),
    }
    if len(set(known.languages)) > 1:
        figures["language_mixing"] = float(
            np.mean([language_mixing(run.topic, known.languages) for run in runs])
        )
    return figures, runs[0]


def about_as_many(known: Known) -> Topics:
    """Topics when it is told how many there are: as near as the resolutions that are tried come to it."""
    return topics_of(vectors(known.texts), seed=SEEDS[0], between=(len(known.names), len(known.names)))
