"""Files go into a workspace: each row once, whatever is killed and however often it is tried again.

A file is taken in by parts, one commit each; how many of them are in is committed with the messages themselves. Whoever
begins again reads the file from its start, so that copies and duplicates are told as at the first time, and commits only
the parts that are missing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from estran import privacy
from estran.errors import SettingsError
from estran.findings import Ingested
from estran.model import Side
from estran.sources import open_table
from estran.store.messages import Upserted
from estran.workspace import journal
from estran.workspace.keys import key_of
from estran.workspace.refusals import by_reason, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from estran.analysis.progress import Progress
    from estran.findings import Notice
    from estran.model import Rejected
    from estran.sources import Batch, Options, Table
    from estran.store.messages import MessageStore
    from estran.workspace.folder import Folder

NOTHING = Upserted(0, 0, 0, 0)

SCATTERED = 100
"""Files more than months, past which they are put together by the way."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be taken in.

    Attributes:
        table: the file, with its columns.
        side: of the rows that nothing else places.
        digest: of its content, and of all that was said about it.
    """

    table: Table
    side: Side | None
    digest: str

    @property
    def cursor(self) -> str:
        """What the store calls the number of its parts that are in."""
        return f"file:{self.digest}"


def recognise(path: str | Path, options: Options, side: Side | None) -> Input:
    """Opens a file; a source or a side that was told outweighs what its columns seem to say.

    Raises:
        InputError: it cannot be used.
    """
    untold = {"source": options.source, "side": side}
    none = {role: "" for role, told in untold.items() if told is not None}
    options = replace(options, columns={**none, **options.columns})
    table = open_table(path, options)
    said = {"options": asdict(replace(options, now=None)), "side": side}
    seal = blake2b(json.dumps(said, sort_keys=True, default=str).encode(), digest_size=16)
    with table.path.open("rb") as content:
        while piece := content.read(1 << 20):
            seal.update(piece)
    return Input(table, side, seal.hexdigest())


def side_of(told: str | None) -> Side | None:
    """The side that was told.

    Raises:
        SettingsError: it is none.
    """
    try:
        return None if told is None else Side(told)
    except ValueError as error:
        raise SettingsError(
            f"side must be inside or outside, not {told!r}; a column that tells the side is given by --side-column"
        ) from error


def ingest(folder: Folder, store: MessageStore, file: Input, *, progress: Progress) -> Ingested:
    """Takes in what of a file is not in; the caller holds the lock.

    Raises:
        InputError: the file is damaged further on; what lies before it is in.
        WorkspaceError: the key is not there, or the disk refuses.
    """
    before = store.cursor(file.cursor) or 0
    if before and _parts(folder, file) == before:
        return Ingested(file.table.file, 0, *_figures(NOTHING), (), before, before)
    key = key_of(folder)
    pseudonym = privacy.pseudonym(key)
    rows, total = 0, NOTHING
    refused: list[Rejected] = []
    notices: list[Notice] = []
    parts = done = 0
    progress.stage("ingest", 100)
    for batch in file.table.read(pseudonym=pseudonym):
        notices += batch.notices
        if batch.rows:
            parts += 1
            if parts > before:
                keep(folder.rejected / f"{file.digest[:16]}-{parts:06d}.jsonl", batch.rejected)
                upserted = store.upsert(
                    _safe(batch, file.side, pseudonym=pseudonym), cursor=(file.cursor, parts)
                )
                total = _sum(total, upserted)
                refused += batch.rejected
                rows += batch.rows
        progress.advance(round(100 * batch.done) - done)
        done = round(100 * batch.done)
    taken = Ingested(
        file.table.file, rows, *_figures(total), by_reason(refused), parts, before, _unique(notices)
    )
    journal.note(
        folder.runs, "ingest", file=taken.file, rows=rows, new=taken.new, changed=taken.changed, same=taken.same,
        moved=taken.moved, refused=len(refused), input=file.digest, parts=parts,
    )  # fmt: skip
    if sum(len(month.files) - 1 for month in store.snapshot().months.values()) > SCATTERED:
        progress.stage("compact", None)
        store.compact()
    return taken


def _parts(folder: Folder, file: Input) -> int | None:
    """Parts of a file that was once read to its end. Only the journal knows; without it the file is read again."""
    ends = (
        run.figures.get("parts")
        for run in journal.runs(folder.runs)
        if run.figures.get("input") == file.digest
    )
    return next((int(parts) for parts in ends if parts is not None), None)


def _safe(batch: Batch, side: Side | None, *, pseudonym: Callable[[pl.Series], pl.Series]) -> pl.DataFrame:
    """The messages of a batch as they may lie on a disk: without what tells a person."""
    messages = batch.messages.with_columns(
        privacy.mask(batch.messages["text"]),
        privacy.mask(batch.messages["title"]),
        privacy.mask(batch.messages["unit"]),
        _told_apart(batch.messages["thread"], pseudonym),
        pl.col("side").fill_null(pl.lit(side and side.value, pl.String)),
    )
    return messages.with_columns(id=_own_ids(messages))


def _told_apart(threads: pl.Series, pseudonym: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Conversations named by an address or a number of somebody: masked, several would become one."""
    masked = privacy.mask(threads)
    return pl.select(
        pl.when(masked != threads).then(pseudonym(threads)).otherwise(threads).alias("thread")
    ).to_series()


def _own_ids(messages: pl.DataFrame) -> pl.Series:
    """Ids of messages whose file gives none, with their author in it.

    The door makes an id of source, time and text. Within a file it tells two people who say the same at one moment
    apart; here the other one may be in another file, as in daily exports whose times are days.
    """
    made = ~messages["id"].str.contains(":", literal=True) & messages["author"].is_not_null()
    own = [
        blake2b(f"{name.partition('-')[0]}\0{author}".encode(), digest_size=16).hexdigest()
        for name, author in messages.filter(made).select("id", "author").iter_rows()
    ]
    return messages["id"].clone().scatter(made.arg_true(), pl.Series(own, dtype=pl.String))


def _figures(upserted: Upserted) -> tuple[int, int, int, int]:
    return upserted.new, upserted.changed, upserted.same, upserted.moved


def _sum(one: Upserted, other: Upserted) -> Upserted:
    return Upserted(*(a + b for a, b in zip(_figures(one), _figures(other), strict=True)))


def _unique(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple({(n.kind, str(n.facts)): n for n in notices}.values())
