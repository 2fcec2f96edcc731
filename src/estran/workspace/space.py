"""A workspace: a folder where messages are kept, counted, and forgotten on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.analysis.progress import Silent
from estran.errors import SettingsError
from estran.findings import Compaction, Refresh
from estran.sources import Options
from estran.workspace import erasure as erasing
from estran.workspace import ingest as ingesting
from estran.workspace import journal, lock
from estran.workspace.doctor import examine
from estran.workspace.marking import WithMarks
from estran.workspace.organising import WithUnits
from estran.workspace.refusing import writing
from estran.workspace.status import bytes_at_rest, status
from estran.workspace.themes import ByHand
from estran.workspace.topics import WithTopics
from estran.workspace.touring import Means, counts_of
from estran.workspace.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from estran.analysis.progress import Progress
    from estran.findings import Erasure, Health, Ingested, Status
    from estran.model import Side
    from estran.settings import Settings


class Workspace(ByHand, WithTopics, WithMarks, WithUnits, Watching):
    """Messages that are kept, counted, and forgotten on request.

    ::

        ws = es.init("acme")            # once; es.open("acme") from then on
        ws.ingest("tickets.csv", source="crm", side="outside")
        ws.tour()
        ws.erase(author="Zoé Martin")

    One process at a time writes to a workspace; others wait for it. Whatever is killed goes on where it was when it
    is called again.
    """

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r})"

    def ingest(
        self,
        *files: str | Path,
        source: str | None = None,
        side: Side | str | None = None,
        columns: Mapping[str, str] | None = None,
        inside: Sequence[str] = (),
        outside: Sequence[str] = (),
        day_first: bool | None = None,
        progress: Progress | None = None,
    ) -> tuple[Ingested, ...]:
        """Takes in files of dated messages; what is in already stays, once.

        A run that was killed is gone on with by calling it again. Names become pseudonyms and personal data masks
        before anything is written.

        Args:
            files: CSV, TSV, JSON Lines or Parquet.
            source: what to call where they come from, "crm"; by default a column says it, or the file's name.
            side: "inside" or "outside", where no rule and no column named here says it.
            columns: column of Estran ("text", "time", "author", ...) -> column of the file; the others are guessed.
            inside: rules "column=value" for what the organisation's people said.
            outside: rules "column=value" for what those it serves said.
            day_first: whether 03/04/2024 is the third of April; by default the other dates of the file decide.
            progress: told about each stage.

        Returns:
            What became of the rows, a finding for each file.

        Raises:
            InputError: a file cannot be used; those before it are in.
            SettingsError: an option has a value that it cannot have.
            WorkspaceError: the key is not there, or nothing can be written.
        """
        if not files:
            raise SettingsError("no file was given; name one or more CSV, TSV, JSON Lines or Parquet files")
        progress, said = progress or Silent(), ingesting.side_of(side)
        options = Options(columns or {}, outside, inside, source, day_first)
        inputs = [ingesting.recognise(path, options, said) for path in files]
        for table in (file.table for file in inputs):
            progress.say("; ".join([f"{table.file} ({table.form}): {table.columns.said}", *table.assumed]))
        with self._writing(progress):
            return tuple(
                ingesting.ingest(self._folder, self._store, file, progress=progress) for file in inputs
            )

    def refresh(
        self,
        *,
        engine: str = "threads",
        scheduler: str | None = None,
        workers: int | None = None,
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> Refresh:
        """Counts the blocks of months whose messages changed; a tour does it by itself.

        Args:
            engine: where counting runs: "threads", "pool", "dask" or "spark".
            scheduler: address of a Dask scheduler, "tcp://host:8786"; by default a cluster of this machine.
            workers: threads or processes that count; by default as many as the settings or the cores say.
            settings: by default those of the workspace.
            progress: told about each block.

        Raises:
            SettingsError: there is no such engine, or it has no such option.
            WorkspaceError: nothing can be written.
        """
        asked, progress = settings or self.settings, progress or Silent()
        means = Means(engine, {"scheduler": scheduler, "workers": workers})
        with means.opened(asked) as opened:
            return self._refreshed(counts_of(self._folder, asked), opened, progress)

    def would_erase(
        self, *, author: str | None = None, pseudonym: str | None = None, progress: Progress | None = None
    ) -> Erasure:
        """What forgetting a person would take away; nothing is changed.

        Args:
            author: the name, as the files had it.
            pseudonym: in its place, where only that is known; then the name is not sought in what others wrote.
            progress: told about each month.

        Raises:
            SettingsError: not one of the two is given.
            WorkspaceError: the key is not there.
        """
        progress = progress or Silent()
        self._finished(progress)
        whom = erasing.person(self._folder, author=author, pseudonym=pseudonym)
        return erasing.preview(self._store, whom, progress=progress)

    def erase(
        self, *, author: str | None = None, pseudonym: str | None = None, progress: Progress | None = None
    ) -> Erasure:
        """Forgets a person: what they wrote, all that was derived from it, and their name in what others wrote.

        Then every file is searched for what is left, and the finding says how. Killed, it is finished by whatever is
        done next to the workspace.

        Args:
            author: the name, as the files had it.
            pseudonym: in its place, where only that is known; then the name is not sought in what others wrote.
            progress: told about each stage.

        Raises:
            SettingsError: not one of the two is given.
            WorkspaceError: the key is not there, or nothing can be written.
        """
        progress = progress or Silent()
        whom = erasing.person(self._folder, author=author, pseudonym=pseudonym)
        with self._writing(progress):
            return erasing.erase(self._folder, self._store, whom, progress=progress)

    def compact(self, *, progress: Progress | None = None) -> Compaction:
        """Puts small files together, and removes what nobody needs any more.

        Args:
            progress: told about each stage.

        Raises:
            WorkspaceError: nothing can be written.
        """
        progress = progress or Silent()
        with self._writing(progress):
            before = bytes_at_rest(self._folder, self._store)
            progress.stage("compact", None)
            self._store.compact()
            with Means().opened(self.settings) as engine:
                counts_of(self._folder, self.settings).compact(engine)
            self._tidy_vectors()
            after = bytes_at_rest(self._folder, self._store)
            journal.note(self._folder.runs, "compact", before=before, after=after)
        return Compaction(before, after)

    def doctor(self, *, progress: Progress | None = None) -> Health:
        """Looks the workspace over: key, messages, counts, journal; mends what can be mended, and says it.

        Args:
            progress: told about each stage.

        Raises:
            WorkspaceError: nothing can be written.
        """
        progress = progress or Silent()
        with writing(self.path), lock.alone(self.path, progress):
            return examine(self._folder, self.settings, progress=progress)

    def status(self) -> Status:
        """What the workspace holds and how it does: messages, sources, refused rows, runs, bytes."""
        self._finished(Silent())
        return status(self._folder, self._store, counts_of(self._folder, self.settings))
