"""One page: the tour, and every other question that these messages can answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from estran.analysis.continuum import continuum
from estran.analysis.culture import culture
from estran.analysis.effects import effects
from estran.analysis.environments import landscape
from estran.analysis.organisation import organisation
from estran.analysis.pull import pull
from estran.analysis.tour import tour
from estran.analysis.unanswered import unanswered
from estran.errors import NotEnoughError
from estran.findings import Report
from estran.model import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from estran.analysis.ground import Ground
    from estran.findings import Answer
    from estran.model import Mark
    from estran.text.families import Family

    Question = Callable[[Ground], Answer]


def everything(
    ground: Ground, *, marks: Sequence[Mark], families: Sequence[Family], kinds: Mapping[str, str]
) -> Report:
    """The tour, and the answers to the questions that the messages are of a kind for.

    Args:
        ground: of all of them; it is laid once.
        marks: decisions; without any, nothing is asked of them.
        families: of words of culture and behaviour.
        kinds: source -> kind of tool, where somebody said it.
    """
    parts, left_out = [], {}
    for name, question in _questions(ground, marks, families, kinds):
        try:
            parts.append(question(ground))
        except NotEnoughError as why:
            left_out[name] = str(why)
    return Report(tour(ground), tuple(parts), left_out)


def _questions(
    ground: Ground, marks: Sequence[Mark], families: Sequence[Family], kinds: Mapping[str, str]
) -> Iterator[tuple[str, Question]]:
    """What is asked: of sides, tools and units where there are several, of marks where there are any."""
    messages = ground.corpus.messages
    sides = set(messages["side"].drop_nulls().unique())
    if len(sides) > 1:
        yield "continuum", continuum
        yield "pull", pull
        yield "unanswered", unanswered
    if messages["source"].n_unique() > 1:
        yield "landscape", landscape(kinds)
    if messages["unit"].n_unique() > 1:
        yield "organisation", organisation
    if marks:
        yield "effects", partial(effects, marks=marks)
    if Side.INSIDE in sides:
        yield "culture", partial(culture, families=families)
