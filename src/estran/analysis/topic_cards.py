"""What is told of topics, and the topic that each theme of the board lives in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from estran.analysis.board import id_of
from estran.analysis.stock import stock
from estran.analysis.topic_hands import answered, key_of, unknown
from estran.findings import (
    Family,
    InTopic,
    Living,
    Notice,
    Proposal,
    Successions,
    Topic,
    Topics,
    Tour,
)
from estran.privacy import figure_allowed
from estran.stats.unplaced import Unplaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.origin import Origin
    from estran.analysis.themes import Said
    from estran.settings import Settings
    from estran.store.topics import Label, TopicsAtRest

    Codes = NDArray[np.int32]

Board = TypeVar("Board", Tour, Successions)

CARDS = {"coming_in", "going_out", "steady", "too_early", "followed", "become_normal"}
"""Lists of cards."""

HOME = 1 / 3
"""Of the placed messages of a theme, the share that its topic holds at the least."""

DISSOLVING = 0.5
"""Stability below which a topic dissolves as often as not (Hennig 2007)."""

REASONS = {"empty": Unplaced.EMPTY, "lonely": Unplaced.LONELY, "crumbs": Unplaced.CRUMB}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of.

    Attributes:
        corpus: n messages.
        said: what they say.
        rest: the topics.
        topic: (n,) number of the topic as which that of each message is told, or an `Unplaced`.
        names: (K,) labels.
        family: (n,) number of the family of each message, -1 for none.
        family_names: (F,) labels.
    """

    corpus: Corpus
    said: Said
    rest: TopicsAtRest
    topic: Codes
    names: tuple[Label, ...]
    family: Codes
    family_names: tuple[Label, ...]


def topics_told(told: Told, origin: Origin, settings: Settings, *, encoded: int, mapped: int) -> Topics:
    """The topics that enough people share, family by family.

    Args:
        told: what is told of.
        origin: who encodes, and what somebody decided.
        settings: which encoder.
        encoded: texts that the encoder read.
        mapped: texts that were placed by a map.
    """
    corpus, topic, known = told.corpus, told.topic, told.rest.known
    number = len(known.ids)
    messages = np.bincount(topic[topic >= 0], minlength=number)
    people = people_in(corpus, topic, number)
    allowed = figure_allowed(people)
    family = told.rest.family
    of_family = np.bincount(told.family[told.family >= 0], minlength=len(told.family_names))
    rank = np.empty(len(of_family), np.int64)
    rank[np.argsort(-of_family, kind="stable")] = np.arange(len(of_family))
    shown = sorted(
        np.flatnonzero(allowed).tolist(), key=lambda k: (rank[family[k]], -messages[k], known.ids[k])
    )
    living, languages = _living(told), _languages(corpus, topic, number)
    total = max(len(topic), 1)
    stability = _stability(told.rest, number)
    numbers = {f: n for n, f in enumerate(dict.fromkeys(int(family[k]) for k in shown), 1)}
    topics = tuple(
        Topic(
            id=known.ids[k],
            family=numbers[int(family[k])],
            labels=dict(told.names[k]),
            messages=int(messages[k]),
            people=int(people[k]),
            share=float(messages[k] / total),
            stability=None if np.isnan(stability[k]) else float(stability[k]),
            languages=languages[k],
            themes=tuple(living[k]),
        )
        for k in shown
    )
    edits = origin.hands.edits
    notices = _notices(topics, [edit.line for edit in unknown(edits, known.ids)], crosses=_crosses(origin))
    assert origin.meanings is not None
    return Topics(
        topics=topics,
        families=_families(told, topics, numbers, total),
        messages=len(topic),
        placed=int((topic >= 0).sum()),
        unplaced={reason: int((topic == code).sum()) for reason, code in REASONS.items()},
        withheld=int(((messages > 0) & ~allowed).sum()),
        encoded=encoded,
        mapped=mapped,
        encoder=settings.encoder,
        encoder_id=told.rest.encoder,
        crosses_languages=_crosses(origin),
        proposals=tuple(_proposals(told, origin, {each.id: each for each in topics})),
        notices=(*told.said.notices, *notices),
        until=corpus.last.isoformat(),
    )


def homes(corpus: Corpus, said: Said, topic: Codes, number: int) -> NDArray[np.int64]:
    """(P,) the topic that each theme lives in, -1 for none.

    It is the one that holds most of the theme's placed messages: a third of them at the least, of five people or more.

    Args:
        corpus: n messages.
        said: P themes, and who says them.
        topic: (n,) of each message.
        number: of topics.
    """
    here = topic[said.message] >= 0
    theme, where = said.concept[here].astype(np.int64), topic[said.message[here]].astype(np.int64)
    author = corpus.author[said.message[here]]
    pair = theme * max(number, 1) + where
    pairs, messages = np.unique(pair, return_counts=True)
    voices = np.unique(np.stack([pair, author]), axis=1)[0]
    people = np.diff(np.searchsorted(voices, np.append(pairs, np.iinfo(np.int64).max)))
    placed = np.bincount(theme, minlength=len(said.concepts))
    themes = pairs // max(number, 1)
    fit = figure_allowed(people) & (messages >= HOME * placed[themes])
    order = np.lexsort((-pairs, messages))  # the last one written is the largest, of equals the first topic
    order = order[fit[order]]
    home = np.full(len(said.concepts), -1, np.int64)
    home[themes[order]] = pairs[order] % max(number, 1)
    return home


def topics_of_themes(corpus: Corpus, said: Said, origin: Origin) -> Mapping[str, InTopic]:
    """The topic of each theme that lives in one, by the theme's id, as the topics at rest have it.

    Messages that came in since are in none; nothing is encoded here.

    Args:
        corpus: n messages.
        said: what they say.
        origin: the topics at rest, and who has the key of their hashes.
    """
    rest, meanings = origin.topics, origin.meanings
    if rest is None or meanings is None:
        return {}
    ids = rest.known.ids
    topic = rest.of(meanings.hashes(corpus.columns(["id"])["id"].to_list()))
    at = {id_: k for k, id_ in enumerate(ids)}
    root = np.array([at[rest.merged.get(id_, id_)] for id_ in ids], np.int32)
    topic = np.where(topic >= 0, root[np.maximum(topic, 0)], -1).astype(np.int32)
    home = homes(corpus, said, topic, len(ids))
    return {
        id_of(concept): InTopic(ids[k], {code: label for code, label in rest.labels[ids[k]] if label})
        for concept, k in zip(said.concepts, home.tolist(), strict=True)
        if k >= 0 and rest.labels.get(ids[k])
    }


def people_in(corpus: Corpus, group: Codes, number: int) -> NDArray[np.int64]:
    """(K,) distinct people who wrote the messages of each group; below 0 is none."""
    placed = np.flatnonzero(group >= 0)
    voices = np.unique(np.stack([group[placed], corpus.author[placed]]), axis=1)
    return np.bincount(voices[0], minlength=number)


def _living(told: Told) -> Mapping[int, list[Living]]:
    """Topic -> the themes that live in it, most people first."""
    home = homes(told.corpus, told.said, told.topic, len(told.names))
    of_id = {id_of(c): k for c, k in zip(told.said.concepts, home.tolist(), strict=True) if k >= 0}
    living: defaultdict[int, list[Living]] = defaultdict(list)
    for theme, _ in stock(told.corpus, told.said):
        if theme.id in of_id and "ignored" not in theme.marks:
            living[of_id[theme.id]].append(Living(theme.id, theme.label, theme.labels, theme.people))
    return living


def _languages(corpus: Corpus, topic: Codes, number: int) -> list[dict[str, int]]:
    """Messages of each topic by language, most first; only those of enough people."""
    language = corpus.messages["language"].to_numpy()
    found: list[list[tuple[int, str]]] = [[] for _ in range(number)]
    for code in sorted(set(language.tolist())):
        own = np.where(language == code, topic, -1)
        messages = np.bincount(own[own >= 0], minlength=number)
        for k in np.flatnonzero(figure_allowed(people_in(corpus, own, number))).tolist():
            found[k].append((-int(messages[k]), code))
    return [{code: -n for n, code in sorted(each)} for each in found]


def _stability(rest: TopicsAtRest, number: int) -> NDArray[np.float64]:
    """(K,) of each topic; of several that are told as one, that of the largest."""
    stability = rest.stability.copy()
    size = np.bincount(rest.topic[rest.topic >= 0], minlength=number)
    number_of = {id_: k for k, id_ in enumerate(rest.known.ids)}
    largest = {number_of[into]: number_of[into] for into in rest.merged.values()}
    for id_, into in rest.merged.items():
        k, root = number_of[id_], number_of[into]
        largest[root] = max(largest[root], k, key=lambda one: int(size[one]))
    for root, k in largest.items():
        stability[root] = rest.stability[k]
    return stability


def _families(
    told: Told, topics: Sequence[Topic], numbers: Mapping[int, int], total: int
) -> tuple[Family, ...]:
    shown = {id_: k for k, id_ in enumerate(told.rest.known.ids)}
    here = np.isin(told.topic, [shown[topic.id] for topic in topics])
    family = np.where(here, told.family, -1).astype(np.int32)
    people = people_in(told.corpus, family, len(told.family_names))
    messages = np.bincount(family[family >= 0], minlength=len(told.family_names))
    return tuple(
        Family(
            number=number,
            labels=dict(told.family_names[f]),
            topics=sum(topic.family == number for topic in topics),
            messages=int(messages[f]),
            people=int(people[f]),
            share=float(messages[f] / total),
        )
        for f, number in numbers.items()
    )


def _proposals(told: Told, origin: Origin, topics: Mapping[str, Topic]) -> Iterator[Proposal]:
    """What was not answered yet, about topics that are shown."""
    answers, rest = answered(origin.hands.edits), told.rest
    for proposal in rest.proposals:
        key = key_of(proposal, rest.splits)
        ids = tuple(rest.merged.get(id_, id_) for id_ in proposal.ids)
        if key in answers or len(set(ids)) < len(ids) or not set(ids) <= topics.keys():
            continue
        yield Proposal(
            "+".join(key), proposal.kind, ids, tuple(topics[id_].labels for id_ in ids), proposal.messages,
            proposal.evidence,
        )  # fmt: skip


def _notices(topics: Sequence[Topic], lines: Sequence[int], *, crosses: bool) -> Iterator[Notice]:
    dissolving = sum(topic.stability is not None and topic.stability < DISSOLVING for topic in topics)
    if dissolving:
        yield Notice("topics-dissolving", {"topics": dissolving, "of": len(topics)})
    if not crosses and len({code for topic in topics for code in topic.languages}) > 1:
        yield Notice("topics-part-by-language", {})
    for line in lines:
        yield Notice("topic-answer-void", {"line": line})


def _crosses(origin: Origin) -> bool:
    assert origin.meanings is not None
    return origin.meanings.encoder.crosses_languages


def with_topics(found: Board, where: Mapping[str, InTopic]) -> Board:
    """A tour, or what came in the place of what, each of its cards with the topic of its theme.

    Args:
        found: the findings.
        where: as of `topics_of_themes`.
    """
    if not where:
        return found
    lists: dict[str, Any] = {
        field.name: tuple(replace(card, topic=where.get(card.id)) for card in getattr(found, field.name))
        for field in fields(found)
        if field.name in CARDS
    }
    return replace(found, **lists)
