"""One question: what is coming In, what is going Out, since when, why, and what came in its place?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.analysis.board import board
from estran.analysis.reasons import find_reasons
from estran.analysis.style import how_people_speak
from estran.analysis.succession import find_successors
from estran.analysis.topic_cards import topics_of_themes, with_topics
from estran.findings import Tour

if TYPE_CHECKING:
    from estran.analysis.ground import Ground


def tour(ground: Ground) -> Tour:
    """The two lists, why themes went out, what came in their place, and all the themes that hold or cannot be told."""
    corpus, said, judgement, stand = ground.corpus, ground.said, ground.judgement, ground.stand
    engine, settings, progress = ground.engine, ground.settings, ground.progress
    gone = stand.gone(said, top=settings.top)
    successors = find_successors(corpus, said, judgement, gone, engine, progress=progress)
    reasons = find_reasons(corpus, said, judgement, successors, engine, settings, progress=progress)
    progress.stage("board", None)
    lists = board(
        corpus,
        said,
        judgement,
        top=settings.top,
        stand=stand,
        successors=successors,
        reasons=reasons,
    )
    told = Tour(
        coming_in=lists.coming_in,
        going_out=lists.going_out,
        steady=lists.steady,
        too_early=lists.too_early,
        style=how_people_speak(stand, said.concepts, ground.register.evenness, top=settings.top),
        followed=lists.followed,
        become_normal=lists.become_normal,
        coverage=ground.coverage,
        provenance=ground.provenance(**lists.themes),
    )
    return with_topics(told, topics_of_themes(corpus, said, ground.origin))
