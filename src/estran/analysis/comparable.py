"""Whom a mark concerns, and who is like them and was not concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.findings import Notice
from estran.model import EVERYTHING, below
from estran.privacy import figure_allowed
from estran.stats.presence import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Scope

ENOUGH = 20
"""People who must speak on either side of a mark, of those that a scope is compared with."""
NAMED = 6


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sets of messages.

    Attributes:
        scope: (n,) what the mark concerns.
        elsewhere: (n,) what it is compared with; none of it where nothing is like it.
        kind: "units", "sources", "side", or "".
        names: of the units, the sources or the side.
    """

    scope: NDArray[np.bool_]
    elsewhere: NDArray[np.bool_]
    kind: str = ""
    names: tuple[str, ...] = ()


def compared(corpus: Corpus, scope: Scope, period: NDArray[np.int32], half: int) -> Compared | Notice:
    """The messages that a mark concerns, and those of the nearest who are like them.

    Of a unit: its sisters below the same unit, or the next one above, until enough people speak; of sources, the others of the same sides,
    or all others; of a side, the other one. Of everything there is nothing else.

    Args:
        corpus: n messages.
        scope: whom the mark concerns.
        period: (n,) of each message around the mark; below 0 for those that lie outside.
        half: the first period after the mark.

    Returns:
        Why nothing can be asked, where nobody or too few people speak in the scope.
    """
    inside = corpus.messages.select(scope.holds).to_series().to_numpy()
    if len(inside) == 1:  # a scope of everything is one value
        inside = np.ones(corpus.messages.height, bool)
    if not inside.any():
        return _nobody(corpus, scope)
    people = speakers(corpus, inside, period, half)
    if not figure_allowed(np.array(people)).all():
        return Notice("mark-few-people", {"scope": str(scope), "people": ENOUGH // 4})
    for kind, elsewhere in _alike(corpus, scope, inside):
        if min(speakers(corpus, elsewhere, period, half)) >= ENOUGH:
            return Compared(inside, elsewhere, kind, _names(corpus, scope, kind, elsewhere & (period >= 0)))
    return Compared(inside, np.zeros(len(inside), bool))


def speakers(
    corpus: Corpus, chosen: NDArray[np.bool_], period: NDArray[np.int32], half: int
) -> tuple[int, int]:
    """People who wrote some of the messages before a mark, and after it."""
    before, after = (period >= 0) & (period < half), period >= half
    return tuple(len(distinct(corpus.author[chosen & there])) for there in (before, after))  # type: ignore[return-value]


def _alike(
    corpus: Corpus, scope: Scope, inside: NDArray[np.bool_]
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """What the scope may be compared with, the nearest first."""
    messages = corpus.messages
    if scope.unit:
        kept = _held(messages, scope, unit=False)
        path = scope.unit
        while path:
            path = path.rpartition("/")[0]
            yield "units", below(messages["unit"], path).to_numpy() & kept & ~inside
    if scope.sources:
        kept = _held(messages, scope, sources=False)
        sides = messages["side"].filter(inside).unique()
        same = messages["side"].is_in(sides.implode(), nulls_equal=True).to_numpy()
        yield "sources", kept & same & ~inside
        yield "sources", kept & ~inside
    if scope.side:
        known = messages["side"].is_not_null().to_numpy()
        yield "side", _held(messages, scope, side=False) & known & ~inside


def _held(
    messages: pl.DataFrame, scope: Scope, *, unit: bool = True, side: bool = True, sources: bool = True
) -> NDArray[np.bool_]:
    """(n,) the messages of a scope that is less than this one by a part."""
    part = type(scope)(
        scope.unit if unit else "", scope.side if side else None, scope.sources if sources else ()
    )
    if part == EVERYTHING:
        return np.ones(messages.height, bool)
    return messages.select(part.holds).to_series().to_numpy()


def _names(corpus: Corpus, scope: Scope, kind: str, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    """What those that are compared with are called: units by their name beside the scope's, the largest first."""
    column = {"units": "unit", "sources": "source", "side": "side"}[kind]
    said = corpus.messages[column].filter(pl.Series(chosen)).drop_nulls()
    if kind == "units":
        depth = scope.unit.count("/") + 1
        said = said.str.split("/").list.head(depth).list.join("/")
    return tuple(said.value_counts(sort=True).head(NAMED).get_column(column).to_list())


def _nobody(corpus: Corpus, scope: Scope) -> Notice:
    units = corpus.messages["unit"].drop_nulls()
    if scope.unit and units.is_empty():
        return Notice("mark-no-units", {"scope": str(scope)})
    known = units if scope.unit else corpus.messages["source"]
    names = known.value_counts(sort=True).head(NAMED).get_column(known.name).to_list()
    return Notice("mark-nobody", {"scope": str(scope), "known": ", ".join(names)})
