"""Topics that stay themselves: new messages go to known topics, births are found, splits and merges are proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from estran.stats.agreement import jaccard
from estran.stats.graphs import SAMPLE, attached, graph_of, neighbours_for, vote
from estran.stats.known import NEW, Event, Known, Update, givers, with_newborn
from estran.stats.leiden import aggregate, communities, settle
from estran.stats.points import cosines, distinct_points, nearest, points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from estran.stats.points import Points
    from estran.stats.presence import Bools, Codes, Ints


FEWEST_BORN = 10
TRIALS, WITHIN, STABLE = 4, 0.8, 3
SAME = 0.5  # Jaccard of a group with its like in a trial
INSIDE = 0.5  # weight of a newborn's edges that stays inside it


def updated(
    known: Known,
    vectors: NDArray[np.floating],
    before: NDArray[np.integer],
    *,
    new_id: Callable[[], str],
    seed: int,
    sample: int = SAMPLE,
    threads: int = 2,
) -> Update:
    """Place new messages in known topics, and find topics that are born.

    New messages go where their nearest vote, then one pass of local moves lets them settle. Messages that fit no
    topic are grouped; a group that is found again in three of four trials, and whose messages have each other for
    neighbours, is born. Messages that had a topic keep it.

    Args:
        known: the topics.
        vectors: (n, d) of all messages, old and new.
        before: (n,) number of the topic of each in `known.ids`, -1 for none, `NEW`.
        new_id: as of `known_of`.
        seed: of the sample and the trials.
        sample: distinct messages, at the most, that are joined into a graph; the others are placed by vote.
        threads: at the same time.
    """
    rng = np.random.default_rng(seed)
    points, copy = distinct_points(points_of(vectors, known.frame))
    was = np.full(len(points), NEW, np.int64)
    np.maximum.at(was, copy, before)
    able = np.flatnonzero(np.any(points, axis=1))
    chosen = np.sort(rng.permutation(able)[:sample])
    k = neighbours_for(len(chosen))
    near = nearest(points[chosen], k=k, threads=threads)
    graph, joined = graph_of(near), attached(near)
    own = was[chosen]
    heard = np.flatnonzero(own >= 0)
    if len(heard):
        loose = np.flatnonzero(own < 0)
        voted = vote(nearest(points[chosen[loose]], points[chosen[heard]], k=k, threads=threads), own[heard])
        own[loose] = voted
    own[own < 0] = -1
    old = was[chosen] >= 0
    newborn, trust = _births(known, points[chosen], graph, own, old=old, joined=joined, rng=rng)
    after = np.where(newborn >= 0, len(known.ids) + newborn, own)
    after = _settled(graph, after, movable=~old & joined, resolution=known.resolution)
    topic = np.where(was >= 0, was, -1).astype(np.int32)
    topic[chosen] = after
    rest = np.setdiff1d(np.flatnonzero((was < 0) & np.any(points, axis=1)), chosen)
    if len(rest):
        beside = nearest(points[rest], points[chosen], k=k, threads=threads)
        topic[rest] = vote(beside, after.astype(np.int32))
    number = int(newborn.max(initial=-1)) + 1
    ids = (*known.ids, *(new_id() for _ in range(number)))
    events = tuple(_born(ids, known, own, newborn, trust))
    grown = with_newborn(known, ids, points, topic, copy)
    part = np.zeros(len(points), np.int32)
    splits, part[chosen] = _splits(grown, graph, topic[chosen], rng)
    return Update(grown, topic[copy], events, (*splits, *_merges(grown, graph, topic[chosen])), part[copy])


def _settled(graph: sparse.csr_array, topic: Ints, *, movable: Bools, resolution: float) -> Ints:
    """One pass of local moves among the nodes that have a topic."""
    placed = np.flatnonzero(topic >= 0)
    after = topic.copy()
    if len(placed):
        inner = sparse.csr_array(graph[placed][:, placed])
        after[placed] = settle(inner, topic[placed], resolution=resolution, movable=movable[placed])
    return after


def _births(
    known: Known,
    points: Points,
    graph: sparse.csr_array,
    voted: Ints,
    *,
    old: Bools,
    joined: Bools,
    rng: np.random.Generator,
) -> tuple[Codes, list[float]]:
    """The newborn topic of each node, -1 for none; and the share of trials that found each."""
    newborn = np.full(len(points), -1, np.int32)
    loose = np.flatnonzero(~old & joined & _misfits(known, points, voted))
    if len(loose) < FEWEST_BORN:
        return newborn, []
    inner = sparse.csr_array(graph[loose][:, loose])
    fine = known.resolution * float(inner.sum()) / float(graph.sum())
    groups = communities(inner, resolution=fine, seed=0)
    found = _again(inner, groups, fine, rng)
    size = np.bincount(groups)
    inside = np.diag(aggregate(inner, groups, groups=len(size)).toarray())
    reached = np.bincount(groups, weights=np.asarray(graph[loose].sum(axis=1)).ravel(), minlength=len(size))
    whole = (found >= STABLE) & (size >= FEWEST_BORN) & (inside >= INSIDE * reached)
    number = np.where(whole, np.cumsum(whole) - 1, -1)
    newborn[loose] = number[groups]
    return newborn, (found[whole] / TRIALS).tolist()


def _misfits(known: Known, points: Points, voted: Ints) -> Bools:
    """Nodes that no topic's vote has, or that lie farther from its middle than 95 % of its own."""
    misfit = voted < 0
    for rows, cosine in cosines(points, known.centroid):
        codes = voted[rows]
        at = np.maximum(codes, 0)
        misfit[rows] |= cosine[np.arange(len(codes)), at] < known.reach[at] if len(known.ids) else True
    return misfit


def _again(graph: sparse.csr_array, groups: Codes, resolution: float, rng: np.random.Generator) -> Ints:
    """(G,) in how many of four trials on 80 % of the nodes each group was found again (Jaccard of one half)."""
    found = np.zeros(int(groups.max()) + 1, np.int64)
    for trial in range(TRIALS):
        part = np.sort(rng.permutation(len(groups))[: round(WITHIN * len(groups))])
        run = communities(sparse.csr_array(graph[part][:, part]), resolution=resolution * WITHIN, seed=trial)
        best = jaccard(groups[part], run).max(axis=1, initial=0.0)
        found[: len(best)] += best >= SAME
    return found


def _born(
    ids: tuple[str, ...], known: Known, voted: Ints, newborn: Codes, trust: list[float]
) -> Iterator[Event]:
    for number, share in enumerate(trust):
        own = voted[newborn == number]
        came = np.bincount(own[own >= 0], minlength=len(known.ids)) if len(known.ids) else np.zeros(0)
        yield Event("born", (ids[len(known.ids) + number],), givers(known.ids, came), (len(own),), share)


def _splits(
    known: Known, graph: sparse.csr_array, topic: Codes, rng: np.random.Generator
) -> tuple[list[Event], Codes]:
    """Topics that fall apart at the resolution they were found at, into parts that are found again; and the parts."""
    weight, part, proposed = float(graph.sum()), np.zeros(len(topic), np.int32), []
    for number, name in enumerate(known.ids):
        own = np.flatnonzero(topic == number)
        inner = sparse.csr_array(graph[own][:, own])
        if len(own) < 2 * FEWEST_BORN or inner.nnz == 0:
            continue
        fine = known.resolution * float(inner.sum()) / weight
        groups = communities(inner, resolution=fine, seed=0)
        size, found = np.bincount(groups), _again(inner, groups, fine, rng)
        sure = (size >= FEWEST_BORN) & (found >= STABLE)
        if sure.sum() >= 2:
            named = np.where(sure, np.cumsum(sure) - 1, 0).astype(np.int32)  # crumbs stay with the largest
            part[own] = named[groups]
            sizes = tuple(np.bincount(part[own]).tolist())
            proposed.append(Event("split", (name,), (), sizes, float(found[sure].min() / TRIALS)))
    return proposed, part


def _merges(known: Known, graph: sparse.csr_array, topic: Codes) -> Iterator[Event]:
    """Pairs of topics that would be one at the resolution they were found at."""
    if not known.ids or graph.nnz == 0 or (topic < 0).all():
        return
    between = aggregate(graph, topic, groups=len(known.ids)).toarray()
    between /= between.sum()
    mass = between.sum(axis=1)
    gain = 2 * (between - known.resolution * np.outer(mass, mass))
    size = np.bincount(topic[topic >= 0], minlength=len(known.ids))
    for one, other in np.argwhere(np.triu(gain, k=1) > 0).tolist():
        yield Event(
            "merge", (known.ids[one], known.ids[other]), (), (int(size[one]), int(size[other])),
            float(gain[one, other]),
        )  # fmt: skip
