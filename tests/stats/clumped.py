"""Talk as it really is: a few loud people, favourite words, threads about one thing, all of it in bursts."""

from dataclasses import dataclass

import numpy as np

from estran.stats.presence import Presence, Rows
from estran.stats.strata import length_strata


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages: who, where, when, how long, and (N, P) what they mention."""

    author: np.ndarray
    thread: np.ndarray
    period: np.ndarray
    tokens: np.ndarray
    mentions: np.ndarray

    def voices(self):
        return _rows(self, self.author, self.period, cluster=self.author)

    def conversations(self):
        return _rows(self, self.author, self.thread, cluster=self.thread)

    def messages(self):
        """Each message alone, as naive tests take them."""
        return _rows(
            self,
            np.arange(len(self.author)),
            np.arange(len(self.author)),
            cluster=np.arange(len(self.author)),
        )


def _rows(talk, one, other, *, cluster):
    _, first, row = np.unique(one * (int(other.max()) + 1) + other, return_index=True, return_inverse=True)
    message, theme = np.nonzero(talk.mentions)
    presence = Presence.of_pairs(row[message], theme, rows=len(first), themes=talk.mentions.shape[1])
    tokens = np.bincount(row, talk.tokens).astype(np.int64)
    strata = length_strata(tokens, np.zeros(len(first), np.int64))
    _, dense = np.unique(cluster[first], return_inverse=True)
    return Rows(presence, talk.period[first].astype(np.int32), dense.astype(np.int32), strata)


def clumped_talk(rng, *, threads=900, people=500, periods=12, themes=150, length=0.5, growth=2):
    """Nothing moves here, yet authors persist, threads dwell on their subject, and lengths and volumes vary.

    A thread lies in one period; its speakers are drawn by loudness (Pareto) among the people active around then.
    Half of what a person can say is a habit of the person, and a thread multiplies a few themes by 15.
    At a `length` of 1 what a voice says depends on all its tokens, not on how they are cut into messages: then nothing
    moves in the standardised shares of voices either, to the second digit.
    """
    loud = rng.pareto(1.1, people) + 0.05
    birth, span = rng.uniform(-periods / 2, periods, people), rng.exponential(periods / 2, people) + 0.5
    habit = rng.gamma(0.4, 1 / 0.4, (people, themes))
    base = np.exp(rng.uniform(np.log(0.003), np.log(0.08), themes))
    author, thread, period = [], [], []
    for t in range(threads):
        when = int(periods * rng.beta(growth, 1))  # volume grows
        here = np.flatnonzero((birth <= when) & (when <= birth + span))
        size = min(1 + int(rng.pareto(1.3)), 60)
        author.append(rng.choice(here, size, p=loud[here] / loud[here].sum()))
        thread.append(np.full(size, t))
        period.append(np.full(size, when))
    author, thread, period = (np.concatenate(x) for x in (author, thread, period))
    subject = np.where(rng.random((threads, themes)) < 0.03, 15.0, 0.8)
    tokens = np.maximum(rng.lognormal(3, 1, len(author)), 1).astype(np.int64)
    rate = base * habit[author] * subject[thread] * (tokens / 20.0)[:, None] ** length
    return Talk(author, thread, period, tokens, rng.random(rate.shape) < 1.0 - np.exp(-rate))


def planted(talk, rng, ratio, shape):
    """Thin the mentions of each theme to a course, `shape` in 0-1 by period and theme: at 0 one in `ratio` is left."""
    kept = ratio ** (shape[talk.period] - 1.0)
    return Talk(
        talk.author,
        talk.thread,
        talk.period,
        talk.tokens,
        talk.mentions & (rng.random(talk.mentions.shape) < kept),
    )
