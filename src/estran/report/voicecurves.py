"""Shares of voice over time: a row of small curves for each theme, on one axis, and the same as tables and blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from estran.report import charts
from estran.report.blocks import blocks
from estran.report.i18n import DASH, NOTHING, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from estran.findings import Curve, Landscape

NAMED = 4
"""Periods in which tools come or fall silent that are named; of more only their number is told."""
NARROW = 12
"""Blocks of a curve where there are no pictures, its cuts not counted."""
MISSING, CUT = "·", "│"


@dataclass(frozen=True, slots=True)
class Row:
    """Curves of one theme, or of all that is said, one for each kind of tool in their order; None where nothing is shown."""

    labels: Mapping[str, str] | None
    label: str
    curves: tuple[Curve | None, ...]

    def headline(self, words: Words) -> str:
        """What the curves are of."""
        if self.labels is None:
            return words.say("all voices")
        return self.labels.get(words.language, self.label)

    def drawn(self, found: Landscape) -> Iterator[tuple[bool, str, Curve]]:
        """The curves there are: whether it is the first, of which kind of tool, and the curve."""
        there = [(e.kind, curve) for e, curve in zip(found.environments, self.curves, strict=True) if curve]
        for place, (kind, curve) in enumerate(there):
            yield place == 0, kind, curve


def over_time(found: Landscape) -> list[Row]:
    """All that is said, then each theme that has curves; nothing where no period holds two kinds of tool."""
    told = [Row(None, "", tuple(_known(e.curve) if e.curve else None for e in found.environments))]
    told += [Row(t.labels, t.label, tuple(map(_known, t.curves))) for t in found.themes if t.curves]
    return [row for row in told if any(row.curves)]


def _known(curve: Curve) -> Curve | None:
    return curve if any(map(math.isfinite, curve.share)) else None


def cuts(found: Landscape, periods: Sequence[str]) -> list[int]:
    """Numbers of the periods that a tool begins in, or is silent from: shares before and after are not of one whole."""
    heard = [frozenset(e.kind for e in found.environments if period in e.speaks) for period in periods]
    return [t for t, (before, after) in enumerate(pairwise(heard), 1) if before != after]


def axis(rows: Sequence[Row]) -> tuple[str, ...]:
    """The periods of the curves."""
    return next((curve.periods for row in rows for curve in row.curves if curve), ())


def caution(words: Words, found: Landscape, periods: Sequence[str], *, drawn: bool) -> str:
    """What a blank is, and where the whole changes; nothing is read as a change across such a period."""
    told = (
        words.say("Where nothing is drawn, a tool is silent or the figure is withheld.")
        if drawn
        else words.say("A dot: a tool is silent or the figure is withheld.")
    )
    at = cuts(found, periods)
    if not at:
        return told
    if len(at) > NAMED:
        where = words.say("in {n} periods", n=len(at))
    else:
        where = ", ".join(words.period(periods[t]) for t in at)
    return f"{told} " + words.say(
        "Lines are cut where a tool begins or falls silent ({where}): shares on both sides of a cut are not of one whole, "
        "and are not to be compared.",
        where=where,
    )


def as_blocks(found: Landscape, curve: Curve | None) -> str:
    """A curve from nothing to all, with a stroke where the whole changes, and a dot where nothing is shown."""
    if curve is None:
        return NOTHING
    ends = (0, *cuts(found, curve.periods), len(curve.share))
    pieces = (
        blocks(curve.share[start:stop], width=max(1, round(NARROW * (stop - start) / ends[-1])), largest=1.0)
        for start, stop in pairwise(ends)
    )
    return CUT.join(pieces).replace(" ", MISSING)


def last(words: Words, curve: Curve) -> str:
    """The last share that is shown, and when that was."""
    at = max(t for t, share in enumerate(curve.share) if math.isfinite(share))
    return f"{words.share(curve.share[at])} ({words.period(curve.periods[at])})"


def span(words: Words, periods: Sequence[str]) -> str:
    """From when to when."""
    return f"{words.period(periods[0])} {DASH} {words.period(periods[-1])}"


def picture(words: Words, found: Landscape, curve: Curve, *, of: str) -> Markup:
    """A small curve, cut where the whole changes; it says aloud the first and the last share that are shown."""
    known = [t for t, share in enumerate(curve.share) if math.isfinite(share)]
    first, last = (
        f"{words.period(curve.periods[t])} {words.share(curve.share[t])}" for t in (known[0], known[-1])
    )
    return charts.parted(curve, cuts=cuts(found, curve.periods), label=f"{of}: {first}, {last}")


def figure(words: Words, curve: Curve, at: int) -> tuple[str, str]:
    """The share of one period and its interval, as the table has them."""
    if not math.isfinite(curve.share[at]):
        return NOTHING, ""
    return words.share(curve.share[at]), f"{words.share(curve.low[at])} {DASH} {words.share(curve.high[at])}"
