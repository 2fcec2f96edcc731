"""What decisions moved: how the answer is told in a terminal, in Markdown, on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group

from estran.findings import Outcome
from estran.report import effectsaid as told
from estran.report import sentences
from estran.report.blocks import blocks
from estran.report.faces import Face, footnoted
from estran.report.i18n import sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Effects
    from estran.report.i18n import Words

METHOD = (
    (
        sentence("Before and after, and elsewhere"),
        sentence(
            "Six periods before a mark are held against six after it, in shares of people. Where others were not concerned, what "
            "changed with them too is taken off. Where nobody was left out, a line through all periods is taken off: what had "
            "been rising goes on rising."
        ),
    ),
    (
        sentence("Held against other themes"),
        sentence(
            "Talk wanders for reasons of its own. Each movement is therefore held against those of up to 200 themes of like use, "
            "at the same date: it counts only if it is among the largest."
        ),
    ),
    (
        sentence("How often it is wrong"),
        sentence(
            "A theme that was named and did not move is said to have moved one time in twenty. Where several are named at a mark, "
            "or all themes are asked, at most one in twenty of those said to have moved did not, on average."
        ),
    ),
    (
        sentence("Did not move, or could not have been seen"),
        sentence(
            "“Did not move” is said only where a doubling would very likely have been seen. Otherwise the size of the change that "
            "could have been seen is told, and nothing else is known."
        ),
    ),
    (
        sentence("At that date, not because of it"),
        sentence(
            "A theme that moved did so at that date. If something else happened on the same days, to the same people, words alone "
            "cannot tell the two apart."
        ),
    ),
    (
        sentence("Withheld"),
        sentence(
            "A share that stands on one to four people is withheld, and so is what would tell it by subtraction: the other group in "
            "the same period, and the ratio."
        ),
    ),
)


def title(words: Words, _found: Effects) -> str:
    """What was asked."""
    return words.say("What decisions moved")


def summary(words: Words, found: Effects) -> str:
    """How many themes moved at how many marks."""
    moved = sum(mark.counts.get(Outcome.MOVED, 0) for mark in found.marks)
    marks = words.count("{n} mark", "{n} marks", len(found.marks))
    if moved:
        return words.count("{marks}: {n} theme moved.", "{marks}: {n} themes moved.", moved, marks=marks)
    return words.say("{marks}: nothing moved that these data can show.", marks=marks)


def terminal(words: Words, found: Effects, top: int | None) -> Iterator[RenderableType]:
    """Each mark with its themes."""
    for mark in found.marks:
        parts: list[RenderableType] = [Line(told.heading(words, mark), "bold cyan")]
        parts += [Line(line, "dim") for line in told.how(words, mark)]
        for effect in mark.effects[:top]:
            verdict, why = told.outcome(words, effect)
            style = "bold" if effect.outcome is Outcome.MOVED else ""
            parts.append(Line(""))
            parts.append(
                Line(sentences.headline(words, effect), "bold")
                .append(f"  {verdict} ", style or "not bold")
                .append(why, "not bold")
            )
            half = len(effect.curve.share) // 2
            curve = Line(blocks(effect.curve.share[:half], width=half), "cyan")
            curve.append("│", "default").append(blocks(effect.curve.share[half:], width=half), "cyan")
            parts.append(curve.append("  " + " · ".join(told.evidence(words, mark, effect)), "dim"))
        if top is not None and len(mark.effects) > top:
            left = len(mark.effects) - top
            parts.append(Line(words.count("and {n} more", "and {n} more", left), "dim"))
        yield Group(*parts)


def markdown(words: Words, found: Effects) -> Iterator[str]:
    """Each mark as a section, its themes as a table."""
    for mark in found.marks:
        yield f"## {plain(told.heading(words, mark))}"
        yield ""
        for line in told.how(words, mark):
            yield f"{plain(line)}  "
        yield ""
        if mark.effects:
            head = (words.say("theme"), words.say("outcome"), words.say("what it stands on"))
            yield from table(
                head,
                (
                    (
                        plain(sentences.headline(words, effect)),
                        plain(": ".join(told.outcome(words, effect))),
                        plain(" · ".join(told.evidence(words, mark, effect))),
                    )
                    for effect in mark.effects
                ),
            )


def html(words: Words, found: Effects) -> Markup:
    """Each mark with the pictures of its themes."""
    return filled("effects.html", words, found=found, told=told)


FACE = Face("effects", title, summary, terminal, markdown, html, footnoted(METHOD))
