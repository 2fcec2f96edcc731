"""An alarm as it may be told: its figures, its weeks and its quotes, less what few people stand behind."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of
from estran.analysis.evidence import quotes
from estran.findings import Alarm, Estimate, Weeks
from estran.model import Scope
from estran.privacy import FIGURES, figure_allowed
from estran.stats.alarms import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from estran.analysis.corpus import Corpus
    from estran.analysis.daily import Daily
    from estran.analysis.themes import Said
    from estran.stats.alarms import Alarms
    from estran.stats.presence import Bools, Floats, Ints

QUOTES = 2

SHOWN = 52
"""Weeks before the window that are shown, at the most."""

YEAR = 52 * WEEK

AROUND = (8, 26)
"""Weeks before a window of a year ago with which it is compared, at the least and at the most."""

ALIKE = 0.5
"""A year ago a theme changed likewise if it did by half as much, as a log ratio."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Alarms of one scope, told one by one.

    Attributes:
        corpus: n messages.
        said: what they say.
        scope: of the alarms.
        within: (n,) messages that it holds.
        counts: (D, P) uses of its days.
        found: (A,) alarms.
        ratios: (A,) the change of each, and the ends of its interval.
        rule: its name.
        quoting: whether alarms come with quotes.
    """

    corpus: Corpus
    said: Said
    scope: Scope
    within: Bools
    counts: Daily
    found: Alarms
    ratios: tuple[Floats, Floats, Floats]
    rule: str
    quoting: bool

    def card(self, a: int, j: int, begins: int) -> Alarm | None:
        """One alarm, its figures withheld where they stand on too few people; None where it may not be told at all.

        A rise is told where five people are behind it, a fall where five people said it before. Figures need five in the
        window as well, and five, or nobody, among those of every wider scope who are not of this one: whoever has both
        figures could subtract them.

        Args:
            a: which alarm.
            j: its concept.
            begins: first day of its past.
        """
        rise = bool(self.found.rise[a])
        stop, length = int(self.found.day[a]), int(self.found.window[a])
        start = stop - length
        rows = self.said.message[self.said.concept == j]
        day = (self.corpus.messages["time"].gather(rows).dt.date() - self.counts.first).dt.total_days()
        days = day.to_numpy()
        inside, earlier = rows[(days >= start) & (days < stop)], rows[(days >= 0) & (days < start)]
        people, past = self._people(inside), self._people(earlier)
        if not figure_allowed(people if rise else past):
            return None
        shown = self._allowed(inside) and self._allowed(earlier)
        concept = self.said.concepts[j]
        since, until = self._date(start), self._date(stop - 1)
        place = (self.rule, id_of(concept), self.scope.unit, self.scope.side or "", str(rise), until)
        ratio, low, high = (float(each[a]) for each in self.ratios)
        ago = self._year_ago(a, rows, days) if shown else math.nan
        return Alarm(
            id=blake2b("\0".join(place).encode(), digest_size=8).hexdigest(),
            rule=self.rule,
            theme=id_of(concept),
            label=concept.label,
            labels=concept.labels,
            unit=self.scope.unit,
            side=self.scope.side,
            rise=rise,
            since=since,
            until=until,
            days=length,
            change=Estimate(ratio, low, high, "ratio") if shown else None,
            said=int(self.found.seen[a]) if shown else None,
            expected=float(self.found.due[a]) if shown else None,
            people=people if shown else None,
            quotes=(
                quotes(
                    self.corpus, concept, inside[self.within[inside]],
                    periods=(0, self.corpus.grid.periods), most=QUOTES,
                )
                if self.quoting else ()
            ),
            needed=int(self.found.needed[a]) if shown else None,
            weeks=self._weeks(a, rows, days, begins) if shown else (),
            year_ago=ago if _alike(ago, ratio) else None,
            season=self._season(a) if shown else 1.0,
        )  # fmt: skip

    def _weeks(self, a: int, rows: Ints, days: Ints, begins: int) -> tuple[Weeks, ...]:
        """The weeks of the window and those before it, so many together as five people, or nobody, stand behind."""
        stop, length = int(self.found.day[a]), int(self.found.window[a])
        start = stop - length
        before = min((start - begins) // WEEK, SHOWN)
        past = self._together(rows, days, start - WEEK * before, start, whole=False)
        window = self._together(rows, days, start, stop, whole=True)
        k = int(self.found.theme[a])
        seen, due = self.counts.seen[:, k], self.counts.due[:, k]
        rate = float(self.found.due[a] / due[start:stop].sum())
        return tuple(
            Weeks(
                since=self._date(one),
                until=self._date(other - 1),
                weeks=(other - one) // WEEK,
                said=int(seen[one:other].sum()),
                expected=rate * float(due[one:other].sum()),
                window=one >= start,
            )
            for one, other in (*past, *window)
        )

    def _together(
        self, rows: Ints, days: Ints, start: int, stop: int, *, whole: bool
    ) -> list[tuple[int, int]]:
        """Stretches of weeks that may be shown, in order; the first weeks are left out, or, for a whole, added to the next."""

        def may(one: int, other: int) -> bool:
            return self._allowed(rows[(days >= one) & (days < other)])

        found: list[tuple[int, int]] = []
        end = stop
        for one in range(stop - WEEK, start - 1, -WEEK):
            if may(one, end):
                found.append((one, end))
                end = one
        if whole:
            while end > start and found:
                _, end = found.pop()
                if may(start, end):
                    found.append((start, end))
                    end = start
        return found[::-1]

    def _year_ago(self, a: int, rows: Ints, days: Ints) -> float:
        """How many times as much the theme was said in the same weeks of a year ago as in those before; nan if unknown."""
        k, stop = int(self.found.theme[a]), int(self.found.day[a]) - YEAR
        start = stop - int(self.found.window[a])
        before = min(start // WEEK, AROUND[1])
        if before < AROUND[0]:
            return math.nan
        first = start - WEEK * before
        parts = [rows[(days >= one) & (days < other)] for one, other in ((first, start), (start, stop))]
        if not all(self._people(part) and self._allowed(part) for part in parts):
            return math.nan
        seen, due = self.counts.seen[:, k], self.counts.plain[:, k]
        was, base = (
            seen[one:other].sum() / due[one:other].sum() for one, other in ((start, stop), (first, start))
        )
        return float(was / base)

    def _season(self, a: int) -> float:
        """By what the season of the theme multiplies what is expected in the window."""
        k, stop = int(self.found.theme[a]), int(self.found.day[a])
        window = slice(stop - int(self.found.window[a]), stop)
        return float(self.counts.due[window, k].sum() / self.counts.plain[window, k].sum())

    def _date(self, day: int) -> str:
        return (self.counts.first + dt.timedelta(days=day)).isoformat()

    def _people(self, rows: Ints) -> int:
        """Distinct people of the scope."""
        return len(np.unique(self.corpus.author[rows[self.within[rows]]]))

    def _allowed(self, rows: Ints) -> bool:
        """Whether figures of some messages may be told: of nobody, or of enough, here and by subtraction."""
        people = self._people(rows)
        return (people == 0 or figure_allowed(people)) and self._apart(rows)

    def _apart(self, rows: Ints) -> bool:
        """Whether those of each wider scope who are not of this one are nobody, or enough."""
        own = self._people(rows)
        for wider in _wider(self.scope):
            holds = held(self.corpus.messages[rows], wider)
            rest = len(np.unique(self.corpus.author[rows[holds & ~self.within[rows]]]))
            difference = len(np.unique(self.corpus.author[rows[holds]])) - own
            if 0 < rest < FIGURES or 0 < difference < FIGURES:
                return False
        return True


def of_one_window(alarms: Iterable[Alarm]) -> Iterator[Alarm]:
    """Alarms, the surest first, with the figures of one window a theme wherever their scopes overlap.

    Two rules may tell of one theme over other days: the difference of their figures would be that of a week, or of a day.
    """
    shown: list[Alarm] = []
    for alarm in alarms:
        if alarm.said is not None:
            if any(_subtractable(alarm, other) for other in shown):
                yield replace(
                    alarm, change=None, said=None, expected=None, people=None, needed=None, weeks=(), year_ago=None,
                    season=1.0,
                )  # fmt: skip
                continue
            shown.append(alarm)
        yield alarm


def _subtractable(one: Alarm, other: Alarm) -> bool:
    """Whether two alarms tell of the same messages, in part, over different days."""
    units = one.unit, other.unit
    return (
        one.theme == other.theme
        and (one.since, one.until) != (other.since, other.until)
        and one.since <= other.until
        and other.since <= one.until
        and (one.side == other.side or None in (one.side, other.side))
        and any(not a or a == b or b.startswith(f"{a}/") for a, b in (units, units[::-1]))
    )


def _alike(ago: float, now: float) -> bool:
    """Whether a theme changed a year ago as it does now."""
    if not (math.isfinite(ago) and ago > 0.0 and now > 0.0):
        return False
    return math.log(ago) * math.copysign(1.0, math.log(now)) >= ALIKE * abs(math.log(now))


def held(messages: pl.DataFrame, scope: Scope) -> Bools:
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
