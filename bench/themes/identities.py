"""Whether topics stay themselves: with a tenth more messages, and with twelve months that double them."""

from __future__ import annotations

from itertools import count

import numpy as np

from bench.themes.corpora import Known, vectors
from estran.stats.agreement import mutual_information, rand_index
from estran.stats.carrying import carried
from estran.stats.graphs import topics_of
from estran.stats.identity import updated
from estran.stats.known import NEW, known_of

MONTHS = 12
SEEDS = (0, 1, 2)


def names():
    numbers = count()
    return lambda: f"topic-{next(numbers)}"


def with_a_tenth_more(known: Known, seed: int) -> dict[str, float]:
    """What an update does when a tenth is added; and a rebuild, which groups everything anew."""
    points, new_id = vectors(known.texts), names()
    order = np.random.default_rng(seed).permutation(len(points))
    old = order[: round(len(order) / 1.1)]
    first = topics_of(points[old], seed=seed)
    kept = known_of(points[old], first, new_id)
    before = np.full(len(points), NEW)
    before[old] = first.topic
    update = updated(kept, points, before, new_id=new_id, seed=seed)
    rebuilt = carried(
        kept, points, before, topics_of(points, seed=seed, resolution=first.resolution), new_id=new_id
    )
    fresh = np.setdiff1d(np.arange(len(points)), old)
    return {
        "ari_plus10": rand_index(update.topic[old], first.topic),
        "ids_kept": float(np.mean([np.any(update.topic == at) for at in range(len(kept.ids))])),
        "nmi_added": mutual_information(known.truth[fresh], update.topic[fresh]),
        "rebuild_ari": rand_index(rebuilt.topic[old], first.topic),
        "rebuild_ids_kept": float(np.mean([one in rebuilt.known.ids for one in kept.ids])),
    }


def month_by_month(known: Known, seed: int) -> dict[str, float]:
    """Half of the messages, then the rest in twelve updates; against one run on all."""
    points, new_id = vectors(known.texts), names()
    order = np.random.default_rng(seed).permutation(len(points))
    half = len(order) // 2
    first = topics_of(points[order[:half]], seed=seed)
    kept = known_of(points[order[:half]], first, new_id)
    before = np.full(len(points), NEW)
    before[order[:half]] = first.topic
    proposed = 0
    for month in range(MONTHS):
        now = order[: half + (len(order) - half) * (month + 1) // MONTHS]
        update = updated(kept, points[now], before[now], new_id=new_id, seed=month)
        before[now], kept, proposed = update.topic, update.known, len(update.proposals)
    cold = topics_of(points, seed=seed, resolution=first.resolution)
    return {
        "monthly_same_id": float((before[order[:half]] == first.topic).mean()),
        "monthly_nmi": mutual_information(known.truth, before),
        "cold_nmi": mutual_information(known.truth, cold.topic),
        "topics_first": len(first.size),
        "topics_last": len(kept.ids),
        "topics_cold": len(cold.size),
        "proposals": proposed,
    }


def identities(known: Known) -> dict[str, float]:
    """Means over three shuffles."""
    runs = [with_a_tenth_more(known, seed) | month_by_month(known, seed) for seed in SEEDS]
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}
