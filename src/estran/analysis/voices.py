"""The rows of evidence: who used which theme, once per person and period, and once per person and conversation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.model import Step
from estran.stats.presence import Presence, Rows
from estran.stats.rates import length_strata
from estran.store.prepared import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said


def voices(corpus: Corpus, said: Said) -> Rows:
    """Rows A: one per person, period and stratum; people, not messages: one loud author is not a trend."""
    own = corpus.season if corpus.grid.step is not Step.YEAR else None  # a year holds all of its seasons
    return _rows(
        corpus, said, (corpus.author, corpus.period, corpus.group), cluster=corpus.author, season=own
    )


def parted_voices(corpus: Corpus, said: Said, shown: Rows) -> Rows:
    """Rows A as the test needs them: parted by season where a period holds several, else those that are shown."""
    if corpus.season is None or corpus.grid.step is not Step.YEAR:
        return shown
    keys = (corpus.author, corpus.period, corpus.group, corpus.season)
    return _rows(corpus, said, keys, cluster=corpus.author, season=corpus.season)


def conversations(corpus: Corpus, said: Said) -> Rows | None:
    """Rows B: one per person and conversation, clustered by conversation; None where conversations are unknown.

    Their period and their season are those of their first message.
    """
    if corpus.conversation is None:
        return None
    keys = (corpus.author, corpus.conversation, corpus.group)
    return _rows(corpus, said, keys, cluster=corpus.conversation, season=corpus.season)


def voices_in(corpus: Corpus, said: Said, cell: NDArray[np.int32]) -> Rows:
    """Rows A of the messages that lie in a cell: one per person, cell and stratum; `period` is the cell.

    Args:
        corpus: n messages.
        said: what they say.
        cell: (n,) the cell of each message; below 0 where it lies in none.
    """
    inside = np.flatnonzero(cell >= 0)
    number = np.full(len(cell), -1, np.int32)
    number[inside] = np.arange(len(inside), dtype=np.int32)
    there = number[said.message] >= 0
    part = replace(
        said, message=number[said.message[there]], concept=said.concept[there], tokens=said.tokens[inside]
    )
    own = replace(
        corpus,
        author=codes(pl.Series(corpus.author[inside])),
        period=cell[inside],
        group=corpus.group[inside],
    )
    return _rows(own, part, (own.author, own.period, own.group), cluster=own.author, season=None)


def voices_by(corpus: Corpus, said: Said, part: NDArray[np.int32]) -> tuple[Rows, NDArray[np.int32]]:
    """Rows A, one per person, period, stratum and part, and the part of each.

    Args:
        corpus: n messages.
        said: what they say.
        part: (n,) code of the part of each message: a side, a kind of tool; -1 where it is in none.
    """
    own = corpus.season if corpus.grid.step is not Step.YEAR else None
    keys = (corpus.author, corpus.period, corpus.group, part)
    return _rows_and_part(corpus, said, keys, part, cluster=corpus.author, season=own)


def conversations_by(
    corpus: Corpus, said: Said, part: NDArray[np.int32]
) -> tuple[Rows, NDArray[np.int32]] | None:
    """Rows B, one per person, conversation, stratum and part, and the part of each; None where none are known."""
    if corpus.conversation is None:
        return None
    keys = (corpus.author, corpus.conversation, corpus.group, part)
    return _rows_and_part(corpus, said, keys, part, cluster=corpus.conversation, season=corpus.season)


def _rows(
    corpus: Corpus,
    said: Said,
    keys: tuple[NDArray[np.int32], ...],
    *,
    cluster: NDArray[np.int32],
    season: NDArray[np.int32] | None,
) -> Rows:
    return _rows_and_part(corpus, said, keys, corpus.group, cluster=cluster, season=season)[0]


def _rows_and_part(
    corpus: Corpus,
    said: Said,
    keys: tuple[NDArray[np.int32], ...],
    part: NDArray[np.int32],
    *,
    cluster: NDArray[np.int32],
    season: NDArray[np.int32] | None,
) -> tuple[Rows, NDArray[np.int32]]:
    row = codes(*(pl.Series(key) for key in keys))
    count = int(row.max()) + 1
    first = np.full(count, len(row), np.int64)
    np.minimum.at(first, row, np.arange(len(row)))
    tokens = np.bincount(row, weights=said.tokens, minlength=count)
    rows = Rows(
        presence=Presence.of_pairs(row[said.message], said.concept, rows=count, themes=len(said.concepts)),
        period=corpus.period[first],
        cluster=cluster[first],
        stratum=length_strata(tokens, corpus.group[first], messages=np.bincount(row, minlength=count)),
        season=season[first] if season is not None else None,
    )
    return rows, part[first]
