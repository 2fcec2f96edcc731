"""Culture and behaviour as families of words: what people inside speak of, over time and unit by unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from estran.findings.tour import Coverage, Estimate, Movement, Provenance


@dataclass(frozen=True, slots=True)
class InUnit:
    """A family in one unit, against the people of all others.

    Attributes:
        unit: its path.
        share: of the people of the unit who said a word of the family in the last twelve months, those elsewhere being alike in how much they
            speak, and in which language; None where it is withheld.
        rest: the same of the people elsewhere.
        ratio: the one over the other; with the false-discovery rate where a difference is claimed.
        detectable: the smallest ratio of the two that would have been seen four times in five.
        answer: "more", "less", "alike" (a ratio of 2 would have been seen), "cannot be told", or "withheld".
    """

    unit: str
    share: Estimate | None
    rest: Estimate | None
    ratio: Estimate | None
    detectable: float | None
    answer: str


@dataclass(frozen=True, slots=True)
class FamilySaid:
    """A family of words and what became of it.

    Attributes:
        name: a fixed word, as the list of families has it.
        movement: how many people say a word of it, and since when; a person counts once, however many words.
        words: those that enough people say, most people first.
        units: one for each unit, in the order of `Culture.units`.
    """

    name: str
    movement: Movement
    words: tuple[str, ...]
    units: tuple[InUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class Grows:
    """A theme that may belong to a family, for somebody to say yes or no.

    Attributes:
        key: what it is answered by, "family-autonomy+en:empowerment".
        family: name of the family.
        theme: label of the theme.
        people: who say it.
        nearness: mean cosine to the nearest words of the family, 0-1.
        near: the nearest word of the family.
    """

    key: str
    family: str
    theme: str
    people: int
    nearness: float
    near: str


@dataclass(frozen=True, slots=True)
class Culture(Plain):
    """What people inside say of culture and behaviour.

    Attributes:
        families: those that enough people speak of, the largest share now first.
        silent: (name, labels by language) of the families that fewer than five people speak of.
        units: path -> people who speak there; None where the number is withheld.
        withheld: figures of units that are withheld, so that nobody can be told from them.
        more_units: units that are not shown, where there are many: those in which fewest people speak.
        units_since: first day of what units are compared by, the last twelve months or less.
        scope: path of the unit whose parts are shown; "" for the whole.
        people: inside.
        sides_known: whether the data tell inside from outside; where not, all messages are read.
        grows: themes that may belong to a family.
        coverage: what the claims stand on: messages inside only.
        provenance: what made them.
    """

    families: tuple[FamilySaid, ...]
    silent: tuple[tuple[str, dict[str, str]], ...]
    units: dict[str, int | None]
    withheld: int
    more_units: int
    units_since: str
    scope: str
    people: int
    sides_known: bool
    grows: tuple[Grows, ...]
    coverage: Coverage = field(repr=False)
    provenance: Provenance = field(repr=False)
