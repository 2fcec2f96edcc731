"""The terminal: what is printed, how long work is shown, and where reports are written."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING

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

from estran.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import RenderableType
    from rich.progress import TaskID

    from estran import workspace
    from estran.cli.options import Language
    from estran.findings import Answer, Notice, Plain

out = Console()
err = Console(stderr=True)

WRONG = 2
"""Exit code where something has to be mended."""

YES = {"en": ("y", "yes"), "fr": ("o", "oui")}


def show(
    found: Answer, *, language: Language, as_json: bool, html: Path | None, markdown: Path | None
) -> None:
    """Writes what was found where it was asked for, and prints it."""
    from estran import report  # noqa: PLC0415
    from estran.report import stages  # noqa: PLC0415

    if html:
        _write(html, report.to_html(found, language=language))
    if markdown:
        _write(markdown, report.to_markdown(found, language=language))
    if as_json:
        typer.echo(report.to_json(found).encode())  # JSON is UTF-8, whatever the terminal speaks
        return
    top = int(found.provenance.settings["top"])
    out.print(report.to_terminal(found, language=language, width=out.width, top=top))
    for path in filter(None, (html, markdown)):
        out.print(stages.written(language, path), soft_wrap=True, markup=False, highlight=False)


def print_finding(said: RenderableType, *, as_json: Answer | Plain | Sequence[Plain] | None = None) -> None:
    """Prints what a finding says, or its JSON and nothing else where that is asked for."""
    if as_json is None:
        out.print(said)
        return
    from estran import report  # noqa: PLC0415

    typer.echo(report.to_json(as_json).encode())  # JSON is UTF-8, whatever the terminal speaks


def confirmed(question: str, *, language: Language) -> bool:
    """Whether the reader says yes; who cannot be asked says no."""
    err.print(f"{question} [{YES[language][0]}/N] ", end="", markup=False, highlight=False)
    try:
        return input().strip().lower() in YES[language]
    except EOFError:
        err.print()
        return False


def check_places(*places: Path | None, files: Sequence[Path] = ()) -> None:
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


class Bars:
    """The stages of long work as bars on the terminal's error stream, with the time left where it is known."""

    def __init__(self, bars: Progress, *, language: Language) -> None:
        self._bars = bars
        self._language = language
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins."""
        from estran.report import stages  # noqa: PLC0415

        self._finish()
        self._task = self._bars.add_task(stages.stage(self._language, name), total=total)

    def advance(self, steps: int) -> None:
        """So many more steps are done."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def say(self, sentence: str | Notice) -> None:
        """A line above the bars."""
        if not isinstance(sentence, str):
            from estran.report import keeping  # noqa: PLC0415

            sentence = keeping.told(self._language, sentence)
        self._bars.console.print(sentence, style="dim", highlight=False, markup=False, soft_wrap=True)

    def _finish(self) -> None:
        if self._task is not None:
            total = self._bars.tasks[-1].total or 1
            self._bars.update(self._task, total=total, completed=total)


@contextmanager
def shown(*, quiet: bool, language: Language) -> Iterator[workspace.Progress]:
    """Bars for long work; nothing where nobody looks."""
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal, transient=True) as bars:
        yield Bars(bars, language=language)
