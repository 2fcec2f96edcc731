"""Texts as vectors for whoever asks: made by the encoder of the settings, and only once where somebody keeps them."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from estran.store.vectors import Vectors, hashes_of
from estran.text.encoders import open_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from numpy.typing import NDArray

    from estran.analysis.progress import Progress
    from estran.settings import Settings
    from estran.text.encoders import Encoder

BATCH = 4_096
"""Texts that are encoded, and are safe on the disk, at a time."""

PHRASES, MESSAGES = "phrases", "messages"
"""Folders of vectors: those of phrases are made anew with another encoder; those of messages are refused."""


class Meanings:
    """The vectors of phrases and messages. The encoder is opened when it is first needed, about a second."""

    def __init__(
        self,
        settings: Settings,
        *,
        folder: Path | None = None,
        key: bytes = b"",
        alone: Callable[[], AbstractContextManager[bool]] = lambda: nullcontext(True),
        anew: bool = False,
    ) -> None:
        """Vectors by the encoder of the settings.

        Args:
            settings: which encoder, and whether it may reach other machines.
            folder: where vectors are kept; by default nowhere.
            key: of the workspace, so that nobody else can ask whether a text was said.
            alone: holds whatever keeps others from writing, and says whether it does; where not, nothing is kept.
            anew: remove the vectors of messages that are those of another encoder.
        """
        self._settings, self._folder, self._key, self._alone = settings, folder, key, alone
        self._opened: dict[str, Vectors] = {}
        self._anew = {PHRASES} | ({MESSAGES} if anew else set())

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder.

        Raises:
            SettingsError: there is none of that name, it is not installed, or it may not be used.
        """
        return open_encoder(self._settings.encoder, allow_remote=self._settings.allow_remote)

    def kept(self, kind: str) -> Vectors | None:
        """The vectors of a kind at rest; None where they are kept nowhere.

        Raises:
            StoreError: they are those of another encoder.
        """
        if self._folder is None:
            return None
        if kind not in self._opened:
            self._opened[kind] = Vectors(
                self._folder / kind, self.encoder.id, self.encoder.dim, anew=kind in self._anew
            )
        return self._opened[kind]

    def hashes(self, texts: Sequence[str]) -> NDArray[np.uint64]:
        """(n,) what the vectors of texts are found by."""
        return hashes_of(texts, key=self._key)

    def of(
        self,
        texts: Sequence[str],
        *,
        kind: str = PHRASES,
        block: str = "all",
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """The vectors of texts; those that are not kept yet are encoded, and kept.

        Args:
            texts: n of them.
            kind: `PHRASES` or `MESSAGES`.
            block: under whose name they are kept.
            progress: told of each text that is encoded.

        Returns:
            (n, dim) rows of length 1 but for the rounding of half precision; zeros where a text says nothing.
        """
        kept, hashes = self.kept(kind), self.hashes(texts)
        missing = np.sort(np.unique(hashes, return_index=True)[1]) if kept is None else kept.missing(hashes)
        made = np.empty((len(missing), self.encoder.dim), np.float16)
        for first in range(0, len(missing), BATCH):
            part = missing[first : first + BATCH]
            made[first : first + BATCH] = self.encoder.encode([texts[at] for at in part.tolist()])
            if kept is not None:
                with self._alone() as mine:
                    if mine:
                        kept.add(block, hashes[part], made[first : first + BATCH])
            if progress is not None:
                progress.advance(len(part))
        order = np.argsort(hashes[missing])
        fresh, rows = hashes[missing][order], made[order]
        at = np.searchsorted(fresh, hashes)
        new = np.isin(hashes, fresh)
        found = np.empty((len(texts), self.encoder.dim), np.float32)
        found[new] = rows[at[new]]
        if kept is not None and not new.all():
            found[~new] = kept.read(hashes[~new])
        return found

    def keep_only(self, texts: Sequence[str], *, kind: str = PHRASES, block: str = "all") -> None:
        """Of a block, keep the vectors of these texts and no others; they must have been asked for before."""
        if self.kept(kind) is not None:
            self.keep_hashes(self.hashes(texts), kind=kind, block=block)

    def keep_hashes(self, hashes: NDArray[np.uint64], *, kind: str, block: str) -> None:
        """The same, by what the texts are found by."""
        kept = self.kept(kind)
        if kept is not None:
            with self._alone() as mine:
                if mine:
                    kept.keep(block, hashes)
