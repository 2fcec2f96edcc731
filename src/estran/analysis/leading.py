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
        voices: rows A of both sides, of the K themes.
        people: (2, K) distinct people of each side who said each theme.
        uses: (2, K) voices.
        detectable: (2, K) smallest change that would have been seen on each side.
    """

    leads: Leads
    voices: Sided
    people: NDArray[np.int64]
    uses: NDArray[np.int64]
    detectable: NDArray[np.float64]


def compare(
    ground: Ground, themes: NDArray[np.int64], part: NDArray[np.int32], *, cannot: bool = False
) -> Compared:
    """The test of two sides of the messages, on some themes.

    Args:
        ground: the corpus.
        themes: (K,) their numbers.
        part: (n,) 0 or 1 for the messages of the sides, -1 for the others.
        cannot: nothing is to be tested; only people are counted.
    """
    corpus, said = ground.corpus, ground.said
    rows, side = voices_by(corpus, said, part)
    voices = Sided(rows.take(themes), side)
    if cannot:
        voices = Sided(voices.rows, np.full(len(side), -1, np.int32))
    threaded = None if cannot else conversations_by(corpus, said, part)
    leads = who_leads(
        voices,
        Sided(threaded[0].take(themes), threaded[1]) if threaded is not None else None,
        periods=corpus.grid.periods,
    )
    uses = np.stack([_uses(rows.take(themes), side == s) for s in (0, 1)])
    return Compared(
        leads=leads,
        voices=voices,
        people=np.stack([people_of(ground, part == s)[themes] for s in (0, 1)]),
        uses=uses,
        detectable=detectable_ratio(uses, np.ones_like(uses), found=1, tested=1, rate=MOVED),
    )


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


def in_time(lag: Estimate | None, step: Step) -> Estimate | None:
    """A lag in months, or in days where periods are weeks."""
    if lag is None:
        return None
    each, unit = (DAYS, "day") if step is Step.WEEK else (step.months, "month")
    return Estimate(each * lag.value, each * lag.low, each * lag.high, unit, lag.q)
