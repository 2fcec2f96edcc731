"""The succession river: bands as wide as the share of people, and lines from what went out to what came in its place.

A river is a set of themes that links join; it holds no text but its sentence and the values on hover: the page lays the
names of the themes over its lanes, so that they read at any width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from estran.findings import Level
from estran.report.charts import FINE, PATH, RECT, WIDTH, element, picture, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estran.findings import Curve, Link, Movement

LANE = 100
"""Units from one theme to the next."""

WATER = 66
"""The lower part of a lane that its band may fill; the name of the theme stands above it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A theme in a river.

    Attributes:
        id: of the theme.
        label: its commonest form.
        labels: language -> label.
        curve: share per period.
        css: "out" for a theme that went out, "in" for one that only came in the place of another.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    curve: Curve
    css: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Who took over from whom: lanes, by their number, and the link between them."""

    earlier: int
    later: int
    link: Link


@dataclass(frozen=True, slots=True)
class River:
    """Themes that links join."""

    lanes: tuple[Lane, ...]
    flows: tuple[Flow, ...]


def drawn(movement: Movement) -> tuple[Link, ...]:
    """The links of a theme that a river shows: the likeliest one, and others only where people say so."""
    return tuple(
        link for i, link in enumerate(movement.successors) if i == 0 or link.level is Level.SUPERSEDED
    )


def rivers(themes: Sequence[Movement]) -> tuple[River, ...]:
    """The rivers of themes that went out, in the order of their first theme; those without successor are in none."""
    lanes: dict[str, Lane] = {}
    for m in themes:
        if m.successors:
            lanes[m.id] = Lane(m.id, m.label, m.labels, m.curve, "out")
    joined = {m.id: {m.id} for m in themes if m.successors}
    for m in themes:
        for link in drawn(m):
            lanes.setdefault(link.id, Lane(link.id, link.label, link.labels, link.curve, "in"))
            whole = joined[m.id] | joined.get(link.id, {link.id})
            joined |= dict.fromkeys(whole, whole)
    found: dict[frozenset[str], None] = dict.fromkeys(frozenset(joined[m.id]) for m in themes if m.successors)
    return tuple(_river([m for m in themes if m.id in group and m.successors], lanes) for group in found)


def _river(themes: Sequence[Movement], lanes: Mapping[str, Lane]) -> River:
    """One river: each theme that went out, followed by what came in its place."""
    order: dict[str, int] = {}
    for m in themes:
        order.setdefault(m.id, len(order))
        for link in drawn(m):
            order.setdefault(link.id, len(order))
    flows = tuple(Flow(order[m.id], order[link.id], link) for m in themes for link in drawn(m))
    return River(tuple(lanes[id_] for id_ in order), flows)


def draw(river: River, *, label: str, hover: Sequence[Sequence[str]]) -> Markup:
    """The bands of a river and the lines between them; `hover` is what each lane says of each period."""
    largest = (
        max((s for lane in river.lanes for s in lane.curve.share if math.isfinite(s)), default=0.0) or 1.0
    )
    inner = Markup("")
    for i, lane in enumerate(river.lanes):
        inner += _band(lane, i, largest)
    for flow in river.flows:
        inner += _line(river, flow)
    for i, said in enumerate(hover):
        inner += _hits(said, i)
    return picture(inner, label=label, css="water", height=LANE * len(river.lanes))


def _middle(lane: int) -> float:
    return LANE * lane + LANE - WATER / 2


def _x(period: float, periods: int) -> float:
    return WIDTH * (period + 0.5) / max(periods, 1)


def _band(lane: Lane, number: int, largest: float) -> Markup:
    shares = [s if math.isfinite(s) else 0.0 for s in lane.curve.share]
    half = [WATER / 2 * s / largest for s in shares]
    xs = [_x(p, len(shares)) for p in range(len(shares))]
    if not xs:
        return Markup("")
    at = _middle(number)
    over = [(x, at - h) for x, h in zip(xs, half, strict=True)]
    under = [(x, at + h) for x, h in reversed(list(zip(xs, half, strict=True)))]
    path = "M" + "L".join(f"{written(x)} {written(y)}" for x, y in (*over, *under)) + "z"
    return element(PATH, {"class": f"band {lane.css}", "d": path})


def _line(river: River, flow: Flow) -> Markup:
    """From the peak of the earlier theme to where half of its fall is done: the time in which the other took over."""
    curve = river.lanes[flow.earlier].curve
    peak, half = fall(curve)
    x1, x2 = _x(peak, len(curve.share)), _x(half, len(curve.share))
    y1, y2 = _middle(flow.earlier), _middle(flow.later)
    way = f"M{written(x1)} {written(y1)}C{written(x2)} {written(y1)} {written(x1)} {written(y2)} {written(x2)} {written(y2)}"
    line = element(PATH, {"class": f"flow {flow.link.level.value}", "d": way})
    return line + element(PATH, {"class": "mouth", "d": f"M{written(x2)} {written(y2)}h0"})


def fall(curve: Curve) -> tuple[int, int]:
    """The period of the peak of a curve, and the first one after it that is nearer to its end than to its peak."""
    shares = [s if math.isfinite(s) else 0.0 for s in curve.share]
    if not shares:
        return 0, 0
    peak = max(range(len(shares)), key=shares.__getitem__)
    halfway = (shares[peak] + shares[-1]) / 2
    return peak, next((p for p in range(peak + 1, len(shares)) if shares[p] <= halfway), peak)


def _hits(said: Sequence[str], lane: int) -> Markup:
    if len(said) > FINE:
        return Markup("")
    step = WIDTH / max(len(said), 1)
    return Markup("").join(
        element(
            RECT,
            {
                "class": "hit",
                "x": written(i * step),
                "y": LANE * lane,
                "width": written(step),
                "height": LANE,
            },
            Markup("<title>{}</title>").format(text),
        )
        for i, text in enumerate(said)
    )
