"""The events of an iCalendar file (RFC 5545), each occurrence of a recurring one by itself."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar as Parsed
from icalendar import vRecur

from estran.errors import InputError
from estran.model import Rejected
from estran.sources.calendars import Calendar, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from icalendar import Component

MOST = 1_000
"""Occurrences of one event; what recurs more often is no date that people talk about."""

_FOLD = re.compile(rb"\r?\n[ \t]")
_BEGIN = re.compile(rb"(?m)^BEGIN:(VEVENT|VTODO|VJOURNAL)\s*$", re.IGNORECASE)
_DATES = frozenset(("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"))
_NOT_EVENTS = {"VTODO": "a task and no event", "VJOURNAL": "a journal entry and no event"}


def icalendar_entries(path: Path, *, until: dt.date) -> Calendar:
    """The events of a file, recurring ones followed to `until`.

    Raises:
        InputError: it is no iCalendar file, or a line of it cannot be parsed.
    """
    raw = path.read_bytes()
    lines = [raw.count(b"\n", 0, found.start()) + 1 for found in _BEGIN.finditer(raw)]
    try:
        # octets are folded, so a letter may be cut in two: unfold before decoding
        calendars = Parsed.from_ical(_decoded(_FOLD.sub(b"", raw)), multiple=True)
    except (ValueError, IndexError) as wrong:
        raise InputError(f"{path.name} is no iCalendar file that can be read: {wrong}") from None
    held = [(c, _zone_of(parsed)) for parsed in calendars for c in parsed.subcomponents]
    held = [(c, zone) for c, zone in held if c.name in {"VEVENT", *_NOT_EVENTS}]
    moved = _moved([c for c, _ in held])
    entries: list[Entry] = []
    rejected: list[Rejected] = []
    for line, (component, zone) in zip(lines, held, strict=False):
        for found in _occurrences(component, zone, moved.get(_text(component, "UID"), ()), until):
            if isinstance(found, str):
                rejected.append(Rejected(path.name, f"line {line}", found))
            else:
                first, last = found
                label, description = _text(component, "SUMMARY"), _text(component, "DESCRIPTION")
                entries.append(
                    Entry(
                        first, last, " ".join(label.split()), description, file=path.name, place=f"line {line}"
                    )
                )  # fmt: skip
    return Calendar(path.name, tuple(entries), tuple(rejected))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _zone_of(calendar: Component) -> dt.tzinfo | None:
    """The zone in which the owner of the calendar sees times that are written in UTC."""
    try:
        return ZoneInfo(str(calendar.get("X-WR-TIMEZONE", "")).strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _text(component: Component, name: str) -> str:
    value = component.get(name, "")
    return str(value[0] if isinstance(value, list) else value).strip()


def _moved(components: Sequence[Component]) -> dict[str, list[dt.date]]:
    """UID -> the occurrences that another event of the same UID replaces."""
    moved: dict[str, list[dt.date]] = {}
    for component in components:
        broken = {name for name, _ in component.errors}
        if "RECURRENCE-ID" in component and "RECURRENCE-ID" not in broken:
            moved.setdefault(_text(component, "UID"), []).append(_when(component, "RECURRENCE-ID"))
    return moved


def _occurrences(
    component: Component, zone: dt.tzinfo | None, moved: Sequence[dt.date], until: dt.date
) -> Iterator[tuple[dt.date, dt.date] | str]:
    """First and last day of each occurrence, or why there is none."""
    why = _refused(component)
    if why:
        yield why
        return
    start = _when(component, "DTSTART")
    if isinstance(start, dt.datetime) and start.tzinfo is not None and start.tzname() != "UTC":
        zone = start.tzinfo
    first, lasts = _clock(start, zone), _length(component, start)
    if lasts < dt.timedelta(0):
        yield "it ends before it begins"
    elif "RECURRENCE-ID" in component or not ("RRULE" in component or "RDATE" in component):
        yield _days(first, lasts)
    else:
        try:
            yield from _recurring(component, first, lasts, zone, moved, until)
        except ValueError as wrong:
            yield f"its recurrence cannot be followed: {wrong}"


def _refused(component: Component) -> str | None:
    """Why something cannot be an entry, or None."""
    broken = [why for name, why in component.errors if str(name).upper() in _DATES]
    if component.name in _NOT_EVENTS:
        return _NOT_EVENTS[component.name]
    if _text(component, "STATUS").upper() == "CANCELLED":
        return "it was cancelled"
    if broken:
        return broken[0]
    if "DTSTART" not in component:
        return "no date (DTSTART)"
    return None if _text(component, "SUMMARY") else "no label (SUMMARY)"


def _when(component: Component, name: str) -> Any:
    """A date, a moment or a length of time, as the property has it."""
    held: Any = component[name]
    return held.dt


def _recurring(
    component: Component,
    first: dt.datetime,
    lasts: dt.timedelta,
    zone: dt.tzinfo | None,
    moved: Sequence[dt.date],
    until: dt.date,
) -> Iterator[tuple[dt.date, dt.date] | str]:
    """Every occurrence, on the clock of the event: only days are asked for, and a wall clock has no summer time."""
    days = rruleset()
    days.rdate(first)
    recurrence: Any = component  # only events have these properties
    for rule in recurrence.rrules:
        plain: Any = vRecur(rule)
        if "UNTIL" in plain:
            plain["UNTIL"] = [_clock(end, zone, last=True) for end in plain["UNTIL"]]
        days.rrule(rrulestr(plain.to_ical().decode(), dtstart=first))
    for given in recurrence.rdates:
        days.rdate(_clock(given[0], zone))
    without = {_clock(day, zone) for day in (*recurrence.exdates, *moved)}
    horizon = dt.datetime.combine(until, dt.time.max)
    for count, at in enumerate(days):
        if at > horizon:
            return
        if count == MOST:
            yield f"it recurs more than {MOST:,} times: those after {at.date()} are left out"
            return
        if at not in without:
            yield _days(at, lasts)


def _clock(value: dt.date, zone: dt.tzinfo | None, *, last: bool = False) -> dt.datetime:
    """What the wall clock of the event shows; a plain date is its first moment, or its last where asked."""
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time(23, 59, 59) if last else dt.time.min)
    if value.tzinfo is not None and zone is not None:
        value = value.astimezone(zone)
    return value.replace(tzinfo=None)


def _length(component: Component, start: dt.date) -> dt.timedelta:
    """How long it takes; nothing where neither an end nor a duration is told."""
    if "DTEND" in component:
        end = _when(component, "DTEND")
        if isinstance(end, dt.datetime) == isinstance(start, dt.datetime):
            lasts: dt.timedelta = end - start
            return lasts
        return _clock(end, None) - _clock(start, None)
    if "DURATION" in component:
        told: dt.timedelta = _when(component, "DURATION")
        return told
    return dt.timedelta(0)


def _days(first: dt.datetime, lasts: dt.timedelta) -> tuple[dt.date, dt.date]:
    """First and last day; an end at midnight is not yet the next day."""
    last = first + lasts - dt.timedelta(microseconds=1 if lasts else 0)
    return first.date(), last.date()
