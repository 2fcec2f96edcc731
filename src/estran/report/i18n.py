"""Words, numbers and dates in the language of the reader, English or French.

Sentences are gettext messages whose identifier is the English sentence; the French ones stand in
`locale/fr/LC_MESSAGES/estran.po`, compiled beside it. Facts go in by name, as in `say("since {period}", period=...)`.
"""

from __future__ import annotations

import functools
import gettext
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estran.findings import Estimate

LANGUAGES = ("en", "fr")
"""Languages a report can be written in."""

LOCALE = Path(__file__).parent / "locale"

THIN = "\N{NARROW NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
NOTHING = "\N{EM DASH}"

MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip
PERIOD = re.compile(r"(?P<year>\d{4})-(?:(?P<kind>[HQW])(?P<part>\d{1,2})|(?P<month>\d{2}))")
PARTS = {"en": {"H": "H", "Q": "Q"}, "fr": {"H": "S", "Q": "T"}}  # semestre, trimestre

LARGEST_RATIO = 100
"""Ratios past it say no more than "a hundred times": the smaller share is then next to nothing."""


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("estran", LOCALE, languages=[language])


@dataclass(frozen=True, slots=True)
class Words:
    """A reader's language: sentences, numbers, shares, ratios, periods and dates.

    Attributes:
        language: one of `LANGUAGES`.

    Raises:
        ValueError: the language is none of them.
    """

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(
                f"a report is written in one of {', '.join(LANGUAGES)}, not in {self.language!r}"
            )

    def text(self, sentence: str) -> str:
        """The sentence in the reader's language, its places for facts still open."""
        return _catalogue(self.language).gettext(sentence) if sentence else ""

    def say(self, sentence: str, **facts: object) -> str:
        """The sentence in the reader's language, with its facts; an integer is written with its thousands."""
        return self.text(sentence).format(**self._written(facts))

    def count(self, one: str, many: str, number: int, **facts: object) -> str:
        """The sentence that fits a number of things, written at `{n}`."""
        chosen = _catalogue(self.language).ngettext(one, many, number)
        return chosen.format(n=self.number(number), **self._written(facts))

    def _written(self, facts: dict[str, object]) -> dict[str, object]:
        whole = {k: self.number(v) for k, v in facts.items() if isinstance(v, int)}
        return facts | whole

    def number(self, value: float, digits: int = 0) -> str:
        """A number with its thousands apart: 41,208 or 41 208."""
        if not math.isfinite(value):
            return NOTHING
        written = f"{value:,.{digits}f}"
        return written if self.language == "en" else written.replace(",", THIN).replace(".", ",")

    def _percent(self, written: str) -> str:
        return f"{written}%" if self.language == "en" else f"{written}{THIN}%"

    def share(self, value: float) -> str:
        """A share (0-1) in per cent, one decimal, two under 1 %: 12.3% or 12,3 %."""
        if not math.isfinite(value):
            return NOTHING
        if 0 < value < 0.0001:
            return "<\N{NO-BREAK SPACE}" + self._percent(self.number(0.01, 2))
        digits = 0 if value == 0 else 2 if value < 0.00995 else 1
        return self._percent(self.number(100 * value, digits))

    def rate(self, value: float) -> str:
        """A false-discovery rate (0-1): 0.4%, below 0.1 % no closer than that; whole per cents bare: 5%."""
        if value < 0.001:
            return "<\N{NO-BREAK SPACE}" + self._percent(self.number(0.1, 1))
        whole = math.isclose(100 * value, round(100 * value), abs_tol=1e-9)
        return self._percent(self.number(100 * value, 0 if whole else 1))

    def ratio(self, value: float) -> str:
        """A change: ×3.2 when it grew, ÷3.2 when it shrank; ×100+ past a hundred."""
        if math.isnan(value) or value < 0:
            return NOTHING
        sign, size = ("×", value) if value >= 1 else ("÷", 1 / value if value else math.inf)
        if size >= LARGEST_RATIO:
            return f"{sign}{LARGEST_RATIO}+"
        return sign + self.number(size, 0 if size >= 9.95 else 1)

    def between(self, estimate: Estimate, *, ratio: bool = False) -> str:
        """The interval of an estimate: 3.1% – 4.9%, or ×2.1 – ×4.9; the end nearest to no change stands first."""
        write = self.ratio if ratio else self.share
        ends = (estimate.low, estimate.high)
        if ratio and estimate.value < 1:
            ends = (estimate.high, estimate.low)
        return f"{write(ends[0])} {DASH} {write(ends[1])}"

    def period(self, label: str) -> str:
        """A period as people of the language write it: March 2024, 2024-Q1, mars 2024, 2024-T1, 2024-S1."""
        found = PERIOD.fullmatch(label)
        if found is None:
            return label
        year, kind = found["year"], found["kind"]
        if kind is None:
            month = int(found["month"])
            return f"{MONTHS[self.language][month - 1]} {year}" if 1 <= month <= 12 else label
        if kind == "W":
            return self.say("{year}, week {week}", year=year, week=int(found["part"]))
        return f"{year}-{PARTS[self.language][kind]}{found['part']}"

    def day(self, iso: str) -> str:
        """An ISO day, or the day of an ISO moment, as people write it: 12 March 2024, 1er mars 2024."""
        found = re.match(r"(\d{4})-(\d{2})-(\d{2})", iso)
        if found is None or not 1 <= int(found[2]) <= 12:
            return iso
        day = "1er" if self.language == "fr" and found[3] == "01" else str(int(found[3]))
        return f"{day} {MONTHS[self.language][int(found[2]) - 1]} {found[1]}"


def sentence(english: str) -> str:
    """The same sentence; marks it for the catalogue where it is only said later."""
    return english
