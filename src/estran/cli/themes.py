# ruff: noqa: FBT002  the options of a command line have names
"""The commands about themes: which there are, why, what became of them, and corrections by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from estran.cli.options import JsonOption, LanguageOption, Place, reader_language
from estran.cli.terminal import print_finding, shown

if TYPE_CHECKING:
    from estran.cli.options import Language


class Listing(TyperGroup):
    """A group whose first command is meant where none is named: `estran themes acme` lists."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # of typer itself
        """Puts `list` before a place."""
        if not args:
            args = ["--help"]
        elif args[0] not in self.commands and not args[0].startswith("-"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Listing,
    help="List the themes of a workspace (estran themes PLACE); or correct them, by the commands below.",
)

ThemeWord = Annotated[str, typer.Argument(help="A theme: its label, a written form of it, or its id.")]
ThemeWords = Annotated[list[str], typer.Argument(help="Themes: their labels, written forms, or ids.")]
Key = Annotated[list[str], typer.Argument(help="The key of a suggestion; or its two themes.")]
In = Annotated[str | None, typer.Option("--in", metavar="CODE", help="One language, as fr; all by default.")]
TopOption = Annotated[int, typer.Option(metavar="NUMBER", min=1, help="Themes shown.")]
AllOption = Annotated[bool, typer.Option("--all", help="Show all themes and all suggestions.")]


@app.command("list")
def list_themes(
    place: Place,
    top: TopOption = 20,
    show_all: AllOption = False,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the themes that at least five people said, with their ids, and what may be one theme."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import themes  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).themes(progress=progress)
    said = themes.listed(language, found, top=None if show_all else top, path=str(place))
    print_finding(said, as_json=found if as_json else None)


@app.command()
def show(
    place: Place, theme: ThemeWord, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Show one theme: its variants, why each belongs to it, and what became of it."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import themes  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).theme(theme, progress=progress)
    print_finding(themes.shown(language, found), as_json=found if as_json else None)


@app.command()
def log(place: Place, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Tell what became of the themes: born, split, merged, gone, back."""
    from estran import workspace  # noqa: PLC0415
    from estran.report import themes  # noqa: PLC0415

    found = workspace.open(place).themes_log()
    print_finding(themes.log(language or reader_language(), found), as_json=found if as_json else None)


@app.command()
def rebuild(place: Place, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Find the themes anew from all messages; those that are the same keep their ids."""
    language = language or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import themes  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.open(place).rebuild_themes(progress=progress)
    print_finding(themes.rebuilt(language, found), as_json=found if as_json else None)


@app.command()
def merge(
    place: Place,
    theme: ThemeWord,
    others: ThemeWords,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put themes into one: their variants become its variants, and who used two of them counts once."""
    _edit(place, "merge", theme, *others, output=language, as_json=as_json)


@app.command()
def split(
    place: Place,
    theme: ThemeWord,
    variants: Annotated[list[str], typer.Argument(help="Written forms that leave it, together.")],
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take variants out of a theme, into a theme of their own."""
    _edit(place, "split", theme, *variants, output=language, as_json=as_json)


@app.command()
def rename(
    place: Place,
    theme: ThemeWord,
    label: Annotated[str, typer.Argument(help="What to call it.")],
    into: In = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Call a theme otherwise, in one language or in all."""
    _edit(place, "rename", theme, label, into=into, output=language, as_json=as_json)


@app.command()
def pin(
    place: Place, themes: ThemeWords, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Keep themes on the board, in their lists, foremost or not."""
    _edit(place, "pin", *themes, output=language, as_json=as_json)


@app.command()
def ignore(
    place: Place, themes: ThemeWords, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Keep themes off the board; they are counted all the same."""
    _edit(place, "ignore", *themes, output=language, as_json=as_json)


@app.command()
def follow(
    place: Place,
    words: Annotated[list[str], typer.Argument(help="Words of your own; several are one theme.")],
    into: In = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Track words of your own, however rare, in a list of their own."""
    _edit(place, "follow", *words, into=into, output=language, as_json=as_json)


@app.command()
def accept(place: Place, key: Key, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Say yes to a suggestion: the two are one theme."""
    _edit(place, "accept", *key, output=language, as_json=as_json)


@app.command()
def reject(place: Place, key: Key, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Say no to a suggestion: it does not come back."""
    _edit(place, "reject", *key, output=language, as_json=as_json)


@app.command()
def undo(place: Place, language: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Take the last correction back; again, the one before it."""
    from estran import workspace  # noqa: PLC0415
    from estran.report import themes  # noqa: PLC0415

    language = language or reader_language()
    with shown(quiet=as_json, language=language) as progress:
        done = workspace.open(place).undo(progress=progress)
    print_finding(themes.edited(language, done, path=str(place)), as_json=done if as_json else None)


def _edit(
    place: Place, verb: str, *words: str, into: str | None = None, output: Language | None, as_json: bool
) -> None:
    language = output or reader_language()
    from estran import workspace  # noqa: PLC0415
    from estran.report import themes  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        done = workspace.open(place).edit(verb, *words, language=into, progress=progress)
    print_finding(themes.edited(language, done, path=str(place)), as_json=done if as_json else None)
