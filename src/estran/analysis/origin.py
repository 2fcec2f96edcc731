"""Where findings come from, and with which settings they can be made again."""

from __future__ import annotations

import dataclasses
from importlib.metadata import version
from typing import TYPE_CHECKING

from estran.analysis.coverage import coverage
from estran.analysis.hands import NO_HANDS
from estran.findings import SCHEMA, Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.analysis.corpus import Corpus
    from estran.analysis.hands import Hands
    from estran.analysis.meanings import Meanings
    from estran.analysis.movement import Judgement
    from estran.analysis.themes import Said
    from estran.findings import Coverage, Notice
    from estran.model import Rejected
    from estran.settings import Settings
    from estran.store.topics import TopicsAtRest


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
        meanings: vectors of their texts, where some are kept.
        topics: that were found in them before, where some are kept.
    """

    rows: int
    rejected: tuple[Rejected, ...] = ()
    notices: tuple[Notice, ...] = ()
    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    hands: Hands = NO_HANDS
    meanings: Meanings | None = None
    topics: TopicsAtRest | None = None


def covered(corpus: Corpus, origin: Origin, said: Said) -> Coverage:
    """What the claims stand on."""
    notices = (*origin.notices, *said.notices)
    return coverage(corpus, said.tokens, read=origin.rows, rejected=origin.rejected, notices=notices)


def provenance(
    corpus: Corpus, origin: Origin, judgement: Judgement, settings: Settings, *, lists: Mapping[str, int]
) -> Provenance:
    """What made the findings about themes.

    Args:
        corpus: the messages.
        origin: where they came from.
        judgement: what was tested and found.
        settings: what it was made with.
        lists: themes in each list, shown or not.
    """
    tested, found = judgement.tested, int(judgement.found.sum())
    return made_of(corpus, origin, settings, tested=tested, found=found, lists=lists)


def made_of(
    corpus: Corpus,
    origin: Origin,
    settings: Settings,
    *,
    tested: int,
    found: int,
    lists: Mapping[str, int] | None = None,
) -> Provenance:
    """What made findings of any kind.

    Args:
        corpus: the messages.
        origin: where they came from.
        settings: what it was made with.
        tested: how many things were tested.
        found: how many of them are claimed.
        lists: themes in each list, shown or not.
    """
    return Provenance(
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
        tested=tested,
        found=found,
        false_discovery_rate=settings.false_discovery_rate,
        lists=lists or {},
    )
