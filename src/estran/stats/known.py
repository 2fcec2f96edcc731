"""What is kept of topics from one run to the next, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.graphs import middles, neighbours_for, vote
from estran.stats.points import cosines, nearest, points_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from estran.stats.graphs import Topics
    from estran.stats.points import Frame, Points
    from estran.stats.presence import Codes, Floats, Ints

NEW = -2
"""The topic before of a message that was not there before; -1 is one that was placed nowhere."""

EXEMPLARS = 50  # of a topic
OWN_EDGE = 5.0  # percentile of a topic's own messages: farther from its middle, a message is hardly of it
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
        part: (n,) of each message within its topic, were its proposed split accepted: 0 keeps the id.
    """

    known: Known
    topic: Codes
    events: tuple[Event, ...]
    proposals: tuple[Event, ...]
    part: Codes


def known_of(vectors: NDArray[np.floating], found: Topics, new_id: Callable[[], str]) -> Known:
    """The topics of a first run, with an id each.

    Args:
        vectors: (n, d) that the topics were found in.
        found: the topics.
        new_id: gives an id that was never given; called once a topic, the largest first.
    """
    points = points_of(vectors, found.frame)
    ids = tuple(new_id() for _ in range(len(found.size)))
    return made_known(ids, found.frame, points, found.topic, found.resolution)


def assign(known: Known, vectors: NDArray[np.floating], *, threads: int = 2) -> Codes:
    """(n,) the topic for which the nearest exemplars vote; -1 where fewer than three are near."""
    if len(known.exemplar) == 0:
        return np.full(len(vectors), -1, np.int32)
    points = points_of(vectors, known.frame)
    k = neighbours_for(len(known.exemplar))
    return vote(nearest(points, known.exemplar, k=k, threads=threads), known.exemplar_topic)


def without(known: Known, rows: NDArray[np.integer], *, touched: NDArray[np.integer] | None = None) -> Known:
    """The same topics without the exemplars made of some rows, and centroids of the exemplars left: an erasure.

    Args:
        known: the topics.
        rows: of the messages that are erased.
        touched: topics that they were in; by default those that lose an exemplar.
    """
    kept = ~np.isin(known.exemplar_row, rows)
    exemplar, topic = known.exemplar[kept], known.exemplar_topic[kept]
    lost = np.unique(known.exemplar_topic[~kept])
    anew = lost if touched is None else np.union1d(lost, touched)
    centroid = known.centroid.copy()
    centroid[anew] = middles(exemplar, topic, len(known.ids))[anew]
    return replace(
        known,
        centroid=centroid,
        exemplar=exemplar,
        exemplar_row=known.exemplar_row[kept],
        exemplar_topic=topic,
    )


def made_known(ids: tuple[str, ...], frame: Frame, points: Points, topic: Codes, resolution: float) -> Known:
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


def with_newborn(known: Known, ids: tuple[str, ...], points: Points, topic: Codes, copy: Ints) -> Known:
    """Known topics as they were, and the newborn after them."""
    if len(ids) == len(known.ids):
        return known
    rows = np.unique(copy, return_index=True)[1]  # the first message of each point
    fresh = np.where(topic >= len(known.ids), topic - len(known.ids), -1).astype(np.int32)
    newborn = made_known(ids[len(known.ids) :], known.frame, points, fresh, known.resolution)
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


def givers(ids: tuple[str, ...], messages: NDArray[np.number]) -> tuple[str, ...]:
    """Those that gave a quarter of the messages or more, the largest giver first."""
    total = float(messages.sum())
    order = np.argsort(-messages, kind="stable").tolist()
    return tuple(ids[at] for at in order if total and messages[at] >= PARENT * total)
