"""The `estran` command: parse, call one function of the workspace, render what it gives."""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from estran.errors import EstranError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import TaskID

    from estran import workspace
    from estran.findings import Tour

# What is heavy is imported by the command that needs it: `estran --help` answers at once.

app = typer.Typer(
    name="estran",
    help="What is coming In, what is going Out, since when, and in whose words.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

out = Console()
err = Console(stderr=True)

UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""What typer raises for a command line that it cannot parse; it gives this class no public name."""

WRONG = 2
STOPPED = 128 + signal.SIGINT


class Language(StrEnum):
    """A language that the faces speak."""

    FR = "fr"
    EN = "en"


def _reader_language() -> Language:
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return Language.FR if locale.lower().startswith("fr") else Language.EN


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415

        out.print(version("estran"), highlight=False)
        raise typer.Exit


@app.callback()
def estran(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What is coming In, what is going Out, since when, and in whose words."""


Files = Annotated[list[Path], typer.Argument(help="CSV, TSV, JSON Lines or Parquet files of dated messages.")]
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
TopOption = Annotated[
    int | None, typer.Option(metavar="NUMBER", min=1, help="Themes in each list; 12 by default.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the findings as JSON, and nothing else.")]
HtmlOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a self-contained page to this file.")
]
MarkdownOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the tour as Markdown to this file.")
]


def _column(name: str, what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        f"--{name}",
        metavar="COLUMN",
        help=f"Column of {what}; guessed by default.",
        rich_help_panel="Columns",
    )
    return option


def _rule(what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        metavar="COLUMN=VALUE", help=what, rich_help_panel="Columns"
    )
    return option


@app.command()
def tour(  # noqa: PLR0917  options of a command line have names
    files: Files,
    step: StepOption = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day to read, as 2024-03-01.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day to read.")] = None,
    language: LanguageOption = None,
    top: TopOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    text: Annotated[str | None, _column("text", "what was said")] = None,
    time: Annotated[str | None, _column("time", "the date")] = None,
    author: Annotated[str | None, _column("author", "the person who said it")] = None,
    side: Annotated[str | None, _column("side", "the side, inside or outside")] = None,
    source: Annotated[str | None, _column("source", "the tool or channel")] = None,
    unit: Annotated[str | None, _column("unit", "the part of the organisation")] = None,
    thread: Annotated[str | None, _column("thread", "the conversation")] = None,
    title: Annotated[str | None, _column("title", "the subject")] = None,
    message_language: Annotated[
        str | None, _column("message-language", "the language it was said in")
    ] = None,
    message_id: Annotated[str | None, _column("id", "the message's own name")] = None,
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How 03/04/2024 is read.", rich_help_panel="Columns"),
    ] = None,
    inside: Annotated[
        list[str] | None, _rule("What was said by the organisation's people; repeatable.")
    ] = None,
    outside: Annotated[list[str] | None, _rule("What was said by those it serves; repeatable.")] = None,
) -> None:
    """Tell what is coming In and what is going Out in files of dated messages."""
    told = {
        "text": text, "time": time, "author": author, "side": side, "source": source, "unit": unit,
        "thread": thread, "title": title, "language": message_language, "id": message_id,
    }  # fmt: skip
    language = language or _reader_language()
    _check_places(html, markdown, files=files)
    from estran import workspace  # noqa: PLC0415

    with _shown(quiet=as_json, language=language) as progress:
        found = workspace.tour(
            *files,
            step=step,
            since=since,
            until=until,
            columns={name: column for name, column in told.items() if column is not None},
            inside=inside or (),
            outside=outside or (),
            day_first=day_first,
            settings=workspace.settings(top=top),
            progress=progress,
        )
    _show(found, language=language, as_json=as_json, html=html, markdown=markdown)


@app.command()
def demo(
    language: LanguageOption = None,
    top: TopOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
) -> None:
    """Take the tour of a simulated company, in French and English, whose truth is known."""
    language = language or _reader_language()
    _check_places(html, markdown)
    from estran import workspace  # noqa: PLC0415

    with _shown(quiet=as_json, language=language) as progress:
        found = workspace.demo(settings=workspace.settings(top=top), progress=progress)
    _show(found, language=language, as_json=as_json, html=html, markdown=markdown)


def _show(
    found: Tour, *, language: Language, as_json: bool, html: Path | None, markdown: Path | None
) -> None:
    from estran import report  # noqa: PLC0415
    from estran.report import stages  # noqa: PLC0415

    if html:
        _write(html, report.to_html(found, language=language))
    if markdown:
        _write(markdown, report.to_markdown(found, language=language))
    if as_json:
        typer.echo(report.to_json(found).encode())  # JSON is UTF-8, whatever the terminal speaks
        return
    out.print(report.to_terminal(found, language=language, width=out.width, top=None))
    for path in filter(None, (html, markdown)):
        out.print(stages.written(language, path), soft_wrap=True, markup=False, highlight=False)


def _check_places(*places: Path | None, files: Sequence[Path] = ()) -> None:
    """Says before the work, not after it, that a report cannot lie there.

    Raises:
        SettingsError: the place cannot be written, or holds the messages.
    """
    for place in filter(None, places):
        if place.resolve() in {file.resolve() for file in files}:
            raise SettingsError(f"{place} holds the messages; choose another place for the report")
        folder = next(parent for parent in (place.parent, *place.parent.parents) if parent.exists())
        with _refusing(place):
            if place.is_dir():
                raise IsADirectoryError(0, "Is a directory")
            tempfile.TemporaryFile(dir=folder).close()


def _write(place: Path, text: str) -> None:
    """All of the file, or none of it: a name is given to it only when it is whole."""
    with _refusing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        whole = place.with_name(f".estran-{token_hex(8)}")
        try:
            whole.write_text(text, encoding="utf-8")
            whole.replace(place)
        finally:
            whole.unlink(missing_ok=True)


@contextmanager
def _refusing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingsError(f"{place} cannot be written ({error.strerror}); choose another place") from error


class _Bars:
    """The stages of long work as bars on the terminal's error stream, with the time left where it is known."""

    def __init__(self, bars: Progress, *, language: Language) -> None:
        self._bars = bars
        self._language = language
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None) -> None:
        from estran.report import stages  # noqa: PLC0415

        self._finish()
        self._task = self._bars.add_task(stages.stage(self._language, name), total=total)

    def advance(self, steps: int) -> None:
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def say(self, sentence: str) -> None:
        self._bars.console.print(sentence, style="dim", highlight=False, markup=False, soft_wrap=True)

    def _finish(self) -> None:
        if self._task is not None:
            total = self._bars.tasks[-1].total or 1
            self._bars.update(self._task, total=total, completed=total)


@contextmanager
def _shown(*, quiet: bool, language: Language) -> Iterator[workspace.Progress]:
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal, transient=True) as bars:
        yield _Bars(bars, language=language)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; everything that can go wrong is one line on the error stream.

    Returns:
        the exit code: 0, 2 for what the user can mend, 130 when stopped by Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no accents shows question marks
    asked = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        code = app(args=asked, prog_name="estran", standalone_mode=False) or 0
    except UsageError as error:
        return _refuse(f"{error.format_message()} See estran --help.")
    except EstranError as error:
        return _refuse(str(error))
    if code == STOPPED:
        from estran.report import stages  # noqa: PLC0415

        err.print(f"estran: {stages.stopped(_reader_language())}", highlight=False)
    return int(code)


def _refuse(why: str) -> int:
    line = " ".join(why.split())
    err.print(f"estran: {line}", style="red", highlight=False, soft_wrap=True, markup=False)
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
