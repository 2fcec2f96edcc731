"""The tour as one HTML file: no network, no script; light and dark, on a phone, on paper, read aloud."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from markupsafe import Markup

from estran.findings import Report, Successions
from estran.report import charts, links, notices, sentences, why
from estran.report.cards import Cards
from estran.report.faces import face_of
from estran.report.i18n import NOTHING, Words
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings import Answer, Link, Movement, Tour
    from estran.report.cards import River
    from estran.report.faces import Face

SOURCES = 8
"""Sources with a strip of their own; the smaller ones share one."""


def to_html(found: Answer, *, language: str = "en") -> str:
    """An answer as one self-contained HTML file in the reader's language.

    Raises:
        ValueError: no report is written in that language.
    """
    words = Words(language)
    face = face_of(found)
    if face is not None:
        return str(
            filled(
                "answer.html",
                words,
                view=Covered(words, (), found),
                found=found,
                face=face,
                faces=[face.name],
                notes=face.method(words, found),
            )
        )
    view: Covered
    parts: tuple[Answer, ...] = ()
    left_out: Mapping[str, str] = {}
    if isinstance(found, Report):
        parts, left_out, found = found.parts, found.left_out, found.tour
    if isinstance(found, Successions):
        page, view = "succession.html", Covered(words, found.going_out, found)
    else:
        tour = cast("Tour", found)
        page, view = "report.html", View(words, (*tour.coming_in, *tour.going_out), tour, tour)
    told = [(cast("Face", face_of(part)), part) for part in parts]
    return str(
        filled(
            page,
            words,
            view=view,
            found=found,
            tour=found,
            whys=why,
            links=links,
            parts_of_report=told,
            faces=[face.name for face, _ in told],
            notes=[*view.method(), *(note for face, part in told for note in face.method(words, part))],
            left_out=left_out,
        )
    )


def to_notebook(found: Answer, *, language: str = "en") -> str:
    """The same page in a frame of its own, for a notebook cell: its style and the notebook's do not mix."""
    words = Words(language)
    face = face_of(found)
    title = face.title(words, found) if face is not None else words.say("Estran tour")
    if isinstance(found, Successions):
        title = words.say("What came in the place of what")
    frame = Markup('<iframe title="{}" srcdoc="{}" width="100%" height="800"></iframe>')
    return str(frame.format(title, to_html(found, language=language)))


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
class Covered(Cards):
    """The pictures and tables of what the claims stand on."""

    def notices(self) -> list[tuple[bool, str]]:
        """What must be known before: (whether it bears on the trends, sentence)."""
        return notices.notices(self.words, self.found)

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
        for v in self.found.coverage.volumes:
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
            for n in self.found.coverage.notices
            if n.kind in said and n.facts.get("source") == source and "period" in n.facts
        )

    def _strip(self, name: str, notes: tuple[str, ...], cells: Counter[tuple[str, str]]) -> Strip:
        periods = self.found.coverage.periods
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
            for v in self.found.coverage.volumes
        ]

    def known_sides(self) -> list[str]:
        """Sides that have messages, for the key of the strips."""
        have = {_known(v.side) for v in self.found.coverage.volumes}
        return [s for s in ("inside", "outside", "") if s in have]

    def languages(self) -> str:
        """Languages and their part of the messages."""
        total = sum(self.found.coverage.languages.values())
        return ", ".join(
            f"{sentences.tongue(self.words, code)} {self.words.share(n / total) if total else NOTHING}"
            for code, n in self.found.coverage.languages.items()
        )

    def span(self) -> str:
        """First to last period."""
        periods = self.found.coverage.periods
        if not periods:
            return NOTHING
        return f"{self.words.period(periods[0])} – {self.words.period(periods[-1])}"


@dataclass(frozen=True, slots=True)
class View(Covered):
    """What the template asks for: the pictures and tables of a tour, in the reader's language."""

    tour: Tour

    def card_of(self, link: Link) -> str:
        """The card of the later theme, where it has one."""
        for css, _, themes, _ in self.columns():
            for i, theme in enumerate(self.cards(themes), 1):
                if theme.id == link.id:
                    return f"{css}-{i}"
        return ""

    def rivers_shown(self) -> list[River]:
        """Who took over from whom, of the themes that have a card."""
        return self.rivers(self.cards(self.tour.going_out))

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        """The tour in one sentence, in pieces."""
        return sentences.summary(self.words, self.tour)

    def columns(self) -> tuple[tuple[str, str, tuple[Movement, ...], int], ...]:
        """The two lists of the board: (css class, title, themes shown, how many there are)."""
        tour, found = self.tour, self.tour.provenance.lists
        return (
            ("in", "In", tour.coming_in, found.get("coming_in", 0)),
            ("out", "Out", tour.going_out, found.get("going_out", 0)),
        )
