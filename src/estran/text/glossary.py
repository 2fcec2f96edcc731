"""Terms that are not translated word by word, French and English: no space of vectors knows what they are called.

"Note de frais" is an expense report, "pare-feu" a firewall. An entry is exact: it says that two terms are one, and nothing
of terms that hold them.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from estran.text.tokens import tokens
from estran.text.variants import fold, lemma, spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Glossary = Mapping[str, frozenset[str]]

LISTED = ("fr", "en")
"""The languages of the glossary, in the order of its columns."""


def listed(
    one: Sequence[str],
    other: Sequence[str],
    languages: tuple[str, str],
    *,
    glossary: Glossary | None = None,
) -> NDArray[np.int64]:
    """Which phrases of two languages the glossary has as one.

    Args:
        one: phrases of the first language.
        other: phrases of the second.
        languages: of both, ISO 639-1; of others than those of the glossary nothing is known.
        glossary: another one than that which comes with Estran.

    Returns:
        (n, 2) places in `one` and in `other`, in order.
    """
    if set(languages) != set(LISTED):
        return np.empty((0, 2), np.int64)
    french, english = (one, other) if languages == LISTED else (other, one)
    places = defaultdict[str, list[int]](list)
    for place, phrase in enumerate(english):
        places[key(phrase, "en")].append(place)
    terms = entries() if glossary is None else glossary
    pairs = [
        (place, counterpart)
        for place, phrase in enumerate(french)
        for term in terms.get(key(phrase, "fr"), ())
        for counterpart in places.get(term, ())
    ]
    found = sorted(pairs if languages == LISTED else ((b, a) for a, b in pairs))
    return np.array(found, np.int64).reshape(-1, 2)


@cache
def entries() -> Glossary:
    """Key of a French term -> keys of what it is called in English; read once."""
    table = tomllib.loads((files("estran.text") / "glossary.toml").read_text(encoding="utf-8"))
    found = defaultdict[str, set[str]](set)
    for line in table["terms"].strip().splitlines():
        french, english = (side.split(";") for side in line.split(" | "))
        for term in french:
            found[key(term, "fr")] |= {key(name, "en") for name in english}
    return {term: frozenset(names) for term, names in found.items()}


def key(phrase: str, language: str) -> str:
    """What the inflected forms and spellings of a phrase share."""
    words = (word for stretch in tokens(phrase) for word in stretch)
    return " ".join(fold(spelling(lemma(word, language), language)) for word in words)
