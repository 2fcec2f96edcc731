"""What speaks for one theme having taken the place of another: curves, people, and the place they share.

One theme against C candidates at a time, vectorised over the candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.special import ndtri

from estran.stats.presence import Presence, Rows
from estran.stats.rates import standardised_shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.stats.presence import Bools, Floats, Ints

HALF = 0.5  # a use seen and expected more keeps empty periods finite
KERNEL = (0.25, 0.5, 0.25)
ONE = 1.0  # added to the variance of what few people do
BORROWED = 5.0  # rows' worth of the overall rate in the rate of a cell


@dataclass(frozen=True, slots=True)
class Curves:
    """The courses of K themes.

    Attributes:
        observed: (T, K) rows that used each.
        expected: (T, K) rows that would have, at the overall rates of their strata.
        level: (T, K) ln of observed over expected, smoothed over three periods.
        mean_time: (K,) mean period, weighed by that smoothed ratio.
    """

    observed: Floats
    expected: Floats
    level: Floats
    mean_time: Floats

    def take(self, themes: NDArray[np.integer]) -> Curves:
        """The courses of some of the themes."""
        return Curves(
            self.observed[:, themes], self.expected[:, themes], self.level[:, themes], self.mean_time[themes]
        )


def curves(observed: Floats, expected: Floats) -> Curves:
    """The courses of themes from their counts (`estran.stats.rates.standardised_shares`), each (T, K)."""
    ratio = (observed + HALF) / (expected + HALF)
    padded = np.concatenate([ratio[:1], ratio, ratio[-1:]])
    smooth = KERNEL[0] * padded[:-2] + KERNEL[1] * padded[1:-1] + KERNEL[2] * padded[2:]
    # smoothed, so that two uses in a first period of three voices are not its whole story
    mean = (smooth * np.arange(len(smooth))[:, None]).sum(axis=0) / smooth.sum(axis=0)
    return Curves(observed, expected, np.log(smooth), mean)


def split_at(courses: Curves, theme: int) -> int:
    """The first period after the mean time of a theme that falls: before it the theme was said, after it less and less."""
    return int(np.clip(np.floor(courses.mean_time[theme]) + 1, 1, len(courses.level) - 1))


def opposite(courses: Curves, theme: int, others: NDArray[np.integer]) -> Floats:
    """How much one theme falls as others rise: minus the correlation of their levels, (C,) in -1 to 1."""
    own = courses.level[:, theme] - courses.level[:, theme].mean()
    theirs = courses.level[:, others] - courses.level[:, others].mean(axis=0)
    scale = np.linalg.norm(own) * np.linalg.norm(theirs, axis=0)
    falls: Floats = -np.divide(own @ theirs, scale, out=np.zeros(len(others)), where=scale > 1e-12)
    return falls


@dataclass(frozen=True, slots=True)
class Ratios:
    """Shares late over shares early, each (C,), with intervals of the level asked for."""

    value: Floats
    low: Floats
    high: Floats


def parted(
    observed: Floats, expected: Floats, split: int, dispersion: Floats, *, level: float = 0.95
) -> Ratios:
    """The standardised share from a period on over the share before it.

    ``(O1 + 1/2) / (E1 + 1/2)`` over the same early; the interval is normal on the log, its variance
    ``dispersion (1 / (O1 + 1/2) + 1 / (O0 + 1/2))``.

    Args:
        observed: (T, C) uses.
        expected: (T, C) uses expected from the strata.
        split: first late period, 1 to T - 1.
        dispersion: (C,) cluster inflation of the variance.
        level: of the intervals.
    """
    early, late = observed[:split].sum(axis=0) + HALF, observed[split:].sum(axis=0) + HALF
    shift = np.log(late / (expected[split:].sum(axis=0) + HALF)) - np.log(
        early / (expected[:split].sum(axis=0) + HALF)
    )
    reach = float(ndtri(0.5 + level / 2)) * np.sqrt(dispersion * (1 / early + 1 / late))
    return Ratios(np.exp(shift), np.exp(shift - reach), np.exp(shift + reach))


def slots(
    rows: Rows,
    theme: int,
    others: NDArray[np.integer],
    split: int,
    dispersion: Floats,
    *,
    periods: int,
    level: float = 0.95,
) -> Ratios:
    """Whether the place survives: the share of people who say one theme or another, late over early.

    Args:
        rows: the evidence (voices).
        theme: the one that went out.
        others: (C,) its candidates.
        split: first late period.
        dispersion: (C,) cluster inflation.
        periods: T.
        level: of the intervals.
    """
    presence = rows.presence
    own = presence.indices[presence.indptr[theme] : presence.indptr[theme + 1]]
    either = [
        np.union1d(own, presence.indices[presence.indptr[j] : presence.indptr[j + 1]])
        for j in others.tolist()
    ]
    indptr = np.concatenate([[0], np.cumsum([len(one) for one in either])]).astype(np.int64)
    union = Presence(indptr, np.concatenate([np.empty(0, np.int32), *either]).astype(np.int32), presence.rows)
    shares = standardised_shares(Rows(union, rows.period, rows.cluster, rows.stratum), periods=periods)
    return parted(shares.observed, shares.expected, split, dispersion, level=level)


@dataclass(frozen=True, slots=True)
class Switching:
    """Who turned from one theme to each of the others.

    Attributes:
        people: (C,) people who used the theme, spoke again later without it, and then used the other.
        expected: (C,) how many would have, were they like other people who speak at the same time and as much.
        z: (C,) how far the one lies above the other, in standard deviations.
        able: people who used the theme and spoke again later without it.
    """

    people: Ints
    expected: Floats
    z: Floats
    able: int


def switching(rows: Rows, theme: int, others: NDArray[np.integer]) -> Switching:
    """Whether people who used a theme take up others afterwards, more than other people do at the same time.

    The rows after a person's first use of the theme, without it, are set against rows of people who never used it, of
    the same period and stratum: each gives the chance to use the other there, and a person's rows together the chance
    that the person does at all. ``z = (people - sum p) / sqrt(sum p (1 - p) + 1)``; the 1 keeps few people from much.

    Args:
        rows: the evidence, clusters being people.
        theme: the one that went out.
        others: (C,) its candidates.
    """
    presence, people = rows.presence, int(rows.cluster.max(initial=-1)) + 1
    own = presence.indices[presence.indptr[theme] : presence.indptr[theme + 1]]
    first = np.full(people, np.iinfo(np.int32).max, np.int64)
    np.minimum.at(first, rows.cluster[own], rows.period[own])
    without = np.ones(presence.rows, bool)
    without[own] = False
    user = first[rows.cluster] < np.iinfo(np.int32).max
    later = user & without & (rows.period > first[rows.cluster])
    strata = int(rows.stratum.max(initial=-1)) + 1
    cell = rows.period.astype(np.int64) * strata + rows.stratum
    cells = np.unique(cell[later])
    beside = ~user & np.isin(cell, cells)
    if not later.any() or not beside.any():
        none = np.zeros(len(others))
        return Switching(none.astype(np.int64), none, none.copy(), 0)
    chosen = presence.take(others)
    used = sparse.csc_array(
        (np.ones(len(chosen.indices)), chosen.indices, chosen.indptr), shape=(presence.rows, len(others))
    ).tocsr()
    rates = _rates(used, beside, np.searchsorted(cells, cell[beside]), len(cells))
    _, person = np.unique(rows.cluster[later], return_inverse=True)
    able = int(person.max()) + 1
    ones = np.ones(len(person))
    there = sparse.csr_array((ones, (person, np.searchsorted(cells, cell[later]))), shape=(able, len(cells)))
    chance = -np.expm1(-np.asarray(there @ rates))
    theirs = (
        sparse.csr_array((ones, (person, np.arange(len(person)))), shape=(able, len(person))) @ used[later]
    )
    took = np.asarray((theirs > 0).sum(axis=0)).ravel()
    expected = chance.sum(axis=0)
    z = (took - expected) / np.sqrt((chance * (1 - chance)).sum(axis=0) + ONE)
    return Switching(took.astype(np.int64), expected, z, able)


def _rates(used: sparse.csr_array, beside: Bools, cell: Ints, cells: int) -> Floats:
    """(cells, C) how often other people use each theme there; thin cells borrow from all of them together."""
    seen = used[beside]
    size = np.bincount(cell, minlength=cells)[:, None]
    spread = sparse.csr_array((np.ones(len(cell)), (cell, np.arange(len(cell)))), shape=(cells, len(cell)))
    overall = np.asarray(seen.sum(axis=0)).ravel() / len(cell)
    rates: Floats = ((spread @ seen).toarray() + BORROWED * overall) / (size + BORROWED)
    return rates
