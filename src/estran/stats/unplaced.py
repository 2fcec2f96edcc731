"""Why messages belong to no topic."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.graphs import ENOUGH, FLOOR
from estran.stats.points import distinct_points, nearest

if TYPE_CHECKING:
    from estran.stats.points import Points
    from estran.stats.presence import Codes


class Unplaced(IntEnum):
    """The rule by which a message is placed nowhere, as its topic's number."""

    EMPTY = -1
    """It has no vector: nothing that the encoder reads is in it."""
    LONELY = -2
    """Fewer than three others are near it."""
    CRUMB = -3
    """It is in a group too small for a topic, with no topic near."""


def with_reasons(points: Points, topic: Codes, *, threads: int = 2) -> Codes:
    """The topic of each message, and in its place the reason where it has none.

    Args:
        points: (n, d) of all messages.
        topic: (n,) below 0 where there is none.
        threads: at the same time.

    Returns:
        (n,) numbers of topics, or of `Unplaced`.
    """
    told = np.where(topic < 0, np.int32(Unplaced.EMPTY), topic).astype(np.int32)
    rows = np.flatnonzero((topic < 0) & np.any(points, axis=1))
    if len(rows):
        distinct, _ = distinct_points(points)  # copies of a message do not keep it company
        near = nearest(points[rows], distinct[np.any(distinct, axis=1)], k=ENOUGH + 1, threads=threads)
        alone = (near.cosine >= FLOOR).sum(axis=1) <= ENOUGH  # the nearest is the message itself
        told[rows] = np.where(alone, Unplaced.LONELY, Unplaced.CRUMB)
    return told
