"""The continuum map: share outside against share inside, log against log; the diagonal is where both say the same.

An arrow leads from where a theme stood in the earlier window to where it stands now. The map is drawn twice, for a page
and for a phone, so that its words are read at their own size on either; the style sheet shows one of them. Words never
overlap: the foremost themes are named first, and who finds no room is left to the hover and the table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from estran.findings import Course
from estran.report.charts import PATH, RECT, SVG, element, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from estran.findings import Place, SidedTheme
    from estran.report.i18n import Words

G, TEXT, CIRCLE = Markup("g"), Markup("text"), Markup("circle")
TICKS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
LETTER = 0.6
"""Width of a letter, in ems: what a sans-serif face takes on average, and a little more."""
APART = 4
"""Room left and right of a name, so that two on one line do not read as one."""
MOVED = (Course.CLOSING, Course.OPENING, Course.CROSSING)
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper that a map is drawn on, in units that are pixels at its own width.

    Attributes:
        css: which of the two it is.
        width: of the whole picture.
        height: of the whole picture.
        left: room for the words of the axis.
        foot: room for those of the other.
        strip: band along either axis, for themes that nobody, or too few people of a side, say.
        letters: size of the names.
        names: how many themes are named at the most.
    """

    css: str
    width: int
    height: int
    left: int
    foot: int
    strip: int
    letters: int
    names: int


PAGE = Sheet("page-map", 960, 720, 62, 56, 36, 13, 60)
PHONE = Sheet("phone-map", 360, 430, 58, 50, 22, 11, 20)


@dataclass(frozen=True, slots=True)
class Scale:
    """How shares become coordinates: one scale for both axes, so that the diagonal stays one."""

    sheet: Sheet
    low: float
    high: float

    def _along(self, share: float | None, room: float) -> float:
        if share is None or share <= 0:
            return -self.sheet.strip / 2
        held = min(max(share, self.low), self.high)
        return room * math.log(held / self.low) / math.log(self.high / self.low)

    def x(self, outside: float | None) -> float:
        """Of a share outside; in the strip at the left where it is none, or withheld."""
        start = self.sheet.left + self.sheet.strip
        return start + self._along(outside, self.sheet.width - start - 12)

    def y(self, inside: float | None) -> float:
        """Of a share inside; in the strip at the foot where it is none, or withheld."""
        end = self.sheet.height - self.sheet.foot - self.sheet.strip
        return end - self._along(inside, end - 12)


def standing(theme: SidedTheme) -> Place:
    """Where a theme is drawn: where it stands now, or over all time where a share of now is withheld and that is not."""
    now, whole = theme.now, theme.whole
    return whole if _unknown(now) > _unknown(whole) else now


def _unknown(place: Place) -> int:
    return sum(share is None or share.value <= 0 for share in (place.inside, place.outside))


def side_map(words: Words, themes: Sequence[SidedTheme], *, hover: Callable[[SidedTheme], str]) -> Markup:
    """The map, for a page and for a phone; `hover` is what a theme says under the pointer."""
    shares = [
        share.value
        for theme in themes
        for place in (standing(theme), theme.then)
        for share in (place.inside, place.outside)
        if share is not None and share.value > 0
    ]
    low = max((tick for tick in TICKS if tick <= min(shares, default=0.01)), default=TICKS[0])
    high = min((tick for tick in TICKS if tick >= max(shares, default=0.1)), default=1.0)
    label = words.count(
        "Map of {n} theme: share of the people outside against share of the people inside",
        "Map of {n} themes: share of the people outside against share of the people inside",
        len(themes),
    )
    drawn = (_sheet(words, themes, Scale(sheet, low, high), label, hover) for sheet in (PAGE, PHONE))
    return Markup("").join(drawn)


def _sheet(
    words: Words,
    themes: Sequence[SidedTheme],
    scale: Scale,
    label: str,
    hover: Callable[[SidedTheme], str],
) -> Markup:
    sheet = scale.sheet
    inner = Markup("").join(_paper(words, scale))
    spots = [(scale.x(_value(standing(t).outside)), scale.y(_value(standing(t).inside))) for t in themes]
    for theme, spot in reversed(list(zip(themes, spots, strict=True))):  # the foremost on top
        inner += _theme(theme, spot, scale, hover(theme))
    inner += Markup("").join(_names(themes, spots, sheet))
    return element(
        SVG,
        {
            "class": f"side-map {sheet.css}",
            "viewBox": f"0 0 {sheet.width} {sheet.height}",
            "role": "img",
            "aria-label": label,
        },
        inner,
    )


def _value(share: object) -> float | None:
    value: float | None = getattr(share, "value", None)
    return value


def _paper(words: Words, scale: Scale) -> Iterator[Markup]:
    """Axes, diagonal and the words on them."""
    sheet = scale.sheet
    edge_x, edge_y = sheet.left + sheet.strip, sheet.height - sheet.foot - sheet.strip
    right, foot = sheet.width - 12, sheet.height - sheet.foot
    yield element(RECT, {"class": "few", "x": sheet.left, "y": 12, "width": sheet.strip, "height": foot - 12})
    yield element(
        RECT,
        {"class": "few", "x": sheet.left, "y": edge_y, "width": right - sheet.left, "height": sheet.strip},
    )
    every = 2 if sheet is PHONE else 1  # powers of ten where there is no room for more
    ticks = [tick for tick in TICKS[::every] if scale.low <= tick <= scale.high]
    for tick in ticks:
        x, y = scale.x(tick), scale.y(tick)
        yield element(
            PATH, {"class": "grid", "d": f"M{written(x)} 12V{foot}M{sheet.left} {written(y)}H{right}"}
        )
        yield _word(words.share(tick), x, foot + 16, "tick", anchor="end" if tick == ticks[-1] else "middle")
        yield _word(words.share(tick), sheet.left - 6, y + 4, "tick", anchor="end")
    yield element(
        PATH,
        {
            "class": "diagonal",
            "d": f"M{written(edge_x)} {written(edge_y)}L{written(scale.x(scale.high))} {written(scale.y(scale.high))}",
        },
    )
    yield _word(
        words.say("share of the people outside"), (edge_x + right) / 2, sheet.height - 12, "axis-name"
    )
    yield element(
        TEXT,
        {
            "class": "axis-name",
            "text-anchor": "middle",
            "transform": f"translate({12 if sheet is PHONE else 14} {written((12 + edge_y) / 2)}) rotate(-90)",
        },
        Markup("{}").format(words.say("share of the people inside")),
    )
    yield _word(words.say("more inside"), edge_x + 8, 28, "corner", anchor="start")
    yield _word(words.say("more outside"), right - 6, edge_y - 10, "corner", anchor="end")


def _word(text: str, x: float, y: float, css: str, *, anchor: str = "middle") -> Markup:
    return element(
        TEXT,
        {"class": css, "x": written(x), "y": written(y), "text-anchor": anchor},
        Markup("{}").format(text),
    )


def _theme(theme: SidedTheme, spot: tuple[float, float], scale: Scale, told: str) -> Markup:
    """The arrow of a theme and its point, with what they say under the pointer."""
    x, y = spot
    moved = " moved" if theme.course in MOVED else ""
    inner = Markup("<title>{}</title>").format(told)
    then = theme.then
    if not _unknown(standing(theme)) and standing(theme) is theme.now and not _unknown(then):
        a, b = scale.x(_value(then.outside)), scale.y(_value(then.inside))
        length = math.hypot(x - a, y - b)
        if length > 9:
            inner += element(
                PATH, {"class": "way", "d": f"M{written(a)} {written(b)}L{written(x)} {written(y)}"}
            )
            if moved:
                inner += element(PATH, {"class": "head", "d": _head(a, b, x, y, length)})
    inner += element(
        CIRCLE, {"class": "spot", "cx": written(x), "cy": written(y), "r": "4.5" if moved else "3.5"}
    )
    inner += element(CIRCLE, {"class": "reach", "cx": written(x), "cy": written(y), "r": "11"})
    return element(G, {"class": f"gap {str(theme.gap).replace(' ', '-')}{moved}"}, inner)


def _head(a: float, b: float, x: float, y: float, length: float) -> str:
    """The head of an arrow, just before its point."""
    ux, uy = (x - a) / length, (y - b) / length
    tip_x, tip_y = x - 5 * ux, y - 5 * uy
    wings = ((tip_x - 8 * ux + side * 4 * uy, tip_y - 8 * uy - side * 4 * ux) for side in (1, -1))
    (lx, ly), (rx, ry) = wings
    return f"M{written(lx)} {written(ly)}L{written(tip_x)} {written(tip_y)}L{written(rx)} {written(ry)}"


def _names(
    themes: Sequence[SidedTheme], spots: Sequence[tuple[float, float]], sheet: Sheet
) -> Iterator[Markup]:
    """Names that overlap neither each other nor the points of the foremost themes, the foremost first."""
    edge_x, edge_y = sheet.left + sheet.strip, sheet.height - sheet.foot - sheet.strip
    taken: list[Box] = [
        (x - 4, y - 4, x + 4, y + 4)
        for place, (x, y) in enumerate(spots)
        if place < sheet.names or x < edge_x or y > edge_y  # in the strips points stand close
    ]
    named = 0
    for theme, (x, y) in zip(themes, spots, strict=True):
        if named == sheet.names:
            return
        wide, tall = LETTER * sheet.letters * len(theme.label), sheet.letters * 1.1
        for left, base, anchor in _places(x, y, tall):
            start = {"start": left, "end": left - wide, "middle": left - wide / 2}[anchor]
            box = (start - APART, base - tall * 0.85, start + wide + APART, base + tall * 0.25)
            inside = (
                box[0] >= sheet.left + 2
                and box[2] <= sheet.width - 4
                and box[1] >= 32
                and box[3] <= sheet.height - sheet.foot
            )
            if inside and not any(_meet(box, other) for other in taken):
                taken.append(box)
                named += 1
                css = f"name {str(theme.gap).replace(' ', '-')}"
                yield _word(theme.label, left, base, css, anchor=anchor)
                break


def _places(x: float, y: float, tall: float) -> Iterator[tuple[float, float, str]]:
    """Where a name may stand beside its point: right, left, above, below."""
    yield x + 8, y + tall * 0.3, "start"
    yield x - 8, y + tall * 0.3, "end"
    yield x, y - 8, "middle"
    yield x, y + tall + 5, "middle"
    yield x + 6, y - 6, "start"
    yield x - 6, y - 6, "end"


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
