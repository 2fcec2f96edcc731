"""Dated entries from calendars: iCalendar files, and CSV files with a date and a label a row.

    calendar = read_calendar("decisions.csv")     # date,label[,scope][,themes][,end][,description]
    calendar.entries[0].day, calendar.rejected    # what could not be read has its place and the reason

A day is the day that people saw on their wall: the one of the entry's own time zone.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import ColumnsError, InputError
from estran.model import Rejected
from estran.sources.delimited import Delimited
from estran.sources.names import plain, words
from estran.sources.opening import recognise
from estran.sources.times import orders, parse
from estran.sources.values import prose

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = 10_000
_YEAR = dt.timedelta(days=366)
_COLUMNS = {
    "day": words("date day jour when quand start debut date_debut du from start_date dtstart"),
    "label": words(
        "label title name what event mark libelle titre nom quoi evenement decision summary objet"
    ),
    "scope": words("scope unit team perimetre portee unite equipe department service"),
    "themes": words("themes theme topics topic sujets sujet concepts concept"),
    "end": words("end until fin date_fin jusqu_au au to end_date dtend"),
    "description": words("description details detail note notes comment commentaire abstract resume"),
}
_SEVERAL = re.compile(r"\s*[;,|]\s*")
_NO_CSV = "a list of dated entries is CSV (a first line `date,label`) or iCalendar (.ics)"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a calendar says happens, or happened.

    Attributes:
        day: its first day.
        end: its last day, itself included; `day` where it takes one day.
        label: what it is called, in one line.
        description: what is said of it beyond that, or "".
        scope: the part of the organisation it concerns, or None for the whole.
        themes: the themes it is said to be about.
        file: the name of the calendar's file.
        place: where it stands in that file, "line 12".
    """

    day: dt.date
    end: dt.date
    label: str
    description: str = ""
    scope: str | None = None
    themes: tuple[str, ...] = ()
    file: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a calendar holds.

    Attributes:
        file: its name.
        entries: by day, and in the order of the file within a day.
        rejected: what could not be read, in the order of the file.
    """

    file: str
    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...] = ()


def read_calendar(
    path: str | Path, *, until: dt.date | None = None, day_first: bool | None = None
) -> Calendar:
    """The dated entries of an iCalendar or CSV file.

    Args:
        path: the file; its content tells which of the two it is.
        until: entries that recur for ever are followed to this day; by default a year from today.
        day_first: is 03/04/2024 the third of April? None: the file's other dates decide.

    Raises:
        InputError: there is no such file, it is empty, it is no calendar, or nothing in it can be read.
        ColumnsError: a CSV file has no column of dates or labels, or its dates can be read two ways.
    """
    container = recognise(Path(path))
    if container.kind != "delimited":
        raise InputError(f"{container.file} is a file of another kind: {_NO_CSV}")
    if is_icalendar(container.path):
        found = _icalendar(container.path, until or dt.datetime.now(dt.UTC).date() + _YEAR)
    else:
        found = _table_entries(Delimited(container), container.file, day_first=day_first)
    if not found.entries:
        first = found.rejected[0] if found.rejected else None
        why = f": {first.place}, {first.why}" if first else ""
        raise InputError(f"{container.file} holds no dated entry that can be read{why}")
    return Calendar(found.file, tuple(sorted(found.entries, key=lambda e: e.day)), found.rejected)


def is_icalendar(path: Path) -> bool:
    """Does a file begin as an iCalendar file does?"""
    with path.open("rb") as raw:
        return raw.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


def _icalendar(path: Path, until: dt.date) -> Calendar:
    try:
        from estran.sources.icalendars import icalendar_entries  # noqa: PLC0415  its library is an extra
    except ImportError:
        raise InputError(
            f"{path.name} is an iCalendar file, which needs one more package: pip install 'estran[sources]'"
        ) from None
    return icalendar_entries(path, until=until)


def _table_entries(reader: Delimited, file: str, *, day_first: bool | None) -> Calendar:
    columns = columns_of(reader.names, file)
    chunks = list(reader.chunks(list(columns.values()), rows=_ROWS))
    table = pl.concat([c.values for c in chunks]).rename({c: role for role, c in columns.items()})
    first = _day_first(table, file) if day_first is None else day_first
    told = table.with_columns(prose(table[role]).alias(role) for role in columns)
    told = told.with_columns(
        parse(told[role], day_first=first).dt.date().alias(f"{role}_read")
        for role in ("day", "end")
        if role in columns
    )
    places = pl.concat([c.places for c in chunks]).to_list()
    rows = [(place, _entry(row, file, place)) for place, row in zip(places, told.to_dicts(), strict=True)]
    broken = [(place, Rejected(file, f"line {place}", why)) for c in chunks for place, why in c.broken]
    refused = [(place, row) for place, row in rows if isinstance(row, Rejected)] + broken
    return Calendar(
        file,
        tuple(row for _, row in rows if isinstance(row, Entry)),
        tuple(row for _, row in sorted(refused, key=lambda r: r[0])),
    )


def columns_of(
    names: Sequence[str], file: str, *, needed: Sequence[str] = ("day", "label")
) -> dict[str, str]:
    """Role (day, label, scope, themes, end, description) -> column of the file.

    Raises:
        ColumnsError: one that is needed is not there.
    """
    found: dict[str, str] = {}
    for role, synonyms in _COLUMNS.items():
        fitting = [n for n in names if plain(n) in synonyms and n not in found.values()]
        if fitting:
            found[role] = fitting[0]
    for role in needed:
        if role not in found:
            called = "date" if role == "day" else role
            raise ColumnsError(
                f"{file} has no column called `{called}` (its columns: {', '.join(names)}): {_NO_CSV}"
            )
    return found


def _day_first(table: pl.DataFrame, file: str) -> bool:
    seen = orders(table["day"])
    if seen.decided is not None:
        return seen.decided
    if seen.open > seen.dotted:
        raise ColumnsError(
            f"in {file}, dates with slashes can be read with the day or the month first, and no date in the file "
            "decides: write them as 2024-03-01"
        )
    return True


def _entry(row: dict[str, str | dt.date | None], file: str, place: int) -> Entry | Rejected:
    at = f"line {place}"
    day, end, label = row["day_read"], row.get("end_read"), row["label"]
    if not isinstance(day, dt.date):
        return Rejected(file, at, f"`{row['day']}` is no date" if row["day"] else "no date")
    if not isinstance(label, str):
        return Rejected(file, at, "no label")
    if row.get("end") and not isinstance(end, dt.date):
        return Rejected(file, at, f"`{row['end']}` is no date")
    last = end if isinstance(end, dt.date) else day
    if last < day:
        return Rejected(file, at, "it ends before it begins")
    listed = _SEVERAL.split(str(row.get("themes") or ""))
    return Entry(
        day=day,
        end=last,
        label=" ".join(label.split()),
        description=str(row.get("description") or ""),
        scope=str(row["scope"]).strip("/ ") if row.get("scope") else None,
        themes=tuple(dict.fromkeys(theme for theme in listed if theme)),
        file=file,
        place=at,
    )
