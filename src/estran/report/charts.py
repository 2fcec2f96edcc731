"""Small pictures as inline SVG, drawn by hand: a curve with its band, a whisker, two bars, a strip of volumes.

Every picture stretches to the width it is given (`preserveAspectRatio="none"`, strokes that do not scale), holds no
text but the sentence that a screen reader says and the values shown on hover, and takes its colours from the page.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from estran.findings import Curve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estran.findings import Estimate, Since

SVG, PATH, RECT = Markup("svg"), Markup("path"), Markup("rect")

WIDTH = 1000
"""Units across a picture, whatever its width on the page."""

FINE = 80
"""Periods up to which each has its point and its value on hover; past it they would be thinner than a finger."""

FAR_BAND = 1.8
"""A band is drawn up to so many times the largest share: a first period with ten people must not flatten the curve."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The box of a curve: how periods and shares become coordinates.

    Attributes:
        count: number of periods.
        top: share at the upper edge; the lower edge is 0.
        height: units from edge to edge.
    """

    count: int
    top: float
    height: int

    def x(self, period: float) -> float:
        """Middle of a period, from the left."""
        return WIDTH * (period + 0.5) / self.count

    def y(self, share: float) -> float:
        """A share, from the top; one above the box stays at its edge."""
        return self.height * (1 - min(share, self.top) / self.top)


def frame_of(curve: Curve, *, height: int, round_up: bool = False) -> Frame:
    """The box that holds a curve and as much of its band as is worth drawing; its foot is always 0.

    `round_up` puts the upper edge at a share that reads well, as does its half.
    """
    shares = [s for s in curve.share if math.isfinite(s)]
    highs = [h for h in curve.high if math.isfinite(h)]
    largest = max(shares, default=0.0)
    top = max(largest * 1.08, min(max(highs, default=0.0), FAR_BAND * largest))
    top = top or 1.0
    return Frame(max(len(curve.share), 1), _round_share(top) if round_up else top, height)


def _round_share(top: float) -> float:
    power = 10.0 ** math.floor(math.log10(top))
    return power * next(
        step for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if step * power >= top * 0.9999
    )


def spark(curve: Curve, *, label: str, column: str, since: Since | None = None, height: int = 100) -> Markup:
    """A curve with its band, its last point, and the span in which it turned."""
    frame = frame_of(curve, height=height)
    inner = _turn(curve, since, frame) + _band(curve, frame) + _line(curve, frame) + _last(curve, frame)
    return picture(inner, label=label, css=f"spark {column}", height=height)


def parted(curve: Curve, *, cuts: Sequence[int], label: str, height: int = 100) -> Markup:
    """A share from nothing to all, with its band; no line leads over the start of a period in `cuts`."""
    frame = Frame(max(len(curve.share), 1), 1.0, height)
    inner = element(PATH, {"class": "grid", "d": f"M0 0H{WIDTH}M0 {height}H{WIDTH}"})
    for start, stop in itertools.pairwise((0, *cuts, len(curve.share))):
        piece = _within(curve, start, stop)
        inner += _band(piece, frame) + _line(piece, frame)
        for (t,) in (run for run in _runs((piece.share,)) if len(run) == 1):
            point = f"M{written(frame.x(t))} {written(frame.y(piece.share[t]))}h0"
            inner += element(PATH, {"class": "point", "d": point})
    if cuts:
        at = "".join(f"M{written(WIDTH * t / frame.count)} 0V{height}" for t in cuts)
        inner += element(PATH, {"class": "turn", "d": at})
    return picture(inner, label=label, css="spark", height=height)


def _within(curve: Curve, start: int, stop: int) -> Curve:
    """The curve from one period to before another; nothing is known of the others."""

    def kept(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(v if start <= t < stop else math.nan for t, v in enumerate(values))

    return replace(curve, share=kept(curve.share), low=kept(curve.low), high=kept(curve.high))


def chart(
    curve: Curve,
    *,
    label: str,
    column: str,
    hover: Sequence[str],
    since: Since | None = None,
    height: int = 200,
) -> Markup:
    """The curve larger, with its points; `hover` is what each period says under the pointer."""
    frame = frame_of(curve, height=height, round_up=True)
    grid = Markup("").join(
        element(PATH, {"class": "grid", "d": f"M0 {written(height * k / 2)}H{WIDTH}"}) for k in (0, 1, 2)
    )
    inner = grid + _turn(curve, since, frame) + _band(curve, frame) + _line(curve, frame)
    inner += _points(curve, frame)
    return picture(inner + _hits(hover, height), label=label, css=f"chart {column}", height=height)


def whisker(change: Estimate, *, label: str, column: str, largest: float) -> Markup:
    """How far a share moved and how surely, on a log axis from no change (left) to `largest` times (right)."""
    height, reach = 20, math.log(max(largest, 1.5))

    def x(ratio: float) -> float:
        moved = math.log(ratio) if ratio > 0 else -math.inf
        along = -moved if change.value < 1 else moved
        return WIDTH * (0.015 + 0.97 * min(max(along / reach, 0.0), 1.0))

    ends = sorted((x(change.low), x(change.high)))
    inner = (
        element(PATH, {"class": "grid", "d": f"M{written(x(1))} 0V{height}"})
        + element(PATH, {"class": "ends", "d": f"M{written(ends[0])} {height // 2}H{written(ends[1])}"})
        + element(PATH, {"class": "dot", "d": f"M{written(x(change.value))} {height // 2}h0"})
    )
    return picture(inner, label=label, css=f"whisker {column}", height=height)


def bar(estimate: Estimate, *, label: str, css: str, top: float) -> Markup:
    """A share as a bar with its interval, on an axis from 0 to `top`."""
    height, scale = 20, WIDTH / top if top > 0 else 0.0
    low, value, high = (min(scale * end, WIDTH) for end in (estimate.low, estimate.value, estimate.high))
    inner = element(RECT, {"class": "bar", "y": 3, "width": written(value), "height": height - 6})
    inner += element(
        PATH, {"class": "ends low", "d": f"M{written(low)} {height // 2}H{written(value)}"}
    )  # light, in the bar
    inner += element(PATH, {"class": "ends", "d": f"M{written(value)} {height // 2}H{written(high)}"})
    return picture(inner, label=label, css=css, height=height)


def overlay(
    earlier: Curve, later: Curve, *, label: str, height: int = 100, top: float | None = None
) -> Markup:
    """Two curves on one axis from 0: the earlier theme dashed, the later one solid; pictures that are compared share a top."""
    aligned = _aligned(later, earlier.periods)
    largest = max((s for c in (earlier, aligned) for s in c.share if math.isfinite(s)), default=0.0)
    frame = Frame(max(len(earlier.share), 1), 1.08 * (largest if top is None else top) or 1.0, height)
    inner = _line(earlier, frame, css="line earlier") + _line(aligned, frame, css="line later")
    return picture(inner, label=label, css="overlay", height=height)


def beside(
    curve: Curve, other: Curve | None, *, at: int, label: str, hover: Sequence[str], height: int = 200
) -> Markup:
    """A curve with its band, another one dashed beside it, and a line before the period `at`, where something was decided."""
    frame = frame_beside(curve, other, height=height)
    edge = element(PATH, {"class": "grid", "d": f"M0 0H{WIDTH}M0 {height}H{WIDTH}"})
    inner = edge + _band(curve, frame)
    if other is not None:
        inner += _line(other, frame, css="line elsewhere")
    inner += _line(curve, frame) + _points(curve, frame)
    inner += element(PATH, {"class": "cut", "d": f"M{written(WIDTH * at / frame.count)} 0V{height}"})
    return picture(inner + _hits(hover, height), label=label, css="chart beside", height=height)


def frame_beside(curve: Curve, other: Curve | None, *, height: int = 200) -> Frame:
    """The box that holds a curve, as much of its band as is worth drawing, and another curve."""
    lines = [curve] if other is None else [curve, other]
    largest = max((s for line in lines for s in line.share if math.isfinite(s)), default=0.0)
    highest = max((h for h in curve.high if math.isfinite(h)), default=0.0)
    top = max(largest * 1.08, min(highest, FAR_BAND * largest)) or 1.0
    return Frame(max(len(curve.share), 1), _round_share(top), height)


def _points(curve: Curve, frame: Frame) -> Markup:
    return Markup("").join(
        element(PATH, {"class": "point", "d": f"M{written(frame.x(i))} {written(frame.y(s))}h0"})
        for i, s in enumerate(curve.share)
        if math.isfinite(s) and frame.count <= FINE
    )


def _aligned(curve: Curve, periods: tuple[str, ...]) -> Curve:
    """The same curve on other periods: nothing is known where it has none."""
    at = dict(zip(curve.periods, curve.share, strict=True))
    share = tuple(at.get(period, math.nan) for period in periods)
    return Curve(periods, share, share, share, (None,) * len(periods))


def stacks(
    layers: Sequence[tuple[str, Sequence[int]]], *, label: str, hover: Sequence[str], height: int = 40
) -> Markup:
    """Bars per period, layers on top of one another; a layer is (css class, counts)."""
    totals = [sum(counts) for counts in zip(*(counts for _, counts in layers), strict=True)]
    scale = height / max(max(totals, default=0), 1)
    step = WIDTH / max(len(totals), 1)
    gap = min(step * 0.16, 6)
    foot = [float(height)] * len(totals)
    inner = Markup("")
    for css, counts in layers:
        path = []
        for i, count in enumerate(counts):
            if count:
                tall = max(count * scale, 1.0)  # one message must be seen too
                foot[i] -= tall
                path.append(
                    f"M{written(i * step + gap / 2)} {written(foot[i])}h{written(step - gap)}v{written(tall)}h-{written(step - gap)}z"
                )
        inner += element(PATH, {"class": css, "d": "".join(path)}) if path else Markup("")
    return picture(inner + _hits(hover, height), label=label, css="stacks", height=height)


def picture(inner: Markup, *, label: str, css: str, height: int) -> Markup:
    """A picture `WIDTH` units wide, with the sentence that it says aloud."""
    return element(
        SVG,
        {
            "class": css,
            "viewBox": f"0 0 {WIDTH} {height}",
            "preserveAspectRatio": "none",
            "role": "img",
            "aria-label": label,
        },
        inner,
    )


def element(name: Markup, attributes: dict[str, object], inner: Markup | None = None) -> Markup:
    """An element of a picture; texts in it are escaped."""
    said = Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in attributes.items())
    if inner is None:
        return Markup("<{}{}/>").format(name, said)
    return Markup("<{0}{1}>{2}</{0}>").format(name, said, inner)


def written(value: float) -> str:
    """A coordinate, no finer than a picture shows."""
    return f"{value:.1f}".removesuffix(".0")


def _runs(values: Iterable[Sequence[float]]) -> list[list[int]]:
    """Stretches of periods whose values are all finite: a curve breaks where nothing is known."""
    runs: list[list[int]] = [[]]
    for i, at in enumerate(zip(*values, strict=True)):
        if all(math.isfinite(v) for v in at):
            runs[-1].append(i)
        else:
            runs.append([])
    return [run for run in runs if run]


def _path(points: Sequence[tuple[float, float]]) -> str:
    digits = 1 if len(points) <= 2 * FINE else 0  # a weekly curve of ten years must not weigh a megabyte
    return "M" + "L".join(f"{x:.{digits}f} {y:.{digits}f}" for x, y in points)


def _line(curve: Curve, frame: Frame, css: str = "line") -> Markup:
    drawn = Markup("")
    for run in _runs((curve.share,)):
        points = [(frame.x(i), frame.y(curve.share[i])) for i in run]
        drawn += element(
            PATH, {"class": css, "d": _path(points) if len(points) > 1 else _path(points) + "h0"}
        )
    return drawn


def _band(curve: Curve, frame: Frame) -> Markup:
    drawn = Markup("")
    for run in _runs((curve.low, curve.high)):
        over = [(frame.x(i), frame.y(curve.high[i])) for i in run]
        under = [(frame.x(i), frame.y(curve.low[i])) for i in reversed(run)]
        drawn += element(PATH, {"class": "band", "d": _path([*over, *under]) + "z"})
    return drawn


def _last(curve: Curve, frame: Frame) -> Markup:
    known = [i for i, share in enumerate(curve.share) if math.isfinite(share)]
    if not known:
        return Markup("")
    at = known[-1]
    return element(
        PATH, {"class": "dot", "d": f"M{written(frame.x(at))} {written(frame.y(curve.share[at]))}h0"}
    )


def _turn(curve: Curve, since: Since | None, frame: Frame) -> Markup:
    """The span of the turn as a pale column, and its likeliest date as a dashed line."""
    if since is None or since.low not in curve.periods or since.high not in curve.periods:
        return Markup("")
    step = WIDTH / frame.count
    low, high = curve.periods.index(since.low), curve.periods.index(since.high)
    width = (high - low + 1) * step
    drawn = element(
        RECT, {"class": "span", "x": written(low * step), "width": written(width), "height": frame.height}
    )
    if since.value in curve.periods:
        at = frame.x(curve.periods.index(since.value))
        drawn += element(PATH, {"class": "turn", "d": f"M{written(at)} 0V{frame.height}"})
    return drawn


def _hits(hover: Sequence[str], height: int) -> Markup:
    if len(hover) > FINE:
        return Markup("")
    step = WIDTH / max(len(hover), 1)
    return Markup("").join(
        element(
            RECT,
            {"class": "hit", "x": written(i * step), "width": written(step), "height": height},
            Markup("<title>{}</title>").format(text),
        )
        for i, text in enumerate(hover)
    )
