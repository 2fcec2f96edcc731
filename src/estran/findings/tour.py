"""The tour and its parts: what Estran claims, with its interval, its error rate, its evidence and its origin.

Findings are plain frozen data. They know no data frame and no page; every face shows the same ones.
"""

from __future__ import annotations

import dataclasses
import html
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from estran.findings.why import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

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
        id: stable for one set of variants.
        label: the commonest surface form.
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
    """

    coming_in: tuple[Movement, ...]
    going_out: tuple[Movement, ...]
    steady: tuple[Movement, ...]
    too_early: tuple[Movement, ...]
    style: Style
    coverage: Coverage
    provenance: Provenance = field(repr=False)
    become_normal: tuple[Movement, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers: the versioned JSON of docs/reference/json.md."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain

    def to_polars(self) -> pl.DataFrame:
        """One row per theme on the board; `column` says which list it stands in.

        `reason` names the reasons that hold (nothing where none is established), `successor` the likeliest one.
        """
        import polars as pl  # noqa: PLC0415  findings must stay light to import

        rows = [
            {
                "column": column,
                "id": m.id,
                "label": m.label,
                "shape": m.shape.value,
                "before": m.before.value,
                "after": m.after.value,
                "change": m.change.value,
                "change_low": m.change.low,
                "change_high": m.change.high,
                "q": m.change.q,
                "since": m.since.value if m.since else None,
                "people": m.people,
                "messages": m.messages,
                "detectable": m.detectable,
                "reason": _held(m) or None,
                "successor": m.successors[0].label if m.successors else None,
            }
            for column in ("coming_in", "going_out", "steady", "too_early", "become_normal")
            for m in getattr(self, column)
        ]
        return pl.DataFrame(rows, schema=_board_schema(), orient="row")

    def _repr_html_(self) -> str:
        """A plain table for a notebook, in its own colours, light or dark; `to_html` makes the whole page."""
        made, read = self.provenance, self.coverage
        lists = (("In", self.coming_in), ("Out", self.going_out))
        rows = "".join(_row(name, m) for name, themes in lists for m in themes)
        return (
            f"<table><caption>Estran tour, {made.since} to {made.until}: {read.kept:,} messages of {made.people:,} "
            f"people, {made.tested:,} themes tested; {_seen(self.steady, 'steady', 'would', max)}, "
            f"{_seen(self.too_early, 'too early to say', 'could', min)}</caption><thead><tr>{_cells(_HEADINGS, 'th')}</tr></thead><tbody>{rows}</tbody></table>"
        )


@dataclass(frozen=True, slots=True)
class Successions:
    """What went out, and what came in its place.

    Attributes:
        going_out: each theme that went out, with up to three `successors` and its `reasons`.
        provenance: where it comes from.
    """

    going_out: tuple[Movement, ...]
    provenance: Provenance = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers: the versioned JSON of docs/reference/json.md."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain


_HEADINGS = ("", "theme", "how", "share of people", "change", "since", "why", "people")


def _row(name: str, m: Movement) -> str:
    share = f"{m.before.value:.1%} \N{RIGHTWARDS ARROW} {m.after.value:.1%}"
    change = f"{_times(m.change.value)} ({_times(m.change.low)} to {_times(m.change.high)})"
    since = ""
    if m.since:
        span = m.since.low if m.since.low == m.since.high else f"{m.since.low} to {m.since.high}"
        since = m.since.value or span
    why = _held(m) or ("reason not established" if m.reasons else "")
    return f"<tr>{_cells((name, m.label, m.shape.value, share, change, since, why, f'{m.people:,}'), 'td')}</tr>"


def _held(m: Movement) -> str:
    return ", ".join(reason.why.value for reason in m.reasons if reason.verdict is Verdict.HOLDS)


def _times(ratio: float) -> str:
    """A ratio as every face writes it: times 4, or divided by 4, a hundredfold at most."""
    sign, size = (
        ("\N{MULTIPLICATION SIGN}", ratio) if ratio >= 1 else ("\N{DIVISION SIGN}", 1 / max(ratio, 1e-9))
    )
    return f"{sign}100+" if size >= 99.5 else f"{sign}{size:.2g}"


def _seen(themes: Sequence[Movement], what: str, might: str, least: Callable[[Iterable[float]], float]) -> str:
    """How many themes did not move, and the change that these data would or could have shown."""
    told = f"{len(themes)} {what}"
    if not themes:
        return told
    return f"{told} (a change of {_times(least(m.detectable for m in themes))} {might} have been seen)"


def _cells(texts: tuple[str, ...], tag: str) -> str:
    return "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)


def _board_schema() -> dict[str, Any]:
    import polars as pl  # noqa: PLC0415

    text, number, count = pl.String, pl.Float64, pl.Int64
    return {
        "column": text,
        "id": text,
        "label": text,
        "shape": text,
        "before": number,
        "after": number,
        "change": number,
        "change_low": number,
        "change_high": number,
        "q": number,
        "since": text,
        "people": count,
        "messages": count,
        "detectable": number,
        "reason": text,
        "successor": text,
    }
