"""From the counts that there are to those that there should be: which blocks are counted again, and what is merged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from estran.store.base import build_base
from estran.store.manifest import faults
from estran.store.partials import BlockTask, Messages, count_block

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from estran.store.blocks import Block
    from estran.store.engines import Engine
    from estran.store.manifest import BlockEntry, Manifest


class MonthAtRest(Protocol):
    """The messages of one month, as far as they are listed."""

    @property
    def digest(self) -> str:
        """Changes whenever the messages change."""
        ...

    @property
    def rows(self) -> int:
        """How many there are."""
        ...


class MonthsAtRest(Protocol):
    """The months of a store at one moment."""

    @property
    def months(self) -> Mapping[str, MonthAtRest]:
        """By month, as "2025-03"."""
        ...


class Store(Messages, Protocol):
    """Where messages lie: `estran.store.messages.MessageStore`, as far as counting needs it."""

    def snapshot(self) -> MonthsAtRest:
        """What there is now."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to the counts.

    Attributes:
        manifest: the list of what there is now.
        counted: names of the blocks that were counted.
        broken: what was made anew because it was not what was written, as sentences.
    """

    manifest: Manifest
    counted: frozenset[str]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the counts of a folder are made.

    Attributes:
        folder: of counts.
        longest: tokens in the longest phrase.
        at_least: messages from which on phrases are kept merged.
        layout: the blocks of a corpus, from the number of messages per month.
    """

    folder: Path
    longest: int
    at_least: int
    layout: Callable[[Mapping[str, int]], list[Block]]

    def wanted(self, store: Store) -> list[tuple[Block, str]]:
        """The blocks that there should be, and the digest of what the store has of each."""
        months = {name: month for name, month in store.snapshot().months.items() if month.rows}
        return [
            (block, _digest([months[month].digest for month in block.months]))
            for block in self.layout({name: month.rows for name, month in months.items()})
        ]

    def carried_out(
        self,
        manifest: Manifest,
        store: Store,
        engine: Engine,
        *,
        progress: Callable[[int], None],
        thorough: bool,
    ) -> Done:
        """Counts the blocks whose messages changed or whose files are broken, and merges what is closed.

        Args:
            manifest: the list of what there is.
            store: the messages.
            engine: that counts blocks and merges rows.
            progress: told the number of blocks counted.
            thorough: read every file, not only those whose size or time changed.
        """
        wanted = self.wanted(store)
        sound, broken = self._sound(manifest, thorough=thorough)
        after, counted = self._counted(sound, wanted, store, engine, progress)
        if self._merging(after) and not thorough:  # all rows are going to be read: are they what was written?
            sound, more = self._sound(after, thorough=True)
            if more:
                after, again = self._counted(sound, wanted, store, engine, progress)
                broken, counted = broken + more, counted | again
        return Done(self.merged(after, engine), frozenset(counted), tuple(broken))

    def merged(self, manifest: Manifest, engine: Engine) -> Manifest:
        """The list with the base that there should be."""
        closed = _closed(manifest)
        if not self._merging(manifest):
            return manifest if closed else replace(manifest, base=None)
        return replace(manifest, base=build_base(self.folder, closed, at_least=self.at_least, engine=engine))

    def _sound(self, manifest: Manifest, *, thorough: bool) -> tuple[Manifest, list[str]]:
        """The list without what is broken, and what that is."""
        wrong, copied = faults(self.folder, manifest, thorough=thorough)
        broken = {folder for folder, _ in wrong}
        blocks = tuple(
            replace(block, files=copied.get(block.folder, block.files))
            for block in manifest.blocks
            if block.folder not in broken
        )
        base = manifest.base
        if base is not None:
            base = None if base.folder in broken else replace(base, files=copied.get(base.folder, base.files))
        return replace(manifest, blocks=blocks, base=base), [
            f"{fault.file} {fault.why}" for _, fault in wrong
        ]

    def _counted(
        self,
        manifest: Manifest,
        wanted: Sequence[tuple[Block, str]],
        store: Store,
        engine: Engine,
        progress: Callable[[int], None],
    ) -> tuple[Manifest, set[str]]:
        """The list with the blocks that there should be, and the names of those that were counted for it."""
        known = {block.name: block for block in manifest.blocks}
        tasks = [
            BlockTask(store, block, stored, self.folder, self.longest)
            for block, stored in wanted
            if block.name not in known or known[block.name].stored != stored
        ]
        done = engine.map(count_block, tasks, progress=progress)
        known |= {each.entry.name: each.entry for each in done}
        blocks = tuple(known[block.name] for block, _ in wanted)
        return replace(manifest, blocks=blocks), {each.entry.name for each in done if each.counted}

    def _merging(self, manifest: Manifest) -> bool:
        """Whether a base is to be made."""
        closed, base = _closed(manifest), manifest.base
        made = None if base is None else (base.at_least, base.blocks)
        return bool(closed) and made != (self.at_least, tuple(block.folder for block in closed))


def _closed(manifest: Manifest) -> tuple[BlockEntry, ...]:
    """The blocks that are not expected to change: those before the last months."""
    return tuple(block for block in manifest.blocks if block.months != manifest.blocks[-1].months)


def _digest(digests: Sequence[str]) -> str:
    return hashlib.blake2b("\n".join(digests).encode(), digest_size=16).hexdigest()
