"""The units of a workspace for a terminal: what files told of them, and the tree with the people who speak in each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.report.i18n import NOTHING, Words, sentence
from estran.report.lines import Line, Printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from estran.findings import UnitsTold, UnitTree
    from estran.model import Rejected

LISTED = 20
"""Refused rows that are named; the JSON has all of them."""

REASONS = (
    sentence("the unit is its own parent"),
    sentence("neither a unit nor a path"),
    sentence("the name of the person is blank"),
    sentence("the person was told before ({place})"),
    sentence("the person works in {unit} already ({place}); a move is told with its date, by --changes"),
    sentence("{unit} may be {others}: write the path"),
    sentence("the unit {unit} is told nowhere"),
    sentence("{unit} lies below {parent} already ({place}): where names repeat, write paths"),
    sentence("it lies below itself: {circle}"),
    sentence("its parent {parent} was refused"),
    sentence("its parent {parent} is told nowhere"),
    sentence("no ou, no department, and no manager who has one"),
    sentence("the entry is not LDIF: each line is `name: value`, the first one `dn:`"),
    sentence("it tells a change and not an entry: export the entries themselves"),
    sentence("the date cannot be read"),
    sentence("no unit to go to"),
    sentence("neither a unit nor a person to move"),
    sentence("from and to are the same unit"),
    sentence("the person moved on that day already"),
    sentence("{unit} changed on that day already: where a unit is split, tell the move of each person"),
)
"""Why a row about units cannot be used, as the readers say it; what is in braces is the row's own."""


def retold(words: Words, why: str) -> str:
    """A reason in the language of the reader, with what the row has of its own."""
    for template in REASONS:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template))
        found = re.fullmatch(pattern, why)
        if found is not None:
            return words.say(template, **found.groupdict())
    return words.text(why)


def told(language: str, found: UnitsTold, *, path: str) -> RenderableType:
    """What became of files about an organisation, and what to do next."""
    words = Words(language)
    known = [
        words.count("{n} unit", "{n} units", found.units),
        words.count("{n} person", "{n} people", found.people),
        words.count("{n} dated change", "{n} dated changes", found.changes),
    ]
    rows = words.count("{n} row read", "{n} rows read", found.rows)
    lines = [
        words.say("{files}: {rows}.", files=", ".join(found.files), rows=rows),
        words.say("Known now: {things}.", things=", ".join(known)),
        *_refused(words, found.refused),
        words.say("Next: {command}", command=f"estran units {path}"),
    ]
    return Printable(Group(*map(Line, lines)))


def _refused(words: Words, refused: tuple[Rejected, ...]) -> Iterator[str]:
    if refused:
        yield words.count("{n} row cannot be used:", "{n} rows cannot be used:", len(refused))
    for row in refused[:LISTED]:
        yield f"! {row.file}, {row.place}: {retold(words, row.why)}"
    if len(refused) > LISTED:
        yield words.count("and {n} more", "and {n} more", len(refused) - LISTED)


def tree(language: str, found: UnitTree, *, path: str) -> RenderableType:
    """The units, each below the one it lies in, with the people who speak in it or below it."""
    words = Words(language)
    if not found.units:
        return Printable(
            Line(
                words.say(
                    "No unit is known: neither the messages tell one, nor a file. `estran units {path} --from FILE` reads one.",
                    path=path,
                )
            )
        )
    grid = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
    grid.add_column(words.say("unit"))
    grid.add_column(words.say("people"), justify="right")
    grid.add_column(words.say("messages"), justify="right")
    withheld = words.say("withheld")
    rows = [(words.say("all"), found.people, found.messages)]
    rows += [("  " * (unit.depth + 1) + unit.name, unit.people, unit.messages) for unit in found.units]
    for name, people, messages in rows:
        label = Line(name)
        if people is None or messages is None:
            grid.add_row(label, Line(withheld, "dim"), Line(NOTHING, "dim"))
        else:
            grid.add_row(label, Line(words.number(people)), Line(words.number(messages)))
    return Printable(Group(grid, Line(), *(Line(fact, "dim") for fact in facts(words, found))))


def facts(words: Words, found: UnitTree) -> Iterator[str]:
    """What else is to be known about the tree."""
    if found.withheld:
        yield words.count(
            "{n} unit is withheld: fewer than five people speak in it, or subtraction would tell of so few.",
            "{n} units are withheld: fewer than five people speak in them, or subtraction would tell of so few.",
            found.withheld,
        )
    if found.unknown:
        yield words.count(
            "{n} message comes from no known unit.", "{n} messages come from no known unit.", found.unknown
        )
    if found.changes:
        yield words.count(
            "{n} dated change is known: units bear the names of today.",
            "{n} dated changes are known: units bear the names of today.",
            found.changes,
        )
