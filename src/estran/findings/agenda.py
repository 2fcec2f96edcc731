"""What a programme or plan announced, and what people made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Coverage, Estimate, Movement, Notice, Provenance, Quote


class Uptake(StrEnum):
    """What became of an announced theme."""

    TAKEN_UP = "taken up"  # more people than there would have been say it from then on
    SAID_LESS = "said less"
    ANYWAY = "spoken of anyway"  # a doubling would have been seen, and there was none
    FLAT = "fell flat"  # at most one person in a hundred says it
    UNSEEN = "could not have been seen"
    SPOKEN = "spoken of"  # where no day is known, no more can be said
    NEVER = "never said"


@dataclass(frozen=True, slots=True)
class AnnouncedTheme:
    """A theme that a plan names.

    Attributes:
        id: of the theme of the corpus; "" for words that are none.
        label: what it is called in the corpus, or as the plan writes it.
        labels: language -> label.
        places: where the plan names it, the first few.
        day: first day on which it is announced (ISO), or None.
        answer: what became of it.
        before: share of people who say it in the six periods before that day; None where no day is known, or withheld.
        after: the same after it; over the whole span where no day is known.
        ratio: after over what a line through the periods before leads to; with the false-discovery rate where a claim is made.
        detectable: the smallest ratio that would have been seen four times in five; None where nothing was tested.
        people: distinct people who ever say it; None where 1 to 4 do.
        quotes: up to two, where it was taken up.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    places: tuple[str, ...]
    day: str | None
    answer: Uptake
    before: Estimate | None
    after: Estimate | None
    ratio: Estimate | None
    detectable: float | None
    people: int | None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda(Plain):
    """Announced against said.

    Attributes:
        file: name of the plan.
        lines: it has.
        days: on which its themes are announced, where that is known (ISO, rising).
        step: length of the periods around them, or None.
        themes: that it names: those taken up first, those never said last.
        installed: themes that came In though the plan does not name them, the strongest first.
        voice_before: share of announced themes in all that people speak of, before the first day; None without one.
        voice: the same after it, or over the whole span.
        notices: what has to be said of the plan.
        coverage: what the claims stand on.
        provenance: what made them.
    """

    file: str
    lines: int
    days: tuple[str, ...]
    step: str | None
    themes: tuple[AnnouncedTheme, ...]
    installed: tuple[Movement, ...]
    voice_before: Estimate | None
    voice: Estimate | None
    notices: tuple[Notice, ...]
    coverage: Coverage = field(repr=False)
    provenance: Provenance = field(repr=False)
