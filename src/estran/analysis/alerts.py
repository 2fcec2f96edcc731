"""Which themes are said more, or less, than their past makes expect, by rules that somebody wrote."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.analysis.alarmcards import Cards, held
from estran.analysis.board import id_of
from estran.analysis.daily import daily, in_season
from estran.findings import Alarm, Notice, RuleLooked, Watched
from estran.model import EVERYTHING, Scope
from estran.privacy import FIGURES
from estran.stats.alarms import (
    AFRESH,
    LEARNT,
    REMEMBERED,
    WEEK,
    WINDOWS,
    Alarms,
    Last,
    Past,
    known,
    raised,
    threshold,
)
from estran.stats.presence import people_saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from estran.analysis.corpus import Corpus
    from estran.analysis.daily import Daily
    from estran.analysis.themes import Said
    from estran.stats.presence import Bools, Ints


class Raised(NamedTuple):
    """The days of an alarm that was raised."""

    since: dt.date
    until: dt.date


if TYPE_CHECKING:
    Memory = Mapping[tuple[str, str, str, str | None], Raised]

AT_ONCE = 2_000
"""Themes whose days are held at once."""

LONGEST_LOOK = 366
"""Days that are looked at, at the most; what lies before is past."""

SILENT = 7
"""Days without a word, and three times the longest pause that is usual: then a source is silent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is watched.

    Attributes:
        name: of the rule.
        themes: words of themes, as people write them, or ids; () for all.
        scopes: which messages count, each by itself.
        rise: whether rises are told.
        fall: whether falls are.
        rate: false alarms that are accepted in a theme-year; both directions together.
        in_all: whether `rate` is a year of all themes and scopes of the rule together.
        quotes: whether alarms come with quotes.
        send: names of places.
    """

    name: str
    themes: tuple[str, ...]
    scopes: tuple[Scope, ...] = (EVERYTHING,)
    rise: bool = True
    fall: bool = True
    rate: float = 0.1
    in_all: bool = False
    quotes: bool = False
    send: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found by a rule in one scope; `alarms` with the evidence of each."""

    rule: RuleLooked
    alarms: tuple[tuple[float, Alarm], ...]


def whole_until(corpus: Corpus) -> dt.date:
    """The last day that is whole, as far as the messages can tell: the one before that of the last message."""
    return corpus.last - dt.timedelta(days=1)


def look(
    corpus: Corpus,
    said: Said,
    rule: Rule,
    *,
    before: Memory,
    since: dt.date | None = None,
) -> Iterator[Looked]:
    """What a rule finds, scope by scope.

    Args:
        corpus: n messages.
        said: what they say.
        rule: what is watched.
        before: (rule, theme, unit, side) -> days of the last alarm: the past begins anew after them.
        since: first day to look at; by default the last whole day alone.
    """
    themes, unsaid = _meant(said, rule)
    until = whole_until(corpus)
    looks = min(max((until - since).days + 1, 0), LONGEST_LOOK) if since else 1
    weight = _weight(corpus, said, themes, until)
    rate = rule.rate / max(weight * len(rule.scopes), 1.0) if rule.in_all else rule.rate
    for scope in rule.scopes:
        yield _Look(corpus, said, rule, scope, rate, weight, until, looks).told(themes, unsaid, before)


def _weight(corpus: Corpus, said: Said, themes: Ints, until: dt.date) -> float:
    """How many themes false alarms come from: one that is said less than once a week raises as many fewer."""
    days = corpus.messages["time"].dt.date()
    year = days.is_between(until - dt.timedelta(days=52 * WEEK - 1), until).to_numpy()[said.message]
    messages = np.bincount(said.concept[year], minlength=len(said.concepts))[themes]
    return float(np.minimum(messages / 52.0, 1.0).sum())


def _meant(said: Said, rule: Rule) -> tuple[Ints, tuple[str, ...]]:
    """(P,) the concepts that a rule means, and the words of it that nobody, or too few, said."""
    if not rule.themes:
        all_ = [j for j, c in enumerate(said.concepts) if (c.kind == "theme" or c.followed) and not c.ignored]
        return np.array(all_, np.int64), ()
    called: dict[str, int] = {}
    for j, concept in enumerate(said.concepts):
        names = (
            id_of(concept),
            concept.label,
            *concept.labels.values(),
            *(form for _, form in concept.variants),
        )
        for name in names:
            called.setdefault(_folded(name), j)
    found = {word: called.get(_folded(word)) for word in rule.themes}
    meant = dict.fromkeys(j for j in found.values() if j is not None)
    return np.array(list(meant), np.int64), tuple(word for word, j in found.items() if j is None)


def _folded(word: str) -> str:
    return " ".join(word.replace("’", "'").replace("' ", "'").casefold().split())


@dataclass(frozen=True, slots=True)
class _Look:
    """A look by one rule at one scope."""

    corpus: Corpus
    said: Said
    rule: Rule
    scope: Scope
    rate: float
    weight: float
    until: dt.date
    looks: int

    def level(self, *, rise: bool) -> float:
        """The threshold: where both directions are told, each has half of the false alarms."""
        return threshold(self.rate / (2.0 if self.rule.rise and self.rule.fall else 1.0), rise=rise)

    def told(self, themes: Ints, unsaid: Sequence[str], before: Memory) -> Looked:
        """All that is found, and how it stands with themes that are named."""
        within = held(self.corpus.messages, self.scope)
        days = self.corpus.messages["time"].dt.date()
        spoken = days.filter(within & (days <= self.until).to_numpy())
        start = self.until - dt.timedelta(days=WEEK * REMEMBERED + max(WINDOWS) + self.looks + WEEK)
        people = self._people(themes, within)
        alarms: list[tuple[float, Alarm]] = []
        watched: list[Watched] = []
        enough, withheld = 0, 0
        first = max(start, min(spoken, default=self.until))
        for at in range(0, len(themes), AT_ONCE):
            some = themes[at : at + AT_ONCE]
            counts = daily(self.corpus, self.said, some, within=within, since=first, until=self.until)
            counts = in_season(counts, before=len(counts.seen) - self.looks + 1 - max(WINDOWS))
            last = self._last(some, before, counts.first)
            rise, fall = self.level(rise=True), self.level(rise=False)
            found = raised(
                counts.seen, counts.due, looks=self.looks, last=last, clumps=counts.clumps,
                rise=rise if self.rule.rise else math.inf, fall=fall if self.rule.fall else math.inf,
            )  # fmt: skip
            past = known(
                counts.seen, counts.due, rise=rise, last=last, clumps=counts.clumps, needed=bool(self.rule.themes)
            )  # fmt: skip
            there = people[at : at + AT_ONCE] >= FIGURES
            enough += int((past.enough & there).sum())
            own, hidden = self._alarms(some, counts, found, within, last)
            alarms += own
            withheld += hidden
            if self.rule.themes:
                hit = {alarm.theme for _, alarm in own}
                watched += [
                    self._stands(int(j), k, past, before, allowed=bool(there[k]), hit=hit)
                    for k, j in enumerate(some)
                ]
        heard = max(spoken, default=None)
        rule = RuleLooked(
            rule=self.rule.name,
            unit=self.scope.unit,
            side=self.scope.side,
            rise=self.rule.rise,
            fall=self.rule.fall,
            false_alarms=self.rate,
            a_year=self.rate * self.weight,
            themes=len(themes) + len(unsaid),
            known=enough,
            since=(self.until - dt.timedelta(days=self.looks - 1)).isoformat() if self.looks else "",
            until=self.until.isoformat(),
            silent_since=heard.isoformat() if heard and (self.until - heard).days >= SILENT else "",
            watched=(*watched, *(Watched(word, {}, "unsaid") for word in unsaid)),
            withheld=withheld,
        )
        return Looked(rule, tuple(alarms))

    def _people(self, themes: Ints, within: Bools) -> Ints:
        """(P,) distinct people of the scope who said each theme."""
        here = within[self.said.message]
        people = people_saying(
            self.said.message[here],
            self.said.concept[here],
            self.corpus.author,
            themes=len(self.said.concepts),
        )
        return np.asarray(people)[themes]

    def _last(self, themes: Ints, before: Memory, first: dt.date) -> Last:
        """The last alarm of each theme, in days after the first."""
        there = [before.get(self._key(j)) for j in themes]
        day = dt.timedelta(days=1)
        return Last(
            np.array([max((told.since - first).days, 0) if told else 0 for told in there], np.int64),
            np.array([max((told.until + day - first).days, 0) if told else 0 for told in there], np.int64),
        )

    def _alarms(
        self, themes: Ints, counts: Daily, found: Alarms, within: Bools, last: Last
    ) -> tuple[list[tuple[float, Alarm]], int]:
        """The alarms that may be told, the last of each theme, and how many may not be."""
        cards = Cards(
            self.corpus, self.said, self.scope, within, counts, found,
            ratios=found.ratios(rise=self.level(rise=True), fall=self.level(rise=False)),
            rule=self.rule.name, quoting=self.rule.quotes,
        )  # fmt: skip
        told, hidden = [], 0
        begins = {k: int(day) for k, day in enumerate(last.begins)}
        ends: dict[int, tuple[int, int]] = {}
        for a, theme in enumerate(found.theme):  # in order of day
            ends[int(theme)] = a, begins[int(theme)]
            begins[int(theme)] = int(found.day[a])
        for k, (a, first) in ends.items():
            alarm = cards.card(a, int(themes[k]), first)
            if alarm is None:
                hidden += 1
            else:
                told.append((float(found.evidence[a]), alarm))
        return told, hidden

    def _key(self, j: int) -> tuple[str, str, str, str | None]:
        """Under which the last alarm of a theme is remembered."""
        return self.rule.name, id_of(self.said.concepts[j]), self.scope.unit, self.scope.side

    def _stands(self, j: int, k: int, past: Past, before: Memory, *, allowed: bool, hit: set[str]) -> Watched:
        """How it stands with a theme that is named."""
        concept = self.said.concepts[j]
        if not allowed:
            return Watched(concept.label, concept.labels, "few")
        last = before.get(self._key(j))
        young = past.weeks[k] < (AFRESH if last else LEARNT)
        state = "told" if young and last else "young" if young else "quiet" if past.enough[k] else "rare"
        return Watched(
            label=concept.label,
            labels=concept.labels,
            state="raised" if id_of(concept) in hit else state,
            weeks=int(past.weeks[k]),
            weekly=float(past.weekly[k]),
            needed=float(past.needed[k]) if np.isfinite(past.needed[k]) else 0.0,
            visible=float(past.visible[k]),
            told=last.until.isoformat() if young and last else "",
        )


def sources(corpus: Corpus) -> Iterator[Notice]:
    """Sources that began within the weeks that are learnt from, or have fallen silent: neither is a change of a theme."""
    until = whole_until(corpus)
    frame = (
        corpus.messages.select("source", day=corpus.messages["time"].dt.date()).unique().sort("source", "day")
    )
    for (source,), own in frame.group_by("source", maintain_order=True):
        days = own["day"]
        first, last = days[0], days[-1]
        if (until - first).days < LEARNT * WEEK and first > corpus.first + dt.timedelta(days=WEEK):
            yield Notice("watch-new", {"source": str(source), "day": first.isoformat()})
        usual = float(days.diff().drop_nulls().dt.total_days().quantile(0.95) or 1.0)
        if (until - last).days >= max(SILENT, 3 * usual):
            yield Notice("watch-silent", {"source": str(source), "day": last.isoformat()})
