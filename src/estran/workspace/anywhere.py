# ruff: noqa: D103  each function is told as the method that it asks
"""The questions as functions: asked of files of dated messages or of a workspace, whichever is named."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from estran.errors import SettingsError
from estran.settings import Settings
from estran.workspace.asked import Asked, AskedAnywhere, spelled
from estran.workspace.asking import Asking
from estran.workspace.files import Files
from estran.workspace.folder import is_workspace
from estran.workspace.making import open as opened

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from typing import Concatenate, Unpack

    from estran.findings import Agenda, Culture, Effects, Landscape
    from estran.model import Mark

Found_co = TypeVar("Found_co", covariant=True)
Function = TypeVar("Function", bound="Callable[..., object]")

_OF_FILES = AskedAnywhere.__annotations__.keys() - Asked.__annotations__.keys()
_PLACES = """
Asked of files of dated messages, or of one workspace; it raises what `tour` raises.

Args:
    places: CSV, TSV, JSON Lines or Parquet files; or the folder of one workspace.
    columns: of files, column of Estran ("text", "time", "author", ...) -> their column; the others are guessed.
    inside: of files, rules "column=value" for what the organisation's people said.
    outside: of files, rules "column=value" for what those it serves said.
    day_first: of files, whether 03/04/2024 is the third of April; by default the other dates decide.
"""


class Anywhere(Protocol[Found_co]):
    """A question that takes what `tour` takes."""

    def __call__(self, *places: str | Path, **asked: Unpack[AskedAnywhere]) -> Found_co:
        """The answer."""


def told_as(question: Callable[..., object]) -> Callable[[Function], Function]:
    """Lends a function the name and the documentation of the method that it asks."""
    headline, _, arguments = (inspect.getdoc(question) or "").partition("\nArgs:\n")

    def lent(function: Function) -> Function:
        function.__name__ = function.__qualname__ = question.__name__
        function.__doc__ = f"{headline}{_PLACES}{arguments}"
        function.__annotations__["return"] = question.__annotations__["return"]
        return spelled(function)

    return lent


def anywhere(question: Callable[Concatenate[Asking, ...], Found_co]) -> Anywhere[Found_co]:
    """A question as a function."""

    @told_as(question)
    def function(*places: str | Path, **asked: Unpack[AskedAnywhere]) -> Found_co:
        messages, told = _named(places, asked)
        return question(messages, **told)

    return function


tour = anywhere(Asking.tour)
succession = anywhere(Asking.succession)
everything = anywhere(Asking.everything)
organisation = anywhere(Asking.organisation)
pull = anywhere(Asking.pull)
continuum = anywhere(Asking.continuum)
unanswered = anywhere(Asking.unanswered)


# Python's types cannot add `*places` to a question that takes more than `tour` takes: these say it themselves.


@told_as(Asking.culture)
def culture(
    *places: str | Path, families: str | Path | None = None, **asked: Unpack[AskedAnywhere]
) -> Culture:
    messages, told = _named(places, asked)
    return messages.culture(families=families, **told)


@told_as(Asking.effects)
def effects(
    *places: str | Path,
    marks: Sequence[Mark | str] = (),
    calendar: str | Path | None = None,
    scope: str = "",
    themes: Sequence[str] = (),
    **asked: Unpack[AskedAnywhere],
) -> Effects:
    messages, told = _named(places, asked)
    return messages.effects(marks=marks, calendar=calendar, scope=scope, themes=themes, **told)


@told_as(Asking.agenda)
def agenda(
    *places: str | Path,
    plan: str | Path | None = None,
    date: dt.date | str | None = None,
    **asked: Unpack[AskedAnywhere],
) -> Agenda:
    said = list(places)
    announced = plan if plan is not None else said.pop() if said else None
    if announced is None or not said:
        raise SettingsError(
            "name what people said, then the plan: `estran agenda acme plan.pptx`, or `estran agenda messages.csv plan.md`"
        )
    messages, told = _named(said, asked)
    return messages.agenda(announced, date=date, **told)


@told_as(Asking.landscape)
def landscape(
    *places: str | Path, environments: str | Path | None = None, **asked: Unpack[AskedAnywhere]
) -> Landscape:
    messages, told = _named(places, asked)
    return messages.landscape(environments=environments, **told)


def _named(places: Sequence[str | Path], asked: AskedAnywhere) -> tuple[Asking, Asked]:
    """The messages that are meant, and what is asked of them."""
    spaces = [place for place in places if is_workspace(place)]
    said = {name: value for name, value in asked.items() if value is not None}
    told = cast("Asked", {name: value for name, value in said.items() if name not in _OF_FILES})
    if not spaces:
        return Files(
            *places,
            columns=asked.get("columns"),
            inside=asked.get("inside"),
            outside=asked.get("outside"),
            day_first=asked.get("day_first"),
        ), told
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
    return opened(spaces[0]), told


def settings(*places: str | Path, top: int | None = None) -> Settings:
    """The settings in force: defaults, `estran.toml` here or in the workspace, the environment, then what was asked for."""
    spaces = [Path(place) for place in places if is_workspace(place)]
    found = Settings.load((spaces[0] if spaces else Path()) / "estran.toml")
    return found if top is None else replace(found, top=top)
