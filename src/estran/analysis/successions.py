"""One question: what came in the place of what went out?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.analysis.board import gone_out, standing
from estran.analysis.movement import judge
from estran.analysis.origin import covered, provenance
from estran.analysis.reasons import find_reasons
from estran.analysis.style import learn_register, with_register
from estran.analysis.succession import find_successors
from estran.analysis.themes import find_themes
from estran.analysis.topic_cards import topics_of_themes, with_topics
from estran.findings import Level, Successions

if TYPE_CHECKING:
    from estran.analysis.corpus import Corpus
    from estran.analysis.origin import Origin
    from estran.analysis.progress import Progress
    from estran.findings import Movement
    from estran.settings import Settings
    from estran.store.engines import Engine


def succession(
    corpus: Corpus, origin: Origin, engine: Engine, settings: Settings, *, progress: Progress
) -> Successions:
    """What came in the place of everything that went out, shown on a tour or not.

    Args:
        corpus: the messages, on their periods.
        origin: where they came from.
        engine: where texts are read.
        settings: what it is made with.
        progress: told about each stage.
    """
    said = find_themes(
        corpus, engine, settings, progress=progress, hands=origin.hands, meanings=origin.meanings
    )
    judgement = judge(corpus, said, settings, progress=progress)
    said = with_register(said, learn_register(corpus, said))
    stand = standing(said, judgement, periods=corpus.grid.periods)
    successors = find_successors(corpus, said, judgement, stand.gone(said), engine, progress=progress)
    reasons = find_reasons(corpus, said, judgement, successors, engine, settings, progress=progress)
    progress.stage("board", None)
    gone = gone_out(corpus, said, judgement, stand, successors=successors, reasons=reasons)
    cards = tuple(sorted(gone, key=_unsure))
    found = Successions(
        going_out=cards,
        coverage=covered(corpus, origin, said),
        provenance=provenance(corpus, origin, judgement, settings, lists={"going_out": len(cards)}),
    )
    return with_topics(found, topics_of_themes(corpus, said, origin))


def _unsure(movement: Movement) -> int:
    """The place of a theme among those that went out: the surest links first, those without successor last."""
    levels = list(Level)
    return levels.index(movement.successors[0].level) if movement.successors else len(levels)
