"""What is asked of a workspace: what changed is counted anew, and the rest is as it was."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estran.analysis.corpus import lay
from estran.analysis.hands import NO_HANDS
from estran.analysis.origin import Origin
from estran.analysis.progress import so_far
from estran.errors import NotEnoughError
from estran.findings import Notice, Refresh
from estran.model import EVERYTHING, Scope
from estran.store.counts import Counts
from estran.store.engines import open_engine
from estran.store.topics import read as topics_at_rest
from estran.workspace import journal, units
from estran.workspace.asked import asked_notices
from estran.workspace.refusals import kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from estran.analysis.corpus import Span
    from estran.analysis.hands import Hands
    from estran.analysis.meanings import Meanings
    from estran.analysis.progress import Progress
    from estran.model import Step
    from estran.settings import Settings
    from estran.store.engines import Engine
    from estran.store.messages import MessageStore
    from estran.workspace.asked import Found, Take
    from estran.workspace.folder import Folder


@dataclass(frozen=True, slots=True)
class Means:
    """Where counting runs.

    Attributes:
        engine: "threads", "pool", "dask", "spark", or that of a plug-in.
        options: the engine's own, as scheduler="tcp://host:8786"; those that are None are not told.
    """

    engine: str = "threads"
    options: Mapping[str, str | int | None] = field(default_factory=dict)

    @contextmanager
    def opened(self, settings: Settings) -> Iterator[Engine]:
        """The engine, and the end of whatever it started.

        Raises:
            SettingsError: there is no such engine, or it has no such option.
        """
        told = {name: value for name, value in self.options.items() if value is not None}
        if self.engine == "threads":
            told = {"threads": told.pop("workers", settings.threads), **told}
        with open_engine(self.engine, **told) as engine:
            yield engine


def counts_of(folder: Folder, settings: Settings) -> Counts:
    """The counts of a workspace, as they are at rest."""
    return Counts(folder.counts, longest=settings.longest_phrase, at_least=settings.least_messages)


def refresh(
    folder: Folder,
    store: MessageStore,
    counts: Counts,
    engine: Engine,
    *,
    progress: Progress,
    thorough: bool = False,
) -> Refresh:
    """Counts what changed; the caller holds the lock.

    Args:
        folder: of the workspace.
        store: its messages.
        counts: its counts.
        engine: that counts.
        progress: told about each block.
        thorough: read every file of the counts, not only those whose size or time changed.
    """
    progress.stage("refresh", len(counts.stale(store)))
    done = counts.refresh(store, engine, progress=so_far(progress), thorough=thorough)
    if done.mended:
        progress.say(Notice("mended", {"files": len(done.mended)}))
    if done.counted:
        blocks = len(done.counted) + done.kept
        progress.say(Notice("counted", {"counted": len(done.counted), "blocks": blocks}))
        journal.note(folder.runs, "refresh", counted=len(done.counted), kept=done.kept)
    return Refresh(done.counted, done.kept, done.mended)


def take(  # noqa: PLR0913  each is a thing that a user may say of a tour
    question: Take[Found],
    folder: Folder,
    store: MessageStore,
    counts: Counts,
    engine: Engine,
    *,
    step: Step | None,
    span: Span,
    scope: Scope = EVERYTHING,
    settings: Settings,
    progress: Progress,
    hands: Hands = NO_HANDS,
    meanings: Meanings | None = None,
) -> Found:
    """The answer to a question, a tour or what came in the place of what, from what is counted.

    Raises:
        NotEnoughError: there is nothing to count, or all of it bears one date.
    """
    rejected = tuple(kept(folder.rejected))
    messages = sum(month.rows for month in store.snapshot().months.values())
    if not messages:
        raise NotEnoughError(
            f"{folder.path} holds no message yet: `estran ingest {folder.path} FILE` takes some in"
        )
    name = folder.path.absolute().name
    origin = Origin(
        messages + len(rejected), rejected, asked_notices(scope), files=(name,), hands=hands, meanings=meanings,
        topics=topics_at_rest(folder.topics),
    )  # fmt: skip
    corpus = lay(counts, step=step, span=span, scope=scope, units=units.read(folder.units))
    return question(corpus, origin, engine, settings, progress=progress)
