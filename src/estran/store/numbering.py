"""Numbers for the cells of several blocks, so that their rows can be merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.store.partials import HEADLINE_FILE, SPOKEN_FILE, PartialFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from estran.store.manifest import BlockEntry
    from estran.store.prepared import CellKey


@dataclass(frozen=True, slots=True)
class Numbering:
    """The cells of some blocks, numbered block after block; those of texts and those of headlines apart.

    Attributes:
        keys: what cells are called, each once, by language, then month, then side: the sums of a language are
            neighbours.
        languages: of the keys and of the headlines, sorted.
        firsts: number of each block's first cell of texts.
        key: number of the key of each cell of texts.
        language: number of the language of each key.
        headline_firsts: number of each block's first cell of headlines.
        headline_language: number of the language of each cell of headlines.
    """

    keys: tuple[CellKey, ...]
    languages: tuple[str, ...]
    firsts: tuple[int, ...]
    key: NDArray[np.int32]
    language: NDArray[np.int32]
    headline_firsts: tuple[int, ...]
    headline_language: NDArray[np.int32]

    @classmethod
    def of(cls, blocks: Sequence[BlockEntry]) -> Numbering:
        """The numbering of blocks in this order."""
        spoken = [key for block in blocks for key in block.spoken]
        headline = [key for block in blocks for key in block.headline]
        keys = sorted(
            set(spoken), key=lambda key: (key.language, key.month, key.side is not None, key.side or "")
        )
        number = {key: n for n, key in enumerate(keys)}
        languages = sorted({key.language for key in (*spoken, *headline)})
        code = {language: n for n, language in enumerate(languages)}
        return cls(
            tuple(keys),
            tuple(languages),
            _firsts([len(block.spoken) for block in blocks]),
            np.array([number[key] for key in spoken], np.int32),
            np.array([code[key.language] for key in keys], np.int32),
            _firsts([len(block.headline) for block in blocks]),
            np.array([code[key.language] for key in headline], np.int32),
        )

    def spoken(self, folder: Path, blocks: Sequence[BlockEntry]) -> list[PartialFile]:
        """The partial rows of the texts of the last ones of the blocks, with these numbers."""
        firsts = self.firsts[len(self.firsts) - len(blocks) :]
        return [
            PartialFile(folder / block.folder / SPOKEN_FILE, block.rows[0], first)
            for block, first in zip(blocks, firsts, strict=True)
        ]

    def headlines(self, folder: Path, blocks: Sequence[BlockEntry]) -> list[PartialFile]:
        """The partial rows of the headlines of the last ones of the blocks, with these numbers."""
        firsts = self.headline_firsts[len(self.headline_firsts) - len(blocks) :]
        return [
            PartialFile(folder / block.folder / HEADLINE_FILE, block.rows[1], first)
            for block, first in zip(blocks, firsts, strict=True)
        ]


def _firsts(lengths: Sequence[int]) -> tuple[int, ...]:
    return tuple(int(end) - length for end, length in zip(np.cumsum(lengths), lengths, strict=True))
