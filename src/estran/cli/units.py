# ruff: noqa: FBT002  the options of a command line have names
"""The command about units: what files tell of them, and who speaks in each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estran.cli.options import DayFirst, JsonOption, LanguageOption, Place, reader_language
from estran.cli.terminal import print_finding, shown

FromOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="Take in units and people: a table with unit and parent, paths, or person and unit; or LDIF. Repeatable.",
    ),
]
ChangesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Take in what changed: a table with date, from, to, and person where one moved."
    ),
]


def units(
    place: Place,
    files: FromOption = None,
    changes: ChangesOption = None,
    day_first: DayFirst = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the units of a workspace and how many people speak in each; or take them in, with who works where."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import units as shows  # noqa: PLC0415

    space = workspace.open(place)
    if not files and changes is None:
        found = space.units()
        print_finding(shows.tree(language, found, path=str(place)), as_json=found if as_json else None)
        return
    with shown(quiet=as_json, language=language) as progress:
        told = space.tell_units(*(files or ()), changes=changes, day_first=day_first, progress=progress)
    print_finding(shows.told(language, told, path=str(place)), as_json=told if as_json else None)
