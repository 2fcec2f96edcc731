"""A workspace: a folder where messages are kept, counted, and forgotten on request."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from estran.analysis.corpus import ALWAYS
from estran.analysis.ground import asked_of_ground
from estran.analysis.meanings import Meanings
from estran.analysis.progress import Silent
from estran.analysis.tour import tour as take_the_tour
from estran.errors import SettingsError, WorkspaceError
from estran.findings import Compaction, Notice, Refresh
from estran.model import EVERYTHING
from estran.settings import Settings
from estran.sources import Options
from estran.store.messages import MessageStore
from estran.workspace import erasure as erasing
from estran.workspace import folder as folders
from estran.workspace import ingest as ingesting
from estran.workspace import journal, lock
from estran.workspace.asked import asked_days, asked_scope, asked_step
from estran.workspace.asking import Asking
from estran.workspace.doctor import examine
from estran.workspace.folder import key_of
from estran.workspace.marking import WithMarks
from estran.workspace.organising import WithUnits
from estran.workspace.refusing import writing
from estran.workspace.status import bytes_at_rest, status
from estran.workspace.themes import ByHand
from estran.workspace.topics import WithTopics
from estran.workspace.touring import Means, counts_of, refresh, take
from estran.workspace.watching import Watching

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from estran.analysis.hands import Hands
    from estran.analysis.progress import Progress
    from estran.findings import Erasure, Health, Ingested, Status, Tour
    from estran.model import Side, Step
    from estran.store.counts import Counts
    from estran.store.engines import Engine
    from estran.workspace.asked import Found, Take
    from estran.workspace.folder import Folder


class Workspace(ByHand, WithTopics, WithMarks, Asking, WithUnits, Watching):
    """Messages that are kept, counted, and forgotten on request.

    ::

        ws = es.init("acme")            # once; es.open("acme") from then on
        ws.ingest("tickets.csv", source="crm", side="outside")
        ws.tour()
        ws.erase(author="Zoé Martin")

    One process at a time writes to a workspace; others wait for it. Whatever is killed goes on where it was when it
    is called again.
    """

    def __init__(self, folder: Folder) -> None:
        """Use `es.init` or `es.open`, which check what they find."""
        self._folder = folder

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r})"

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._folder.path

    @property
    def key(self) -> Path:
        """The file of its key."""
        return self._folder.key_file

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

    def tour(  # noqa: PLR0913  each is a thing that a user may say of a tour
        self,
        *,
        step: Step | str | None = None,
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        unit: str | None = None,
        engine: str = "threads",
        scheduler: str | None = None,
        workers: int | None = None,
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> Tour:
        """What is coming In and what is going Out in the workspace, as it is now.

        Args:
            step: length of a period: week, month, quarter, half, year; by default chosen from the span and the volume.
            since: first day to look at.
            until: last day to look at.
            unit: path of the part of the organisation to look at, with all that lies below it.
            engine: where counting runs: "threads", "pool", "dask" or "spark".
            scheduler: address of a Dask scheduler, "tcp://host:8786"; by default a cluster of this machine.
            workers: threads or processes that count; by default as many as the settings or the cores say.
            settings: by default those of the workspace.
            progress: told about each stage.

        Raises:
            NotEnoughError: there is nothing to count, or all of it bears one date.
            SettingsError: an option has a value that it cannot have.
            WorkspaceError: nothing can be written.
        """
        return self._found(
            asked_of_ground(take_the_tour), step=step, since=since, until=until, unit=unit, engine=engine, scheduler=scheduler, workers=workers,
            settings=settings, progress=progress,
        )  # fmt: skip

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

    @property
    def settings(self) -> Settings:
        """The settings in force: defaults, `estran.toml` in its folder, then the environment."""
        return Settings.load(self._folder.settings)

    def status(self) -> Status:
        """What the workspace holds and how it does: messages, sources, refused rows, runs, bytes."""
        self._finished(Silent())
        return status(self._folder, self._store, counts_of(self._folder, self.settings))

    @property
    def _store(self) -> MessageStore:
        return MessageStore.open(self._folder.url)

    def _found(  # noqa: PLR0913  each is a thing that a user may say of a tour
        self,
        question: Take[Found],
        *,
        step: Step | str | None = None,
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        unit: str | None = None,
        engine: str = "threads",
        scheduler: str | None = None,
        workers: int | None = None,
        settings: Settings | None = None,
        progress: Progress | None = None,
        hands: Hands | None = None,
    ) -> Found:
        asked, progress = settings or self.settings, progress or Silent()
        period, span, scope = asked_step(step), asked_days(since, until), asked_scope(unit)
        means = Means(engine, {"scheduler": scheduler, "workers": workers})
        hands = hands or self._hands(progress, whole=span == ALWAYS and scope == EVERYTHING)
        with means.opened(asked) as opened:
            counts = counts_of(self._folder, asked)
            self._refreshed(counts, opened, progress)
            return take(
                question,
                self._folder,
                self._store,
                counts,
                opened,
                step=period,
                span=span,
                scope=scope,
                settings=asked,
                progress=progress,
                hands=hands,
                meanings=self._meanings(asked, progress),
            )

    def _meanings(self, settings: Settings, progress: Progress) -> Meanings:
        """The vectors that are kept; as with counts, somebody else who writes is not waited for."""

        @contextmanager
        def alone() -> Iterator[bool]:
            if not lock.free(self.path):
                yield False
                return
            with self._writing(progress):
                yield True

        try:
            key = key_of(self._folder)
        except (
            WorkspaceError
        ):  # destroyed on purpose, perhaps: a tour needs no key, and keeps no vectors without
            return Meanings(settings)
        return Meanings(settings, folder=self._folder.vectors, key=key, alone=alone)

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
