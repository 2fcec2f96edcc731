"""A workspace is watched: one look finds what is new, writes it down, and sends what was not sent yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from estran.analysis import alerts as asking
from estran.analysis.alarmcards import of_one_window
from estran.analysis.origin import covered, made_of
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.errors import SettingsError, WorkspaceError
from estran.findings import Delivery, Watch
from estran.workspace import alertfile, journal, lock, sending, watchstate
from estran.workspace.answering import Answering
from estran.workspace.asked import asked_days
from estran.workspace.refusing import writing

if TYPE_CHECKING:
    from estran.analysis.corpus import Corpus
    from estran.analysis.origin import Origin
    from estran.analysis.progress import Progress
    from estran.settings import Settings
    from estran.store.engines import Engine
    from estran.workspace.alertfile import Alerts, Place
    from estran.workspace.sending import Writing
    from estran.workspace.watchstate import Memory


class Watching(Answering):
    """The part of a workspace that watches; see `estran.workspace.space.Workspace`."""

    def watch(
        self,
        *,
        write: Writing | None = None,
        dry: bool = False,
        since: dt.date | str | None = None,
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> Watch:
        """Looks at what alerts.toml says, tells what changed, and sends it where it says; each alarm once.

        Days that were looked at before are not looked at again, unless `since` says so. What could not be sent is sent by
        the next look. Killed at any moment, nothing is lost; what was being sent just then may go out twice, under the same
        id.

        Args:
            write: how a mail reads, `estran.report.watch.Writer("fr")`; only where alerts.toml has places that get mail.
            dry: only look: write nothing down, send nothing.
            since: first day to look at; by default the day after the last look, or the last whole day.
            settings: by default those of the workspace.
            progress: told about each stage.

        Raises:
            NotEnoughError: there is nothing to count.
            SettingsError: a rule cannot be meant, or a secret is not set.
            WorkspaceError: another watch is at it, or nothing can be written.
        """
        said = alertfile.read(self._folder.alerts)
        first, _ = asked_days(since, None)
        if any(place.kind == "mail" for place in said.places) and write is None and not dry:
            raise SettingsError(
                'mail needs somebody who writes it: watch(write=Writer("en")), of estran.report.watch'
            )
        for place in said.places:
            if place.kind == "file":
                sending.file_of(place, self._folder.path)
        if dry:
            return replace(
                self._looked(said, watchstate.read(self._folder.watch), first, settings, progress), dry=True
            )
        with writing(self._folder.path), lock.tried(self._folder.watch_lock) as mine:
            if not mine:
                raise WorkspaceError(f"another watch of {self._folder.path} is running: let it finish")
            memory = watchstate.read(self._folder.watch)
            found = self._looked(said, memory, first, settings, progress)
            memory = memory.after(
                found.alarms,
                until=dt.date.fromisoformat(found.until),
                rules={rule.name: rule.send for rule in said.rules},
            ).only({place.name for place in said.places})
            watchstate.write(self._folder.watch, memory)
            deliveries = []
            for place in said.places:
                done, memory = self._sent(place, memory, write)
                deliveries += [done] if done else []
            failed = sum(bool(done.failed) for done in deliveries)
            journal.note(self._folder.runs, "watch", alarms=len(found.alarms), failed=failed)
        return replace(found, deliveries=tuple(deliveries))

    def _looked(
        self,
        said: Alerts,
        memory: Memory,
        since: dt.date | None,
        settings: Settings | None,
        progress: Progress | None,
    ) -> Watch:
        """What is found; nothing is written down."""

        def question(
            corpus: Corpus, origin: Origin, engine: Engine, settings: Settings, *, progress: Progress
        ) -> Watch:
            themes = find_themes(
                corpus, engine, settings, progress=progress, hands=origin.hands, meanings=origin.meanings
            )
            progress.stage("watch", len(said.rules))
            looked: list[asking.Looked] = []
            day = dt.timedelta(days=1)
            for rule in said.rules:
                last = memory.looked.get(rule.name)
                first = since or (last + day if last else None)
                looked += asking.look(corpus, themes, rule, before=memory.raised, since=first)
                progress.advance(1)
            ordered = sorted(
                (pair for each in looked for pair in each.alarms), key=lambda pair: (-pair[0], pair[1].id)
            )
            alarms = tuple(of_one_window(alarm for _, alarm in ordered))
            return Watch(
                alarms=alarms,
                rules=tuple(each.rule for each in looked),
                notices=tuple(asking.sources(corpus)),
                until=asking.whole_until(corpus).isoformat(),
                coverage=covered(corpus, origin, themes),
                provenance=made_of(
                    corpus,
                    origin,
                    settings,
                    tested=sum(each.rule.themes for each in looked),
                    found=len(alarms),
                ),
            )

        return self._found(question, settings=settings, progress=progress or Silent())

    def _sent(self, place: Place, memory: Memory, write: Writing | None) -> tuple[Delivery | None, Memory]:
        """What became of what a place was to be told, and what is remembered then."""
        alarms = tuple(each.alarm for each in memory.pending if place.name in each.places)
        if not alarms:
            return None, memory
        try:
            sending.send(place, alarms, workspace=self._folder.path, write=write)
        except sending.SendingError as error:
            return Delivery(place.name, place.kind, len(alarms), error.why), memory
        memory = memory.told(place.name)
        watchstate.write(self._folder.watch, memory)
        return Delivery(place.name, place.kind, len(alarms)), memory
