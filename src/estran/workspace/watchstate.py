"""What a watch remembers, at rest: watch.json, written whole or not at all.

Days up to which each rule has looked, the last alarm of each theme, by id, and the alarms that are still to be sent, with
where to. What was sent is not kept: it could not be forgotten there with the person who said it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from estran.analysis.alerts import Raised
from estran.errors import WorkspaceError
from estran.findings import Alarm, Estimate, Quote, Weeks
from estran.workspace.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FORMAT = 1
"""Version of the file."""

LONGEST = dt.timedelta(weeks=26)
"""Of an alarm whose first day was not kept: an earlier Estran kept the last one alone."""

Key = tuple[str, str, str, str | None]
"""Rule, id of the theme, unit, side."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An alarm, and the places that have not been told of it."""

    alarm: Alarm
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered from one look to the next.

    Attributes:
        looked: rule -> last day that it has looked at.
        raised: days of the last alarm of each theme.
        pending: what is still to be sent.
    """

    looked: Mapping[str, dt.date]
    raised: Mapping[Key, Raised]
    pending: tuple[Pending, ...] = ()

    def after(
        self, alarms: Sequence[Alarm], *, until: dt.date, rules: Mapping[str, tuple[str, ...]]
    ) -> Memory:
        """What is remembered once more alarms were raised.

        Args:
            alarms: of this look.
            until: last day that was looked at.
            rules: name of each rule that looked -> the places it sends to.
        """
        day = dt.date.fromisoformat
        raised = {(a.rule, a.theme, a.unit, a.side): Raised(day(a.since), day(a.until)) for a in alarms}
        there = {each.alarm.id for each in self.pending}
        new = tuple(Pending(a, rules[a.rule]) for a in alarms if rules[a.rule] and a.id not in there)
        looked = {name: max(until, self.looked.get(name, until)) for name in rules}
        return Memory({**self.looked, **looked}, {**self.raised, **raised}, (*self.pending, *new))

    def told(self, place: str) -> Memory:
        """What is remembered once a place was told of all that it had not been told of."""
        left = (replace(each, places=tuple(p for p in each.places if p != place)) for each in self.pending)
        return replace(self, pending=tuple(each for each in left if each.places))

    def only(self, places: set[str]) -> Memory:
        """The same, less what was to go to places that are no more."""
        left = (replace(each, places=tuple(p for p in each.places if p in places)) for each in self.pending)
        return replace(self, pending=tuple(each for each in left if each.places))

    def unsent(self) -> Memory:
        """The same, less the words of what is still to be sent: its rules look at those days again."""
        first = {each.alarm.rule: dt.date.max for each in self.pending}
        for each in self.pending:
            first[each.alarm.rule] = min(first[each.alarm.rule], dt.date.fromisoformat(each.alarm.until))
        day = dt.timedelta(days=1)
        looked = {**self.looked, **{rule: until - day for rule, until in first.items()}}
        lost = {(a.rule, a.theme, a.unit, a.side) for a in (each.alarm for each in self.pending)}
        return Memory(looked, {key: days for key, days in self.raised.items() if key not in lost})


NOTHING = Memory({}, {})


def read(file: Path) -> Memory:
    """What is remembered; nothing where there is no file.

    Raises:
        WorkspaceError: the file is damaged, or was written by a newer Estran.
    """
    if not file.exists():
        return NOTHING
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        newer = told["format"] > FORMAT
        memory = None if newer else _memory(told)
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            f"{file} is damaged: remove it, and the next look tells again what still holds"
        ) from error
    if memory is None:
        raise WorkspaceError(f"{file} was written by a newer Estran: upgrade Estran")
    return memory


def write(file: Path, memory: Memory) -> None:
    """Keeps what is remembered: all of the file or none of it."""
    told = {
        "format": FORMAT,
        "looked": {rule: day.isoformat() for rule, day in sorted(memory.looked.items())},
        "raised": [
            [*key, days.until.isoformat(), days.since.isoformat()] for key, days in memory.raised.items()
        ],
        "pending": [{"alarm": asdict(each.alarm), "places": each.places} for each in memory.pending],
    }
    write_whole(file, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _memory(told: Mapping[str, Any]) -> Memory:
    day = dt.date.fromisoformat
    return Memory(
        {str(rule): day(until) for rule, until in told["looked"].items()},
        {
            (rule, theme, unit, side): Raised(day(*since) if since else day(until) - LONGEST, day(until))
            for rule, theme, unit, side, until, *since in told["raised"]
        },
        tuple(Pending(_alarm(each["alarm"]), tuple(each["places"])) for each in told["pending"]),
    )


def _alarm(told: Mapping[str, Any]) -> Alarm:
    change = Estimate(**told["change"]) if told["change"] else None
    quotes = tuple(Quote(**each) for each in told["quotes"])
    weeks = tuple(Weeks(**each) for each in told.get("weeks", ()))
    return Alarm(**{**told, "change": change, "quotes": quotes, "weeks": weeks})
