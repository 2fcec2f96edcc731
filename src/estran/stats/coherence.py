"""How alike two sides speak, whatever their size: the divergence of their themes less what chance makes of it.

A raw divergence falls as talk grows (Gerlach, Font-Clos, Altmann 2016): two halves of one crowd look far apart when they
are small. It is held against that of sides dealt out at random among the same people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.special import ndtri

from estran.stats.sidedness import comparable

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Codes, Floats, Presence

DEALS = 100
LEAST_SHARE = 0.001
"""Of the people, who must say a theme: only ever larger talk hears ever rarer themes, and these differ more between sides."""
LEAST = 1e-9
FEWEST = 8.0
"""Effective people of a side below which nothing is said."""
WIDEST = 0.2
"""From end to end; an interval that is wider tells nothing of an index that mostly lies between .8 and 1."""


@dataclass(frozen=True, slots=True)
class Coherence:
    """The coherence index of two sides: 1 where they speak as one crowd, 0 where they share no theme.

    Attributes:
        value: of the index; not a number where nobody can be compared.
        low: lower end of its interval.
        high: upper end.
        p: how often sides that are dealt out at random are as far apart.
        inside: comparable people inside.
        outside: comparable people outside.
        enough: whether it tells anything: 8 effective people a side, and an interval no wider than .2.
    """

    value: float
    low: float
    high: float
    p: float
    inside: int
    outside: int
    enough: bool


def coherence(
    presence: Presence,
    outside: Bools,
    stratum: Codes,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    deals: int = DEALS,
) -> Coherence:
    """``1 - max(0, D - D0) / (1 - D0)``, D being the Jensen-Shannon divergence of themes between sides.

    A theme weighs as many people of a side as say it; those that fewer than one person in a thousand says are left out. D0 is the mean of D over sides dealt out at random among the
    people of each stratum, those who have nobody of the other side to be compared with left out. The standard error is
    that of D's linear part over people (the infinitesimal jackknife: Efron 1982), or the spread of D where sides are
    dealt out, where that is larger; and that of D0.

    Args:
        presence: which person said which theme; N rows.
        outside: (N,) whether the person is outside.
        stratum: (N,) dense codes: who may be compared.
        rng: deals the sides out.
        level: of the interval.
        deals: how often.
    """
    overlap = comparable(outside, stratum)
    there = np.flatnonzero(overlap)
    theme = np.repeat(np.arange(presence.themes), presence.uses)
    sayers = np.bincount(theme[overlap[presence.indices]], minlength=presence.themes)
    heard = presence.take(np.flatnonzero(sayers >= LEAST_SHARE * len(there)))
    said = sparse.csc_array(
        (np.ones(len(heard.indices)), heard.indices, heard.indptr), shape=(heard.rows, heard.themes)
    ).tocsr()[there]
    side, own = outside[there], stratum[there]
    size = np.asarray(said @ np.ones(heard.themes))
    people = (int((~side).sum()), int(side.sum()))
    nothing = Coherence(np.nan, 0.0, 1.0, 1.0, *people, enough=False)
    if not (size[side].any() and size[~side].any()):
        return nothing
    total = np.asarray(said.T @ np.ones(len(there)))
    dealt = _dealt(side, own, rng, deals=deals).astype(np.float64)
    counts = np.asarray(said.T @ dealt.T).T
    usable = (counts.sum(axis=1) > 0) & (counts.sum(axis=1) < total.sum())
    if usable.sum() < 2:
        return nothing
    null = _divergence(counts[usable], total - counts[usable])
    out = np.asarray(said.T @ side.astype(np.float64))
    seen = float(_divergence(out[None], (total - out)[None])[0])
    chance = float(null.mean())
    if chance > 1.0 - LEAST:
        return nothing
    spread = np.sqrt(
        max(_variance(said, side, out, total - out), float(null.var(ddof=1))) + null.var() / len(null)
    )
    value = 1.0 - max(0.0, seen - chance) / (1.0 - chance)
    far = float(ndtri(0.5 + level / 2.0)) * spread / (1.0 - chance)
    low, high = max(value - far, 0.0), min(value + far, 1.0)
    fewest = min(_effective(size[side]), _effective(size[~side]))
    return Coherence(
        value,
        low,
        high,
        float((1 + (null >= seen).sum()) / (1 + len(null))),
        *people,
        enough=bool(fewest >= FEWEST and high - low <= WIDEST),
    )


def _dealt(side: Bools, stratum: Codes, rng: np.random.Generator, *, deals: int) -> Bools:
    """(B, n) the same sides, dealt out anew among the people of each stratum."""
    order = np.argsort(stratum, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(stratum))[:-1])
    dealt = np.empty((deals, len(side)), np.bool_)
    for deal in dealt:
        chance = rng.random(len(side))
        for part in (
            parts
        ):  # each by itself: one sort of all, by stratum and then by chance, takes three times as long
            deal[part[np.argsort(chance[part])]] = side[part]
    return dealt


def _divergence(one: Floats, other: Floats) -> Floats:
    """(B,) Jensen-Shannon divergence in bits of rows of counts (B, P)."""
    p, q = one / one.sum(axis=1, keepdims=True), other / other.sum(axis=1, keepdims=True)
    divergence: Floats = ((_bits(p, q) + _bits(q, p)) / 2).sum(axis=1)
    return divergence


def _bits(p: Floats, q: Floats) -> Floats:
    return p * np.log2(np.divide(2 * p, p + q, out=np.ones_like(p), where=p > 0))


def _variance(said: sparse.csr_array, side: Bools, out: Floats, inside: Floats) -> float:
    """The variance of the divergence over people: the sum of the squares of what each adds to it."""
    p, q = out / out.sum(), inside / inside.sum()
    total = 0.0
    for own, other, here, uses in ((p, q, side, out), (q, p, ~side, inside)):
        slope = 0.5 * np.log2(np.divide(2 * own, own + other, out=np.ones_like(own), where=own > 0))
        rows = said[here]
        added = (rows @ slope - (rows @ np.ones(len(own))) * (own @ slope)) / uses.sum()
        total += float((added**2).sum())
    return total


def _effective(size: Floats) -> float:
    return float(size.sum() ** 2 / (size**2).sum())
