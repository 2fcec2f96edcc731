"""What is spoken of: the themes of each conversation, and what the sentences of a language may be about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from estran.model import Side
from estran.simulate.grammar import Nouns, grammar, nouns, themes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Topics:
    """What each conversation is about: `theme[first[c] : first[c + 1]]` for conversation c."""

    first: NDArray[np.int64]
    theme: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many themes each conversation has."""
        return np.diff(self.first)

    def at(self, conversation: NDArray[np.int64], nth: NDArray[np.int64]) -> NDArray[np.int64]:
        """The nth theme of each of these conversations."""
        themes_of: NDArray[np.int64] = self.theme[self.first[conversation] + nth]
        return themes_of


def topics(rates: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> Topics:
    """Draws the themes of each conversation, each theme by itself.

    Args:
        rates: for each theme, the share of conversations about it, at each conversation.
        rng: chance.
    """
    drawn = [np.flatnonzero(rng.random(len(rate)) < rate) for rate in rates]
    conversation = np.concatenate(drawn)
    theme = np.repeat(np.arange(len(rates)), [len(rows) for rows in drawn])
    order = np.argsort(conversation, kind="stable")
    first = np.searchsorted(conversation[order], np.arange(len(rates[0]) + 1))
    return Topics(first, theme[order])


@dataclass(frozen=True, slots=True)
class Subjects:
    """What sentences of one language may be about.

    Attributes:
        forms: the forms of all themes, then the background nouns.
        first: (themes + 1,) first form of each theme.
        background: side -> first and last + 1 of its background nouns.
        own: side -> the sentences that one theme alone has.
        kinds: side -> (themes + 1, 2) the first of them for each theme, and how many; the last row, no theme, has none.
    """

    forms: Nouns
    first: NDArray[np.int64]
    background: dict[Side, tuple[int, int]]
    own: dict[Side, list[str]]
    kinds: dict[Side, NDArray[np.int64]]

    def drawn(self, theme: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """A form of each of these themes, mostly its first."""
        many = self.first[theme + 1] - self.first[theme]
        other = rng.random(len(theme)) >= 0.75
        return self.first[theme] + np.where(other, rng.integers(0, many), 0)


@cache
def subjects(language: str) -> Subjects:
    """What sentences of a language may be about."""
    forms = [theme[language]["forms"] for theme in themes()]
    entries, background = list(chain(*forms)), {}
    own: dict[Side, list[str]] = {}
    kinds: dict[Side, NDArray[np.int64]] = {}
    for side in Side:
        nouns_of_side = grammar(language).texts["nouns"][side]
        background[side] = (len(entries), len(entries) + len(nouns_of_side))
        entries += nouns_of_side
        sentences = [theme[language].get(side.value, []) for theme in themes()]
        count = np.array([len(some) for some in sentences] + [0])
        own[side] = list(chain(*sentences))
        kinds[side] = np.stack([np.cumsum(count) - count, count], axis=1)
    first = np.cumsum([0] + [len(some) for some in forms])
    return Subjects(nouns(language, entries), first, background, own, kinds)
