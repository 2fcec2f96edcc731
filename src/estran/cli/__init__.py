# ruff: noqa: FBT001, FBT002  the options of a command line have names
"""The `estran` command: parse, call one function of the workspace, render what it gives."""

from __future__ import annotations

import io
import signal
import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from estran.allocator import give_back
from estran.cli import keeping, marks, terminal, themes, topics, tours, units, watching
from estran.cli.options import reader_language
from estran.errors import EstranError

if TYPE_CHECKING:
    from collections.abc import Sequence

# What is heavy is imported by the command that needs it: `estran --help` answers at once.

app = typer.Typer(
    name="estran",
    help="What is coming In, what is going Out, since when, and in whose words.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""What typer raises for a command line that it cannot parse; it gives this class no public name."""

STOPPED = 128 + signal.SIGINT


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415

        terminal.out.print(version("estran"), highlight=False)
        raise typer.Exit


@app.callback()
def estran(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What is coming In, what is going Out, since when, and in whose words."""


COMMANDS = (
    tours.tour,
    tours.succession,
    tours.organisation,
    tours.culture,
    tours.agenda,
    tours.effects,
    tours.pull,
    tours.continuum,
    tours.unanswered,
    tours.report,
    tours.landscape,
    tours.demo,
    marks.mark,
    topics.topics,
    units.units,
    keeping.init,
    keeping.ingest,
    keeping.status,
    keeping.erase,
    keeping.compact,
    keeping.doctor,
    watching.watch,
)
for command in COMMANDS:
    app.command()(command)
app.add_typer(themes.app, name="themes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; everything that can go wrong is one line on the error stream.

    Returns:
        the exit code: 0, 2 for what the user can mend, 130 when stopped by Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no accents shows question marks
    give_back()
    asked = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        code = app(args=asked, prog_name="estran", standalone_mode=False) or 0
    except UsageError as error:
        return _refuse(f"{error.format_message()} See estran --help.")
    except EstranError as error:
        return _refuse(str(error))
    if code == STOPPED:
        from estran.report import stages  # noqa: PLC0415

        terminal.err.print(f"estran: {stages.stopped(reader_language())}", highlight=False)
    return int(code)


def _refuse(why: str) -> int:
    line = " ".join(why.split())
    terminal.err.print(f"estran: {line}", style="red", highlight=False, soft_wrap=True, markup=False)
    return terminal.WRONG
