"""By how long one was ahead of another: in months or years, in periods, and as a picture; each with its interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estran.report import charts
from estran.report.i18n import DASH, NOTHING, Words

if TYPE_CHECKING:
    from markupsafe import Markup

    from estran.findings import Estimate

MONTHS_TO_YEARS = 24
"""Months from which a lag is told in years."""
FEW = 3
"""Months or days below which a lag is told with a decimal."""


def lasted(words: Words, time: Estimate | None) -> str:
    """By how long the one who was first was ahead, with its interval: 14 months (9 – 20)."""
    if time is None or not math.isfinite(time.value):
        return NOTHING
    each, digits = _scale(time.value, time.unit)
    way = -1.0 if time.value < 0 else 1.0
    low, high = (_end(words, end / each, digits) for end in sorted((way * time.low, way * time.high)))
    return f"{duration(words, time.value, time.unit)} ({low} {DASH} {high})"


def duration(words: Words, time: float, unit: str) -> str:
    """A length of time in days, months or years, whichever reads best; "open" where there is no end."""
    if not math.isfinite(time):
        return words.text("open")
    each, digits = _scale(time, unit)
    length = words.number(abs(time) / each, digits)
    if unit == "day":
        return words.say("{length} days", length=length)
    return (
        words.say("{length} years", length=length)
        if each > 1
        else words.say("{length} months", length=length)
    )


def in_periods(words: Words, ahead: Estimate | None) -> str:
    """The same in periods."""
    if ahead is None or not math.isfinite(ahead.value):
        return NOTHING
    way = -1.0 if ahead.value < 0 else 1.0
    ends = sorted((way * ahead.low, way * ahead.high))
    low, high = (_end(words, end, 1) for end in ends)
    return f"{words.number(abs(ahead.value), 1)} ({low} {DASH} {high})"


def interval(ahead: Estimate | None, *, far: float, label: str, css: str) -> Markup:
    """A lag with its interval on an axis with nil in its middle: to the left the outside was ahead."""
    height = 20

    def x(periods: float) -> float:
        return charts.WIDTH * (0.5 - 0.485 * min(max(periods / far, -1.0), 1.0))

    inner = charts.element(charts.PATH, {"class": "grid", "d": f"M{charts.WIDTH // 2} 0V{height}"})
    if ahead is not None:
        low, high = sorted((x(ahead.low), x(ahead.high)))
        inner += charts.element(
            charts.PATH,
            {"class": "ends", "d": f"M{charts.written(low)} {height // 2}H{charts.written(high)}"},
        )
        inner += charts.element(
            charts.PATH, {"class": "dot", "d": f"M{charts.written(x(ahead.value))} {height // 2}h0"}
        )
    return charts.picture(inner, label=label, css=f"whisker {css}", height=height)


def _scale(time: float, unit: str) -> tuple[float, int]:
    """What a length is divided by, and how many digits it is told with."""
    if unit == "month" and abs(time) >= MONTHS_TO_YEARS:
        return 12.0, 1
    return 1.0, 0 if abs(time) >= FEW else 1


def _end(words: Words, end: float, digits: int) -> str:
    return words.number(end, digits) if math.isfinite(end) else words.text("open")
