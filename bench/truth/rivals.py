"""What most tools compute, written from the papers, on the same postings as Estran: who said which theme when.

All of them take a message for an independent draw, and get the same control of false claims as Estran's test has
(Benjamini and Hochberg at 5 % above an adaptive cut-off of support), except Kleinberg's bursts and PELT's change points,
which have no p value: a theme with a burst, or with a change point, is a claim. A message counts a theme once, which is
kinder to them than counting words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import ruptures
from scipy.special import ndtr, xlogy

from estran.stats.multiplicity import discoveries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said

PRIOR_WORDS = 1000.0
"""Monroe's prior weighs as much as so many words."""
SCALE, COST = 2.0, 1.0
"""Kleinberg's: each state is so many times as busy as the one below; the cost of going up, in log periods."""
FEWEST_IN_SEGMENT = 2


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages (n) and which of them hold which theme (M pairs): all that the rivals know.

    Attributes:
        period: (n,) of each message.
        tokens: (n,) of each message.
        message: (M,) message of each posting.
        theme: (M,) its theme.
        themes: P.
    """

    period: np.ndarray
    tokens: np.ndarray
    message: np.ndarray
    theme: np.ndarray
    themes: int

    @classmethod
    def of(cls, corpus: Corpus, said: Said) -> Talk:
        """The postings of a corpus."""
        return cls(corpus.period, said.tokens, said.message, said.concept, len(said.concepts))

    @property
    def support(self) -> np.ndarray:
        """(P,) messages that hold each theme."""
        return np.bincount(self.theme, minlength=self.themes)

    def table(self) -> tuple[np.ndarray, np.ndarray]:
        """(T, P) messages of each period that hold each theme, and (T,) messages; silent periods left out."""
        periods, period = np.unique(self.period, return_inverse=True)
        cells = np.bincount(
            period[self.message].astype(np.int64) * self.themes + self.theme,
            minlength=len(periods) * self.themes,
        )
        return cells.reshape(len(periods), self.themes).astype(float), np.bincount(period).astype(float)

    def halves(self) -> tuple[np.ndarray, np.ndarray, float, float]:
        """Messages that hold each theme in the early half and in the late one, (P,) each, and the words of both.

        The halves are cut between two periods, where they have messages most nearly alike in number.
        """
        before = np.cumsum(np.bincount(self.period))[:-1]
        late = self.period > np.argmin(np.abs(before - len(self.period) / 2))
        counts = [
            np.bincount(self.theme[half[self.message]], minlength=self.themes).astype(float)
            for half in (~late, late)
        ]
        return *counts, float(self.tokens[~late].sum()), float(self.tokens[late].sum())


@dataclass(frozen=True, slots=True)
class Claims:
    """Which themes a rival says have moved, and which way; both (P,)."""

    found: np.ndarray
    direction: np.ndarray


def g2(talk: Talk) -> Claims:
    """Log likelihood ratio of the late half against the early one, by words (Dunning 1993)."""
    early, late, before, after = talk.halves()
    statistic = likelihood_ratio(early, late, before, after)
    return _tested(np.sqrt(np.maximum(statistic, 0.0)), np.sign(late / after - early / before), talk)


def likelihood_ratio(early: np.ndarray, late: np.ndarray, before: float, after: float) -> np.ndarray:
    """(P,) Dunning's G2 of counts (P,) among so many words before and after."""
    usual = (early + late) / (before + after)
    cells = (
        (early, before * usual), (late, after * usual),
        (before - early, before * (1 - usual)), (after - late, after * (1 - usual)),
    )  # fmt: skip
    return 2 * sum(xlogy(seen, seen / np.maximum(due, 1e-300)) for seen, due in cells)


def log_odds(talk: Talk) -> Claims:
    """Log odds ratio of the halves with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008)."""
    early, late, before, after = talk.halves()
    prior = PRIOR_WORDS * (early + late) / (before + after)
    prior = np.maximum(prior, 1e-12)
    odds = [
        np.log((count + prior) / (words + PRIOR_WORDS - count - prior))
        for count, words in ((early, before), (late, after))
    ]
    z = (odds[1] - odds[0]) / np.sqrt(1 / (early + prior) + 1 / (late + prior))
    return _tested(np.abs(z), np.sign(z), talk)


def cochran_armitage(talk: Talk) -> Claims:
    """Linear trend of the share of messages (Cochran 1954, Armitage 1955)."""
    time = talk.period - talk.period.mean()
    share = talk.support / len(talk.period)
    score = np.bincount(talk.theme, time[talk.message], talk.themes)
    z = score / np.sqrt(np.maximum(share * (1 - share) * (time @ time), 1e-300))
    return _tested(np.abs(z), np.sign(z), talk)


def kleinberg(talk: Talk) -> Claims:
    """A burst of two states on the shares of messages (Kleinberg 2002); late bursts are In, early ones Out."""
    bursts = states(*talk.table(), most=1) > 0
    place = np.arange(len(bursts))[:, None]
    centre = (bursts * place).sum(axis=0) / np.maximum(bursts.sum(axis=0), 1)
    return Claims(bursts.any(axis=0), np.where(centre > (len(bursts) - 1) / 2, 1.0, -1.0))


def pelt(talk: Talk) -> Claims:
    """A change of level in the log share (PELT: Killick, Fearnhead, Eckley 2012, by `ruptures`)."""
    shares = log_shares(*talk.table())
    found, direction = np.zeros(talk.themes, bool), np.ones(talk.themes)
    for j in np.flatnonzero(talk.support):
        at = change_points(shares[:, j])
        found[j] = len(at) > 0
        if found[j]:
            direction[j] = np.sign(shares[at[-1] :, j].mean() - shares[: at[-1], j].mean())
    return Claims(found, direction)


RIVALS: Mapping[str, Callable[[Talk], Claims]] = {
    "g2": g2,
    "log_odds": log_odds,
    "cochran_armitage": cochran_armitage,
    "kleinberg": kleinberg,
    "pelt": pelt,
}


def states(counts: np.ndarray, totals: np.ndarray, *, most: int) -> np.ndarray:
    """The cheapest path through Kleinberg's states, (T, P) from 0 (as usual) up to `most`.

    Args:
        counts: (T, P) what holds each theme in each period.
        totals: (T,) all there is.
        most: the highest state.
    """
    periods, themes = counts.shape
    usual = np.maximum(counts.sum(axis=0) / totals.sum(), 1e-12)
    rate = np.minimum(usual * SCALE ** np.arange(most + 1)[:, None], 0.9999)
    level = np.arange(most + 1)
    climb = COST * np.log(periods) * np.maximum(level[None, :] - level[:, None], 0)
    others = totals[:, None] - counts
    paid = -(counts[:, None] * np.log(rate) + others[:, None] * np.log1p(-rate))  # (T, states, P)
    total = paid[0] + climb[0][:, None]
    came_from = np.zeros((periods, most + 1, themes), np.int8)
    for t in range(1, periods):
        way = total[:, None, :] + climb[:, :, None]
        came_from[t] = np.argmin(way, axis=0)
        total = np.min(way, axis=0) + paid[t]
    path = np.zeros((periods, themes), np.int64)
    path[-1] = np.argmin(total, axis=0)
    for t in range(periods - 1, 0, -1):
        path[t - 1] = np.take_along_axis(came_from[t], path[t][None], axis=0)[0]
    return path


def starts_of_bursts(path: np.ndarray) -> np.ndarray:
    """Periods in which a path through states goes up, (T,) -> (k,)."""
    return np.flatnonzero(np.diff(path, prepend=0) > 0)


def log_shares(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """(T, P) log of the share over its mean, half a message added to both counts."""
    expected = totals[:, None] * counts.sum(axis=0) / totals.sum()
    return np.log((counts + 0.5) / (expected + 0.5))


def change_points(curve: np.ndarray) -> np.ndarray:
    """Where the level of a curve changes, (T,) -> first periods of the segments after the first.

    Least squares with PELT at the penalty of Schwarz, 2 log T times the variance, which is taken from what one period
    differs from the next.
    """
    noise = variance(curve)
    if len(curve) < 2 * FEWEST_IN_SEGMENT or noise == 0:
        return np.zeros(0, np.int64)
    search = ruptures.KernelCPD(kernel="linear", min_size=FEWEST_IN_SEGMENT).fit(curve)
    return np.array(search.predict(pen=2 * np.log(len(curve)) * noise)[:-1], np.int64)


def variance(curve: np.ndarray) -> float:
    """The variance of a curve around its level, from what each period differs from the next, (T,)."""
    return float(np.mean(np.diff(curve) ** 2)) / 2 if len(curve) > 1 else 0.0


def _tested(z: np.ndarray, direction: np.ndarray, talk: Talk) -> Claims:
    support = talk.support
    p = np.where(support > 0, 2 * ndtr(-z), 1.0)
    return Claims(discoveries(p, support.astype(float)).found, direction)
