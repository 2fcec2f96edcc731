"""Which themes stand in a headline where people say them, and do they leave the headlines?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.progress import so_far
from estran.analysis.themes import lexicons_of
from estran.findings import Estimate
from estran.stats.conditional import Uses, conditional_trend, rates_of_strata
from estran.stats.multiplicity import discoveries
from estran.stats.strata import length_strata
from estran.store.prepared import arrow
from estran.text.matching import match

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.progress import Progress
    from estran.analysis.themes import Said
    from estran.settings import Settings
    from estran.stats.conditional import ConditionalTrend
    from estran.store.engines import Engine
    from estran.store.prepared import PreparedBlock
    from estran.text.matching import Lexicon

FEWEST_USES = 100
"""Uses (of a person in a period) under which the headlines of a theme cannot tell anything."""

FEWEST_HEADED = 20
"""Uses in a headline, and as many outside one, that a theme must have had."""


@dataclass(frozen=True, slots=True)
class Headed:
    """What of a corpus is said in a headline: the title of a message that opens its subject, else its first sentence.

    Attributes:
        held: (M,) whether the pair of message and concept is one of the headline; as the postings of `Said`.
        stratum: (n,) messages of one stratum are alike in length, channel, language, and in having a title or not.
    """

    held: NDArray[np.bool_]
    stratum: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Headlines:
    """Whether themes leave the headlines, among those who say them.

    Attributes:
        themes: (K,) numbers of the themes that were looked at, rising.
        trend: of the rate of the headline given use, (K,).
        q: (K,) smallest false-discovery rate at which the rate would be said to move.
        found: (K,) it is said to.
        tested: themes above the cut-off of support.
    """

    themes: NDArray[np.int64]
    trend: ConditionalTrend
    q: NDArray[np.float64]
    found: NDArray[np.bool_]
    tested: int


def said_in_headlines(
    corpus: Corpus, said: Said, engine: Engine, settings: Settings, *, progress: Progress
) -> Headed:
    """Which of what is said is said in a headline; one more pass, over headlines alone."""
    blocks = corpus.counted.blocks
    progress.stage("headlines", len(blocks))
    lexicons = lexicons_of(said.concepts)
    threads = settings.threads if len(blocks) == 1 else 1
    found = engine.map(
        match_headlines,
        [HeadlineMatching(block, lexicons, threads) for block in blocks],
        progress=so_far(progress),
    )
    bounds, themes = corpus.bounds, len(said.concepts)
    row = np.full(bounds[-1], -1, np.int64)
    row[corpus.place] = np.arange(len(corpus.place))
    pairs = [
        row[each.message + first] * themes + each.concept for each, first in zip(found, bounds, strict=False)
    ]
    titled = np.concatenate([each.titled for each in found])[corpus.place]
    own = said.message.astype(np.int64) * themes + said.concept
    return Headed(
        held=np.isin(own, np.concatenate(pairs)),
        stratum=length_strata(said.tokens, corpus.group * np.int64(2) + titled),
    )


@dataclass(frozen=True, slots=True)
class HeadlineMatching:
    """One piece of the pass over headlines: the messages of a block, and the forms to look for."""

    block: PreparedBlock
    lexicons: Mapping[str, Lexicon]
    threads: int


@dataclass(frozen=True, slots=True)
class HeadlineMatches:
    """Pairs of message and concept in the headlines of a block, and (n,) which messages have a title."""

    message: NDArray[np.int32]
    concept: NDArray[np.int32]
    titled: NDArray[np.bool_]


def match_headlines(piece: HeadlineMatching) -> HeadlineMatches:
    """Which concepts the headline of each message of a block says."""
    frame = piece.block.columns(["spoken", "headline", "language"])
    first = pl.col("spoken").str.extract(r"^([^\n]*)")
    headline = frame.select(pl.coalesce("headline", first))["headline"]
    found = match(arrow(headline), frame["language"], piece.lexicons, threads=piece.threads)
    return HeadlineMatches(found.message, found.concept, frame["headline"].is_not_null().to_numpy())


def leaves_the_headlines(corpus: Corpus, said: Said, headed: Headed, *, rate: float) -> Headlines:
    """Of each theme that is in headlines often enough: is it there more, or less, as time goes by?

    The themes are chosen by their uses over all time, which say nothing of its direction.

    Args:
        corpus: n messages.
        said: what they say.
        headed: what of it is in a headline.
        rate: share of wrong claims that is accepted among all of them.
    """
    count = len(said.concepts)
    often = (np.bincount(said.concept, minlength=count) >= FEWEST_USES) & (
        np.bincount(said.concept[headed.held], minlength=count) >= FEWEST_HEADED
    )
    often &= np.array([concept.kind == "theme" for concept in said.concepts], bool)
    order = np.flatnonzero(often[said.concept])
    order = order[np.argsort(said.concept[order], kind="stable")]
    message, theme, held = said.message[order], said.concept[order], headed.held[order]
    stratum = headed.stratum[message]
    weight = once(theme, corpus.author[message], corpus.period[message])
    usual = rates_of_strata(held.astype(np.float64), stratum, weight)[stratum]
    weighed = np.bincount(theme, weight, minlength=count)
    yes = np.bincount(theme, weight * held, minlength=count)
    themes = np.flatnonzero(
        (weighed >= FEWEST_USES) & (yes >= FEWEST_HEADED) & (weighed - yes >= FEWEST_HEADED)
    )
    own = np.isin(theme, themes)
    number = np.searchsorted(themes, theme[own]).astype(np.int32)
    chosen = (message[own], number, held[own], usual[own])
    talk = corpus.conversation
    trend = conditional_trend(
        uses_of(corpus, *chosen, by=corpus.period),
        None if talk is None else uses_of(corpus, *chosen, by=talk, cluster=talk),
        themes=len(themes),
    )
    claims = discoveries(trend.p, weighed[themes].astype(np.float64), rate=rate)
    return Headlines(themes, trend, claims.q, claims.found, claims.tested)


def uses_of(
    corpus: Corpus,
    message: NDArray[np.int32],
    theme: NDArray[np.int32],
    held: NDArray[np.bool_],
    usual: NDArray[np.float64],
    *,
    by: NDArray[np.int32],
    cluster: NDArray[np.int32] | None = None,
) -> Uses:
    """Uses of themes as the test takes them.

    Args:
        corpus: n messages.
        message: (U,) where each use is.
        theme: (U,) what is used; rising.
        held: (U,) whether the use has the attribute.
        usual: (U,) how often such a use has it, whatever the theme.
        by: (n,) with the author, what makes a row of evidence: uses of one theme within it share its weight.
        cluster: (n,) whose signs are flipped together; the author where None.
    """
    whose = corpus.author if cluster is None else cluster
    return Uses(
        theme,
        corpus.period[message],
        whose[message],
        held.astype(np.float64),
        usual,
        once(theme, corpus.author[message], by[message]),
    )


def once(*keys: NDArray[np.int32] | NDArray[np.int64]) -> NDArray[np.float64]:
    """(U,) the weight of each use that makes one of all uses with the same keys."""
    row = keys[0].astype(np.int64)
    for key in keys[1:]:
        _, row = np.unique(row * (int(key.max(initial=0)) + 1) + key, return_inverse=True)
    _, row, count = np.unique(row, return_inverse=True, return_counts=True)
    weight: NDArray[np.float64] = 1.0 / count[row]
    return weight


def estimated(ends: NDArray[np.float64], unit: str, q: float | None = None) -> Estimate:
    """A figure from its value and the ends of its interval."""
    return Estimate(float(ends[0]), float(ends[1]), float(ends[2]), unit, q)
