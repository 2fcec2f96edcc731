"""What every part of a workspace stands on: its folder, its messages, its settings, and who may write."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from estran.findings import Notice, Refresh
from estran.settings import Settings
from estran.store.messages import MessageStore
from estran.workspace import erasure as erasing
from estran.workspace import folder as folders
from estran.workspace import lock
from estran.workspace.refusing import writing
from estran.workspace.touring import refresh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estran.analysis.progress import Progress
    from estran.store.counts import Counts
    from estran.store.engines import Engine
    from estran.workspace.folder import Folder


class AtRest:
    """A workspace as it lies on disk; see `estran.workspace.space.Workspace`."""

    def __init__(self, folder: Folder) -> None:
        """Use `es.init` or `es.open`, which check what they find."""
        self._folder = folder

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._folder.path

    @property
    def key(self) -> Path:
        """The file of its key."""
        return self._folder.key_file

    @property
    def settings(self) -> Settings:
        """The settings in force: defaults, `estran.toml` in its folder, then the environment."""
        return Settings.load(self._folder.settings)

    @property
    def _store(self) -> MessageStore:
        return MessageStore.open(self._folder.url)

    def _refreshed(self, counts: Counts, engine: Engine, progress: Progress) -> Refresh:
        """Counts what changed. Where nothing did, somebody else who writes is not waited for."""
        if not counts.stale(self._store) and not lock.free(self.path):
            return Refresh((), len(counts.blocks), ())
        with self._writing(progress):
            return refresh(self._folder, self._store, counts, engine, progress=progress)

    def _finished(self, progress: Progress) -> None:
        """Finishes an erasure that was killed, unless whoever began it is still at it."""
        if erasing.is_half_done(self._folder) and lock.free(self.path):
            with self._writing(progress):
                pass

    @contextmanager
    def _writing(self, progress: Progress) -> Iterator[None]:
        """Shuts out other writers, and finishes first what a killed one has left."""
        with writing(self.path), lock.alone(self.path, progress):
            folders.furnish(self._folder)
            folders.empty(self._folder.scratch)
            folders.remove_halves(self._folder)
            self._store.remove_halves()
            if erasing.finish(self._folder, self._store, progress=progress):
                progress.say(Notice("erasure-finished", {}))
            yield
