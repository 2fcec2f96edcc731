"""The pages of the documentation, run from beginning to end; `make docs` writes what they print into them.

A ```python block runs in one namespace per page, an `estran` line of a ```console block runs as the command; both in
one folder. A ```text block that follows one of them shows what it printed.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import typer.main

from estran import cli, workspace
from estran.cli import terminal

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TUTORIALS = (DOCS / "tutorial.md", DOCS / "fr" / "tutoriel.md")
REFERENCE = DOCS / "reference" / "cli.md"


HEAD = """# The command

This page is made from the command itself by `make docs`; `estran COMMAND --help` says the same.

Findings go to the standard output; what was guessed, and progress, to the error stream. Colour is left out where
`NO_COLOR` is set or the output is not a terminal. The language is that of `LC_ALL`, `LC_MESSAGES` or `LANG`, unless
`--language` says another.

| exit code | meaning |
|---|---|
| 0 | all went well |
| 2 | something must be mended: one line on the error stream says what, and nothing was written |
| 130 | stopped by Ctrl-C; no file is half-written |

`estran --version` prints the version.
"""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, its lines, and where they stand."""

    kind: str
    code: str
    start: int
    end: int


def blocks(text):
    """The fenced blocks of a page, in their order."""
    return [Block(found[1], found[2], found.start(2), found.end(2)) for found in FENCED.finditer(text)]


def commands(code):
    """The arguments of each `estran` line of a console block, and the file its output goes to."""
    for line in code.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["estran"]:
            shown, _, file = (words[1:], None, None) if ">" not in words else cut(words[1:])
            yield shown, file


def cut(words):
    """The words before a redirection, and the file after it."""
    place = words.index(">")
    return words[:place], ">", words[place + 1]


def run_block(block, namespace):
    """What a block prints, as a terminal shows it."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        if block.kind == "python":
            exec(compile(block.code, "block", "exec"), namespace)
        for arguments, file in commands(block.code) if block.kind == "console" else ():
            run_command(arguments, file)
    lines = printed.buffer.getvalue().decode("utf-8").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines).strip("\n") + "\n"


def run_command(arguments, file):
    """Runs the command; its standard output goes to the file, where there is one."""
    if file is None:
        cli.main(arguments)
        return
    with Path(file).open("w", encoding="utf-8") as kept, contextlib.redirect_stdout(kept):
        cli.main(arguments)


def run_page(text):
    """The page with what its blocks print in the place of what it says that they print."""
    namespace, pieces, told, printed = {"__name__": "page"}, [], 0, None
    for block in blocks(text):
        if block.kind == "text" and printed is not None:
            pieces += [text[told : block.start], printed]
            told = block.end
        printed = run_block(block, namespace) if block.kind in {"python", "console"} else None
    return "".join([*pieces, text[told:]])


@contextlib.contextmanager
def desk(folder, taken):
    """A plain English terminal in a folder; a tour that was taken there once, and is kept, is not taken again."""
    take = workspace.tour

    def remembered(*files, progress=None, **options):
        listening = Remembering(progress)
        key = repr(
            (files, sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in options.items() if v))
        )
        if key not in taken:
            taken[key] = (take(*files, progress=listening, **options), listening.said)
        tour, said = taken[key]
        for sentence in said if progress else ():
            progress.say(sentence)
        return tour

    before, here = dict(os.environ), Path.cwd()
    os.environ.update(COLUMNS="100", LANG="en_GB.UTF-8", TERM="dumb")
    for name in ("LC_ALL", "LC_MESSAGES", "FORCE_COLOR", "NO_COLOR"):
        os.environ.pop(name, None)
    os.chdir(folder)
    workspace.tour = remembered
    consoles = (terminal.out, terminal.err)
    # a console keeps the terminal that it was made in
    terminal.out, terminal.err = terminal.Console(), terminal.Console(stderr=True)
    try:
        yield
    finally:
        workspace.tour = take
        terminal.out, terminal.err = consoles
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


class Remembering:
    """Progress that keeps what was said."""

    def __init__(self, told):
        self.said = []

    def stage(self, name, total):
        """Nothing: a page shows no bars."""

    def advance(self, steps):
        """Nothing."""

    def say(self, sentence):
        """Keeps the sentence."""
        self.said.append(sentence)


def command_reference():
    """The page of the command, from the command."""
    command = typer.main.get_command(cli.app)
    said = [HEAD]
    for name, of in every(command):
        said.append(f"## estran {name}\n\n{of.help}\n")
        if not hasattr(of, "commands"):
            said.append("| option | what it says |\n|---|---|\n" + "\n".join(rows(of)) + "\n")
    return "\n".join(said)


def every(command, before=""):
    """The commands and, after each group of commands, those in it."""
    for name, of in command.commands.items():
        yield before + name, of
        if hasattr(of, "commands"):
            yield from every(of, f"{before}{name} ")


def rows(command):
    """A row of the table for each argument and option."""
    for parameter in command.params:
        names = ", ".join([*parameter.opts, *parameter.secondary_opts])
        if not names.startswith("-"):
            names, value = "", parameter.name.upper() + ("..." if parameter.nargs == -1 else "")
        else:
            value = "" if parameter.is_flag else f" {parameter.metavar}"
        written = (names + value).replace("|", "\\|")
        yield f"| `{written}` | {parameter.help} |"


def write():
    """Brings the generated page and the output in the tutorials up to date."""
    REFERENCE.write_text(command_reference(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, desk(folder, {}):
        for page in TUTORIALS:
            page.write_text(run_page(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write())
