"""The `estran` command: parse, call one function of the workspace, render what it gives."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from estran import report, workspace
from estran.errors import EstranError
from estran.model import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estran.findings import Tour

app = typer.Typer(
    name="estran",
    help="What is coming In, what is going Out, since when, and in whose words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

out = Console()
err = Console(stderr=True)

STAGES = {
    "read": ("Reading", "Lecture"),
    "language": ("Telling languages", "Reconnaissance des langues"),
    "clean": ("Setting aside what is not speech", "Mise à part de ce qui n'est pas parole"),
    "count": ("Counting phrases", "Comptage des expressions"),
    "concepts": ("Making themes of phrases", "Des expressions aux thèmes"),
    "match": ("Counting themes", "Comptage des thèmes"),
    "test": ("Testing against chance", "Épreuve du hasard"),
    "board": ("Following what moved", "Suivi de ce qui a bougé"),
    "simulate": ("Simulating a company", "Simulation d'une entreprise"),
}


class Language(StrEnum):
    """A language that the faces speak."""

    FR = "fr"
    EN = "en"


def _reader_language() -> Language:
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return Language.FR if locale.lower().startswith("fr") else Language.EN


Files = Annotated[list[Path], typer.Argument(help="CSV, TSV, JSON Lines or Parquet files of dated messages.")]
LanguageOption = Annotated[
    Language | None, typer.Option("--language", help="Language of the output; of the terminal by default.")
]
StepOption = Annotated[
    Step | None, typer.Option("--step", help="Length of a period; chosen from the span and the volume by default.")
]
TopOption = Annotated[int | None, typer.Option("--top", min=1, help="Themes in each list (12).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the findings as JSON, and nothing else.")]
HtmlOption = Annotated[Path | None, typer.Option("--html", help="Write a self-contained page to this file.")]
MarkdownOption = Annotated[Path | None, typer.Option("--markdown", help="Write the tour as Markdown to this file.")]


def _column(name: str, what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        f"--{name}", metavar="COLUMN", help=f"Column of {what}; guessed by default.", rich_help_panel="Columns"
    )
    return option


@app.command()
def tour(
    files: Files,
    step: StepOption = None,
    since: Annotated[str | None, typer.Option(help="First day to read, as 2024-03-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day to read.")] = None,
    language: LanguageOption = None,
    top: TopOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    text: Annotated[str | None, _column("text", "what was said")] = None,
    time: Annotated[str | None, _column("time", "when")] = None,
    author: Annotated[str | None, _column("author", "who said it")] = None,
    side: Annotated[str | None, _column("side", "inside or outside")] = None,
    source: Annotated[str | None, _column("source", "the tool or channel")] = None,
    unit: Annotated[str | None, _column("unit", "the part of the organisation")] = None,
    thread: Annotated[str | None, _column("thread", "the conversation")] = None,
    title: Annotated[str | None, _column("title", "the subject")] = None,
    message_language: Annotated[str | None, _column("message-language", "the language of a message")] = None,
    message_id: Annotated[str | None, _column("id", "the message's own name")] = None,
    day_first: Annotated[
        bool | None,
        typer.Option(
            "--day-first/--month-first", help="How 03/04/2024 is read.", rich_help_panel="Columns"
        ),
    ] = None,
    inside: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="What was said by the organisation's people.", rich_help_panel="Columns"),
    ] = None,
    outside: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="What was said by those it serves.", rich_help_panel="Columns"),
    ] = None,
) -> None:
    """Tell what is coming In and what is going Out in files of dated messages."""
    told = {
        "text": text, "time": time, "author": author, "side": side, "source": source, "unit": unit,
        "thread": thread, "title": title, "language": message_language, "id": message_id,
    }  # fmt: skip
    with _sentences_for_errors(), _shown(quiet=as_json, language=language) as progress:
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
    as_json: JsonOption = False,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    top: TopOption = None,
) -> None:
    """Take the tour of a simulated company, in French and English, whose truth is known."""
    with _sentences_for_errors(), _shown(quiet=as_json, language=language) as progress:
        found = workspace.demo(settings=workspace.settings(top=top), progress=progress)
    _show(found, language=language, as_json=as_json, html=html, markdown=markdown)


def _show(
    found: Tour, *, language: Language | None, as_json: bool, html: Path | None, markdown: Path | None
) -> None:
    words = language or _reader_language()
    with _sentences_for_errors():
        if html:
            _write(html, report.to_html(found, language=words))
        if markdown:
            _write(markdown, report.to_markdown(found, language=words))
    if as_json:
        sys.stdout.write(report.to_json(found) + "\n")
        return
    out.print(report.to_terminal(found, language=words, width=out.width, top=None))
    for path in (html, markdown):
        if path:
            out.print(f"\n{'Rapport' if words == Language.FR else 'Report'}: {path}", soft_wrap=True)


def _write(path: Path, text: str) -> None:
    """All of the file, or none of it: a name is given to it only when it is whole."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".estran-", delete=False
        ) as whole:
            try:
                whole.write(text)
            except BaseException:
                Path(whole.name).unlink()
                raise
        Path(whole.name).chmod(0o644)
        Path(whole.name).replace(path)
    except OSError as error:
        raise EstranError(f"{path} cannot be written ({error.strerror}); choose another place") from error


class _Bars:
    """The stages of long work as bars on the terminal's error stream, with the time left where it is known."""

    def __init__(self, bars: Progress, *, language: Language) -> None:
        self._bars = bars
        self._french = language is Language.FR
        self._task = None

    def stage(self, name: str, total: int | None) -> None:
        self._finish()
        self._task = self._bars.add_task(STAGES[name][self._french], total=total)

    def advance(self, steps: int) -> None:
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def say(self, sentence: str) -> None:
        self._bars.console.print(sentence, style="dim", highlight=False)

    def _finish(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[-1]
            self._bars.update(self._task, total=task.total or 1, completed=task.total or 1)


@contextmanager
def _shown(*, quiet: bool, language: Language | None) -> Iterator[workspace.Progress]:
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal, transient=True) as bars:
        yield _Bars(bars, language=language or _reader_language())


@contextmanager
def _sentences_for_errors() -> Iterator[None]:
    try:
        yield
    except EstranError as error:
        err.print(f"estran: {error}", style="red", highlight=False, soft_wrap=True, markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        err.print("estran: stopped; nothing was written", highlight=False)
        raise typer.Exit(128 + signal.SIGINT) from None


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
