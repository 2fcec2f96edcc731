"""How much of a theme is said inside, and how much outside."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta

from estran.findings import Estimate
from estran.model import Side
from estran.privacy import FIGURES, figure_allowed
from estran.stats.presence import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus


class Sides:
    """The people of a corpus by side and period; what is asked of many themes is counted once."""

    def __init__(self, corpus: Corpus, *, level: float) -> None:
        """Set what shares are taken of.

        Args:
            corpus: n messages.
            level: of the intervals.
        """
        self._corpus = corpus
        self._level = level
        self._voice = corpus.author.astype(np.int64) * corpus.grid.periods + corpus.period
        said = corpus.messages["side"]
        self._said_on = {side: (said == side).fill_null(value=False).to_numpy() for side in Side}
        self._spoke = cache(self._count)

    def share(
        self, rows: NDArray[np.int32], side: Side, *, now: tuple[int, int], overall: Estimate
    ) -> Estimate | None:
        """The share of the people of a side who use a theme now, on the scale of the theme's share over all.

        Counted over voices (a person in a period) of the window, as all shares of a board; then scaled by the
        standardised over the plain share of both sides together, as recent messages may be longer or shorter than most.
        The interval is Jeffreys' for a binomial share (Brown, Cai, DasGupta 2001) with no more evidence than there are
        distinct people.

        Args:
            rows: (k,) messages that hold the theme.
            side: inside or outside.
            now: the window, first and last + 1 period.
            overall: the theme's standardised share now.

        Returns:
            None where too few people spoke on that side to show a figure, or 1 to 4 of them used the theme.
        """
        corpus = self._corpus
        recent = rows[(corpus.period[rows] >= now[0]) & (corpus.period[rows] < now[1])]
        using = recent[self._said_on[side][recent]]
        spoke, voices = self._spoke(now, side)
        used = len(distinct(corpus.author[using]))
        if not figure_allowed(spoke) or 0 < used < FIGURES:
            return None
        plain = len(distinct(self._voice[using])) / voices
        plain_overall = len(distinct(self._voice[recent])) / self._spoke(now, None)[1]
        scale = overall.value / plain_overall if plain_overall else 1.0
        yes, no, tail = plain * spoke, (1 - plain) * spoke, (1 - self._level) / 2
        low = float(beta.ppf(tail, yes + 0.5, no + 0.5)) if used else 0.0
        high = float(beta.ppf(1 - tail, yes + 0.5, no + 0.5)) if plain < 1 else 1.0
        value, low, high = (min(scale * x, 1.0) for x in (plain, min(low, plain), max(high, plain)))
        return Estimate(value, low, high, "share of people")

    def _count(self, now: tuple[int, int], side: Side | None) -> tuple[int, int]:
        """How many people spoke in a window, on a side or on any, and how many voices that makes."""
        here = (self._corpus.period >= now[0]) & (self._corpus.period < now[1])
        if side is not None:
            here &= self._said_on[side]
        return len(distinct(self._corpus.author[here])), len(distinct(self._voice[here]))
