"""The tour and its parts: what Estran claims, with its interval, its error rate, its evidence and its origin.

Findings are plain frozen data. They know no data frame and no page; every face shows the same ones.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from estran.findings import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from estran.findings.topics import InTopic
    from estran.findings.why import Link, Reason

SCHEMA = "1"
"""Version of the JSON that findings make; it grows when a key changes its meaning."""


class Shape(StrEnum):
    """How the share of a theme moved (DESIGN 7.2)."""

    EMERGING = "emerging"
    IN = "in"
    ESTABLISHED = "established"
    RETURNING = "returning"
    PEAKED_OUT = "peaked out"
    OUT = "out"
    STEADY = "steady"
    TOO_EARLY = "too early"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that says how sure it is.

    Attributes:
        value: the estimate.
        low: lower end of its interval (false-coverage-adjusted for what was selected).
        high: upper end.
        unit: what it counts: "share of people" (0-1), "ratio" (now over before), "period".
        q: smallest false-discovery rate at which the claim is made, or None where nothing is claimed.
    """

    value: float
    low: float
    high: float
    unit: str
    q: float | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """When a theme turned, as labels of periods, with the 90 % interval of the date.

    `value` is None where fewer than 400 voices, or fewer than 8 periods, leave only the interval or nothing to say.
    `posterior` is how likely the turn lies in each period, for those of 1 % or more.
    """

    value: str | None
    low: str
    high: str
    posterior: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that were really said: an exact span of one message, personal data masked."""

    text: str
    date: str  # ISO day
    side: str | None
    source: str
    language: str | None
    message: str  # id


@dataclass(frozen=True, slots=True)
class Curve:
    """Standardised share of people per period, with its interval; all are of one length.

    `people` is None in a period where fewer than the release threshold (5), but not 0, used the theme: withheld.
    """

    periods: tuple[str, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    people: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """A theme and what became of it.

    Attributes:
        id: stable for one set of variants; of a workspace, the same over time.
        label: the commonest surface form, or what somebody called it.
        labels: language -> label, for each language the theme lives in.
        variants: what was counted as this theme.
        before: share of people where the present movement starts, read off the fitted curve.
        after: share of people in the end, read off the fitted curve.
        change: ratio of the two, with the false-discovery rate of the claim; it goes the way of `shape`, always. Its
            upper end is infinite where hardly anybody said it before.
        since: when it turned, or None.
        shape: how it moved.
        people: distinct people who ever used it.
        messages: distinct messages that hold it.
        inside: share of the people inside who used it in the latest window, or None where no side is known.
        outside: the same for people outside.
        quotes: up to three, of distinct people.
        curve: share per period.
        detectable: the smallest ratio that these data could have shown (80 % power).
        also: other themes of the same movement, said by the same people in the same breath, folded into this one.
        nested: messages that hold it only inside a longer theme, which is counted instead.
        reasons: why it is said less, one of each kind that was looked into; where none holds, the reason is not
            established. Empty for themes that did not go out.
        successors: up to three themes that may have taken its place, the likeliest first.
        topic: the topic that it lives in, where the workspace has topics and one holds enough of it.
        languages: language -> messages that hold it, most people first; None where it is withheld, as fewer than five
            people said it in that language, or as the difference from `messages` would tell those of another.
        senses: labels of the themes that an acronym may mean, in the messages where nothing tells which.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    variants: tuple[str, ...]
    before: Estimate
    after: Estimate
    change: Estimate
    since: Since | None
    shape: Shape
    people: int
    messages: int
    inside: Estimate | None
    outside: Estimate | None
    quotes: tuple[Quote, ...]
    curve: Curve
    detectable: float
    also: tuple[str, ...] = ()
    nested: int = 0
    reasons: tuple[Reason, ...] = ()
    successors: tuple[Link, ...] = ()
    topic: InTopic | None = None
    languages: Mapping[str, int | None] = field(default_factory=dict)
    senses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader must know before believing a trend.

    Attributes:
        kind: a fixed word ("source-silent", "length-drift", ...); a face turns it into a sentence in its language.
        facts: what the sentence is about.
    """

    kind: str
    facts: Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows that could not be read, for one reason in one file."""

    file: str
    why: str
    rows: int
    places: tuple[str, ...]  # the first few


@dataclass(frozen=True, slots=True)
class Volume:
    """Messages and distinct people of one source and side in one period."""

    period: str
    source: str
    side: str | None
    messages: int
    people: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the claims stand on.

    Attributes:
        periods: labels, first to last.
        volumes: one per period, source and side that has messages.
        languages: language -> messages ("?" where unknown).
        read: rows read in all the files.
        kept: messages that were counted.
        refused: rows that could not be read, by file and reason.
        removed: reason -> how many messages, or lines of messages, were set aside by cleaning.
        notices: warnings.
    """

    periods: tuple[str, ...]
    volumes: tuple[Volume, ...]
    languages: Mapping[str, int]
    read: int
    kept: int
    refused: tuple[Refused, ...]
    removed: Mapping[str, int]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of register that moved: it rises or falls alike whatever people speak of.

    Attributes:
        label: the word.
        language: its language, or None where it is not known.
        change: ratio of its share now over before.
        evenness: how evenly its movement is spread over topics, 0 (one topic) to 1 (all alike).
    """

    label: str
    language: str | None
    change: Estimate
    evenness: float


@dataclass(frozen=True, slots=True)
class Style:
    """Words of register that moved: how people speak, not what they speak of."""

    coming_in: tuple[Spoken, ...] = ()
    going_out: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the findings come from, and with which settings they can be made again."""

    estran: str
    schema: str
    files: tuple[str, ...]
    columns: Mapping[str, str]  # column of Estran -> column of the file, as guessed or told
    step: str
    since: str
    until: str
    settings: Mapping[str, Any]
    people: int
    conversations: int  # 0: none known, people alone are the unit of evidence
    tested: int
    found: int
    false_discovery_rate: float
    lists: Mapping[str, int] = field(default_factory=dict)  # themes in each list, shown or not


@dataclass(frozen=True, slots=True)
class Tour:
    """What is coming In, what is going Out, what holds, and what it is too early to say.

    `become_normal` are themes that people say as much as ever and announce no more: out of the headlines, not out of use.
    `followed` are those that somebody follows by hand, whatever became of them; they may stand in another list too.
    """

    coming_in: tuple[Movement, ...]
    going_out: tuple[Movement, ...]
    steady: tuple[Movement, ...]
    too_early: tuple[Movement, ...]
    style: Style
    coverage: Coverage
    provenance: Provenance = field(repr=False)
    become_normal: tuple[Movement, ...] = ()
    followed: tuple[Movement, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers: the versioned JSON of docs/reference/json.md."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain

    def to_polars(self) -> pl.DataFrame:
        """One row per theme on the board; `column` says which list it stands in.

        `reason` names the reasons that hold (nothing where none is established), `successor` the likeliest one.
        """
        return tables.board(self)

    def _repr_html_(self) -> str:
        """A plain table for a notebook, in its own colours, light or dark; `to_html` makes the whole page."""
        return tables.shown(self)


@dataclass(frozen=True, slots=True)
class Successions:
    """What went out, and what came in its place.

    Attributes:
        going_out: each theme that went out, with up to three `successors` and its `reasons`.
        coverage: what the claims stand on, with the warnings.
        provenance: where it comes from.
    """

    going_out: tuple[Movement, ...]
    coverage: Coverage
    provenance: Provenance = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers: the versioned JSON of docs/reference/json.md."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain

    def to_polars(self) -> pl.DataFrame:
        """One row per link: what went out, what may have taken its place, and what speaks for it."""
        return tables.links(self)
