"""Topics from one run to the next: found anew with the ids of before, or those of before with what is new in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.identities import ulid
from estran.analysis.topic_hands import answered, key_of
from estran.stats.carrying import accepted, carried
from estran.stats.graphs import topics_of
from estran.stats.identity import updated
from estran.stats.known import NEW, Update, known_of
from estran.stats.points import Frame, cosines, frame_of, points_of
from estran.stats.unplaced import with_reasons
from estran.store.topics import ABSENT, Happened

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from estran.stats.known import Event, Known
    from estran.store.topics import TopicsAtRest
    from estran.text.edits import Edit

    Codes = NDArray[np.int32]

SEED = 0

GRAIN = 1024
"""The mean of all vectors is kept to this part of one: finer, and a vector that was erased could be told from the others."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """S distinct texts that were encoded.

    Attributes:
        text: (S,) their hashes, rising.
        vectors: (S, d)
        topic: (S,) of before: a number, an `Unplaced`, or `ABSENT`.
        part: (S,) of before, see `TopicsAtRest`.
        day: of the last message.
        threads: at the same time.
    """

    text: NDArray[np.uint64]
    vectors: NDArray[np.float16]
    topic: Codes
    part: Codes
    day: dt.date
    threads: int

    def minted(self, given: int) -> Callable[[], str]:
        """Makes ids that were never given: of the day, the texts, and how many were given before."""
        texts = hashlib.blake2b(self.text.tobytes(), digest_size=16).hexdigest()
        numbers = count(given)
        return lambda: ulid(self.day, f"{texts}\n{next(numbers)}")


@dataclass(frozen=True, slots=True)
class Grouped:
    """The topics of S texts, see `TopicsAtRest`.

    Attributes:
        known: K topics.
        exemplar_text: (m,) hashes of the texts of their exemplars.
        topic: (S,) a number, or an `Unplaced`.
        part: (S,)
        family: (K,)
        stability: (K,)
        events: what happened, with what happened before.
        proposals: open ones.
        splits: those that were accepted.
        given: ids that were ever given.
    """

    known: Known
    exemplar_text: NDArray[np.uint64]
    topic: Codes
    part: Codes
    family: Codes
    stability: NDArray[np.float64]
    events: tuple[Happened, ...] = ()
    proposals: tuple[Event, ...] = ()
    splits: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    given: int = 0


def found_anew(encoded: Encoded, before: TopicsAtRest | None) -> Grouped:
    """The topics of all texts, under the ids of those of before that they overlap most."""
    own = frame_of(encoded.vectors)
    frame = Frame(np.round(own.mean * GRAIN) / GRAIN, own.component)
    found = topics_of(encoded.vectors, seed=SEED, frame=frame, threads=encoded.threads)
    day = encoded.day.isoformat()
    if before is None:
        known = known_of(encoded.vectors, found, encoded.minted(0))
        events: tuple[Happened, ...] = (Happened(day, "born", topics=len(known.ids)),)
        given = len(known.ids)
    else:
        update = carried(
            before.known, encoded.vectors, np.maximum(encoded.topic, -1), found, new_id=encoded.minted(before.given)
        )  # fmt: skip
        known, told = update.known, Happened(day, "rebuilt", topics=len(update.known.ids))
        events = (*before.events, *_happened(update.events, day), told)
        given = before.given + _new(known, before.known)
    return Grouped(
        known,
        encoded.text[known.exemplar_row],
        with_reasons(points_of(encoded.vectors, frame), found.topic, threads=encoded.threads),
        np.zeros(len(encoded.text), np.int32),
        found.family,
        found.stability,
        events=events,
        splits=dict(before.splits) if before is not None else {},
        given=given,
    )


def continued(encoded: Encoded, before: TopicsAtRest, edits: Sequence[Edit]) -> Grouped:
    """The topics of before, split where somebody said so, and with the new texts in them; nothing else moves."""
    old = np.arange(len(before.exemplar_text))
    known = replace(before.known, exemplar_row=-1 - old)  # below 0: as it was; else a text of now
    now = Grouped(
        known, before.exemplar_text, encoded.topic, encoded.part, before.family, before.stability, before.events,
        before.proposals, dict(before.splits), before.given,
    )  # fmt: skip
    now = _split(now, encoded, edits)
    if (encoded.topic == ABSENT).any():
        now = _updated(now, encoded)
    row = now.known.exemplar_row
    fresh = row >= 0
    text = np.empty(len(row), np.uint64)
    text[fresh], text[~fresh] = encoded.text[row[fresh]], before.exemplar_text[-1 - row[~fresh]]
    return replace(now, exemplar_text=text)


def _split(now: Grouped, encoded: Encoded, edits: Sequence[Edit]) -> Grouped:
    """The splits made that somebody accepted since."""
    yes = {key for key, said in answered(edits).items() if said}
    for proposal in now.proposals:
        if proposal.kind == "split" and key_of(proposal, now.splits) in yes:
            whole = proposal.ids[0]
            state = Update(now.known, np.maximum(now.topic, -1).astype(np.int32), (), now.proposals, now.part)
            after = accepted(state, proposal, encoded.vectors, new_id=encoded.minted(now.given))
            parts = after.known.ids[len(now.known.ids) :]
            at = now.known.ids.index(whole)
            now = replace(
                now,
                known=after.known,
                topic=np.where(now.topic < 0, now.topic, after.topic).astype(np.int32),
                part=after.part,
                family=np.append(now.family, np.repeat(now.family[at], len(parts))).astype(np.int32),
                stability=np.append(now.stability, np.full(len(parts), np.nan)),
                events=(*now.events, *(Happened(encoded.day.isoformat(), "split", part, (whole,)) for part in parts)),
                proposals=after.proposals,
                splits=now.splits | {whole: (*now.splits.get(whole, ()), parts)},
                given=now.given + len(parts),
            )  # fmt: skip
    return now


def _updated(now: Grouped, encoded: Encoded) -> Grouped:
    """New texts in the topics, and those that are born of them."""
    codes = np.where(now.topic == ABSENT, NEW, np.maximum(now.topic, -1))
    update = updated(
        now.known, encoded.vectors, codes, new_id=encoded.minted(now.given), seed=SEED, threads=encoded.threads
    )  # fmt: skip
    born = _new(update.known, now.known)
    points = points_of(encoded.vectors, update.known.frame)
    return replace(
        now,
        known=update.known,
        topic=with_reasons(points, update.topic, threads=encoded.threads),
        part=update.part,
        family=_families(update.known, now.family),
        stability=np.append(now.stability, np.full(born, np.nan)),
        events=(*now.events, *_happened(update.events, encoded.day.isoformat())),
        proposals=update.proposals,
        given=now.given + born,
    )


def _families(known: Known, family: Codes) -> Codes:
    """(K,) those of before, and of each newborn topic that of the nearest one of before."""
    old = len(family)
    near = [cosine.argmax(axis=1) for _, cosine in cosines(known.centroid[old:], known.centroid[:old])]
    return np.concatenate([family, *(family[each] for each in near)]).astype(np.int32)


def _new(known: Known, before: Known) -> int:
    return len(set(known.ids) - set(before.ids))


def _happened(events: Sequence[Event], day: str) -> tuple[Happened, ...]:
    return tuple(Happened(day, event.kind, event.ids[0], event.parents) for event in events)
