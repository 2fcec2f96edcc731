"""The weeks of an alarm: its uses as bars, the level that the past makes expect, and what an alarm needs; and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from estran.report import charts
from estran.report.blocks import blocks
from estran.report.charts import PATH, RECT, WIDTH, element, written
from estran.report.i18n import DASH, NOTHING, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estran.findings import Alarm, Weeks

HEIGHT = 110
ABOVE = 1.08
"""Of the largest value, so that it does not touch the edge."""

AFTER = 0.4
"""Of a week is left free behind the last day, where the alarm is drawn."""

NARROW = 48
"""Blocks, where there are no pictures."""


@dataclass(frozen=True, slots=True)
class _Box:
    """How weeks and uses a week become coordinates."""

    weeks: float
    top: float

    def x(self, week: float) -> float:
        return WIDTH * week / self.weeks

    def y(self, weekly: float) -> float:
        return HEIGHT * (1.0 - weekly / self.top)


def top(alarm: Alarm) -> float:
    """The most uses a week that are drawn."""
    return max(
        *(each.said / each.weeks for each in alarm.weeks),
        *(each.expected / each.weeks for each in alarm.weeks),
        *(_needed(alarm, each) / each.weeks for each in alarm.weeks if each.window),
    )


def picture(words: Words, alarm: Alarm) -> Markup:
    """Bars as wide as the weeks that are told together and as high as their uses a week, so that areas are uses."""
    box = _Box(sum(each.weeks for each in alarm.weeks) + AFTER, top(alarm) * ABOVE or 1.0)
    gap = min(box.x(1) * 0.12, 4.0)
    was: list[str] = []
    now: list[str] = []
    level: list[str] = []
    band: list[str] = []
    least: list[str] = []
    hits = Markup("")
    for at, each in _placed(alarm):
        left, right, high = box.x(at), box.x(at + each.weeks), box.y(each.said / each.weeks)
        bar = f"M{written(left + gap / 2)} {HEIGHT}V{written(high)}H{written(right - gap / 2)}V{HEIGHT}z"
        (now if each.window else was).append(bar)
        expected = box.y(each.expected / each.weeks)
        level.append(f"{'L' if level else 'M'}{written(left)} {written(expected)}H{written(right)}")
        if each.window:
            needed = box.y(_needed(alarm, each) / each.weeks)
            least.append(f"M{written(left)} {written(needed)}H{written(right)}")
            band.append(
                f"M{written(left)} {written(expected)}V{written(needed)}H{written(right)}V{written(expected)}z"
            )
        hover = Markup("<title>{}</title>").format(_hover(words, alarm, each))
        place = {"x": written(left), "width": written(right - left), "height": HEIGHT}
        hits += element(RECT, {"class": "hit", **place}, hover)
    end = written(box.x(box.weeks - AFTER / 2))
    drawn = element(PATH, {"class": "grid", "d": f"M0 {HEIGHT}H{WIDTH}"})
    layers = {"band": band, "before": was, "during": now, "expected": level, "needed": least}
    for css, path in layers.items():
        drawn += element(PATH, {"class": css, "d": "".join(path)}) if path else Markup("")
    drawn += element(PATH, {"class": "turn", "d": f"M{end} 0V{HEIGHT}"})
    return charts.picture(drawn + hits, label=_aloud(words, alarm), css="spark weekly", height=HEIGHT)


def rows(words: Words, alarm: Alarm) -> Iterator[tuple[str, str, str, str]]:
    """The same as a table: days, uses, expected uses, and uses that an alarm needs; the last row is the whole window."""
    for each in alarm.weeks:
        needed = words.number(_needed(alarm, each), 1) if each.window else NOTHING
        yield (
            _span(words, each.since, each.until),
            words.number(each.said),
            words.number(each.expected, 1),
            needed,
        )
    yield (
        words.say("all days of the change"),
        words.number(alarm.said or 0),
        words.number(alarm.expected or 0.0, 1),
        words.number(alarm.needed or 0),
    )


def as_blocks(alarm: Alarm) -> str:
    """The same where there are no pictures: a block for each week, a stroke where the change begins."""
    weekly = [(each.said / each.weeks, each) for each in alarm.weeks]
    largest = max(value for value, _ in weekly)
    parts = []
    for window in (False, True):
        own = [value for value, each in weekly if each.window is window for _ in range(each.weeks)]
        parts.append(blocks(own, width=min(len(own), NARROW), largest=largest))
    return "│".join(parts)


def _placed(alarm: Alarm) -> Iterator[tuple[int, Weeks]]:
    """Weeks, and how many lie before them."""
    at = 0
    for each in alarm.weeks:
        yield at, each
        at += each.weeks


def _needed(alarm: Alarm, each: Weeks) -> float:
    """What an alarm needs in some weeks of the window, were they as the whole window is."""
    return each.expected * (alarm.needed or 0) / alarm.expected if alarm.expected else 0.0


def _span(words: Words, since: str, until: str) -> str:
    return f"{words.day(since)} {DASH} {words.day(until)}"


def _hover(words: Words, alarm: Alarm, each: Weeks) -> str:
    said = words.say(
        "{days}: {said}, {expected} expected",
        days=_span(words, each.since, each.until),
        said=words.count("{n} use", "{n} uses", each.said),
        expected=words.number(each.expected, 1),
    )
    if not each.window:
        return said
    return words.say("{told}; {needed} for an alarm", told=said, needed=words.number(_needed(alarm, each), 1))


def _aloud(words: Words, alarm: Alarm) -> str:
    days = (alarm.weeks[0].since, alarm.weeks[-1].until)
    return words.say("Uses a week, {days}; the alarm was raised on the last day", days=_span(words, *days))
