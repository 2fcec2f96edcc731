"""The plots of the page: small SVG files, drawn by Vega-Lite, that can be read on a light and on a dark page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import vl_convert

from bench.truth.goals import ESTRAN, method, plant
from bench.truth.plants import COURSES, RATIOS
from bench.truth.shapes import GOAL_SIZE

if TYPE_CHECKING:
    from bench.truth.goals import Results

METHODS = {
    ESTRAN: "Estran", "g2": "G² (Dunning)", "log_odds": "log odds (Monroe)", "cochran_armitage": "Cochran-Armitage",
    "kleinberg": "bursts (Kleinberg)", "pelt": "change points (PELT)", "pelt_lines": "broken line (PELT)",
    "middle": "always the middle",
}  # fmt: skip
COLOURS = ("#0072b2", "#e69f00", "#cc79a7", "#009e73", "#d55e00", "#8c6bb1", "#56b4e9", "#8a8a8a")
"""Those of Okabe and Ito, of which none is lost on the colour-blind."""
MARKS = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-left",
    "triangle-right",
)
INK, PAPER, FAINT = "#23282e", "#fefefe", "#d7dade"
DARK = {INK: "#e6e8ea", PAPER: "#16191d", FAINT: "#3c4249"}
"""On a dark page; a plot brings its own paper, so that ink and paper always fit."""
Rows = Sequence[Mapping[str, object]]


def svg(spec: Mapping[str, object]) -> str:
    """A chart as SVG that turns dark where the reader's page does."""
    drawn = vl_convert.vegalite_to_svg(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "background": PAPER,
            "padding": 12,
            "config": {
                "font": "sans-serif",
                "axis": {"labelColor": INK, "titleColor": INK, "gridColor": FAINT, "domainColor": FAINT,
                         "tickColor": FAINT, "labelFontSize": 11, "titleFontSize": 11, "labelLimit": 220},
                "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 11, "labelLimit": 220},
                "header": {"labelColor": INK, "titleColor": INK, "labelFontSize": 11},
                "view": {"stroke": FAINT},
            },
            **spec,
        }
    )  # fmt: skip
    rules = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in DARK.items()
    )
    style = f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"
    drawn = re.sub(r"(<svg[^>]*>)", lambda found: found[1] + style, drawn, count=1)
    # the page tells in words what is shown; marks need no words, nor a thousandth of a pixel
    drawn = re.sub(r' (?:aria-\w+|role)="[^"]*"', "", drawn)
    return re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", drawn)


def _by_method(rows: Rows) -> Mapping[str, object]:
    """Colour and mark of each method, the same in all plots."""
    shown = [name for name in METHODS.values() if name in {row["method"] for row in rows}]
    places = [list(METHODS.values()).index(name) for name in shown]
    scale = {"domain": shown, "range": [COLOURS[at] for at in places]}
    marks = {"domain": shown, "range": [MARKS[at] for at in places]}
    title = {"title": None, "legend": {"orient": "right"}}
    return {
        "color": {"field": "method", "type": "nominal", "scale": scale, **title},
        "shape": {"field": "method", "type": "nominal", "scale": marks, **title},
    }


def dots(
    rows: Rows, *, x: str, title: str, goal: float | None = None, logarithmic: bool = False
) -> Mapping[str, object]:
    """One line a corpus, one mark a method."""
    scale = {"type": "symlog", "constant": 1} if logarithmic else {"zero": False}
    encoding = {
        "x": {"field": x, "type": "quantitative", "title": title, "scale": scale,
              **({"axis": {"values": [0, 1, 10, 100, 1000, 10000]}} if logarithmic else {})},
        "y": {"field": "corpus", "type": "nominal", "title": None, "sort": None, "axis": {"grid": True}},
        **_by_method(rows),
    }  # fmt: skip
    layers = [_marks(encoding)]
    if goal is not None:
        layers.append(_rule("x", goal))
    return {"width": 430, "height": {"step": 30}, "data": {"values": _ours_last(rows)}, "layer": layers}


def _marks(encoding: Mapping[str, object]) -> Mapping[str, object]:
    """A mark a figure; Estran's a little larger."""
    size = {"condition": {"test": f"datum.method === '{METHODS[ESTRAN]}'", "value": 110}, "value": 60}
    mark = {"type": "point", "filled": True, "opacity": 0.9}
    return {"mark": mark, "encoding": {**encoding, "size": size}}


def _ours_last(rows: Rows) -> list[Mapping[str, object]]:
    """What is drawn last lies on top."""
    return sorted(rows, key=lambda row: row["method"] == METHODS[ESTRAN])


def _rule(axis: str, at: float) -> Mapping[str, object]:
    return {
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": INK},
        "encoding": {axis: {"datum": at, "type": "quantitative"}},
    }


def false_claims(results: Results) -> Mapping[str, object] | None:
    """Mean number of false claims where whole people or conversations were shuffled."""
    rows = [
        {"corpus": name, "method": METHODS[who], "false": sum(some) / len(some)}
        for name, parts in results.items()
        for who, some in mean_false(parts).items()
    ]
    title = "false claims when nothing moves (mean of all shuffles)"
    return dots(rows, x="false", title=title, logarithmic=True) if rows else None


def mean_false(parts: Mapping[str, Mapping[str, object]]) -> Mapping[str, list[float]]:
    """Method -> mean number of false claims, level by level."""
    claims: dict[str, list[float]] = {}
    for part, told in parts.items():
        if part.startswith("null "):
            claims.setdefault(ESTRAN, []).append(told["false_mean"])
            for who, mean in told["rivals"].items():
                claims.setdefault(who, []).append(mean)
    return claims


def false_share_and_recall(results: Results, course: str, ratio: float) -> Mapping[str, object] | None:
    """Each method on each corpus: how much of what it claims is false, and how much it finds."""
    rows = [
        {"corpus": name, "method": METHODS[who], "false": told["fdp"], "recall": told["recall_all"]}
        for name, parts in results.items()
        for who, told in parts.get(plant(course, ratio), {}).get("methods", {}).items()
        if told["recall_all"] is not None
    ]
    encoding = {
        "x": {"field": "false", "type": "quantitative", "title": "false share of the claims", "scale": {"domain": [0, 1]}},
        "y": {"field": "recall", "type": "quantitative", "title": "planted themes found", "scale": {"domain": [0, 1]}},
        **_by_method(rows),
    }  # fmt: skip
    layers = [
        _marks(encoding),
        _rule("x", 0.05),
    ]
    return (
        {"width": 430, "height": 260, "data": {"values": _ours_last(rows)}, "layer": layers} if rows else None
    )


def recall_by_course(results: Results) -> Mapping[str, object] | None:
    """Recall of well supported themes by size of the change, a panel a course, a line a corpus."""
    rows = [
        {"corpus": name, "course": course, "ratio": ratio, "recall": told["recall_well"]}
        for name, parts in results.items()
        for course in COURSES
        for ratio in RATIOS
        if (told := method(parts, plant(course, ratio))) and told["recall_well"] is not None
    ]
    if not rows:
        return None
    names = list(dict.fromkeys(row["corpus"] for row in rows))
    scale = {"domain": names, "range": list(COLOURS[: len(names)])}
    encoding = {
        "x": {"field": "ratio", "type": "ordinal", "title": "change, ×", "axis": {"labelAngle": 0, "format": "d"}},
        "y": {"field": "recall", "type": "quantitative", "title": "found, of themes in over 200 messages", "scale": {"domain": [0, 1]}},
        "color": {"field": "corpus", "type": "nominal", "title": None, "scale": scale},
        "shape": {"field": "corpus", "type": "nominal", "title": None, "scale": {"domain": names, "range": list(MARKS[: len(names)])}},
    }  # fmt: skip
    return {
        "data": {"values": rows},
        "facet": {"column": {"field": "course", "type": "nominal", "title": None, "sort": list(COURSES)}},
        "spec": {
            "width": 84,
            "height": 170,
            "layer": [
                {"mark": "line", "encoding": {k: v for k, v in encoding.items() if k != "shape"}},
                {"mark": {"type": "point", "filled": True, "size": 45}, "encoding": encoding},
            ],
        },
    }


def agreement(results: Results) -> Mapping[str, object] | None:
    """Claims of one half of the people that go the same way in the other half."""
    rows = [
        {"corpus": name, "method": METHODS[who], "agree": told["agreement"]}
        for name, parts in results.items()
        for who, told in parts.get("halves", {}).get("methods", {}).items()
        if told["agreement"] is not None
    ]
    title = "same direction among other people (0.5 is chance)"
    return dots(rows, x="agree", title=title, goal=0.95) if rows else None


def turns(results: Results) -> Mapping[str, object] | None:
    """How far the date of a planted turn is off, by method."""
    rows = [
        {"corpus": name, "method": METHODS[who], "off": off}
        for name, parts in results.items()
        for who, off in parts.get(" ".join(map(str, ("shapes", *GOAL_SIZE))), {}).get("turn_mae", {}).items()
    ]
    return dots(rows, x="off", title="date of the turn off by, in periods", goal=0.9) if rows else None
