"""The themes of a workspace keep their ids, whatever comes, and forget who asks to be forgotten."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from kept import Listening

import estran as es
from estran.text.edits import Follow, Pin, Rename
from estran.workspace import known
from estran.workspace.themefile import added

NAME = "Zoé Martin"


@pytest.fixture(scope="module")
def year(company):
    """The company's messages, a part of them a year early and the rest later."""
    return company.sort("time")


@pytest.fixture
def full(ws, year):
    """A workspace with the first half of what the company says."""
    year.head(600).write_parquet("a.parquet")
    ws.ingest("a.parquet", source="talk")
    return ws


def ids(ws):
    return {theme.label: theme.id for theme in ws.themes().themes}


def test_a_second_look_changes_no_byte(full):
    before = ids(full)
    written = Path("acme/identities.jsonl").read_bytes()
    assert (ids(full), Path("acme/identities.jsonl").read_bytes()) == (before, written)
    assert all(len(id_) == 26 for id_ in before.values())


def test_a_tour_and_a_list_of_themes_speak_of_the_same_ids(full):
    tour = full.tour()
    shown = {m.label: m.id for m in (*tour.coming_in, *tour.going_out, *tour.steady, *tour.too_early)}
    assert shown
    assert shown.items() <= ids(full).items()


def test_of_ten_in_a_hundred_more_messages_no_theme_gets_another_id(full, year):
    before = ids(full)
    year.slice(600, 60).write_parquet("b.parquet")
    full.ingest("b.parquet", source="talk")
    after = ids(full)
    assert {label for label in before.keys() & after.keys() if before[label] != after[label]} == set()
    assert len(set(before.values()) & set(after.values())) >= 0.98 * len(before)


def test_two_workspaces_of_the_same_messages_agree(full, year):
    other = es.init("other")
    other.ingest("a.parquet", source="talk")
    assert ids(other) == ids(full)
    assert Path("other/identities.jsonl").read_bytes() == Path("acme/identities.jsonl").read_bytes()


def test_a_part_of_the_span_is_looked_up_and_nothing_is_gone(full):
    before = ids(full)
    written = Path("acme/identities.jsonl").read_bytes()
    part = full.tour(since="2025-01-01")
    assert Path("acme/identities.jsonl").read_bytes() == written
    assert {m.label: m.id for m in part.steady}.items() <= before.items()


def test_what_was_merged_and_taken_back_is_as_before_and_in_the_log(full):
    before = ids(full)
    one, other = list(before)[:2]
    full.edit("merge", one, other)
    merged = ids(full)
    assert merged == {label: id_ for label, id_ in before.items() if label != other}
    full.undo()
    assert ids(full) == before
    assert [event.kind for event in full.themes_log().events] == ["born", "merged", "back"]
    merging = full.themes_log().events[1]
    assert (merging.id, merging.parents, merging.parent_labels) == (before[one], (before[other],), (other,))


def test_themes_found_anew_keep_their_ids(full):
    before = ids(full)
    rebuilt = full.rebuild_themes()
    assert (rebuilt.kept, ids(full)) == (rebuilt.themes, before)
    assert full.themes_log().events[-1].kind == "rebuilt"


def test_a_damaged_list_is_said_and_its_sound_lines_are_saved(full):
    before = ids(full)
    file = Path("acme/identities.jsonl")
    lines = file.read_text().splitlines(keepends=True)
    torn = json.loads(lines[3])
    file.write_text("".join([*lines[:3], lines[3][:20] + "\n", *lines[4:]]))
    with pytest.raises(es.WorkspaceError, match=r"damaged in line 4: .*`estran themes rebuild acme` save"):
        full.tour()
    (fault,) = full.doctor().faults
    assert (fault.kind, fault.facts["lines"], fault.mended) == ("identities-damaged", 1, False)
    heard = Listening()
    full.rebuild_themes(progress=heard)
    assert "themes-salvaged" in {said.kind for said in heard.said if not isinstance(said, str)}
    after = ids(full)
    assert {label: id_ for label, id_ in after.items() if before.get(label) != id_}.keys() <= {torn["label"]}
    assert full.doctor().well


def test_a_list_of_a_newer_estran_is_refused(full):
    Path("acme/identities.jsonl").write_text('{"format": 99}\n')
    with pytest.raises(es.WorkspaceError, match="newer Estran"):
        full.themes()


KILLED = """
import os, sys
import estran as es
from estran.workspace import atomic
real = os.fsync
left = int(sys.argv[1])
def dying(handle):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)
    real(handle)
atomic.os.fsync = dying
ws = es.open("acme")
for step in sys.argv[2:]:
    getattr(ws, step)() if step != "edit" else ws.edit("pin", "tent")
"""


@pytest.mark.parametrize("write", [1, 2, 3])
@pytest.mark.parametrize("steps", [("themes",), ("edit", "themes")])
def test_whatever_write_a_kill_falls_on_the_list_and_the_corrections_are_whole(full, write, steps):
    full.refresh()
    alone = es.init("alone")
    alone.ingest("a.parquet", source="talk")
    alone.themes()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(write), *steps], check=False, capture_output=True
    )
    assert done.returncode in {-9, 0}
    assert ids(full) == ids(alone)
    assert full.doctor().well
    assert not list(Path("acme").glob(".estran-*"))
    assert full.themes().corrections in {0, 1}


def test_corrections_that_no_longer_fit_are_told_at_every_tour(full):
    Path("acme/themes.toml").write_text('[[edit]]\npin = "no such theme at all"\n')
    (told,) = full.themes().notices
    assert (told.kind, told.facts["line"], told.facts["word"]) == ("edit-gone", 1, "no such theme at all")
    assert told in full.tour().coverage.notices


def test_a_wrong_line_of_corrections_is_one_error_and_a_finding_of_the_doctor(full):
    Path("acme/themes.toml").write_text('[[edit]]\npni = "fax"\n')
    with pytest.raises(es.SettingsError, match=r"acme/themes.toml, line 1: this correction has no verb"):
        full.tour()
    (fault,) = full.doctor().faults
    assert fault.kind == "corrections-wrong"


def test_a_file_of_corrections_that_is_kept_elsewhere_stays_there(full):
    Path("versioned.toml").write_text("# under version control\n")
    Path("acme/themes.toml").symlink_to(Path("versioned.toml").absolute())
    full.edit("follow", "quantum ferry")
    assert Path("acme/themes.toml").is_symlink()
    assert "# under version control\n" in Path("versioned.toml").read_text()
    assert "quantum ferry" in Path("versioned.toml").read_text()


@pytest.fixture
def naming(full, year):
    """A workspace in which eight people speak of Zoé Martin, so that her name is a theme, and somebody follows it."""
    of_her = year.head(24).with_columns(
        id=pl.lit("z") + pl.int_range(24).cast(pl.String),
        author=pl.lit("speaker ") + (pl.int_range(24) % 8).cast(pl.String),
        language=pl.lit("en"),
        text=pl.format("the granite lantern workshop of zoé martin opens again, number {}", pl.int_range(24)),
        title=pl.lit(None, pl.String),
    )
    of_her.write_parquet("z.parquet")
    full.ingest("z.parquet", source="talk")
    file = Path("acme/themes.toml")
    text = added("# about zoe MARTIN\n", Follow(("Zoé Martin",)))
    text = added(text, Pin("granite lantern"))
    file.write_text(added(text, Rename("granite lantern", "The workshop of ZOE MARTIN")))
    full.themes()
    return full


def holds(name):
    return [
        file.as_posix() for file in Path("acme").rglob("*")
        if file.is_file() and file.suffix in {".toml", ".jsonl"}
        and name in file.read_text(encoding="utf-8", errors="replace").casefold()
    ]  # fmt: skip


def test_a_theme_that_names_a_person_is_forgotten_with_them(naming):
    assert holds("zoé martin") == ["acme/themes.toml", "acme/identities.jsonl"] or set(holds("zoé martin")) == {
        "acme/themes.toml", "acme/identities.jsonl",
    }  # fmt: skip
    hers = [
        k.id for k in known.read(Path("acme/identities.jsonl")).themes if "zoé martin" in repr(k).casefold()
    ]
    assert hers
    assert naming.erase(author=NAME).proof.found == ()
    assert holds("zoé martin") + holds("zoe martin") == []
    text = Path("acme/identities.jsonl").read_text()
    assert not [id_ for id_ in hers if id_ in text]
    assert Path("acme/themes.toml").read_text().startswith("# about [name]\n")
    assert naming.themes().corrections == 1
    assert "zoé" not in json.dumps(naming.themes().to_dict(), ensure_ascii=False).casefold()


def test_a_name_hidden_in_an_escape_is_forgotten_too(naming):
    file = Path("acme/themes.toml")
    file.write_text(file.read_text().replace("Zoé Martin", "Zo\\u00e9 Martin"))
    naming.erase(author=NAME)
    assert "Zo\\u00e9" not in file.read_text()


def test_an_erasure_without_themes_is_as_before(full):
    assert full.erase(author="Nobody Ever").proof.found == ()
    assert not Path("acme/identities.jsonl").exists()


def test_the_list_is_written_and_read_as_it_is(full):
    full.themes()
    file = Path("acme/identities.jsonl")
    there = known.read(file)
    assert known.text_of(there) == file.read_text()
    assert replace(there, log=there.log) == there
