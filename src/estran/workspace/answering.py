"""How a workspace answers: what changed is counted, the themes keep their ids, and what somebody decided is heard."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from estran.analysis.corpus import ALWAYS
from estran.analysis.hands import Hands
from estran.analysis.identities import carry
from estran.analysis.meanings import Meanings
from estran.analysis.progress import Silent
from estran.errors import WorkspaceError
from estran.findings import Notice
from estran.model import EVERYTHING
from estran.workspace import known, lock, themefile
from estran.workspace.asked import asked_days, asked_scope, asked_step
from estran.workspace.asking import Asking, Own
from estran.workspace.keys import key_of
from estran.workspace.resting import AtRest
from estran.workspace.touring import Means, counts_of, take

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from estran.analysis.hands import Concepts
    from estran.analysis.identities import Carried, Identities
    from estran.analysis.progress import Progress
    from estran.model import Step
    from estran.settings import Settings
    from estran.workspace.asked import Found, Take


class Answering(AtRest, Asking):
    """The part of a workspace that answers questions; see `estran.workspace.space.Workspace`."""

    @property
    def _own(self) -> Own:
        families, environments = (_there(f) for f in (self._folder.families, self._folder.environments))
        return Own(families, environments, self._folder.marks)

    def _found(  # noqa: PLR0913  each is a thing that a user may say of a tour
        self,
        question: Take[Found],
        *,
        step: Step | str | None = None,
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        unit: str | None = None,
        engine: str | None = None,
        scheduler: str | None = None,
        workers: int | None = None,
        settings: Settings | None = None,
        progress: Progress | None = None,
        hands: Hands | None = None,
    ) -> Found:
        asked, progress = settings or self.settings, progress or Silent()
        period, span, scope = asked_step(step), asked_days(since, until), asked_scope(unit)
        means = Means(engine or "threads", {"scheduler": scheduler, "workers": workers})
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

    def _hands(self, progress: Progress, *, whole: bool, locked: bool = False) -> Hands:
        """What somebody said of the themes, and who gives them their ids.

        Args:
            progress: told where the themes cannot be written down; the next tour does it, with the same ids.
            whole: whether all messages are looked at; in a part of the span themes may be missing that are not gone.
            locked: whether the caller holds the lock.

        Raises:
            SettingsError: a correction cannot be meant.
        """
        file = self._folder.identities

        def identify(found: Concepts) -> Sequence[str]:
            now = carried(before := known.read(file), found)
            # as with counts, somebody else who writes is not waited for
            if not whole or now.identities == before:
                return now.ids
            if locked:
                known.write(file, now.identities)
                return now.ids
            if not lock.free(self._folder.path):
                return now.ids
            try:
                with self._writing(progress):
                    now = carried(known.read(file), found)
                    known.write(file, now.identities)
            except WorkspaceError as error:
                progress.say(Notice("themes-unwritten", {"why": str(error)}))
            return now.ids

        return Hands(themefile.read(self._folder.corrections), identify, known.read(file).owners)

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


def carried(before: Identities, found: Concepts) -> Carried:
    """The themes that were found, under the ids that they had before."""
    return carry(before, found.shown, firsts=found.firsts, date=found.date, unshown=found.unshown)


def _there(file: Path) -> Path | None:
    return file if file.exists() else None
