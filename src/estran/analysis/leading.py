"""Two sides of the same talk, compared: who was ahead in each theme, and what is said where nobody was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.voices import conversations_by, voices_by
from estran.findings import Estimate, First
from estran.model import Step
from estran.privacy import FIGURES
from estran.stats.leads import ALIKE, FEWEST_CLUSTERS, FEWEST_PERIODS, Leads, Sided, who_leads
from estran.stats.power import LARGEST_RATIO, detectable_ratio
from estran.stats.presence import people_saying

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.ground import Ground
    from estran.stats.presence import Rows

MOVED = 0.05
"""p below which a side moved."""
DAYS = 7


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sides of K themes: what the test says, and how many people and voices stand behind it.

    Attributes:
        leads: of the K themes.
        people: (2, K) distinct people of each side who said each theme.
        uses: (2, K) voices.
        detectable: (2, K) smallest change that would have been seen on each side.
    """

    leads: Leads
    people: NDArray[np.int64]
    uses: NDArray[np.int64]
    detectable: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """The talk in parts, two sides or several kinds of tool, and K themes.

    Attributes:
        voices: rows A, with the part of each.
        conversations: rows B, or None where conversations are unknown.
        people: (C, K) distinct people of each part who said each theme.
        uses: (C, K) voices.
        periods: T of the grid.
    """

    voices: Sided
    conversations: Sided | None
    people: NDArray[np.int64]
    uses: NDArray[np.int64]
    periods: int

    def pair(self, one: int, other: int, themes: NDArray[np.int64] | None = None) -> Compared:
        """The test of two of the parts, on all of the themes or on some."""
        chosen = np.arange(self.people.shape[1]) if themes is None else themes
        leads = who_leads(
            _two(self.voices, one, other).take(chosen),
            _two(self.conversations, one, other).take(chosen) if self.conversations is not None else None,
            periods=self.periods,
        )
        people, uses = (told[[one, other]][:, chosen] for told in (self.people, self.uses))
        detectable = detectable_ratio(uses, np.ones_like(uses), found=1, tested=1, rate=MOVED)
        return Compared(leads, people, uses, detectable)


def parts_of(ground: Ground, themes: NDArray[np.int64], part: NDArray[np.int32], *, parts: int) -> Parts:
    """The talk in parts.

    Args:
        ground: the corpus.
        themes: (K,) numbers of the themes.
        part: (n,) 0 to C - 1 for each message, -1 for those of no part.
        parts: C.
    """
    rows, of_row = voices_by(ground.corpus, ground.said, part)
    rows = rows.take(themes)
    threaded = conversations_by(ground.corpus, ground.said, part)
    return Parts(
        voices=Sided(rows, of_row),
        conversations=Sided(threaded[0].take(themes), threaded[1]) if threaded is not None else None,
        people=np.stack([people_of(ground, part == c)[themes] for c in range(parts)]),
        uses=np.stack([_uses(rows, of_row == c) for c in range(parts)]),
        periods=ground.corpus.grid.periods,
    )


def _two(parted: Sided, one: int, other: int) -> Sided:
    """Two parts as sides 0 and 1; the rows of the others are left out."""
    side = np.full(len(parted.side), -1, np.int32)
    side[parted.side == one], side[parted.side == other] = 0, 1
    return Sided(parted.rows, side)


def people_of(ground: Ground, these: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(P,) distinct people who said each theme in some of the messages."""
    said = ground.said
    kept = these[said.message]
    return people_saying(
        said.message[kept], said.concept[kept], ground.corpus.author, themes=len(said.concepts)
    )


def _uses(rows: Rows, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(K,) rows of a side that used each theme."""
    theme = np.repeat(np.arange(rows.presence.themes), rows.presence.uses)
    return np.bincount(theme[kept[rows.presence.indices]], minlength=rows.presence.themes)


def answers_of(compared: Compared, found: NDArray[np.bool_]) -> list[First]:
    """What is said of each theme.

    A side that does not move while a change of three times would have been seen moves otherwise than one that does;
    where it would not have been, nothing is known.
    """
    leads = compared.leads
    moved = leads.moved < MOVED
    few: NDArray[np.bool_] = np.any(compared.people < FIGURES, axis=0) | (len(leads.periods) < FEWEST_PERIODS)
    unseen: NDArray[np.bool_] = np.any(~moved & (compared.detectable > LARGEST_RATIO), axis=0)
    answers = []
    for j in range(len(leads.p)):
        if few[j] or unseen[j] or not moved[:, j].any():
            answers.append(First.NOT_ENOUGH)
        elif found[j]:
            answers.append(First.OUTSIDE if leads.way[j] > 0 else First.INSIDE)
        elif not moved[:, j].all() or leads.alike[j] < ALIKE:
            answers.append(First.UNLIKE)
        elif leads.effective[j] < FEWEST_CLUSTERS:
            answers.append(First.NOT_ENOUGH)
        else:
            answers.append(First.CLOSE)
    return answers


def estimates(leads: Leads, level: float, q: NDArray[np.float64]) -> list[Estimate | None]:
    """By how many periods side one was ahead, of each theme."""
    low, high = leads.interval(level)
    return [
        Estimate(float(leads.lag[j]), float(low[j]), float(high[j]), "period", float(q[j]))
        if np.isfinite(leads.lag[j])
        else None
        for j in range(len(q))
    ]


def in_time(lag: Estimate, step: Step) -> Estimate:
    """A lag in months, or in days where periods are weeks."""
    each, unit = (DAYS, "day") if step is Step.WEEK else (step.months, "month")
    return Estimate(each * lag.value, each * lag.low, each * lag.high, unit, lag.q)
