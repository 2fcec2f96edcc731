"""The marks of a workspace for a terminal: what was written down, taken in, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.report.effectsaid import scope_of
from estran.report.i18n import NOTHING, Words
from estran.report.lines import Line, Printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from estran.findings import Marks, MarkTold

REFUSED = 20
"""Entries that are named; the JSON has all of them."""


def listed(language: str, found: Marks, *, path: str) -> RenderableType:
    """The marks by day, what was done to them, and what to do next."""
    words = Words(language)
    lines = list(_done(words, found))
    if not found.marks:
        lines.append(
            words.say(
                "No mark is kept. `estran mark {path} 2024-03-01 'New returns policy'` writes one down.",
                path=path,
            )
        )
        return Printable(Group(*map(Line, lines)))
    grid = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
    for head in ("id", words.say("day"), words.say("decision"), words.say("whom"), words.say("themes")):
        grid.add_column(head)
    for mark in found.marks:
        style = "bold" if mark.id in found.added else ""
        grid.add_row(*(Line(cell, style) for cell in _row(words, mark)))
    after = words.say("Next: {command}", command=f"estran effects {path}")
    return Printable(Group(*map(Line, lines), grid, Line(after, "dim")))


def _row(words: Words, mark: MarkTold) -> tuple[str, ...]:
    days = words.day(mark.day) if mark.end == mark.day else f"{words.day(mark.day)} – {words.day(mark.end)}"
    scope = scope_of(words, mark.scope) if mark.scope else words.say("everybody")
    return mark.id, days, mark.label, scope, ", ".join(mark.themes) or NOTHING


def _done(words: Words, found: Marks) -> Iterator[str]:
    if found.added:
        yield words.count(
            "{n} mark written to {file}.", "{n} marks written to {file}.", len(found.added), file=found.file
        )
    for mark in found.removed:
        yield words.say("Taken out: {label}, {day}.", label=mark.label, day=words.day(mark.day))
    if found.refused:
        yield words.count("{n} entry cannot be a mark:", "{n} entries cannot be marks:", len(found.refused))
    for place, why in found.refused[:REFUSED]:
        yield f"! {place}: {words.text(why)}"
    if len(found.refused) > REFUSED:
        yield words.count("and {n} more", "and {n} more", len(found.refused) - REFUSED)
