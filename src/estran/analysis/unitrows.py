"""The people of a unit beside those of the rest: who may be compared with whom, and who said what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.stats.presence import Presence
from estran.stats.rates import length_strata
from estran.store.prepared import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.analysis.units import Tree

ERAS = 3
"""Parts of the span within which people are compared: who spoke years ago said what was said then."""

BESIDE = -1
ELSEWHERE = -2


@dataclass(frozen=True, slots=True)
class Beside:
    """People of a unit and of the rest; who spoke in both is a row of each.

    Attributes:
        presence: which of N people said which theme.
        inside: (N,) whether the row is of the unit.
        stratum: (N,) who may be compared: alike in volume, language and years of speaking.
        where: (nnz,) conversation in which each use was made first; None where none are known.
    """

    presence: Presence
    inside: NDArray[np.bool_]
    stratum: NDArray[np.int32]
    where: NDArray[np.int32] | None


def units_at(tree: Tree, level: int) -> NDArray[np.int64]:
    """(n,) number of the unit right below a level that each message comes from.

    `BESIDE` where it comes from the level itself, `ELSEWHERE` from outside of it, or from no known unit.
    """
    held = np.full(len(tree.paths) + 1, ELSEWHERE)  # the last one is for messages of no known unit
    for number, chain in enumerate(tree.holders):
        if level in chain:
            place = chain.index(level) + 1
            held[number] = chain[place] if place < len(chain) else BESIDE
    found: NDArray[np.int64] = held[tree.unit]
    return found


@dataclass(frozen=True, slots=True)
class Speaking:
    """Who spoke in which unit, and who said what there: made once, so that each unit costs no sorting.

    Attributes:
        author: (R,) of each pair of a person and a unit, in order of the person and of their first message.
        unit: (R,)
        first: (R,) first message of the pair.
        tokens: (R,) that the person said there.
        messages: (R,)
        time: (R,) sum of the periods of these messages.
        theme: (B,) of each theme that a person said in a unit, in order of theme, person and first message.
        by: (B,) the person.
        there: (B,) the unit.
        at: (B,) the first message.
        themes: P.
        people: authors of the corpus.
        language: (n,) code of each message.
        conversation: (n,) or None where none are known.
    """

    author: NDArray[np.int64]
    unit: NDArray[np.int64]
    first: NDArray[np.int64]
    tokens: NDArray[np.int64]
    messages: NDArray[np.int64]
    time: NDArray[np.int64]
    theme: NDArray[np.int32]
    by: NDArray[np.int32]
    there: NDArray[np.int32]
    at: NDArray[np.int32]
    themes: int
    people: int
    language: NDArray[np.int32]
    conversation: NDArray[np.int32] | None


def speaking(corpus: Corpus, said: Said, unit: NDArray[np.int64]) -> Speaking:
    """Who spoke in which unit of a level, and who said what there.

    Args:
        corpus: n messages, in order of time.
        said: what they say.
        unit: (n,) as `units_at` gives it.
    """
    here = np.flatnonzero(unit > ELSEWHERE)
    spoke = (
        pl.DataFrame(
            {
                "author": corpus.author[here].astype(np.int64),
                "unit": unit[here],
                "first": here,
                "tokens": said.tokens[here].astype(np.int64),
                "time": corpus.period[here].astype(np.int64),
            }
        )
        .group_by("author", "unit")
        .agg(
            pl.col("first").min(),
            pl.col("tokens").sum(),
            pl.len().cast(pl.Int64).alias("messages"),
            pl.col("time").sum(),
        )
        .sort("author", "first")
    )
    kept = unit[said.message] > ELSEWHERE
    message = said.message[kept]
    # half the width of what is sorted: of a million messages these are ten million rows
    uses = (
        pl.DataFrame(
            {
                "theme": said.concept[kept],
                "by": corpus.author[message],
                "there": unit[message].astype(np.int32),
                "at": message,
            }
        )
        .group_by("theme", "by", "there")
        .agg(pl.col("at").min())
        .sort("theme", "by", "at")
    )
    columns = {name: frame[name].to_numpy() for frame in (spoke, uses) for name in frame.columns}
    return Speaking(
        **columns,
        themes=len(said.concepts),
        people=corpus.people,
        language=codes(corpus.messages["language"]),
        conversation=corpus.conversation,
    )


def beside(speaking: Speaking, number: int) -> Beside:
    """The people of one unit, and those of the rest of the level: rows of the rest come first.

    Args:
        speaking: who spoke where.
        number: of the unit.
    """
    own = speaking.unit == number
    parts = [_rows_of(speaking, ~own), _rows_of(speaking, own)]
    rest = len(parts[0][0])
    tokens, messages, time, first = (np.concatenate(both) for both in list(zip(*parts, strict=True))[1:])
    mean = time / np.maximum(messages, 1)
    era = (
        np.digitize(mean, np.quantile(mean, np.arange(1, ERAS) / ERAS))
        if len(mean)
        else mean.astype(np.int64)
    )
    inside = speaking.there == number
    others = np.flatnonzero(~inside)
    new = np.ones(len(others), bool)
    new[1:] = (np.diff(speaking.theme[others]) != 0) | (np.diff(speaking.by[others]) != 0)
    uses = (others[new], np.flatnonzero(inside))
    row = np.full((2, speaking.people), -1, np.int64)
    row[0, parts[0][0]] = np.arange(rest)
    row[1, parts[1][0]] = rest + np.arange(len(parts[1][0]))
    ends = [
        np.searchsorted(speaking.theme[of], np.arange(speaking.themes + 1, dtype=np.int32)) for of in uses
    ]
    indices, at = (np.empty(len(uses[0]) + len(uses[1]), np.int64) for _ in range(2))
    for side, of in enumerate(uses):
        theme = speaking.theme[of]
        place = np.arange(len(of)) + (ends[1][theme] if side == 0 else ends[0][theme + 1])
        indices[place], at[place] = row[side, speaking.by[of]], speaking.at[of]
    return Beside(
        Presence((ends[0] + ends[1]).astype(np.int64), indices.astype(np.int32), len(tokens)),
        np.arange(len(tokens)) >= rest,
        strata(tokens, speaking.language[first], era, messages=messages),
        None if speaking.conversation is None else speaking.conversation[at],
    )


def _rows_of(speaking: Speaking, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], ...]:
    """Author, tokens, messages, sum of periods and first message of each person, of some of their units together."""
    at = np.flatnonzero(chosen)
    if not len(at):
        return (at,) * 5
    author = speaking.author[at]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(author) != 0]))
    sums = (np.add.reduceat(of[at], starts) for of in (speaking.tokens, speaking.messages, speaking.time))
    return (author[starts], *sums, speaking.first[at][starts])


def strata(
    tokens: NDArray[np.integer],
    language: NDArray[np.int32],
    group: NDArray[np.integer],
    *,
    messages: NDArray[np.integer],
) -> NDArray[np.int32]:
    """(N,) strata of volume within a language and a group; languages are never pooled, however few people speak them.

    Units have languages of their own: beside people of another one, every word of theirs would be a difference.

    Args:
        tokens: (N,) that each row said.
        language: (N,) codes.
        group: (N,) codes of what must not be mixed either, unless there are too few rows.
        messages: (N,) of each row.
    """
    found = np.zeros(len(tokens), np.int32)
    past = 0
    for code in np.unique(language).tolist():
        own = np.flatnonzero(language == code)
        found[own] = past + length_strata(tokens[own], group[own], messages=messages[own])
        past = int(found[own].max()) + 1
    return found
