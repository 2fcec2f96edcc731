"""What is told of a theme at a mark: its ratio, its shares before and after, its curves; less what few people stand behind."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of
from estran.analysis.marktests import CELLS, design_of, evidence
from estran.analysis.windows import PERIODS
from estran.findings import Comparison, Curve, Effect, Estimate, Outcome
from estran.privacy import FIGURES, withheld_parts
from estran.stats.effects import drifting, parting, ratios, steps
from estran.stats.presence import Presence, Rows
from estran.stats.rates import share_intervals, standardised_shares
from estran.stats.trends import z_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.comparable import Compared
    from estran.analysis.corpus import Corpus
    from estran.analysis.marktests import Judged
    from estran.analysis.themes import Said
    from estran.analysis.windows import Window
    from estran.stats.effects import Design

LEVEL = 0.95
SHARE = "share of people"
GROUPS = 3
"""The scope, those that it is compared with, and everybody else: what is told of two of them may tell of the third."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A mark and the messages around it.

    Attributes:
        corpus: n messages.
        said: what they say.
        window: the periods.
        pair: whom the mark concerns, and whom they are compared with.
        period: (n,) of each message, or below 0.
    """

    corpus: Corpus
    said: Said
    window: Window
    pair: Compared
    period: NDArray[np.int32]

    @property
    def cell(self) -> NDArray[np.int32]:
        """(n,) period of those elsewhere, then of the scope, then of everybody else; below 0 outside."""
        group = np.where(self.pair.scope, 1, np.where(self.pair.elsewhere, 0, 2))
        return np.where(self.period >= 0, self.period + CELLS * group, -1).astype(np.int32)


def cards(asked: Asked, judged: Judged, chosen: NDArray[np.int64]) -> tuple[Effect, ...]:
    """What is told of some of the themes, in their order."""
    made: dict[int, Effect] = {}
    for comparison in Comparison:
        own = [int(k) for k in chosen if judged.comparison[k] is comparison]
        if own:
            made |= dict(zip(own, _cards(asked, judged, np.array(own), comparison), strict=True))
    return tuple(made[int(k)] for k in chosen)


def _cards(asked: Asked, judged: Judged, chosen: NDArray[np.int64], comparison: Comparison) -> list[Effect]:
    """The same of themes that were tested in one way."""
    groups = (0, 1) if comparison is Comparison.DIFFERENCES else (1,)
    themes = judged.themes[chosen]
    rows = evidence(asked.corpus, asked.said, asked.pair, asked.period, comparison).take(themes)
    design = design_of(comparison)
    far = z_value(np.array(1.0 - judged.level)) * judged.scale[chosen]
    ratio = ratios(rows, _cells(rows, design), design, reach=far)
    drift = _drift(rows, comparison)
    by_period, by_window = _people(asked, themes)
    hidden, hidden_sides = _hidden(by_period, by_window)
    shares = _shares(replace(rows, period=rows.period // PERIODS), 2 * len(groups))
    curves = _shares(rows, CELLS * len(groups))
    found = []
    for n, k in enumerate(chosen.tolist()):
        concept = asked.said.concepts[themes[n]]

        def told(group: int, after: int, n: int = n) -> Estimate | None:
            if group not in groups or hidden_sides[after, n]:
                return None
            at = 2 * groups.index(group) + after
            value, low, high = (float(part[at, n]) for part in shares)
            return Estimate(value, low, high, SHARE)

        def curve(group: int, n: int = n) -> Curve:
            first = CELLS * groups.index(group)
            out = hidden[:, n]
            share, low, high = (
                tuple(np.where(out, math.nan, part[first : first + CELLS, n]).tolist()) for part in curves
            )
            people = tuple(None if o else int(p) for o, p in zip(out, by_period[group, :, n], strict=True))
            return Curve(asked.window.starts, share, low, high, people)

        moved = judged.outcome[k] is Outcome.MOVED
        figures = (float(ratio.ratio[n]), float(ratio.low[n]), float(ratio.high[n]))
        found.append(
            Effect(
                id=id_of(concept),
                label=concept.label,
                labels=concept.labels,
                outcome=judged.outcome[k],
                rises=bool(judged.z[k] > 0),
                ratio=None
                if hidden_sides[:, n].any()
                else Estimate(*figures, "ratio", float(judged.q[k]) if moved else None),
                rank=int(judged.rank[k]),
                others=int(judged.others[k]),
                detectable=float(judged.detectable[k]),
                comparison=comparison,
                drift=float(drift[n]),
                before=told(1, 0),
                after=told(1, 1),
                elsewhere_before=told(0, 0),
                elsewhere_after=told(0, 1),
                curve=curve(1),
                elsewhere=curve(0) if 0 in groups else None,
            )
        )
    return found


def _cells(rows: Rows, design: Design) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    shares = standardised_shares(rows, periods=len(design.asked))
    return shares.observed, shares.expected


def _shares(rows: Rows, cells: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(cells, K) standardised shares, and the ends of their intervals."""
    return standardised_shares(rows, periods=cells).share, *share_intervals(rows, periods=cells, levels=LEVEL)


def _drift(rows: Rows, comparison: Comparison) -> NDArray[np.float64]:
    """(K,) p values of what was under way before the mark."""
    early = rows.period % CELLS < PERIODS
    cell = rows.period % CELLS + PERIODS * (rows.period // CELLS)
    number = np.cumsum(early) - 1
    kept = early[rows.presence.indices]
    ends = np.concatenate([[0], np.cumsum(kept)])[rows.presence.indptr]
    presence = Presence(
        ends.astype(np.int64), number[rows.presence.indices[kept]].astype(np.int32), int(early.sum())
    )
    before = Rows(presence, cell[early].astype(np.int32), rows.cluster[early], rows.stratum[early])
    design = parting(PERIODS) if comparison is Comparison.DIFFERENCES else drifting(PERIODS)
    return steps(before, _cells(before, design), design).p


def _people(asked: Asked, themes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(3, 12, K) and (3, 2, K) distinct people who used each theme, in each group, by period and by side of the mark."""
    said, cell = asked.said, asked.cell
    place = np.full(len(said.concepts), -1, np.int64)
    place[themes] = np.arange(len(themes))
    mine = (place[said.concept] >= 0) & (cell[said.message] >= 0)
    message, theme = said.message[mine], place[said.concept[mine]]
    author = asked.corpus.author[message].astype(np.int64)

    def counted(where: NDArray[np.integer], many: int) -> NDArray[np.int64]:
        people = int(asked.corpus.author.max(initial=0)) + 1
        key = np.unique((theme * many + where[message]) * people + author) // people
        return np.bincount(key, minlength=many * len(themes)).reshape(len(themes), many).T

    by_period = counted(cell, GROUPS * CELLS).reshape(GROUPS, CELLS, -1)
    side = cell // PERIODS
    return by_period, counted(side, GROUPS * 2).reshape(GROUPS, 2, -1)


def _hidden(
    by_period: NDArray[np.int64], by_window: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(12, K) periods and (2, K) sides of the mark whose figures are withheld, in all groups alike.

    Where one group is withheld the others are too, as what is known of all would tell it.
    """
    few: NDArray[np.bool_] = np.any((by_window > 0) & (by_window < FIGURES), axis=0)
    hidden = np.zeros(by_period.shape[1:], bool)
    for group in range(GROUPS):
        for side in (0, 1):
            part = slice(PERIODS * side, PERIODS * (side + 1))
            hidden[part] |= withheld_parts(by_period[group, part], by_window[group, side]) | few[side]
    return hidden, few
