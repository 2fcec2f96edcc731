"""The counts of a workspace's messages, one way a process: `python -m bench.speed.keeping WAY ...`.

fill FILE FOLDER: a store of the messages of a Parquet file. untold FILE FILE: messages without their language.
count ENGINE STORE: counts them from scratch, where the engine says; the last line holds the SHA-1 of the full table of
phrases. refresh STORE DAY: counts from scratch, puts one more day in, refreshes, and compares with a count from scratch
of all. The last line is JSON.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow.parquet as pq

from estran.model import MESSAGES
from estran.store import partials
from estran.store.counts import Counts
from estran.store.engines import open_engine
from estran.store.messages import MessageStore
from estran.store.prepared import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from estran.store.messages import Snapshot
    from estran.store.prepared import Prepared

BATCH = 50_000
WORKERS = 2


def fill(file: str, folder: str) -> dict[str, object]:
    """A store of messages whose language nobody told."""
    store = MessageStore.create(folder)
    with pq.ParquetFile(file) as source:
        for batch in source.iter_batches(batch_size=BATCH):
            store.upsert(untold(pl.DataFrame(pl.from_arrow(batch))))
    store.compact()
    return {"messages": sum(month.rows for month in store.snapshot().months.values()), "bytes": store.size()}


def without_language(file: str, untold_file: str) -> dict[str, object]:
    """The same messages in a file that does not tell their language."""
    pl.scan_parquet(file).drop("language").sink_parquet(untold_file)
    return {}


def untold(messages: pl.DataFrame) -> pl.DataFrame:
    return messages.cast(dict(MESSAGES)).with_columns(language=pl.lit(None, pl.String))


def count(engine: str, folder: str) -> dict[str, object]:
    """From scratch; the CPU seconds are those of the refresh, with its workers'."""
    options = {"threads": WORKERS} if engine == "threads" else {"workers": WORKERS}
    with scratch() as place:
        counts, before = Counts(place / "counts"), seconds()
        with open_engine(engine, **options) as opened:
            done = counts.refresh(MessageStore.open(folder), opened)
        took = seconds() - before
        size = sum(file.stat().st_size for file in (place / "counts").rglob("*") if file.is_file())
        return {
            "count_cpu": took,
            "blocks": len(done.counted),
            "counts_mb": size / 1e6,
            "sha1": counts.digest(),
        }


def refresh(folder: str, day: str) -> dict[str, object]:
    """One more day, in one thread."""
    with scratch() as place, open_engine("threads", threads=1) as engine:
        shutil.copytree(folder, place / "messages")
        store, counts = Watched(MessageStore.open(str(place / "messages"))), Counts(place / "counts")
        took: dict[str, float] = {}
        with timed("scratch_cpu", took):
            counts.refresh(store, engine)
        took["scratch_clean_cpu"] = store.seconds
        with timed("totals_cpu", took):
            counts.totals()
        added = untold(pl.read_parquet(day))
        with timed("upsert_cpu", took):
            store.store.upsert(added)
        changed, store.seconds = counts.stale(store), 0.0
        with timed("refresh_cpu", took):
            counts.refresh(store, engine)
        took["refresh_clean_cpu"] = store.seconds
        with timed("totals_after_cpu", took):
            counts.totals()
        again = Counts(place / "again")
        again.refresh(store, engine)
        return {
            **took,
            "added": added.height,
            "blocks": len(again.blocks),
            "recounted": len(changed),
            "recounted_messages": sum(block.read for block in counts.blocks if block.name in changed),
            "equal": counts.digest() == again.digest(),
        }


class Watched:
    """A store that adds up the CPU seconds of reading its messages and of cleaning them, which one thread does."""

    def __init__(self, store: MessageStore) -> None:
        self.store = store
        self.seconds = 0.0
        partials.prepare = self._prepared

    def snapshot(self) -> Snapshot:
        return self.store.snapshot()

    def read(self, months: Sequence[str]) -> pl.DataFrame:
        return self._added(lambda: self.store.read(months))

    def _prepared(self, messages: pl.DataFrame) -> Prepared:
        return self._added(lambda: prepare(messages))

    def _added(self, work: Callable[[], Any]) -> Any:
        before = seconds()
        done = work()
        self.seconds += seconds() - before
        return done


def seconds() -> float:
    """CPU seconds of this process and of the children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


@contextmanager
def timed(name: str, took: dict[str, float]) -> Iterator[None]:
    before = seconds()
    yield
    took[name] = seconds() - before


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    way, *arguments = sys.argv[1:]
    ways = {"fill": fill, "untold": without_language, "count": count, "refresh": refresh}
    print(json.dumps(ways[way](*arguments)))
