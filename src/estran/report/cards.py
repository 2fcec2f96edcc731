"""What the cards of a page ask for: the pictures and tables of themes, in the reader's language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estran.report import charts, footnotes, links, river, sentences
from estran.report.i18n import LARGEST_RATIO, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from estran.findings import Answer, Estimate, Link, Movement

CARDS = 24
"""Themes of a list that get a card; the others stand in a table below."""

LONG = 120
"""Periods past which half as many themes get a card: each has a table of all of them, and a page must stay light."""

ROWS = 200
"""Rows of a table; what does not fit is counted, and stands in full in the JSON."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A link between two themes, as a row of a table."""

    earlier: str
    later: str
    movement: Movement
    link: Link


@dataclass(frozen=True, slots=True)
class River:
    """A river as the page shows it: the picture, the names of its lanes, and its table twin."""

    picture: Markup
    lanes: tuple[tuple[str, str, str], ...]  # (css class, language, name)
    flows: tuple[Flow, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Cards:
    """The pictures and tables of themes.

    Attributes:
        words: the reader's language.
        moved: the themes whose changes are drawn beside each other.
        found: what the page shows.
    """

    words: Words
    moved: Sequence[Movement]
    found: Answer

    def _room(self) -> int:
        longest = max((len(m.curve.periods) for m in self.moved), default=0)
        return CARDS if longest <= LONG else CARDS // 2

    def cards(self, themes: Sequence[Movement]) -> Sequence[Movement]:
        """Themes that get a card."""
        return themes[: self._room()]

    def rest(self, themes: Sequence[Movement]) -> Sequence[Movement]:
        """Themes that stand in the table below the cards."""
        return themes[self._room() : self._room() + ROWS]

    def unseen(self, themes: Sequence[Movement], shown: int = 0) -> int:
        """How many themes are left to the JSON, past the first `shown` and a full table."""
        return max(len(themes) - shown - ROWS, 0)

    def table(self, themes: Sequence[Movement]) -> Sequence[Movement]:
        """Themes that stand in a table of their own."""
        return themes[:ROWS]

    def tongue(self, movement: Movement) -> str:
        """The language of the headline, for the reader's voice; empty where it is not known."""
        return self.language(movement.labels, sentences.headline(self.words, movement))

    def whisker(self, movement: Movement, column: str) -> Markup:
        """The change of a theme beside those of all the others."""
        label = self.words.say("between {interval}", interval=self.words.between(movement.change, ratio=True))
        return charts.whisker(movement.change, label=label, column=column, largest=self._largest_change())

    def _largest_change(self) -> float:
        ends = [
            max(end, 1 / end)
            for m in self.moved
            for end in (m.change.low, m.change.high)
            if end > 0 and math.isfinite(end)
        ]
        return min(max(ends, default=1.0), LARGEST_RATIO)

    def spark(self, movement: Movement, column: str) -> Markup:
        """The small curve of a theme."""
        label = self._curve_in_words(movement)
        return charts.spark(movement.curve, label=label, column=column, since=movement.since)

    def chart(self, movement: Movement, column: str) -> Markup:
        """The same curve larger, with its values."""
        hover = [
            f"{period}: {share} ({interval}), {sentences.voices(self.words, people)}"
            for (period, share, interval, _), people in zip(
                self.figures(movement), movement.curve.people, strict=True
            )
        ]
        label = self._curve_in_words(movement)
        return charts.chart(movement.curve, label=label, column=column, hover=hover, since=movement.since)

    def top(self, movement: Movement) -> float:
        """The share at the upper edge of the large curve."""
        return charts.frame_of(movement.curve, height=1, round_up=True).top

    def _curve_in_words(self, movement: Movement) -> str:
        periods = movement.curve.periods
        if not periods:
            return self.words.say("No period to show")
        return self.words.say(
            "{theme}: share of people per period, from {before} to {after}, {first} to {last}. {shape}.",
            theme=sentences.headline(self.words, movement),
            before=self.words.share(movement.before.value),
            after=self.words.share(movement.after.value),
            first=self.words.period(periods[0]),
            last=self.words.period(periods[-1]),
            shape=sentences.shape(self.words, movement),
        )

    def figures(self, movement: Movement) -> list[tuple[str, str, str, str]]:
        """(period, share, interval, people) of each period: the table twin of the curve."""
        curve, words = movement.curve, self.words
        return [
            (
                words.period(period),
                words.share(share),
                f"{words.share(low)} – {words.share(high)}",
                words.say("withheld") if people is None else words.number(people),
            )
            for period, share, low, high, people in zip(
                curve.periods, curve.share, curve.low, curve.high, curve.people, strict=True
            )
        ]

    def sides(self, movement: Movement) -> list[tuple[str, Estimate, Markup]]:
        """(side, share, bar) of the sides that are known, on one axis."""
        known = [(s, e) for s, e in (("inside", movement.inside), ("outside", movement.outside)) if e]
        top = max((e.high for _, e in known), default=1.0)
        return [(name, e, self._side_bar(name, e, top)) for name, e in known]

    def _side_bar(self, name: str, estimate: Estimate, top: float) -> Markup:
        label = f"{sentences.side(self.words, name)}: {self.words.share(estimate.value)} ({self.words.between(estimate)})"
        return charts.bar(estimate, label=label, css=f"side {name}", top=top)

    def language(self, labels: Mapping[str, str], label: str) -> str:
        """The language of a label, for the reader's voice; empty where it is not known."""
        own = [code for code, form in labels.items() if form == label]
        return self.words.language if self.words.language in own else (own[0] if own else "")

    def overlay(self, movement: Movement, link: Link) -> Markup:
        """The curves of a theme and of one that came in its place, on one axis."""
        label = self.words.say(
            "Share of people per period: {earlier} from {before} to {after}, {later} from {then} to {now}.",
            earlier=sentences.headline(self.words, movement),
            before=self.words.share(movement.before.value),
            after=self.words.share(movement.after.value),
            later=sentences.headline(self.words, link),
            then=self.words.share(_ends(link)[0]),
            now=self.words.share(_ends(link)[1]),
        )
        return charts.overlay(movement.curve, link.curve, label=label)

    def every(self, movement: Movement) -> int:
        """Which periods the table of successors has: every one, or every so many of a long curve."""
        return max(math.ceil(len(movement.curve.periods) / LONG), 1)

    def beside(self, movement: Movement) -> list[tuple[str, list[str]]]:
        """(period, shares) of a theme and of each that may have taken its place: the table twin of the overlays."""
        columns = [
            dict(zip(curve.periods, curve.share, strict=True))
            for curve in (movement.curve, *(link.curve for link in movement.successors))
        ]
        return [
            (self.words.period(period), [self.words.share(c.get(period, math.nan)) for c in columns])
            for period in movement.curve.periods[:: self.every(movement)]
        ]

    def rivers(self, themes: Sequence[Movement]) -> list[River]:
        """Who took over from whom."""
        known = {m.id: m for m in themes}
        return [self._river(found, known) for found in river.rivers(themes)]

    def flows(self, themes: Sequence[Movement]) -> list[Flow]:
        """The links of themes, as many as a table has rows: the table twin of the rivers, and more."""
        return [
            Flow(sentences.headline(self.words, m), sentences.headline(self.words, link), m, link)
            for m in themes
            for link in m.successors
        ][:ROWS]

    def _river(self, found: river.River, known: Mapping[str, Movement]) -> River:
        names = [sentences.headline(self.words, lane) for lane in found.lanes]
        flows = tuple(
            Flow(names[f.earlier], names[f.later], known[found.lanes[f.earlier].id], f.link)
            for f in found.flows
        )
        said = "; ".join(
            self.words.say("{theme}: {link}", theme=f.earlier, link=links.shortly(self.words, f.link))
            for f in flows
        )
        hover = [
            [
                f"{name}, {self.words.period(period)}: {self.words.share(share)}"
                for period, share in zip(lane.curve.periods, lane.curve.share, strict=True)
            ]
            for name, lane in zip(names, found.lanes, strict=True)
        ]
        label = self.words.say("Who took over from whom. {flows}.", flows=said)
        periods = found.lanes[0].curve.periods
        return River(
            river.draw(found, label=label, hover=hover),
            tuple(
                (lane.css, self.language(lane.labels, name), name)
                for name, lane in zip(names, found.lanes, strict=True)
            ),
            flows,
            self.words.period(periods[0]) if periods else "",
            self.words.period(periods[-1]) if periods else "",
        )

    def card_of(self, link: Link) -> str:  # noqa: ARG002  a page that has cards of what came in says which
        """The card of the later theme, where it has one."""
        return ""

    def method(self) -> list[tuple[str, str]]:
        """The footnotes, with the figures of this tour."""
        return footnotes.method(self.words, self.found)

    def settings(self) -> list[tuple[str, str]]:
        """Settings as they were, written plainly."""
        written = self.found.provenance.settings.items()
        return [
            (name, ", ".join(map(str, v)) if isinstance(v, list | tuple | set) else str(v))
            for name, v in written
        ]


def _ends(link: Link) -> tuple[float, float]:
    known = [share for share in link.curve.share if math.isfinite(share)]
    return (known[0], known[-1]) if known else (math.nan, math.nan)
