"""What keeping a workspace tells: what came in, what is there, what was forgotten, what is sound.

No author, no pseudonym and no text stands in any of these.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Notice, Refused


@dataclass(frozen=True, slots=True)
class Plain:
    """A finding that is plain data to its core."""

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers, for JSON."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain


@dataclass(frozen=True, slots=True)
class Ingested(Plain):
    """What became of the rows of one file; of all of them, also where a killed run had taken in a part before.

    Attributes:
        file: its name without its folders.
        rows: rows read by this run; 0 where the file was already in.
        new: messages that were not there before.
        changed: messages whose text or other columns are now those of this file.
        same: messages that were there already.
        moved: of the changed ones, those dated into another month: they stay in their first one.
        refused: rows that could not become messages, by reason.
        batches: parts that the file was taken in by, each whole or not at all.
        before: parts that an earlier run had taken in.
        notices: what was assumed in reading it.
    """

    file: str
    rows: int
    new: int
    changed: int
    same: int
    moved: int
    refused: tuple[Refused, ...]
    batches: int
    before: int
    notices: tuple[Notice, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there was nothing to do: an earlier run had read all of this very file."""
        return self.rows == 0


@dataclass(frozen=True, slots=True)
class Holding(Plain):
    """What a workspace holds of one source and side."""

    source: str
    side: str | None
    messages: int
    first: str  # ISO day
    last: str


@dataclass(frozen=True, slots=True)
class Cursor(Plain):
    """How far a source was taken in: parts done of it."""

    name: str
    done: int


@dataclass(frozen=True, slots=True)
class Run(Plain):
    """Something that was done to a workspace: when, what, and its figures."""

    time: str  # ISO moment, UTC
    what: str
    figures: Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Size(Plain):
    """Bytes at rest: messages, counts that can be made again, vectors and topics, and the rest."""

    messages: int
    counts: int
    rest: int
    vectors: int = 0


@dataclass(frozen=True, slots=True)
class Status(Plain):
    """What a workspace holds and how it does.

    Attributes:
        path: its folder.
        format: version of its layout.
        created: ISO moment at which it was made.
        store: where its messages lie.
        messages: how many.
        people: distinct authors; a message that names none counts for none.
        first: ISO day of the first message, or None where there is none.
        last: of the last one.
        holdings: by source and side.
        cursors: how far each source was taken in.
        refused: rows that could not become messages, by file and reason.
        blocks: blocks of months that a tour counts.
        to_count: those of them that the next tour has to count anew.
        size: bytes at rest.
        runs: the last ones, newest first.
    """

    path: str
    format: int
    created: str
    store: str
    messages: int
    people: int
    first: str | None
    last: str | None
    holdings: tuple[Holding, ...]
    cursors: tuple[Cursor, ...]
    refused: tuple[Refused, ...]
    blocks: int
    to_count: int
    size: Size
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Refresh(Plain):
    """What a refresh of the counts did.

    Attributes:
        counted: blocks of months that were counted anew.
        kept: blocks whose counts were still right.
        mended: files of counts that were damaged, and counted again.
    """

    counted: tuple[str, ...]
    kept: int
    mended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof(Plain):
    """How it was made sure that nothing is left.

    Attributes:
        files: files that were searched, byte by byte, and decoded where they are packed.
        bytes: their size.
        needles: pseudonym, forms of the name, and texts that were sought.
        found: files in which one of them still stands; none, if all is well.
    """

    files: int
    bytes: int
    needles: int
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erasure(Plain):
    """What forgetting a person takes away, or took away.

    Attributes:
        messages: messages that the person wrote.
        months: months they lie in.
        mentions: messages of others that name the person; the name is masked there.
        proof: how it was made sure, or None where nothing was done yet.
    """

    messages: int
    months: tuple[str, ...]
    mentions: int
    proof: Proof | None = None

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to forget."""
        return not self.messages and not self.mentions


@dataclass(frozen=True, slots=True)
class Compaction(Plain):
    """Bytes at rest before and after putting small files together."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Fault(Plain):
    """Something wrong in a workspace.

    Attributes:
        kind: a fixed word ("key-open", "file-missing", ...); a face turns it into a sentence in its language.
        facts: what the sentence is about.
        mended: whether it was put right.
    """

    kind: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Health(Plain):
    """What a look over a workspace found.

    Attributes:
        checked: what was looked at, as fixed words.
        faults: what was wrong, mended or not.
    """

    checked: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def well(self) -> bool:
        """Whether nothing is wrong any more."""
        return all(fault.mended for fault in self.faults)
