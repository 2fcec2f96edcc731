"""One question: what is coming In, what is going Out, and since when?"""

from __future__ import annotations

import dataclasses
from importlib.metadata import version
from typing import TYPE_CHECKING

from estran.analysis.board import board
from estran.analysis.corpus import prepare
from estran.analysis.coverage import coverage
from estran.analysis.movement import judge
from estran.analysis.themes import find_themes
from estran.findings import SCHEMA, Provenance, Tour

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from estran.analysis.progress import Progress
    from estran.findings import Notice
    from estran.model import Rejected, Step
    from estran.settings import Settings
    from estran.store.engine import Engine


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What reading files gave: messages, and all that has to be said about them.

    Attributes:
        messages: a frame of `model.MESSAGES`.
        rows: rows in the files; those of `messages` and `rejected` together.
        rejected: rows that could not be read.
        notices: what was assumed in reading them.
        files: their names.
        columns: column of Estran -> column of the file.
        left_out: messages outside the days that were asked for.
    """

    messages: pl.DataFrame
    rows: int
    rejected: tuple[Rejected, ...] = ()
    notices: tuple[Notice, ...] = ()
    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    left_out: int = 0


def take_the_tour(
    reading: Reading, engine: Engine, settings: Settings, *, step: Step | None, progress: Progress
) -> Tour:
    """Clean, count, test and show: the whole path from messages to findings.

    Raises:
        NotEnoughError: nothing is left to count, or all of it bears one date.
    """
    corpus = prepare(reading.messages, step=step, progress=progress)
    if reading.left_out:
        corpus = dataclasses.replace(
            corpus, removed={**corpus.removed, "outside the days asked": reading.left_out}
        )
    said = find_themes(corpus, engine, settings, progress=progress)
    judgement = judge(corpus, said, settings, progress=progress)
    progress.stage("board", None)
    lists = board(corpus, said, judgement, top=settings.top)
    return Tour(
        coming_in=lists.coming_in,
        going_out=lists.going_out,
        steady=lists.steady,
        too_early=lists.too_early,
        style=lists.style,
        coverage=coverage(
            corpus, said.tokens, read=reading.rows, rejected=reading.rejected, notices=reading.notices
        ),
        provenance=Provenance(
            estran=version("estran"),
            schema=SCHEMA,
            files=reading.files,
            columns=reading.columns,
            step=corpus.grid.step.value,
            since=corpus.messages["time"][0].date().isoformat(),
            until=corpus.messages["time"][-1].date().isoformat(),
            settings=dataclasses.asdict(settings),
            people=corpus.people,
            conversations=corpus.conversations,
            tested=judgement.tested,
            found=int(judgement.found.sum()),
            false_discovery_rate=settings.false_discovery_rate,
            lists=lists.themes,
        ),
    )
