"""Ids that are carried over to a new run, and proposals that a hand accepted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.agreement import jaccard, matched
from estran.stats.known import Event, Known, Update, givers, made_known, with_newborn
from estran.stats.points import points_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from estran.stats.graphs import Topics

CARRIED = 0.2  # Jaccard of a topic of a new run that takes over an id


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
        Event("born", (ids[new],), givers(known.ids, moved[:, new]), (int(found.size[new]),),
              float(found.stability[new]))
        for new in range(groups[1]) if new not in heir
    ]  # fmt: skip
    retired = [
        Event("retired", (known.ids[at],), givers(ids, moved[at]), (int((old == at).sum()),),
              float(overlap[at].max(initial=0.0)))
        for at in range(groups[0]) if to[at] < 0
    ]  # fmt: skip
    points = points_of(vectors, found.frame)
    now = made_known(ids, found.frame, points, found.topic, found.resolution)
    return Update(now, found.topic, (*born, *retired), (), np.zeros(len(found.topic), np.int32))


def accepted(
    update: Update, proposal: Event, vectors: NDArray[np.floating], *, new_id: Callable[[], str]
) -> Update:
    """What an update becomes when a hand accepts one of its proposals.

    Split: the largest part keeps the id, the others get ids of their own, and the topic as parent. Merge: the larger
    topic keeps its id; the other's is retired, without messages and exemplars, and stays in its place.

    Args:
        update: with the proposal.
        proposal: one of its proposals.
        vectors: (n, d) that the update was of.
        new_id: as of `known_of`.
    """
    known, topic = update.known, update.topic.copy()
    left = tuple(one for one in update.proposals if not set(one.ids) & set(proposal.ids))
    at = [known.ids.index(name) for name in proposal.ids]
    if proposal.kind == "merge":
        stays, goes = sorted(at, key=lambda number: -int((topic == number).sum()))
        topic[topic == goes] = stays
        members = np.where(known.exemplar_topic == goes, np.int32(stays), known.exemplar_topic)
        said = Event("retired", (known.ids[goes],), (known.ids[stays],), proposal.messages, proposal.evidence)
        return replace(
            update,
            known=replace(known, exemplar_topic=members.astype(np.int32)),
            topic=topic,
            events=(*update.events, said),
            proposals=left,
        )
    own = topic == at[0]
    fresh = np.arange(1, int(update.part[own].max(initial=0)) + 1)
    ids = (*known.ids, *(new_id() for _ in fresh))
    apart = own & (update.part > 0)
    topic[apart] = len(known.ids) + update.part[apart] - 1
    points = points_of(vectors, known.frame)
    whole = made_known(
        (known.ids[at[0]],),
        known.frame,
        points,
        np.where(topic == at[0], 0, -1).astype(np.int32),
        known.resolution,
    )
    others = known.exemplar_topic != at[0]
    centroid, reach = known.centroid.copy(), known.reach.copy()
    centroid[at[0]], reach[at[0]] = whole.centroid[0], whole.reach[0]
    smaller = replace(
        known,
        centroid=centroid,
        reach=reach,
        exemplar=np.concatenate([known.exemplar[others], whole.exemplar]),
        exemplar_row=np.concatenate([known.exemplar_row[others], whole.exemplar_row]),
        exemplar_topic=np.concatenate([known.exemplar_topic[others], whole.exemplar_topic + np.int32(at[0])]),
    )
    born = tuple(
        Event(
            "born",
            (name,),
            (known.ids[at[0]],),
            (int((topic == len(known.ids) + number).sum()),),
            proposal.evidence,
        )
        for number, name in enumerate(ids[len(known.ids) :])
    )
    return Update(
        with_newborn(smaller, ids, points, topic, np.arange(len(points))), topic, (*update.events, *born), left,
        np.where(own, 0, update.part).astype(np.int32),
    )  # fmt: skip
