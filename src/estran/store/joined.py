"""What was said in all blocks: a base, and the partial rows of the blocks that are not in it.

A phrase of the base keeps its rows and gets the new ones. A phrase that was said too rarely for the base, and in enough
messages with the new ones, is promoted: its old rows are found below, and its words are written out from the new ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from estran.store.strings import Placed, strings_at
from estran.store.sums import (
    Rows,
    added,
    by_phrase,
    found,
    messages_of,
    people_of,
    ranges,
    read_rows,
    stretches,
)
from estran.text.phrases import BUCKETS, PhraseCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from estran.store.base import Base, BaseRange
    from estran.store.numbering import Numbering
    from estran.store.partials import PartialFile
    from estran.store.sums import Groups


@dataclass(frozen=True, slots=True)
class Joined:
    """A base and the blocks beside it.

    Attributes:
        base: None where all blocks are beside it.
        spoken: partial rows of texts beside the base.
        headlines: partial rows of headlines beside the base.
        numbering: of the base's blocks, then of those beside it.
        base_languages: number of each of the base's languages in `numbering`.
        blocks: all of them, to write phrases out from.
    """

    base: Base | None
    spoken: Sequence[PartialFile]
    headlines: Sequence[PartialFile]
    numbering: Numbering
    base_languages: NDArray[np.int32]
    blocks: Sequence[Placed]

    def totals(self, at_least: int, progress: Callable[[int, int], None]) -> pl.DataFrame:
        """phrase, language, messages, people, headlines; see `estran.store.prepared.Counted.totals`.

        Args:
            at_least: messages from which a phrase is told; not below the base's.
            progress: told how many ranges of hashes are done, and how many there are.
        """
        words = _Words()
        parts: list[tuple[NDArray[np.integer], ...]] = []
        before = 0
        steps = self._ranges()
        for done, (number, first, last) in enumerate(steps, 1):
            old = None if self.base is None else self.base.range(number)
            new = self._new(old, first, last, at_least)
            sums = added(new._replace(group=self.numbering.language[new.group]))
            if old is not None:
                sums = added(old.sums(self.base_languages), sums)
            phrases = by_phrase(sums)
            keep = phrases.messages >= at_least
            sums = sums.where(np.repeat(keep, phrases.rows))
            phrases = by_phrase(sums)
            phrase = np.repeat(np.arange(len(phrases.hash)), phrases.rows)
            headed = self._headlines(old, phrases.hash, phrase, sums.group, first, last)
            parts.append(
                (phrase + before, sums.group, messages_of(sums.counts), people_of(sums.counts), headed)
            )
            words.add(old, phrases, sums.pointer)
            before += len(phrases.hash)
            progress(done, len(steps))
        phrase, language, messages, people, headlines = (
            np.concatenate(columns) for columns in zip(*parts, strict=True)
        )
        strings = pl.Series(words.written(self.base, self.blocks), dtype=pl.String)
        return pl.DataFrame(
            {
                "phrase": strings.gather(phrase),
                "language": pl.Series(self.numbering.languages, dtype=pl.String).gather(language),
                "messages": messages.astype(np.int64),
                "people": people.astype(np.int64),
                "headlines": headlines,
            }
        ).sort("phrase", "language")

    def counts(self, at_least: int) -> PhraseCounts:
        """The rows of all phrases, by phrase, then cell; `cell` is the number of a key in `numbering`.

        Args:
            at_least: messages from which a phrase is told; not below the base's.
        """
        words = _Words()
        parts: list[tuple[NDArray[np.integer], ...]] = []
        before = 0
        for number, first, last in self._ranges():
            old = None if self.base is None else self.base.range(number)
            rows = self._new(old, first, last, at_least)
            if old is not None:
                rows = added(old.rows(self.numbering.key), rows)
            phrases = by_phrase(rows)
            keep = phrases.messages >= at_least
            rows = rows.where(np.repeat(keep, phrases.rows))
            phrases = by_phrase(rows)
            phrase = np.repeat(np.arange(before, before + len(phrases.hash), dtype=np.uint32), phrases.rows)
            parts.append(
                (
                    phrase,
                    rows.group.astype(np.uint32),
                    messages_of(rows.counts).astype(np.uint32),
                    people_of(rows.counts).astype(np.uint32),
                )
            )
            words.add(old, phrases, rows.pointer)
            before += len(phrases.hash)
        phrase, cell, messages, people = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        strings = pl.Series("phrase", words.written(self.base, self.blocks), dtype=pl.String)
        return PhraseCounts(strings, phrase, cell.astype(np.int32), messages, people)

    def _ranges(self) -> list[tuple[int, int, int]]:
        """Number, first bucket and last + 1 of each range of hashes."""
        if self.base is None:
            parted = ranges(sum(part.length for part in self.spoken))
        else:
            step = BUCKETS // self.base.ranges
            parted = [(first, first + step) for first in range(0, BUCKETS, step)]
        return [(number, first, last) for number, (first, last) in enumerate(parted)]

    def _new(self, old: BaseRange | None, first: int, last: int, at_least: int) -> Rows:
        """What is to be added to the kept rows of the base: rows beside it, and those of promoted phrases."""
        rows = read_rows(self.spoken, self.numbering.key, first, last)
        phrases = by_phrase(rows)
        if old is None:
            return rows.where(np.repeat(phrases.messages >= at_least, phrases.rows))
        assert self.base is not None
        kept = found(phrases.hash, old.kept) >= 0
        start, end = old.below(phrases.hash)
        places = stretches(start, end)
        rows_below = old.below_rows(places, self.numbering.key)
        ends = np.cumsum(end - start)
        so_far = np.concatenate([np.zeros(1, np.uint64), np.cumsum(messages_of(rows_below.counts))])
        messages_below = so_far[ends] - so_far[ends - (end - start)]
        promoted = ~kept & (phrases.messages + messages_below >= self.base.at_least)
        return added(
            rows.where(np.repeat(kept | promoted, phrases.rows)),
            rows_below.where(np.repeat(promoted, end - start)),
        )

    def _headlines(
        self,
        old: BaseRange | None,
        hashes: NDArray[np.uint64],
        phrase: NDArray[np.int64],
        language: NDArray[np.int32],
        first: int,
        last: int,
    ) -> NDArray[np.int64]:
        """Headlines that say each phrase in each language.

        Args:
            old: the range of the base.
            hashes: (P,) of the phrases.
            phrase: (n,) row of `hashes`.
            language: (n,) its language.
            first: bucket.
            last: the bucket after the last one.
        """
        rows = read_rows(self.headlines, self.numbering.headline_language, first, last)
        if old is not None:
            rows = added(old.headlines(self.base_languages), rows)
        place = found(rows.hash, hashes)
        rows, place = rows.where(place >= 0), place[place >= 0]
        several = len(self.numbering.languages)
        place = found(place * several + rows.group, phrase * several + language)
        headed = np.zeros(len(phrase), np.int64)
        headed[place[place >= 0]] = messages_of(rows.counts)[place >= 0]
        return headed


class _Words:
    """Which phrases are to be written out: those of the base are; the others have a pointer."""

    def __init__(self) -> None:
        self._known: list[NDArray[np.int64]] = []
        self._pointers: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]

    def add(self, old: BaseRange | None, phrases: Groups, pointers: NDArray[np.uint64]) -> None:
        """The phrases of one more range, and the pointers of their rows: those beside the base have one."""
        known = np.full(len(phrases.hash), -1, np.int64)
        if old is not None:
            known = found(phrases.hash, old.kept)
            known[known >= 0] += old.first
        self._known.append(known)
        if len(phrases.start):
            self._pointers.append(np.maximum.reduceat(pointers, phrases.start)[known < 0])

    def written(self, base: Base | None, blocks: Sequence[Placed]) -> pa.LargeStringArray:
        """The phrases, in the order they were added."""
        known = np.concatenate(self._known)
        new = strings_at(np.concatenate(self._pointers), blocks)
        old = pa.array([], pa.large_string()) if base is None else base.strings
        known[known < 0] = np.arange(len(new)) + len(old)
        return pa.concat_arrays([old, new]).take(pa.array(known))
