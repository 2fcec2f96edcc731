"""What somebody said of the themes, and which themes they were before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.findings import Notice
from estran.privacy import FIGURES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Concept
    from estran.text.edits import Edit


@dataclass(frozen=True, slots=True)
class Concepts:
    """What ids are given to.

    Attributes:
        shown: concepts that enough people said.
        firsts: day of the first message of each of them.
        unshown: variants of the others.
        date: day of the last message of all.
    """

    shown: tuple[Concept, ...]
    firsts: tuple[dt.date, ...]
    unshown: frozenset[tuple[str, str]]
    date: dt.date


@dataclass(frozen=True, slots=True)
class Hands:
    """Corrections that are said to the themes of every run, and the memory of those before.

    Attributes:
        edits: in their order.
        identify: gives each concept its id; None where nothing is kept, and ids are those of the sets of variants.
        known: variant -> id of the theme that it belonged to in the last run.
    """

    edits: tuple[Edit, ...] = ()
    identify: Callable[[Concepts], Sequence[str]] | None = None
    known: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def were_one(self, one: Concept, other: Concept) -> bool | None:
        """Whether two concepts were one theme in the last run; None where one of them was none."""
        ids = [next((self.known[v] for v in each.variants if v in self.known), None) for each in (one, other)]
        return None if None in ids else ids[0] == ids[1]


NO_HANDS = Hands()


def identified(
    corpus: Corpus,
    concepts: Sequence[Concept],
    hands: Hands,
    *,
    first: NDArray[np.int64],
    keep: NDArray[np.bool_],
) -> tuple[Concept, ...]:
    """The concepts that may be shown, with their ids.

    Args:
        corpus: n messages.
        concepts: P concepts.
        hands: who gives ids.
        first: (P,) row of the first message of each.
        keep: (P,) whether enough people said it.
    """
    shown = tuple(concept for concept, enough in zip(concepts, keep.tolist(), strict=True) if enough)
    if hands.identify is None:
        return shown
    days = corpus.messages["time"].gather(first[keep]).dt.date().to_list()
    rest = (concept for concept, enough in zip(concepts, keep.tolist(), strict=True) if not enough)
    unshown = frozenset(variant for concept in rest for variant in concept.variants)
    ids = hands.identify(Concepts(shown, tuple(days), unshown, corpus.last))
    return tuple(replace(concept, id=id_) for concept, id_ in zip(shown, ids, strict=True))


def notices(concepts: Sequence[Concept], shown: NDArray[np.bool_]) -> tuple[Notice, ...]:
    """What a reader has to know of the corrections: words that are followed and may not be shown, themes that are ignored.

    Args:
        concepts: P concepts.
        shown: (P,) whether enough people said it.
    """
    few = [
        Notice("followed-few", {"theme": concept.label, "least": FIGURES})
        for concept, enough in zip(concepts, shown.tolist(), strict=True)
        if concept.followed and not enough
    ]
    ignored = int(np.sum(shown & np.array([concept.ignored for concept in concepts], bool)))
    return (*few, *([Notice("themes-ignored", {"themes": ignored})] if ignored else []))
