"""What findings say in words: one sentence for each claim and each warning, shared by all the written faces."""

from __future__ import annotations

import string
from functools import partial
from typing import TYPE_CHECKING

from estran.findings import Shape
from estran.report.corrections import CORRECTIONS
from estran.report.i18n import THIN, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from estran.findings import Answer, Movement, Notice, Quote, Theme, Tour

SHAPES = {
    Shape.EMERGING: sentence("New and rising"),
    Shape.IN: sentence("Rising"),
    Shape.ESTABLISHED: sentence("Rose, and has held"),
    Shape.RETURNING: sentence("Had gone, coming back"),
    Shape.PEAKED_OUT: sentence("Past its peak"),
    Shape.OUT: sentence("Falling"),
    Shape.STEADY: sentence("Holding steady"),
    Shape.TOO_EARLY: sentence("Too early to say"),
}

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

CUT = {
    "quote": sentence("quoted replies"),
    "signature": sentence("signatures"),
    "greeting": sentence("greetings"),
    "footer": sentence("mailing footers"),
    "code": sentence("code"),
    "markup": sentence("markup"),
    "link": sentence("links"),
    "name": sentence("names of people"),
    "boilerplate": sentence("boilerplate repeated over many messages"),
}
"""What cleaning cuts out of messages."""

LEFT_OUT = {
    "bot": sentence("written by machines"),
    "duplicate": sentence("duplicates"),
    "near-duplicate": sentence("near-duplicates"),
    "empty": sentence("no words left"),
    "outside the days asked": sentence("outside the days asked"),
    "outside the scope asked": sentence("outside the unit asked"),
    "said outside": sentence("said outside"),
}
"""Why whole messages are left out; so is any reason that is not known here."""

REFUSED = (
    sentence("no text"),
    sentence("no date"),
    sentence("a date that cannot be read"),
    sentence("dated before the year 1000"),
    sentence("dated in the future"),
    sentence("duplicate id, same message"),
    sentence("duplicate id, another message"),
    sentence("copy of an earlier message (same source, time, author and text)"),
    sentence("a quote inside a quoted field is not doubled"),
    sentence("a quote is opened and never closed"),
    sentence("not valid JSON"),
    sentence("not a JSON object"),
)
"""Reasons why a row is refused that are known here; another one stands as it was given."""

SIDES = {"inside": sentence("inside"), "outside": sentence("outside")}
STEPS = {
    "week": sentence("week"),
    "month": sentence("month"),
    "quarter": sentence("quarter"),
    "half": sentence("half-year"),
    "year": sentence("year"),
}
TONGUES = {
    "fr": sentence("French"),
    "en": sentence("English"),
    "de": sentence("German"),
    "es": sentence("Spanish"),
    "it": sentence("Italian"),
    "nl": sentence("Dutch"),
    "pt": sentence("Portuguese"),
    "?": sentence("unknown language"),
}


FOREMOST_LANGUAGES = 3
"""Languages of a theme that are named; the others are counted."""


def shape(words: Words, movement: Movement) -> str:
    """How a theme moved, in two or three words."""
    return words.text(SHAPES[movement.shape])


def headline(words: Words, movement: Movement) -> str:
    """The label to print large: in the reader's language if the theme lives in it, else its commonest form."""
    return movement.labels.get(words.language, movement.label)


def other_labels(words: Words, movement: Movement) -> tuple[tuple[str, str], ...]:
    """(language, label) of the labels that differ from the headline."""
    first = headline(words, movement)
    return tuple((tongue, label) for tongue, label in movement.labels.items() if label != first)


def since(words: Words, movement: Movement) -> str:
    """Since when, or an empty string where nothing can be said of it."""
    turn = movement.since
    if turn is None:
        return ""
    if turn.value is None:
        return turn_span(words, movement)
    return words.say("since {period}", period=words.period(turn.value))


def course(words: Words, movement: Movement) -> str:
    """How a theme moved, and since when where that can be said."""
    dated = movement.since is not None and movement.since.value is not None
    return (" " if dated else ", ").join(filter(None, (shape(words, movement), since(words, movement))))


def turn_span(words: Words, movement: Movement) -> str:
    """The span in which the turn lies nine times in ten, or an empty string where it is one period or unknown."""
    turn = movement.since
    if turn is None or turn.low == turn.high == turn.value:
        return ""
    if turn.low == turn.high:
        return words.say("turned in {period}", period=words.period(turn.low))
    return words.say(
        "turned between {low} and {high}", low=words.period(turn.low), high=words.period(turn.high)
    )


def side(words: Words, name: str | None) -> str:
    """Inside, outside, or what else a side may be called; an unknown side says so."""
    return words.text(SIDES.get(name, name)) if name else words.say("side unknown")


def tongue(words: Words, code: str | None) -> str:
    """The name of a language, or its code where it has none here."""
    code = code or "?"
    return words.text(TONGUES.get(code, code))


def topic(words: Words, movement: Movement) -> str:
    """The topic that a theme lives in, named in the language of the reader where it can be; "" where none is known."""
    if movement.topic is None:
        return ""
    labels = movement.topic.labels
    called = labels.get(words.language) or next(iter(labels.values()), "")
    return words.say("topic: {topic}", topic=called) if called else ""


def senses(words: Words, theme: Movement | Theme) -> str:
    """What an acronym may mean where nothing tells; "" for a theme that means one thing."""
    if not theme.senses:
        return ""
    return words.say("where nothing tells what it stands for: {senses}", senses=" / ".join(theme.senses))


def per_language(words: Words, languages: Mapping[str, int | None]) -> str:
    """Messages per language, the foremost three, where there are several and some may be shown; else an empty string."""
    if len(languages) < 2 or all(n is None for n in languages.values()):
        return ""
    told = [
        f"{tongue(words, code)} {words.say('withheld') if n is None else words.number(n)}"
        for code, n in languages.items()
    ]
    left = len(told) - FOREMOST_LANGUAGES
    more = [words.count("and {n} more", "and {n} more", left)] if left > 0 else []
    return ", ".join([*told[:FOREMOST_LANGUAGES], *more])


def by_language(words: Words, languages: Mapping[str, int | None]) -> str:
    """The same as a clause of its own."""
    told = per_language(words, languages)
    return words.say("messages by language: {languages}", languages=told) if told else ""


def step(words: Words, name: str) -> str:
    """The length of a period."""
    return words.text(STEPS.get(name, name))


def removals(words: Words, of: Mapping[str, int]) -> list[str]:
    """A sentence for the messages that cleaning left out, and one for what it cut out of the others."""
    out = [(words.text(LEFT_OUT.get(why, why)), n) for why, n in of.items() if why not in CUT]
    cut = [(words.text(CUT[why]), n) for why, n in of.items() if why in CUT]
    said = []
    if out:
        listed = ", ".join(f"{why} ({words.number(n)})" for why, n in out)
        said.append(words.say("Messages left out: {reasons}.", reasons=listed))
    if cut:
        listed = ", ".join(words.say("{part} (in {n})", part=part, n=n) for part, n in cut)
        said.append(words.say("Cut out of messages: {parts}.", parts=listed))
    return said


def voices(words: Words, people: int | None) -> str:
    """How many people used a theme in a period, or that the figure is withheld (too few of them)."""
    return words.say("withheld") if people is None else words.count("{n} person", "{n} people", people)


def for_reader(words: Words, quotes: Iterable[Quote]) -> list[Quote]:
    """Quotes with those in the reader's language first."""
    return sorted(quotes, key=lambda quote: quote.language != words.language)


def quoted(words: Words, quote: Quote) -> str:
    """The words of a quote between the quotation marks of its language."""
    if (quote.language or words.language) == "fr":
        return f"«{THIN}{quote.text}{THIN}»"
    return f"“{quote.text}”"


def followed(words: Words, themes: Iterable[Movement]) -> Iterator[str]:
    """A sentence for each theme that is followed by hand, whatever may be said of it."""
    for theme in themes:
        name, people = headline(words, theme), voices(words, theme.people)
        if theme.shape in {Shape.STEADY, Shape.TOO_EARLY}:
            might = (
                words.say("a change of {ratio} would have been seen", ratio=words.ratio(theme.detectable))
                if theme.shape is Shape.STEADY
                else words.say(
                    "only a change of {ratio} could have been seen", ratio=words.ratio(theme.detectable)
                )
            )
            yield f"{name}: {shape(words, theme)} ({might}), {people}"
        else:
            change = f"{words.ratio(theme.change.value)} ({words.between(theme.change, ratio=True)})"
            yield f"{name}: {course(words, theme)}, {change}, {people}"


def notice(words: Words, of: Notice) -> str:
    """A sentence for a notice; one of an unknown kind shows its kind and facts."""
    for template in NOTICES.get(of.kind, ()):
        if _fields(words.text(template)) <= of.facts.keys():
            return words.say(template, **_facts(words, of))
    facts = ", ".join(f"{name} = {value}" for name, value in of.facts.items())
    return f"{of.kind} ({facts})" if facts else of.kind


def notices(words: Words, found: Answer) -> list[tuple[bool, str]]:
    """(whether it bears on the trends, sentence), the grave ones first."""
    told = [(n.kind in GRAVE, notice(words, n)) for n in found.coverage.notices]
    return sorted(told, key=lambda pair: not pair[0])


def summary(words: Words, tour: Tour) -> tuple[tuple[str, str], ...]:
    """The tour in one sentence, as (text, list) pieces; a label names its list, "coming_in" or "going_out"."""
    clauses: list[list[tuple[str, str]]] = []
    if tour.coming_in:
        n = tour.provenance.lists.get("coming_in", len(tour.coming_in))
        said = words.count(
            "{n} theme is coming In: {theme}", "{n} themes are coming In, led by {theme}", n, theme=PLACE
        )
        clauses.append(_pieces(said, headline(words, tour.coming_in[0]), "coming_in"))
    if tour.going_out:
        n = tour.provenance.lists.get("going_out", len(tour.going_out))
        said = words.count(
            "{n} theme is going Out: {theme}", "{n} themes are going Out, led by {theme}", n, theme=PLACE
        )
        clauses.append(_pieces(said, headline(words, tour.going_out[0]), "going_out"))
    if not clauses:
        return ((words.say("In these data, nothing is coming In or going Out for sure."), ""),)
    joined = clauses[0] if len(clauses) == 1 else [*clauses[0], (words.say("; "), ""), *clauses[1]]
    return (*joined, (".", ""))


PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"


def _pieces(said: str, label: str, column: str) -> list[tuple[str, str]]:
    before, _, after = said.partition(PLACE)
    return [piece for piece in ((before, ""), (label, column), (after, "")) if piece[0]]


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _facts(words: Words, of: Notice) -> dict[str, object]:
    return {name: _fact(words, of.kind, name, value) for name, value in of.facts.items()}


def _fact(words: Words, kind: str, name: str, value: str | float) -> object:
    if not isinstance(value, str):
        return words.share(value) if kind == "language-drift" else words.number(value)
    written: dict[str, Callable[[str], str]] = {
        "period": words.period,
        "side": partial(side, words),
        "language": partial(tongue, words),
        "step": partial(step, words),
    }
    return written[name](value) if name in written else value
