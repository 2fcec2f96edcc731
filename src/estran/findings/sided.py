"""What the inside and the outside say of the same themes: the gap between them, and what one of them never takes up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from estran.findings.tour import Coverage, Estimate, Provenance, Quote


class Facing(StrEnum):
    """Whether two sides can be compared, and why not where they cannot."""

    COMPARED = "compared"
    NO_SIDES = "no sides"
    ONE_SIDE = "one side"
    FEW_PEOPLE = "few people"
    NEVER_TOGETHER = "never together"


class Gap(StrEnum):
    """Which side says a theme more."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    ALIKE = "alike"
    NOT_ENOUGH = "not enough"


class Course(StrEnum):
    """What becomes of the gap of a theme: it closes, opens, changes sides, or stays."""

    CLOSING = "closing"
    OPENING = "opening"
    CROSSING = "crossing"
    STEADY = "steady"
    NOT_ENOUGH = "not enough"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a theme stands on the map in a window: shares of comparable people, each None where it is withheld.

    Attributes:
        inside: share of the people inside, None where 1 to 4 of them said it.
        outside: share of the people outside, the same.
    """

    inside: Estimate | None
    outside: Estimate | None


@dataclass(frozen=True, slots=True)
class SidedTheme:
    """A theme, inside and outside.

    Attributes:
        id: the theme's.
        label: its commonest surface form, or what somebody called it.
        labels: language -> label.
        gap: which side says it more, at the stated rate of false claims.
        whole: shares over the time in which both sides speak, of people of like volume, language and time.
        ratio: outside over inside; `q` where it is claimed. None where a share is withheld, or nobody says it.
        then: shares in the earlier window.
        now: shares in the present window.
        course: whether the gap closes, opens or changes sides, at the stated rate.
        moved: the ratio now over the ratio then; `q` where it is claimed. None where it cannot be told or shown.
        people_inside: distinct people inside who say it; None where that, or the other, would tell of 1 to 4.
        people_outside: the same outside.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    gap: Gap
    whole: Place
    ratio: Estimate | None
    then: Place
    now: Place
    course: Course
    moved: Estimate | None
    people_inside: int | None
    people_outside: int | None


@dataclass(frozen=True, slots=True)
class Coherent:
    """The coherence index of a period: 1 where both sides speak as one crowd, 0 where they share no theme.

    Attributes:
        period: its label; "" for all the time in which both sides speak.
        index: with its interval; None where the people cannot tell it.
        inside: comparable people inside; None where they are 1 to 4.
        outside: the same outside.
    """

    period: str
    index: Estimate | None
    inside: int | None
    outside: int | None


@dataclass(frozen=True, slots=True)
class Continuum(Plain):
    """Both sides as one continuum: per theme the gap between inside and outside, and how coherent the whole is.

    Attributes:
        facing: whether the sides can be compared, and why not.
        themes: those on the map, claims first, the surest first.
        whole: coherence over all the time in which both sides speak; None where they cannot be compared.
        coherence: per period.
        then: first and last period of the earlier window; empty where there is but one window.
        now: the same of the present one.
        inside: comparable people inside; None where they are 1 to 4.
        outside: the same outside.
        apart_inside: people inside who have nobody outside to be compared with, as they speak too much or too little; None
            where they are 1 to 4.
        counts: "outside", "inside", "alike", "not enough", "closing", "opening", "crossing" -> themes of all, shown or not.
        coverage: what the claims stand on.
        provenance: where it comes from.
    """

    facing: Facing
    themes: tuple[SidedTheme, ...]
    whole: Coherent | None
    coherence: tuple[Coherent, ...]
    then: tuple[str, ...]
    now: tuple[str, ...]
    inside: int | None
    outside: int | None
    apart_inside: int | None
    counts: Mapping[str, int]
    coverage: Coverage
    provenance: Provenance = field(repr=False)

    def to_polars(self) -> pl.DataFrame:
        """One row a theme: the gap, the shares of both sides and what becomes of them."""
        import polars as pl  # noqa: PLC0415  findings load no library of data frames until one is asked for

        def value(estimate: Estimate | None) -> float | None:
            return None if estimate is None else estimate.value

        rows = [
            {
                "theme": t.label, "gap": str(t.gap), "course": str(t.course),
                "inside": value(t.whole.inside), "outside": value(t.whole.outside), "ratio": value(t.ratio),
                "ratio_low": t.ratio.low if t.ratio else None, "ratio_high": t.ratio.high if t.ratio else None,
                "q": t.ratio.q if t.ratio else None, "moved": value(t.moved), "moved_q": t.moved.q if t.moved else None,
                "inside_then": value(t.then.inside), "outside_then": value(t.then.outside),
                "inside_now": value(t.now.inside), "outside_now": value(t.now.outside),
            }
            for t in self.themes
        ]  # fmt: skip
        columns = dict.fromkeys(["theme", "gap", "course"], pl.String())
        return pl.DataFrame(rows, schema={**columns, **dict.fromkeys(_FIGURES, pl.Float64())})


_FIGURES = (
    "inside", "outside", "ratio", "ratio_low", "ratio_high", "q", "moved", "moved_q",
    "inside_then", "outside_then", "inside_now", "outside_now",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Untaken:
    """A theme that one side raises, stretch after stretch, and the other hardly takes up.

    Attributes:
        id: the theme's.
        label: its commonest surface form.
        labels: language -> label.
        saying: share of the people of the side that says it.
        other: share of the people of the other side; None where 1 to 4 of them said it.
        ratio: of the two; its lower end is what can be relied on. None where a share is withheld.
        q: smallest false-discovery rate at which the gap is claimed.
        stretches: labels of the stretches of time in which it holds.
        nobody: not one person of the other side ever said it.
        people: distinct people of the side that says it; None where that would tell of 1 to 4 of the other.
        quotes: of the side that says it.
        nearest: what the other side says that comes nearest; empty where nothing does, or too few people say it.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    saying: Estimate
    other: Estimate | None
    ratio: Estimate | None
    q: float
    stretches: tuple[str, ...]
    nobody: bool
    people: int | None
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Unanswered(Plain):
    """What customers raise that nobody inside takes up, and what the inside speaks of that no customer ever does.

    Attributes:
        facing: whether the sides can be compared, and why not.
        raised: themes of the outside, the surest first.
        unheard: the mirror: themes of the inside.
        times: how many times as many people must say it as do on the other side, sure bound against sure bound.
        stretches: labels of the stretches of time that were looked at.
        enough: whether stretches and people are enough for such a claim at all.
        all_raised: how many themes there are, shown or not.
        all_unheard: the same of the mirror.
        coverage: what the claims stand on.
        provenance: where it comes from.
    """

    facing: Facing
    raised: tuple[Untaken, ...]
    unheard: tuple[Untaken, ...]
    times: float
    stretches: tuple[str, ...]
    enough: bool
    all_raised: int
    all_unheard: int
    coverage: Coverage
    provenance: Provenance = field(repr=False)

    def to_polars(self) -> pl.DataFrame:
        """One row a theme: which side says it, and both shares."""
        import polars as pl  # noqa: PLC0415  findings load no library of data frames until one is asked for

        rows = [
            {
                "theme": t.label, "side": side, "saying": t.saying.value, "other": t.other.value if t.other else None,
                "at_least": t.ratio.low if t.ratio else None, "q": t.q, "stretches": len(t.stretches),
            }
            for side, themes in (("outside", self.raised), ("inside", self.unheard))
            for t in themes
        ]  # fmt: skip
        figures = dict.fromkeys(["saying", "other", "at_least", "q"], pl.Float64())
        return pl.DataFrame(
            rows, schema={"theme": pl.String(), "side": pl.String(), **figures, "stretches": pl.Int64()}
        )
