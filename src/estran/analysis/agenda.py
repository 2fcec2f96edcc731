"""One question: of what was announced, what did people take up, and what installed itself though nobody announced it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

from estran.analysis.board import id_of, movements, on_board
from estran.analysis.evidence import quotes
from estran.analysis.succession import related
from estran.analysis.themes import Said, who_says
from estran.analysis.uptake import Taken, taken_up
from estran.analysis.voices import voices_in
from estran.errors import NotEnoughError
from estran.findings import Agenda, AnnouncedTheme, Estimate, Notice, Uptake
from estran.model import Concept
from estran.privacy import FIGURES
from estran.stats.presence import people_saying
from estran.stats.voice import share_of_voice
from estran.text.announced import announced

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.ground import Ground
    from estran.findings import Movement, Quote
    from estran.sources.plans import Plan
    from estran.text.announced import Announced

FLAT = 0.01
"""A theme that at most so large a share of people says has fallen flat."""

PLACES = 3
"""Lines of the plan that are named for a theme."""

MOST = 200
"""Themes of a plan that are looked at, those that it names most often."""

MANY_DAYS = 12
"""Distinct days; of more, each month counts as announced on the first of them in it."""

TWO = 2
SHARE = "share of people"


def agenda(ground: Ground, plan: Plan, *, day: dt.date | None = None) -> Agenda:
    """What became of each theme that a plan announces, and what came In without it.

    Args:
        ground: of all messages.
        plan: what was announced.
        day: on which, where the plan does not say; without it no effect is claimed.

    Raises:
        NotEnoughError: the plan names no theme.
    """
    named = announced([line.text for line in plan.lines], ground.said.concepts)
    if not named:
        raise NotEnoughError(
            f"no theme can be read in {plan.file} (lines with words: {len(plan.lines)}): a plan names its themes in words, a line each"
        )
    more = len(named) - MOST
    named = tuple(sorted(named, key=lambda each: -len(each.lines))[:MOST])
    whole = _together(ground, named)
    days = _days(plan, named, day)
    rate = ground.settings.false_discovery_rate
    taken = taken_up(ground.corpus, whole.said, whole.number, days, rate=rate)
    notices = (
        *([Notice("plan-refused", {"rows": len(plan.rejected), "file": plan.file})] if plan.rejected else []),
        *([Notice("plan-long", {"themes": more})] if more > 0 else []),
        *taken.notices,
    )
    themes = [_told(ground, plan, each, k, whole, days, taken) for k, each in enumerate(named)]
    order = list(Uptake)
    themes.sort(key=lambda each: (order.index(each.answer), -(each.people or 0)))
    before, after = _voice(ground, whole, min((d for d in days if d), default=None))
    installed = _installed(ground, named)
    found = sum(each.answer is Uptake.TAKEN_UP for each in themes)
    return Agenda(
        file=plan.file,
        lines=len(plan.lines),
        days=tuple(sorted({d.isoformat() for d in days if d})),
        step=taken.step,
        themes=tuple(themes),
        installed=installed,
        voice_before=before,
        voice=after,
        notices=notices,
        coverage=ground.coverage,
        provenance=ground.provenance(announced=len(themes), taken_up=found, installed=len(installed)),
    )


@dataclass(frozen=True, slots=True)
class _Whole:
    """The themes of the corpus, and behind them the announced words that are none but that enough people say.

    Attributes:
        said: who says which.
        number: (K,) of each announced theme; -1 where fewer than five people say it.
        people: (K,) distinct people who say each, however few.
    """

    said: Said
    number: NDArray[np.int64]
    people: NDArray[np.int64]


def _together(ground: Ground, named: Sequence[Announced]) -> _Whole:
    """Announced words that are no theme are counted like those: exactly, person by person."""
    own = ground.said
    others = [k for k, each in enumerate(named) if each.concept is None]
    number = np.array([-1 if each.concept is None else each.concept for each in named], np.int64)
    people = np.where(number >= 0, ground.judgement.people[number], 0)
    if not others:
        return _Whole(own, number, people)
    words = [Concept(named[k].label, named[k].forms, 1.0) for k in others]
    every = who_says(ground.corpus, words, ground.engine, ground.settings, progress=ground.progress)
    saying = people_saying(every.message, every.concept, ground.corpus.author, themes=len(words))
    people[others] = saying
    keep = saying >= FIGURES
    place = np.where(keep, len(own.concepts) + np.cumsum(keep) - 1, -1)
    number[others] = place
    kept = keep[every.concept]
    message = np.concatenate([own.message, every.message[kept]])
    concept = np.concatenate([own.concept, place[every.concept[kept]].astype(np.int32)])
    # two runs that rise already: a stable sort merges them, where a lexical one would begin anew
    order = np.argsort(message.astype(np.int64) * (len(own.concepts) + len(words)) + concept, kind="stable")
    said = replace(
        own,
        concepts=(*own.concepts, *(word for word, k in zip(words, keep.tolist(), strict=True) if k)),
        message=message[order],
        concept=concept[order],
        nested=np.concatenate([own.nested, every.nested[keep]]),
    )
    return _Whole(said, number, people)


def _days(plan: Plan, named: Sequence[Announced], day: dt.date | None) -> list[dt.date | None]:
    """The first day on which each theme is announced."""
    days = [
        min((d for d in (plan.lines[at].day for at in each.lines) if d is not None), default=day)
        for each in named
    ]
    if len({d for d in days if d}) <= MANY_DAYS:
        return days
    first: dict[tuple[int, int], dt.date] = {}
    for d in sorted(d for d in days if d):
        first.setdefault((d.year, d.month), d)
    return [d and first[d.year, d.month] for d in days]


def _told(
    ground: Ground,
    plan: Plan,
    each: Announced,
    k: int,
    whole: _Whole,
    days: Sequence[dt.date | None],
    taken: Taken,
) -> AnnouncedTheme:
    number, people, day = int(whole.number[k]), int(whole.people[k]), days[k]
    concept = whole.said.concepts[number] if number >= 0 else Concept(each.label, each.forms[:1], 1.0)
    found = taken.of.get(k)
    whole_span = _whole_span(ground, people)
    before, after = (found.before, found.after) if found else (None, whole_span)
    answer = _answer(found.answer if found else None, people, after, dated=day is not None)
    if found and found.hidden:
        after = whole_span
    return AnnouncedTheme(
        id=id_of(concept) if each.concept is not None else "",
        label=concept.label,
        labels=concept.labels,
        places=tuple(plan.lines[at].place for at in each.lines[:PLACES]),
        day=day.isoformat() if day else None,
        answer=answer,
        before=before,
        after=after if people == 0 or people >= FIGURES else None,
        ratio=found.ratio if found else None,
        detectable=found.detectable if found else None,
        people=None if 0 < people < FIGURES else people,
        quotes=_quotes(ground, whole, number) if answer is Uptake.TAKEN_UP else (),
    )


def _answer(tested: Uptake | None, people: int, after: Estimate, *, dated: bool) -> Uptake:
    """What became of a theme: claims first, then what its upper bound excludes."""
    if people == 0:
        return Uptake.NEVER
    if tested in {Uptake.TAKEN_UP, Uptake.SAID_LESS}:
        return tested
    if after.high < FLAT:
        return Uptake.FLAT
    if tested is not None:
        return tested
    return Uptake.UNSEEN if dated or people < FIGURES else Uptake.SPOKEN


def _whole_span(ground: Ground, people: int) -> Estimate:
    """The plain share of all people, with Jeffreys' interval; the bound of too few is that of four, and tells no more."""
    many = ground.corpus.people
    few = 0 < people < FIGURES
    yes = min(FIGURES - 1 if few else people, many)
    low = float(betaincinv(yes + 0.5, many - yes + 0.5, 0.025)) if yes and not few else 0.0
    high = float(betaincinv(yes + 0.5, many - yes + 0.5, 0.975)) if yes < many else 1.0
    return Estimate(yes / many, low, high, SHARE)


def _quotes(ground: Ground, whole: _Whole, number: int) -> tuple[Quote, ...]:
    rows = whole.said.message[whole.said.concept == number]
    last = ground.corpus.grid.periods
    return quotes(ground.corpus, whole.said.concepts[number], rows, periods=(last // 2, last), most=TWO)


def _voice(ground: Ground, whole: _Whole, day: dt.date | None) -> tuple[Estimate | None, Estimate | None]:
    """The share of announced themes in all that people speak of: before a day and from it on, or over the span."""
    themes = np.array([on_board(concept) for concept in whole.said.concepts], bool)
    chosen = np.zeros(len(themes), bool)
    chosen[whole.number[whole.number >= 0]] = True
    days = ground.corpus.messages["time"].dt.date()
    cell = (days >= day).to_numpy().astype(np.int32) if day else np.zeros(len(days), np.int32)
    periods = TWO if day else 1
    rows = voices_in(ground.corpus, whole.said, cell)
    value, low, high = share_of_voice(rows, chosen, themes | chosen, periods=periods)
    users = rows.presence.take(np.flatnonzero(chosen)).indices
    few = [0 < len(np.unique(rows.cluster[users[rows.period[users] == t]])) < FIGURES for t in range(periods)]
    told = [
        Estimate(float(value[t]), float(low[t]), float(high[t]), "share of what is spoken of")
        if np.isfinite(value[t]) and not any(few)
        else None
        for t in range(periods)
    ]
    return (told[0], told[1]) if day else (None, told[0])


def _installed(ground: Ground, named: Sequence[Announced]) -> tuple[Movement, ...]:
    """Themes that came In, and that no line of the plan names, nor a longer or shorter form of them."""
    stand, concepts = ground.stand, ground.said.concepts
    own = np.array(sorted({each.concept for each in named if each.concept is not None}), np.int64)
    words = {form for each in named for _, form in each.forms}
    numbers = [int(stand.course.themes[place.k]) for place in stand.incoming]
    free = [
        number
        for number in numbers
        if number not in own
        and not related(concepts, number, own).any()
        and not any(_holds(word, form) for word in words for _, form in concepts[number].variants)
    ][: ground.settings.top]
    return movements(ground.corpus, ground.said, ground.judgement, np.array(free, np.int64)) if free else ()


def _holds(one: str, other: str) -> bool:
    """Whether one of two phrases stands in the other."""
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "
