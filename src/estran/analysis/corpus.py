"""Messages laid on periods, with one code per message for each thing they are counted by; the texts stay where they are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.progress import Silent
from estran.analysis.seasons import seasons
from estran.analysis.units import NO_UNITS, Units, check_scope
from estran.errors import NotEnoughError
from estran.model import EVERYTHING, Grid, Scope, Step
from estran.settings import Settings
from estran.store.held import hold
from estran.store.prepared import PREPARED, codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.progress import Progress
    from estran.store.prepared import Counted

CONVERSATIONS_PER_PERIOD = 3
"""Below it a conversation is as long as a period, and says nothing that the period does not say already."""

PERIODS_SOUGHT = 18
PEOPLE_PER_PERIOD = 50

Span = tuple[dt.date | None, dt.date | None]
"""The first and the last day to look at; None where there is no bound."""

ALWAYS: Span = (None, None)

_LAID = ("time", "author", "side", "source", "language", "thread", "unit")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Messages in order of time, with one code per message for each thing they are counted by.

    Attributes:
        counted: where the texts and the counts of phrases are.
        place: (n,) row of each message in the blocks of `counted`, one block after the other.
        messages: time, side, source, language and unit; n rows.
        grid: the periods.
        step_reason: why the grid has its step: "asked", or "chosen".
        period: (n,) number of the period.
        author: (n,) dense code; a message that nobody signed is its own author.
        unsigned: messages that nobody signed.
        conversation: (n,) dense code, or None where conversations are unknown or as long as a period.
        group: (n,) code of language x source x side, the strata of the tests.
        removed: reason -> messages (or lines) that cleaning set aside.
        season: (n,) code of the part of the calendar year, or None where seasons are unknown, or all periods are whole
            years (`estran.analysis.seasons`). Like `period` it follows from the time of a message: who shuffles time
            takes `moved_to`, which makes both anew.
    """

    counted: Counted
    place: NDArray[np.int64]
    messages: pl.DataFrame
    grid: Grid
    step_reason: str
    period: NDArray[np.int32]
    author: NDArray[np.int32]
    unsigned: int
    conversation: NDArray[np.int32] | None
    group: NDArray[np.int32]
    removed: Mapping[str, int]
    season: NDArray[np.int32] | None = None

    @property
    def people(self) -> int:
        """Distinct authors."""
        return int(self.author.max(initial=-1)) + 1

    @property
    def conversations(self) -> int:
        """Distinct conversations; 0 where they cannot be used."""
        return 0 if self.conversation is None else int(self.conversation.max(initial=-1)) + 1

    @property
    def first(self) -> dt.date:
        """The day of the earliest message."""
        return _ends(self.messages)[0]

    @property
    def last(self) -> dt.date:
        """The day of the latest message."""
        return _ends(self.messages)[1]

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Where each block of `counted` begins among the places, and where the last one ends."""
        return np.cumsum([0, *(block.messages for block in self.counted.blocks)])

    def moved_to(self, times: pl.Series) -> Corpus:
        """The same messages, in the same order, said at other times of the same grid."""
        period = self.grid.period_of(times).astype(np.int32)
        return replace(
            self,
            messages=self.messages.with_columns(time=times),
            period=period,
            season=seasons(self.grid, times, period),
        )

    def only(self, kept: NDArray[np.bool_]) -> Corpus:
        """Some of the messages on the same grid, as if nothing else had been said.

        Args:
            kept: (n,) which of them.
        """

        def dense(code: NDArray[np.int32]) -> NDArray[np.int32]:
            return np.unique(code[kept], return_inverse=True)[1].astype(np.int32)

        return replace(
            self,
            place=self.place[kept],
            messages=self.messages.filter(kept),
            period=self.period[kept],
            author=dense(self.author),
            unsigned=self.columns(["author"])["author"].filter(kept).null_count(),
            conversation=None if self.conversation is None else dense(self.conversation),
            group=dense(self.group),
            season=None if self.season is None else dense(self.season),
        )

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of all messages (`estran.store.prepared.PREPARED`)."""
        return pl.concat([block.columns(names) for block in self.counted.blocks])[self.place]

    def take(self, rows: NDArray[np.int32], names: Sequence[str]) -> pl.DataFrame:
        """Some columns of some messages, texts among them (`estran.store.prepared.PREPARED`), in the order asked for."""
        places, bounds = self.place[rows], self.bounds
        if len(places) == 0:
            return pl.DataFrame(schema={name: PREPARED[name] for name in names})
        order = np.argsort(places, kind="stable")
        parts = []
        for number, block in enumerate(self.counted.blocks):
            first, last = np.searchsorted(places[order], bounds[number : number + 2])
            if first < last:
                parts.append(block.take(places[order[first:last]] - bounds[number], names))
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return pl.concat(parts)[back]


def prepare(
    messages: pl.DataFrame,
    *,
    step: Step | None = None,
    span: Span = ALWAYS,
    scope: Scope = EVERYTHING,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Clean messages, tell their language, and lay them on a grid of periods.

    Args:
        messages: a frame of `model.MESSAGES`.
        step: length of a period, or None to choose it from the span and the volume.
        span: the first and the last day to look at.
        scope: which messages to look at.
        settings: the longest phrase, and how many threads count.
        progress: told about each stage.

    Raises:
        NotEnoughError: nothing is left, or everything bears one date.
    """
    asked, progress = settings or Settings(), progress or Silent()
    progress.stage("clean", messages.height)
    held = hold(messages, longest=asked.longest_phrase, threads=asked.threads, progress=progress.advance)
    return lay(held, step=step, span=span, scope=scope)


def lay(
    counted: Counted,
    *,
    step: Step | None = None,
    span: Span = ALWAYS,
    scope: Scope = EVERYTHING,
    units: Units = NO_UNITS,
) -> Corpus:
    """Lay counted messages on a grid of periods.

    Args:
        counted: the messages.
        step: length of a period, or None to choose it from the span and the volume.
        span: the first and the last day to look at.
        scope: which messages to look at; units bear the names of today.
        units: the organisation, as far as it is known besides.

    Raises:
        NotEnoughError: nothing is left, or everything bears one date; or too few people speak in the scope, or beside it.
    """
    if not counted.blocks:
        raise NotEnoughError("there is no message to count: none has come in, or every row was refused")
    whole = pl.concat([block.columns(_LAID) for block in counted.blocks])
    removed = Counter[str]()
    for block in counted.blocks:
        removed.update(block.removed)
    place = np.arange(whole.height)
    if span != ALWAYS:
        days = whole["time"].dt.date()
        place = np.flatnonzero(days.is_between(span[0] or dt.date.min, span[1] or dt.date.max))
        removed["outside the days asked"] = whole.height - len(place)
        if len(place) == 0 < whole.height:
            raise NotEnoughError(
                "no message lies in the days asked for; the messages go from {} to {}".format(*_ends(whole))
            )
    whole = whole.with_columns(units.today(whole))
    if scope != EVERYTHING:
        if scope.unit:
            check_scope(whole["unit"][place], codes(whole["author"][place]), path=scope.unit)
        before = len(place)
        place = place[whole[place].select(scope.holds).to_series().to_numpy()]
        removed["outside the scope asked"] = before - len(place)
    kept = whole[place] if len(place) < whole.height else whole
    if kept.height < 2 or kept["time"].n_unique() < 2:
        raise NotEnoughError(
            f"messages left after cleaning: {kept.height}, on {kept['time'].n_unique()} date: "
            "a trend needs messages of at least two periods"
        )
    grid = Grid.covering(kept["time"].min(), kept["time"].max(), step or choose_step(kept))  # type: ignore[arg-type]
    if grid.periods < 2:
        raise NotEnoughError(
            f"all {kept.height} messages lie in one {grid.step}; choose a shorter --step, or give a longer span"
        )
    period = grid.period_of(kept["time"]).astype(np.int32)
    distinct = _distinct_conversations(kept, period)
    return Corpus(
        counted=counted,
        place=place,
        messages=kept.select("time", "side", "source", "language", "unit"),
        grid=grid,
        step_reason="asked" if step else "chosen",
        period=period,
        author=codes(kept["author"]),
        unsigned=kept["author"].null_count(),
        conversation=codes(kept["thread"]) if distinct else None,
        group=codes(kept["language"], kept["source"], kept["side"]),
        removed={reason: count for reason, count in removed.items() if count},
        season=seasons(grid, kept["time"], period),
    )


def _ends(messages: pl.DataFrame) -> tuple[dt.date, dt.date]:
    """The days of the earliest and the latest message."""
    return messages.select(
        first=pl.col("time").min().dt.date(), last=pl.col("time").max().dt.date()
    ).row(0)  # fmt: skip


def choose_step(messages: pl.DataFrame) -> Step:
    """The step that gives nearest to 18 periods, among those with at least 50 people in the median period."""
    best, best_distance = Step.YEAR, np.inf
    for step in Step:
        voices = pl.col("author").drop_nulls().n_unique() + pl.col("author").null_count()
        people = messages.group_by(pl.col("time").dt.truncate(step.every)).agg(voices)["author"]
        first, last = messages["time"].min(), messages["time"].max()
        periods = Grid.covering(first, last, step).periods  # type: ignore[arg-type]
        sparse = float(people.median() or 0) < PEOPLE_PER_PERIOD  # type: ignore[arg-type]
        distance = abs(np.log(periods / PERIODS_SOUGHT)) + (np.log(30) if sparse and periods > 4 else 0)
        if distance < best_distance:
            best, best_distance = step, distance
    return best


def _distinct_conversations(messages: pl.DataFrame, period: NDArray[np.int32]) -> bool:
    """Whether conversations are many enough within a period to tell a trend from one event."""
    known = messages.select("thread").with_columns(period=pl.Series(period)).drop_nulls("thread")
    if known.height < messages.height / 2:
        return False
    per_period = known.group_by("period").agg(pl.col("thread").n_unique())["thread"]
    return float(per_period.median() or 0) >= CONVERSATIONS_PER_PERIOD  # type: ignore[arg-type]
