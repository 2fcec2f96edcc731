"""What each part of an organisation says more, or less, than the rest of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Coverage, Estimate, Provenance


@dataclass(frozen=True, slots=True)
class UnitCompared(Plain):
    """A unit that is compared with the rest of what it lies in.

    Attributes:
        path: "sales/north", under the name of today.
        people: distinct people who speak in it; None where they are withheld.
        compared: share of them for whom there are people of the rest who speak as much, in the same language and years.
        more: themes that it says more than the rest, shown or not.
        less: themes that it says less.
    """

    path: str
    people: int | None
    compared: float = 0.0
    more: int = 0
    less: int = 0


@dataclass(frozen=True, slots=True)
class UnitShare(Plain):
    """A theme in a unit, against the rest.

    Attributes:
        unit: path.
        verdict: "more" or "less" than the rest; "alike", where twice as much or half would have been seen; "open", too close
            to call; "not enough"; or "withheld", where 1 to 4 people of it say the theme.
        share: of comparable people of the unit who say it; None where it is withheld, perhaps only since it would tell
            of few people in a unit beside it.
        rest: of comparable people of the rest.
        ratio: unit over rest.
        detectable: the ratio that would have been seen four times in five.
        curve: share of people in each window; None where it is withheld, or nobody spoke.
    """

    unit: str
    verdict: str
    share: Estimate | None = None
    rest: Estimate | None = None
    ratio: Estimate | None = None
    detectable: float | None = None
    curve: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeByUnit(Plain):
    """A theme, unit by unit.

    Attributes:
        id: of the theme.
        label: what it is called.
        labels: language -> what it is called there.
        units: in the order of `Organisation.units`.
        curve: share of people of all units together in each window.
        also: labels of themes that say the same thing.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    units: tuple[UnitShare, ...]
    curve: tuple[float | None, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether some unit says it more or less than the rest."""
        return any(unit.verdict in {"more", "less"} for unit in self.units)


@dataclass(frozen=True, slots=True)
class Organisation(Plain):
    """What each unit says more or less than the rest of what it lies in; at most a stated share of it falsely.

    Attributes:
        unit: path of what the units lie in; "" for the whole organisation.
        units: that lie right below it.
        themes: those that differ most first, then those that most people say.
        windows: (first period, last period) of each point of the curves.
        unknown: messages of no known unit; they are compared with nobody.
        tested: pairs of a theme and a unit that were tested.
        found: of those, where the unit says the theme more or less.
        withheld: figures of the themes shown that are withheld.
    """

    unit: str
    units: tuple[UnitCompared, ...]
    themes: tuple[ThemeByUnit, ...]
    windows: tuple[tuple[str, str], ...]
    unknown: int
    tested: int
    found: int
    withheld: int
    coverage: Coverage
    provenance: Provenance = field(repr=False)
