"""Curves of themes by unit: the share of people in each window of the span, and which of it may be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.unitrows import strata
from estran.privacy import FIGURES, withheld, withheld_parts
from estran.stats.presence import Presence, Rows
from estran.stats.rates import standardised_shares
from estran.store.prepared import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.analysis.units import Tree

WINDOWS = 6
"""Points of a small curve at the most: of a unit that is asked about for years, each needs people enough."""


@dataclass(frozen=True, slots=True)
class Windows:
    """K themes in C units and W windows.

    Attributes:
        labels: (first period, last period) of each window.
        few: (C, K) where 1 to 4 people say a theme.
        withheld: (C, K) where the people who say a theme in a unit must not be told.
        share: (C, W, K) standardised share of people; not a number where it must not be told, or nobody spoke.
    """

    labels: tuple[tuple[str, str], ...]
    few: NDArray[np.bool_]
    withheld: NDArray[np.bool_]
    share: NDArray[np.float64]

    def curve(self, unit: int, theme: int) -> tuple[float | None, ...]:
        """The points of one curve."""
        return tuple(None if np.isnan(x) else float(x) for x in self.share[unit, :, theme])


def windows(corpus: Corpus, said: Said, tree: Tree, themes: NDArray[np.int64], *, level: int) -> Windows:
    """The curves of some themes in every unit of a tree.

    Shares are standardised on the strata (length, language) of the people of the level, so that units and windows are
    told on one scale. A point needs 5 people who speak and 5, or none, who say the theme, in the unit and the window, and
    in what is left beside it (`estran.privacy.withheld`).

    Args:
        corpus: n messages.
        said: what they say.
        tree: of their units.
        themes: (K,) numbers.
        level: number of the unit whose units are compared.
    """
    count = min(WINDOWS, corpus.grid.periods)
    window = corpus.period.astype(np.int64) * count // corpus.grid.periods
    bounds = [
        np.flatnonzero(np.arange(corpus.grid.periods) * count // corpus.grid.periods == w)
        for w in range(count)
    ]
    labels = tuple((corpus.grid.label(int(b[0])), corpus.grid.label(int(b[-1]))) for b in bounds)
    units, shown = len(tree.paths), len(themes)
    message, theme = _postings(said, themes)
    total = using(tree, said, corpus.author, themes)
    saying = replace(tree, unit=tree.unit[message])
    each = _counted(
        saying.cells(corpus.author[message], theme, window[message]), (units, count, shown), (0, 3, 2)
    )
    spoke = _counted(tree.cells(corpus.author, window), (units, count), (0, 2))
    away = withheld(total, tree.parent)
    hidden = withheld(each.reshape(units, -1), tree.parent).reshape(each.shape)
    hidden |= np.moveaxis(withheld_parts(np.moveaxis(each, 1, 0), total), 0, 1) | away[:, None, :]
    share = _standardised(
        corpus, said, tree, (message, theme), window, shape=(units, count, shown), level=level
    )
    share = np.where(hidden | (spoke < FIGURES)[:, :, None], np.nan, share)
    return Windows(labels, (total > 0) & (total < FIGURES), away, share)


def using(tree: Tree, said: Said, author: NDArray[np.int32], themes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(C, K) distinct people who say each of some themes, in each unit or below it."""
    message, theme = _postings(said, themes)
    saying = replace(tree, unit=tree.unit[message])
    return _counted(saying.cells(author[message], theme), (len(tree.paths), len(themes)), (0, 2))


def _postings(said: Said, themes: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Messages that hold some themes, and the place of each among them."""
    place = np.full(len(said.concepts), -1, np.int64)
    place[themes] = np.arange(len(themes))
    kept = place[said.concept] >= 0
    return said.message[kept], place[said.concept[kept]]


def _counted(rows: NDArray[np.int64], shape: tuple[int, ...], columns: tuple[int, ...]) -> NDArray[np.int64]:
    """How many distinct rows there are of each combination of some columns."""
    flat = (
        np.ravel_multi_index(tuple(rows[:, column] for column in columns), shape) if len(rows) else rows[:, 0]
    )
    counts: NDArray[np.int64] = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    return counts


def _standardised(
    corpus: Corpus,
    said: Said,
    tree: Tree,
    uses: tuple[NDArray[np.int32], NDArray[np.int64]],
    window: NDArray[np.int64],
    *,
    shape: tuple[int, int, int],
    level: int,
) -> NDArray[np.float64]:
    """(C, W, K) observed over expected uses of voices (a person in a window of a unit), times the share over the level.

    Voices are made in the unit that a message comes from, and added up to those that it lies in.
    """
    units, count, shown = shape
    below = np.array([level in chain for chain in tree.holders])
    here = np.flatnonzero((tree.unit >= 0) & below[tree.unit])
    row = np.full(len(window), -1, np.int64)
    if len(here) == 0 or shown == 0:
        return np.full(shape, np.nan)
    language = codes(corpus.messages["language"])
    row[here] = codes(*(pl.Series(key[here]) for key in (corpus.author, window, tree.unit, language)))
    rows = int(row.max()) + 1
    first = np.full(rows, len(row), np.int64)
    np.minimum.at(first, row[here], here)
    held = row[uses[0]] >= 0
    shares = standardised_shares(
        Rows(
            presence=Presence.of_pairs(row[uses[0]][held], uses[1][held], rows=rows, themes=shown),
            period=(tree.unit[first] * count + window[first]).astype(np.int32),
            cluster=corpus.author[first],
            stratum=strata(
                np.bincount(row[here], said.tokens[here], minlength=rows),
                language[first],
                np.zeros(rows, np.int64),
                messages=np.bincount(row[here], minlength=rows),
            ),
        ),
        periods=units * count,
    )
    observed, expected = (x.reshape(shape).copy() for x in (shares.observed, shares.expected))
    for number in range(units - 1, 0, -1):  # the units below come after those that they lie in
        observed[tree.parent[number]] += observed[number]
        expected[tree.parent[number]] += expected[number]
    overall = shares.observed.sum(axis=0) / rows
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, np.minimum(observed / expected * overall, 1.0), np.nan)
