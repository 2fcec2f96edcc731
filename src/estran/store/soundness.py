"""Whether the files of a table are as its log says, and what a power cut left unfinished.

A commit that was acknowledged is on the disk. One that was not may have reached it in part: its log without its data,
or half of its log. Such a commit is taken back; the cursors go back with it, and the next ingest gives it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

import polars as pl

from estran.errors import StoreError
from estran.store.files import LOG, is_remote, local_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from estran.store.delta import Place


@dataclass(frozen=True, slots=True)
class Unsound:
    """A file of the store that is not as it should be: where it lies in the store, and why."""

    path: str
    why: str


def unsound(place: Place) -> tuple[Unsound, ...]:
    """The files that are missing or have another length than the log says."""
    sizes = place.retried(place.files.sizes)
    try:
        table = place.retried(place.table)
    except StoreError as error:
        if not any(path.startswith(f"{LOG}/") for path in sizes):
            raise
        return (Unsound(LOG, str(error)),)
    files = pl.DataFrame(table.get_add_actions(flatten=True)).select("path", "size_bytes").sort("path")
    return tuple(
        Unsound(path, _wrong(path, length, sizes))
        for path, length in files.iter_rows()
        if sizes.get(path) != length
    )


def take_back(place: Place) -> int:
    """Take back the newest commits that reached the disk in part only; how many there were.

    What an older commit lost cannot be brought back from here. In an object store nothing is ever half written.
    """
    if is_remote(place.url):
        return 0
    root = local_folder(place.url)
    sizes = place.files.sizes()
    broken = [path for path in sizes if ".checkpoint" in path and not _ends_well(root / path)]
    if broken:
        place.files.remove([*broken, f"{LOG}/_last_checkpoint"])
    sound = [path for path in sizes if ".checkpoint" in path and path not in broken]
    floor = max((_version(path) for path in sound), default=0)
    logs = sorted((path for path in sizes if path.startswith(LOG) and path.endswith(".json")), reverse=True)
    torn = []
    for path in logs:
        if _version(path) <= floor or _stands(root / path, sizes):
            break
        torn.append(path)
    for path in torn:  # the newest first: killed in between, what is left is again a table
        place.files.remove([path])
    return len(torn)


def _stands(log: Path, sizes: Mapping[str, int]) -> bool:
    """Whether a commit is whole: its log, and the data it adds."""
    try:
        actions = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    except ValueError:
        return False
    added = [action["add"] for action in actions if "add" in action]
    return bool(actions) and all(sizes.get(unquote(add["path"])) == add["size"] for add in added)


def _version(path: str) -> int:
    return int(path.removeprefix(f"{LOG}/")[:20])


def _ends_well(parquet: Path) -> bool:
    return parquet.read_bytes()[-4:] == b"PAR1"


def _wrong(path: str, length: int, sizes: Mapping[str, int]) -> str:
    return f"{sizes[path]} bytes instead of {length}" if path in sizes else "missing"
