"""Topics that stay themselves: new messages go to known topics, births are found, splits and merges are proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from estran.stats.agreement import jaccard, matched
from estran.stats.graphs import SAMPLE, attached, graph_of, middles, neighbours_for, vote
from estran.stats.leiden import aggregate, communities, settle
from estran.stats.points import cosines, nearest, points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from estran.stats.graphs import Topics
    from estran.stats.points import Frame, Points
    from estran.stats.presence import Bools, Codes, Floats, Ints

NEW = -2
"""The topic before of a message that was not there before; -1 is one that was placed nowhere."""

EXEMPLARS = 50  # of a topic
OWN_EDGE = 5.0  # percentile of a topic's own messages: farther from its middle, a message is hardly of it
FEWEST_BORN = 10
TRIALS, WITHIN, STABLE = 4, 0.8, 3
SAME = 0.5  # Jaccard of a group with its like in a trial
INSIDE = 0.5  # weight of a newborn's edges that stays inside it
CARRIED = 0.2  # Jaccard of a topic of a new run that takes over an id
PARENT = 0.25  # of the messages of a topic that came from another


@dataclass(frozen=True, slots=True)
class Known:
    """K topics as they are kept.

    Attributes:
        ids: K, for ever.
        frame: what is taken off every vector.
        centroid: (K, d) middles, frozen when the topic was born or rebuilt.
        reach: (K,) cosine with the centroid that 95 % of the topic's messages passed then.
        exemplar: (m, d) messages of the topics, to place others by.
        exemplar_row: (m,) the row each was made of, so that an erased message can be taken out.
        exemplar_topic: (m,) their topics.
        resolution: at which the topics were found.
    """

    ids: tuple[str, ...]
    frame: Frame
    centroid: Points
    reach: Floats
    exemplar: Points
    exemplar_row: Ints
    exemplar_topic: Codes
    resolution: float


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a topic, or that is proposed and changes nothing until a hand accepts it.

    Attributes:
        kind: born, retired; or, proposed only, split, merge.
        ids: the topics it is about: one, or the two of a merge.
        parents: topics that its messages came from (born), go to (retired).
        messages: of the topic; of each part for a split.
        evidence: born and split: the share of trials in which the groups were found again; merge: the gain of
            modularity; retired: the best overlap with a topic of now.
    """

    kind: str
    ids: tuple[str, ...]
    parents: tuple[str, ...]
    messages: tuple[int, ...]
    evidence: float


@dataclass(frozen=True, slots=True)
class Update:
    """What new messages did to known topics.

    Attributes:
        known: with the newborn topics after the others.
        topic: (n,) number in `known.ids`; -1 for a message that is placed nowhere.
        events: what happened.
        proposals: what a hand may accept.
    """

    known: Known
    topic: Codes
    events: tuple[Event, ...]
    proposals: tuple[Event, ...]


def known_of(vectors: NDArray[np.floating], found: Topics, new_id: Callable[[], str]) -> Known:
    """The topics of a first run, with an id each.

    Args:
        vectors: (n, d) that the topics were found in.
        found: the topics.
        new_id: gives an id that was never given; called once a topic, the largest first.
    """
    points = points_of(vectors, found.frame)
    ids = tuple(new_id() for _ in range(len(found.size)))
    return _kept(ids, found.frame, points, found.topic, found.resolution)


def assign(known: Known, vectors: NDArray[np.floating], *, threads: int = 2) -> Codes:
    """(n,) the topic for which the nearest exemplars vote; -1 where fewer than three are near."""
    if len(known.exemplar) == 0:
        return np.full(len(vectors), -1, np.int32)
    points = points_of(vectors, known.frame)
    k = neighbours_for(len(known.exemplar))
    return vote(nearest(points, known.exemplar, k=k, threads=threads), known.exemplar_topic)


def without(known: Known, rows: NDArray[np.integer]) -> Known:
    """The same topics without the exemplars made of some rows, and centroids of the exemplars left: an erasure."""
    kept = ~np.isin(known.exemplar_row, rows)
    exemplar, topic = known.exemplar[kept], known.exemplar_topic[kept]
    touched = np.unique(known.exemplar_topic[~kept])
    centroid = known.centroid.copy()
    centroid[touched] = middles(exemplar, topic, len(known.ids))[touched]
    return replace(
        known,
        centroid=centroid,
        exemplar=exemplar,
        exemplar_row=known.exemplar_row[kept],
        exemplar_topic=topic,
    )


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
    points, copy = np.unique(points_of(vectors, known.frame), axis=0, return_inverse=True)
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
    grown = _grown(known, ids, points, topic, copy)
    proposals = (*_splits(grown, graph, topic[chosen], rng), *_merges(grown, graph, topic[chosen]))
    return Update(grown, topic[copy], events, proposals)


def carried(
    known: Known,
    vectors: NDArray[np.floating],
    before: NDArray[np.integer],
    found: Topics,
    *,
    new_id: Callable[[], str],
) -> Update:
    """Topics of a new run on all messages, under the ids of those that they overlap most.

    One to one, so that the sum of overlaps (Jaccard) is the largest. A topic that overlaps no known one enough is born
    of those its messages came from; a known one without a successor is retired, and its messages go where they went.

    Args:
        known: the topics of before.
        vectors: (n, d).
        before: (n,) number in `known.ids`, -1 for none, `NEW`.
        found: the topics of the new run, of the same n messages.
        new_id: as of `known_of`.
    """
    old = np.where(before >= 0, before, -1).astype(np.int64)
    groups = (len(known.ids), len(found.size))
    overlap = np.zeros(groups)
    both = old >= 0
    measured = jaccard(old[both], found.topic[both].astype(np.int64))
    overlap[: measured.shape[0], : measured.shape[1]] = measured
    to = matched(overlap, least=CARRIED)
    heir = {int(new): at for at, new in enumerate(to.tolist()) if new >= 0}
    ids = tuple(known.ids[heir[new]] if new in heir else new_id() for new in range(groups[1]))
    moved = np.zeros(groups)
    placed = both & (found.topic >= 0)
    np.add.at(moved, (old[placed], found.topic[placed]), 1)
    born = [
        Event("born", (ids[new],), _names(known.ids, moved[:, new]), (int(found.size[new]),),
              float(found.stability[new]))
        for new in range(groups[1]) if new not in heir
    ]  # fmt: skip
    retired = [
        Event("retired", (known.ids[at],), _names(ids, moved[at]), (int((old == at).sum()),),
              float(overlap[at].max(initial=0.0)))
        for at in range(groups[0]) if to[at] < 0
    ]  # fmt: skip
    points = points_of(vectors, found.frame)
    now = _kept(ids, found.frame, points, found.topic, found.resolution)
    return Update(now, found.topic, (*born, *retired), ())


def _kept(ids: tuple[str, ...], frame: Frame, points: Points, topic: Codes, resolution: float) -> Known:
    """Topics as they are kept: the exemplars are the messages at even steps from the middle to the edge."""
    centroid = middles(points, topic, len(ids))
    near = np.full(len(points), -2.0)
    for rows, cosine in cosines(points, centroid):
        codes = topic[rows]
        near[rows] = np.where(codes >= 0, cosine[np.arange(len(codes)), codes], -2.0)
    reach, chosen = np.zeros(len(ids)), []
    for number in range(len(ids)):
        own = np.flatnonzero(topic == number)
        if len(own):
            reach[number] = np.percentile(near[own], OWN_EDGE)
            inward = own[np.argsort(-near[own], kind="stable")]
            chosen.append(inward[np.unique(np.linspace(0, len(own) - 1, EXEMPLARS).astype(np.int64))])
    made_of: Ints = np.concatenate([np.empty(0, np.int64), *chosen])
    own_topic = topic[made_of].astype(np.int32)
    return Known(ids, frame, centroid, reach, points[made_of], made_of, own_topic, resolution)


def _grown(known: Known, ids: tuple[str, ...], points: Points, topic: Codes, copy: Ints) -> Known:
    """Known topics as they were, and the newborn after them."""
    if len(ids) == len(known.ids):
        return known
    rows = np.unique(copy, return_index=True)[1]  # the first message of each point
    fresh = np.where(topic >= len(known.ids), topic - len(known.ids), -1).astype(np.int32)
    newborn = _kept(ids[len(known.ids) :], known.frame, points, fresh, known.resolution)
    return replace(
        known,
        ids=ids,
        centroid=np.concatenate([known.centroid, newborn.centroid]),
        reach=np.concatenate([known.reach, newborn.reach]),
        exemplar=np.concatenate([known.exemplar, newborn.exemplar]),
        exemplar_row=np.concatenate([known.exemplar_row, rows[newborn.exemplar_row]]),
        exemplar_topic=np.concatenate(
            [known.exemplar_topic, newborn.exemplar_topic + np.int32(len(known.ids))]
        ),
    )


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
        yield Event("born", (ids[len(known.ids) + number],), _names(known.ids, came), (len(own),), share)


def _splits(known: Known, graph: sparse.csr_array, topic: Codes, rng: np.random.Generator) -> Iterator[Event]:
    """Topics that fall apart at the resolution they were found at, into parts that are found again."""
    weight = float(graph.sum())
    for number, name in enumerate(known.ids):
        own = np.flatnonzero(topic == number)
        inner = sparse.csr_array(graph[own][:, own])
        if len(own) < 2 * FEWEST_BORN or inner.nnz == 0:
            continue
        fine = known.resolution * float(inner.sum()) / weight
        groups = communities(inner, resolution=fine, seed=0)
        large = np.bincount(groups) >= FEWEST_BORN
        if large.sum() >= 2:
            found = _again(inner, groups, fine, rng)[large]
            if (found >= STABLE).sum() >= 2:
                parts = np.bincount(groups)[large][found >= STABLE]
                yield Event(
                    "split", (name,), (), tuple(parts.tolist()), float(found[found >= STABLE].min() / TRIALS)
                )


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


def _names(ids: tuple[str, ...], messages: NDArray[np.number]) -> tuple[str, ...]:
    """Those that gave a quarter of the messages or more, the largest giver first."""
    total = float(messages.sum())
    order = np.argsort(-messages, kind="stable").tolist()
    return tuple(ids[at] for at in order if total and messages[at] >= PARENT * total)
