"""Marks of a workspace: written down, taken in from calendars, taken out; and what each of them moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.analysis.progress import Silent
from estran.errors import ScopeError, SettingsError
from estran.findings import Marks, MarkTold
from estran.model import Mark
from estran.sources.calendars import read_calendar
from estran.workspace import journal, markfile
from estran.workspace.atomic import write_whole
from estran.workspace.resting import AtRest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from estran.analysis.progress import Progress
    from estran.workspace.folder import Folder


def mark_of(told: Mark | str, *, scope: str = "", themes: Sequence[str] = ()) -> Mark:
    """A mark, or what somebody writes for one: "2024-03-01=New returns policy", "2024-03-01..2024-03-08=New tool".

    Args:
        told: the mark.
        scope: whom it concerns, where it is written.
        themes: that it should move, where it is written.

    Raises:
        SettingsError: it is no day and label.
        ScopeError: the scope means nothing.
    """
    if isinstance(told, Mark):
        return told
    days, equals, label = told.partition("=")
    if not equals:
        raise SettingsError(f"{told!r} is no mark; write a day and a label, as 2024-03-01=New returns policy")
    first, _, last = days.partition("..")
    end = markfile.day_of(last) if last else None
    return markfile.made(markfile.day_of(first), label, end=end, scope=scope, themes=themes)


def marks_in(file: str | Path) -> tuple[tuple[Mark, ...], tuple[tuple[str, str], ...]]:
    """The marks of a calendar, CSV or iCalendar, and its entries that cannot be marks: (place, why).

    Raises:
        InputError: the file cannot be used.
    """
    calendar = read_calendar(file)
    marks, refused = [], [(row.place, row.why) for row in calendar.rejected]
    for entry in calendar.entries:
        try:
            marks.append(
                markfile.made(
                    entry.day, entry.label, end=entry.end, scope=entry.scope or "", themes=entry.themes, source=entry.file
                )
            )  # fmt: skip
        except (ScopeError, SettingsError) as error:
            refused.append((entry.place, str(error)))
    return tuple(dict.fromkeys(marks)), tuple(refused)


def asked_marks(
    marks: Sequence[Mark | str],
    *,
    calendar: str | Path | None = None,
    scope: str = "",
    themes: Sequence[str] = (),
) -> tuple[Mark, ...]:
    """Marks as they are told to a question, and those of a calendar.

    Raises:
        SettingsError: there is none, or one cannot be meant.
    """
    told = tuple(mark_of(mark, scope=scope, themes=themes) for mark in marks)
    taken = marks_in(calendar)[0] if calendar is not None else ()
    if not (told or taken):
        raise SettingsError(
            "no mark was given: say when something was decided, as --mark '2024-03-01=New returns policy'"
        )
    return (*told, *taken)


class WithMarks(AtRest):
    """The part of a workspace that is about decisions; see `estran.workspace.space.Workspace`."""

    def marks(self) -> Marks:
        """What was decided when, by day.

        Raises:
            SettingsError: a line of marks.toml cannot be meant.
        """
        return _told(markfile.read(self._folder.marks), self._folder)

    def mark(
        self,
        day: dt.date | str,
        label: str,
        *,
        scope: str = "",
        themes: Sequence[str] = (),
        end: dt.date | str | None = None,
        progress: Progress | None = None,
    ) -> Marks:
        """Writes down that something was decided; a mark that is there already stays, once.

        ::

            ws.mark("2024-03-01", "New returns policy", scope="sales/north", themes=["returns"])

        Args:
            day: on which it began to hold.
            label: what it is called.
            scope: whom it concerns: a unit, "side=outside", "source=crm"; by default everybody.
            themes: what it should move; by default all themes are asked.
            end: last day of a change that took several.
            progress: told where another command is waited for.

        Raises:
            SettingsError: it cannot be meant.
            WorkspaceError: nothing can be written.
        """
        new = markfile.made(
            markfile.day_of(day), label, end=None if end is None else markfile.day_of(end), scope=scope, themes=themes
        )  # fmt: skip
        return self._add((new,), (), progress)

    def marks_from(self, file: str | Path, *, progress: Progress | None = None) -> Marks:
        """Takes in the marks of a calendar: CSV (date, label[, scope, themes, end]) or iCalendar.

        Args:
            file: the calendar.
            progress: told where another command is waited for.

        Raises:
            InputError: the file cannot be used.
            WorkspaceError: nothing can be written.
        """
        new, refused = marks_in(file)
        return self._add(new, refused, progress)

    def unmark(self, *ids: str, progress: Progress | None = None) -> Marks:
        """Takes marks out.

        Args:
            ids: of the marks, as `marks` tells them.
            progress: told where another command is waited for.

        Raises:
            SettingsError: there is no such mark.
            WorkspaceError: nothing can be written.
        """
        file = self._folder.marks.resolve()
        with self._writing(progress or Silent()):
            text = markfile.text_of(file)
            there = {mark.id: mark for mark in markfile.parse(text, name=str(file))}
            for id_ in ids:
                if id_ not in there:
                    known = ", ".join(there) or "none"
                    raise SettingsError(f"no mark has the id {id_!r}; there are {known}")
            left = markfile.without(text, frozenset(ids))
            write_whole(file, left)
            journal.note(self._folder.runs, "mark", marks=len(markfile.parse(left)))
        return _told(markfile.parse(left), self._folder, removed=[there[id_] for id_ in dict.fromkeys(ids)])

    def _add(
        self, new: Sequence[Mark], refused: tuple[tuple[str, str], ...], progress: Progress | None
    ) -> Marks:
        file = self._folder.marks.resolve()  # a link to a file under version control stays one
        with self._writing(progress or Silent()):
            text = markfile.text_of(file)
            there = {mark.id for mark in markfile.parse(text, name=str(file))}
            fresh = [mark for mark in dict.fromkeys(new) if mark.id not in there]
            if fresh:
                text = markfile.added(text, fresh)
                write_whole(file, text)
                journal.note(self._folder.runs, "mark", marks=len(there) + len(fresh))
        added = tuple(mark.id for mark in fresh)
        return _told(markfile.parse(text), self._folder, added=added, refused=refused)


def _told(
    marks: Sequence[Mark],
    folder: Folder,
    *,
    added: tuple[str, ...] = (),
    removed: Sequence[Mark] = (),
    refused: tuple[tuple[str, str], ...] = (),
) -> Marks:
    return Marks(_listed(marks), added, _listed(removed), refused, str(folder.marks))


def _listed(marks: Sequence[Mark]) -> tuple[MarkTold, ...]:
    """Marks by day, as they are shown."""
    return tuple(
        MarkTold(
            m.id, m.day.isoformat(), (m.end or m.day).isoformat(), m.label, str(m.scope), m.themes, m.source
        )
        for m in sorted(marks, key=lambda m: (m.day, m.label))
    )
