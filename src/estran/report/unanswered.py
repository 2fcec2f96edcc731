"""How it is told what one side raises and the other does not take up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.findings import Facing
from estran.report import sentences
from estran.report.continuum import WHY_NOT, share
from estran.report.faces import Face
from estran.report.i18n import NOTHING, Words, sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Quote, Unanswered, Untaken

Part = tuple[str, str, str, "tuple[Untaken, ...]", int]

COLUMNS = (
    sentence("theme"),
    sentence("says it"),
    sentence("the other side"),
    sentence("at least"),
    sentence("stretches of time"),
)


def title(words: Words, found: Unanswered) -> str:  # noqa: ARG001  every face is asked alike
    """What was asked."""
    return words.say("What one side raises, and the other does not take up")


def summary(words: Words, found: Unanswered) -> str:
    """The answer in one sentence."""
    if found.facing is not Facing.COMPARED:
        return words.text(WHY_NOT[found.facing])
    if not found.enough and not found.all_raised and not found.all_unheard:
        return words.say(
            "Too few people speak, or in too few periods, for a theme to be raised three times over and be said to go unanswered."
        )
    return words.say(
        "{raised} that hardly anybody inside takes up; {unheard}.",
        raised=words.count("Customers raise {n} theme", "Customers raise {n} themes", found.all_raised),
        unheard=words.count(
            "the inside speaks of {n} that hardly any customer does", "the inside speaks of {n} that hardly any customer does",
            found.all_unheard,
        ),
    )  # fmt: skip


def parts(found: Unanswered) -> tuple[Part, ...]:
    """Both lists: their name, what stands at quotes of either side, the themes, and how many there are."""
    outside, inside = sentence("Said outside"), sentence("Said inside")
    return (
        (sentence("Raised outside, not taken up inside"), outside, sentence("Nearest to it, inside"), found.raised, found.all_raised),
        (sentence("Spoken of inside, by no customer"), inside, sentence("Nearest to it, outside"), found.unheard, found.all_unheard),
    )  # fmt: skip


def at_least(words: Words, theme: Untaken) -> str:
    """How many times as many people say it, at least."""
    return NOTHING if theme.ratio is None else words.ratio(theme.ratio.low)


def told(words: Words, theme: Untaken) -> str:
    """The figures of a theme in one sentence."""
    other = words.say("nobody of the other side") if theme.nobody else share(words, theme.other)
    if theme.other is None:
        other = words.say("fewer than five people of the other side")
    said = words.say("{share} of its side ({interval}) say it, against {other}", share=words.share(theme.saying.value), interval=words.between(theme.saying), other=other)  # fmt: skip
    if theme.ratio is not None:
        said += words.say("; at least {ratio}", ratio=at_least(words, theme))
    return said + words.count("; in {n} stretch of time", "; in {n} stretches of time", len(theme.stretches))


def head(words: Words) -> tuple[str, ...]:
    """The columns of a theme."""
    return tuple(map(words.text, COLUMNS))


def row(words: Words, theme: Untaken) -> tuple[str, ...]:
    """A theme in a table."""
    return (
        theme.label,
        words.share(theme.saying.value),
        share(words, theme.other),
        at_least(words, theme),
        words.number(len(theme.stretches)),
    )


def terminal(words: Words, found: Unanswered, top: int | None) -> Iterator[RenderableType]:
    """Both lists, each theme with a quote of either side."""
    for name, here, there, themes, _ in parts(found):
        if not themes:
            continue
        grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
        grid.add_column(words.text(name), overflow="fold")
        for column in head(words)[1:]:
            grid.add_column(column, justify="right")
        for theme in themes[:top]:
            grid.add_row(*(Line(cell) for cell in row(words, theme)))
        quoted = [
            Line(f"{theme.label} · {words.text(what)}: {sentences.quoted(words, quote)}", "dim")
            for theme in themes[: min(top or 3, 3)]
            for what, some in ((here, theme.quotes[:1]), (there, theme.nearest[:1]))
            for quote in some
        ]
        yield Group(grid, *quoted)


def markdown(words: Words, found: Unanswered) -> Iterator[str]:
    """Both lists as tables, then their quotes."""
    for name, here, there, themes, _ in parts(found):
        if not themes:
            continue
        yield f"## {words.text(name)}"
        yield ""
        yield from table(
            head(words), ((plain(cells[0]), *cells[1:]) for cells in (row(words, t) for t in themes))
        )
        for theme in themes:
            for what, some in ((here, theme.quotes), (there, theme.nearest)):
                for quote in some:
                    yield f"- {plain(theme.label)} · {words.text(what)}: {plain(sentences.quoted(words, quote))} ({_where(words, quote)})"
        yield ""


def _where(words: Words, quote: Quote) -> str:
    return f"{plain(quote.source)}, {words.day(quote.date)}"


def html(words: Words, found: Unanswered) -> Markup:
    """Both lists, each theme with what either side says."""
    return filled("unanswered.html", words, found=found, view=Shown(words, found))


class Shown:
    """What the template asks for."""

    def __init__(self, words: Words, found: Unanswered) -> None:
        self.words, self.found = words, found

    def parts(self) -> list[Part]:
        """The lists that hold anything."""
        return [part for part in parts(self.found) if part[3]]

    def told(self, theme: Untaken) -> str:
        """The figures of a theme in one sentence."""
        return told(self.words, theme)

    def head(self) -> tuple[str, ...]:
        """The columns of a theme."""
        return head(self.words)

    def row(self, theme: Untaken) -> tuple[str, ...]:
        """A theme in a table."""
        return row(self.words, theme)


def method(words: Words, found: Unanswered) -> tuple[tuple[str, str], ...]:
    """How to read it."""
    return (
        (
            words.say("Raised, and not taken up"),
            words.say(
                "In at least three stretches of time the lower bound of the share of the side that says it lies above {times} times "
                "the upper bound of the other's, among people who speak as much; and the gap over all the time is claimed, at most "
                "{rate} of such claims being false.",
                times=words.number(found.times, 0 if found.times == int(found.times) else 1),
                rate=words.rate(found.provenance.false_discovery_rate),
            ),
        ),
        (
            words.say("Nearest"),
            words.say(
                "Sentences of the other side whose meaning comes nearest to the theme, by the vectors of the encoder; none where "
                "nothing is near, or fewer than ten people say it. Not taking a word up is not the same as not caring."
            ),
        ),
    )


FACE = Face(
    name="unanswered",
    title=title,
    summary=summary,
    terminal=terminal,
    markdown=markdown,
    html=html,
    method=method,
)
