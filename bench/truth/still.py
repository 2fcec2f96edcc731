"""The same messages at other dates, so that no theme moves: whatever is claimed then is false."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import ndtri

from estran.simulate import LEVELS, shuffle_time

if TYPE_CHECKING:
    from bench.truth.corpora import Counted
    from estran.analysis.corpus import Corpus

CONVERSATIONS = frozenset({"thread", "thread_dates"})
BINS_PER_OCTAVE = 4
"""Of length, in which time is shuffled; the strata of the test are twice as wide, and of rows, not of messages."""

DRIFT = 0.5
"""Correlation of length and time, on normal scores: the last messages are then three to ten times as long as the first."""


def levels(corpus: Corpus) -> tuple[str, ...]:
    """What may stay together when time is shuffled.

    Where a conversation is as long as a period, shuffling conversations shuffles whole periods: no null of ours.
    """
    return tuple(level for level in LEVELS if corpus.conversation is not None or level not in CONVERSATIONS)


def shuffled(corpus: Corpus, level: str, rng: np.random.Generator) -> Corpus:
    """The corpus with its time shuffled at a level (`estran.simulate.shuffle_time`)."""
    return corpus.moved_to(
        shuffle_time(corpus.columns(["time", "author", "thread"]), level=level, rng=rng)["time"]
    )


def longer_and_longer(it: Counted, rng: np.random.Generator) -> Corpus:
    """The corpus with its messages in a new order, short ones mostly early and long ones mostly late.

    Among messages of one length (a quarter of an octave) the dates are drawn, so that no theme moves; but every theme
    is in more of the late messages, as these are longer.
    """
    length = np.floor(BINS_PER_OCTAVE * np.log2(np.maximum(it.said.tokens, 1))).astype(np.int64)
    size = np.bincount(length)
    place = ((np.cumsum(size) - size / 2) / len(length))[length]
    return _refilled(
        it.corpus, DRIFT * ndtri(place) + np.sqrt(1 - DRIFT**2) * rng.standard_normal(len(length))
    )


def mixed_as_before(corpus: Corpus, rng: np.random.Generator) -> Corpus:
    """The corpus with its dates shuffled within each language, source and side, whose mix drifts as it did."""
    time = corpus.messages["time"].to_numpy().copy()
    order = np.argsort(corpus.group, kind="stable")
    for block in np.split(order, np.cumsum(np.bincount(corpus.group))[:-1]):
        time[block] = rng.permutation(time[block])
    return corpus.moved_to(pl.Series("time", time).cast(corpus.messages.schema["time"]))


def _refilled(corpus: Corpus, key: np.ndarray) -> Corpus:
    """The dates in use, given to the messages in the order of a key."""
    time = corpus.messages["time"].to_numpy()
    new = np.empty_like(time)
    new[np.argsort(key, kind="stable")] = np.sort(time)
    return corpus.moved_to(pl.Series("time", new).cast(corpus.messages.schema["time"]))
