# ruff: noqa: FBT002  the options of a command line have names
"""The command that watches a workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from estran.cli.options import (
    HtmlOption,
    JsonOption,
    LanguageOption,
    MarkdownOption,
    Place,
    reader_language,
)
from estran.cli.terminal import WRONG, check_places, show, shown

DryOption = Annotated[bool, typer.Option("--dry-run", help="Only look: write nothing down, send nothing.")]
LookedOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DAY",
        help="First day to look at; by default the day after the last look, or the last whole day.",
    ),
]


def watch(
    place: Place,
    dry: DryOption = False,
    since: LookedOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
) -> None:
    """Look at what alerts.toml of a workspace says, tell what changed, and send it where it says."""
    language = language or reader_language()
    check_places(html, markdown)
    from estran import workspace  # noqa: PLC0415
    from estran.report.watch import Writer  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).watch(
            write=Writer(language.value), dry=dry, since=since, progress=progress
        )
    show(found, language=language, as_json=as_json, html=html, markdown=markdown)
    if any(sent.failed for sent in found.deliveries):
        raise typer.Exit(WRONG)
