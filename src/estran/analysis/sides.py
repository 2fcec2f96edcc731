"""How much of a theme is said inside, and how much outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta

from estran.findings import Estimate
from estran.privacy import FIGURES, figure_allowed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Side


def share_on_side(
    corpus: Corpus, rows: NDArray[np.int32], side: Side, *, periods: tuple[int, int], level: float
) -> Estimate | None:
    """The share of the people who spoke on a side, in a period of a window, that used a theme.

    The share is over voices (a person in a period), as all shares of a board. The interval is Jeffreys' for a binomial
    share (Brown, Cai, DasGupta 2001) with no more evidence than there are distinct people.

    Args:
        corpus: n messages.
        rows: (k,) messages that hold the theme.
        side: inside or outside.
        periods: the window, first and last + 1 period.
        level: of the interval.

    Returns:
        None where too few people spoke on that side to show a figure, or 1 to 4 of them used the theme.
    """
    here = (corpus.messages["side"] == side).fill_null(value=False).to_numpy()
    here &= (corpus.period >= periods[0]) & (corpus.period < periods[1])
    using = rows[here[rows]]
    spoke, used = len(np.unique(corpus.author[here])), len(np.unique(corpus.author[using]))
    if not figure_allowed(spoke) or 0 < used < FIGURES:
        return None
    voice = corpus.author.astype(np.int64) * corpus.grid.periods + corpus.period
    share = len(np.unique(voice[using])) / len(np.unique(voice[here]))
    yes, no = share * spoke, (1 - share) * spoke
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, yes + 0.5, no + 0.5)) if used else 0.0
    high = float(beta.ppf(1 - tail, yes + 0.5, no + 0.5)) if share < 1 else 1.0
    return Estimate(share, min(low, share), max(high, share), "share of people")
