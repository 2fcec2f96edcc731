"""What every question about the themes of a corpus starts from: they are found, judged and told from register once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from estran.analysis.board import Standing, standing
from estran.analysis.movement import judge
from estran.analysis.origin import covered, provenance
from estran.analysis.style import learn_register, with_register
from estran.analysis.themes import find_themes

if TYPE_CHECKING:
    from collections.abc import Callable

    from estran.analysis.corpus import Corpus
    from estran.analysis.movement import Judgement
    from estran.analysis.origin import Origin
    from estran.analysis.progress import Progress
    from estran.analysis.style import Register
    from estran.analysis.themes import Said
    from estran.findings import Coverage, Provenance
    from estran.settings import Settings
    from estran.store.engines import Engine

Found = TypeVar("Found")


@dataclass(frozen=True)  # no slots: what is costly is made when it is first asked for
class Ground:
    """The themes of a corpus, and what became of each.

    Attributes:
        corpus: n messages on their periods.
        origin: where they came from.
        engine: where texts are read.
        settings: what it is made with.
        progress: told about each stage.
        said: which message holds which of P themes; words of register are told from themes.
        judgement: which of them moved.
        register: what was learned of words of register.
    """

    corpus: Corpus
    origin: Origin
    engine: Engine
    settings: Settings
    progress: Progress
    said: Said
    judgement: Judgement
    register: Register

    @cached_property
    def stand(self) -> Standing:
        """The themes that moved, followed, and folded where they say the same thing."""
        return standing(self.said, self.judgement, periods=self.corpus.grid.periods)

    @cached_property
    def coverage(self) -> Coverage:
        """What the claims stand on."""
        return covered(self.corpus, self.origin, self.said)

    def provenance(self, **lists: int) -> Provenance:
        """Where findings come from; `lists` says how many themes each list has, shown or not."""
        return provenance(self.corpus, self.origin, self.judgement, self.settings, lists=lists)


def lay_ground(
    corpus: Corpus, origin: Origin, engine: Engine, settings: Settings, *, progress: Progress
) -> Ground:
    """Count and test: the path from prepared messages to what any question is asked of.

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
    register = learn_register(corpus, said)
    return Ground(
        corpus, origin, engine, settings, progress, with_register(said, register), judgement, register
    )


def asked_of_ground(question: Callable[[Ground], Found]) -> Callable[..., Found]:
    """A question about themes as one that is asked of messages: the ground is laid for it."""

    def asked(
        corpus: Corpus, origin: Origin, engine: Engine, settings: Settings, *, progress: Progress
    ) -> Found:
        return question(lay_ground(corpus, origin, engine, settings, progress=progress))

    return asked
