"""Which themes there are, and how much each is said: no statistics, only counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of
from estran.analysis.languages import messages_by_language
from estran.analysis.senses import labels_of
from estran.analysis.themes import find_themes
from estran.findings import Theme
from estran.stats.presence import people_saying

if TYPE_CHECKING:
    import datetime as dt

    from estran.analysis.corpus import Corpus
    from estran.analysis.origin import Origin
    from estran.analysis.progress import Progress
    from estran.analysis.themes import Said
    from estran.analysis.translations import Variant
    from estran.findings import Notice
    from estran.model import Concept
    from estran.settings import Settings
    from estran.store.engines import Engine

MARKS = ("pinned", "ignored", "followed")


@dataclass(frozen=True, slots=True)
class Stock:
    """The themes of a corpus.

    Attributes:
        themes: each with the concept that it is counted by, most people first.
        notices: what has to be said of the corrections.
        until: day of the last message.
        near: pairs of variants of different languages whose themes may be one, the surest first.
    """

    themes: tuple[tuple[Theme, Concept], ...]
    notices: tuple[Notice, ...]
    until: dt.date
    near: tuple[tuple[Variant, Variant], ...] = ()


def take_stock(
    corpus: Corpus, origin: Origin, engine: Engine, settings: Settings, *, progress: Progress
) -> Stock:
    """The themes of a corpus, counted and corrected; no test is made.

    Args:
        corpus: the messages, on their periods.
        origin: where they came from, and what somebody said of their themes.
        engine: where the second pass of counting runs.
        settings: what a tour is made with.
        progress: told about each stage.
    """
    said = find_themes(
        corpus, engine, settings, progress=progress, hands=origin.hands, meanings=origin.meanings
    )
    return Stock(stock(corpus, said), said.notices, corpus.last, said.near)


def stock(corpus: Corpus, said: Said) -> tuple[tuple[Theme, Concept], ...]:
    """Each theme with its messages, people and days, most people first; words of register and dates are left out.

    Args:
        corpus: n messages.
        said: what they say; only what enough people said.
    """
    count = len(said.concepts)
    messages = np.bincount(said.concept, minlength=count)
    people = people_saying(said.message, said.concept, corpus.author, themes=count)
    first, last = np.full(count, len(said.tokens), np.int64), np.full(count, -1, np.int64)
    np.minimum.at(first, said.concept, said.message)
    np.maximum.at(last, said.concept, said.message)
    days = corpus.messages["time"].dt.date()
    languages = messages_by_language(corpus, said.message, said.concept, themes=count)
    found = [
        (
            Theme(
                id=id_of(concept),
                label=concept.label,
                labels=concept.labels,
                forms=len(concept.variants),
                messages=int(messages[number]),
                people=int(people[number]),
                first=days[int(first[number])].isoformat(),
                last=days[int(last[number])].isoformat(),
                marks=tuple(mark for mark in MARKS if getattr(concept, mark)),
                languages=languages[number],
                senses=labels_of(concept, said.concepts),
            ),
            concept,
        )
        for number, concept in enumerate(said.concepts)
        if concept.kind == "theme" or concept.followed
    ]
    return tuple(
        sorted(found, key=lambda pair: (-pair[0].people, -pair[0].messages, pair[0].label, pair[0].id))
    )
