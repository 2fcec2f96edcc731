"""What each unit says more or less than the rest: small multiples of one scale, and the same as tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.findings import Curve
from estran.report import charts
from estran.report.blocks import blocks
from estran.report.faces import Face, footnoted
from estran.report.i18n import DASH, NOTHING, sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.sentences import headline
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Organisation, ThemeByUnit, UnitCompared, UnitShare
    from estran.report.i18n import Words

VERDICTS = {
    "more": sentence("says it more"),
    "less": sentence("says it less"),
    "alike": sentence("like the rest"),
    "open": sentence("too close to call"),
    "not enough": sentence("not enough"),
    "withheld": sentence("withheld"),
}
"""What can be said of a theme in a unit."""

MOST = 16
"""Units of a theme that a face shows."""

LISTED = 40
"""Units in the list of units."""

METHOD = (
    (
        sentence("Unit against the rest"),
        sentence(
            "A person counts once in a unit, whatever they say how often, and is compared with people of the rest who speak as "
            "much, in the same language and in the same third of the span. A unit differs where dealing out the units at "
            "random among such people would hardly ever give a difference as large; people who say a theme in one "
            "conversation count for less. Over all themes and units, at most the stated share of what is claimed is false."
        ),
    ),
    (
        sentence("Names of today"),
        sentence(
            "What somebody said stays with the unit that they worked in when they said it. A unit that was renamed or moved is "
            "one, under its present name: a rename is neither a trend nor a difference."
        ),
    ),
    (
        sentence("Withheld"),
        sentence(
            "A figure is withheld where 1 to 4 people stand behind it, and where it would tell of so few by subtraction from "
            "figures of other units and of the whole. Whether a unit differs is still said then."
        ),
    ),
)


def _title(words: Words, found: Organisation) -> str:
    if found.unit:
        return words.say("What the units of {unit} say more and less", unit=found.unit)
    return words.say("What each unit says more and less")


def _summary(words: Words, found: Organisation) -> str:
    compared = sum(unit.compared > 0 for unit in found.units)
    if not found.units:
        return words.say("No unit is known, so there is nothing to compare.")
    if compared < 2 and not found.found:
        return words.say("Fewer than two units have people enough to be compared.")
    if not found.found:
        return words.say("No unit says any theme more or less than the rest, as far as these data can show.")
    first = next((theme for theme in found.themes if theme.differs), None)
    themes = found.provenance.lists.get("differ", 0)
    if first is None:
        return words.count("{n} theme differs between units.", "{n} themes differ between units.", themes)
    return words.count(
        "{n} theme differs between units: {theme}.",
        "{n} themes differ between units, most of all {theme}.",
        themes,
        theme=headline(words, first),
    )


def verdict(words: Words, share: UnitShare) -> str:
    """What can be said of a theme in a unit."""
    return words.text(VERDICTS[share.verdict])


def ratio(words: Words, share: UnitShare) -> str:
    """Unit over rest with its interval, where it may be told."""
    if share.ratio is None or math.isnan(share.ratio.value):
        return NOTHING
    return f"{words.ratio(share.ratio.value)} ({words.between(share.ratio, ratio=True)})"


def shares(words: Words, share: UnitShare) -> tuple[str, str]:
    """The shares of the unit and of the rest, where they may be told."""
    if share.share is None or share.rest is None:
        return words.say("withheld"), words.say("withheld")
    return words.share(share.share.value), words.share(share.rest.value)


def against(words: Words, share: UnitShare) -> str:
    """The share of the unit beside that of the rest."""
    own, rest = shares(words, share)
    return words.say("{share} against {rest}", share=own, rest=rest)


def facts(words: Words, found: Organisation) -> Iterator[str]:
    """What else is to be known of the answer."""
    if found.tested:
        yield words.say(
            "{found} of {tested} pairs of a theme and a unit differ; at most {rate} of them falsely.",
            found=found.found, tested=found.tested, rate=words.rate(found.provenance.false_discovery_rate),
        )  # fmt: skip
    if found.withheld:
        yield words.count(
            "{n} figure is withheld, as fewer than five people stand behind it or could be told by subtraction.",
            "{n} figures are withheld, as fewer than five people stand behind them or could be told by subtraction.",
            found.withheld,
        )
    if found.unknown:
        yield words.count(
            "{n} message comes from no known unit.", "{n} messages come from no known unit.", found.unknown
        )


def unit_name(path: str) -> str:
    """The last step of a path."""
    return path.rpartition("/")[2]


def shown_units(theme: ThemeByUnit) -> tuple[UnitShare, ...]:
    """The units of a theme that a face shows: all where they are few, else those that differ most, then the others."""
    if len(theme.units) <= MOST:
        return theme.units
    return tuple(sorted(theme.units, key=_apart)[:MOST])


def _apart(unit: UnitShare) -> tuple[int, float]:
    claimed = unit.verdict in {"more", "less"}
    told = (
        abs(math.log(min(max(unit.ratio.value, 1e-9), 1e9))) if unit.ratio and unit.ratio.value >= 0 else 0.0
    )
    return (0 if claimed else 1 if unit.share is not None else 2, -told if claimed else 0.0)


def left_out(words: Words, theme: ThemeByUnit) -> str:
    """How many units are not shown; "" where all are."""
    left = len(theme.units) - len(shown_units(theme))
    if not left:
        return ""
    return words.count(
        "{n} more unit is in the JSON of this answer.", "{n} more units are in the JSON of this answer.", left
    )


def largest_units(found: Organisation) -> tuple[UnitCompared, ...]:
    """The units that a face lists: all where they are few, else those of most people, in the order they have."""
    if len(found.units) <= LISTED:
        return found.units
    largest = sorted(found.units, key=lambda unit: -(unit.people or 0))[:LISTED]
    return tuple(unit for unit in found.units if unit in largest)


def _people(words: Words, unit: UnitCompared) -> str:
    return words.say("withheld") if unit.people is None else words.number(unit.people)


def _span(words: Words, window: tuple[str, str]) -> str:
    first, last = map(words.period, window)
    return first if first == last else f"{first} {DASH} {last}"


def _finite(curve: tuple[float | None, ...]) -> list[float]:
    return [math.nan if share is None else share for share in curve]


def _top(theme: ThemeByUnit) -> float:
    """The largest share of all curves of a theme: they are drawn on one scale."""
    return max((s for unit in theme.units for s in unit.curve if s is not None), default=0.0)


def _shown(words: Words, found: Organisation, top: int | None) -> Iterator[RenderableType]:
    if found.units:
        grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        grid.add_column(words.say("unit"), overflow="fold")
        for head in (words.say("people"), words.say("says more"), words.say("says less")):
            grid.add_column(head, justify="right")
        for unit in largest_units(found):
            many = (_people(words, unit), *map(words.number, (unit.more, unit.less)))
            grid.add_row(
                Line(unit_name(unit.path)), *map(Line, many if unit.compared else (many[0], NOTHING, NOTHING))
            )
        yield grid
    for theme in found.themes[:top]:
        yield Group(Line(headline(words, theme), "bold"), _units(words, theme))
    left = len(found.themes) - len(found.themes[:top])
    if left:
        yield Line(words.count("and {n} more", "and {n} more", left), "dim")
    yield Group(*(Line(fact, "dim") for fact in facts(words, found)))


def _units(words: Words, theme: ThemeByUnit) -> RenderableType:
    grid = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    grid.add_column(overflow="fold")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    largest = _top(theme)
    for unit in shown_units(theme):
        claimed = unit.verdict in {"more", "less"}
        told = Line(verdict(words, unit), "bold" if claimed else "dim")
        if unit.ratio is not None and claimed:
            told.append(f" {words.ratio(unit.ratio.value)}")
        if unit.share is not None:
            told.append(f"  {against(words, unit)}", "not bold dim")
        curve = blocks(_finite(unit.curve), largest=largest) if unit.curve else ""
        grid.add_row(Line(unit_name(unit.unit)), Line(curve), told)
    left = left_out(words, theme)
    return Group(grid, Line(f"  {left}", "dim")) if left else grid


def _markdown(words: Words, found: Organisation) -> Iterator[str]:
    if found.units:
        head = [words.say("unit"), words.say("people"), words.say("says more"), words.say("says less")]
        rows = (
            [plain(unit.path), _people(words, unit), *map(words.number, (unit.more, unit.less))]
            for unit in largest_units(found)
        )
        yield from table(head, rows)
    for theme in found.themes:
        yield f"### {plain(headline(words, theme))}"
        yield ""
        largest = _top(theme)
        rows = (
            [
                plain(unit.unit),
                verdict(words, unit),
                ratio(words, unit),
                *shares(words, unit),
                blocks(_finite(unit.curve), largest=largest) if unit.curve else NOTHING,
            ]
            for unit in shown_units(theme)
        )
        yield from table(_head(words), rows)
        if left_out(words, theme):
            yield left_out(words, theme)
            yield ""
    for fact in facts(words, found):
        yield fact
        yield ""


def _head(words: Words) -> list[str]:
    return [
        words.say("unit"), words.say("against the rest"), words.say("ratio"), words.say("share of people"),
        words.say("share of the rest"), words.say("over time"),
    ]  # fmt: skip


def _html(words: Words, found: Organisation) -> Markup:
    return filled("organisation.html", words, found=found, view=_View(words, found))


class _View:
    """What the page shows of the answer."""

    def __init__(self, words: Words, found: Organisation) -> None:
        self._words, self._found = words, found
        self.head = _head(words)
        self.facts = tuple(facts(words, found))
        self.spans = tuple(_span(words, window) for window in found.windows)

    def units(self, theme: ThemeByUnit) -> tuple[UnitShare, ...]:
        """Those that are shown."""
        return shown_units(theme)

    def left_out(self, theme: ThemeByUnit) -> str:
        """How many are not."""
        return left_out(self._words, theme)

    def listed(self) -> tuple[UnitCompared, ...]:
        """The units of the list."""
        return largest_units(self._found)

    def headline(self, theme: ThemeByUnit) -> str:
        """What a theme is called."""
        return headline(self._words, theme)

    def name(self, path: str) -> str:
        """The last step of a path."""
        return unit_name(path)

    def people(self, unit: UnitCompared) -> str:
        """How many speak in it."""
        return _people(self._words, unit)

    def verdict(self, share: UnitShare) -> str:
        """What can be said."""
        return verdict(self._words, share)

    def ratio(self, share: UnitShare) -> str:
        """Unit over rest."""
        return ratio(self._words, share)

    def shares(self, share: UnitShare) -> tuple[str, str]:
        """Unit and rest."""
        return shares(self._words, share)

    def against(self, share: UnitShare) -> str:
        """The unit beside the rest."""
        return against(self._words, share)

    def picture(self, theme: ThemeByUnit, unit: UnitShare) -> Markup:
        """The curve of the unit, and that of all units dashed, on one scale for all units of the theme."""
        words, flat = self._words, (None,) * len(self._found.windows)
        whole, own = (
            Curve(self.spans, shared := tuple(_finite(curve)), shared, shared, flat)
            for curve in (theme.curve, unit.curve)
        )
        top = max(_top(theme), *(s for s in theme.curve if s is not None), 0.0)
        said = words.say(
            "{theme} in {unit}: {verdict}; the dashed line is all units together",
            theme=headline(words, theme), unit=unit.unit, verdict=verdict(words, unit),
        )  # fmt: skip
        return charts.overlay(whole, own, label=said, top=top)

    def points(self, unit: UnitShare) -> list[str]:
        """The share in each window, as a table has it."""
        return [NOTHING if share is None else self._words.share(share) for share in unit.curve]


FACE = Face("organisation", _title, _summary, _shown, _markdown, _html, footnoted(METHOD))
