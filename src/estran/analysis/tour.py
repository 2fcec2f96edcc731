"""One question: what is coming In, what is going Out, and since when?"""

from __future__ import annotations

import dataclasses
from importlib.metadata import version
from typing import TYPE_CHECKING

from estran.analysis.board import board
from estran.analysis.coverage import coverage
from estran.analysis.hands import NO_HANDS
from estran.analysis.movement import judge
from estran.analysis.themes import find_themes
from estran.findings import SCHEMA, Provenance, Tour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.analysis.corpus import Corpus
    from estran.analysis.hands import Hands
    from estran.analysis.progress import Progress
    from estran.findings import Notice
    from estran.model import Rejected
    from estran.settings import Settings
    from estran.store.engines import Engine


@dataclasses.dataclass(frozen=True, slots=True)
class Origin:
    """Where messages came from, and all that has to be said about how they were read.

    Attributes:
        rows: rows that were read; messages and refused ones together.
        rejected: rows that could not be read.
        notices: what was assumed in reading them.
        files: names of the files, or of the workspace.
        columns: column of Estran -> column of the file.
        hands: what somebody said of their themes, and who knows the themes of before.
    """

    rows: int
    rejected: tuple[Rejected, ...] = ()
    notices: tuple[Notice, ...] = ()
    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    hands: Hands = NO_HANDS


def take_the_tour(
    corpus: Corpus, origin: Origin, engine: Engine, settings: Settings, *, progress: Progress
) -> Tour:
    """Count, test and show: the whole path from prepared messages to findings.

    Args:
        corpus: the messages, on their periods.
        origin: where they came from.
        engine: where the second pass of counting runs.
        settings: what the tour is made with.
        progress: told about each stage.
    """
    said = find_themes(corpus, engine, settings, progress=progress, hands=origin.hands)
    judgement = judge(corpus, said, settings, progress=progress)
    progress.stage("board", None)
    lists = board(corpus, said, judgement, top=settings.top)
    return Tour(
        coming_in=lists.coming_in,
        going_out=lists.going_out,
        steady=lists.steady,
        too_early=lists.too_early,
        style=lists.style,
        followed=lists.followed,
        coverage=coverage(
            corpus,
            said.tokens,
            read=origin.rows,
            rejected=origin.rejected,
            notices=(*origin.notices, *said.notices),
        ),
        provenance=Provenance(
            estran=version("estran"),
            schema=SCHEMA,
            files=origin.files,
            columns=origin.columns,
            step=corpus.grid.step.value,
            since=corpus.first.isoformat(),
            until=corpus.last.isoformat(),
            settings=dataclasses.asdict(settings),
            people=corpus.people,
            conversations=corpus.conversations,
            tested=judgement.tested,
            found=int(judgement.found.sum()),
            false_discovery_rate=settings.false_discovery_rate,
            lists=lists.themes,
        ),
    )
