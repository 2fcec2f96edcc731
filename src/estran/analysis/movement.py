"""Which themes moved: the test, the shape of the movement, and what could not have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.voices import conversations, parted_voices, voices
from estran.findings import Shape
from estran.privacy import figure_allowed
from estran.stats.changes import KNOT, PEAKED_OUT, RETURNING, SHAPES, SLOPE, SURE, TWO_KNOTS, turns_of_rows
from estran.stats.course import change
from estran.stats.multiplicity import coverage_level, discoveries
from estran.stats.power import STEADY_RATIO, detectable_ratio, enough, time_spread
from estran.stats.presence import people_saying
from estran.stats.rates import share_intervals, standardised_shares
from estran.stats.trends import in_out_test, z_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.progress import Progress
    from estran.analysis.themes import Said
    from estran.settings import Settings
    from estran.stats.changes import Turns
    from estran.stats.course import Change
    from estran.stats.presence import Rows
    from estran.stats.rates import Shares

INCOMING = (Shape.EMERGING, Shape.IN, Shape.ESTABLISHED, Shape.RETURNING)
OUTGOING = (Shape.PEAKED_OUT, Shape.OUT)
TURNED_BACK = (PEAKED_OUT, RETURNING)
WINDOW = 0.2
"""Share of the periods that words of before and of now are taken from."""
TINY = 1e-6
LEAST_EXPOSURE = 0.05
"""A window grows until it holds this share of the voices."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the tests say of each theme of a corpus; all arrays (P,).

    Attributes:
        voices: rows A, what the figures are made of.
        conversations: rows B, or None where conversations are unknown.
        found: the theme moved, at the stated rate of false claims.
        q: smallest rate at which it would be said to move.
        p: the test's own p value.
        tested: themes above the cut-off of support.
        line: z value of the linear trend, over people and conversations; above 0 where the theme rose.
        hump: the claim is that of a rise and fall (or the reverse), or of a late move, more than that of a line.
        dispersion: cluster inflation of the variance.
        detectable: smallest ratio that could have been seen.
        steady: not found, and a change of x2 would have been.
        people: distinct people.
        level: of the intervals of what is shown, adjusted for selection.
    """

    voices: Rows
    conversations: Rows | None
    found: NDArray[np.bool_]
    q: NDArray[np.float64]
    p: NDArray[np.float64]
    tested: int
    line: NDArray[np.float64]
    hump: NDArray[np.bool_]
    dispersion: NDArray[np.float64]
    detectable: NDArray[np.float64]
    steady: NDArray[np.bool_]
    people: NDArray[np.int64]
    level: float


@dataclass(frozen=True, slots=True)
class Course:
    """What became of K chosen themes, in the order of `themes`.

    Attributes:
        themes: (K,) numbers of the themes.
        shapes: the label of each.
        turns: dates of the turns, as periods.
        change: shares before and now, and their ratio, read off the fitted curve.
        before: (K, 2) first and last + 1 period to look for words of before.
        after: (K, 2) the same of now.
        share: (T, K) standardised share of people.
        low: (T, K) lower ends of its intervals.
        high: (T, K) upper ends.
        people: (T, K) people who used the theme.
    """

    themes: NDArray[np.int64]
    shapes: tuple[Shape, ...]
    turns: Turns
    change: Change
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    people: NDArray[np.int64]


def judge(corpus: Corpus, said: Said, settings: Settings, *, progress: Progress) -> Judgement:
    """Test every theme against shuffles of whole people and whole conversations (DESIGN 7.1)."""
    progress.stage("test", None)
    rows, by_conversation = voices(corpus, said), conversations(corpus, said)
    rate = settings.false_discovery_rate
    test = in_out_test(parted_voices(corpus, said, rows), by_conversation, late=settings.recent)
    support = rows.presence.uses
    claims = discoveries(test.p, support.astype(np.float64), rate=rate)
    found_count = int(claims.found.sum())
    people = people_saying(said.message, said.concept, corpus.author, themes=len(said.concepts))
    detectable = detectable_ratio(
        support,
        test.dispersion,
        found=found_count,
        tested=max(claims.tested, 1),
        rate=rate,
        spread=time_spread(rows.period, rows.season),
    )
    level = coverage_level(found_count, claims.tested, rate)
    effective = np.minimum(test.effective_clusters, test.effective_conversations)
    return Judgement(
        voices=rows,
        conversations=by_conversation,
        found=claims.found & figure_allowed(people),
        q=claims.q,
        p=test.p,
        tested=claims.tested,
        line=test.sign * z_value(test.contrasts[0]),
        hump=test.contrasts.min(axis=0) < test.contrasts[0],
        dispersion=test.dispersion,
        detectable=detectable,
        steady=~claims.found & enough(detectable, effective, people, largest_ratio=STEADY_RATIO),
        people=people,
        level=level,
    )


def follow(judgement: Judgement, themes: NDArray[np.int64], *, periods: int) -> Course:
    """The curve, the shape, the turn and the change of some themes (DESIGN 7.2)."""
    rows = judgement.voices.take(themes)
    threaded = judgement.conversations.take(themes) if judgement.conversations is not None else None
    shares = standardised_shares(rows, periods=periods)
    turned = _turned(judgement, themes, shares, rows, threaded)
    shapes = tuple(
        _shape(SHAPES[code], judgement, int(j)) for code, j in zip(turned.shape, themes, strict=True)
    )
    before, after = _windows(turned, shares.rows)
    low, high = share_intervals(rows, periods=periods, levels=judgement.level, conversations=threaded)
    return Course(
        themes=themes,
        shapes=shapes,
        turns=turned,
        change=_change(judgement, themes, shares, rows, threaded, turned),
        before=before,
        after=after,
        share=shares.share,
        low=low,
        high=high,
        people=shares.observed.astype(np.int64),
    )


def foremost(
    judgement: Judgement, quality: NDArray[np.float64], *, periods: int, most: int
) -> tuple[NDArray[np.int64], tuple[Shape, ...]]:
    """The found themes that a reader would gain most by, told before the long work of their intervals.

    By the change of the fitted curve less what its test leaves open, the share, and how much a theme reads like a term.

    Args:
        judgement: of all themes.
        quality: (P,) how much each theme reads like a term, above 0.
        periods: of the grid.
        most: how many to keep.

    Returns:
        The numbers of up to `most` themes, in order, and the shapes of the others.
    """
    themes = np.flatnonzero(judgement.found)
    if len(themes) <= most:
        return themes, ()
    rows = judgement.voices.take(themes)
    threaded = judgement.conversations.take(themes) if judgement.conversations is not None else None
    shares = standardised_shares(rows, periods=periods)
    turned = _turned(judgement, themes, shares, rows, threaded)
    fitted = np.maximum(turned.fitted, TINY)
    change = np.abs(np.log(fitted[turned.end] / fitted[turned.begin, np.arange(len(themes))]))
    sure = np.maximum(1.0 - z_value(np.array(1.0 - judgement.level)) / z_value(judgement.p[themes]), TINY)
    strength = change * sure * np.sqrt(judgement.voices.presence.uses[themes] * quality[themes])
    order = np.argsort(-strength, kind="stable")
    rest = tuple(Shape(SHAPES[code]) for code in turned.shape[order[most:]])
    return np.sort(themes[order[:most]]), rest


def _turned(
    judgement: Judgement, themes: NDArray[np.int64], shares: Shares, rows: Rows, threaded: Rows | None
) -> Turns:
    """The fitted curves of some themes, turned at their end only by what is as sure as what is stated.

    One that rose and sags is not going out: where the interval of the change since the turn holds 1, there is no turn.
    """
    curves = _curves(judgement, themes, shares, rows, threaded)
    back = np.flatnonzero(np.isin(curves.shape, TURNED_BACK))
    if len(back) == 0:
        return curves
    changed = _change(judgement, themes[back], *_of(back, shares, rows, threaded), curves.take(back))
    doubted = back[(changed.ratio_low <= 1) & (changed.ratio_high >= 1)]
    if len(doubted) == 0:
        return curves
    again = _curves(judgement, themes[doubted], *_of(doubted, shares, rows, threaded), doubted=True)
    return curves.put(doubted, again)


def _of(
    themes: NDArray[np.int64], shares: Shares, rows: Rows, threaded: Rows | None
) -> tuple[Shares, Rows, Rows | None]:
    """The same evidence, of these themes only."""
    return shares.take(themes), rows.take(themes), threaded.take(themes) if threaded is not None else None


def _curves(
    judgement: Judgement,
    themes: NDArray[np.int64],
    shares: Shares,
    rows: Rows,
    threaded: Rows | None,
    *,
    doubted: bool = False,
) -> Turns:
    """The curves; of a theme that was not found only whether it slopes is asked. What is `doubted` does not turn back."""
    found = judgement.found[themes]
    stated = float(z_value(np.array(1.0 - judgement.level)))
    return turns_of_rows(
        rows,
        shares,
        conversations=threaded,
        fewest=np.where(found & judgement.hump[themes], KNOT, SLOPE),
        most=np.where(found, TWO_KNOTS, SLOPE),
        sure=np.inf if doubted else np.where(judgement.hump[themes], SURE, max(SURE, stated)),
    )


def _change(
    judgement: Judgement,
    themes: NDArray[np.int64],
    shares: Shares,
    rows: Rows,
    threaded: Rows | None,
    turned: Turns,
) -> Change:
    found = judgement.found[themes]
    return change(
        rows,
        shares,
        turned,
        level=judgement.level,
        conversations=threaded,
        student=~found,
        tested=np.where(found, judgement.line[themes], 0.0),
    )


def _shape(label: str, judgement: Judgement, theme: int) -> Shape:
    """The label of the curve where the test found a movement."""
    if judgement.found[theme]:
        return Shape(label)
    return Shape.STEADY if judgement.steady[theme] else Shape.TOO_EARLY


def _windows(turned: Turns, exposure: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where words of before and of now are looked for: around the start of the present movement, and at the end."""
    periods = len(exposure)
    wide = max(1, round(WINDOW * periods))
    end = _grown(exposure, periods - wide, periods)
    before = np.empty((len(turned.begin), 2), np.int64)
    for k, begin in enumerate(turned.begin):
        first = int(np.clip(begin - wide // 2, 0, max(end[0] - 1, 0)))
        before[k] = _grown(exposure, first, max(min(first + wide, end[0]), first + 1))
    return before, np.tile(end, (len(turned.begin), 1))


def _grown(exposure: NDArray[np.int64], first: int, last: int) -> tuple[int, int]:
    """The window [first, last), widened towards the middle until it holds enough voices."""
    periods, least = len(exposure), LEAST_EXPOSURE * exposure.sum()
    while exposure[first:last].sum() < least and last - first < periods // 2:
        if first + last < periods:
            last += 1
        else:
            first -= 1
    return first, last
