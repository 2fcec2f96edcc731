"""What is told of topics: which there are, how sure each is, what lives in it, and what a hand may decide.

Only what at least five people share stands in any of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Notice


@dataclass(frozen=True, slots=True)
class InTopic(Plain):
    """The topic that a theme lives in.

    Attributes:
        id: of the topic.
        labels: language -> what it is called there.
    """

    id: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Living(Plain):
    """A theme that lives in a topic.

    Attributes:
        id: of the theme.
        label: of it.
        labels: language -> label.
        people: distinct people who said it, in the topic or elsewhere.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    people: int


@dataclass(frozen=True, slots=True)
class Topic(Plain):
    """Messages that are about one thing.

    Attributes:
        id: stays the same over time.
        family: number of its family, from 1.
        labels: language -> what it is called there, the language with most messages first; empty where nothing that
            enough people say tells it apart.
        messages: of it.
        people: distinct people who wrote them.
        share: of all messages (0-1).
        stability: mean overlap with its like when a tenth of the messages is left out (0-1); None for a topic that was
            born since the topics were last found anew.
        languages: language -> messages, most first; only those of at least five people.
        themes: that live in it, most people first.
    """

    id: str
    family: int
    labels: Mapping[str, str]
    messages: int
    people: int
    share: float
    stability: float | None
    languages: Mapping[str, int]
    themes: tuple[Living, ...]


@dataclass(frozen=True, slots=True)
class Family(Plain):
    """Topics that are near one another.

    Attributes:
        number: from 1, most messages first.
        labels: language -> what it is called there.
        topics: how many of them are shown.
        messages: of those.
        people: distinct people who wrote them.
        share: of all messages (0-1).
    """

    number: int
    labels: Mapping[str, str]
    topics: int
    messages: int
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class Proposal(Plain):
    """What may be done to topics; nothing happens until somebody says yes.

    Attributes:
        key: names it; what `estran themes accept` and `reject` are given.
        kind: a fixed word: "split", "merge".
        ids: the topic to be split, or the two to be one.
        labels: of each, language -> label.
        messages: of each part of a split, or of the two.
        evidence: of a split the share of trials that found the parts again (0-1); of a merge the gain of modularity.
    """

    key: str
    kind: str
    ids: tuple[str, ...]
    labels: tuple[Mapping[str, str], ...]
    messages: tuple[int, ...]
    evidence: float


@dataclass(frozen=True, slots=True)
class Topics(Plain):
    """The topics of a workspace.

    Attributes:
        topics: family by family, most messages first.
        families: of them.
        messages: that were looked at.
        placed: of those, in a topic.
        unplaced: reason -> messages without a topic: "empty", "lonely", "crumbs".
        withheld: topics of fewer than five people, which are not shown.
        encoded: distinct texts that the encoder read.
        mapped: distinct texts that were placed by a map learned from those.
        encoder: its name in the settings.
        encoder_id: its name, version and weights.
        crosses_languages: whether it brings a text and its translation together.
        proposals: what a hand may accept.
        notices: what has to be known before believing them.
        until: ISO day of the last message.
    """

    topics: tuple[Topic, ...]
    families: tuple[Family, ...]
    messages: int
    placed: int
    unplaced: Mapping[str, int]
    withheld: int
    encoded: int
    mapped: int
    encoder: str
    encoder_id: str
    crosses_languages: bool
    proposals: tuple[Proposal, ...]
    notices: tuple[Notice, ...]
    until: str
