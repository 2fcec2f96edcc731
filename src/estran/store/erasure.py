"""What must leave the table leaves every file of it: data, log, checkpoints, and what a killed writer left behind.

A deletion in a Delta table only writes a new commit: the old files stay, and the log keeps the condition, which is the
author's pseudonym. So four steps follow one another, each of them right to do again after a kill:

1. the rows are deleted, in a commit;
2. every file that no commit needs is removed (`sweep`);
3. a checkpoint takes the place of the log so far;
4. the log so far is removed.

No step asks the clock: vacuum and log retention of delta-rs go by the times of files, and a clock that was set back
would make them keep what must go.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from deltalake import write_deltalake

from estran.store.delta import PARQUET, SCHEMA, among, commit_nothing, quoted, scan, signed
from estran.store.files import LOG, is_remote

if TYPE_CHECKING:
    from deltalake import DeltaTable

    from estran.store.delta import Place

_HALF = re.compile(r"#\d+$|\.tmp$")
"""Ends of names that delta-rs gives to a file of this machine while it writes it; an object store shows none."""
_KEPT = 20
"""Commits that stay readable after a clean-up, for writers on other machines that began before it."""


def delete_rows(table: DeltaTable, author: str) -> None:
    """Delete what an author said, in one commit."""
    table.delete(f"author = {quoted(author)}", writer_properties=PARQUET, commit_properties=signed(table))


def purge(place: Place) -> None:
    """Leave no trace of rows that were deleted."""
    sweep(place)
    shorten_log(place, kept=0)


def compact(place: Place, *, together: int = 200_000) -> None:
    """One file a month where there were several, and nothing that nobody needs.

    Args:
        place: where the table lies.
        together: messages that one commit may rewrite, so that they fit in memory; a greater month goes alone.
    """
    for months in _scattered(place.retried(place.table), together):
        place.commit(partial(_rewrite, months=months))
    sweep(place)
    shorten_log(place, kept=_KEPT)


def sweep(place: Place) -> None:
    """Remove every data file that no commit needs, and none that a commit under way is about to need.

    A file found before the empty commit, and not in the table after it, can never come into it: its writer
    began before that commit and will be refused. (delta-rs' vacuum has no such fence, and does not see the files
    that a killed writer left half written.)
    """
    found = place.retried(place.files.sizes)
    place.commit(commit_nothing)
    needed = active(place.retried(place.table))
    place.files.remove([path for path in found if not path.startswith(LOG) and path not in needed])


def remove_halves(place: Place) -> int:
    """Remove the files that a killed writer left half written, of the data and of the log; how many there were.

    Whoever is still writing one of them is refused, as by `sweep`, and writes again.
    """
    if is_remote(place.url):
        return 0
    halves = [path for path in place.files.sizes() if _HALF.search(path)]
    if halves:
        place.commit(commit_nothing)
        place.files.remove(halves)
    return len(halves)


def shorten_log(place: Place, *, kept: int) -> None:
    """Put a checkpoint in the place of the log, but for the last few commits."""
    table = place.retried(place.table)
    table.create_checkpoint()
    files = place.files
    files.settle_checkpoint()
    first = table.version() - kept
    files.remove(
        [
            path
            for path in files.sizes()
            if path.startswith(LOG) and _spent(path, first, local=not is_remote(place.url))
        ]
    )


def active(table: DeltaTable) -> set[str]:
    """The files that the table stands on, as paths under it."""
    return set(pl.DataFrame(table.get_add_actions(flatten=True))["path"])


def _spent(path: str, first: int, *, local: bool) -> bool:
    """Whether a file of the log is older than a commit, or a half-written one that nobody will finish."""
    name = path.removeprefix(LOG + "/")
    if name[:20].isdigit():
        return int(name[:20]) < first
    return local and name != "_last_checkpoint"


def _scattered(table: DeltaTable, together: int) -> list[list[str]]:
    """The months that lie in several files, in groups of so many messages."""
    files = pl.DataFrame(table.get_add_actions(flatten=True))
    months = files.group_by(month="partition.month").agg(pl.len(), rows=pl.col("num_records").sum())
    groups: list[list[str]] = []
    room = 0
    for month, rows in months.filter(pl.col("len") > 1).sort("month").select("month", "rows").iter_rows():
        if rows > room:
            groups.append([])
            room = together
        groups[-1].append(month)
        room -= rows
    return groups


def _rewrite(table: DeltaTable, months: list[str]) -> None:
    """Put each of some months into one file, sorted by time.

    delta-rs' own compaction leaves the writers' mark out of its commit, so that `sweep` could take its files away.
    """
    rows = scan(table, list(SCHEMA), among(months)).sort("month", "time", "id")
    write_deltalake(
        table,
        rows,
        mode="overwrite",
        predicate=among(months),
        writer_properties=PARQUET,
        commit_properties=signed(table),
    )
