"""What a workspace holds and how it does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.findings import Cursor, Holding, Size, Status
from estran.store.blocks import blocks_of
from estran.workspace import journal
from estran.workspace.refusals import by_reason, kept

if TYPE_CHECKING:
    from pathlib import Path

    from estran.store.counts import Counts
    from estran.store.messages import MessageStore, Snapshot
    from estran.workspace.folder import Folder

RUNS = 10
"""Runs that are told."""


def status(folder: Folder, store: MessageStore, counts: Counts) -> Status:
    """What there is, read without waiting for a writer."""
    snapshot = store.snapshot()
    holdings, people = _holdings(store, snapshot)
    messages = sum(month.rows for month in snapshot.months.values())
    return Status(
        path=str(folder.path),
        format=folder.format,
        created=folder.created,
        store=folder.messages,
        messages=messages,
        people=people,
        first=min((h.first for h in holdings), default=None),
        last=max((h.last for h in holdings), default=None),
        holdings=holdings,
        cursors=tuple(Cursor(name, done) for name, done in sorted(store.cursors().items())),
        refused=by_reason(kept(folder.rejected)),
        blocks=len(blocks_of({name: month.rows for name, month in snapshot.months.items() if month.rows})),
        to_count=len(counts.stale(store)),
        size=_size(folder, store),
        runs=journal.runs(folder.runs)[: -RUNS - 1 : -1],
    )


def _holdings(store: MessageStore, snapshot: Snapshot) -> tuple[tuple[Holding, ...], int]:
    """What there is of each source and side, the largest first; and how many people there are in all."""
    seen, authors = [], np.empty(0, np.uint64)
    for month in snapshot.months:  # one month in memory at a time
        said = store.read([month], columns=["time", "author", "source", "side"], snapshot=snapshot)
        days = pl.col("time").dt.date()
        seen.append(said.group_by("source", "side").agg(messages=pl.len(), first=days.min(), last=days.max()))
        authors = np.union1d(authors, said["author"].drop_nulls().unique().hash().to_numpy())
    if not seen:
        return (), 0
    all_months = (
        pl.concat(seen)
        .group_by("source", "side")
        .agg(pl.col("messages").sum(), pl.col("first").min(), pl.col("last").max())
        .sort("messages", "source", "side", descending=[True, False, False])
    )
    rows = (
        Holding(source, side, messages, first.isoformat(), last.isoformat())
        for source, side, messages, first, last in all_months.iter_rows()
    )
    return tuple(rows), len(authors)


def bytes_at_rest(folder: Folder, store: MessageStore) -> int:
    """All that a workspace takes on disks."""
    size = _size(folder, store)
    return size.messages + size.counts + size.vectors + size.rest


def _size(folder: Folder, store: MessageStore) -> Size:
    counts = _bytes(folder.counts)
    vectors = _bytes(folder.vectors) + _bytes(folder.topics)
    inside = _bytes(folder.path / "messages") if "://" not in folder.messages else 0
    rest = _bytes(folder.path) - counts - vectors - inside
    return Size(messages=store.size(), counts=counts, rest=rest, vectors=vectors)


def _bytes(folder: Path) -> int:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(where, name)).st_size  # noqa: PTH116, PTH118  millions of them
            except FileNotFoundError:  # a writer took it away meanwhile
                continue
    return total
