"""What every command can be told: its arguments and options, each said once."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Language(StrEnum):
    """A language that the faces speak."""

    FR = "fr"
    EN = "en"


def reader_language() -> Language:
    """The language of the terminal."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return Language.FR if locale.lower().startswith("fr") else Language.EN


def column(name: str, what: str) -> typer.models.OptionInfo:
    """An option that names a column of the files."""
    option: typer.models.OptionInfo = typer.Option(
        f"--{name}",
        metavar="COLUMN",
        help=f"Column of {what}; guessed by default.",
        rich_help_panel="Columns",
    )
    return option


def rule(what: str) -> typer.models.OptionInfo:
    """An option that says of which rows something holds."""
    option: typer.models.OptionInfo = typer.Option(
        metavar="COLUMN=VALUE", help=what, rich_help_panel="Columns"
    )
    return option


Files = Annotated[list[Path], typer.Argument(help="CSV, TSV, JSON Lines or Parquet files of dated messages.")]
Places = Annotated[
    list[Path],
    typer.Argument(
        help="CSV, TSV, JSON Lines or Parquet files of dated messages; or the folder of a workspace.",
    ),
]
Place = Annotated[Path, typer.Argument(help="The folder of the workspace.")]
LanguageOption = Annotated[
    Language | None, typer.Option(metavar="fr|en", help="Language of the output; of the terminal by default.")
]
StepOption = Annotated[
    str | None,
    typer.Option(
        metavar="week|month|quarter|half|year",
        help="Length of a period; chosen from the span and the volume by default.",
    ),
]
SinceOption = Annotated[str | None, typer.Option(metavar="DAY", help="First day to read, as 2024-03-01.")]
UntilOption = Annotated[str | None, typer.Option(metavar="DAY", help="Last day to read.")]
UnitOption = Annotated[
    str | None,
    typer.Option(
        metavar="PATH", help="Part of the organisation to look at, with all below it, as sales/north."
    ),
]
TopOption = Annotated[
    int | None, typer.Option(metavar="NUMBER", min=1, help="Themes in each list; 12 by default.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the findings as JSON, and nothing else.")]
HtmlOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a self-contained page to this file.")
]
MarkdownOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the same as Markdown to this file.")
]
EnvironmentsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help='What kind of tool each source is (TOML: "acme-slack" = "chat"); that of the workspace by default, else guessed.',
    ),
]
FamiliesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Families of words (TOML); those of the workspace, or of Estran, by default."
    ),
]
DateOption = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="Day on which the plan was announced, where it does not say itself."),
]
TextColumn = Annotated[str | None, column("text", "what was said")]
TimeColumn = Annotated[str | None, column("time", "the date")]
AuthorColumn = Annotated[str | None, column("author", "the person who said it")]
SideColumn = Annotated[str | None, column("side", "the side, inside or outside")]
SourceColumn = Annotated[str | None, column("source", "the tool or channel")]
UnitColumn = Annotated[str | None, column("unit-column", "the part of the organisation")]
ThreadColumn = Annotated[str | None, column("thread", "the conversation")]
TitleColumn = Annotated[str | None, column("title", "the subject")]
LanguageColumn = Annotated[str | None, column("message-language", "the language it was said in")]
IdColumn = Annotated[str | None, column("id", "the message's own name")]
DayFirst = Annotated[
    bool | None,
    typer.Option("--day-first/--month-first", help="How 03/04/2024 is read.", rich_help_panel="Columns"),
]
InsideRule = Annotated[list[str] | None, rule("What was said by the organisation's people; repeatable.")]
OutsideRule = Annotated[list[str] | None, rule("What was said by those it serves; repeatable.")]
EngineOption = Annotated[
    str | None,
    typer.Option(
        metavar="threads|pool|dask|spark",
        help="Where a workspace is counted; threads of this process by default.",
        rich_help_panel="Counting",
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Dask scheduler that counts, as tcp://host:8786; a cluster of this machine by default.",
        rich_help_panel="Counting",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        min=1,
        help="Threads or processes that count; one per core by default.",
        rich_help_panel="Counting",
    ),
]
ScopeOption = Annotated[
    str | None,
    typer.Option(
        metavar="SCOPE",
        help="Whom it concerns: a unit (sales/north), side=outside, source=crm; everybody by default.",
    ),
]
ThemesOption = Annotated[
    list[str] | None,
    typer.Option(metavar="WORDS", help="A theme that it should move; repeatable. All themes by default."),
]
CalendarOption = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="Take marks from a CSV (date, label[, scope, themes, end]) or iCalendar file.",
    ),
]
MarksOption = Annotated[
    list[str] | None,
    typer.Option(
        "--mark",
        metavar="DAY=LABEL",
        help="When something was decided, as '2024-03-01=New policy'; repeatable. Those of the workspace by default.",
    ),
]
