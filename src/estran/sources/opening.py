"""What kind of file this is, told from its first bytes, and its lines if it is a text."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

import pyarrow as pa

from estran.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE = 1 << 26
"""Characters; beyond it a line is no row of a table, and reading it would fill the memory."""

_HEAD = 1 << 16
_PACKED = {
    b"PK\x03\x04": "a zip archive or an Excel workbook: unpack it, or save the sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save the sheet as CSV (UTF-8)",
    b"%PDF": "a PDF: Estran reads CSV, TSV, JSON Lines and Parquet",
    b"BZh": "packed with bzip2: unpack it first (bunzip2)",
    b"\xfd7zXZ": "packed with xz: unpack it first (unxz)",
}


@dataclass(frozen=True, slots=True)
class Container:
    """A file and how its bytes are to be taken.

    Attributes:
        path: where it lies.
        kind: "parquet", "json" or "delimited".
        packing: "gzip", "zstd" or "" for none.
        encoding: "utf-8-sig", or the UTF-16 that its first bytes show.
        newline: what ends a line.
    """

    path: Path
    kind: str
    packing: str = ""
    encoding: str = "utf-8-sig"
    newline: str = "\n"

    @property
    def file(self) -> str:
        """The name of the file, without its folders."""
        return self.path.name

    @property
    def stem(self) -> str:
        """The name of the file without folders and extensions: what its messages' source is called."""
        name = self.path.name
        for ending in (
            ".gz",
            ".zst",
            ".zstd",
            ".csv",
            ".tsv",
            ".tab",
            ".txt",
            ".jsonl",
            ".ndjson",
            ".json",
            ".parquet",
        ):
            if name.lower().endswith(ending) and len(name) > len(ending):
                name = name[: -len(ending)]
        return name


def recognise(path: Path) -> Container:
    """The kind, packing and encoding of a file; the content decides, its extension does not.

    Raises:
        InputError: there is no such file, it is empty, or it is of a kind that Estran does not read.
    """
    head, packing = _first_bytes(path)
    if not head.strip():
        raise InputError(f"{path.name} is empty: there is nothing to read in it")
    for magic, what in _PACKED.items():
        if head.startswith(magic):
            raise InputError(f"{path.name} is {what}")
    if not head.startswith(b"PAR1"):
        return _text_container(path, head, packing)
    if packing:
        raise InputError(
            f"{path.name} is a packed Parquet file: unpack it first; Parquet packs its own columns"
        )
    return Container(path, "parquet")


def _first_bytes(path: Path) -> tuple[bytes, str]:
    """The first bytes, unpacked, and the packing."""
    try:
        head = _head(path, "")
        packing = "gzip" if head[:2] == b"\x1f\x8b" else "zstd" if head[:4] == b"\x28\xb5\x2f\xfd" else ""
        return (_head(path, packing) if packing else head), packing
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: check the name and the folder") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder: give the files in it, for example {path}/*.csv") from None
    except PermissionError:
        raise InputError(f"{path} may not be read by you: ask for the right to read it") from None
    except (EOFError, OSError, zlib.error):
        raise InputError(
            f"{path.name} is damaged: its packing cannot be opened; copy or export it again"
        ) from None


def _text_container(path: Path, head: bytes, packing: str) -> Container:
    encoding = _encoding(head)
    if encoding == "utf-8-sig" and head.count(0) > len(head) // 10:
        raise InputError(f"{path.name} is not a text: Estran reads CSV, TSV, JSON Lines and Parquet")
    text = head.decode(encoding, "replace").lstrip()
    newline = "\r" if "\r" in text and "\n" not in text else "\n"
    if not text:
        raise InputError(f"{path.name} is empty: there is nothing to read in it")
    if text.startswith("["):
        raise InputError(
            f"{path.name} is one JSON list: Estran reads JSON Lines, one object a line; "
            f"`jq -c '.[]' {path.name} > {path.stem}.jsonl` turns it into that"
        )
    return Container(path, "json" if text.startswith("{") else "delimited", packing, encoding, newline)


def _encoding(head: bytes) -> str:
    """UTF-16 by its mark, or by the zero in every second byte of a Western text; else UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return "utf-8-sig"


def _head(path: Path, packing: str) -> bytes:
    with path.open("rb") as raw:
        return _unpacked(raw, packing).read(_HEAD)


def _unpacked(raw: BinaryIO, packing: str) -> BinaryIO:
    if packing == "gzip":
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    if packing == "zstd":
        return cast(
            "BinaryIO", io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"))
        )
    return raw


class Lines:
    """The lines of a text file, decoded, without what ends them.

    A line that is not UTF-8 is read as Windows-1252, the commonest other encoding of exports, and counted:
    one rule serves a file that is wholly in it and a file with a few foreign lines.

    Attributes:
        number: lines given so far, so the number of the latest, from 1.
        mended: lines "not-utf8" and lines with "nul-bytes" (removed) so far.
    """

    def __init__(self, container: Container) -> None:
        self.number = 0
        self.mended: Counter[str] = Counter()
        self._container = container
        self._raw: BinaryIO | None = None

    @property
    def done(self) -> float:
        """Share of the file's bytes read so far (0-1)."""
        if self._raw is None or self._raw.closed:
            return 1.0  # read to the end, looking for what closes a quote
        return self._raw.tell() / max(self._container.path.stat().st_size, 1)

    def __iter__(self) -> Iterator[str]:
        """Each line, once.

        Raises:
            InputError: the file is damaged, or a line is longer than `LONGEST_LINE`.
        """
        box = self._container
        errors = "surrogateescape" if box.encoding == "utf-8-sig" else "replace"
        with box.path.open("rb") as self._raw:
            unpacked = _unpacked(self._raw, box.packing)
            text = io.TextIOWrapper(unpacked, encoding=box.encoding, errors=errors, newline=box.newline)
            try:
                while line := text.readline(LONGEST_LINE):
                    if len(line) == LONGEST_LINE:
                        raise self._too_long()
                    self.number += 1
                    line = line.rstrip("\r\n")
                    yield line if line.isascii() and "\0" not in line else self._mend(line)
            except (EOFError, OSError, zlib.error):
                raise InputError(
                    f"{box.file} is damaged after line {self.number}: copy or export it again"
                ) from None

    def _too_long(self) -> InputError:
        return InputError(
            f"line {self.number + 1} of {self._container.file} is longer than {LONGEST_LINE // 10**6} million "
            "characters: this is not a table with a message a row"
        )

    def _mend(self, line: str) -> str:
        try:
            line.encode()
        except UnicodeEncodeError:
            self.mended["not-utf8"] += 1
            line = line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        if "\0" in line:
            self.mended["nul-bytes"] += 1
            line = line.replace("\0", "")
        return line
