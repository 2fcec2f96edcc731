"""Of a person who was forgotten no file holds a byte, wherever the erasure was killed."""

import shutil

import polars as pl
import pytest
from bench.torture import company
from bench.torture.company import NAMED
from bench.torture.comparing import counts_of, leftovers, messages_of
from bench.torture.seeking import traces
from bench.torture.story import KEY, prepare, pseudonym

from conftest import command
from estran import privacy

FILES = ("monday.csv", "tuesday.jsonl", "wednesday.parquet")
WORDS = [NAMED.name, *NAMED.spellings, *NAMED.words]
ERASE = ("erase", "acme", "--author", NAMED.name, "--yes")


@pytest.fixture(scope="module")
def company_of_her(runner, tmp_path_factory):
    """A workspace in which she speaks and is spoken of, and one that never had her messages, her name masked in it."""
    folder = tmp_path_factory.mktemp("company")
    prepare(folder, messages=500, seed=11)
    without = folder / "without"
    without.mkdir()
    shutil.copy(folder / KEY, without / KEY)
    for name in FILES:
        read, write = company.readers(name)
        frame = read(folder / name)
        mentions = privacy.mentions(NAMED.name)
        masked = [
            mentions.masked(frame[column]).alias(column) for column in ("text", "title", "unit", "thread")
        ]
        write(frame.with_columns(masked).filter(pl.col("author").ne_missing(NAMED.name)), without / name)
    for where in (folder, without):
        typed = (
            ("init", where / "acme", "--key", where / KEY),
            ("ingest", "acme", *FILES, "--id", "id"),
            ("refresh", "acme"),
        )
        for each in typed:
            ended = command(runner, where, *each)
            assert ended.code == 0, ended.said
    return folder


def found(space, folder):
    return traces(space, WORDS, pseudonym=pseudonym(folder, NAMED))


def same_as_without(space, folder):
    without = folder / "without" / "acme"
    assert messages_of(space).equals(messages_of(without))
    assert counts_of(space).digest() == counts_of(without).digest()


def test_no_file_holds_a_byte_of_her_and_the_counts_are_as_if_she_had_never_spoken(
    company_of_her, estran, tmp_path
):
    space = tmp_path / "acme"
    shutil.copytree(company_of_her / "acme", space)
    before = found(space, company_of_her)
    places = {trace.split("/")[0] for trace in before}
    assert {"messages", "counts"} <= places
    assert any("pseudonym" in trace for trace in before)
    assert any(trace.endswith(NAMED.words[0]) for trace in before)
    ended = estran(*ERASE)
    assert (ended.code, "none was found" in " ".join(ended.printed.split())) == (0, True)
    assert found(space, company_of_her) == []
    assert estran("refresh", "acme").code == 0
    assert found(space, company_of_her) == []
    same_as_without(space, company_of_her)


@pytest.mark.parametrize("then", ["erase", "refresh", "status", "compact", "doctor", "ingest"])
def test_an_erasure_killed_in_the_middle_is_finished_by_whatever_comes_next(
    company_of_her, estran, runner, tmp_path, then
):
    space = tmp_path / "acme"
    shutil.copytree(company_of_her / "acme", space)
    shutil.copytree(space, tmp_path / "whole")
    touches = runner.run([ERASE[0], str(tmp_path / "whole"), *ERASE[2:]], space=tmp_path / "whole").touches
    kinds = ["erase", "refresh", "status", "compact", "doctor", "ingest"]
    for share in (0.2, 0.5, 0.8) if then == "erase" else (0.15 + 0.12 * kinds.index(then),):
        typed = [ERASE[0], str(space), *ERASE[2:]]
        killed = runner.run(typed, space=space, touch=int(touches * share))
        assert killed.killed or share > 0.2
    (tmp_path / "more.csv").write_text(
        "id,time,author,text,source\nm0,2025-01-01,user,a message about the harbour,x\n"
    )
    begun = (space / "erasing.json").exists()
    commands = {"erase": ERASE, "ingest": ("ingest", "acme", "more.csv")}
    ended = estran(*commands.get(then, (then, "acme")))
    assert ended.code == 0, ended.said
    if begun or then == "erase":
        assert found(space, company_of_her) == []
        assert leftovers(space) == []
    assert estran(*ERASE).code == 0
    assert found(space, company_of_her) == []
    assert estran("refresh", "acme").code == 0
    if then != "ingest":
        same_as_without(space, company_of_her)
