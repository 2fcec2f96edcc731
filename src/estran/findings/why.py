"""Why a theme went out, and what came in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Curve, Estimate, Quote


class Why(StrEnum):
    """Why a theme is said less (DESIGN 7.3); several may hold, and none need to."""

    FORGOTTEN = "forgotten"
    NORMALISED = "normalised"
    SUPERSEDED = "superseded"
    WORN_OUT = "worn out"


class Verdict(StrEnum):
    """What the rule of a reason came to."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_ENOUGH = "not enough"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, held against its rule.

    Attributes:
        why: which one.
        verdict: whether it holds, fails, or cannot be told from these data.
        figures: what the rule looked at, by a fixed name (docs/methods/reasons.md); a face turns it into words.
        quotes: words that show it; none unless it holds.
    """

    why: Why
    verdict: Verdict
    figures: Mapping[str, Estimate] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()


class Level(StrEnum):
    """How much a link between two themes may be leaned on."""

    SUPERSEDED = "superseded"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Link:
    """A theme that may have taken the place of another, with all that speaks for it.

    Attributes:
        id: of the later theme.
        label: its commonest form.
        labels: language -> label.
        level: "superseded" only where people say so, or turned from the one to the other themselves.
        score: 0-1, how likely the link is; calibrated on planted successions (docs/methods/succession.md).
        precision: how often a link of this level was right where the truth is known, with its interval.
        context: cosine of the words around both, -1 to 1.
        topic: cosine of the themes said in the same messages.
        opposite: how much the one falls as the other rises, -1 to 1.
        rise: ratio of the later theme's share, over the time in which the earlier one fell.
        later_by: how many periods later people spoke of it, on average.
        slot: ratio of the share of people who say the one or the other, now over before.
        switches: sentences that go from the earlier to the later ("moved from a to b"); None where they are of 1 to 4
            people (withheld).
        switches_back: sentences that go the other way; the same.
        switchers: people who used the earlier one and took up the later one afterwards; None where 1 to 4 (withheld).
        switching_z: how many standard deviations more than other people who speak at the same time.
        quotes: of the switch sentences.
        curve: share of people per period of the later theme.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    level: Level
    score: float
    precision: Estimate
    context: float
    topic: float
    opposite: float
    rise: Estimate
    later_by: float
    slot: Estimate
    switches: int | None
    switches_back: int | None
    switchers: int | None
    switching_z: float
    quotes: tuple[Quote, ...]
    curve: Curve
