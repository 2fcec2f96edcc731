"""Who speaks to whom, when and where: the skeleton of a simulated corpus, before any word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.model import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROWTH = 5.0
"""Messages a day at the end over messages a day at the start."""


class Source(NamedTuple):
    """A tool that people speak in.

    `replies` is the mean number of answers to an opening, `gap` the mean days between two messages of a thread; `opens`
    and `closes` say when it is in use, from 0 (start of the span) to 1; without a thread every message stands alone.
    """

    name: str
    side: Side
    weight: float
    replies: float
    gap: float
    threaded: bool = True
    opens: float = 0.0
    closes: float = 1.0


SOURCES = (
    Source("reviews", Side.OUTSIDE, 0.34, 0.0, 0.0, threaded=False),
    Source("support", Side.OUTSIDE, 0.30, 0.6, 0.6),
    Source("forum", Side.OUTSIDE, 0.18, 3.0, 2.0, closes=0.55),
    Source("social", Side.OUTSIDE, 0.14, 0.0, 0.0, threaded=False),
    Source("chat", Side.OUTSIDE, 0.18, 1.5, 0.01, opens=0.55),
    Source("agora", Side.INSIDE, 0.45, 2.5, 0.8),
    Source("mail", Side.INSIDE, 0.35, 1.5, 0.5),
    Source("meetings", Side.INSIDE, 0.20, 4.0, 0.02),
)
"""The chat takes the place of the forum, so that nobody has more to say in any other tool from then on."""

INSIDE_SHARE = 0.42
"""Share of the conversations that are held inside."""

_UNITS = {
    "fr": (
        "sales/north/lille",
        "sales/north/amiens",
        "sales/west/brest",
        "sales/west/nantes",
        "sales/south/lyon",
        "sales/south/nice",
    ),
    "en": (
        "sales/britain/leeds",
        "sales/britain/bristol",
        "sales/britain/york",
        "sales/ireland/cork",
        "sales/ireland/galway",
    ),
}
_SHARED_UNITS = (
    "head-office/it",
    "head-office/hr",
    "head-office/marketing",
    "logistics/warehouse",
    "service/after-sales",
)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Messages without their words; every array has one entry a message, threads are numbered from 0.

    Attributes:
        thread: number of the conversation.
        position: 0 for the message that opens it.
        moment: when the conversation opened, 0 (start of the span) to 1.
        day: whole days since the start of the span.
        second: second of that day.
        source: row of SOURCES.
        inside: whether it is said inside.
        language: row of `languages`.
        author: number of its author, from 0; authors are of one side and one language.
        unit: where the author works, "" outside.
        template: whether it is an answer of customer service out of a template.
    """

    thread: NDArray[np.int64]
    position: NDArray[np.int64]
    moment: NDArray[np.float64]
    day: NDArray[np.int64]
    second: NDArray[np.int64]
    source: NDArray[np.int64]
    inside: NDArray[np.bool_]
    language: NDArray[np.int64]
    author: NDArray[np.int64]
    unit: NDArray[np.object_]
    template: NDArray[np.bool_]


def converse(messages: int, *, days: int, languages: tuple[str, ...], rng: np.random.Generator) -> Skeleton:
    """The skeleton of a corpus: conversations of several people, whose number a day grows fivefold.

    Args:
        messages: how many in all.
        days: length of the span.
        languages: ISO codes; authors are shared evenly among them.
        rng: chance.
    """
    count = int(messages / 1.9) + 50
    moment = _grown(rng.random(count))
    thread_inside = rng.random(count) < INSIDE_SHARE
    thread_source = _sources(moment, thread_inside, rng)
    thread_language = rng.integers(0, len(languages), count)
    replies = np.array([s.replies for s in SOURCES])[thread_source]
    is_support = thread_source == 1
    # customer service answers out of templates once it has them
    answered = is_support & (moment > 0.4) & (rng.random(count) < 0.75)
    sizes = 1 + np.where(is_support, 0, rng.poisson(replies * rng.gamma(2.0, 0.5, count))) + answered
    last = int(np.searchsorted(np.cumsum(sizes), messages))
    sizes = sizes[: last + 1]
    sizes[-1] -= int(sizes.sum()) - messages

    thread = np.repeat(np.arange(len(sizes)), sizes)
    position = np.arange(messages) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    template = answered[thread] & (position == 1)
    inside = thread_inside[thread] | template
    language = thread_language[thread]
    author = _authors(moment[thread], inside, language, template, len(languages), rng)
    day, second = _times(thread, position, moment, thread_source, inside, days=days, rng=rng)
    units = _units(author, language, languages, rng)
    unit = np.where(inside, np.where(template, "service/customers", units[author]), "").astype(object)
    return Skeleton(
        thread,
        position,
        moment[thread],
        day,
        second,
        thread_source[thread],
        inside,
        language,
        author,
        unit,
        template,
    )


def _grown(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Uniform draws as moments of a span along which there is ever more, GROWTH times as much at the end."""
    moments: NDArray[np.float64] = np.log1p(drawn * (GROWTH - 1)) / np.log(GROWTH)
    return moments


def _sources(
    moment: NDArray[np.float64], inside: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int64]:
    weights = np.array(
        [
            np.where(
                (inside == (s.side is Side.INSIDE)) & (moment >= s.opens) & (moment < s.closes), s.weight, 0.0
            )
            for s in SOURCES
        ]
    )
    steps = np.cumsum(weights, axis=0)
    drawn: NDArray[np.int64] = (rng.random(len(moment)) * steps[-1] > steps).sum(axis=0)
    return drawn


def _authors(
    moment: NDArray[np.float64],
    inside: NDArray[np.bool_],
    language: NDArray[np.int64],
    template: NDArray[np.bool_],
    languages: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Heavy-tailed authors who come and go; a few agents write all the answers of customer service."""
    author = np.zeros(len(moment), dtype=np.int64)
    first = 0
    for group in range(2 * languages):
        within, code = group % 2 == 1, group // 2
        rows = np.flatnonzero((inside == within) & (language == code) & ~template)
        people = max(3, int(len(rows) * (0.11 if within else 0.4)))
        activity = np.minimum((1 - rng.random(people)) ** (-1 / 1.3), 60.0)
        stay = rng.exponential(0.7 if within else 0.3, people)
        # as many more people as messages, those of before the span included: nobody writes more than they did
        comes = 1 + np.log(np.maximum(rng.random(people), 1e-12)) / np.log(GROWTH)
        activity[0], comes[0], stay[0] = 1.0, -0.1, 2.0  # there is always somebody to speak
        steps = np.minimum((moment[rows] * 40).astype(int), 39)
        for step in np.unique(steps):
            here = np.flatnonzero((comes < (step + 1) / 40) & (comes + stay > step / 40))
            chosen = rows[steps == step]
            cumulated = np.cumsum(activity[here])
            author[chosen] = first + here[np.searchsorted(cumulated, rng.random(len(chosen)) * cumulated[-1])]
        first += people
        if within:
            answers = np.flatnonzero(template & (language == code))
            author[answers] = first + rng.integers(0, 6, len(answers))
            first += 6
    return author


def _times(
    thread: NDArray[np.int64],
    position: NDArray[np.int64],
    moment: NDArray[np.float64],
    source: NDArray[np.int64],
    inside: NDArray[np.bool_],
    *,
    days: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Days and seconds, in order within a conversation; inside people mostly write on weekdays, at work."""
    gaps = rng.exponential(1.0, len(thread)) * np.array([s.gap for s in SOURCES])[source[thread]]
    gaps[position == 0] = 0.0
    waited = np.cumsum(gaps)
    waited -= np.repeat(waited[position == 0], np.bincount(thread))
    day = np.minimum((moment[thread] * days + waited).astype(np.int64), days - 1)
    hours = np.where(inside, rng.normal(13.0, 2.6, len(thread)), rng.normal(17.5, 3.8, len(thread)))
    second = (np.clip(hours, 0.0, 23.99) * 3600).astype(np.int64)
    order = np.lexsort((second, day, thread))  # threads are in order already: each keeps its rows
    return day[order], second[order]


def _units(
    author: NDArray[np.int64],
    language: NDArray[np.int64],
    languages: tuple[str, ...],
    rng: np.random.Generator,
) -> NDArray[np.object_]:
    people = int(author.max()) + 1
    spoken = np.zeros(people, dtype=np.int64)
    spoken[author] = language
    units = np.empty(people, dtype=object)
    for code, name in enumerate(languages):
        known = (*_UNITS[name], *_SHARED_UNITS)
        units[spoken == code] = np.array(known, dtype=object)[
            rng.integers(0, len(known), int((spoken == code).sum()))
        ]
    return units
