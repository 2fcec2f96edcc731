"""One question: which topics are there, which message belongs to which, and what became of those of before?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.encoded import encode, mapped, texts_of
from estran.analysis.themes import find_themes
from estran.analysis.topic_cards import Told, topics_told
from estran.analysis.topic_hands import told_as
from estran.analysis.topic_names import Naming, names_of
from estran.analysis.topic_runs import Encoded, continued, found_anew
from estran.errors import NotEnoughError, SettingsError
from estran.stats.graphs import middles
from estran.stats.known import assign
from estran.stats.points import points_of
from estran.stats.unplaced import Unplaced
from estran.store.topics import ABSENT, Happened, TopicsAtRest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.encoded import Texts
    from estran.analysis.meanings import Meanings
    from estran.analysis.origin import Origin
    from estran.analysis.progress import Progress
    from estran.analysis.topic_runs import Grouped
    from estran.findings import Topics
    from estran.settings import Settings
    from estran.store.engines import Engine
    from estran.store.topics import Label

    Codes = NDArray[np.int32]

FEWEST = 5
"""Distinct texts below which there is nothing to group."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Topics that were found.

    Attributes:
        told: what is told of them.
        rest: what is kept of them.
    """

    told: Topics
    rest: TopicsAtRest


def find_topics(
    corpus: Corpus,
    origin: Origin,
    engine: Engine,
    settings: Settings,
    *,
    progress: Progress,
    before: TopicsAtRest | None = None,
    rebuild: bool = False,
) -> Taken:
    """The topics of all messages: those of before with what is new in them, or found anew.

    Args:
        corpus: the messages of all days.
        origin: where they came from, who keeps their vectors, and what somebody decided.
        engine: where the second pass of counting runs.
        settings: what it is made with.
        progress: told about each stage.
        before: the topics at rest, where there are some.
        rebuild: find them anew, and carry the ids over.

    Raises:
        NotEnoughError: there are too few messages to group.
        SettingsError: the topics of before were made with another encoder.
    """
    meanings = origin.meanings
    assert meanings is not None
    if before is not None and before.encoder != meanings.encoder.id and not rebuild:
        raise SettingsError(
            f"the topics of {origin.files[0]} were made with the encoder '{before.encoder}', and vectors of "
            f"'{meanings.encoder.id}' do not fit them: choose that encoder again, or find the topics anew with --rebuild"
        )
    said = find_themes(corpus, engine, settings, progress=progress, hands=origin.hands, meanings=meanings)
    texts = texts_of(corpus, meanings)
    vectors = encode(corpus, texts, meanings, progress=progress)
    progress.stage("topics", None)
    if np.any(vectors, axis=1).sum() < FEWEST:
        raise NotEnoughError(
            f"fewer than {FEWEST} different messages are left after cleaning: nothing to group"
        )
    topic, part = _before(texts, before)
    encoded = Encoded(
        texts.distinct[texts.sample], vectors, topic[texts.sample], part[texts.sample], corpus.last, settings.threads
    )  # fmt: skip
    made = (
        found_anew(encoded, before) if before is None or rebuild
        else continued(encoded, before, origin.hands.edits)
    )  # fmt: skip
    was = np.full_like(topic, ABSENT) if rebuild else topic
    topic = _placed(corpus, texts, vectors, made, was, meanings=meanings, threads=settings.threads)
    merged = told_as(made.known.ids, origin.hands.edits, made.splits)
    shown = _shown(topic[texts.node], made.known.ids, merged)
    points = points_of(vectors, made.known.frame)
    place = np.full(len(texts.distinct), -1, np.int64)  # of the one message that speaks for a text
    place[texts.node] = np.arange(len(texts.node))
    of_points = shown[place[texts.sample]]
    naming = Naming.of(corpus, said, meanings, made.known.frame)
    names = names_of(naming, shown, middles(points, of_points, len(made.known.ids)))
    rest = _at_rest(texts, topic, made, before, encoder=meanings.encoder.id, merged=merged, names=names)
    family = np.where(shown >= 0, made.family[np.maximum(shown, 0)], -1).astype(np.int32)
    families = int(made.family.max(initial=-1)) + 1
    family_middles = middles(points, family[place[texts.sample]], families)
    told = topics_told(
        Told(corpus, said, rest, shown, names, family, names_of(naming, family, family_middles)),
        origin,
        settings,
        encoded=int(texts.sample.sum()),
        mapped=int((~texts.sample).sum()),
    )
    return Taken(told, rest)


def _before(texts: Texts, before: TopicsAtRest | None) -> tuple[Codes, Codes]:
    """(T,) the topic that each text had, by its messages, or `ABSENT`; and its part."""
    topic = np.full(len(texts.distinct), ABSENT, np.int32)
    part = np.zeros(len(texts.distinct), np.int32)
    if before is not None:
        np.maximum.at(topic, texts.node, before.of(texts.message))
        np.maximum.at(part, texts.node, before.parts_of(texts.message))
    return topic, part


def _placed(
    corpus: Corpus,
    texts: Texts,
    vectors: NDArray[np.float16],
    made: Grouped,
    was: Codes,
    *,
    meanings: Meanings,
    threads: int,
) -> Codes:
    """(T,) the topic of each text: those that were encoded as they were grouped, the others by a map.

    Args:
        corpus: the messages.
        texts: what they say.
        vectors: (S, d) of those that were encoded.
        made: their topics.
        was: (T,) their topics of before; `ABSENT` has to be placed.
        meanings: whose encoder is imitated.
        threads: at the same time.
    """
    placed = was.copy()
    placed[texts.sample] = made.topic
    for nodes, rows in mapped(corpus, texts, vectors, (was == ABSENT) & ~texts.sample, meanings):
        found = assign(made.known, rows, threads=threads)
        placed[nodes] = np.where(
            found >= 0, found, np.where(np.any(rows, axis=1), Unplaced.LONELY, Unplaced.EMPTY)
        )
    return placed


def _shown(topic: Codes, ids: tuple[str, ...], merged: Mapping[str, str]) -> Codes:
    """(n,) the topic as which that of each message is told."""
    number = {id_: at for at, id_ in enumerate(ids)}
    root = np.array([number[merged.get(id_, id_)] for id_ in ids], np.int32)
    return np.where(topic >= 0, root[np.maximum(topic, 0)], topic).astype(np.int32)


def _at_rest(
    texts: Texts,
    topic: Codes,
    made: Grouped,
    before: TopicsAtRest | None,
    *,
    encoder: str,
    merged: Mapping[str, str],
    names: tuple[Label, ...],
) -> TopicsAtRest:
    """What is kept, in the order of the messages' hashes: the same messages give the same bytes."""
    order = np.argsort(texts.message, kind="stable")
    part = np.zeros(len(texts.distinct), np.int32)
    part[texts.sample] = made.part
    labels = dict(before.labels) if before is not None else {}
    labels |= {id_: label for id_, label in zip(made.known.ids, names, strict=True) if label}
    return TopicsAtRest(
        encoder=encoder,
        known=replace(made.known, exemplar_row=np.arange(len(made.known.exemplar))),
        family=made.family,
        stability=made.stability,
        message=texts.message[order],
        text=texts.text[order],
        topic=topic[texts.node][order],
        part=part[texts.node][order],
        exemplar_text=made.exemplar_text,
        labels=labels,
        events=(*made.events, *_by_hand(made.events, before.merged if before is not None else {}, merged)),
        proposals=made.proposals,
        splits=made.splits,
        merged=merged,
        given=made.given,
    )


def _by_hand(
    events: tuple[Happened, ...], before: Mapping[str, str], merged: Mapping[str, str]
) -> list[Happened]:
    """What hands did since: topics that are told as one, and those that are no more."""
    day = events[-1].day
    return [
        *(Happened(day, "merged", into, (id_,)) for id_, into in merged.items() if before.get(id_) != into),
        *(Happened(day, "parted", id_, (into,)) for id_, into in before.items() if id_ not in merged),
    ]
