"""In which languages each theme is said, where enough people say it to show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.privacy import figure_allowed
from estran.stats.presence import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus


def messages_by_language(
    corpus: Corpus, message: NDArray[np.int32], theme: NDArray[np.int32], *, themes: int
) -> tuple[Mapping[str, int | None], ...]:
    """Language -> messages that hold the theme, for each theme; the language with most people first.

    A language in which fewer than five people said it is withheld (None). Where only one is, so is the one with the next
    fewest people: the difference from all messages would tell.

    Args:
        corpus: n messages.
        message: (M,) row of each posting.
        theme: (M,) its theme.
        themes: how many there are.
    """
    spoken = corpus.messages["language"].gather(message)
    names = spoken.unique().sort().to_list()
    cell = theme.astype(np.int64) * len(names) + spoken.cast(pl.Enum(names)).to_physical().to_numpy()
    voices = distinct(cell * max(corpus.people, 1) + corpus.author[message]) // max(corpus.people, 1)
    messages, people = (
        np.bincount(each, minlength=themes * len(names)).reshape(themes, len(names))
        for each in (cell, voices)
    )
    shown = _released(people)
    order = np.lexsort((np.broadcast_to(np.arange(len(names)), people.shape), -people), axis=1)
    return tuple(
        {
            names[at]: int(messages[k, at]) if shown[k, at] else None
            for at in order[k].tolist()
            if messages[k, at]
        }
        for k in range(themes)
    )


def _released(people: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(P, L) whether the messages of a language may be shown, of the people who said a theme in each."""
    shown: NDArray[np.bool_] = figure_allowed(people) | (people == 0)
    alone = np.flatnonzero((~shown).sum(axis=1) == 1)
    next_fewest = np.where(shown & (people > 0), people, np.iinfo(np.int64).max).argmin(axis=1)
    shown[alone, next_fewest[alone]] = False
    return shown
