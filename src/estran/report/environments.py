"""What is said where, and what crosses, told on every face."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.report.ahead import in_periods, interval, lasted
from estran.report.faces import Face, footnoted
from estran.report.i18n import DASH, NOTHING, Words, sentence
from estran.report.kinds import environment_head, environment_rows, kind_name
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.sentences import headline
from estran.report.templating import filled
from estran.report.voicecurves import Row, as_blocks, axis, caution, figure, last, over_time, picture, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Crossing, Curve, Environment, Estimate, Landscape, Spread

ROWS = 24
"""Themes that moved on a heat map; as many of those that most people say."""
WIDE = 6
"""Kinds of tool that a terminal has room for."""
SEVERAL = 5
"""Rows of curves in a terminal, all voices among them."""
SHADES = 5

CANNOT: Mapping[str, str] = {
    "one-environment": sentence(
        "Nothing can cross: all of it is said in one kind of tool, {kind} ({sources}). "
        "If the sources are of several kinds, say so in environments.toml."
    ),
    "no-common-periods": sentence(
        "Nothing can be said to cross: no two kinds of tool speak together in {least} periods."
    ),
}

METHOD = (
    (
        sentence("Where a theme is said"),
        sentence(
            "The share of its voices: a person counts once in a period and a kind of tool. Intervals know that people have "
            "habits. A figure of fewer than five people is withheld, and another with it, where the rest would tell it."
        ),
    ),
    (
        sentence("What crosses"),
        sentence(
            "A theme crosses where one kind of tool shows the same movement as another, earlier; the test is that of who said it first, "
            "over all themes and pairs of tools, with at most {rate} false claims. A tool that moves more slowly may be taken for one "
            "that follows, or that leads."
        ),
    ),
    (
        sentence("New tools and silent ones"),
        sentence(
            "Two tools are compared in the periods in which both speak, and before and now only where all that last speak: a tool "
            "that was connected late, or fell silent, is no crossing."
        ),
    ),
    (
        sentence("Kinds are guessed"),
        sentence(
            'What kind of tool a source is was guessed from its name where nobody said it. A line such as "acme-slack" = "chat" in '
            "environments.toml says it."
        ),
    ),
)


def summary(words: Words, found: Landscape) -> str:
    """Where most is said, and how much crosses."""
    if found.cannot is not None:
        facts = dict(found.cannot.facts)
        if "kind" in facts:
            facts["kind"] = kind_name(words, str(facts["kind"]))
        return words.say(CANNOT[found.cannot.kind], **facts)
    crossed = words.count(
        "{n} theme crosses from one kind of tool to another.",
        "{n} themes cross from one kind of tool to another.",
        len(found.crossings),
    )
    if not found.crossings:
        crossed = words.say("No theme is shown to cross from one kind of tool to another.")
    largest = found.environments[0]
    if largest.share is None:
        return crossed
    most = words.say(
        "{kind}: {share} of all voices ({interval}).",
        kind=kind_name(words, largest.kind),
        share=words.share(largest.share.value),
        interval=words.between(largest.share),
    )
    return f"{most[:1].upper()}{most[1:]} {crossed}"


def share(words: Words, estimate: Estimate | None) -> str:
    """A share, or a dash where it is withheld."""
    return words.share(estimate.value) if estimate else NOTHING


def rows(found: Landscape) -> tuple[Spread, ...]:
    """The themes of a heat map."""
    return found.themes[: 2 * ROWS]


def shade(estimate: Estimate | None) -> int:
    """How dark a cell is, from 0 to `SHADES`."""
    return math.ceil(SHADES * estimate.value) if estimate else 0


def facts(words: Words, found: Landscape) -> str:
    """What was tested, and over which periods before and now were compared."""
    told = words.say(
        "Tested: {compared} themes in pairs of kinds of tool, in {pairs} pairs that speak together in eight periods and more.",
        compared=found.compared,
        pairs=found.pairs,
    )
    if not found.halves:
        return told
    a, b, c, d = map(words.period, found.halves)
    return f"{told} " + words.say(
        "Before is {a} {dash} {b}, now {c} {dash} {d}, where all tools that last speak.",
        a=a,
        b=b,
        c=c,
        d=d,
        dash=DASH,
    )


def q(words: Words, crossing: Crossing) -> str:
    """The rate of false claims at which a crossing is made."""
    return words.rate(crossing.ahead.q) if crossing.ahead.q is not None else NOTHING


def way(words: Words, crossing: Crossing) -> str:
    """From which kind of tool to which."""
    return f"{kind_name(words, crossing.first)} → {kind_name(words, crossing.then)}"


def terminal(words: Words, found: Landscape, top: int | None) -> Iterator[RenderableType]:
    """The kinds of tool, where themes are said, and what crosses."""
    yield _grid(environment_head(words), environment_rows(words, found))
    if len(found.environments) > 1:
        shown = found.environments[:WIDE]
        head = (words.say("theme"), *(kind_name(words, e.kind) for e in shown))
        lines = (
            (headline(words, theme), *(share(words, s) for s in theme.shares[: len(shown)]))
            for theme in found.themes[:top]
        )
        yield Group(Line(words.say("Where themes are said"), "bold"), _grid(head, lines))
    if told := over_time(found):
        head = (words.say("theme"), words.say("kind of tool"), words.say("curve"), words.say("in the end"))
        drawn = (
            (
                row.headline(words) if first else "",
                kind_name(words, kind),
                as_blocks(found, curve),
                last(words, curve),
            )
            for row in told[: SEVERAL if top is None else min(top + 1, SEVERAL)]
            for first, kind, curve in row.drawn(found)
        )
        yield Group(
            Line(f"{words.say('Over time')}  {span(words, axis(told))}", "bold"),
            _grid(head, drawn),
            Line(caution(words, found, axis(told), drawn=False), "dim"),
        )
    yield Line(f"{words.say('What crosses')}  {words.number(len(found.crossings))}", "bold")
    if found.crossings:
        yield _grid(
            (words.say("theme"), words.say("way"), words.say("ahead by"), words.say("false-discovery rate")),
            (
                (headline(words, c), way(words, c), lasted(words, c.time), q(words, c))
                for c in found.crossings[:top]
            ),
        )
    if found.cannot is None:
        yield Line(facts(words, found), "dim")


def _grid(head: Sequence[str], lines: Iterator[tuple[str, ...]]) -> RenderableType:
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for i, name in enumerate(head):
        grid.add_column(Line(name), overflow="fold", justify="left" if i < 2 else "right")
    for line in lines:
        grid.add_row(*(Line(cell) for cell in line))
    return grid


def markdown(words: Words, found: Landscape) -> Iterator[str]:
    """Three tables."""
    yield f"## {words.say('Kinds of tool')}"
    yield ""
    yield from table(
        environment_head(words), ([plain(cell) for cell in line] for line in environment_rows(words, found))
    )
    if len(found.environments) > 1:
        yield f"## {words.say('Where themes are said')}"
        yield ""
        head = (words.say("theme"), *(plain(kind_name(words, e.kind)) for e in found.environments))
        yield from table(
            head,
            (
                (f"**{plain(headline(words, theme))}**", *(share(words, s) for s in theme.shares))
                for theme in rows(found)
            ),
        )
    if found.halves:
        yield f"## {words.say('Before and now')}"
        yield ""
        head = (words.say("theme"), *(plain(kind_name(words, e.kind)) for e in found.environments))
        yield from table(head, (_then_and_now(words, theme) for theme in rows(found)))
    yield from _markdown_over_time(words, found)
    yield f"## {words.say('What crosses')}"
    yield ""
    if found.crossings:
        head = (
            words.say("theme"), words.say("way"), words.say("ahead by"), words.say("periods"),
            words.say("false-discovery rate"),
        )  # fmt: skip
        yield from table(
            head,
            (
                (
                    f"**{plain(headline(words, c))}**",
                    plain(way(words, c)),
                    lasted(words, c.time),
                    in_periods(words, c.ahead),
                    q(words, c),
                )
                for c in found.crossings
            ),
        )
    else:
        yield words.say("Nothing that these data can show.")
        yield ""
    if found.cannot is None:
        yield plain(facts(words, found))
        yield ""


def _markdown_over_time(words: Words, found: Landscape) -> Iterator[str]:
    told = over_time(found)
    if not told:
        return
    yield f"## {words.say('Over time')}"
    yield ""
    yield f"{span(words, axis(told))}. {plain(caution(words, found, axis(told), drawn=False))}"
    yield ""
    head = (words.say("theme"), *(plain(kind_name(words, e.kind)) for e in found.environments))
    yield from table(
        head,
        (
            (f"**{plain(row.headline(words))}**", *(as_blocks(found, curve) for curve in row.curves))
            for row in told
        ),
    )


def _then_and_now(words: Words, theme: Spread) -> tuple[str, ...]:
    pairs = zip(theme.before, theme.now, strict=True)
    return (
        f"**{plain(headline(words, theme))}**",
        *(f"{share(words, before)} → {share(words, now)}" for before, now in pairs),
    )


def html(words: Words, found: Landscape) -> Markup:
    """A heat map of themes and kinds of tool, which is a table, and what crosses as intervals on one axis."""
    ends = [c.ahead.high if math.isfinite(c.ahead.high) else c.ahead.value for c in found.crossings]
    return filled(
        "environments.html",
        words,
        found=found,
        rows=rows(found),
        over_time=(drawn := over_time(found)),
        periods=axis(drawn),
        told=_Told(words, far=max([*ends, 1.0])),
        environments=list(environment_rows(words, found)),
        head=environment_head(words),
    )


class _Told:
    """What the template asks for."""

    def __init__(self, words: Words, *, far: float) -> None:
        self._words, self.far = words, far

    def kind(self, environment: Environment) -> str:
        return kind_name(self._words, environment.kind)

    def label(self, theme: Spread | Crossing) -> str:
        return headline(self._words, theme)

    def share(self, estimate: Estimate | None) -> str:
        return share(self._words, estimate)

    def between(self, estimate: Estimate | None) -> str:
        return self._words.between(estimate) if estimate else self._words.say("withheld or nothing said")

    def shade(self, estimate: Estimate | None) -> int:
        return shade(estimate)

    def way(self, crossing: Crossing) -> str:
        return way(self._words, crossing)

    def lasted(self, crossing: Crossing) -> str:
        return lasted(self._words, crossing.time)

    def q(self, crossing: Crossing) -> str:
        return q(self._words, crossing)

    def headline(self, row: Row) -> str:
        return row.headline(self._words)

    def picture(self, found: Landscape, row: Row, environment: Environment, curve: Curve) -> Markup:
        of = f"{row.headline(self._words)}, {kind_name(self._words, environment.kind)}"
        return picture(self._words, found, curve, of=of)

    def caution(self, found: Landscape, periods: tuple[str, ...]) -> str:
        return caution(self._words, found, periods, drawn=True)

    def span(self, periods: tuple[str, ...]) -> str:
        return span(self._words, periods)

    def figure(self, curve: Curve, at: int) -> tuple[str, str]:
        return figure(self._words, curve, at)

    def facts(self, found: Landscape) -> str:
        return facts(self._words, found)

    def interval(self, crossing: Crossing) -> Markup:
        """To the left of the middle the first of the two was ahead."""
        label = f"{self.label(crossing)}: {self.way(crossing)}, {self.lasted(crossing)}"
        return interval(crossing.ahead, far=self.far, label=label, css="outside")


FACE = Face(
    name="landscape",
    title=lambda words, _: words.say("What is said where, and what crosses"),
    summary=summary,
    terminal=terminal,
    markdown=markdown,
    html=html,
    method=footnoted(METHOD),
)
