"""The files under a table, wherever it lies: listed as they are, removed for good, and written through to the disk.

delta-rs lists only what it believes to be data. What a killed writer leaves behind (`part-...parquet#1`, a
`.json.tmp`) is hidden from it, and may hold a person's words. A local folder is therefore listed by the system itself.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from deltalake.fs import DeltaStorageHandler
from pyarrow import fs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOG = "_delta_log"
CHECKPOINTS = 100
"""Commits between two checkpoints that delta-rs makes by itself."""
_SCHEMES = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "azure", "adl", "memory")


class Files(Protocol):
    """The files of one table; paths are relative to it."""

    def sizes(self) -> dict[str, int]:
        """Bytes by path of every file there is, of the log too."""

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files; what is gone already is no error."""

    def settle(self, versions: Iterable[int]) -> None:
        """Return when these commits would survive a power cut: first their data, then the log, then the folders."""

    def settle_checkpoint(self) -> None:
        """Return when the checkpoints would survive one, so that the log below them may go."""


def files_of(url: str, options: Mapping[str, str]) -> Files:
    """The files of the table at a folder or an address such as s3://bucket/acme."""
    return Remote(url, options) if is_remote(url) else Local(local_folder(url))


def is_remote(url: str) -> bool:
    """Whether an address is that of an object store."""
    return urlsplit(url).scheme in _SCHEMES


def local_folder(url: str) -> Path:
    """The folder that a local address means."""
    return Path(unquote(urlsplit(url).path)) if url.startswith("file://") else Path(url)


def log_file(version: int) -> str:
    """Where the log keeps one commit."""
    return f"{LOG}/{version:020d}.json"


@dataclass(frozen=True, slots=True)
class Local:
    """A table in a folder of this machine."""

    root: Path

    def sizes(self) -> dict[str, int]:
        """Bytes by path of every file there is, hidden and half-written ones too."""
        found: dict[str, int] = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                file = Path(folder, name)
                with suppress(FileNotFoundError):  # removed between the listing and the look
                    found[file.relative_to(self.root).as_posix()] = file.lstat().st_size
        return found

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files, and write the removal through to the disk."""
        gone = [self.root / path for path in paths]
        for file in gone:
            file.unlink(missing_ok=True)
        for folder in {file.parent for file in gone}:
            _sync(folder)

    def settle(self, versions: Iterable[int]) -> None:
        """delta-rs writes without fsync: data files first, then the log, then the folders that name them."""
        logs = [self.root / log_file(version) for version in versions]
        added = [self.root / path for log in logs for path in _added(log)]
        for file in [*added, *logs]:
            _sync(file)
        for folder in sorted({file.parent for file in [*added, *logs]} | {self.root}):
            _sync(folder)
        if any(version % CHECKPOINTS == 0 for version in versions):
            self.settle_checkpoint()

    def settle_checkpoint(self) -> None:
        """Write the checkpoints through, so that the log below them may go."""
        folder = self.root / LOG
        for file in [*folder.glob("*.checkpoint*.parquet"), folder / "_last_checkpoint", folder]:
            _sync(file)


@dataclass(frozen=True, slots=True)
class Remote:
    """A table in an object store: what it has accepted is safe."""

    url: str
    options: Mapping[str, str]

    def sizes(self) -> dict[str, int]:
        """Bytes by path of every object there is."""
        listed = self._system().get_file_info(fs.FileSelector("", recursive=True))
        return {info.path: info.size for info in listed if info.type == fs.FileType.File}

    def remove(self, paths: Iterable[str]) -> None:
        """Remove objects, several at a time."""
        system = self._system()

        def one(path: str) -> None:
            with suppress(FileNotFoundError):
                system.delete_file(path)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, paths))

    def settle(self, versions: Iterable[int]) -> None:
        """Nothing to wait for."""

    def settle_checkpoint(self) -> None:
        """Nothing to wait for."""

    def _system(self) -> fs.PyFileSystem:
        return fs.PyFileSystem(DeltaStorageHandler(self.url, dict(self.options)))


def _added(log: Path) -> list[str]:
    """The data files that a commit adds; none when the commit was cleaned away by a later one."""
    try:
        lines = log.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [unquote(action["add"]["path"]) for action in map(json.loads, lines) if "add" in action]


def _sync(path: Path) -> None:
    """Write a file or a folder through to the disk; one that is gone needs none."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
