# ruff: noqa: FBT002, PLR0913, PLR0917  the options of a command line have names
"""The commands that keep a workspace: make it, take files in, tell how it does, forget, put right."""

from pathlib import Path
from typing import Annotated

import typer

from estran.cli.options import (
    AuthorColumn,
    DayFirst,
    Files,
    IdColumn,
    InsideRule,
    JsonOption,
    LanguageColumn,
    LanguageOption,
    OutsideRule,
    Place,
    TextColumn,
    ThreadColumn,
    TimeColumn,
    TitleColumn,
    UnitColumn,
    column,
    reader_language,
)
from estran.cli.terminal import WRONG, confirmed, print_finding, shown
from estran.errors import SettingsError


def init(
    place: Annotated[Path, typer.Argument(help="A new folder, or an empty one.")],
    store: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Where the messages lie, as s3://bucket/acme; in the folder by default."
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Key that makes pseudonyms of names; in the folder by default."),
    ] = None,
    new_key: Annotated[
        bool,
        typer.Option(
            "--new-key",
            help="Make another key where the key is gone: everybody is a new person from then on.",
        ),
    ] = False,
    language: LanguageOption = None,
) -> None:
    """Make a workspace: a folder where messages are kept, counted, and forgotten on request."""
    from estran import workspace  # noqa: PLC0415
    from estran.report import keeping  # noqa: PLC0415

    language = language or reader_language()
    new = not workspace.is_workspace(place)
    made = workspace.init(place, store=store, key=key, new_key=new_key)
    if new_key:
        print_finding(keeping.given_key(language, key=str(made.key)))
    else:
        print_finding(keeping.made(language, path=str(place), key=str(made.key), new=new))


def ingest(
    place: Place,
    files: Files,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to call where the files come from, as crm.")
    ] = None,
    side: Annotated[
        str | None,
        typer.Option(metavar="inside|outside", help="Side of what no rule and no named column places."),
    ] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
    text: TextColumn = None,
    time: TimeColumn = None,
    author: AuthorColumn = None,
    side_column: Annotated[str | None, column("side-column", "the side, inside or outside")] = None,
    source_column: Annotated[str | None, column("source-column", "the tool or channel")] = None,
    unit: UnitColumn = None,
    thread: ThreadColumn = None,
    title: TitleColumn = None,
    message_language: LanguageColumn = None,
    message_id: IdColumn = None,
    day_first: DayFirst = None,
    inside: InsideRule = None,
    outside: OutsideRule = None,
) -> None:
    """Take files of dated messages into a workspace; what is in already stays, once."""
    told = {
        "text": text, "time": time, "author": author, "side": side_column, "source": source_column, "unit": unit,
        "thread": thread, "title": title, "language": message_language, "id": message_id,
    }  # fmt: skip
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import keeping  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).ingest(
            *files,
            source=source,
            side=side,
            columns={name: named for name, named in told.items() if named is not None},
            inside=inside or (),
            outside=outside or (),
            day_first=day_first,
            progress=progress,
        )
    print_finding(keeping.ingested(language, found, path=str(place)), as_json=found if as_json else None)


def status(place: Place, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Tell what a workspace holds and how it does."""
    from estran import workspace  # noqa: PLC0415
    from estran.report import keeping  # noqa: PLC0415

    found = workspace.open(place).status()
    print_finding(keeping.status(language or reader_language(), found), as_json=found if as_json else None)


def erase(
    place: Place,
    author: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the person, as the files have it.")
    ] = None,
    pseudonym: Annotated[
        str | None, typer.Option(metavar="P", help="Pseudonym of the person, where the name is not known.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget a person: show what will go, ask, do it, and prove it; with --json and without --yes, only show."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import keeping  # noqa: PLC0415

    space = workspace.open(place)
    if not yes:
        with shown(quiet=as_json, language=language) as progress:
            found = space.would_erase(author=author, pseudonym=pseudonym, progress=progress)
        print_finding(keeping.erasure(language, found), as_json=found if as_json else None)
        if as_json or found.nothing:
            return
        if not confirmed(keeping.question(language), language=language):
            raise SettingsError("nobody was forgotten; --yes does it without asking")
    with shown(quiet=as_json, language=language) as progress:
        done = space.erase(author=author, pseudonym=pseudonym, progress=progress)
    print_finding(keeping.erased(language, done), as_json=done if as_json else None)
    if done.proof is not None and done.proof.found:
        raise typer.Exit(WRONG)


def compact(place: Place, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Put small files of a workspace together, and remove what nobody needs any more."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import keeping  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).compact(progress=progress)
    print_finding(keeping.compacted(language, found), as_json=found if as_json else None)


def doctor(place: Place, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Look a workspace over, and mend what can be mended; the exit code is 2 if something remains."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import keeping  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).doctor(progress=progress)
    print_finding(keeping.health(language, found), as_json=found if as_json else None)
    if not found.well:
        raise typer.Exit(WRONG)
