"""The nouns that come in: messages, where they stand in time, and the phrases and themes found in them."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from estran.errors import ScopeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Units = TypeVar("Units", pl.Expr, pl.Series)


class Side(StrEnum):
    """Where a message was said: by the organisation's people, or by those it serves."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class Step(StrEnum):
    """The length of one period."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def every(self) -> str:
        """The step as Polars writes a duration."""
        return "1w" if self is Step.WEEK else f"{self.months}mo"

    @property
    def months(self) -> int:
        """Months of the step; 0 for a week."""
        return {"week": 0, "month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]


MESSAGES = pl.Schema(
    {
        "id": pl.String(),  # unique in a corpus
        "time": pl.Datetime("ms", "UTC"),
        "text": pl.String(),  # NFC, as written, personal data masked
        "author": pl.String(),  # a keyed pseudonym, never a name; null where nobody is named
        "side": pl.String(),  # a Side, or null
        "source": pl.String(),  # the tool or channel it was said in; never null
        "unit": pl.String(),  # the part of the organisation, "sales/north", or null
        "thread": pl.String(),  # the conversation: thread, ticket, meeting, event; null where there is none
        "language": pl.String(),  # ISO 639-1, or null when unknown
        "title": pl.String(),  # subject or headline, or null
    }
)
"""The columns of messages, wherever they are kept: parsed at the door, trusted inside."""


def unit_path(written: str) -> str:
    """The path of a unit as it is kept: " sales / north/ " is "sales/north"."""
    return "/".join(part for part in (part.strip() for part in written.split("/")) if part)


def below(units: Units, path: str) -> Units:
    """Whether each unit is the one of this path, or lies below it; never where no unit is known.

    "sales/north/lyon" lies below "sales", "salesforce" does not; everything with a unit lies below "".
    """
    there = (units == path) | units.str.starts_with(f"{path}/") if path else units.is_not_null()
    return there.fill_null(value=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which messages a question is asked of: all, or those of one part of the organisation, one side, some sources.

    Attributes:
        unit: path of the part of the organisation, with all that lies below it; "" for all messages.
        side: inside or outside; None for both.
        sources: the tools they were said in; () for all.
    """

    unit: str = ""
    side: Side | None = None
    sources: tuple[str, ...] = ()

    def within(self, path: str) -> Scope:
        """This scope, narrowed to a unit of it.

        Raises:
            ScopeError: the unit lies outside.
        """
        asked = unit_path(path)
        if self.unit and asked != self.unit and not asked.startswith(f"{self.unit}/"):
            raise ScopeError(
                f"{asked or 'the whole'} does not lie below {self.unit}: ask about {self.unit}, or a unit below it"
            )
        return replace(self, unit=asked)

    @property
    def holds(self) -> pl.Expr:
        """Whether a message (`MESSAGES`) lies in the scope."""
        inside = [below(pl.col("unit"), self.unit)] if self.unit else []
        inside += [(pl.col("side") == self.side).fill_null(value=False)] if self.side else []
        inside += [pl.col("source").is_in(self.sources)] if self.sources else []
        return pl.all_horizontal(inside) if inside else pl.lit(value=True)

    @classmethod
    def read(cls, written: str) -> Scope:
        """The scope that somebody writes as "sales/north", "side=outside", "source=crm", or several of these with commas.

        Raises:
            ScopeError: a part of it means nothing.
        """
        unit, side, sources = "", None, []
        for part in filter(None, (part.strip() for part in written.split(","))):
            key, equals, value = (piece.strip() for piece in part.partition("="))
            if not equals:
                unit = unit_path(part)
            elif key == "side" and value in list(Side):
                side = Side(value)
            elif key == "source" and value:
                sources.append(value)
            else:
                raise ScopeError(
                    f"{part!r} is no scope: write a unit (sales/north), side=inside, side=outside or source=NAME"
                )
        return cls(unit, side, tuple(sources))

    def __str__(self) -> str:
        """The scope as `read` reads it; "" for all messages."""
        side = [f"side={self.side}"] if self.side else []
        return ", ".join([*filter(None, [self.unit]), *side, *(f"source={name}" for name in self.sources)])


EVERYTHING = Scope()
"""All messages."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that the organisation decided or did, whose effect on what people say is asked for.

    Attributes:
        day: on which it began to hold.
        label: what it is called.
        end: last day of its coming into force, itself included; None where it took one day. What people say in between
            belongs neither to before nor to after.
        scope: whom it concerns.
        themes: words for the themes that it should move; () to ask of all themes.
        source: the file that it was taken from; "" where somebody wrote it down.
    """

    day: dt.date
    label: str
    end: dt.date | None = None
    scope: Scope = EVERYTHING
    themes: tuple[str, ...] = ()
    source: str = ""

    @property
    def id(self) -> str:
        """A short name for it: what says the same is the same mark, wherever it was taken from."""
        said = "\n".join(
            [str(self.day), str(self.end or self.day), self.label, str(self.scope), *self.themes]
        )
        return hashlib.blake2b(said.encode(), digest_size=3).hexdigest()


MASKS = ("[mail]", "[phone]", "[iban]", "[nir]", "[card]", "[ip]", "[url]", "[@]", "[name]")
"""The words that stand where personal data stood (`estran.privacy`)."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read: where it lies, and why."""

    file: str
    place: str  # "line 12", "row 7"
    why: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Consecutive periods of one step, from the one that holds `start`.

    Attributes:
        step: the length of a period.
        start: first day of the first period.
        periods: how many there are.
    """

    step: Step
    start: dt.date
    periods: int

    @classmethod
    def covering(cls, first: dt.datetime, last: dt.datetime, step: Step) -> Grid:
        """The shortest grid that holds both moments."""
        starts = pl.Series([first, last], dtype=pl.Datetime("ms", "UTC")).dt.truncate(step.every).dt.date()
        low, high = starts[0], starts[1]
        return cls(step, low, pl.select(pl.date_range(low, high, step.every)).height)

    @property
    def starts(self) -> pl.Series:
        """First day of each period."""
        return pl.Series([self.start_of(p) for p in range(self.periods)], dtype=pl.Date)

    @property
    def end(self) -> dt.date:
        """First day after the last period."""
        return self.start_of(self.periods)

    def start_of(self, period: int) -> dt.date:
        """First day of a period, inside the grid or not."""
        if self.step is Step.WEEK:
            return self.start + dt.timedelta(weeks=period)
        years, month = divmod(self.start.month - 1 + period * self.step.months, 12)
        return self.start.replace(year=self.start.year + years, month=month + 1)

    def period_of(self, times: pl.Series) -> NDArray[np.int64]:
        """The number of the period that holds each moment, from 0; outside the grid it is below 0 or `periods` and above."""
        start = self.start
        if self.step is Step.WEEK:
            return ((times.dt.truncate("1w").dt.date() - start).dt.total_days() // 7).to_numpy()
        since = (
            (times.dt.year().cast(pl.Int64) - start.year) * 12 + times.dt.month().cast(pl.Int64) - start.month
        )
        return (since // self.step.months).to_numpy()

    def label(self, period: int) -> str:
        """A period as people write it: 2025, 2025-H1, 2025-Q3, 2025-03, 2025-W07."""
        day = self.start_of(period)
        match self.step:
            case Step.YEAR:
                return f"{day.year}"
            case Step.HALF:
                return f"{day.year}-H{1 + (day.month > 6)}"
            case Step.QUARTER:
                return f"{day.year}-Q{1 + (day.month - 1) // 3}"
            case Step.MONTH:
                return f"{day:%Y-%m}"
            case Step.WEEK:
                year, week, _ = day.isocalendar()
                return f"{year}-W{week:02d}"

    @property
    def labels(self) -> tuple[str, ...]:
        """Every period as people write it, first to last."""
        return tuple(self.label(p) for p in range(self.periods))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a variant belongs to its concept.

    Attributes:
        variant: (language, form).
        rule: a fixed word ("spelling", "accent", "lemma", "ending", "by hand", ...); a face says it in its language.
        shown: what the rule saw, "personnalisée = personnaliser".
    """

    variant: tuple[str, str]
    rule: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A set of written variants that mean one thing, counted together and by exact match.

    Attributes:
        label: the commonest surface form, as read; or what somebody called it.
        variants: (language, form) pairs; a form is tokens joined by one blank, as the counting kernel renders it.
        quality: how much it reads like a term (`estran.text.quality`); higher is better.
        kind: "theme"; "style" for words of register ("explore", "journey"); "date" for tokens of time.
        uses: messages that hold each variant, nested ones too; empty where they were not counted one by one.
        names: (language, label) that somebody gave it, in place of its commonest form there.
        why: evidence that cannot be told from the variants themselves: corrections by hand, links between languages.
        pinned: somebody wants it on the board, foremost or not.
        ignored: somebody wants it nowhere on the board.
        followed: somebody follows it, however rare.
        id: of the theme that it is, over time; empty where nothing is kept.
        shared: variants of another concept that mean this one in the messages that tell ("RSE"); counted here in those.
        senses: a variant of each concept that the variants may mean, where nothing tells which.
    """

    label: str
    variants: tuple[tuple[str, str], ...]
    quality: float
    kind: str = "theme"
    uses: tuple[int, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    why: tuple[Evidence, ...] = ()
    pinned: bool = False
    ignored: bool = False
    followed: bool = False
    id: str = ""
    shared: tuple[tuple[str, str], ...] = ()
    senses: tuple[tuple[str, str], ...] = ()

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """Every form that a message which holds the concept may hold: its variants, and those that it shares."""
        return (*self.variants, *self.shared)

    @property
    def labels(self) -> dict[str, str]:
        """Language -> what it is called there: as somebody called it, or its commonest form as people write it."""
        labels: dict[str, str] = {}
        for language, form in self.variants:
            labels.setdefault(language, form.replace("' ", "'"))
        return labels | dict(self.names)
