"""The organisation at rest: units.json, written whole or not at all.

It holds paths of units, pseudonyms and days: no name. Who is forgotten goes from it with all their pseudonyms.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from estran.analysis.units import NO_UNITS, Units
from estran.errors import WorkspaceError
from estran.sources.organisation import Member
from estran.sources.orgtables import Change
from estran.workspace.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMAT = 1
"""Version of the file."""


def read(file: Path) -> Units:
    """The organisation; empty where nothing was told.

    Raises:
        WorkspaceError: the file is damaged, or was written by a newer Estran.
    """
    if not file.exists():
        return NO_UNITS
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told["format"] > FORMAT:
            raise WorkspaceError(f"{file} was written by a newer Estran: upgrade Estran")
        return Units(
            tuple(told["units"]),
            tuple(Member(tuple(one["person"]), one["unit"]) for one in told["people"]),
            tuple(
                Change(dt.date.fromisoformat(one["day"]), one["from"], one["to"], tuple(one["person"]))
                for one in told["changes"]
            ),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"{file} is damaged: tell the units again, with `estran units`") from error


def write(file: Path, units: Units) -> None:
    """Keeps the organisation: all of the file or none of it."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "units": list(units.paths),
        "people": [{"person": list(one.pseudonyms), "unit": one.unit} for one in units.members],
        "changes": [
            {"day": one.day.isoformat(), "from": one.before, "to": one.after, "person": list(one.pseudonyms)}
            for one in units.changes
        ],
    }
    write_whole(file, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def forget(file: Path, pseudonym: str, masked: Callable[[str], str]) -> None:
    """Takes a person out, under whatever name they are told, and their name out of the names of units.

    A file that cannot be read goes as well: what cannot be read cannot be searched.
    """
    if not file.exists():
        return
    try:
        units = read(file)
    except WorkspaceError:
        file.unlink()
        return
    alike = {pseudonym}.union(*(one.pseudonyms for one in units.members if pseudonym in one.pseudonyms))
    alike = alike.union(*(one.pseudonyms for one in units.changes if not alike.isdisjoint(one.pseudonyms)))
    left = Units(
        tuple(masked(path) for path in units.paths),
        tuple(
            Member(one.pseudonyms, masked(one.unit))
            for one in units.members
            if alike.isdisjoint(one.pseudonyms)
        ),
        tuple(
            Change(one.day, masked(one.before), masked(one.after), one.pseudonyms)
            for one in units.changes
            if alike.isdisjoint(one.pseudonyms)
        ),
    )
    if left != units:
        write(file, left)
