"""Themes of seven shapes, planted where nothing moves: is the shape named, and when is the turn said to have been?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import ruptures

from bench.truth.plants import draws, still_level, thinned
from bench.truth.rivals import FEWEST_IN_SEGMENT, Talk, change_points, log_shares, states, variance
from bench.truth.still import shuffled
from estran.analysis.movement import follow, judge
from estran.analysis.progress import Silent
from estran.analysis.voices import voices
from estran.findings import Shape
from estran.settings import Settings
from estran.stats.changes import SHAPES as CODES
from estran.stats.changes import turns_of_rows
from estran.stats.rates import standardised_shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.truth.corpora import Counted
    from bench.truth.nulls import Figures

SIZES = ((3.0, 400, 1000), (6.0, 150, 400), (6.0, 400, 1000), (12.0, 1000, 4000))
"""Highest share over lowest, and voices before thinning."""
GOAL_SIZE = SIZES[2]
MOST, FEWEST = 60, 3
"""Themes of each shape in one planting."""
NO_KNOT = (0.3, 0.7)
KNOTS: Mapping[Shape, tuple[float, float]] = {
    Shape.EMERGING: (0.5, 0.8),
    Shape.ESTABLISHED: (0.25, 0.5),
    Shape.PEAKED_OUT: (0.35, 0.7),
    Shape.RETURNING: (0.35, 0.7),
}
"""Where the turn of a shape lies, as a part of the span."""
SHAPES = (Shape.STEADY, Shape.IN, Shape.OUT, *KNOTS)


def course(shape: Shape, moment: np.ndarray, knot: float) -> np.ndarray:
    """Share over its peak at moments 0-1, on the log scale, from -1 to 0."""
    up, down = np.minimum(moment / knot - 1, 0), np.maximum(moment - knot, 0) / (1 - knot)
    return {
        Shape.STEADY: 0 * moment,
        Shape.IN: moment - 1,
        Shape.OUT: -moment,
        Shape.EMERGING: down - 1,
        Shape.ESTABLISHED: up,
        Shape.PEAKED_OUT: up - down,
        Shape.RETURNING: np.maximum(-moment / knot, -1) + down,
    }[shape]


def shapes(it: Counted, ratio: float, low: int, high: int, *, plantings: int) -> Figures:
    """How often the planted shape is named, how far the date is off, and how often its interval holds the turn.

    The curve is fitted to every planted theme, whether the test finds it or not, so that shapes are measured apart from
    power; of the themes that a reader is shown as moving the share of right names is told apart. The rivals are given the same themes. They may say several dates, of which the nearest counts, and are given the
    middle of the span where they say none.
    """
    right: dict[Shape, list[bool]] = {shape: [] for shape in SHAPES}
    shown: list[bool] = []
    errors: dict[str, list[float]] = {}
    held, wide, turned = [], [], 0
    for seed in range(plantings):
        rng = np.random.default_rng([seed, 5, round(ratio), low])
        corpus = shuffled(it.corpus, still_level(it), rng)
        uses = voices(corpus, it.said).presence.uses
        able = rng.permutation(np.flatnonzero((uses >= low) & (uses < high)))
        each = min(MOST, len(able) // len(SHAPES))
        if each < FEWEST:
            continue
        themes, last = able[: each * len(SHAPES)], corpus.grid.periods - 1
        told = np.repeat(np.arange(len(SHAPES)), each)
        knot = np.array([np.round(rng.uniform(*KNOTS.get(SHAPES[k], NO_KNOT)) * last) for k in told])
        kept_share = np.ones((len(uses), corpus.grid.periods))
        for theme, k, at in zip(themes, told, knot, strict=True):
            kept_share[theme] = ratio ** course(SHAPES[k], np.arange(last + 1) / last, at / last)
        kept = draws(corpus, it.said, rng) < kept_share[it.said.concept, corpus.period[it.said.message]]
        said = thinned(it.said, kept)
        judgement = judge(corpus, said, Settings(), progress=Silent())
        moved = np.flatnonzero(judgement.found[themes])
        followed = follow(judgement, themes[moved], periods=last + 1)
        shown += [shape is SHAPES[k] for k, shape in zip(told[moved], followed.shapes, strict=True)]
        rows, threaded = judgement.voices.take(themes), judgement.conversations
        counts = standardised_shares(rows, periods=last + 1)
        found = turns_of_rows(
            rows, counts, conversations=threaded.take(themes) if threaded is not None else None
        )
        for k, code in zip(told, found.shape, strict=True):
            right[SHAPES[k]].append(CODES[code] == SHAPES[k])
        has_turn = np.isin(told, [SHAPES.index(shape) for shape in KNOTS])
        dated = has_turn & (found.knots > 0)
        turned += int(has_turn.sum())
        low_end, high_end = found.low[dated] - 0.5, found.high[dated] + 0.5
        held += ((low_end <= knot[dated]) & (knot[dated] <= high_end)).tolist()
        wide += (high_end - low_end - 1).tolist()
        errors.setdefault("estran", []).extend(np.abs(found.turn - knot)[dated])
        for name, off in _rival_errors(Talk.of(corpus, said), themes[dated], knot[dated], last / 2).items():
            errors.setdefault(name, []).extend(off)
    if not errors:
        return {"planted": 0}
    return {
        "planted": sum(map(len, right.values())),
        "accuracy": float(np.mean([hit for hits in right.values() for hit in hits])),
        "accuracy_shown": float(np.mean(shown)) if shown else None,
        "accuracy_by_shape": {shape.value: float(np.mean(hits)) for shape, hits in right.items()},
        "dated": len(held) / max(turned, 1),
        "turn_mae": {name: float(np.mean(off)) for name, off in errors.items() if off},
        "coverage": float(np.mean(held)) if held else None,
        "width": float(np.mean(wide)) if wide else None,
        "periods": it.corpus.grid.periods,
    }


def _rival_errors(
    talk: Talk, themes: np.ndarray, knots: np.ndarray, middle: float
) -> Mapping[str, list[float]]:
    """How far each rival's dates of some themes are from the planted turns, in periods."""
    counts, totals = talk.table()
    period = np.unique(talk.period)  # silent ones are left out
    curves = log_shares(counts[:, themes], totals)
    path = states(counts[:, themes], totals, most=1)
    errors: dict[str, list[float]] = {"pelt": [], "pelt_lines": [], "kleinberg": [], "middle": []}
    for j, knot in enumerate(knots):
        edges = np.flatnonzero(np.diff(path[:, j])) + 1
        dates = {
            "pelt": period[change_points(curves[:, j])] - 0.5,
            "pelt_lines": period[_bends(curves[:, j])],
            "kleinberg": period[edges] - 0.5,
            "middle": np.array([middle]),
        }
        for name, said in dates.items():
            errors[name].append(float(np.min(np.abs((said if len(said) else np.array([middle])) - knot))))
    return errors


def _bends(curve: np.ndarray) -> np.ndarray:
    """Where a continuous broken line through a curve bends: PELT with the cost of `ruptures` for such lines."""
    search = ruptures.Pelt(model="clinear", min_size=FEWEST_IN_SEGMENT, jump=1).fit(curve)
    return np.array(search.predict(pen=2 * np.log(len(curve)) * max(variance(curve), 1e-12))[:-1], np.int64)
