"""A tour of whatever is named, files or a workspace, and what came in the place of what."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estran.analysis.agenda import agenda as what_was_taken_up
from estran.analysis.continuum import continuum as face_both_sides
from estran.analysis.culture import culture as find_culture
from estran.analysis.effects import effects as find_effects
from estran.analysis.environments import landscape as what_is_where
from estran.analysis.everything import everything as answer_everything
from estran.analysis.ground import asked_of_ground
from estran.analysis.kinds import told_kinds
from estran.analysis.organisation import organisation as what_units_say
from estran.analysis.pull import pull as who_was_first
from estran.analysis.successions import succession as find_successions
from estran.analysis.tour import tour as take_the_tour
from estran.analysis.unanswered import unanswered as find_unanswered
from estran.errors import SettingsError
from estran.settings import Settings
from estran.sources.plans import read_plan
from estran.text.families import families as families_of
from estran.workspace import files as filed
from estran.workspace.asked import OfFiles, OfMessages, OfWorkspace, asked_day
from estran.workspace.folder import is_workspace
from estran.workspace.making import open as opened
from estran.workspace.marking import asked_marks
from estran.workspace.space import Workspace

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from typing import Unpack

    from estran.analysis.ground import Ground
    from estran.analysis.progress import Progress
    from estran.findings import (
        Agenda,
        Continuum,
        Culture,
        Effects,
        Landscape,
        Organisation,
        Pull,
        Report,
        Successions,
        Tour,
        Unanswered,
    )
    from estran.model import Mark, Step
    from estran.workspace.asked import Found, OfEither

_OF_FILES, _OF_WORKSPACE = (
    of.__annotations__.keys() - OfMessages.__annotations__.keys() for of in (OfFiles, OfWorkspace)
)


def tour(  # noqa: PLR0913  each is a thing that a user may say of a tour
    *places: str | Path,
    step: Step | str | None = None,
    since: dt.date | str | None = None,
    until: dt.date | str | None = None,
    unit: str | None = None,
    columns: Mapping[str, str] | None = None,
    inside: Sequence[str] = (),
    outside: Sequence[str] = (),
    day_first: bool | None = None,
    engine: str | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Tour:
    """What is coming In and what is going Out in files of dated messages, or in a workspace.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        step: length of a period: week, month, quarter, half, year; by default chosen from the span and the volume.
        since: first day to read.
        until: last day to read.
        unit: path of the part of the organisation to look at, with all that lies below it.
        columns: column of Estran ("text", "time", "author", ...) -> column of the file; the others are guessed.
        inside: rules "column=value" for what the organisation's people said.
        outside: rules "column=value" for what those it serves said.
        day_first: whether 03/04/2024 is the third of April; by default the other dates of the file decide.
        engine: of a workspace, where counting runs: "threads", "pool", "dask" or "spark".
        scheduler: of a workspace, address of a Dask scheduler.
        workers: of a workspace, threads or processes that count.
        settings: by default `Settings.load` of the `estran.toml` here, or in the workspace, and of the environment.
        progress: told about each stage.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    return _found(
        take_the_tour, Workspace.tour, places, step=step, since=since, until=until, unit=unit, columns=columns, inside=inside,
        outside=outside, day_first=day_first, engine=engine, scheduler=scheduler, workers=workers, settings=settings,
        progress=progress,
    )  # fmt: skip


def succession(*places: str | Path, **asked: Unpack[OfEither]) -> Successions:
    """What went out, and what came in its place, in files of dated messages or in a workspace.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    return _found(find_successions, Workspace.succession, places, **asked)


def everything(*places: str | Path, **asked: Unpack[OfEither]) -> Report:
    """The tour, and every other question that files of dated messages or a workspace can answer, from one count.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    return _found(
        partial(answer_everything, marks=(), families=families_of(None), kinds={}),
        Workspace.everything,
        places,
        **asked,
    )


def organisation(*places: str | Path, **asked: Unpack[OfEither]) -> Organisation:
    """What each unit says more, or less, than the rest, in files of dated messages or in a workspace.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        asked: what `tour` takes; `unit` is what the units lie in.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    unit = asked.pop("unit", None)
    question = partial(what_units_say, unit=unit)
    return _found(question, partial(Workspace.organisation, unit=unit), places, **asked)


def culture(*places: str | Path, families: str | Path | None = None, **asked: Unpack[OfEither]) -> Culture:
    """What people inside say of culture and behaviour, over time and unit by unit.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        families: file of families of words; by default `families.toml` of the workspace, or what is shipped.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `NotEnoughError`: too little is said inside.
        SettingsError: an option has a value that it cannot have, or a family cannot be meant.
        WorkspaceError: the workspace cannot be opened or written.
    """

    def question(ground: Ground) -> Culture:
        return find_culture(ground, families_of(families))

    def of_workspace(space: Workspace, **told: Unpack[OfWorkspace]) -> Culture:
        return space.culture(families=families, **told)

    return _found(question, of_workspace, places, **asked)


def effects(
    *places: str | Path,
    marks: Sequence[Mark | str] = (),
    calendar: str | Path | None = None,
    scope: str = "",
    themes: Sequence[str] = (),
    **asked: Unpack[OfEither],
) -> Effects:
    """What each decision moved, in files of dated messages or in a workspace: moved, did not, or could not have been seen.

    ::

        es.effects("messages.parquet", marks=["2024-03-01=New returns policy"], themes=["returns"])

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        marks: `Mark`, or a day and a label; of a workspace by default those that it keeps.
        calendar: a CSV or iCalendar file of more marks.
        scope: whom the marks that are written as text concern: a unit, "side=outside", "source=crm".
        themes: that they should move; by default all themes are asked.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: there is no mark, an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    kept = any(is_workspace(place) for place in places) and not marks and calendar is None
    told = () if kept else asked_marks(marks, calendar=calendar, scope=scope, themes=themes)
    question = partial(find_effects, marks=told)
    return _found(question, partial(Workspace.effects, marks=told), places, **asked)


def pull(*places: str | Path, **asked: Unpack[OfEither]) -> Pull:
    """Who said each theme that moved first, those outside or those inside, in files of dated messages or in a workspace.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    return _found(who_was_first, Workspace.pull, places, **asked)


def agenda(
    *places: str | Path,
    plan: str | Path | None = None,
    date: dt.date | str | None = None,
    **asked: Unpack[OfEither],
) -> Agenda:
    """What became of what a programme or plan announced, and what came In though nobody announced it.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files, or the folder of one workspace; then the plan, if it is not named.
        plan: text, Markdown, CSV, iCalendar, slides (.pptx) or PDF; by default the last of the places.
        date: day on which it was announced, where the plan does not say; without one no effect is claimed.
        asked: what `tour` takes.

    Raises:
        InputError: a file or the plan cannot be used; `NotEnoughError`: no theme can be read in the plan.
        SettingsError: an option has a value that it cannot have, or no plan is named.
        WorkspaceError: the workspace cannot be opened or written.
    """
    said = list(places)
    announced = plan if plan is not None else said.pop() if said else None
    if announced is None or not said:
        raise SettingsError(
            "name what people said, then the plan: `estran agenda acme plan.pptx`, or `estran agenda messages.csv plan.md`"
        )
    day = asked_day(date, "date")
    question = partial(what_was_taken_up, plan=read_plan(announced), day=day)

    def of_workspace(space: Workspace, **told: Unpack[OfWorkspace]) -> Agenda:
        return space.agenda(announced, date=day, **told)

    return _found(question, of_workspace, said, **asked)


def continuum(*places: str | Path, **asked: Unpack[OfEither]) -> Continuum:
    """What the inside and the outside say of the same themes, in files of dated messages or in a workspace.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    return _found(face_both_sides, Workspace.continuum, places, **asked)


def unanswered(*places: str | Path, **asked: Unpack[OfEither]) -> Unanswered:
    """What one side raises and the other does not take up, in files of dated messages or in a workspace.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    return _found(find_unanswered, Workspace.unanswered, places, **asked)


def landscape(
    *places: str | Path, environments: str | Path | None = None, **asked: Unpack[OfEither]
) -> Landscape:
    """What is said in which kind of tool, and what crosses from one to another, in files of dated messages or in a workspace.

    Args:
        places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
        environments: file that says what kind of tool each source is; by default that of the workspace, else it is guessed.
        asked: what `tour` takes.

    Raises:
        InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
        SettingsError: an option has a value that it cannot have, or files and a workspace are mixed.
        WorkspaceError: the workspace cannot be opened or written.
    """
    question = what_is_where({} if any(map(is_workspace, places)) else told_kinds(environments))
    return _found(question, partial(Workspace.landscape, environments=environments), places, **asked)


def _found(
    question: Callable[[Ground], Found],
    of_workspace: Callable[..., Found],
    places: Sequence[str | Path],
    **asked: Unpack[OfEither],
) -> Found:
    """The answer to a question about themes, of files or of a workspace, to what was said of them."""
    spaces = [place for place in places if is_workspace(place)]
    said: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if not spaces:
        if said.keys() & _OF_WORKSPACE:
            raise SettingsError(
                "an engine counts a workspace, and files are counted here: `estran init` makes a workspace, "
                "`estran ingest` takes the files in"
            )
        return filed.ask(asked_of_ground(question), *places, **said)
    if len(places) > 1:
        raise SettingsError(
            f"{spaces[0]} is a workspace, and a tour is of one workspace or of files: "
            f"`estran ingest {spaces[0]} FILE` takes files into it"
        )
    if asked.get("columns") or asked.get("inside") or asked.get("outside") or "day_first" in said:
        raise SettingsError(
            f"columns, sides and dates are told when files are taken in (`estran ingest {spaces[0]} FILE`), "
            "not at the tour"
        )
    return of_workspace(opened(spaces[0]), **{k: v for k, v in said.items() if k not in _OF_FILES})


def settings(*places: str | Path, top: int | None = None) -> Settings:
    """The settings in force: defaults, `estran.toml` here or in the workspace, the environment, then what was asked for."""
    spaces = [Path(place) for place in places if is_workspace(place)]
    found = Settings.load((spaces[0] if spaces else Path()) / "estran.toml")
    return found if top is None else replace(found, top=top)
