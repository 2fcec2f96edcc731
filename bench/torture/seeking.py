"""Bytes are looked for in every file of a folder: as they lie, and decoded by every reader that can open the file."""

from __future__ import annotations

import base64
import gzip
import json
import unicodedata
import zlib
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


def spellings(words: Iterable[str]) -> list[str]:
    """Each word as it may be written: small, great, composed and decomposed, without accents."""
    found = set()
    for word in words:
        plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        for each in (word, plain):
            for cased in (each, each.lower(), each.upper(), each.casefold()):
                found.update(unicodedata.normalize(form, cased) for form in ("NFC", "NFD"))
    return sorted(found)


def traces(
    folder: Path, words: Sequence[str], *, pseudonym: str | None = None, but: Sequence[str] = ()
) -> list[str]:
    """The files in which one of some words or a pseudonym stands, "file: word".

    Args:
        folder: every file in it is read.
        words: sought without regard to case.
        pseudonym: hexadecimal; sought as digits, as bytes, and in base 64.
        but: names of files that are left out.
    """
    needles = {word.lower().encode(): word for word in spellings(words)}
    raw: dict[bytes, str] = {}
    if pseudonym:
        packed = bytes.fromhex(pseudonym)
        needles[pseudonym.encode()] = "pseudonym"
        raw = {packed: "pseudonym, packed", base64.b64encode(packed)[:20]: "pseudonym, base 64"}
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in but):
        for content in decoded(file):
            small = content.lower()
            found += [
                f"{file.relative_to(folder)}: {word}" for needle, word in needles.items() if needle in small
            ]
            found += [
                f"{file.relative_to(folder)}: {word}" for needle, word in raw.items() if needle in content
            ]
        found += [
            f"{file.relative_to(folder)}: {word}, its name"
            for needle, word in needles.items()
            if needle in file.name.lower().encode()
        ]
    return sorted(set(found))


def decoded(file: Path) -> Iterator[bytes]:
    """A file as it lies, and as each reader that can open it gives it."""
    content = file.read_bytes()
    yield content
    yield content.decode("utf-8", "replace").casefold().encode()
    for reader in (_parquet, _arrow_file, _arrow_stream, _json, gzip.decompress, zlib.decompress):
        try:
            yield reader(content)
        except (pa.ArrowException, ValueError, OSError, EOFError, zlib.error):
            continue


def _parquet(content: bytes) -> bytes:
    if content[:4] != b"PAR1":
        raise ValueError("no Parquet")
    file = pq.ParquetFile(pa.BufferReader(content))
    return (
        str(file.metadata).encode()
        + str(file.schema_arrow.metadata).encode()
        + _table(file.read())
        + _extremes(file)
    )


def _extremes(file: pq.ParquetFile) -> bytes:
    """The least and greatest values that its pages are marked with."""
    groups = (file.metadata.row_group(n) for n in range(file.metadata.num_row_groups))
    return "\n".join(
        str(group.column(n).statistics) for group in groups for n in range(group.num_columns)
    ).encode()


def _arrow_file(content: bytes) -> bytes:
    return _table(pa.ipc.open_file(pa.BufferReader(content)).read_all())


def _arrow_stream(content: bytes) -> bytes:
    return _table(pa.ipc.open_stream(pa.BufferReader(content)).read_all())


def _table(table: pa.Table) -> bytes:
    """Every value of a table, and the buffers it lies in, unpacked."""
    frame = pl.from_arrow(table)
    buffers = [
        bytes(buffer)
        for column in table.columns
        for chunk in column.chunks
        for buffer in chunk.buffers()
        if buffer is not None
    ]
    return frame.write_json().encode() + b"\n".join(buffers)


def _json(content: bytes) -> bytes:
    """The texts of JSON or JSON lines, without their escapes; also of JSON inside a text."""
    text = content.decode()
    try:
        values = [json.loads(text)]
    except ValueError:
        values = [json.loads(line) for line in text.splitlines() if line.strip()]
    return "\n".join(_texts(values)).encode()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
        if value[:1] in {"{", "["}:
            try:
                yield from _texts(json.loads(value))
            except ValueError:
                return
    elif value is not None:
        yield str(value)
