# ruff: noqa: FBT002, PLR0913, PLR0917  the options of a command line have names
"""The commands about decisions: what was decided when, and what it moved."""

from typing import Annotated

import typer

from estran.cli.options import (
    CalendarOption,
    JsonOption,
    LanguageOption,
    Place,
    ScopeOption,
    ThemesOption,
    reader_language,
)
from estran.cli.terminal import print_finding, shown
from estran.errors import SettingsError


def mark(
    place: Place,
    day: Annotated[str | None, typer.Argument(help="On which it began to hold, as 2024-03-01.")] = None,
    label: Annotated[str | None, typer.Argument(help="What was decided.")] = None,
    scope: ScopeOption = None,
    themes: ThemesOption = None,
    end: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day of a change that took several.")
    ] = None,
    calendar: CalendarOption = None,
    remove: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Take a mark out; repeatable.")
    ] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write down when something was decided, so that `estran effects` can tell what it moved; or list what is there."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import marks  # noqa: PLC0415

    if sum(map(bool, (day, calendar, remove))) > 1 or (day is not None and label is None):
        raise SettingsError(
            "write a mark down (DAY LABEL), take marks in (--from FILE), or take some out (--remove ID)"
        )
    if (scope or themes or end) and not day:
        raise SettingsError(
            "a scope, themes and an end go with a DAY and a LABEL; a calendar has columns for them"
        )
    space = workspace.open(place)
    with shown(quiet=as_json, language=language) as progress:
        if calendar is not None:
            found = space.marks_from(calendar, progress=progress)
        elif remove:
            found = space.unmark(*remove, progress=progress)
        elif day is not None and label is not None:
            found = space.mark(day, label, scope=scope or "", themes=themes or (), end=end, progress=progress)
        else:
            found = space.marks()
    print_finding(marks.listed(language, found, path=str(place)), as_json=found if as_json else None)
