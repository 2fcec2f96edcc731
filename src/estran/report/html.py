"""The tour as one HTML file: no network, no script; light and dark, on a phone, on paper, read aloud."""

from __future__ import annotations

import functools
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from estran.report import charts, sentences
from estran.report.i18n import LARGEST_RATIO, NOTHING, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.findings import Estimate, Movement, Tour

CARDS = 24
"""Themes of a list that get a card; the others stand in a table below."""

LONG = 120
"""Periods past which half as many themes get a card: each has a table of all of them, and a page must stay light."""

ROWS = 200
"""Rows of a table; what does not fit is counted, and stands in full in the JSON."""

SOURCES = 8
"""Sources with a strip of their own; the smaller ones share one."""


def to_html(tour: Tour, *, language: str = "en") -> str:
    """The tour as one self-contained HTML file, in the reader's language.

    Raises:
        ValueError: no report is written in that language.
    """
    words = Words(language)
    page = _environment().get_template("report.html")
    view = View(words, tour)
    return page.render(view=view, tour=tour, words=words, say=words.say, count=words.count, says=sentences)


def to_notebook(tour: Tour, *, language: str = "en") -> str:
    """The same page in a frame of its own, for a notebook cell: its style and the notebook's do not mix."""
    title = Words(language).say("Estran tour")
    frame = Markup('<iframe title="{}" srcdoc="{}" width="100%" height="800"></iframe>')
    return str(frame.format(title, to_html(tour, language=language)))


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("estran.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _known(side: str | None) -> str:
    return side if side in sentences.SIDES else ""


@dataclass(frozen=True, slots=True)
class Strip:
    """Messages per period of one source, as a picture; `notes` say what happened to it."""

    name: str
    notes: tuple[str, ...]
    messages: int
    picture: Markup


@dataclass(frozen=True, slots=True)
class View:
    """What the template asks for: the pictures and tables of a tour, in the reader's language."""

    words: Words
    tour: Tour

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        """The tour in one sentence, in pieces."""
        return sentences.summary(self.words, self.tour)

    def columns(self) -> tuple[tuple[str, str, tuple[Movement, ...]], ...]:
        """The two lists of the board: (css class, title, themes)."""
        return (("in", "In", self.tour.coming_in), ("out", "Out", self.tour.going_out))

    def cards(self, themes: Sequence[Movement]) -> Sequence[Movement]:
        """Themes that get a card."""
        return themes[: self._room()]

    def _room(self) -> int:
        return CARDS if len(self.tour.coverage.periods) <= LONG else CARDS // 2

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
        first = sentences.headline(self.words, movement)
        own = [code for code, label in movement.labels.items() if label == first]
        return self.words.language if self.words.language in own else (own[0] if own else "")

    def whisker(self, movement: Movement, column: str) -> Markup:
        """The change of a theme beside those of all the others."""
        label = self.words.say("between {interval}", interval=self.words.between(movement.change, ratio=True))
        return charts.whisker(movement.change, label=label, column=column, largest=self._largest_change())

    def _largest_change(self) -> float:
        ends = [
            max(end, 1 / end)
            for m in (*self.tour.coming_in, *self.tour.going_out)
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
            f"{period}: {share} ({interval}), {people}"
            for period, share, interval, people in self.figures(movement)
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
                sentences.voices(words, people),
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

    def strips(self) -> list[Strip]:
        """Messages per period: all of them, then each source."""
        counted = self._counted()
        if not counted:
            return []
        everything: Counter[tuple[str, str]] = Counter()
        for cells in counted.values():
            everything.update(cells)
        whole = [self._strip(self.words.say("All messages"), (), everything)]
        return whole + [self._strip(name, self._notes(name), cells) for name, cells in counted.items()]

    def _counted(self) -> dict[str, Counter[tuple[str, str]]]:
        """Source -> (period, side) -> messages, the largest source first, the smallest under one name."""
        by_source: dict[str, Counter[tuple[str, str]]] = {}
        for v in self.tour.coverage.volumes:
            by_source.setdefault(v.source, Counter())[v.period, _known(v.side)] += v.messages
        ordered = dict(sorted(by_source.items(), key=lambda item: -item[1].total()))
        names = list(ordered)
        if len(names) <= SOURCES:
            return ordered
        others: Counter[tuple[str, str]] = Counter()
        for name in names[SOURCES - 1 :]:
            others.update(ordered.pop(name))
        return ordered | {self.words.say("other sources"): others}

    def _notes(self, source: str) -> tuple[str, ...]:
        starts = self.words.text("starts in {period}")
        stops = self.words.text("silent after {period}")
        said = {"source-new": starts, "source-silent": stops}
        return tuple(
            said[n.kind].format(period=self.words.period(str(n.facts["period"])))
            for n in self.tour.coverage.notices
            if n.kind in said and n.facts.get("source") == source and "period" in n.facts
        )

    def _strip(self, name: str, notes: tuple[str, ...], cells: Counter[tuple[str, str]]) -> Strip:
        periods = self.tour.coverage.periods
        sides = [s for s in ("inside", "outside", "") if any(side == s for _, side in cells)]
        layers = [(s or "unknown", [cells[p, s] for p in periods]) for s in sides]
        hover = []
        for i, period in enumerate(periods):
            parts = [
                f"{sentences.side(self.words, s)} {self.words.number(c[i])}"
                for s, (_, c) in zip(sides, layers, strict=True)
            ]
            hover.append(f"{self.words.period(period)}: {', '.join(parts)}")
        total = cells.total()
        label = self.words.say(
            "{source}: {messages} messages, per period and side", source=name, messages=total
        )
        return Strip(name, notes, total, charts.stacks(layers, label=label, hover=hover))

    def volumes(self) -> list[tuple[str, str, str, str, str]]:
        """(period, source, side, messages, people): the table twin of the strips."""
        return [
            (
                self.words.period(v.period),
                v.source,
                sentences.side(self.words, v.side),
                self.words.number(v.messages),
                self.words.number(v.people),
            )
            for v in self.tour.coverage.volumes
        ]

    def known_sides(self) -> list[str]:
        """Sides that have messages, for the key of the strips."""
        have = {_known(v.side) for v in self.tour.coverage.volumes}
        return [s for s in ("inside", "outside", "") if s in have]

    def languages(self) -> str:
        """Languages and their part of the messages."""
        total = sum(self.tour.coverage.languages.values())
        return ", ".join(
            f"{sentences.tongue(self.words, code)} {self.words.share(n / total) if total else NOTHING}"
            for code, n in self.tour.coverage.languages.items()
        )

    def span(self) -> str:
        """First to last period."""
        periods = self.tour.coverage.periods
        if not periods:
            return NOTHING
        return f"{self.words.period(periods[0])} – {self.words.period(periods[-1])}"

    def method(self) -> list[tuple[str, str]]:
        """The footnotes, with the figures of this tour."""
        return sentences.method(self.words, self.tour)

    def settings(self) -> list[tuple[str, str]]:
        """Settings as they were, written plainly."""
        written = self.tour.provenance.settings.items()
        return [
            (name, ", ".join(map(str, v)) if isinstance(v, list | tuple | set) else str(v))
            for name, v in written
        ]
