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
    corpus: Corpus,
    rows: NDArray[np.int32],
    side: Side,
    *,
    now: tuple[int, int],
    overall: Estimate,
    level: float,
) -> Estimate | None:
    """The share of the people of a side who use a theme now, on the scale of the theme's share over all.

    Counted over voices (a person in a period) of the window, as all shares of a board; then scaled by the standardised
    over the plain share of both sides together, as recent messages may be longer or shorter than most. The interval is
    Jeffreys' for a binomial share (Brown, Cai, DasGupta 2001) with no more evidence than there are distinct people.

    Args:
        corpus: n messages.
        rows: (k,) messages that hold the theme.
        side: inside or outside.
        now: the window, first and last + 1 period.
        overall: the theme's standardised share now.
        level: of the interval.

    Returns:
        None where too few people spoke on that side to show a figure, or 1 to 4 of them used the theme.
    """
    recent = (corpus.period >= now[0]) & (corpus.period < now[1])
    here = recent & (corpus.messages["side"] == side).fill_null(value=False).to_numpy()
    using = rows[here[rows]]
    spoke, used = len(np.unique(corpus.author[here])), len(np.unique(corpus.author[using]))
    if not figure_allowed(spoke) or 0 < used < FIGURES:
        return None
    voice = corpus.author.astype(np.int64) * corpus.grid.periods + corpus.period

    def share(said: NDArray[np.int32], of: NDArray[np.bool_]) -> float:
        return len(np.unique(voice[said])) / len(np.unique(voice[of]))

    plain, plain_overall = share(using, here), share(rows[recent[rows]], recent)
    scale = overall.value / plain_overall if plain_overall else 1.0
    yes, no, tail = plain * spoke, (1 - plain) * spoke, (1 - level) / 2
    low = float(beta.ppf(tail, yes + 0.5, no + 0.5)) if used else 0.0
    high = float(beta.ppf(1 - tail, yes + 0.5, no + 0.5)) if plain < 1 else 1.0
    value, low, high = (min(scale * x, 1.0) for x in (plain, min(low, plain), max(high, plain)))
    return Estimate(value, low, high, "share of people")
