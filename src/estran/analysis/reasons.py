"""Why is a theme said less: forgotten, become normal, superseded, worn out? And which themes have become normal?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import folded
from estran.analysis.evidence import quotes
from estran.analysis.forgotten import forgotten
from estran.analysis.headlines import estimated, leaves_the_headlines, said_in_headlines
from estran.analysis.movement import OUTGOING, follow
from estran.analysis.wornout import worn_out
from estran.findings import Estimate, Level, Reason, Verdict, Why
from estran.stats.changes import SLOPE, turns
from estran.stats.conditional import detectable_rate_ratio
from estran.stats.course import change
from estran.stats.rates import standardised_shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.headlines import Headed, Headlines
    from estran.analysis.movement import Judgement
    from estran.analysis.progress import Progress
    from estran.analysis.themes import Said
    from estran.findings import Link, Quote
    from estran.settings import Settings
    from estran.store.engines import Engine

KEPT = 0.8
"""A theme that became normal has surely kept so much of its share of people."""

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why themes are said less, or with less ado.

    Attributes:
        of: number of a theme -> the four reasons, each with its verdict.
        normal: numbers of the themes that became normal, the surest first.
    """

    of: Mapping[int, tuple[Reason, ...]]
    normal: NDArray[np.int64]


def find_reasons(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    gone: Mapping[int, tuple[Link, ...]],
    engine: Engine,
    settings: Settings,
    *,
    progress: Progress,
) -> Reasons:
    """The four reasons of themes that went out, and the themes that became normal without going out.

    Args:
        corpus: n messages.
        said: what they say.
        judgement: of all concepts.
        gone: numbers of the themes that went out, as far as they are shown, and what may have taken their place.
        engine: where headlines are matched and texts are read.
        settings: the rate of wrong claims, how many themes are shown, and the encoder.
        progress: told about each stage.
    """
    headed = said_in_headlines(corpus, said, engine, settings, progress=progress)
    headlines = leaves_the_headlines(corpus, said, headed, rate=settings.false_discovery_rate)
    progress.stage("reasons", None)
    normal = _become_normal(corpus, said, judgement, headlines)[: settings.top]
    themes = np.array([*gone, *(j for j in normal.tolist() if j not in gone)], np.int64)
    links = [gone.get(j, ()) for j in themes.tolist()]
    superseded = [any(link.level is not Level.POSSIBLE for link in each) for each in links]
    by_kind = (
        forgotten(corpus, said, judgement, headed, themes, superseded=superseded),
        _normalised(corpus, said, judgement, (headed, headlines), themes, settings),
        tuple(_superseded(each) for each in links),
        worn_out(corpus, said, themes, engine, settings),
    )
    of = {int(j): reasons for j, *reasons in zip(themes, *by_kind, strict=True)}
    return Reasons({j: tuple(reasons) for j, reasons in of.items()}, normal)


def _become_normal(
    corpus: Corpus, said: Said, judgement: Judgement, headlines: Headlines
) -> NDArray[np.int64]:
    """Themes that leave the headlines while people say them as ever, the surest first; one of those said in one breath."""
    falling = np.flatnonzero(headlines.found & (headlines.trend.sign < 0))
    falling = falling[np.argsort(headlines.trend.p[falling], kind="stable")]
    themes = headlines.themes[falling]
    if len(themes) == 0:
        return themes
    kept = _breadth(corpus, judgement, themes)[:, 1] >= KEPT
    course = follow(judgement, themes, periods=corpus.grid.periods)
    stays = [
        k for k, shape in enumerate(course.shapes)
        if kept[k] and shape not in OUTGOING and not said.concepts[themes[k]].ignored
    ]  # fmt: skip
    heads: NDArray[np.int64] = themes[[place.k for place in folded(stays, course, judgement, said.concepts)]]
    return heads


def _breadth(corpus: Corpus, judgement: Judgement, themes: NDArray[np.int64]) -> NDArray[np.float64]:
    """(K, 3) the share of people who use each theme, in the end over the start of a straight line; with its interval."""
    rows = judgement.voices.take(themes)
    shares = standardised_shares(rows, periods=corpus.grid.periods)
    line = turns(
        shares.observed,
        shares.expected,
        shares.rows,
        judgement.dispersion[themes],
        fewest=SLOPE,
        most=SLOPE,
    )
    threaded = judgement.conversations.take(themes) if judgement.conversations is not None else None
    moved = change(rows, shares, line, level=LEVEL, conversations=threaded, student=True)
    return np.stack([moved.ratio, moved.ratio_low, moved.ratio_high], axis=1)


def _normalised(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    known: tuple[Headed, Headlines],
    themes: NDArray[np.int64],
    settings: Settings,
) -> tuple[Reason, ...]:
    if len(themes) == 0:
        return ()
    headed, headlines = known
    trend = headlines.trend
    detectable = detectable_rate_ratio(
        trend.level,
        trend.error,
        found=int(headlines.found.sum()),
        tested=max(headlines.tested, 1),
        rate=settings.false_discovery_rate,
    )
    breadth = _breadth(corpus, judgement, themes)
    shapes = follow(judgement, themes, periods=corpus.grid.periods).shapes
    place = {int(j): at for at, j in enumerate(headlines.themes)}
    reasons = []
    for k, j in enumerate(themes.tolist()):
        figures = {"breadth": estimated(breadth[k], "ratio")}
        at = place.get(j)
        leaves = None
        if at is not None:
            leaves = bool(headlines.found[at]) and trend.sign[at] < 0
            figures |= {
                "headline_before": estimated(trend.early[at], "share of uses"),
                "headline_after": estimated(trend.late[at], "share of uses"),
                "headline_change": estimated(trend.ratio[at], "ratio", float(headlines.q[at])),
            }
            if np.isfinite(detectable[at]):
                figures["detectable"] = estimated(np.repeat(detectable[at], 3), "ratio")
            if not leaves and detectable[at] > 1 / KEPT and trend.ratio[at, 1] < KEPT:
                leaves = None  # it may have left them unseen
        went = shapes[k] in OUTGOING or breadth[k, 2] < KEPT
        verdict = Verdict.NOT_ENOUGH
        if went or leaves is False:
            verdict = Verdict.FAILS
        elif leaves and breadth[k, 1] >= KEPT:
            verdict = Verdict.HOLDS
        shown = _in_passing(corpus, said, headed, j) if verdict is Verdict.HOLDS else ()
        reasons.append(Reason(Why.NORMALISED, verdict, figures, shown))
    return tuple(reasons)


def _in_passing(corpus: Corpus, said: Said, headed: Headed, theme: int) -> tuple[Quote, ...]:
    """How the theme is said now, outside headlines."""
    own = said.concept == theme
    rows = said.message[own & ~headed.held]
    last = int(corpus.period[said.message[own]].max())
    return quotes(
        corpus,
        said.concepts[theme],
        rows,
        periods=(max(0, last - corpus.grid.periods // 5), last + 1),
        most=2,
    )


def _superseded(links: tuple[Link, ...]) -> Reason:
    if not links:
        return Reason(Why.SUPERSEDED, Verdict.FAILS)
    best = next((link for link in links if link.level is Level.SUPERSEDED), links[0])
    figures = {
        "score": Estimate(best.score, best.score, best.score, "score"),
        "precision": best.precision,
        "slot": best.slot,
    }
    if best.level is Level.SUPERSEDED:
        return Reason(Why.SUPERSEDED, Verdict.HOLDS, figures, best.quotes)
    return Reason(Why.SUPERSEDED, Verdict.NOT_ENOUGH, figures)
