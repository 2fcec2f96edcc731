"""What a reader must know before believing a trend: a sentence for each kind of notice."""

from __future__ import annotations

import string
from functools import partial
from typing import TYPE_CHECKING

from estran.report import sentences
from estran.report.corrections import CORRECTIONS
from estran.report.i18n import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from estran.findings import Answer, Notice

NOTICES: dict[str, tuple[str, ...]] = {
    "topics-dissolving": (
        sentence(
            "Topics below a stability of one half: {topics} of {of}. Take them for a rough sorting, no more."
        ),
        sentence("Some topics have a stability below one half: take them for a rough sorting, no more."),
    ),
    "topics-part-by-language": (
        sentence("The encoder keeps languages apart: what is one topic in two languages is shown as two."),
    ),
    "encoder-one-language": (
        sentence(
            "The encoder {encoder} does not cross languages: a theme said in two of them stands twice. Choose universal, "
            "or merge the two by hand."
        ),
        sentence("The encoder does not cross languages: a theme said in two of them stands twice."),
    ),
    "scope": (
        sentence("Only what was said in {unit}, and in the units below it, is looked at."),
        sentence("Only what was said in one unit is looked at."),
    ),
    "source-new": (
        sentence(
            "{source} only starts in {period}. What comes in with it is set apart, and not counted as a trend."
        ),
        sentence("A source starts within the span. What comes in with it is not counted as a trend."),
    ),
    "source-silent": (
        sentence("{source} falls silent after {period}. What it used to say is not counted as going Out."),
        sentence("A source falls silent within the span. What it used to say is not counted as going Out."),
    ),
    "length-drift": (
        sentence(
            "Messages of {source} changed length, from {before} to {after} words. "
            "Shares compare messages of like length."
        ),
        sentence(
            "Messages changed length, from {before} to {after} words. Shares compare messages of like length."
        ),
        sentence("Messages changed length over time. Shares compare messages of like length."),
    ),
    "language-drift": (
        sentence(
            "Messages in {language} went from {before} to {after} of all messages. "
            "Shares compare messages of one language."
        ),
        sentence("The languages of the messages changed over time. Shares compare messages of one language."),
    ),
    "last-period-incomplete": (
        sentence("The last period, {period}, is not over: its figures may still move."),
        sentence("The last period is not over: its figures may still move."),
    ),
    "first-period-incomplete": (
        sentence("The first period, {period}, is not covered from its first day."),
        sentence("The first period is not covered from its first day."),
    ),
    "incomplete-period": (
        sentence("{period} is not covered in full: its figures may still move."),
        sentence("A period is not covered in full: its figures may still move."),
    ),
    "no-conversations": (
        sentence(
            "Conversations are not known here (no thread, ticket or event): "
            "people alone are the unit of evidence, and one lively conversation can weigh too much."
        ),
    ),
    "few-periods": (
        sentence("With {periods} periods only, Estran says the direction of a change, not its date."),
        sentence("With so few periods, Estran says the direction of a change, not its date."),
    ),
    "seasons-unknown": (
        sentence("Under two years of messages: what comes back every year cannot be told from a trend."),
    ),
    "no-side": (
        sentence("Nothing says who speaks from inside and who from outside: the two are not compared."),
    ),
    "one-side": (
        sentence("All messages come from {side}: inside and outside cannot be compared."),
        sentence("All messages come from one side: inside and outside cannot be compared."),
    ),
    "no-author": (
        sentence("{messages} messages name no author: each is counted as a person of its own."),
        sentence("Some messages name no author: each is counted as a person of its own."),
    ),
    "guessed-columns": (
        sentence("Columns were guessed: {columns}. Say so if one is wrong."),
        sentence("Columns were guessed. Look at them below, and say so if one is wrong."),
    ),
    "future-dates": (
        sentence("{messages} messages are dated in the future; they were set aside."),
        sentence("Some messages are dated in the future; they were set aside."),
    ),
    "step-chosen": (
        sentence("Periods of one {step} were chosen from the span and the number of messages."),
        sentence("The length of a period was chosen from the span and the number of messages."),
    ),
    "rule-unused": (
        sentence("No row of {file} fits the rule {rule}. Look for a misspelt value."),
        sentence("A rule fits no row. Look for a misspelt value."),
    ),
    "not-utf8": (
        sentence("{lines} lines of {file} are not UTF-8; they were mended. Look for broken accents."),
        sentence("Some lines are not UTF-8; they were mended. Look for broken accents."),
    ),
    "nul-bytes": (
        sentence("{lines} lines of {file} held NUL bytes; these were dropped."),
        sentence("Some lines held NUL bytes; these were dropped."),
    ),
    "encoding": (
        sentence("{file} is not UTF-8; it was read as {encoding}. Look for broken accents."),
        sentence("A file is not UTF-8; its encoding was guessed. Look for broken accents."),
    ),
    "naive-times": (
        sentence("Times in {file} name no time zone: they were read as UTC."),
        sentence("Some times name no time zone: they were read as UTC."),
    ),
    "day-first": (
        sentence("Dates in {file} were read with the day first, as in 31/12/2024."),
        sentence("Dates were read with the day first, as in 31/12/2024."),
    ),
    "month-first": (
        sentence("Dates in {file} were read with the month first, as in 12/31/2024."),
        sentence("Dates were read with the month first, as in 12/31/2024."),
    ),
    **CORRECTIONS,
}
"""Sentences of each kind of notice, from the one that needs most facts to the one that needs none."""

GRAVE = frozenset(
    {
        "source-new",
        "source-silent",
        "length-drift",
        "language-drift",
        "no-conversations",
        "few-periods",
        "seasons-unknown",
    }
)
"""Notices that bear on the trends themselves; the others tell how the files were read."""


def notice(words: Words, of: Notice) -> str:
    """A sentence for a notice; one of an unknown kind shows its kind and facts."""
    for template in NOTICES.get(of.kind, ()):
        if fields(words.text(template)) <= of.facts.keys():
            return words.say(template, **_facts(words, of))
    facts = ", ".join(f"{name} = {value}" for name, value in of.facts.items())
    return f"{of.kind} ({facts})" if facts else of.kind


def notices(words: Words, found: Answer) -> list[tuple[bool, str]]:
    """(whether it bears on the trends, sentence), the grave ones first."""
    told = [(n.kind in GRAVE, notice(words, n)) for n in found.coverage.notices]
    return sorted(told, key=lambda pair: not pair[0])


def fields(template: str) -> set[str]:
    """The facts that a sentence has places for."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _facts(words: Words, of: Notice) -> dict[str, object]:
    return {name: _fact(words, of.kind, name, value) for name, value in of.facts.items()}


def _fact(words: Words, kind: str, name: str, value: str | float) -> object:
    if not isinstance(value, str):
        return words.share(value) if kind == "language-drift" else words.number(value)
    written: dict[str, Callable[[str], str]] = {
        "period": words.period,
        "side": partial(sentences.side, words),
        "language": partial(sentences.tongue, words),
        "step": partial(sentences.step, words),
    }
    return written[name](value) if name in written else value
