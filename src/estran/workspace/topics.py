"""The topics of a workspace: encoded once, kept under ids that stay, and found anew on request."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from estran.analysis.corpus import ALWAYS
from estran.analysis.meanings import MESSAGES, Meanings
from estran.analysis.progress import Silent
from estran.analysis.topics import find_topics
from estran.store import topics as at_rest
from estran.store.vectors import strip
from estran.workspace import journal
from estran.workspace.answering import Answering
from estran.workspace.keys import key_of
from estran.workspace.touring import Means, counts_of, refresh, take

if TYPE_CHECKING:
    from estran.analysis.progress import Progress
    from estran.findings import Topics
    from estran.settings import Settings


class WithTopics(Answering):
    """The part of a workspace that is about its topics; see `estran.workspace.space.Workspace`."""

    def topics(
        self,
        *,
        rebuild: bool = False,
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> Topics:
        """The topics of all messages: what they are called, how sure each is, and which themes live in them.

        The first call encodes every message; later ones what came in since. A run that is killed goes on with what it
        had encoded. Others who would write to the workspace wait: nobody is forgotten while their messages are read.

        Args:
            rebuild: find them anew, from all messages; those that are the same keep their ids.
            settings: by default those of the workspace.
            progress: told about each stage.

        Raises:
            NotEnoughError: there is too little to group.
            SettingsError: they were made with another encoder, and are not to be found anew.
            WorkspaceError: the key is not there, or nothing can be written.
        """
        asked, progress = settings or self.settings, progress or Silent()
        folder = self._folder
        with self._writing(progress), Means().opened(asked) as engine:
            counts = counts_of(folder, asked)
            refresh(folder, self._store, counts, engine, progress=progress)
            before = at_rest.read(folder.topics)
            found = take(
                partial(find_topics, before=before, rebuild=rebuild),
                folder,
                self._store,
                counts,
                engine,
                step=None,
                span=ALWAYS,
                settings=asked,
                progress=progress,
                hands=self._hands(progress, whole=True, locked=True),
                meanings=Meanings(asked, folder=folder.vectors, key=key_of(folder), anew=rebuild),
            )
            at_rest.write(folder.topics, found.rest)
            journal.note(folder.runs, "topics", topics=len(found.told.topics), messages=found.told.messages)
        return found.told

    def _tidy_vectors(self) -> None:
        """Removes vectors of texts that nobody says any more; the caller holds the lock.

        Where no topics are known yet, vectors are what a killed run had done, and stay.
        """
        rest = at_rest.read(self._folder.topics)
        if rest is not None:
            strip(self._folder.vectors / MESSAGES, rest.text)
