"""Messages made ready to be counted: cleaned, placed in time, and coded for arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.errors import NotEnoughError
from estran.model import Grid, Step
from estran.privacy import MASKS
from estran.text.clean import clean
from estran.text.language import with_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estran.analysis.progress import Progress

CONVERSATIONS_PER_PERIOD = 3
"""Below it a conversation is as long as a period, and says nothing that the period does not say already."""

PERIODS_SOUGHT = 18
PEOPLE_PER_PERIOD = 50


@dataclass(frozen=True, slots=True)
class Corpus:
    """Messages in order of time, with one code per message for each thing they are counted by.

    Attributes:
        messages: `model.MESSAGES` with `spoken` (what is counted) and `headline`; n rows.
        grid: the periods.
        step_reason: why the grid has its step: "asked", or "chosen".
        period: (n,) number of the period.
        author: (n,) dense code; a message that nobody signed is its own author.
        conversation: (n,) dense code, or None where conversations are unknown or as long as a period.
        group: (n,) code of language x source x side, the strata of the tests.
        removed: reason -> messages (or lines) that cleaning set aside.
    """

    messages: pl.DataFrame
    grid: Grid
    step_reason: str
    period: NDArray[np.int32]
    author: NDArray[np.int32]
    conversation: NDArray[np.int32] | None
    group: NDArray[np.int32]
    removed: Mapping[str, int]

    @property
    def people(self) -> int:
        """Distinct authors."""
        return int(self.author.max(initial=-1)) + 1

    @property
    def conversations(self) -> int:
        """Distinct conversations; 0 where they cannot be used."""
        return 0 if self.conversation is None else int(self.conversation.max(initial=-1)) + 1


def prepare(messages: pl.DataFrame, *, step: Step | None, progress: Progress) -> Corpus:
    """Clean the messages, tell their language, and lay them on a grid of periods.

    Args:
        messages: a frame of `model.MESSAGES`.
        step: length of a period, or None to choose it from the span and the volume.
        progress: told about each stage.

    Raises:
        NotEnoughError: nothing is left, or everything bears one date.
    """
    if messages.height < 2:
        raise NotEnoughError(
            f"{messages.height} dated message is not enough for a trend; give at least two periods of messages"
            if messages.height
            else "there is no message to read: every row was refused, see the list above"
        )
    progress.stage("language", None)
    spoken = with_language(messages.sort("time", "id", maintain_order=True))
    progress.stage("clean", spoken.height)
    cleaned = clean(spoken, progress=progress.advance)
    kept = cleaned.messages.with_columns(pl.col("spoken").str.replace_many(list(MASKS), ["\n"] * len(MASKS)))
    if kept.height < 2 or kept["time"].n_unique() < 2:
        raise NotEnoughError(
            f"of {messages.height} messages {kept.height} are left after cleaning, on "
            f"{kept['time'].n_unique()} date: a trend needs messages of at least two periods"
        )
    grid = Grid.covering(kept["time"].min(), kept["time"].max(), step or choose_step(kept))  # type: ignore[arg-type]
    if grid.periods < 2:
        raise NotEnoughError(
            f"all {kept.height} messages lie in one {grid.step}; choose a shorter --step, or give a longer span"
        )
    period = grid.period_of(kept["time"]).astype(np.int32)
    thread = codes(kept["thread"])
    return Corpus(
        messages=kept,
        grid=grid,
        step_reason="asked" if step else "chosen",
        period=period,
        author=codes(kept["author"]),
        conversation=thread if _distinct_conversations(kept, period) else None,
        group=codes(kept["language"], kept["source"], kept["side"]),
        removed=cleaned.removed,
    )


def codes(*keys: pl.Series) -> NDArray[np.int32]:
    """Dense codes of the rows' keys by first appearance, (n,); where the one key is null, the row is of its own.

    First appearance, not alphabet: the order of pseudonyms changes with their key, and sums of floats with the order.
    """
    frame = pl.DataFrame([key.alias(str(k)) for k, key in enumerate(keys)]).with_row_index("row")
    first = pl.col("row").min().over([str(k) for k in range(len(keys))])
    if len(keys) == 1:
        first = pl.when(pl.col("0").is_null()).then("row").otherwise(first)
    return frame.select(first.rank("dense").cast(pl.Int32) - 1).to_series().to_numpy()


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
