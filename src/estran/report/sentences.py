"""What findings say in words: one sentence for each claim, shared by all the written faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from estran.findings import Shape
from estran.report.i18n import THIN, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from estran.findings import Movement, Quote, Theme, Tour

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


class Labelled(Protocol):
    """Whatever is called by the label of a theme."""

    @property
    def label(self) -> str:
        """Its commonest form."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Language -> label, of the languages that it lives in."""


def headline(words: Words, theme: Labelled) -> str:
    """The label to print large: in the reader's language if the theme lives in it, else its commonest form."""
    return theme.labels.get(words.language, theme.label)


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


def extent(words: Words, tour: Tour) -> list[str]:
    """From when to when, how many messages, people and themes, and how many discoveries may be false."""
    made, coverage = tour.provenance, tour.coverage
    facts = [
        words.count("{n} message", "{n} messages", coverage.kept),
        words.count("{n} person", "{n} people", made.people),
        words.count("{n} theme tested", "{n} themes tested", made.tested),
        words.say("at most {rate} false discoveries", rate=words.rate(made.false_discovery_rate)),
    ]
    if coverage.periods:
        facts.insert(0, f"{words.period(coverage.periods[0])} – {words.period(coverage.periods[-1])}")
    return facts


PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"


def _pieces(said: str, label: str, column: str) -> list[tuple[str, str]]:
    before, _, after = said.partition(PLACE)
    return [piece for piece in ((before, ""), (label, column), (after, "")) if piece[0]]
