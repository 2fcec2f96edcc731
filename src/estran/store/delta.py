"""A Delta table as Estran keeps it: how it is made, opened, committed to and read, and what its errors mean."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import polars as pl
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from estran.errors import StoreError
from estran.model import MESSAGES
from estran.store.files import CHECKPOINTS, Files, files_of, is_remote, local_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FORMAT = 1
"""The layout of the table; a store of a higher one is refused."""

SCHEMA = pl.Schema({**MESSAGES, "month": pl.String()})
"""Messages at rest: `month` ("2025-12") is that of the first date a message ever had, and names its partition."""

WRITER = "estran-writer"
"""In every commit of every writer, so that of two at once the later one fails and reads again.

delta-rs lets two commits pass that touch different months; yet an id that one writer puts into May and the other
into June is one message, and would be kept twice.
"""

PARQUET = WriterProperties(compression="ZSTD", compression_level=3)
_PROPERTIES = {
    # the log would else hold the least and the greatest text and author of each file, in clear
    "delta.dataSkippingStatsColumns": "id,time",
    # Estran removes old logs itself, when no reader can need them
    "delta.enableExpiredLogCleanup": "false",
    "delta.checkpointInterval": str(CHECKPOINTS),
    "estran.format": str(FORMAT),
}
_CURSORS = "estran.cursors"  # the names of all cursors: delta-rs tells the value of a name, not the names
_LOOKS = 10  # for files that went away: in a second and a half a sweep is over, or the file is lost
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 2.0  # seconds

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table lies, and how to get there; small and picklable, so that a worker elsewhere can open it.

    Attributes:
        url: a folder, or an address such as s3://bucket/acme.
        options: what delta-rs needs to reach it, beside the environment (AWS_ENDPOINT_URL, AWS_REGION, ...).
    """

    url: str
    options: Mapping[str, str]

    @classmethod
    def at(cls, url: str, options: Mapping[str, str] | None) -> Place:
        """A place, with what an object store needs to refuse the second of two equal commits."""
        needed = {"conditional_put": "etag"} if url.startswith(("s3://", "s3a://")) else {}
        return cls(
            url if is_remote(url) else str(local_folder(url).absolute()), {**needed, **(options or {})}
        )

    @property
    def files(self) -> Files:
        """Every file under the table."""
        return files_of(self.url, self.options)

    def create(self) -> None:
        """Make an empty table.

        Raises:
            StoreError: there is one already, or the place cannot be written.
        """
        try:
            if not is_remote(self.url):
                local_folder(self.url).mkdir(parents=True, exist_ok=True)
            if DeltaTable.is_deltatable(self.url, dict(self.options)):
                raise StoreError(f"{self.url} is a store already; open it, or choose an empty folder")
            DeltaTable.create(
                self.url,
                schema=pl.DataFrame(schema=SCHEMA).to_arrow().schema,
                partition_by=["month"],
                configuration=_PROPERTIES,
                storage_options=dict(self.options),
                raise_if_key_not_exists=False,
            )
            self.files.settle([0])
        except (DeltaError, OSError) as error:
            raise self.refusal(error) from error

    def table(self, version: int | None = None) -> DeltaTable:
        """The table at its newest commit, or at an earlier one.

        Raises:
            StoreError: there is none, or a newer Estran made it.
        """
        try:
            table = DeltaTable(self.url, version=version, storage_options=dict(self.options))
        except DeltaError as error:
            if "Invalid table location" in str(error):  # a file, or no folder at all
                raise self._no_store() from error
            if not isinstance(error, TableNotFoundError):
                raise
            if version is not None or DeltaTable.is_deltatable(self.url, dict(self.options)):
                raise  # the log was shortened between the look at it and the reading
            raise self._no_store() from error
        properties = table.metadata().configuration
        if "estran.format" not in properties:
            raise StoreError(
                f"{self.url} is a Delta table that Estran did not make; read it as a source, and keep messages elsewhere"
            )
        if int(properties["estran.format"]) > FORMAT:
            raise StoreError(
                f"{self.url} was made by a newer Estran; upgrade this one (`pip install -U estran`)"
            )
        return table

    def _no_store(self) -> StoreError:
        return StoreError(
            f"{self.url} is not a store of messages; `estran init` makes one, or correct the address"
        )

    def commit(self, write: Callable[[DeltaTable], _Result], *, tries: int = 30) -> _Result:
        """What one write gives, made durable; written again from the newest commit when another writer was first.

        Args:
            write: reads the table, and commits at most a few times; it must be right to do it again.
            tries: how often it may lose to other writers.

        Raises:
            StoreError: the place refuses, or other writers were first too many times.
        """

        def once() -> _Result:
            table = self.table()
            before = table.version()
            result = write(table)
            table.update_incremental()
            self.files.settle(range(before + 1, table.version() + 1))
            return result

        return self.retried(once, tries=tries)

    def retried(self, work: Callable[[], _Result], *, tries: int = _LOOKS) -> _Result:
        """What some work gives, done again when files went away under it or another writer was first.

        Raises:
            StoreError: the place refuses, or it went wrong too many times.
        """
        for attempt in range(tries):
            try:
                return work()
            except (DeltaError, OSError) as error:
                patience = tries if isinstance(error, CommitFailedError) else min(tries, _LOOKS)
                if not _passes(error) or attempt + 1 >= patience:
                    raise self.refusal(error) from error
            pause = min(_FIRST_PAUSE * 1.5**attempt, _LONGEST_PAUSE)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  (spreads writers, keeps no secret)
        raise AssertionError  # pragma: no cover

    def refusal(self, error: Exception) -> StoreError:
        """An error of the table, the disk or the network as one sentence that says what to do."""
        said = str(error)
        for sign, sentence in _SENTENCES:
            if sign in said:
                return StoreError(f"{self.url}: {sentence}")
        if isinstance(error, CommitFailedError):
            return StoreError(f"{self.url}: other writers were always first; run it again when they are done")
        if _away(error):
            return StoreError(f"{self.url}: {_LOST}")
        return StoreError(
            f"{self.url} cannot be used: {said.splitlines()[0] if said else type(error).__name__}"
        )


_FULL = "the disk is full; free some space and run it again: nothing written before is lost"
_NEWER = "a newer version of Delta wrote it; upgrade Estran (`pip install -U estran`)"
_SENTENCES = (  # what the system and delta-rs say: what to do
    ("No space left", _FULL),
    ("os error 27", _FULL),
    ("os error 122", _FULL),
    ("Permission denied", "it may not be written or read; change its permissions, or run as its owner"),
    ("Read-only file system", "it lies on a read-only disk; mount it for writing, or use a copy"),
    ("File exists", "it is a file; name a folder"),
    ("Not a directory", "it is a file; name a folder"),
    ("nsupported", _NEWER),
)
_LOST = "a file of messages is missing; bring it back from a copy, or put the store aside and ingest again"
_AWAY = (
    "not found", "No such file", "Invalid table version", "No files in log segment", "No protocol found in delta log",
)  # fmt: skip


def _passes(error: Exception) -> bool:
    """Whether doing it again from the newest commit may help."""
    if any(sign in str(error) for sign, _ in _SENTENCES):
        return False
    return isinstance(error, CommitFailedError | TableNotFoundError | FileNotFoundError) or _away(error)


def _away(error: Exception) -> bool:
    return any(sign in str(error) for sign in _AWAY)


def signed(table: DeltaTable, cursor: tuple[str, int] | None = None) -> CommitProperties:
    """What every commit carries: the writers' mark, and how far a source was read."""
    marks = [Transaction(WRITER, table.version())]
    if cursor is not None:
        marks.append(Transaction(*cursor))
    return CommitProperties(app_transactions=marks, max_commit_retries=3)


def commit_nothing(table: DeltaTable, cursor: tuple[str, int] | None = None) -> None:
    """A commit that changes no message: it records a cursor, and shuts out every writer that began before it."""
    table.create_write_transaction(
        [], "append", table.schema(), partition_by=["month"], commit_properties=signed(table, cursor)
    )


def cursor_names(table: DeltaTable) -> list[str]:
    """The names of all cursors ever recorded."""
    names: list[str] = json.loads(table.metadata().configuration.get(_CURSORS, "[]"))
    return names


def know_cursor(table: DeltaTable, name: str) -> None:
    """Put a name on the list of cursors; a name without a value is no cursor."""
    names = cursor_names(table)
    if name not in names:
        table.alter.set_table_properties(
            {_CURSORS: json.dumps([*names, name])}, raise_if_not_exists=False, commit_properties=signed(table)
        )
        table.update_incremental()


def pieces(table: DeltaTable, columns: Sequence[str], where: str | None = None) -> Iterator[pl.DataFrame]:
    """Some columns of the rows that a condition holds for, as the table stands, a few thousand rows at a time."""
    stored = {name: SCHEMA[name] for name in columns}
    try:
        for batch in table.scan(columns=list(columns), predicate=where):
            yield pl.DataFrame(batch).select(pl.col(name).cast(kind) for name, kind in stored.items())
    except Exception as error:
        if type(error) is Exception:  # what the reader makes of a file that went away, or a disk that fails
            raise OSError(str(error)) from error
        raise


def scan(table: DeltaTable, columns: Sequence[str], where: str | None = None) -> pl.DataFrame:
    """Some columns of the rows that a condition holds for, as the table stands."""
    empty = pl.DataFrame(schema={name: SCHEMA[name] for name in columns})
    return pl.concat([empty, *pieces(table, columns, where)])


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def among(months: Sequence[str], column: str = "month") -> str:
    """The condition that a row lies in one of some months."""
    return f"{column} IN ({', '.join(map(quoted, months))})"
