"""What the documentation says is what happens."""

import dataclasses
import re
from pathlib import Path

import pages
import polars as pl
import pytest
import typer
import typer.main
from pages import DOCS, ROOT, blocks, commands, run_block, run_page

from estran import cli
from estran.settings import Settings

EVERY = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATHS_OF_SOMEBODY = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|Users)/|[A-Z]:\\Users")
TESTED_ELSEWHERE = {
    DOCS / "guides" / "reading-files.md", DOCS / "guides" / "simulate.md", DOCS / "guides" / "privacy.md",
    DOCS / "fr" / "confidentialite.md",
}  # fmt: skip


def named(page):
    return page.relative_to(ROOT).as_posix()


def read(page):
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", EVERY, ids=named)
def test_every_link_within_the_documentation_leads_somewhere(page):
    for target in LINK.findall(pages.FENCED.sub("", read(page))):
        file, _, place = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        there = (page.parent / file) if file else page
        assert there.exists(), target
        if place:
            assert place in anchors(there), target


def anchors(page):
    """What a heading is called in a link, as GitHub does it."""
    headings = re.findall(r"^#+ (.*)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", EVERY, ids=named)
def test_no_page_names_a_place_on_somebodys_machine(page):
    assert PATHS_OF_SOMEBODY.findall(read(page)) == []


@pytest.mark.parametrize("page", EVERY, ids=named)
def test_every_command_of_a_page_can_be_parsed(page):
    command = typer.main.get_command(cli.app)
    for block in blocks(read(page)):
        for arguments, _ in commands(block.code) if block.kind == "console" else ():
            name, *rest = arguments
            if name in command.commands:
                parse(command.commands[name], name, rest)
            else:
                assert name == "--version", arguments


def parse(command, name, rest):
    """Refuses what the command does not know, or that of a group which is meant."""
    context = command.make_context(name, list(rest))
    if hasattr(command, "commands"):
        inner, of, left = command.resolve_command(context, [*context._protected_args, *context.args])
        of.make_context(inner, left)


@pytest.mark.parametrize("page", sorted({*EVERY} - TESTED_ELSEWHERE - {*pages.TUTORIALS}), ids=named)
def test_every_block_of_python_runs(page, desk):
    namespace = {"__name__": "page"}
    for block in blocks(read(page)):
        if block.kind == "python":
            run_block(block, namespace)


@pytest.mark.parametrize("page", pages.TUTORIALS, ids=named)
def test_a_tutorial_shows_what_happens(page, desk):
    assert run_page(read(page)) == read(page), "if that is how it should be now: make docs"


def test_the_commands_of_the_readme_do_what_they_say(desk, capfd):
    small = pl.read_parquet("messages.parquet")
    told = small.rename({"text": "body", "time": "created_at", "author": "user_id", "thread": "ticket_id"})
    told.write_csv("export.csv")
    by_channel = small.drop("side").rename({"source": "channel"})
    by_channel.head(500).write_parquet("tickets.parquet")
    by_channel.head(500).write_csv("tickets.csv")
    by_channel.tail(500).write_ndjson("chat.jsonl")
    ran = [
        cli.main(arguments)
        for block in blocks(read(ROOT / "README.md"))
        if block.kind == "console"
        for arguments, _ in commands(block.code)
    ]
    assert (set(ran), Path("report.html").exists()) == ({0}, True)


def test_the_readme_starts_with_the_two_commands_of_a_fresh_machine():
    first, *_ = (block for block in blocks(read(ROOT / "README.md")) if block.kind == "console")
    made = re.findall(r"^make (\w+)", first.code, re.MULTILINE)
    assert made == ["demo", "test"]
    targets = re.findall(r"^(\w+):", read(ROOT / "Makefile"), re.MULTILINE)
    assert set(made) <= set(targets)


def test_the_page_of_the_command_is_current():
    assert read(pages.REFERENCE) == pages.command_reference(), "make docs"


def test_every_setting_is_documented_with_its_default():
    rows = re.findall(
        r"^\| `(\w+)` \| (\S+) \| `(\w+)` \| .+ \|$", read(DOCS / "reference/settings.md"), re.MULTILINE
    )
    assert rows == [
        (f.name, str(f.default).lower(), f"ESTRAN_{f.name.upper()}") for f in dataclasses.fields(Settings)
    ]


def test_every_page_can_be_reached_from_the_index():
    seen, ahead = set(), [DOCS / "index.md"]
    while ahead:
        page = ahead.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall(read(page)) if "://" not in target)
        ahead += [(page.parent / target).resolve() for target in targets if target]
    assert {named(p) for p in DOCS.rglob("*.md")} <= {named(p) for p in seen}
