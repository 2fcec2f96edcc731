"""What is asked of files: they are read for it and then forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from estran import privacy
from estran.analysis.corpus import prepare
from estran.analysis.ground import asked_of_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.tour import tour as take_the_tour
from estran.errors import NotEnoughError, SettingsError
from estran.settings import Settings
from estran.simulate import company
from estran.sources import Options, Seen, open_table
from estran.store.engines.threads import ThreadEngine
from estran.workspace.asked import asked_days, asked_notices, asked_scope, asked_step
from estran.workspace.asking import Asking, Own

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from estran.analysis.progress import Progress
    from estran.findings import Notice, Tour
    from estran.model import Rejected, Step
    from estran.sources.tables import Table
    from estran.workspace.asked import Found, Take


class Files(Asking):
    """Files of dated messages: read for one question, and then forgotten."""

    def __init__(
        self,
        *files: str | Path,
        columns: Mapping[str, str] | None = None,
        inside: Sequence[str] | None = None,
        outside: Sequence[str] | None = None,
        day_first: bool | None = None,
    ) -> None:
        """Says how they are read; nothing is opened yet.

        Args:
            files: CSV, TSV, JSON Lines or Parquet.
            columns: column of Estran ("text", "time", "author", ...) -> column of the file; the others are guessed.
            inside: rules "column=value" for what the organisation's people said.
            outside: rules "column=value" for what those it serves said.
            day_first: whether 03/04/2024 is the third of April; by default the other dates of the file decide.

        Raises:
            SettingsError: there is no file.
        """
        if not files:
            raise SettingsError("no file was given; name one or more CSV, TSV, JSON Lines or Parquet files")
        self._files = files
        self._options = Options(
            columns=columns or {}, inside=inside or (), outside=outside or (), day_first=day_first
        )

    @property
    def _own(self) -> Own:
        return Own()

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
    ) -> Found:
        if (engine, scheduler, workers) != (None, None, None):
            raise SettingsError(
                "an engine counts a workspace, and files are counted here: `estran init` makes a workspace, "
                "`estran ingest` takes the files in"
            )
        asked, progress = settings or Settings.load(Path("estran.toml")), progress or Silent()
        period, span, scope = asked_step(step), asked_days(since, until), asked_scope(unit)
        tables = [open_table(path, self._options) for path in self._files]
        for table in tables:
            progress.say("; ".join([f"{table.file} ({table.form}): {table.columns.said}", *table.assumed]))
        frames, origin = _read(tables, progress)
        messages = pl.concat(frames)
        frames.clear()
        if messages.is_empty():
            reasons = Counter(row.why for row in origin.rejected).most_common(3)
            told = "; ".join(f"{why} ({rows:,} rows)" for why, rows in reasons)
            raise NotEnoughError(f"no row of {', '.join(origin.files)} can be used: {told}")
        origin = replace(origin, notices=(*origin.notices, *asked_notices(scope)))
        corpus = prepare(messages, step=period, span=span, scope=scope, settings=asked, progress=progress)
        return question(corpus, origin, ThreadEngine(threads=asked.threads), asked, progress=progress)


def demo(*, settings: Settings | None = None, progress: Progress | None = None) -> Tour:
    """The tour of a simulated company whose truth is known (`estran.simulate.company`)."""
    asked, progress = settings or Settings.load(Path("estran.toml")), progress or Silent()
    progress.stage("simulate", None)
    messages = company(seed=0).messages
    corpus = prepare(messages, settings=asked, progress=progress)
    origin = Origin(messages.height, files=("simulated company",))
    return asked_of_ground(take_the_tour)(
        corpus, origin, ThreadEngine(threads=asked.threads), asked, progress=progress
    )


def _read(tables: Sequence[Table], progress: Progress) -> tuple[list[pl.DataFrame], Origin]:
    """All the files; raw names and personal data stop here (a key for one run: nobody can make the names again)."""
    pseudonym = privacy.pseudonym(privacy.new_key())
    frames: list[pl.DataFrame] = []
    rejected: list[Rejected] = []
    notices: list[Notice] = []
    rows, seen = 0, Seen()
    progress.stage("read", 100 * len(tables))
    for table in tables:
        done = 0
        for batch in table.read(pseudonym=pseudonym, seen=seen):
            frames.append(
                batch.messages.with_columns(
                    privacy.mask(batch.messages["text"]), privacy.mask(batch.messages["title"])
                )
            )
            rejected += batch.rejected
            notices += batch.notices
            rows += batch.rows
            progress.advance(round(100 * batch.done) - done)
            done = round(100 * batch.done)
    return frames, Origin(
        rows=rows,
        rejected=tuple(rejected),
        notices=tuple(notices),
        files=tuple(table.file for table in tables),
        columns={role: column for table in tables for role, column in table.columns.names.items()},
    )
