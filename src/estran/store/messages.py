"""Messages at rest: they go in once, are read while they grow, and can be forgotten.

A Delta table, partitioned by the month of the first date that a message ever had. A message is known by its id: a
batch may be given again, whole or in part, and nothing is doubled. How far a source was read is committed with the
messages themselves, so that a reader killed at any moment goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

import polars as pl
from deltalake import write_deltalake

from estran.model import MESSAGES
from estran.store.delta import (
    PARQUET,
    SCHEMA,
    Place,
    among,
    commit_nothing,
    cursor_names,
    know_cursor,
    pieces,
    quoted,
    scan,
    signed,
)
from estran.store.erasure import compact, delete_rows, purge, remove_halves
from estran.store.soundness import Unsound, take_back, unsound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deltalake import DeltaTable

_CONTENT = [name for name in MESSAGES if name != "id"]
_CHANGED = " OR ".join(f'(t."{name}" IS DISTINCT FROM s."{name}")' for name in _CONTENT)
_LOOK = 200_000  # ids of the table looked at together
_UPDATES = {f'"{name}"': f's."{name}"' for name in _CONTENT}


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of a batch: new + changed + same = its rows.

    Attributes:
        new: messages that were not there.
        changed: messages whose text, author or other columns were replaced.
        same: messages that were there already, as they are.
        moved: of the changed and the same, those now dated in another month than at first. They stay where and when
            they were first said: a message is counted once, in its first month.
    """

    new: int
    changed: int
    same: int
    moved: int


@dataclass(frozen=True, slots=True)
class MonthFiles:
    """The messages of one month at one commit.

    Attributes:
        digest: changes when, and only when, the files change; of equal files it is equal on any machine.
        files: their addresses.
        rows: messages in them.
        bytes: their size at rest.
    """

    digest: str
    files: tuple[str, ...]
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The store at one commit: its months, first to last."""

    version: int
    months: Mapping[str, MonthFiles]


@dataclass(frozen=True, slots=True)
class Authored:
    """What one author said: so many messages, in these months."""

    messages: int
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageStore:
    """A store of messages, in a folder or an object store.

    It holds an address only, so it can be pickled and sent to a worker. Readers never wait; of two writers at once
    the later one reads again and repeats its work. Every method raises `StoreError` where the place refuses.
    """

    place: Place

    @classmethod
    def create(cls, url: str, *, options: Mapping[str, str] | None = None) -> Self:
        """A new, empty store.

        Args:
            url: a folder, or an address such as s3://bucket/acme.
            options: what delta-rs needs to reach it, beside the environment.

        Raises:
            StoreError: there is one already, or the place cannot be written.
        """
        place = Place.at(url, options)
        place.create()
        return cls(place)

    @classmethod
    def open(cls, url: str, *, options: Mapping[str, str] | None = None) -> Self:
        """A store that is there.

        Raises:
            StoreError: there is none, or a newer Estran made it.
        """
        place = Place.at(url, options)
        place.retried(place.table)
        return cls(place)

    @staticmethod
    def mend(url: str, *, options: Mapping[str, str] | None = None) -> int:
        """Take back the commits that a power cut left half written; how many there were.

        They were never acknowledged; the cursors go back with them. For a store that may not open any more, and
        only where nobody writes.
        """
        return take_back(Place.at(url, options))

    def upsert(self, messages: pl.DataFrame, *, cursor: tuple[str, int] | None = None) -> Upserted:
        """Put messages in, replacing those whose content changed, in one commit.

        Messages that are there already as they are cost no file. A batch that changes nothing makes no commit,
        but for a cursor that is new.

        Args:
            messages: as `MESSAGES`; no id twice.
            cursor: the name of a source and how far it was read, recorded with the messages or not at all.

        Raises:
            ValueError: an id is there twice.
        """
        batch = messages.select(pl.col(name).cast(kind) for name, kind in MESSAGES.items())
        if batch["id"].n_unique() < batch.height:
            raise ValueError("an id is there twice in the batch: the door lets each in once")
        return self.place.commit(lambda table: _upsert(table, batch, cursor))

    def cursor(self, name: str) -> int | None:
        """How far a source was read; None where it never was."""
        return self.place.retried(lambda: self.place.table().transaction_version(name))

    def cursors(self) -> dict[str, int]:
        """How far each source was read."""

        def read() -> dict[str, int]:
            table = self.place.table()
            known = {name: table.transaction_version(name) for name in cursor_names(table)}
            return {name: value for name, value in known.items() if value is not None}

        return self.place.retried(read)

    def snapshot(self) -> Snapshot:
        """The months as they are now, with the files that hold them."""
        return self.place.retried(lambda: _snapshot(self.place.table()))

    def read(
        self, months: Sequence[str], *, columns: Sequence[str] | None = None, snapshot: Snapshot | None = None
    ) -> pl.DataFrame:
        """The messages of some months, sorted by time and id.

        Args:
            months: as they are named in a snapshot.
            columns: the columns wanted, in this order; all of `MESSAGES` by default.
            snapshot: as the store stood then. Where its files are gone meanwhile, as the store stands now: what was
                erased does not come back.
        """
        wanted = list(MESSAGES) if columns is None else list(columns)
        if not months:
            return pl.DataFrame(schema={name: MESSAGES[name] for name in wanted})
        needed = list(dict.fromkeys([*wanted, "time", "id"]))
        version = [None if snapshot is None else snapshot.version]

        def read() -> pl.DataFrame:
            at = version.pop() if version else None  # as it stood then, at the first try only
            return scan(self.place.table(at), needed, among(months))

        return self.place.retried(read).sort("time", "id").select(wanted)

    def authored(self, author: str) -> Authored:
        """What an erasure would remove.

        Args:
            author: a pseudonym.
        """
        return self.place.retried(lambda: _authored(self.place.table(), author))

    def erase(self, author: str) -> Authored:
        """Remove all that one author said, from the messages, the log and every file that held it.

        When it returns, no file of the store holds the pseudonym or a text of theirs. Killed at any moment, it is
        finished by calling it again, though no message is left by then. Writers on other machines should rest
        meanwhile: a batch of theirs that was half written, and fails, leaves a file that the next `compact` removes.

        Args:
            author: a pseudonym.
        """
        found = self.authored(author)
        if found.messages:
            self.place.commit(lambda table: delete_rows(table, author))
        purge(self.place)
        return found

    def compact(self) -> None:
        """One file a month where there were many, and no file, checkpoint or log that nobody needs."""
        compact(self.place)

    def remove_halves(self) -> int:
        """Removes files that a killed writer left half written, of which nothing is needed; how many there were."""
        return remove_halves(self.place)

    def unsound(self) -> tuple[Unsound, ...]:
        """The files that are missing or cut short; none when all is well."""
        return unsound(self.place)

    def size(self) -> int:
        """Bytes at rest, with the log and all that waits for `compact`."""
        return sum(self.place.retried(self.place.files.sizes).values())


def _upsert(table: DeltaTable, batch: pl.DataFrame, cursor: tuple[str, int] | None) -> Upserted:
    if cursor is not None:
        know_cursor(table, cursor[0])
    # from here on the table is read at one commit: what others write meanwhile makes the commit below fail
    batch = batch.with_columns(month=pl.col("time").dt.strftime("%Y-%m"))
    there = _there(table, batch["id"])
    moved = 0
    if there.is_empty():
        new, changed = _appended(table, batch, cursor), 0
    else:
        batch, moved = _kept_in_place(batch, there)
        new, changed = _merged(table, batch, there["month"], cursor)
    if not new + changed and cursor is not None and table.transaction_version(cursor[0]) != cursor[1]:
        commit_nothing(table, cursor)
    return Upserted(new, changed, batch.height - new - changed, moved)


def _there(table: DeltaTable, ids: pl.Series) -> pl.DataFrame:
    """Those of some messages that are in the table: id, month, time. Files of other ids are not read."""
    found = pl.DataFrame(schema={name: SCHEMA[name] for name in ("id", "month", "time")})
    if ids.is_empty():
        return found
    between = f"id >= {quoted(str(ids.min()))} AND id <= {quoted(str(ids.max()))}"
    wanted = ids.implode()
    held: list[pl.DataFrame] = []
    for piece in pieces(table, found.columns, between):
        held.append(piece)
        # many at a time: each look builds a table of all ids wanted
        if sum(rows.height for rows in held) >= _LOOK:
            found.extend(_matching(held, wanted))
            held.clear()
    return pl.concat([found, _matching(held, wanted)]) if held else found


def _matching(rows: list[pl.DataFrame], ids: pl.Series) -> pl.DataFrame:
    return pl.concat(rows).filter(pl.col("id").is_in(ids))


def _kept_in_place(batch: pl.DataFrame, there: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """A batch in the months where its messages are already, and how many of them are dated in another one by now."""
    joined = batch.join(there, on="id", how="left", suffix="_first").with_columns(
        moves=(pl.col("month_first") != pl.col("month")).fill_null(value=False)
    )
    placed = joined.with_columns(
        time=pl.when("moves").then("time_first").otherwise("time"), month=pl.coalesce("month_first", "month")
    )
    return placed.select(batch.columns), int(joined["moves"].sum())


def _appended(table: DeltaTable, batch: pl.DataFrame, cursor: tuple[str, int] | None) -> int:
    """Messages of which none is there, put in by one commit: nothing needs to be read."""
    if batch.height:
        write_deltalake(
            table, batch, mode="append", writer_properties=PARQUET, commit_properties=signed(table, cursor)
        )
    return batch.height


def _merged(
    table: DeltaTable, batch: pl.DataFrame, months: pl.Series, cursor: tuple[str, int] | None
) -> tuple[int, int]:
    """Messages put in and replaced by one commit; only the months that hold some of them are read."""
    figures = (
        table.merge(
            batch,
            f"{among(months.unique().sort().to_list(), 't.month')} AND t.id = s.id",
            source_alias="s",
            target_alias="t",
            writer_properties=PARQUET,
            commit_properties=signed(table, cursor),
        )
        .when_matched_update(updates=_UPDATES, predicate=_CHANGED)
        .when_not_matched_insert_all()
        .execute()
    )
    return figures["num_target_rows_inserted"], figures["num_target_rows_updated"]


def _snapshot(table: DeltaTable) -> Snapshot:
    added = pl.DataFrame(table.get_add_actions(flatten=True))
    files = added.select("path", "size_bytes", "num_records", month="partition.month").sort("month", "path")
    root = table.table_uri.rstrip("/")
    months = {}
    for (month,), group in files.group_by("month", maintain_order=True):
        paths = group["path"].to_list()
        months[str(month)] = MonthFiles(
            digest=blake2b("\n".join(paths).encode(), digest_size=16).hexdigest(),
            files=tuple(f"{root}/{path}" for path in paths),
            rows=int(group["num_records"].sum()),
            bytes=int(group["size_bytes"].sum()),
        )
    return Snapshot(table.version(), months)


def _authored(table: DeltaTable, author: str) -> Authored:
    months = scan(table, ["month"], f"author = {quoted(author)}")["month"]
    return Authored(len(months), tuple(months.unique().sort()))
