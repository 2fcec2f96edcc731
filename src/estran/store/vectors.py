"""Vectors of texts at rest, found by what a text says: made once, and gone when the text is gone.

A file holds the vectors of one block, half precision, in order of the hashes of their texts: the same texts give the same
bytes, whichever way they came. What is added lies in parts beside it until `keep` merges them, and is safe from then on:
whoever is killed while he encodes goes on after his last part. A text that moved to another block is found there, too, so
that a refresh encodes new texts only. Everything here can be made anew from the messages.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from estran.errors import StoreError
from estran.store.manifest import Fault, sealed, settle, swap, unsealed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Pieces = Callable[[slice], NDArray[np.floating]]

FORMAT = 1
SUFFIX = ".vectors"
_PART = "+"
_TMP = ".tmp"
_HEADER = 4_096  # bytes, filled up with blanks
_FINGERPRINT = 32
_PIECE = 4_096
"""Vectors that are written at a time."""


def hashes_of(texts: Iterable[str], *, key: bytes = b"") -> Hashes:
    """What texts are found by: 64 bits of BLAKE2b of each.

    Two of ten million texts share them with a probability of 3 in a million.

    Args:
        texts: n of them.
        key: of the workspace, up to 64 bytes, so that nobody else can ask whether a text was said.

    Returns:
        (n,)
    """
    digests = (hashlib.blake2b(text.encode(), digest_size=8, key=key).digest() for text in texts)
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


@dataclass(frozen=True, eq=False)
class VectorFile:
    """One file, open; see `_content` for what lies in it.

    Attributes:
        file: where it lies.
        rows: how many vectors.
        dim: numbers in each.
        digest: of the hashes and vectors.
    """

    file: Path
    rows: int
    dim: int
    digest: str

    @cached_property
    def hashes(self) -> Hashes:
        """(rows,) sorted."""
        with self.file.open("rb") as source:
            source.seek(_HEADER)
            return np.frombuffer(source.read(8 * self.rows), "<u8").astype(np.uint64)

    def vectors(self) -> NDArray[np.float16]:
        """(rows, dim) in order of the hashes, mapped."""
        shape = (self.rows, self.dim)
        return (
            np.memmap(self.file, "<f2", "r", _HEADER + 8 * self.rows, shape)
            if self.rows
            else np.empty(shape, np.float16)
        )

    def part(self, rows: NDArray[np.intp]) -> Pieces:
        """Some rows, to be written a piece at a time."""
        vectors = self.vectors()
        return lambda some: vectors[rows[some]]

    def find(self, wanted: Hashes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Which of the wanted are here, and in which rows."""
        if not self.rows:
            none = np.empty(0, np.intp)
            return none, none
        at = np.minimum(np.searchsorted(self.hashes, wanted), self.rows - 1)
        here = np.flatnonzero(self.hashes[at] == wanted)
        return here, at[here]


class Vectors:
    """The vectors of a workspace's texts, in a folder of their own; one process writes at a time."""

    def __init__(self, folder: Path, encoder: str, dim: int, *, anew: bool = False) -> None:
        """Look at a folder.

        Args:
            folder: made by the first vectors.
            encoder: id of the encoder; its vectors never lie beside those of another.
            dim: numbers in a vector.
            anew: remove the vectors of another encoder.

        Raises:
            StoreError: it holds vectors of another encoder, or a later Estran wrote it.
        """
        self._folder, self._encoder, self._dim = folder, encoder, dim
        self._open: dict[Path, VectorFile] = {}
        for file in self._files():
            with suppress(_DamagedError):
                content = _header(file)
                if content["encoder"] == encoder and content["dim"] == dim:
                    continue
                if not anew:
                    raise StoreError(
                        f"{folder} holds vectors of the encoder '{content['encoder']}', and those of '{encoder}' do not fit"
                        " in: choose that encoder again, or have all made anew (estran topics --rebuild)"
                    )
                _remove(file)

    def missing(self, hashes: Hashes) -> NDArray[np.intp]:
        """Places of the texts that have no vector yet, each text once, in the order asked for."""
        distinct, first = np.unique(hashes, return_index=True)
        known = np.zeros(len(distinct), bool)
        for each in self._sound():
            known[each.find(distinct)[0]] = True
        return np.sort(first[~known])

    def add(self, block: str, hashes: Hashes, vectors: NDArray[np.floating]) -> None:
        """Put vectors of a block on the disk for good.

        Args:
            block: its name.
            hashes: (n,)
            vectors: (n, dim)

        Raises:
            StoreError: they cannot be written.
        """
        taken = {file.name for file in self._files()}
        number = next(n for n in range(len(taken) + 1) if f"{block}{_PART}{n}{SUFFIX}" not in taken)
        distinct, first = np.unique(hashes, return_index=True)
        file = self._folder / f"{block}{_PART}{number}{SUFFIX}"
        self._write(file, distinct, lambda some: vectors[first[some]])

    def read(self, hashes: Hashes) -> NDArray[np.float32]:
        """The vectors of texts, of length 1 but for the rounding of half precision.

        Returns:
            (n, dim)

        Raises:
            StoreError: there is none of some of them.
        """
        found = np.empty((len(hashes), self._dim), np.float32)
        known = np.zeros(len(hashes), bool)
        for each in self._sound():
            here, at = each.find(hashes)
            found[here] = each.vectors()[at]
            known[here] = True
        if not known.all():
            raise StoreError(
                f"{self._folder} lacks the vectors of {int((~known).sum()):,} texts; encode what is `missing` first"
            )
        return found

    def keep(self, block: str, hashes: Hashes) -> None:
        """Make a block's file hold the vectors of these texts and no others, and nothing lie beside it.

        Args:
            block: its name.
            hashes: of all its texts.

        Raises:
            StoreError: one of them has no vector, or the file cannot be written.
        """
        wanted = np.unique(hashes)
        file = self._folder / f"{block}{SUFFIX}"
        mine = next((each for each in self._sound() if each.file == file), None)
        if mine is None or not np.array_equal(mine.hashes, wanted):
            self._write(file, wanted, lambda some: self.read(wanted[some]))
        self._remove(each for each in self._files() if each.name.startswith(f"{block}{_PART}"))

    def keep_only(self, blocks: Collection[str]) -> None:
        """Remove the files of all other blocks, all parts, and what a killed process left half written."""
        names = {f"{block}{SUFFIX}" for block in blocks}
        self._remove(file for file in self._files() if file.name not in names)

    def forget(self, hashes: Hashes) -> None:
        """Leave no byte of the vectors of these texts, wherever they lie; done again after a kill, it ends the same."""
        self._remove(())
        for each in self._sound():
            here, _ = each.find(np.unique(hashes))
            if len(here):
                stays = np.flatnonzero(~np.isin(each.hashes, hashes))
                if len(stays):
                    self._write(each.file, each.hashes[stays], each.part(stays))
                else:
                    self._remove([each.file])
        damaged = {fault.file for fault in self.check()}
        self._remove(file for file in self._files() if file.name in damaged)

    def check(self) -> list[Fault]:
        """Files that are not what was written; they are passed over, and `missing` tells of their texts."""
        return faults(self._folder)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{SUFFIX}"))

    def _sound(self) -> list[VectorFile]:
        """The files that are what was written; each is read in full once, to tell."""
        found = {}
        for file in self._files():
            with suppress(_DamagedError):
                before = self._open.get(file)
                same = before is not None and before.digest == _header(file)["content"]
                found[file] = before if before is not None and same else _opened(file)
        self._open = found
        return list(found.values())

    def _write(self, file: Path, hashes: Hashes, vectors: Pieces) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(file, self._encoder, self._dim, hashes, vectors)
        except OSError as error:
            raise StoreError(f"vectors cannot be written to {self._folder}: {error}") from error

    def _remove(self, files: Iterable[Path]) -> None:
        """Remove files, and with them those that were left half written."""
        for file in (*files, *self._folder.glob(f"*{_TMP}")):
            _remove(file)
            self._open.pop(file, None)
        if self._folder.is_dir():
            settle(self._folder)


def strip(folder: Path, stays: Hashes) -> None:
    """Leave in a folder no byte of any vector but those of some texts; whichever encoder made them.

    Damaged files and those that were left half written go whole. Done again after a kill, it ends the same.

    Args:
        folder: of vectors; it need not be there.
        stays: hashes of texts.

    Raises:
        StoreError: they cannot be written, or a later Estran wrote them.
    """
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            content, each = _header(file), _opened(file)
        except _DamagedError:
            _remove(file)
            continue
        kept = np.flatnonzero(np.isin(each.hashes, stays))
        if not len(kept):
            _remove(file)
        elif len(kept) < each.rows:
            _put(file, str(content["encoder"]), each.dim, each.hashes[kept], each.part(kept))
    for half in folder.glob(f"*{_TMP}"):
        _remove(half)
    if folder.is_dir():
        settle(folder)


def faults(folder: Path) -> list[Fault]:
    """Files of a folder of vectors that are not what was written, whichever encoder made them."""
    found = []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            _opened(file)
        except _DamagedError as error:
            found.append(Fault(file.name, str(error)))
    return found


class _DamagedError(Exception):
    """A file that is not what was written."""


def _put(file: Path, encoder: str, dim: int, hashes: Hashes, vectors: Pieces) -> None:
    """Write a file: a header of fixed length, the hashes (8 bytes each), the vectors in their order (2 bytes a number).

    Args:
        file: it is there in whole afterwards, or as it was.
        encoder: id of the encoder.
        dim: numbers in a vector.
        hashes: (n,) rising, each once.
        vectors: asked for a few rows at a time, twice: a block of them is a hundred megabytes.
    """

    def body() -> Iterator[bytes]:
        yield hashes.astype("<u8").tobytes()
        for first in range(0, len(hashes), _PIECE):
            yield np.asarray(vectors(slice(first, first + _PIECE)), "<f2").tobytes()

    digest = _digest()
    for piece in body():
        digest.update(piece)
    content = {
        "format": FORMAT,
        "encoder": encoder,
        "dim": dim,
        "rows": len(hashes),
        "content": digest.hexdigest(),
    }
    swap(file, chain([sealed(content).ljust(_HEADER)], body()))


def _header(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as source:
            content = unsealed(source.read(_HEADER))
    except FileNotFoundError as error:
        raise _DamagedError("is gone") from error
    except ValueError as error:
        raise _DamagedError("has no sound header") from error
    if int(content["format"]) > FORMAT:
        raise StoreError(f"{file} was written by a later Estran: update Estran")
    return content


def _opened(file: Path) -> VectorFile:
    content = _header(file)
    with file.open("rb") as source:
        source.seek(_HEADER)
        if hashlib.file_digest(source, _digest).hexdigest() != content["content"]:
            raise _DamagedError("is not what was written: its checksum is another")
    return VectorFile(file, int(str(content["rows"])), int(str(content["dim"])), str(content["content"]))


def _digest() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=_FINGERPRINT // 2)


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
