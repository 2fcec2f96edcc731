"""Which themes are said more, or less, than their past makes expect, by rules that somebody wrote."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of
from estran.analysis.daily import daily
from estran.analysis.evidence import quotes
from estran.findings import Alarm, Estimate, Notice, RuleLooked, Watched
from estran.model import EVERYTHING, Scope
from estran.privacy import FIGURES, figure_allowed
from estran.stats.alarms import LEARNT, REMEMBERED, WEEK, WINDOWS, Alarms, Past, known, raised, threshold
from estran.stats.presence import people_saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from estran.analysis.corpus import Corpus
    from estran.analysis.daily import Daily
    from estran.analysis.themes import Said
    from estran.stats.presence import Bools, Ints

    Memory = Mapping[tuple[str, str, str, str | None], dt.date]

AT_ONCE = 2_000
"""Themes whose days are held at once."""

LONGEST_LOOK = 366
"""Days that are looked at, at the most; what lies before is past."""

SILENT = 7
"""Days without a word, and three times the longest pause that is usual: then a source is silent."""

QUOTES = 2


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
        before: (rule, theme, unit, side) -> day of the last alarm: the past begins anew there.
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

    @property
    def level(self) -> float:
        """The threshold: where both directions are told, each has half of the false alarms."""
        return threshold(self.rate / (2.0 if self.rule.rise and self.rule.fall else 1.0))

    def told(self, themes: Ints, unsaid: Sequence[str], before: Memory) -> Looked:
        """All that is found, and how it stands with themes that are named."""
        within = _held(self.corpus.messages, self.scope)
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
            fresh = self._fresh(some, before, counts.first)
            asked = {"rise": self.level, "fall": self.level}
            found = raised(
                counts.seen, counts.due, looks=self.looks, fresh=fresh, clumps=counts.clumps,
                **{way: level for way, level in asked.items() if getattr(self.rule, way)},
            )  # fmt: skip
            past = known(counts.seen, counts.due, rise=self.level, fresh=fresh, clumps=counts.clumps)
            there = people[at : at + AT_ONCE] >= FIGURES
            enough += int((past.enough & there).sum())
            own, hidden = self._alarms(some, counts, found, within)
            alarms += own
            withheld += hidden
            if self.rule.themes:
                hit = {alarm.theme for _, alarm in own}
                watched += [
                    self._stands(int(j), k, past, before, allowed=bool(there[k]), hit=hit)
                    for k, j in enumerate(some)
                ]
        last = max(spoken, default=None)
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
            silent_since=last.isoformat() if last and (self.until - last).days >= SILENT else "",
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

    def _fresh(self, themes: Ints, before: Memory, first: dt.date) -> Ints:
        """(P,) day after the last alarm of each theme, as a number; 0 where there was none."""
        last = (before.get(self._key(j)) for j in themes)
        return np.array([max((day - first).days + 1, 0) if day else 0 for day in last], np.int64)

    def _alarms(
        self, themes: Ints, counts: Daily, found: Alarms, within: Bools
    ) -> tuple[list[tuple[float, Alarm]], int]:
        """The alarms that may be told, the last of each theme, and how many may not be."""
        ratios = found.ratios(self.level)
        last = {int(theme): a for a, theme in enumerate(found.theme)}  # in order of day
        told, hidden = [], 0
        for k, a in last.items():
            alarm = self._alarm(int(themes[k]), counts, found, a, ratios, within)
            if alarm is None:
                hidden += 1
            else:
                told.append((float(found.evidence[a]), alarm))
        return told, hidden

    def _alarm(
        self, j: int, counts: Daily, found: Alarms, a: int, ratios: tuple[np.ndarray, ...], within: Bools
    ) -> Alarm | None:
        """One alarm, its figures withheld where they stand on too few people; None where it may not be told at all.

        A rise is told where five people are behind it, a fall where five people said it before. Figures need five in the
        window as well, and five, or nobody, among those of every wider scope who are not of this one: whoever has both
        figures could subtract them.
        """
        rise = bool(found.rise[a])
        end = counts.first + dt.timedelta(days=int(found.day[a]) - 1)
        start = end - dt.timedelta(days=int(found.window[a]) - 1)
        rows = self.said.message[self.said.concept == j]
        days = self.corpus.messages["time"].gather(rows).dt.date()
        inside = rows[days.is_between(start, end).to_numpy()]
        earlier = rows[days.is_between(counts.first, start, closed="left").to_numpy()]
        people = self._distinct(inside[within[inside]])
        past = self._distinct(earlier[within[earlier]])
        if not figure_allowed(people if rise else past):
            return None
        shown = all(figure_allowed(each) or each == 0 for each in (people, past))
        shown = shown and all(self._apart(part, within) for part in (inside, earlier))
        concept = self.said.concepts[j]
        place = (
            self.rule.name,
            id_of(concept),
            self.scope.unit,
            self.scope.side or "",
            str(rise),
            end.isoformat(),
        )
        ratio, low, high = (float(each[a]) for each in ratios)
        said_here = inside[within[inside]]
        return Alarm(
            id=blake2b("\0".join(place).encode(), digest_size=8).hexdigest(),
            rule=self.rule.name,
            theme=id_of(concept),
            label=concept.label,
            labels=concept.labels,
            unit=self.scope.unit,
            side=self.scope.side,
            rise=rise,
            since=start.isoformat(),
            until=end.isoformat(),
            days=int(found.window[a]),
            change=Estimate(ratio, low, high, "ratio") if shown else None,
            said=int(found.seen[a]) if shown else None,
            expected=float(found.due[a]) if shown else None,
            people=people if shown else None,
            quotes=(
                quotes(self.corpus, concept, said_here, periods=(0, self.corpus.grid.periods), most=QUOTES)
                if self.rule.quotes else ()
            ),
        )  # fmt: skip

    def _distinct(self, rows: Ints) -> int:
        return len(np.unique(self.corpus.author[rows]))

    def _apart(self, rows: Ints, within: Bools) -> bool:
        """Whether those of each wider scope who are not of this one are nobody, or enough."""
        own = self._distinct(rows[within[rows]])
        for wider in _wider(self.scope):
            holds = _held(self.corpus.messages[rows], wider)
            rest = self._distinct(rows[holds & ~within[rows]])
            difference = self._distinct(rows[holds]) - own
            if 0 < rest < FIGURES or 0 < difference < FIGURES:
                return False
        return True

    def _key(self, j: int) -> tuple[str, str, str, str | None]:
        """Under which the last alarm of a theme is remembered."""
        return self.rule.name, id_of(self.said.concepts[j]), self.scope.unit, self.scope.side

    def _stands(self, j: int, k: int, past: Past, before: Memory, *, allowed: bool, hit: set[str]) -> Watched:
        """How it stands with a theme that is named."""
        concept = self.said.concepts[j]
        if not allowed:
            return Watched(concept.label, concept.labels, "few")
        last = before.get(self._key(j))
        young = past.weeks[k] < LEARNT
        state = "told" if young and last else "young" if young else "quiet" if past.enough[k] else "rare"
        return Watched(
            label=concept.label,
            labels=concept.labels,
            state="raised" if id_of(concept) in hit else state,
            weeks=int(past.weeks[k]),
            weekly=float(past.weekly[k]),
            needed=float(past.needed[k]) if np.isfinite(past.needed[k]) else 0.0,
            visible=float(past.visible[k]),
            told=last.isoformat() if young and last else "",
        )


def _held(messages: pl.DataFrame, scope: Scope) -> Bools:
    """(n,) whether each message lies in a scope."""
    return messages.select("side", "source", "unit", held=scope.holds)["held"].to_numpy()


def _wider(scope: Scope) -> Iterator[Scope]:
    """Every scope that holds this one: of the units above it, with its side or with both."""
    parts = scope.unit.split("/") if scope.unit else []
    units = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
    for unit in units:
        for side in {scope.side, None}:
            if Scope(unit, side, scope.sources) != scope:
                yield Scope(unit, side, scope.sources)


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
