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


def beside(corpus: Corpus, said: Said, unit: NDArray[np.int64], number: int) -> Beside:
    """The people of one unit, and those of the rest of the level.

    Args:
        corpus: n messages.
        said: what they say.
        unit: (n,) as `units_at` gives it.
        number: of the unit.
    """
    here = np.flatnonzero(unit > ELSEWHERE)
    own = unit[here] == number
    of_here = codes(pl.Series(corpus.author[here]), pl.Series(own))
    people = int(of_here.max(initial=-1)) + 1
    row = np.full(len(unit), -1, np.int64)
    row[here] = of_here
    first = np.full(people, len(unit), np.int64)
    np.minimum.at(first, of_here, here)
    messages = np.bincount(of_here, minlength=people)
    time = np.bincount(of_here, corpus.period[here], minlength=people) / np.maximum(messages, 1)
    era = np.digitize(time, np.quantile(time, np.arange(1, ERAS) / ERAS)) if people else time.astype(np.int64)
    language = codes(corpus.messages["language"])[first]
    presence, uses = _first_uses(row[said.message], said.concept, rows=people, themes=len(said.concepts))
    return Beside(
        presence,
        unit[first] == number,
        strata(np.bincount(of_here, said.tokens[here], minlength=people), language, era, messages=messages),
        None if corpus.conversation is None else corpus.conversation[said.message[uses]],
    )


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


def _first_uses(
    row: NDArray[np.int64], theme: NDArray[np.int32], *, rows: int, themes: int
) -> tuple[Presence, NDArray[np.int64]]:
    """Which row used which theme, and the posting of each of these uses that came first; rows below 0 are left out."""
    kept = np.flatnonzero(row >= 0)
    pair, at = np.unique(theme[kept].astype(np.int64) * max(rows, 1) + row[kept], return_index=True)
    indptr = np.searchsorted(pair, np.arange(themes + 1, dtype=np.int64) * max(rows, 1))
    return Presence(indptr.astype(np.int64), (pair % max(rows, 1)).astype(np.int32), rows), kept[at]
