"""The rows of evidence: who used which theme, once per person and period, and once per person and conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.stats.presence import Presence, Rows
from estran.stats.rates import length_strata
from estran.store.prepared import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said


def voices(corpus: Corpus, said: Said) -> Rows:
    """Rows A: one per person, period and stratum; people, not messages: one loud author is not a trend."""
    return _rows(corpus, said, (corpus.author, corpus.period, corpus.group), cluster=corpus.author)


def conversations(corpus: Corpus, said: Said) -> Rows | None:
    """Rows B: one per person and conversation, clustered by conversation; None where conversations are unknown."""
    if corpus.conversation is None:
        return None
    return _rows(
        corpus, said, (corpus.author, corpus.conversation, corpus.group), cluster=corpus.conversation
    )


def _rows(
    corpus: Corpus, said: Said, keys: tuple[NDArray[np.int32], ...], *, cluster: NDArray[np.int32]
) -> Rows:
    row = codes(*(pl.Series(key) for key in keys))
    count = int(row.max()) + 1
    first = np.full(count, len(row), np.int64)
    np.minimum.at(first, row, np.arange(len(row)))
    tokens = np.bincount(row, weights=said.tokens, minlength=count)
    return Rows(
        presence=Presence.of_pairs(row[said.message], said.concept, rows=count, themes=len(said.concepts)),
        period=corpus.period[first],
        cluster=cluster[first],
        stratum=length_strata(tokens, corpus.group[first]),
    )
