"""How the continuum is told: which side says what more, whether gaps close, and how coherent the whole is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup
from rich.console import Group
from rich.table import Table

from estran.findings import Course, Estimate, Facing, Gap
from estran.report import charts
from estran.report.charts import PATH, RECT, WIDTH, element, picture, written
from estran.report.faces import Face
from estran.report.i18n import NOTHING, Words, sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.sidemap import MOVED, side_map
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from estran.findings import Coherent, Continuum, Place, SidedTheme

LISTED = 12
"""Themes of each list on a page; the table below the map has all of them."""

WHY_NOT = {
    Facing.NO_SIDES: sentence(
        "Nothing says who speaks from inside and who from outside: there are no two sides to compare. Say it with "
        "--inside and --outside, or with a column."
    ),
    Facing.ONE_SIDE: sentence("All messages come from one side: there is nothing to compare them with."),
    Facing.FEW_PEOPLE: sentence(
        "Fewer than five people speak on one of the sides: they are not compared with the other."
    ),
    Facing.NEVER_TOGETHER: sentence(
        "There is no period in which five people of each side speak: the two sides are never heard together."
    ),
}
GAPS = {
    Gap.OUTSIDE: sentence("more outside"),
    Gap.INSIDE: sentence("more inside"),
    Gap.ALIKE: sentence("alike"),
    Gap.NOT_ENOUGH: sentence("not enough"),
}
COURSES = {
    Course.CLOSING: sentence("closing"),
    Course.OPENING: sentence("opening"),
    Course.CROSSING: sentence("changes sides"),
    Course.STEADY: sentence("steady"),
    Course.NOT_ENOUGH: sentence("not enough"),
}

COLUMNS = (
    sentence("theme"),
    sentence("outside"),
    sentence("inside"),
    sentence("outside / inside"),
    sentence("outside, then and now"),
    sentence("inside, then and now"),
    sentence("gap"),
)


def title(words: Words, found: Continuum) -> str:  # noqa: ARG001  every face is asked alike
    """What was asked."""
    return words.say("Inside and outside: one continuum?")


def summary(words: Words, found: Continuum) -> str:
    """The answer in one sentence."""
    if found.facing is not Facing.COMPARED:
        return words.text(WHY_NOT[found.facing])
    outside, inside = found.counts["outside"], found.counts["inside"]
    if not outside and not inside:
        return words.say(
            "No theme is said more by one side than by people of the other who speak as much, as far as can be told."
        )
    gaps = [
        words.count("{n} theme is said more outside", "{n} themes are said more outside", outside),
        words.count("{n} more inside", "{n} more inside", inside),
    ]
    counts = found.counts
    moves = [
        words.count("{n} gap closes", "{n} gaps close", counts["closing"]),
        words.count("{n} opens", "{n} open", counts["opening"]),
        words.count("{n} changes sides", "{n} change sides", counts["crossing"]),
    ]
    if not any(counts[course] for course in MOVED):
        return words.say("{gaps}; no gap is seen to move.", gaps=", ".join(gaps))
    return words.say("{gaps}; {moves}.", gaps=", ".join(gaps), moves=", ".join(moves))


def coherence_told(words: Words, each: Coherent) -> str:
    """The coherence of a period in a few words."""
    if each.index is None:
        return words.say("not enough")
    return f"{words.number(each.index.value, 2)} ({words.number(each.index.low, 2)} – {words.number(each.index.high, 2)})"


def facts(words: Words, found: Continuum) -> Iterator[str]:
    """What else is to be known: the coherence of all the time, and who was compared."""
    if found.facing is not Facing.COMPARED or found.whole is None:
        return
    yield words.say("Coherence, 0 to 1: {index}.", index=coherence_told(words, found.whole))
    yield words.say(
        "Compared: {inside} people inside and {outside} people outside who speak as much, in one language, at the same time.",
        inside=few(words, found.inside),
        outside=few(words, found.outside),
    )
    if found.apart_inside is None:
        yield words.say(
            "Fewer than five people inside speak so much, or so little, that nobody outside can be compared."
        )
    elif found.apart_inside:
        yield words.count(
            "{n} person inside speaks so much, or so little, that nobody outside can be compared.",
            "{n} people inside speak so much, or so little, that nobody outside can be compared.",
            found.apart_inside,
        )


def few(words: Words, people: int | None) -> str:
    """A number of people; None is 1 to 4."""
    return "<\N{NO-BREAK SPACE}5" if people is None else words.number(people)


def share(words: Words, estimate: Estimate | None) -> str:
    """A share, or that it is withheld."""
    return words.say("withheld") if estimate is None else words.share(estimate.value)


def ratio(words: Words, theme: SidedTheme) -> str:
    """Outside over inside."""
    if theme.ratio is None:
        return NOTHING
    return f"{words.ratio(theme.ratio.value)} ({words.between(theme.ratio, ratio=True)})"


def path(words: Words, theme: SidedTheme, side: str) -> str:
    """The share of a side then and now."""
    then, now = (getattr(place, side) for place in (theme.then, theme.now))
    return f"{share(words, then)} → {share(words, now)}"


def hover(words: Words, theme: SidedTheme) -> str:
    """What a theme says under the pointer."""
    return words.say(
        "{theme}: outside {outside}, inside {inside}; {gap}; {course}",
        theme=theme.label,
        outside=path(words, theme, "outside"),
        inside=path(words, theme, "inside"),
        gap=words.text(GAPS[theme.gap]),
        course=words.say("gap: {course}", course=words.text(COURSES[theme.course])),
    )


def lists(found: Continuum) -> tuple[tuple[str, list[SidedTheme]], ...]:
    """The themes by what is claimed of them, the surest first."""
    by_gap = {gap: [t for t in found.themes if t.gap is gap] for gap in (Gap.OUTSIDE, Gap.INSIDE)}
    moved = [t for t in found.themes if t.course in MOVED]
    return (
        (sentence("Said more outside"), by_gap[Gap.OUTSIDE]),
        (sentence("Said more inside"), by_gap[Gap.INSIDE]),
        (sentence("Gaps that move"), moved),
    )


def terminal(words: Words, found: Continuum, top: int | None) -> Iterator[RenderableType]:
    """The lists as tables, and the coherence."""
    for name, themes in lists(found):
        if not themes:
            continue
        grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
        grid.add_column(words.text(name), overflow="fold")
        for column in (*COLUMNS[1:4], COLUMNS[-1]):
            grid.add_column(words.text(column), justify="right")
        for theme in themes[:top]:
            grid.add_row(
                Line(theme.label),
                *(
                    Line(cell)
                    for cell in (
                        share(words, theme.whole.outside),
                        share(words, theme.whole.inside),
                        ratio(words, theme),
                        words.text(COURSES[theme.course]),
                    )
                ),
            )
        yield grid
    said = [*(Line(fact) for fact in facts(words, found))]
    told = [f"{words.period(c.period)} {coherence_told(words, c)}" for c in found.coherence[-8:]]
    if told:
        said.append(Line(words.say("Coherence per period: {told}", told="; ".join(told)), "dim"))
    if said:
        yield Group(*said)


def markdown(words: Words, found: Continuum) -> Iterator[str]:
    """The lists and the coherence as tables."""
    for fact in facts(words, found):
        yield fact
        yield ""
    for name, themes in lists(found):
        if themes:
            yield f"## {words.text(name)}"
            yield ""
            yield from table(head(words), (row(words, theme) for theme in themes[:LISTED]))
    if found.coherence:
        yield f"## {words.say('Coherence per period')}"
        yield ""
        rows = ((words.period(c.period), coherence_told(words, c)) for c in found.coherence)
        yield from table((words.say("period"), words.say("coherence, with its interval")), rows)


def head(words: Words) -> tuple[str, ...]:
    """The columns of a theme."""
    return tuple(map(words.text, COLUMNS))


def row(words: Words, theme: SidedTheme, *, mark: bool = True) -> tuple[str, ...]:
    """A theme in a table; escaped for Markdown where `mark` is set."""
    return (
        plain(theme.label) if mark else theme.label,
        share(words, theme.whole.outside),
        share(words, theme.whole.inside),
        ratio(words, theme),
        path(words, theme, "outside"),
        path(words, theme, "inside"),
        words.text(COURSES[theme.course]),
    )


def html(words: Words, found: Continuum) -> Markup:
    """The map, the lists and the coherence, each with its table."""
    return filled("continuum.html", words, found=found, view=Pictures(words, found))


class Pictures:
    """What the template of the continuum asks for."""

    def __init__(self, words: Words, found: Continuum) -> None:
        self.words, self.found = words, found
        self.listed = LISTED

    def facts(self) -> list[str]:
        """What else is to be known."""
        return list(facts(self.words, self.found))

    def map(self) -> Markup:
        """The map of all themes."""
        return side_map(self.words, self.found.themes, hover=lambda theme: hover(self.words, theme))

    def lists(self) -> list[tuple[str, list[SidedTheme]]]:
        """The lists that hold anything."""
        return [(self.words.text(name), themes) for name, themes in lists(self.found) if themes]

    def head(self) -> tuple[str, ...]:
        """The columns of a theme."""
        return head(self.words)

    def rows(self, themes: Sequence[SidedTheme]) -> list[tuple[str, ...]]:
        """Themes in a table."""
        return [row(self.words, theme, mark=False) for theme in themes]

    def coherent(self) -> list[tuple[str, str, int | None, int | None]]:
        """Coherence per period, in a table."""
        return [
            (self.words.period(c.period), coherence_told(self.words, c), c.inside, c.outside)
            for c in self.found.coherence
        ]

    def curve(self) -> Markup:
        """Coherence per period with its interval, from 0 at the foot to 1 at the top."""
        return coherence_chart(self.words, self.found.coherence)

    def window(self, window: tuple[str, ...]) -> str:
        """A window as people write it."""
        first, last = (self.words.period(p) for p in (window[0], window[-1]))
        return first if first == last else f"{first} – {last}"

    def bar(self, place: Place, side: str) -> Markup:
        """A share as a bar."""
        estimate: Estimate | None = getattr(place, side)
        if estimate is None:
            return charts.bar(
                Estimate(0, 0, 0, ""), label=self.words.say("withheld"), css=f"side {side}", top=1
            )
        top = max(
            (e.value for t in self.found.themes for e in (t.whole.inside, t.whole.outside) if e), default=1.0
        )
        label = f"{self.words.say(side)}: {self.words.share(estimate.value)}, {self.words.between(estimate)}"
        return charts.bar(estimate, label=label, css=f"side {side}", top=top)


def coherence_chart(words: Words, periods: Sequence[Coherent], height: int = 160) -> Markup:
    """A whisker and a point a period; nothing where there is not enough."""
    step = WIDTH / max(len(periods), 1)
    inner = Markup("").join(
        element(PATH, {"class": "grid", "d": f"M0 {written(height * k / 4)}H{WIDTH}"}) for k in range(5)
    )
    line: list[str] = []
    for i, each in enumerate(periods):
        x = (i + 0.5) * step
        if each.index is not None and math.isfinite(each.index.value):
            y, low, high = (height * (1 - v) for v in (each.index.value, each.index.low, each.index.high))
            inner += element(PATH, {"class": "ends", "d": f"M{written(x)} {written(low)}V{written(high)}"})
            inner += element(PATH, {"class": "dot", "d": f"M{written(x)} {written(y)}h0"})
            line.append(f"{'L' if line else 'M'}{written(x)} {written(y)}")
        title = Markup("<title>{}</title>").format(
            f"{words.period(each.period)}: {coherence_told(words, each)}"
        )
        inner += element(
            RECT, {"class": "hit", "x": written(i * step), "width": written(step), "height": height}, title
        )
    inner = element(PATH, {"class": "line", "d": "".join(line)}) + inner if line else inner
    return picture(
        inner, label=words.say("Coherence per period, from 0 to 1"), css="chart still", height=height
    )


def method(words: Words, found: Continuum) -> tuple[tuple[str, str], ...]:
    """How to read it."""
    return (
        (
            words.say("The gap"),
            words.say(
                "A person counts once, on the side where he or she says more. People are compared with people of the other side "
                "who say as much in all, in the same language and in the same half of the time; who has no such people is left "
                "out. Sides are dealt out among them at random in thought, exactly: at most {rate} of the gaps that are claimed "
                "are false, and a crowd in one conversation weighs as one.",
                rate=words.rate(found.provenance.false_discovery_rate),
            ),
        ),
        (
            words.say("Closing, opening"),
            words.say(
                "The gap of a theme moves when its share has another slope outside than inside, tested person by person and "
                "conversation by conversation, and when the two windows show it too. “Alike” and “steady” are said only where "
                "a ratio of ×2 is ruled out; everything else is “not enough”."
            ),
        ),
        (
            words.say("Coherence"),
            words.say(
                "How alike both sides distribute what they say over themes: 1 is what one crowd would show if sides were dealt out at "
                "random, 0 is not one theme in common. The size of the talk does not move it, as it does a raw divergence."
            ),
        ),
        (
            words.say("What is withheld"),
            words.say("A share that 1 to 4 people stand behind, and whatever would tell it by subtraction."),
        ),
    )


FACE = Face(
    name="continuum",
    title=title,
    summary=summary,
    terminal=terminal,
    markdown=markdown,
    html=html,
    method=method,
)
