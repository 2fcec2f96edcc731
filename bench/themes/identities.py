"""Whether topics stay themselves: with a tenth more messages, and with twelve months that double them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from bench.themes.corpora import Known, vectors
from estran.stats.agreement import mutual_information, rand_index
from estran.stats.carrying import accepted, carried
from estran.stats.graphs import topics_of
from estran.stats.identity import updated
from estran.stats.known import NEW, known_of

if TYPE_CHECKING:
    from estran.stats.graphs import Topics

MONTHS = 12


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
    rebuilt = carried(kept, points, before, topics_of(points, seed=seed), new_id=new_id)
    fresh = np.setdiff1d(np.arange(len(points)), old)
    return {
        "ari_plus10": rand_index(update.topic[old], first.topic),
        "ids_kept": float(np.mean([np.any(update.topic == at) for at in range(len(kept.ids))])),
        "nmi_added": mutual_information(known.truth[fresh], update.topic[fresh]),
        "rebuild_ari": rand_index(rebuilt.topic[old], first.topic),
        "rebuild_ids_kept": float(np.mean([one in rebuilt.known.ids for one in kept.ids])),
    }


def month_by_month(known: Known, seed: int) -> dict[str, float]:
    """Half of the messages, then the rest in twelve updates, with and without what they propose; against one run on all.

    Cold is what a rebuild is: it finds itself how fine to cut. `alike` cuts as fine as the first run did.
    """
    points = vectors(known.texts)
    order = np.random.default_rng(seed).permutation(len(points))
    old = order[: len(order) // 2]
    first = topics_of(points[old], seed=seed)
    cold = topics_of(points, seed=seed)
    alike = topics_of(points, seed=seed, resolution=first.resolution)
    left, accepting = (grown(points, order, first, accept=accept) for accept in (False, True))
    start, new_id = np.full(len(points), NEW), names()
    start[old] = first.topic
    again = carried(known_of(points[old], first, new_id), points, start, cold, new_id=new_id)
    ids = np.array([*again.known.ids, ""])
    before = np.array([*(f"topic-{at}" for at in range(len(first.size))), ""])
    return {
        "monthly_same_id": float((left[old] == first.topic).mean()),
        "monthly_nmi": mutual_information(known.truth, left),
        "cold_nmi": mutual_information(known.truth, cold.topic),
        "alike_nmi": mutual_information(known.truth, alike.topic),
        "topics_first": len(first.size),
        "topics_last": int(left.max()) + 1,
        "topics_cold": len(cold.size),
        "topics_alike": len(alike.size),
        "accepted_same_id": float((accepting[old] == first.topic).mean()),
        "accepted_nmi": mutual_information(known.truth, accepting),
        "topics_accepted": len(np.unique(accepting[accepting >= 0])),
        "cold_same_id": float((ids[again.topic[old]] == before[first.topic]).mean()),
    }


def grown(points: np.ndarray, order: np.ndarray, first: Topics, *, accept: bool) -> np.ndarray:
    """(n,) topics after the first half and twelve updates; with every split that all trials found, where a hand accepts them."""
    half, new_id = len(order) // 2, names()
    kept = known_of(points[order[:half]], first, new_id)
    topic = np.full(len(points), NEW)
    topic[order[:half]] = first.topic
    for month in range(MONTHS):
        now = order[: half + (len(order) - half) * (month + 1) // MONTHS]
        update = updated(kept, points[now], topic[now], new_id=new_id, seed=month)
        sure = [one for one in update.proposals if accept and one.kind == "split" and one.evidence == 1]
        for split in sure:
            update = accepted(update, split, points[now], new_id=new_id)
        topic[now], kept = update.topic, update.known
    return topic


def identities(known: Known, shuffles: int) -> dict[str, float]:
    """Means over shuffles of the messages."""
    runs = [with_a_tenth_more(known, seed) | month_by_month(known, seed) for seed in range(shuffles)]
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}
