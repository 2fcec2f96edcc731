"""What somebody said of the themes, and which themes they were before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.findings import Notice
from estran.privacy import FIGURES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Concept
    from estran.text.edits import Edit


@dataclass(frozen=True, slots=True)
class Hands:
    """Corrections that are said to the themes of every run, and the memory of those before.

    Attributes:
        edits: in their order.
        identify: gives each concept its id, told the concepts, the day of the first message of each and the day of the
            last message of all; None where nothing is kept, and ids are those of the sets of variants.
    """

    edits: tuple[Edit, ...] = ()
    identify: Callable[[Sequence[Concept], Sequence[dt.date], dt.date], Sequence[str]] | None = None


NO_HANDS = Hands()


def identified(
    corpus: Corpus, concepts: Sequence[Concept], hands: Hands, *, first: NDArray[np.int64]
) -> tuple[Concept, ...]:
    """The concepts with their ids.

    Args:
        corpus: n messages.
        concepts: P concepts.
        hands: who gives ids.
        first: (P,) row of the first message of each.
    """
    if hands.identify is None:
        return tuple(concepts)
    days = corpus.messages["time"].gather(first).dt.date().to_list()
    ids = hands.identify(concepts, days, corpus.last)
    return tuple(replace(concept, id=id_) for concept, id_ in zip(concepts, ids, strict=True))


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
