"""What was planted in a corpus, and what was laid in it as a trap."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import polars as pl

    from estran.findings import Shape
    from estran.model import Side


@dataclass(frozen=True, slots=True)
class Planted:
    """A theme whose share moves as it was told to.

    Attributes:
        name: what it is, in English.
        forms: language -> the ways it is written; "und" where no language is known.
        shape: how its share moves.
        ratio: its highest share over its lowest.
        turns: the days it turns, on the side that leads.
        messages: how many messages hold it.
        leads: the side that moves first, or None.
        lag_years: by how many years it does.
        companions: phrases, as `folded` writes them, of the sentences that only this theme has, and of its
            name with words around it; they move with it.
    """

    name: str
    forms: Mapping[str, tuple[str, ...]]
    shape: Shape
    ratio: float
    turns: tuple[dt.date, ...]
    messages: int
    leads: Side | None = None
    lag_years: float = 0.0
    companions: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Trap:
    """Something that counts as a trend for who counts words, and is none.

    Attributes:
        kind: "loud author", "one conversation", "footer", "template", "new source" or "silent source".
        forms: sentences or phrases that it brings with it.
    """

    kind: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known of a corpus because it was made."""

    themes: tuple[Planted, ...]
    traps: tuple[Trap, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """A corpus and the truth about it; `messages` has the columns of `estran.model.MESSAGES`, in order of time."""

    messages: pl.DataFrame
    truth: Truth


def folded(text: str) -> str:
    """Words in lower case without accents, apostrophes or hyphens, joined by one blank: how phrases are compared."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign)
    )
    return " ".join(re.findall(r"\w+", bare))


def phrases(templates: Iterable[str], *, longest: int = 4) -> set[str]:
    """All the phrases of templates, as `folded` writes them; a slot ends a phrase."""
    found: set[str] = set()
    for template in templates:
        for piece in re.split(r"\{\w+\}|[,.:;!?|]", template):
            words = folded(piece).split()
            found.update(
                " ".join(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)
            )
    return found
