"""The landscape of tools: what is said in each kind of tool, and what crosses from one to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain
from estran.findings.tour import Curve, Shape  # noqa: TC001  the types of fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from estran.findings.tour import Coverage, Estimate, Notice, Provenance


@dataclass(frozen=True, slots=True)
class Environment:
    """A kind of tool.

    Attributes:
        kind: "chat", "mail", ..., or a kind of one's own.
        sources: the sources that are of it.
        guessed: those of them whose kind was guessed from their name.
        people: distinct people who speak in it, or None where that is withheld.
        messages: how many, or None where people are withheld.
        share: of all voices (a person in a period).
        since: the first period in which it speaks.
        until: the last one.
        speaks: the periods in which at least five speak in it: of the others it is never asked what it says.
        curve: its share of all voices per period; nan where it is silent, where no other kind speaks, or where withheld;
            None where nothing can be shown.
    """

    kind: str
    sources: tuple[str, ...]
    guessed: tuple[str, ...]
    people: int | None
    messages: int | None
    share: Estimate | None
    since: str
    until: str
    speaks: tuple[str, ...] = ()
    curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a theme is said.

    Attributes:
        id: of the theme.
        label: the commonest surface form.
        labels: language -> label.
        shape: how it moved over all.
        people: distinct people who ever used it.
        shares: of each environment, in their order, the share of the theme's voices; None where it is withheld.
        before: the same in the first half of the periods in which all the lasting environments speak; empty where
            there are too few of them.
        now: the same in the second half.
        curves: of each environment, in their order, the same per period, as `Environment.curve`; of the foremost themes.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    shape: Shape
    people: int
    shares: tuple[Estimate | None, ...]
    before: tuple[Estimate | None, ...] = ()
    now: tuple[Estimate | None, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class Crossing:
    """A theme that one environment showed before another.

    Attributes:
        id: of the theme.
        label: the commonest surface form.
        labels: language -> label.
        first: the kind of tool that was ahead.
        then: the kind that followed.
        ahead: by how many periods, above 0; `q` over all themes and pairs.
        time: the same in months, or in days where periods are weeks.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    first: str
    then: str
    ahead: Estimate
    time: Estimate


@dataclass(frozen=True, slots=True)
class Landscape(Plain):
    """What is said where, and what crosses.

    Attributes:
        environments: kinds of tool, the one with most voices first.
        themes: the themes that moved and those that most people say, in that order, each with where it is said.
        crossings: themes that one environment showed before another, the surest first.
        compared: (theme, pair of environments) that were tested.
        pairs: pairs of environments that speak together in enough periods.
        halves: the periods of `before` and `now`: first, last of the one, first, last of the other; or empty.
        level: coverage of the intervals of crossings.
        cannot: why nothing crosses, or None.
        coverage: what the claims stand on.
        provenance: where it comes from.
    """

    environments: tuple[Environment, ...]
    themes: tuple[Spread, ...]
    crossings: tuple[Crossing, ...]
    compared: int
    pairs: int
    halves: tuple[str, ...]
    level: float
    cannot: Notice | None
    coverage: Coverage = field(repr=False)
    provenance: Provenance = field(repr=False)

    def to_polars(self) -> pl.DataFrame:
        """One row per theme and environment."""
        import polars as pl  # noqa: PLC0415  findings must stay light to import

        rows = [
            {
                "id": theme.id,
                "label": theme.label,
                "kind": environment.kind,
                "share": share.value if share else None,
                "low": share.low if share else None,
                "high": share.high if share else None,
            }
            for theme in self.themes
            for environment, share in zip(self.environments, theme.shares, strict=True)
        ]
        texts, numbers = ("id", "label", "kind"), ("share", "low", "high")
        schema = dict.fromkeys(texts, pl.String()) | dict.fromkeys(numbers, pl.Float64())
        return pl.DataFrame(rows, schema=schema, orient="row")
