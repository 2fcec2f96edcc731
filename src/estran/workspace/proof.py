"""Nothing of a person is left: every file of a workspace is searched, byte by byte, and decoded where it is packed."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING

import polars as pl
from deltalake.fs import DeltaStorageHandler
from pyarrow import fs

from estran import privacy
from estran.findings import Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from estran.analysis.progress import Progress
    from estran.store.messages import MessageStore
    from estran.workspace.folder import Folder

LEAST_TEXT = 24
"""Characters of the shortest text that is sought: "thank you" says nothing of who wrote it."""

LEAST_BYTES = 8
"""Bytes of the shortest name that is sought in packed bytes, where a few of them may stand by chance."""

PIECE = 1 << 24
"""Bytes that are searched at a time."""


def prove(
    folder: Folder,
    store: MessageStore,
    pseudonym: str,
    *,
    name: str | None,
    texts: Iterable[str],
    progress: Progress,
) -> Proof:
    """Looks for a person in every file of a workspace.

    What others wrote as well (a quotation, the same standing phrase) is theirs, and is not sought.

    Args:
        folder: of the workspace.
        store: of its messages.
        pseudonym: of the person.
        name: of the person, where it is known.
        texts: what the person wrote.
        progress: told about each file.
    """
    own = _own(store, [text for text in texts if len(text) >= LEAST_TEXT])
    mentions = privacy.mentions(name) if name else None
    forms = _forms(name) if name and mentions and not _common(store, mentions.pattern) else []
    needles = [pseudonym.encode(), bytes.fromhex(pseudonym), *(text.encode() for text in own)]
    needles += [form for form in forms if len(form) >= LEAST_BYTES]
    seeker = _Seeker(needles, mentions.pattern if mentions and forms else None)
    files = [*_files(folder), *_stored(folder, store)]
    progress.stage("prove", len(files))
    found, size = [], 0
    for label, read in files:
        content = read()
        size += len(content)
        if seeker.finds(content):
            found.append(label)
        progress.advance(1)
    return Proof(len(files), size, len(needles) + (seeker.pattern is not None), tuple(found))


class _Seeker:
    """Looks for all that tells a person, in one pass."""

    def __init__(self, needles: list[bytes], pattern: str | None) -> None:
        # one letter for each byte, so that any bytes are a text that can be searched for many others at once
        self._needles = [needle.decode("latin-1") for needle in needles]
        self._texts = [needle.decode() for needle in needles if _is_text(needle)]
        self._overlap = max(map(len, needles), default=0)
        self.pattern = pattern

    def finds(self, content: bytes) -> bool:
        """Whether any of it stands in a file."""
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE + self._overlap].decode("latin-1")
            if pl.Series([piece]).str.contains_any(self._needles).item():
                return True
        if content[:4] == b"PAR1":
            return any(self._in_column(column) for column in _columns(content))
        return self.pattern is not None and bool(
            pl.Series([content.decode("utf-8", "replace")]).str.contains(self.pattern).item()
        )

    def _in_column(self, column: pl.Series) -> bool:
        named = self.pattern is not None and column.name not in {"id", "source"}
        return bool(
            column.str.contains_any(self._texts).any()
            or (named and self.pattern is not None and column.str.contains(self.pattern).any())
        )


def _own(store: MessageStore, texts: list[str]) -> list[str]:
    """The texts that nobody else wrote as well."""
    theirs: set[str] = set()
    for month in store.snapshot().months if texts else ():
        said = store.read([month], columns=["text", "title"])
        for column in said:
            theirs.update(column.str.extract_many(texts, overlapping=True).explode().drop_nulls())
    return [text for text in texts if text not in theirs]


def _common(store: MessageStore, pattern: str) -> bool:
    """Whether a source is called as the person is, as where a shared account signs: then the name tells nobody."""
    return any(
        store.read([month], columns=["source"])["source"].str.contains(pattern).any()
        for month in store.snapshot().months
    )


def _forms(name: str) -> list[bytes]:
    """Ways in which a name may be written, as bytes."""
    cased = {name, name.lower(), name.upper(), name.casefold(), name.title()}
    forms = {unicodedata.normalize(form, each.strip()) for each in cased for form in ("NFC", "NFD")}
    return sorted(form.encode() for form in forms)


def _files(folder: Folder) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Every file of the folder but the key and, where they lie elsewhere, the messages."""
    for file in sorted(folder.path.rglob("*")):
        if file.is_file() and file != folder.key_file:
            yield file.relative_to(folder.path).as_posix(), file.read_bytes


def _stored(folder: Folder, store: MessageStore) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Every file of an object store."""
    if "://" not in folder.messages:
        return
    place = store.place
    system = fs.PyFileSystem(DeltaStorageHandler(place.url, dict(place.options)))

    def reading(path: str) -> Callable[[], bytes]:
        def read() -> bytes:
            with system.open_input_file(path) as content:
                return bytes(content.read())

        return read

    for path in sorted(place.files.sizes()):
        yield f"{folder.messages}/{path}", reading(path)


def _columns(content: bytes) -> Iterator[pl.Series]:
    """The texts of a packed file, also those inside other columns."""
    frame = pl.read_parquet(io.BytesIO(content))
    for column in frame:
        if column.dtype == pl.String:
            yield column
        elif column.dtype == pl.Struct:
            yield column.struct.json_encode().alias(column.name)


def _is_text(needle: bytes) -> bool:
    try:
        needle.decode()
    except UnicodeDecodeError:
        return False
    return True
