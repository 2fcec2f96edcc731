"""How often each theme was said on each day, and how often it would have been had nothing changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse

from estran.analysis.seasons import WEEKS, YEARS
from estran.compiled import njit
from estran.stats.alarms import CLUMPS, WEEK
from estran.stats.seasons import seasonal_factors
from estran.stats.strata import length_strata
from estran.store.prepared import codes

if TYPE_CHECKING:
    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.stats.presence import Bools, Floats, Ints

ONCE_IN = 7
"""Days in which a person counts once for a theme: people, not messages."""


@dataclass(frozen=True, slots=True)
class Daily:
    """The uses of P themes on D days.

    Attributes:
        first: the first day.
        seen: (D, P) people who said each theme, each once in seven days.
        due: (D, P) uses that the lengths, languages, sources and sides of what was said that day make expect, and the season
            of the theme where it is known.
        plain: (D, P) the same without any season.
        clumps: (P,) how much more than independent uses they vary by conversations alone: people who say a theme in one
            conversation are one piece of news.
    """

    first: dt.date
    seen: Floats
    due: Floats
    plain: Floats
    clumps: Floats


def daily(
    corpus: Corpus,
    said: Said,
    themes: Ints,
    *,
    within: Bools,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Daily:
    """The days from the first message to the last, both ends bounded where that is told.

    Rows are a person's messages of one day in one language, source and side. Those of a source that is new, or was
    silent, change how much is expected as they change how much is said: neither is a change of a theme.

    Args:
        corpus: n messages.
        said: which concept each says.
        themes: (P,) concepts that are counted.
        within: (n,) messages that count.
        since: the first day.
        until: the last day.
    """
    days = corpus.messages["time"].dt.date()
    within = within & days.is_between(since or dt.date.min, until or dt.date.max).to_numpy()
    if not within.any():
        nothing = np.zeros((0, len(themes)))
        return Daily(since or until or corpus.first, nothing, nothing, nothing, np.ones(len(themes)))
    first: dt.date = since or days.filter(within).min()  # type: ignore[assignment]
    last: dt.date = until or days.filter(within).max()  # type: ignore[assignment]
    day = (days - first).dt.total_days().to_numpy()
    count = (last - first).days + 1
    message = np.flatnonzero(within)
    row = codes(*(pl.Series(key[message]) for key in (corpus.author, day, corpus.group)))
    rows = int(row.max()) + 1
    row_of = np.full(len(within), -1, np.int64)
    row_of[message] = row
    begins = np.zeros(rows, np.int64)
    begins[row] = message
    stratum = length_strata(
        np.bincount(row, said.tokens[message], rows).astype(np.int64),
        corpus.group[begins],
        messages=np.bincount(row, minlength=rows),
    )
    number = np.full(len(said.concepts), -1, np.int64)
    number[themes] = np.arange(len(themes))
    counted = (number[said.concept] >= 0) & within[said.message]
    uses, theme = said.message[counted].astype(np.int64), number[said.concept[counted]]
    kept = _once(corpus.author[uses].astype(np.int64), theme, day[uses])
    uses, theme = uses[kept], theme[kept]
    seen = np.zeros((count, len(themes)))
    np.add.at(seen, (day[uses], theme), 1.0)
    strata = int(stratum.max()) + 1
    spoke = sparse.csr_array((np.ones(rows), (day[begins], stratum)), shape=(count, strata))
    said_in = np.zeros((strata, len(themes)))
    np.add.at(said_in, (stratum[row_of[uses]], theme), 1.0)
    due = np.asarray(spoke @ (said_in / np.bincount(stratum, minlength=strata)[:, None]))
    return Daily(first, seen, due, due, _clumps(corpus, uses, theme, len(themes)))


def in_season(counts: Daily, *, before: int) -> Daily:
    """The same, what is expected raised and lowered by the season of each theme: the months of the year, in two years at least.

    Args:
        counts: of days.
        before: how many of them, the first ones, tell the seasons: those of no window, as a change is no season.
    """
    if before < YEARS * WEEKS * WEEK or not counts.seen.size:
        return counts
    days = [counts.first + dt.timedelta(days=day) for day in range(len(counts.seen))]
    month = np.array([day.month - 1 for day in days])
    number = np.array([12 * day.year + day.month for day in days])
    begins = np.flatnonzero(np.diff(number[:before], prepend=-1))
    seen, due = (np.add.reduceat(each[:before], begins).T for each in (counts.seen, counts.plain))
    factors = seasonal_factors(seen, due, np.linspace(0.0, 1.0, len(begins)), month[begins])
    of = np.ones((12, len(counts.clumps)))
    of[month[begins]] = factors.T
    return replace(counts, due=counts.plain * of[month])


def _once(author: Ints, theme: Ints, day: Ints) -> Ints:
    """Which uses count: the first of a person, then the first that lies seven days or more after the last that did."""
    order = np.lexsort((day, author, theme))
    keep = np.zeros(len(order), np.bool_)
    _mark(author[order], theme[order], day[order], keep)
    return order[keep]


@njit
def _mark(author: Ints, theme: Ints, day: Ints, keep: Bools) -> None:
    last = 0
    for i in range(len(day)):
        anew = i == 0 or author[i] != author[i - 1] or theme[i] != theme[i - 1]
        if anew or day[i] - last >= ONCE_IN:
            keep[i] = True
            last = day[i]


def _clumps(corpus: Corpus, uses: Ints, theme: Ints, themes: int) -> Floats:
    """(P,) the sum of squares of the uses of each conversation over their sum; the usual where conversations are unknown."""
    if corpus.conversation is None:
        return np.full(themes, CLUMPS)
    if len(uses) == 0:
        return np.ones(themes)
    own = codes(pl.Series(theme), pl.Series(corpus.conversation[uses]))
    size = np.bincount(own)
    of = np.zeros(len(size), np.int64)
    of[own] = theme
    squares = np.bincount(of, size.astype(np.float64) ** 2, themes)
    return np.maximum(squares / np.maximum(np.bincount(of, size, themes), 1.0), 1.0)
