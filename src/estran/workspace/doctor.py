"""A look over a workspace: what is wrong, and what of it was put right."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import parquet

from estran.analysis.meanings import MESSAGES, PHRASES
from estran.errors import EstranError, SettingsError, StoreError, WorkspaceError
from estran.findings import Fault, Health
from estran.store import topics, vectors
from estran.store.files import is_remote
from estran.store.messages import MessageStore
from estran.workspace import erasure, journal, known, themefile, units
from estran.workspace.atomic import write_whole
from estran.workspace.folder import empty, furnish, remove_halves
from estran.workspace.keys import key_of
from estran.workspace.refusals import readable
from estran.workspace.touring import Means, counts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estran.analysis.progress import Progress
    from estran.settings import Settings
    from estran.store.messages import Snapshot
    from estran.workspace.folder import Folder

CHECKED = (
    "format",
    "key",
    "messages",
    "ids",
    "counts",
    "vectors",
    "topics",
    "themes",
    "units",
    "journal",
    "leftovers",
)
"""What is looked at, in this order."""


def examine(folder: Folder, settings: Settings, *, progress: Progress) -> Health:
    """Looks at everything and mends what can be mended; the caller holds the lock.

    Args:
        folder: of the workspace; its format was looked at when it was opened.
        settings: what counts are made with.
        progress: told about each month.
    """
    faults = [*_folders(folder), *_key(folder), *_leftovers(folder), *_journal(folder), *_rejected(folder)]
    faults += [*_themes(folder), *_units(folder), *_vectors(folder)]
    try:
        store = MessageStore.open(folder.url)
        snapshot = store.snapshot()
    except StoreError as error:
        faults.append(Fault("store-closed", {"why": str(error)}))
    else:
        faults += _half_written(store)
        faults += _erasure(folder, store, progress=progress)
        if faults and faults[-1].kind == "erasure-half":
            snapshot = store.snapshot()
        broken = list(_messages(store, snapshot, progress=progress))
        faults += broken or _counts(folder, store, settings, progress=progress)
    if faults:
        journal.note(folder.runs, "doctor", faults=len(faults), mended=sum(fault.mended for fault in faults))
    return Health(CHECKED, tuple(faults))


def _folders(folder: Folder) -> Iterator[Fault]:
    for missing in furnish(folder):
        yield Fault("folder-missing", {"path": str(missing)}, mended=True)
    if _open_to_others(folder.path):
        folder.path.chmod(0o700)
        yield Fault("folder-open", {"path": str(folder.path)}, mended=True)


def _key(folder: Folder) -> Iterator[Fault]:
    file = folder.key_file
    named = {"path": str(file), "workspace": str(folder.path)}
    if not file.exists():
        yield Fault("key-missing", named)
        return
    if _open_to_others(file):
        file.chmod(0o600)
        yield Fault("key-open", named, mended=True)
    if {folder.counts.absolute(), (folder.path / "messages").absolute()} & set(file.absolute().parents):
        yield Fault("key-inside", named)
    try:
        key_of(folder)
    except WorkspaceError:
        yield Fault("key-wrong", named)


def _open_to_others(path: Path) -> bool:
    return os.name != "nt" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _leftovers(folder: Folder) -> Iterator[Fault]:
    left = empty(folder.scratch) + remove_halves(folder)
    if left:
        yield Fault("leftover", {"files": len(left)}, mended=True)


def _half_written(store: MessageStore) -> Iterator[Fault]:
    left = store.remove_halves()
    if left:
        yield Fault("leftover", {"files": left}, mended=True)


def _journal(folder: Folder) -> Iterator[Fault]:
    told = (
        folder.runs.read_text(encoding="utf-8", errors="replace").splitlines() if folder.runs.exists() else []
    )
    sound = [line for line in told if journal.run_of(line) is not None]
    torn = len([line for line in told if line.strip()]) - len(sound)
    if torn:
        write_whole(folder.runs, "".join(f"{line}\n" for line in sound))
        yield Fault("journal-torn", {"lines": torn}, mended=True)


def _rejected(folder: Folder) -> Iterator[Fault]:
    for file in sorted(folder.rejected.glob("*.jsonl")):
        if not readable(file):
            yield Fault("rejected-damaged", {"file": f"rejected/{file.name}"})


def _themes(folder: Folder) -> Iterator[Fault]:
    """Whether the corrections can be meant, and the known themes be read."""
    try:
        themefile.read(folder.corrections)
    except SettingsError as error:
        yield Fault("corrections-wrong", {"why": str(error)})
    _, bad = known.salvaged(folder.identities)
    if bad:
        yield Fault("identities-damaged", {"lines": bad, "workspace": str(folder.path)})


def _units(folder: Folder) -> Iterator[Fault]:
    """Whether what is known of the organisation can be read."""
    try:
        units.read(folder.units)
    except WorkspaceError:
        yield Fault("units-damaged", {"workspace": str(folder.path)})


def _vectors(folder: Folder) -> Iterator[Fault]:
    """Vectors and topics against their checksums; what is damaged is removed, to be made anew."""
    for kind in (PHRASES, MESSAGES):
        for each in vectors.faults(folder.vectors / kind):
            (folder.vectors / kind / each.file).unlink()
            yield Fault(
                "vectors-damaged", {"file": f"vectors/{kind}/{each.file}", "why": each.why}, mended=True
            )
    for each in topics.check(folder.topics):
        topics.remove(folder.topics)
        named = {"file": f"topics/{each.file}", "why": each.why, "workspace": str(folder.path)}
        yield Fault("topics-damaged", named, mended=True)


def _erasure(folder: Folder, store: MessageStore, *, progress: Progress) -> Iterator[Fault]:
    if erasure.finish(folder, store, progress=progress):
        yield Fault("erasure-half", {}, mended=True)


def _messages(store: MessageStore, snapshot: Snapshot, *, progress: Progress) -> Iterator[Fault]:
    """Whether every message can be read, and none is there twice."""
    there = store.place.files.sizes()
    progress.stage("examine", len(snapshot.months))
    ids: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
    for name, month in snapshot.months.items():
        paths = [
            file.removeprefix(store.place.url.rstrip("/") + "/").removeprefix("file://")
            for file in month.files
        ]
        missing = [path for path in paths if _inside(path) not in there]
        yield from (Fault("file-missing", {"month": name, "file": _inside(path)}) for path in missing)
        if not missing:
            try:
                _decode(store, paths)
                ids.append(store.read([name], snapshot=snapshot)["id"].hash().to_numpy())
            except (EstranError, pl.exceptions.PolarsError, pa.ArrowException, OSError, ValueError):
                yield Fault("file-damaged", {"month": name, "file": ", ".join(map(_inside, paths))})
        progress.advance(1)
    keys = np.concatenate(ids) if ids else np.empty(0, np.uint64)
    if twice := len(keys) - len(np.unique(keys)):
        yield Fault("id-twice", {"ids": twice})


def _decode(store: MessageStore, paths: list[str]) -> None:
    """Read files of this machine whole, before delta-rs does: a schema with a wrong bit would end its process.

    Raises:
        OSError: one is damaged; or an `ArrowException` or a `ValueError`.
    """
    if is_remote(store.place.url):
        return
    for path in paths:
        parquet.ParquetFile(Path(store.place.url, _inside(path))).read()


def _inside(path: str) -> str:
    """The path of a data file in its store: its month and its name."""
    return "/".join(path.split("/")[-2:])


def _counts(folder: Folder, store: MessageStore, settings: Settings, *, progress: Progress) -> list[Fault]:
    """Every file of the counts against its checksum; those that are damaged are counted again."""
    counts = counts_of(folder, settings)
    faults = [
        Fault("counts-damaged", {"file": f"counts/{each.file}", "why": each.why}) for each in counts.check()
    ]
    if not faults:
        return []
    progress.stage("refresh", len(counts.stale(store)))
    with Means().opened(settings) as engine:
        counts.refresh(store, engine, thorough=True)
    sound = not counts.check()
    return [replace(fault, mended=sound) for fault in faults]
