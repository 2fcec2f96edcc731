"""Counts at rest: blocks of messages prepared and counted once, and again only when their messages change.

Everything here is derived from the messages and can be thrown away. A refresh reads, cleans and counts the blocks whose
messages changed, and gives what counting everything would give, bit for bit.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa

from estran.errors import StoreError
from estran.store.base import SPARSE, Base
from estran.store.blocks import Block, blocks_of
from estran.store.engines.threads import ThreadEngine
from estran.store.joined import Joined
from estran.store.manifest import NAME, Fault, Manifest, faults, load, save
from estran.store.numbering import Numbering
from estran.store.partials import ASIDE, counting, opened, placed, take_away
from estran.store.refreshing import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from estran.store.engines import Engine
    from estran.store.manifest import BaseEntry, BlockEntry
    from estran.store.refreshing import Store
    from estran.store.stored import StoredBlock
    from estran.text.phrases import PhraseCounts


Result = TypeVar("Result")

_FULL = (errno.ENOSPC, errno.EDQUOT)
_TRIES = 5  # how often files are looked for that another process takes away


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did.

    Attributes:
        counted: names of the blocks that were counted.
        kept: blocks whose counts stayed.
        mended: what was made anew because it was missing, damaged or of an earlier way of counting, as sentences.
    """

    counted: tuple[str, ...]
    kept: int
    mended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The full table of phrases.

    Attributes:
        counts: rows by phrase, then cell; `cell` is a row of `cells`.
        cells: month, side, language.
    """

    counts: PhraseCounts
    cells: pl.DataFrame


class Counts:
    """The counts of a store's messages, in a folder of their own.

    One process refreshes at a time; who reads meanwhile sees the counts as they were or as they are then.
    """

    def __init__(
        self,
        folder: Path,
        *,
        longest: int = 4,
        at_least: int = 5,
        layout: Callable[[Mapping[str, int]], list[Block]] = blocks_of,
    ) -> None:
        """Look at a folder.

        Args:
            folder: of counts; made by the first refresh.
            longest: tokens in the longest phrase.
            at_least: messages that are usually asked for: from there on, phrases are kept merged.
            layout: the blocks of a corpus, from the number of messages per month.

        Raises:
            StoreError: a later Estran wrote it.
        """
        self.folder = folder
        self._plan = Plan(folder, longest, at_least, layout)
        self._manifest = load(folder, counting(longest)).manifest
        self._blocks: tuple[StoredBlock, ...] | None = None

    @property
    def blocks(self) -> tuple[StoredBlock, ...]:
        """The prepared blocks, in order of time; they stay readable when another process refreshes."""
        if self._blocks is None:
            self._blocks = self._read(
                lambda: tuple(opened(self.folder, block) for block in self._manifest.blocks)
            )
        return self._blocks

    def stale(self, store: Store) -> tuple[str, ...]:
        """Names of the blocks that the next refresh has to read again."""
        known = {block.name: block.stored for block in self._manifest.blocks}
        return tuple(
            block.name for block, stored in self._plan.wanted(store) if known.get(block.name) != stored
        )

    def refresh(
        self,
        store: Store,
        engine: Engine,
        *,
        progress: Callable[[int], None] | None = None,
        thorough: bool = False,
    ) -> Refreshed:
        """Count the blocks whose messages changed, and mend what is broken.

        Args:
            store: the messages.
            engine: that counts blocks and merges rows.
            progress: told the number of blocks counted.
            thorough: read every file, not only those whose size or time changed.

        Raises:
            StoreError: a later Estran wrote the folder, or it cannot be written.
        """
        try:
            return self._refresh(store, engine, progress or _quiet, thorough=thorough)
        except OSError as error:
            advice = "; free some room and do it again" if error.errno in _FULL else ""
            raise StoreError(f"the counts in {self.folder} cannot be written: {error}{advice}") from error

    def totals(
        self, *, at_least: int | None = None, progress: Callable[[int], None] | None = None
    ) -> pl.DataFrame:
        """phrase, language, messages, people, headlines; see `estran.store.prepared.Counted.totals`.

        Args:
            at_least: messages over all cells from which a phrase is told; what `Counts` was opened with by default.
            progress: told the number of messages counted.

        Raises:
            StoreError: a file is damaged; a thorough refresh mends it.
        """
        least = self._plan.at_least if at_least is None else at_least
        messages = sum(block.messages for block in self._manifest.blocks)
        told = progress or _quiet
        return self._read(
            lambda: self._joined(least).totals(least, lambda done, steps: told(messages * done // steps))
        )

    def phrases(self, *, at_least: int | None = None) -> Phrases:
        """The counts of each phrase in each cell.

        Args:
            at_least: messages over all cells from which a phrase is told; what `Counts` was opened with by default.

        Raises:
            StoreError: a file is damaged; a thorough refresh mends it.
        """
        least = self._plan.at_least if at_least is None else at_least

        def read() -> Phrases:
            joined = self._joined(least)
            cells = pl.DataFrame(
                joined.numbering.keys,
                schema={"month": pl.String, "side": pl.String, "language": pl.String},
                orient="row",
            )
            return Phrases(joined.counts(least), cells)

        return self._read(read)

    def digest(self, *, at_least: int | None = None) -> str:
        """SHA-1 of the full table of phrases: equal for equal counts, wherever and however they were made."""
        table = self.phrases(at_least=at_least)
        counts = table.counts
        order = counts.phrases.arg_sort()
        rank = np.empty(len(order), np.uint32)
        rank[order.to_numpy()] = np.arange(len(order), dtype=np.uint32)
        rows = pl.DataFrame(
            {
                "phrase": rank[counts.phrase],
                "cell": counts.cell,
                "messages": counts.messages,
                "people": counts.people,
            }
        ).sort("phrase", "cell")
        digest = hashlib.sha1(table.cells.write_json().encode(), usedforsecurity=False)
        digest.update("\n".join(counts.phrases.gather(order)).encode())
        for column in rows:
            digest.update(column.to_numpy().tobytes())
        return digest.hexdigest()

    def compact(self, engine: Engine | None = None) -> None:
        """Merge the rows of all blocks but the last in time, and remove what nobody needs."""
        if not self._manifest.blocks:
            return
        merged = self._plan.merged(self._manifest, engine or ThreadEngine(threads=1))
        if merged != self._manifest:
            save(self.folder, merged)
            self._look(merged)
        self._clean()

    def check(self) -> list[Fault]:
        """What is not as it was written; every file is read."""
        found = load(self.folder, counting(self._plan.longest))
        wrong = [Fault(NAME, found.why)] if found.why else []
        return wrong + [fault for _, fault in faults(self.folder, found.manifest, thorough=True)[0]]

    def forget(self) -> None:
        """Remove every derived file; the next refresh counts anew."""
        self._look(Manifest(counting(self._plan.longest)))
        (self.folder / NAME).unlink(missing_ok=True)
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def _refresh(
        self, store: Store, engine: Engine, progress: Callable[[int], None], *, thorough: bool
    ) -> Refreshed:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._remove(lambda folder: folder.name.startswith(ASIDE))
        found = load(self.folder, counting(self._plan.longest))
        done = self._plan.carried_out(found.manifest, store, engine, progress=progress, thorough=thorough)
        if done.manifest != found.manifest or found.why or not (self.folder / NAME).exists():
            save(self.folder, done.manifest)
        self._look(done.manifest)
        self._clean()
        return Refreshed(
            tuple(block.name for block in done.manifest.blocks if block.name in done.counted),
            len(done.manifest.blocks) - len(done.counted),
            ((f"{NAME} {found.why}",) if found.why else ()) + done.broken,
        )

    def _joined(self, at_least: int) -> Joined:
        """The base, where it can be used, and the blocks beside it; what is going to be read whole is checked."""
        by_folder = {block.folder: block for block in self._manifest.blocks}
        entry = self._manifest.base
        if entry is not None and entry.at_least > at_least:
            entry = None  # it does not know the rare ones: all rows are merged
        merged = [by_folder.pop(folder) for folder in entry.blocks] if entry else []
        beside = list(by_folder.values())
        for block in beside:
            self._check(block)
        if entry:
            self._check(entry)
        numbering = Numbering.of([*merged, *beside])
        languages = Numbering.of(merged).languages
        return Joined(
            base=Base(self.folder, entry) if entry else None,
            spoken=numbering.spoken(self.folder, beside),
            headlines=numbering.headlines(self.folder, beside),
            numbering=numbering,
            base_languages=np.array([numbering.languages.index(each) for each in languages], np.int32),
            blocks=placed(self.folder, [*merged, *beside], numbering.firsts),
        )

    def _read(self, action: Callable[[], Result]) -> Result:
        """What an action reads; where another process takes the files away, it reads those that are there then."""
        for _ in range(_TRIES):
            try:
                return action()
            except FileNotFoundError:
                self._look(load(self.folder, counting(self._plan.longest)).manifest)
            except (pa.ArrowException, OSError, IndexError, ValueError) as error:
                raise StoreError(
                    f"a file of {self.folder} is damaged ({error}); `estran doctor` makes it anew"
                ) from error
        raise StoreError(f"files of {self.folder} are missing; `estran doctor` makes them anew")

    def _check(self, entry: BlockEntry | BaseEntry) -> None:
        """Raise an error when files of a folder are not what was written, so that no kernel is led astray by them."""
        for name, stamp in entry.files.items():
            file = self.folder / entry.folder / name
            if name not in SPARSE and (why := stamp.fault(file, thorough=True)):
                file.stat()  # another process may have taken it away
                raise StoreError(f"{file} {why}; `estran doctor` makes it anew")

    def _look(self, manifest: Manifest) -> None:
        """From now on, these are the counts."""
        self._manifest, self._blocks = manifest, None

    def _clean(self) -> None:
        """Remove what the list does not name."""
        named = {self.folder / inner for inner, _ in self._manifest.folders}
        self._remove(lambda folder: folder not in named)

    def _remove(self, which: Callable[[Path], bool]) -> None:
        for parent in ("blocks", "base"):
            for folder in sorted((self.folder / parent).glob("*")):
                if which(folder):
                    take_away(folder)


def _quiet(_: int) -> None:
    """Progress that nobody wants to know."""
