"""The list of derived files: what each was made from, and how to tell that it is still what was written.

The list is swapped by a rename, and names files that no longer change. So a reader, and whoever comes after a crash, sees
the old state or the new one; what lies beside the list is not there.

A file is known by its size, its time and its BLAKE2b digest. While size and time are those of the list, the digest is
taken for right; otherwise, and where it is asked for, the file is read to tell.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from estran.errors import StoreError
from estran.store.prepared import CellKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FORMAT = 1
"""The format of the folder of counts; a higher one is of a later Estran."""

NAME = "manifest.json"
"""The list, in the folder of counts."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A derived file that is not what was written."""

    file: str  # inside the folder of counts
    why: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as it was written."""

    size: int  # bytes
    time: int  # nanoseconds since 1970, as the file system keeps it
    digest: str

    @classmethod
    def of(cls, file: Path) -> Stamp:
        """The stamp of a file as it is."""
        kept = file.stat()
        return cls(kept.st_size, kept.st_mtime_ns, _digest(file))

    def fault(self, file: Path, *, thorough: bool) -> str | None:
        """Why a file is not the one that was written, or None.

        Args:
            file: where it lies.
            thorough: read it even where its size and time are right.
        """
        try:
            kept = file.stat()
            if kept.st_size != self.size:
                return f"has {kept.st_size:,} bytes instead of {self.size:,}"
            if (thorough or kept.st_mtime_ns != self.time) and _digest(file) != self.digest:
                return "is not what was written: its checksum is another"
        except FileNotFoundError:
            return "is missing"
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        return None


Files = dict[str, Stamp]
"""The files of one folder, by name."""


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """One block as it was counted.

    Attributes:
        name: of the block.
        months: of the block.
        folder: inside the folder of counts; its name says what the block held.
        stored: digest of the block's months in the store when they were last read.
        read: messages read from the store.
        messages: messages left by cleaning, the rows of `prepared.arrow`.
        removed: reason -> messages that cleaning set aside.
        spoken: keys of the cells of the texts, by the cell's number in the block.
        headline: keys of the cells of the headlines.
        rows: partial rows of texts and of headlines.
        files: of the folder.
    """

    name: str
    months: tuple[str, ...]
    folder: str
    stored: str
    read: int
    messages: int
    removed: dict[str, int]
    spoken: tuple[CellKey, ...]
    headline: tuple[CellKey, ...]
    rows: tuple[int, int]
    files: Files


@dataclass(frozen=True, slots=True)
class BaseEntry:
    """The merged rows of blocks that are not expected to change.

    Attributes:
        folder: inside the folder of counts; its name says which blocks, and from how many messages a phrase is kept.
        at_least: messages from which a phrase is kept.
        blocks: folders of the blocks that it holds, in order.
        ranges: ranges of hashes that its files are parted into.
        files: of the folder.
    """

    folder: str
    at_least: int
    blocks: tuple[str, ...]
    ranges: int
    files: Files


@dataclass(frozen=True, slots=True)
class Manifest:
    """All derived files.

    Attributes:
        counting: what the counts depend on besides the messages, see `estran.store.partials.counting`.
        blocks: in order of time.
        base: where there is one.
    """

    counting: str
    blocks: tuple[BlockEntry, ...] = ()
    base: BaseEntry | None = None

    @property
    def folders(self) -> Iterator[tuple[str, Files]]:
        """Every folder and its files."""
        for entry in (*self.blocks, self.base):
            if entry is not None:
                yield entry.folder, entry.files


@dataclass(frozen=True, slots=True)
class Found:
    """What the folder of counts says of itself.

    Attributes:
        manifest: the list; empty where none can be used.
        why: why it cannot be used though there is one.
    """

    manifest: Manifest
    why: str | None = None


def load(folder: Path, counting: str) -> Found:
    """The list of a folder.

    Args:
        folder: of counts.
        counting: what counts of today depend on; those of another one are not used.

    Raises:
        StoreError: a later Estran wrote it.
    """
    none = Manifest(counting)
    try:
        written = (folder / NAME).read_bytes()
        content = json.loads(written)
        later = int(content["format"]) > FORMAT
        if not later:
            content = unsealed(written)
    except FileNotFoundError:
        return Found(none)
    except (ValueError, KeyError, TypeError):
        return Found(none, "is damaged")
    if later:  # before its seal is looked at: that may have changed too
        raise StoreError(
            f"{folder} was written by a later Estran (format {content['format']}, this one reads {FORMAT}): update Estran"
        )
    if content["format"] < FORMAT or content["counting"] != counting:
        return Found(none, "is of an earlier way of counting")
    base = content["base"]
    return Found(
        Manifest(counting, tuple(map(read_block, content["blocks"])), base and BaseEntry(**_plain(base)))
    )


def read_block(content: Mapping[str, Any]) -> BlockEntry:
    """The entry of a block from its JSON."""
    return BlockEntry(**_plain(content) | {name: _keys(content[name]) for name in ("spoken", "headline")})


def save(folder: Path, manifest: Manifest) -> None:
    """Put the list in place of the one there is."""
    swap(folder / NAME, [sealed({"format": FORMAT, **asdict(manifest)})])


def faults(
    folder: Path, manifest: Manifest, *, thorough: bool
) -> tuple[list[tuple[str, Fault]], Mapping[str, Files]]:
    """What is not as it was written, each with the folder it lies in; and the stamps of files that were only copied.

    Args:
        folder: of counts.
        manifest: its list.
        thorough: read every file, not only those whose size or time changed.
    """
    found, copied = [], {}
    for inner, files in manifest.folders:
        why = [(name, stamp.fault(folder / inner / name, thorough=thorough)) for name, stamp in files.items()]
        found += [(inner, Fault(f"{inner}/{name}", each)) for name, each in why if each is not None]
        if all(each is None for _, each in why):
            times = {name: (folder / inner / name).stat().st_mtime_ns for name in files}
            if any(files[name].time != time for name, time in times.items()):
                copied[inner] = {name: replace(stamp, time=times[name]) for name, stamp in files.items()}
    return found, copied


def sealed(content: Mapping[str, Any]) -> bytes:
    """JSON of a dictionary, and its own digest."""
    return json.dumps({**content, "digest": _seal(content)}, indent=1).encode()


def unsealed(written: bytes) -> dict[str, Any]:
    """The dictionary that was sealed.

    Raises:
        ValueError: it is not as it was written.
    """
    content = json.loads(written)
    if not isinstance(content, dict) or content.pop("digest", None) != _seal(content):
        raise ValueError("it is not as it was written")
    return content


def swap(file: Path, content: Iterable[bytes]) -> None:
    """Put a content, in pieces, in place of a file's, at once and for good."""
    aside = file.with_name(f"{file.name}.tmp")
    with aside.open("wb") as sink:
        sink.writelines(content)
        sink.flush()
        os.fsync(sink.fileno())
    aside.replace(file)
    settle(file.parent)


def settle(path: Path) -> None:
    """Wait until a file's content, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamps(folder: Path) -> Files:
    """Put the files of a folder on the disk for good; their stamps."""
    found = {}
    for file in sorted(folder.iterdir()):
        settle(file)
        found[file.name] = Stamp.of(file)
    settle(folder)
    return found


def _digest(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _seal(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, sort_keys=True).encode()
    return hashlib.blake2b(plain, digest_size=16).hexdigest()


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as its dataclass has it: lists are tuples, stamps are stamps."""
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return plain | {"files": {name: Stamp(**stamp) for name, stamp in entry["files"].items()}}


def _keys(keys: list[list[str]]) -> tuple[CellKey, ...]:
    return tuple(CellKey(*key) for key in keys)
