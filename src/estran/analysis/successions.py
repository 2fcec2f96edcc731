"""One question: what came in the place of what went out?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.analysis.board import gone_out
from estran.analysis.reasons import find_reasons
from estran.analysis.succession import find_successors
from estran.analysis.topic_cards import topics_of_themes, with_topics
from estran.findings import Level, Successions

if TYPE_CHECKING:
    from estran.analysis.ground import Ground
    from estran.findings import Movement


def succession(ground: Ground) -> Successions:
    """What came in the place of everything that went out, shown on a tour or not."""
    corpus, said, judgement, stand = ground.corpus, ground.said, ground.judgement, ground.stand
    engine, settings, progress = ground.engine, ground.settings, ground.progress
    successors = find_successors(corpus, said, judgement, stand.gone(said), engine, progress=progress)
    reasons = find_reasons(corpus, said, judgement, successors, engine, settings, progress=progress)
    progress.stage("board", None)
    gone = gone_out(corpus, said, judgement, stand, successors=successors, reasons=reasons)
    cards = tuple(sorted(gone, key=_unsure))
    found = Successions(
        going_out=cards, coverage=ground.coverage, provenance=ground.provenance(going_out=len(cards))
    )
    return with_topics(found, topics_of_themes(corpus, said, ground.origin))


def _unsure(movement: Movement) -> int:
    """The place of a theme among those that went out: the surest links first, those without successor last."""
    levels = list(Level)
    return levels.index(movement.successors[0].level) if movement.successors else len(levels)
