"""Customer pull: who said each theme first, those outside or those inside, and by how long."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain
from estran.findings.tour import Shape  # noqa: TC001  the type of a field

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from estran.findings.tour import Coverage, Curve, Estimate, Notice, Provenance


class First(StrEnum):
    """Who said a theme first."""

    OUTSIDE = "outside first"
    INSIDE = "inside first"
    CLOSE = "too close to call"
    UNLIKE = "not alike"
    NOT_ENOUGH = "not enough"


@dataclass(frozen=True, slots=True)
class Lead:
    """A theme that moved, and which side was ahead.

    Attributes:
        id: of the theme.
        label: the commonest surface form.
        labels: language -> label.
        shape: how it moved over all.
        first: who said it first, or why that is not said.
        ahead: by how many periods the outside was ahead; below 0 where the inside was. `q` is the smallest
            false-discovery rate of the claim; None where nothing can be compared. An end that is infinite lies
            beyond what was tried.
        time: the same in months, or in days where periods are weeks.
        inside: distinct people inside who used it, or None where that is withheld.
        outside: the same outside.
        inside_curve: share of the people inside, per period, where the theme is shown with a picture.
        outside_curve: the same outside.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    shape: Shape
    first: First
    ahead: Estimate | None
    time: Estimate | None
    inside: int | None
    outside: int | None
    inside_curve: Curve | None = None
    outside_curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class Pull(Plain):
    """Who said it first, theme by theme.

    Attributes:
        leads: the themes that moved, those with a lead first, the surest before.
        from_outside: of the themes with a lead, the share of which those outside were ahead; None where there is none.
        periods: in which both sides speak: the first and the last, and how many there are; empty where there are none.
        compared: how many there are.
        level: coverage of the intervals of `ahead`.
        longest: periods, the longest lag that was tried.
        cannot: why nothing can be said at all, or None.
        coverage: what the claims stand on.
        provenance: where it comes from.
    """

    leads: tuple[Lead, ...]
    from_outside: Estimate | None
    periods: tuple[str, ...]
    compared: int
    level: float
    longest: float
    cannot: Notice | None
    coverage: Coverage = field(repr=False)
    provenance: Provenance = field(repr=False)

    def told(self, first: First) -> tuple[Lead, ...]:
        """The themes with one answer."""
        return tuple(lead for lead in self.leads if lead.first is first)

    def to_polars(self) -> pl.DataFrame:
        """One row per theme."""
        import polars as pl  # noqa: PLC0415  findings must stay light to import

        rows = [
            {
                "id": lead.id,
                "label": lead.label,
                "shape": lead.shape.value,
                "first": lead.first.value,
                "ahead": lead.ahead.value if lead.ahead else None,
                "ahead_low": lead.ahead.low if lead.ahead else None,
                "ahead_high": lead.ahead.high if lead.ahead else None,
                "q": lead.ahead.q if lead.ahead else None,
                "inside": lead.inside,
                "outside": lead.outside,
            }
            for lead in self.leads
        ]
        texts, numbers = ("id", "label", "shape", "first"), ("ahead", "ahead_low", "ahead_high", "q")
        schema = dict.fromkeys(texts, pl.String()) | dict.fromkeys(numbers, pl.Float64())
        return pl.DataFrame(
            rows, schema=schema | dict.fromkeys(("inside", "outside"), pl.Int64()), orient="row"
        )
