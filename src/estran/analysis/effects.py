"""What decisions moved: each theme at each mark, against those whom the decision did not concern (DESIGN 7.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import alike
from estran.analysis.called import nearest, theme_called
from estran.analysis.comparable import compared, speakers
from estran.analysis.effectcards import Asked, cards
from estran.analysis.marktests import judge_mark
from estran.analysis.windows import PERIODS, fitting
from estran.findings import Effects, MarkEffects, Notice, Outcome
from estran.stats.placebos import FEWEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.ground import Ground
    from estran.analysis.marktests import Judged
    from estran.analysis.themes import Said
    from estran.model import Mark


def effects(ground: Ground, marks: Sequence[Mark]) -> Effects:
    """What each mark moved: of the themes that it names, or of all."""
    found = []
    ground.progress.stage("marks", len(marks))
    for mark in sorted(marks, key=lambda m: (m.day, m.label)):
        found.append(_of_mark(ground, mark))
        ground.progress.advance(1)
    moved = sum(each.counts.get(Outcome.MOVED, 0) for each in found)
    return Effects(tuple(found), ground.coverage, ground.provenance(marks=len(found), moved=moved))


def _of_mark(ground: Ground, mark: Mark) -> MarkEffects:
    """What one mark moved, or why that cannot be asked."""
    corpus, said = ground.corpus, ground.said
    told = MarkEffects(
        mark.id, mark.label, mark.day.isoformat(), (mark.end or mark.day).isoformat(), str(mark.scope), mark.themes
    )  # fmt: skip
    asked = corpus.step_reason == "asked"
    window = fitting(mark, corpus.first, corpus.last, longest=corpus.grid.step, asked=asked)
    if window is None:
        return replace(told, notices=(_outside(corpus, mark),))
    told = replace(told, step=window.step.value)
    period = window.period_of(corpus.messages["time"])
    pair = compared(corpus, mark.scope, period, PERIODS)
    if isinstance(pair, Notice):
        return replace(told, notices=(pair,))
    named, notices = _named(said, mark)
    if mark.themes and not named:
        return replace(told, notices=tuple(notices))
    people: tuple[int, ...] = speakers(corpus, pair.scope, period, PERIODS)
    if pair.kind:
        people += speakers(corpus, pair.elsewhere, period, PERIODS)
    elif told.scope:
        notices.append(Notice("mark-nothing-like-it", {"scope": told.scope}))
    judged = judge_mark(corpus, said, pair, period, named or None, ground.settings)
    if judged.others.max(initial=0) < FEWEST:
        notices.append(Notice("mark-few-others", {"others": int(judged.others.max(initial=0))}))
    chosen = np.arange(len(named)) if named else _foremost(ground, judged)
    return replace(
        told,
        compared=pair.kind,
        against=pair.names,
        people=people,
        counts={outcome.value: judged.outcome.count(outcome) for outcome in Outcome},
        effects=cards(Asked(corpus, said, window, pair, period), judged, chosen),
        notices=tuple(notices),
    )


def _foremost(ground: Ground, judged: Judged) -> NDArray[np.int64]:
    """Places of the themes that moved, the surest first, one of those that say the same thing."""
    moved = np.flatnonzero(np.array([each is Outcome.MOVED for each in judged.outcome], bool))
    order = moved[np.argsort(judged.p[moved], kind="stable")]
    heads = alike(judged.themes[order], ground.judgement, ground.said.concepts)
    return order[np.array(list(heads), np.int64)[: ground.settings.top]]


def _outside(corpus: Corpus, mark: Mark) -> Notice:
    """Why no periods fit around a mark."""
    asked = corpus.step_reason == "asked"
    inside = corpus.first <= mark.day and (mark.end or mark.day) <= corpus.last
    return Notice(
        "mark-near-the-edge" if inside else "mark-outside",
        {
            "first": corpus.first.isoformat(),
            "last": corpus.last.isoformat(),
            "step": corpus.grid.step.value if asked else "week",
        },
    )


def _named(said: Said, mark: Mark) -> tuple[list[int], list[Notice]]:
    """The themes that a mark names, and what is to be said of words that are none."""
    named: list[int] = []
    notices = []
    for word in mark.themes:
        number = theme_called(said.concepts, word)
        if number is None:
            near = ", ".join(nearest(said.concepts, word))
            notices.append(Notice("mark-no-theme", {"word": word, "nearest": near}))
        elif number not in named:
            named.append(number)
    return named, notices
