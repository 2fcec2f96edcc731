"""A person is forgotten: what they wrote, what was derived from it, and their name in what others wrote.

An erasure is noted before it begins, so that one that is killed is finished by whatever command comes next. The note
holds the pseudonym, which the messages hold until then anyway, and the name sealed with the key of the workspace. It is
the last thing to go.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from secrets import token_bytes
from typing import TYPE_CHECKING

import polars as pl

from estran import privacy
from estran.analysis import identities
from estran.analysis.meanings import MESSAGES, PHRASES
from estran.errors import SettingsError, StoreError, WorkspaceError
from estran.findings import Erasure
from estran.store import topics
from estran.store.counts import Counts
from estran.store.vectors import hashes_of, strip
from estran.workspace import correcting, journal, known, units, watchstate
from estran.workspace.atomic import settle, write_whole
from estran.workspace.folder import empty
from estran.workspace.keys import key_of
from estran.workspace.proof import prove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estran.analysis.progress import Progress
    from estran.privacy import Mentions
    from estran.store.messages import MessageStore
    from estran.workspace.folder import Folder

NOTE = "erasing.json"
"""Says who is being forgotten, until it is done."""

NAMING = ("text", "title", "unit", "thread")
"""Columns in which others may name a person."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be forgotten.

    Attributes:
        pseudonym: as the messages have it.
        name: as it was given, or None where only the pseudonym is known.
    """

    pseudonym: str
    name: str | None = None

    @property
    def mentions(self) -> Mentions | None:
        """Where others name them, if that can be sought."""
        return privacy.mentions(self.name) if self.name else None


def person(folder: Folder, *, author: str | None, pseudonym: str | None) -> Person:
    """Who is meant.

    Raises:
        SettingsError: nobody is named, or two ways of naming contradict each other.
        WorkspaceError: the key is not there.
    """
    if (author is None) == (pseudonym is None):
        raise SettingsError("say who is to be forgotten, either by --author NAME or by --pseudonym P")
    if author is not None:
        made: str | None = privacy.pseudonym(key_of(folder))(pl.Series([author]))[0]
        if made is None:
            raise SettingsError("the name of who is to be forgotten is blank")
        return Person(made, author)
    if not re.fullmatch(r"[0-9a-f]{32}", pseudonym or ""):
        raise SettingsError(f"a pseudonym is 32 hexadecimal digits, not {pseudonym!r}")
    return Person(str(pseudonym))


def preview(store: MessageStore, whom: Person, *, progress: Progress) -> Erasure:
    """What would go; nothing is changed."""
    authored = store.authored(whom.pseudonym)
    named = sum(frame.height for frame in _naming(store, whom, progress=progress))
    return Erasure(authored.messages, authored.months, named)


def erase(folder: Folder, store: MessageStore, whom: Person, *, progress: Progress) -> Erasure:
    """Forgets a person, and proves it; the caller holds the lock."""
    note = folder.path / NOTE
    _note(note, folder, whom)
    texts = _texts(store, whom)
    _forget_vectors(folder, store, whom, progress=progress)
    mentions = 0
    for frame in _naming(store, whom, progress=progress):
        store.upsert(_masked(frame, whom))
        mentions += frame.height
    progress.stage("erase", None)
    gone = store.erase(whom.pseudonym)
    Counts(folder.counts).forget()
    _forget_alarms(folder)
    _mask_files(folder, whom)
    _forget_themes(folder, whom)
    _forget_in_units(folder, whom)
    empty(folder.scratch)
    journal.note(folder.runs, "erase", removed=gone.messages, masked=mentions)
    _burn(note)
    proof = prove(folder, store, whom.pseudonym, name=whom.name, texts=texts, progress=progress)
    return Erasure(gone.messages, gone.months, mentions, proof)


def is_half_done(folder: Folder) -> bool:
    """Whether an erasure was begun and is not done."""
    return (folder.path / NOTE).exists()


def finish(folder: Folder, store: MessageStore, *, progress: Progress) -> bool:
    """Finishes an erasure that was killed, if there is one; the caller holds the lock."""
    note = folder.path / NOTE
    if not note.exists():
        return False
    whom = _noted(note, folder)
    if whom is None:  # it was killed before the note was whole: nothing had begun, or all was done
        _burn(note)
        return False
    erase(folder, store, whom, progress=progress)
    return True


def _naming(store: MessageStore, whom: Person, *, progress: Progress) -> Iterator[pl.DataFrame]:
    """What others wrote and that names the person, month by month."""
    mentions, snapshot = whom.mentions, store.snapshot()
    if mentions is None:
        return
    progress.stage("search", len(snapshot.months))
    for month in snapshot.months:
        said = store.read([month], snapshot=snapshot)
        named = pl.any_horizontal(pl.col(column).str.contains(mentions.pattern) for column in NAMING)
        found = said.filter(
            named.fill_null(value=False) & pl.col("author").ne_missing(pl.lit(whom.pseudonym))
        )
        if not found.is_empty():
            yield found
        progress.advance(1)


def _masked(frame: pl.DataFrame, whom: Person) -> pl.DataFrame:
    mentions = whom.mentions
    assert mentions is not None
    return frame.with_columns(mentions.masked(frame[column]) for column in NAMING)


def _texts(store: MessageStore, whom: Person) -> list[str]:
    """All that the person wrote, to be looked for in the end."""
    texts: set[str] = set()
    for month in store.authored(whom.pseudonym).months:
        said = store.read([month], columns=["author", "text", "title"])
        said = said.filter(pl.col("author") == whom.pseudonym)
        texts.update(said["text"].drop_nulls(), said["title"].drop_nulls())
    return sorted(texts)


def _mask_files(folder: Folder, whom: Person) -> None:
    """The name in the names of files that were taken in, in marks, and in the rules of alerts.

    The journal and the lists of refused rows tell names of files.
    """
    mentions = whom.mentions
    if mentions is None:
        return
    marks = (folder.marks.resolve(),) if folder.marks.exists() else ()
    rules = [file for file in (folder.alerts, folder.watch) if file.exists()]
    for file in (folder.runs, *marks, *rules, *sorted(folder.rejected.glob("*.jsonl"))):
        lines = pl.Series(file.read_text(encoding="utf-8").splitlines(keepends=True), dtype=pl.String)
        if mentions.found(lines).any():
            write_whole(file, "".join(mentions.masked(lines)))


def _forget_alarms(folder: Folder) -> None:
    """The words of alarms that are still to be sent: the next look finds again what holds without the person."""
    try:
        memory = watchstate.read(folder.watch)
    except WorkspaceError:  # what cannot be read cannot be searched
        folder.watch.unlink()
        return
    if memory.pending:
        watchstate.write(folder.watch, memory.unsent())


def _forget_themes(folder: Folder, whom: Person) -> None:
    """The themes whose words name the person, and the corrections that do.

    A damaged line of the list of themes goes as well: what cannot be read cannot be searched.
    """
    mentions = whom.mentions
    if mentions is None:
        return

    def names(words: str) -> bool:
        return bool(mentions.found(pl.Series([words])).any())

    if folder.identities.exists():
        before, bad = known.salvaged(folder.identities)
        after = identities.forget(before, names)
        if bad or after is not before:
            known.write(folder.identities, after)
    correcting.forget(folder, mentions)


def _forget_in_units(folder: Folder, whom: Person) -> None:
    """Where the person works and worked, and their name in the names of units."""
    mentions = whom.mentions

    def masked(path: str) -> str:
        return path if mentions is None else str(mentions.masked(pl.Series([path]))[0])

    units.forget(folder.units, whom.pseudonym, masked)


def _forget_vectors(folder: Folder, store: MessageStore, whom: Person, *, progress: Progress) -> None:
    """The vectors of what the person wrote and of what names them, and all that was made of those.

    What is found by the messages goes before they do: who is killed in between finds them again. Of messages, the
    vectors that stay are those of texts whose topics are known and that somebody else wrote, without the name. Of
    phrases all go: they are made anew of what is left.
    """
    shutil.rmtree(folder.vectors / PHRASES, ignore_errors=True)
    try:
        rest, key = topics.read(folder.topics), key_of(folder)
    except (StoreError, WorkspaceError):  # of a later Estran, or without a key: nobody can be found in them
        rest, key = None, b""
    if rest is None:
        topics.remove(folder.topics)
        shutil.rmtree(folder.vectors, ignore_errors=True)
        return
    mentions = whom.mentions
    naming = [id_ for frame in _naming(store, whom, progress=progress) for id_ in frame["id"]]
    left = rest.lacking(
        hashes_of(_ids(store, whom), key=key),
        hashes_of(naming, key=key),
        lambda words: mentions is not None and bool(mentions.found(pl.Series([words])).any()),
    )
    topics.write(folder.topics, left)
    strip(folder.vectors / MESSAGES, left.text)


def _ids(store: MessageStore, whom: Person) -> list[str]:
    """The ids of all that the person wrote."""
    ids = []
    for month in store.authored(whom.pseudonym).months:
        said = store.read([month], columns=["id", "author"])
        ids += said.filter(pl.col("author") == whom.pseudonym)["id"].to_list()
    return ids


def _note(note: Path, folder: Folder, whom: Person) -> None:
    sealed = None
    if whom.name is not None:
        nonce = token_bytes(16)
        sealed = [nonce.hex(), _sealed(whom.name.encode(), key_of(folder), nonce).hex()]
    write_whole(note, json.dumps({"pseudonym": whom.pseudonym, "name": sealed}))


def _noted(note: Path, folder: Folder) -> Person | None:
    try:
        said = json.loads(note.read_text(encoding="ascii"))
        pseudonym, sealed = said["pseudonym"], said["name"]
    except (ValueError, KeyError, TypeError):
        return None
    if sealed is None:
        return Person(pseudonym)
    nonce, name = map(bytes.fromhex, sealed)
    return Person(pseudonym, _sealed(name, key_of(folder), nonce).decode())


def _sealed(content: bytes, key: bytes, nonce: bytes) -> bytes:
    """The content combined with a stream that only the key can make; done twice, the content again."""
    blocks = (blake2b(nonce + n.to_bytes(8), key=key, person=b"estran erasing").digest() for n in count())
    stream = bytearray()
    while len(stream) < len(content):
        stream += next(blocks)
    return bytes(a ^ b for a, b in zip(content, stream, strict=False))


def _burn(note: Path) -> None:
    """Removes the note, its content first."""
    with note.open("r+b") as written:
        written.write(b"\0" * note.stat().st_size)
    note.unlink()
    settle(note.parent)
