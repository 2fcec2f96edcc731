"""What was looked at for changes, what was raised, and where it was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Coverage, Estimate, Notice, Provenance, Quote


@dataclass(frozen=True, slots=True)
class Weeks(Plain):
    """A week, or as many together as five people stand behind; or nobody.

    Attributes:
        since: first day, ISO.
        until: last day.
        weeks: how many.
        said: uses in them, a person's once in seven days.
        expected: uses that the past makes expect there.
        window: whether they are of those in which the theme is said more, or less.
    """

    since: str
    until: str
    weeks: int
    said: int
    expected: float
    window: bool


@dataclass(frozen=True, slots=True)
class Alarm(Plain):
    """A theme that is said more, or less, than its past makes expect.

    Attributes:
        id: of the alarm: the same rule, theme, scope, direction and day make the same one.
        rule: its name.
        theme: id of the theme.
        label: the commonest surface form, or what somebody called it.
        labels: language -> label.
        unit: path of the part of the organisation, with all below it; "" for all.
        side: inside or outside, or None for both.
        rise: whether it is said more, or less.
        since: first day of the window in which it is, ISO.
        until: last day that was known.
        days: of the window.
        change: how many times as much it is said, with an interval that holds at every look; None where it is withheld.
        said: uses in the window, a person's once in seven days; None where it is withheld.
        expected: uses that the past makes expect there; None where it is withheld.
        people: distinct people in the window; None where it is withheld.
        quotes: up to two, where the rule asks for them and enough people are behind them.
        needed: uses in the window from which it is an alarm, or, of a fall, up to which; None where figures are withheld.
        weeks: the window and up to a year of its past; empty where figures are withheld. Weeks that few people stand behind
            are told together, and left out where the past begins with them.
        year_ago: how many times as much it was said in the same weeks a year ago as in those before them, where it changed
            likewise; None where it did not, or nothing is known of it.
        season: by what the season of the theme multiplied what is expected in the window; 1 where none is known.
    """

    id: str
    rule: str
    theme: str
    label: str
    labels: Mapping[str, str]
    unit: str
    side: str | None
    rise: bool
    since: str
    until: str
    days: int
    change: Estimate | None
    said: int | None
    expected: float | None
    people: int | None
    quotes: tuple[Quote, ...] = ()
    needed: int | None = None
    weeks: tuple[Weeks, ...] = ()
    year_ago: float | None = None
    season: float = 1.0


@dataclass(frozen=True, slots=True)
class Watched(Plain):
    """How it stands with a theme that a rule names, in one scope.

    Attributes:
        label: of the theme, or the word of the rule.
        labels: language -> label; empty where nobody said it.
        state: "raised", "quiet", "unsaid" (no theme is called so), "few" (fewer than five people here said it),
            "told" (an alarm was raised, and its past began anew), "young" (too few weeks of past), "rare" (too few uses).
        weeks: of past.
        weekly: uses a week that the past makes expect now; 0 where few said it.
        needed: uses a week from which a rise of 3 times would be told in 8 weeks.
        visible: smallest rise that would be told in 8 weeks, as a ratio; infinite where none would.
        told: last day of the last alarm before this look, ISO; "" where there was none, or enough is learnt since.
    """

    label: str
    labels: Mapping[str, str]
    state: str
    weeks: int = 0
    weekly: float = 0.0
    needed: float = 0.0
    visible: float = float("inf")
    told: str = ""


@dataclass(frozen=True, slots=True)
class RuleLooked(Plain):
    """What was looked at by one rule in one scope.

    Attributes:
        rule: its name.
        unit: path of the part of the organisation; "" for all.
        side: inside or outside, or None for both.
        rise: whether rises are looked for.
        fall: whether falls are.
        false_alarms: that are accepted in a theme-year.
        a_year: that are to be expected of all themes together in a year.
        themes: that are looked at.
        known: those of which enough is known to tell a rise of 3 times in 8 weeks.
        since: first day that was looked at, ISO; "" where no day is new.
        until: last day.
        silent_since: last day on which anybody spoke in the scope, where that is a week or more ago; "" where it is not.
        watched: how it stands with each theme that is named; empty for a rule on all themes.
        withheld: alarms that stand on fewer people than may be shown.
    """

    rule: str
    unit: str
    side: str | None
    rise: bool
    fall: bool
    false_alarms: float
    a_year: float
    themes: int
    known: int
    since: str
    until: str
    silent_since: str = ""
    watched: tuple[Watched, ...] = ()
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest as people read it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Delivery(Plain):
    """What became of what was to be sent to a place.

    Attributes:
        place: its name in the rules; no address, no secret.
        kind: "mail", "webhook" or "file".
        alarms: that it was told.
        failed: why it was not; None where it was. The next look sends it again.
    """

    place: str
    kind: str
    alarms: int
    failed: Notice | None = None


@dataclass(frozen=True, slots=True)
class Watch(Plain):
    """A look at what is watched.

    Attributes:
        alarms: raised by this look, and none before; the strongest evidence first.
        rules: what was looked at, a rule and a scope each.
        notices: sources that are new or have fallen silent: no alarm is made of that.
        until: the last day that is whole, ISO.
        coverage: what it stands on.
        provenance: where it comes from.
        deliveries: what was sent where; nothing where only a look was asked for.
        dry: only a look was asked for.
    """

    alarms: tuple[Alarm, ...]
    rules: tuple[RuleLooked, ...]
    notices: tuple[Notice, ...]
    until: str
    coverage: Coverage
    provenance: Provenance = field(repr=False)
    deliveries: tuple[Delivery, ...] = ()
    dry: bool = False
