"""Counts when things go wrong: files damaged, writers killed, folders of other versions, disks that refuse."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from atrest import message, shelf, small_blocks

from estran.errors import StoreError
from estran.store.counts import Counts
from estran.store.engines.threads import ThreadEngine
from estran.store.manifest import Stamp, sealed

ENGINE = ThreadEngine(threads=1)
STORE = shelf(90)
KILLS = int(os.environ.get("KILLS", "10"))


def at(folder):
    return Counts(folder, at_least=2, layout=small_blocks)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Three blocks and a base, never touched again."""
    counts = at(tmp_path_factory.mktemp("sound") / "counts")
    counts.refresh(STORE, ENGINE)
    return counts


@pytest.fixture
def counts(sound, tmp_path):
    """A copy of it, to be broken."""
    shutil.copytree(sound.folder, tmp_path / "counts")
    return at(tmp_path / "counts")


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


def flip_unseen(file):
    kept = file.stat()
    flip(file)
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))


def truncate(file):
    os.truncate(file, file.stat().st_size // 2)


def a_file(counts, name):
    return min(counts.folder.rglob(name))


@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
@pytest.mark.parametrize("name", ["prepared.arrow", "spoken.arrow", "headline.arrow", "summary.json"])
def test_a_broken_file_of_a_block_is_noticed_and_counted_again(counts, sound, name, damage):
    file = a_file(counts, name)
    inner = str(file.relative_to(counts.folder))
    damage(file)
    assert [fault.file for fault in counts.check()] == [inner]
    refreshed = counts.refresh(STORE, ENGINE)
    assert refreshed.counted == ("2023-01",)
    assert [sentence.split()[0] for sentence in refreshed.mended] == [inner]
    assert counts.digest() == sound.digest()
    assert counts.check() == []
    assert counts.refresh(STORE, ENGINE).mended == ()


@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
@pytest.mark.parametrize("name", ["kept", "rows", "sums", "below", "headlines", "strings"])
def test_a_broken_file_of_the_base_is_noticed_and_merged_again(counts, sound, name, damage):
    file = a_file(counts, f"{name}.arrow")
    damage(file)
    assert [fault.file for fault in counts.check()] == [str(file.relative_to(counts.folder))]
    refreshed = counts.refresh(STORE, ENGINE)
    assert (refreshed.counted, len(refreshed.mended)) == ((), 1)
    assert counts.digest() == sound.digest()
    assert counts.totals().equals(sound.totals())
    assert counts.check() == []


def test_a_bit_that_rots_without_a_trace_is_seen_by_who_reads_all(counts, sound):
    flip_unseen(a_file(counts, "rows.arrow"))
    assert counts.refresh(STORE, ENGINE).mended == ()
    assert len(counts.check()) == 1
    (mended,) = counts.refresh(STORE, ENGINE, thorough=True).mended
    assert mended.endswith("rows.arrow is not what was written: its checksum is another")
    assert counts.digest() == sound.digest()


def test_all_rows_are_checked_before_they_are_merged(counts, tmp_path):
    flip_unseen(a_file(counts, "spoken.arrow"))
    grown = shelf(120)
    refreshed = counts.refresh(grown, ENGINE)
    assert refreshed.counted == ("2023-01", "2023-04")
    assert len(refreshed.mended) == 1
    scratch = at(tmp_path / "scratch")
    scratch.refresh(grown, ENGINE)
    assert counts.digest() == scratch.digest()


@pytest.mark.parametrize("damage", [flip, truncate])
def test_a_broken_list_is_said_and_what_it_named_is_found_again(counts, sound, damage):
    damage(counts.folder / "manifest.json")
    assert [fault.file for fault in at(counts.folder).check()] == ["manifest.json"]
    refreshed = at(counts.folder).refresh(STORE, ENGINE)
    assert (refreshed.counted, refreshed.mended) == ((), ("manifest.json is damaged",))
    assert at(counts.folder).digest() == sound.digest()


def test_a_missing_list_is_a_folder_without_counts(counts, sound):
    (counts.folder / "manifest.json").unlink()
    assert at(counts.folder).refresh(STORE, ENGINE).mended == ()
    assert at(counts.folder).digest() == sound.digest()


def test_a_block_whose_list_and_files_are_broken_is_counted_again(counts, sound):
    (counts.folder / "manifest.json").unlink()
    flip(a_file(counts, "headline.arrow"))
    assert at(counts.folder).refresh(STORE, ENGINE).counted == ("2023-01",)
    assert at(counts.folder).digest() == sound.digest()


def test_a_copied_folder_is_read_once_and_believed(counts):
    for file in counts.folder.rglob("*.arrow"):
        os.utime(file)
    refreshed = counts.refresh(STORE, ENGINE)
    assert (refreshed.counted, refreshed.mended) == ((), ())
    before = (counts.folder / "manifest.json").stat().st_mtime_ns
    counts.refresh(STORE, ENGINE)
    assert (counts.folder / "manifest.json").stat().st_mtime_ns == before


def test_counts_of_a_later_estran_are_refused_and_left_alone(counts):
    file = counts.folder / "manifest.json"
    file.write_text(json.dumps({"format": 2, "whatever": []}))
    with pytest.raises(StoreError, match=r"later Estran \(format 2, this one reads 1\)"):
        at(counts.folder)
    with pytest.raises(StoreError, match="later Estran"):
        counts.refresh(STORE, ENGINE)
    assert json.loads(file.read_text()) == {"format": 2, "whatever": []}
    assert a_file(counts, "prepared.arrow").exists()


@pytest.mark.parametrize("change", [{"format": 0}, {"counting": "another way"}])
def test_counts_of_an_earlier_way_are_counted_anew(counts, sound, change):
    file = counts.folder / "manifest.json"
    content = json.loads(file.read_text())
    del content["digest"]
    file.write_bytes(sealed(content | change))
    refreshed = at(counts.folder).refresh(STORE, ENGINE)
    assert refreshed.mended == ("manifest.json is of an earlier way of counting",)
    assert at(counts.folder).digest() == sound.digest()


def test_longer_phrases_are_counted_anew(counts):
    longer = Counts(counts.folder, longest=2, at_least=2, layout=small_blocks)
    assert len(longer.refresh(STORE, ENGINE).counted) == 3
    assert longer.totals()["phrase"].str.count_matches(" ").max() == 1


def test_who_reads_while_another_refreshes_reads_one_or_the_other(counts):
    blocks, reader = counts.blocks, at(counts.folder)
    texts = [block.spoken().to_pylist() for block in blocks]
    edited = STORE.put(*(message(number, edition=1) for number in range(90)))
    writer = at(counts.folder)
    assert len(writer.refresh(edited, ENGINE).counted) == 3
    assert [block.spoken().to_pylist() for block in blocks] == texts
    assert reader.totals().equals(writer.totals())
    assert reader.blocks[0].spoken().to_pylist() == writer.blocks[0].spoken().to_pylist()


def test_reading_what_is_broken_is_an_error_that_says_what_to_do(counts):
    truncate(a_file(counts, "prepared.arrow"))
    truncate(a_file(counts, "below.arrow"))
    with pytest.raises(StoreError, match="estran doctor"):
        counts.totals()
    with pytest.raises(StoreError, match="estran doctor"):
        [block.columns(["id"]) for block in counts.blocks]
    shutil.rmtree(a_file(counts, "below.arrow").parent)
    with pytest.raises(StoreError, match="missing; `estran doctor`"):
        counts.totals()


def test_no_kernel_is_led_astray_by_a_bit_that_rots(counts):
    flip_unseen(a_file(counts, "strings.arrow"))
    with pytest.raises(StoreError, match=r"strings\.arrow is not what was written"):
        counts.totals()
    with pytest.raises(StoreError, match="estran doctor"):
        counts.digest()


def test_messages_of_a_broken_block_cannot_be_read(counts):
    block = counts.blocks[0]
    file = block.folder / "prepared.arrow"
    content = bytearray(file.read_bytes())
    content[200:-2_000] = b"\xff" * len(content[200:-2_000])
    with file.open("r+b") as sink:
        sink.write(content)
    with pytest.raises(StoreError, match=r"prepared\.arrow is damaged"):
        block.columns(["id", "spoken"])


def test_a_full_disk_is_an_error_and_leaves_what_was_there(counts, sound):
    edited = STORE.put(message(3, edition=1))
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, allowed[1]))
    try:
        with pytest.raises(StoreError, match="cannot be written"):
            counts.refresh(edited, ENGINE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert at(counts.folder).digest() == sound.digest()
    assert at(counts.folder).check() == []
    assert list(counts.folder.rglob(".aside-*")) == []
    assert counts.refresh(edited, ENGINE).counted == ("2023-01",)


def counting(folder, messages, edited, last):
    """Another process that counts, and is killed at its nth touch of a file."""
    program = Path(__file__).with_name("killed_counting.py")
    arguments = [str(part) for part in (folder, messages, edited, last)]
    return subprocess.run(
        [sys.executable, str(program), *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(("before", "edited"), [(0, 0), (60, 40)])
def test_a_count_killed_at_any_moment_is_finished_by_the_next(tmp_path, before, edited):
    store = STORE.put(*(message(number, edition=1) for number in range(edited)))
    scratch = at(tmp_path / "scratch")
    scratch.refresh(store, ENGINE)
    at(tmp_path / "before").refresh(shelf(before), ENGINE)
    touches = int(counting(shutil.copytree(tmp_path / "before", tmp_path / "whole"), 90, edited, 0).stdout)
    kills = KILLS // 2
    for kill in range(kills):
        folder = shutil.copytree(tmp_path / "before", tmp_path / f"{kill}")
        child = counting(folder, 90, edited, 1 + kill * (touches - 1) // max(kills - 1, 1))
        assert child.returncode == -signal.SIGKILL
        counts = at(folder)
        counts.refresh(store, ENGINE)
        assert counts.digest() == scratch.digest()
        assert counts.totals().equals(scratch.totals())
        assert counts.check() == []
        assert sorted(path.name for path in folder.rglob("*")) == sorted(
            path.name for path in scratch.folder.rglob("*")
        )


def test_a_place_that_cannot_be_read_is_a_fault(tmp_path):
    stamp = Stamp(tmp_path.stat().st_size, 0, "digest")
    assert stamp.fault(tmp_path, thorough=False) == "cannot be read: Is a directory"
