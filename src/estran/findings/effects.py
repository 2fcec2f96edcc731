"""What decisions moved, and what could have been seen of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Coverage, Curve, Estimate, Notice, Provenance


class Outcome(StrEnum):
    """What became of a theme at a mark."""

    MOVED = "moved"
    STILL = "did not move"
    UNSEEN = "could not have been seen"


class Comparison(StrEnum):
    """How it was told."""

    DIFFERENCES = "difference in differences"
    SERIES = "interrupted series"


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of one theme at one mark. Figures that stand on 1 to 4 people, or would tell of them, are None.

    Attributes:
        id: of the theme.
        label: its commonest form.
        labels: language -> label.
        outcome: moved, did not move, or could not have been seen.
        rises: whether it was said more from then on, where it moved.
        ratio: after over before, less what the comparison or the line before tells; `q` where it moved.
        rank: place of its movement among those of other themes at the same date, 1 for the largest.
        others: themes that it was held against, of nearest support.
        detectable: the smallest ratio that would have been seen four times in five.
        comparison: how it was told.
        drift: p value of what was under way before the mark: of a line by which scope and comparison part, or, in a
            series, of the line that is allowed for.
        before: share of the people of the scope who used it in the periods before.
        after: the same after.
        elsewhere_before: the same of those that the scope is compared with.
        elsewhere_after: and after.
        curve: share per period in the scope; periods are named by their first day.
        elsewhere: share per period of those that the scope is compared with.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    outcome: Outcome
    rises: bool
    ratio: Estimate | None
    rank: int
    others: int
    detectable: float
    comparison: Comparison
    drift: float | None
    before: Estimate | None
    after: Estimate | None
    elsewhere_before: Estimate | None
    elsewhere_after: Estimate | None
    curve: Curve
    elsewhere: Curve | None = None


@dataclass(frozen=True, slots=True)
class MarkEffects:
    """What one mark moved.

    Attributes:
        id: of the mark.
        label: what it is called.
        day: ISO day.
        end: ISO day; the same where it took one.
        scope: whom it concerns, as `estran.model.Scope.read` reads it; "" for all.
        themes: the words that were asked for; () where all themes were.
        step: length of a period; "" where nothing could be asked.
        compared: whom the scope was compared with: "units", "sources", "side", or "" for itself before.
        against: their names.
        people: people who spoke in the scope before and after, and elsewhere before and after.
        counts: outcome -> themes.
        effects: of the themes that were asked for; where all were, those that moved, the surest first.
        notices: why something could not be asked, and what to do.
    """

    id: str
    label: str
    day: str
    end: str
    scope: str
    themes: tuple[str, ...]
    step: str = ""
    compared: str = ""
    against: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Effects(Plain):
    """What each decision moved."""

    marks: tuple[MarkEffects, ...]
    coverage: Coverage
    provenance: Provenance = field(repr=False)


@dataclass(frozen=True, slots=True)
class MarkTold(Plain):
    """A mark as it is kept.

    Attributes:
        id: by which it is removed.
        day: ISO day.
        end: ISO day; the same where it took one.
        label: what it is called.
        scope: whom it concerns; "" for all.
        themes: that it should move; () for all.
        source: the file that it was taken from, or "".
    """

    id: str
    day: str
    end: str
    label: str
    scope: str
    themes: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Marks(Plain):
    """The marks of a workspace, and what a command did to them.

    Attributes:
        marks: by day.
        added: ids of those that were written down just now.
        removed: what was taken out just now.
        refused: entries of a calendar that could not be read: (place, why).
        file: where they are kept.
    """

    marks: tuple[MarkTold, ...]
    added: tuple[str, ...] = ()
    removed: tuple[MarkTold, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    file: str = ""
