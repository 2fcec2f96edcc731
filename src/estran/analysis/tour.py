"""One question: what is coming In, what is going Out, since when, why, and what came in its place?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.analysis.board import board, how_people_speak, standing
from estran.analysis.movement import judge
from estran.analysis.origin import Origin, covered, provenance
from estran.analysis.reasons import find_reasons
from estran.analysis.style import learn_register, with_register
from estran.analysis.succession import find_successors
from estran.analysis.themes import find_themes
from estran.analysis.topic_cards import topics_of_themes, with_topics
from estran.findings import Tour

if TYPE_CHECKING:
    from estran.analysis.corpus import Corpus
    from estran.analysis.progress import Progress
    from estran.settings import Settings
    from estran.store.engines import Engine

__all__ = ["Origin", "take_the_tour"]


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
    said = find_themes(
        corpus, engine, settings, progress=progress, hands=origin.hands, meanings=origin.meanings
    )
    judgement = judge(corpus, said, settings, progress=progress)
    register = learn_register(corpus, said)
    said = with_register(said, register)
    stand = standing(said, judgement, periods=corpus.grid.periods)
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
    tour = Tour(
        coming_in=lists.coming_in,
        going_out=lists.going_out,
        steady=lists.steady,
        too_early=lists.too_early,
        style=how_people_speak(stand, said.concepts, register.evenness, top=settings.top),
        followed=lists.followed,
        become_normal=lists.become_normal,
        coverage=covered(corpus, origin, said),
        provenance=provenance(corpus, origin, judgement, settings, lists=lists.themes),
    )
    return with_topics(tour, topics_of_themes(corpus, said, origin))
