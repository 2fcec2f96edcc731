# ruff: noqa: FBT002  the options of a command line have names
"""The command about topics: which there are, and what lives in them."""

from __future__ import annotations

from typing import Annotated

import typer

from estran.cli.options import JsonOption, LanguageOption, Place, reader_language
from estran.cli.terminal import print_finding, shown

TopOption = Annotated[int, typer.Option(metavar="NUMBER", min=1, help="Topics shown, the largest ones.")]
RebuildOption = Annotated[
    bool,
    typer.Option(
        "--rebuild", help="Find the topics anew, from all messages; those that are the same keep their ids."
    ),
]


def topics(
    place: Place,
    top: TopOption = 20,
    rebuild: RebuildOption = False,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what the messages of a workspace are about: topics, in whatever words and language, and what lives in them."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import topics  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).topics(rebuild=rebuild, progress=progress)
    print_finding(
        topics.listed(language, found, top=top, path=str(place)), as_json=found if as_json else None
    )
