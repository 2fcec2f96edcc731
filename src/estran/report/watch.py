"""What was looked at for changes, what was raised, and where it was sent; and the letter that is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group

from estran.findings import Letter
from estran.report import sentences, watchcurves
from estran.report.faces import Face
from estran.report.i18n import Words, sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.templating import filled
from estran.report.undelivered import why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Alarm, Delivery, Notice, RuleLooked, Watch, Watched

SEASONAL = 1.1
"""A season that changes what is expected by less is not spoken of."""

STATES: dict[str, str] = {
    "raised": sentence("changed"),
    "quiet": sentence("no change; a rise of {visible} would have been told within 8 weeks"),
    "unsaid": sentence("no theme is called so, or fewer than 5 people said it"),
    "few": sentence("fewer than 5 people here said it"),
    "told": sentence("told until {day}; its past began anew then, {weeks} of 6 weeks are learnt"),
    "young": sentence("not enough: {weeks} weeks of past, and 16 are needed"),
    "rare": sentence(
        "not enough: {weekly} uses a week; about {needed} are needed to tell a rise of ×3 within 8 weeks"
    ),
    "rare, no figure": sentence(
        "not enough: {weekly} uses a week are too few to tell a rise of ×3 within 8 weeks"
    ),
}
"""How it stands with a theme that a rule names."""

SOURCES: dict[str, str] = {
    "watch-new": sentence(
        "The source {source} began on {day}: what is said there raises no alarm of itself."
    ),
    "watch-silent": sentence("The source {source} has been silent since {day}: that raises no alarm."),
}
"""Changes of what is heard, which are none of what is said."""

PLACES: dict[str, str] = {
    "mail": sentence("mail"),
    "webhook": sentence("webhook"),
    "file": sentence("file"),
}

SCOPED: dict[str | None, tuple[str, str]] = {
    None: (sentence("everywhere"), sentence("in {unit}")),
    "inside": (sentence("inside"), sentence("inside, in {unit}")),
    "outside": (sentence("outside"), sentence("outside, in {unit}")),
}


def title(words: Words, _: Watch) -> str:
    """What was asked."""
    return words.say("What is watched")


def summary(words: Words, found: Watch) -> str:
    """The look in one sentence."""
    if not found.alarms and not any(rule.since for rule in found.rules):
        return words.say("No day is new since the last look ({day}).", day=words.day(found.until))
    if not found.alarms:
        return words.say("Until {day}, nothing that is watched changed.", day=words.day(found.until))
    return words.count(
        "Until {day}, {n} theme changed: {themes}.",
        "Until {day}, {n} themes changed: {themes}.",
        _themes(found.alarms),
        day=words.day(found.until),
        themes=_few(words, found.alarms),
    )


def _themes(alarms: Sequence[Alarm]) -> int:
    """How many themes were raised; several rules may raise one."""
    return len({alarm.theme for alarm in alarms})


def _few(words: Words, alarms: Sequence[Alarm]) -> str:
    """The foremost themes that were raised, each once."""
    named = list(dict.fromkeys(f"{'▲' if a.rise else '▼'} {name(words, a)}" for a in alarms))
    return ", ".join(
        [*named[:3], *([words.count("and {n} more", "and {n} more", len(named) - 3)] if named[3:] else [])]
    )


def name(words: Words, of: Alarm | Watched) -> str:
    """A theme, in the reader's language if it lives in it."""
    return of.labels.get(words.language, of.label)


def scope(words: Words, of: Alarm | RuleLooked) -> str:
    """Of whom it is told."""
    everywhere, somewhere = SCOPED.get(of.side, SCOPED[None])
    return words.say(somewhere, unit=of.unit) if of.unit else words.text(everywhere)


def heading(words: Words, alarm: Alarm) -> str:
    """An alarm in a few words."""
    way = words.say("{theme} is said more", theme=name(words, alarm))
    if not alarm.rise:
        way = words.say("{theme} is said less", theme=name(words, alarm))
    ratio = f" ({words.ratio(alarm.change.value)})" if alarm.change else ""
    return f"{way}{ratio}, {scope(words, alarm)}"


def told(words: Words, alarm: Alarm) -> str:
    """The figures of an alarm, with their interval; in words where they are withheld."""
    span = words.say("{since} to {until}", since=words.day(alarm.since), until=words.day(alarm.until))
    if alarm.change is None or alarm.said is None or alarm.expected is None or alarm.people is None:
        return words.say(
            "{span}: figures withheld, as they, or what they differ by from others, would tell of fewer than 5 people.",
            span=span,
        )
    said = words.count("{n} use", "{n} uses", alarm.said)
    people = words.count("{n} person", "{n} people", alarm.people)
    told_ = words.say(
        "{span}: {said} by {people}, where the past makes {expected} expect: {ratio} ({interval}).",
        span=span,
        said=said,
        people=people,
        expected=words.number(alarm.expected, 1),
        ratio=words.ratio(alarm.change.value),
        interval=words.between(alarm.change, ratio=True),
    )
    return " ".join([told_, *_beside(words, alarm)])


def _beside(words: Words, alarm: Alarm) -> Iterator[str]:
    """How its uses are counted where that needs a word, what an alarm needs, and what the time of the year has to do with it."""
    if alarm.people and alarm.said is not None and alarm.people > alarm.said:
        yield words.say("A person's uses count once in 7 days, and some began before these days.")
    if alarm.needed is not None:
        least = words.number(alarm.needed)
        if alarm.rise:
            yield words.say("An alarm needs {n} or more.", n=least)
        elif alarm.needed == 0:
            yield words.say("An alarm needs none at all.")
        else:
            yield words.say("An alarm needs {n} or fewer.", n=least)
    if abs(math.log(alarm.season)) >= math.log(SEASONAL):
        yield words.say("Its season is taken into account ({ratio}).", ratio=words.ratio(alarm.season))
    if alarm.year_ago is not None:
        yield words.say(
            "In the same weeks a year ago it changed likewise ({ratio}): it may be its season.",
            ratio=words.ratio(alarm.year_ago),
        )


def curve(words: Words, alarm: Alarm) -> str:
    """Its weeks as blocks."""
    return words.say(
        "{blocks} uses a week since {day}, {n} at the top",
        blocks=watchcurves.as_blocks(alarm),
        day=words.day(alarm.weeks[0].since),
        n=words.number(max(each.said / each.weeks for each in alarm.weeks), 1),
    )


def rate(words: Words, rule: RuleLooked) -> str:
    """What a rule looks at, and how often it is wrong."""
    themes = words.count("{n} theme", "{n} themes", rule.themes)
    ways = {
        (True, True): sentence("rises and falls"),
        (True, False): sentence("rises"),
        (False, True): sentence("falls"),
    }
    said = words.say(
        "{rule}: {ways} of {themes}, {scope}; {rate} false alarms in a theme-year at the most, {year} a year in all; "
        "enough is known of {known}.",
        rule=rule.rule,
        ways=words.text(ways[rule.rise, rule.fall]),
        themes=themes,
        scope=scope(words, rule),
        rate=_small(words, rule.false_alarms),
        year=_small(words, rule.a_year),
        known=rule.known,
    )
    more = []
    if rule.silent_since:
        more.append(words.say("Nobody has spoken here since {day}.", day=words.day(rule.silent_since)))
    if rule.withheld:
        more.append(
            words.count(
                "{n} change is withheld: fewer than 5 people are behind it.",
                "{n} changes are withheld: fewer than 5 people are behind each.",
                rule.withheld,
            )
        )
    return " ".join([said, *more])


def _small(words: Words, value: float) -> str:
    return words.number(value, 0 if value == round(value) else 1 if value >= 1 else 3 if value < 0.01 else 2)


def state(words: Words, of: Watched) -> str:
    """How it stands with a theme that a rule names."""
    kind = "rare, no figure" if of.state == "rare" and not of.needed else of.state
    visible = words.ratio(of.visible) if math.isfinite(of.visible) else ""
    return words.say(
        STATES[kind],
        visible=visible,
        weeks=of.weeks,
        day=words.day(of.told),
        weekly=words.number(of.weekly, 1),
        needed=words.number(of.needed, 1),
    )


def source(words: Words, of: Notice) -> str:
    """A source that is new, or has fallen silent."""
    return words.say(SOURCES[of.kind], source=of.facts["source"], day=words.day(str(of.facts["day"])))


def delivery(words: Words, of: Delivery) -> str:
    """What became of what was to be sent to a place."""
    alarms = words.count("{n} alarm", "{n} alarms", of.alarms)
    facts = {"place": of.place, "kind": words.text(PLACES[of.kind]), "alarms": alarms}
    if of.failed:
        return words.say(
            "{place} ({kind}): {alarms} not sent, {why}; the next look tries again",
            why=why(words, of.failed),
            **facts,
        )
    return words.say("{place} ({kind}): {alarms} sent", **facts)


def terminal(words: Words, found: Watch, top: int | None) -> Iterator[RenderableType]:
    """Alarms, what was looked at, sources, and what was sent."""
    for alarm in found.alarms[:top]:
        lines = [
            Line(f"{'▲' if alarm.rise else '▼'} {heading(words, alarm)}", "cyan" if alarm.rise else "yellow")
        ]
        lines.append(Line(f"  {told(words, alarm)}"))
        if alarm.weeks:
            lines.append(Line(f"  {curve(words, alarm)}"))
        lines += [
            Line(f"  {sentences.quoted(words, quote)}", "italic")
            for quote in sentences.for_reader(words, alarm.quotes)
        ]
        yield Group(*lines)
    if top is not None and len(found.alarms) > top:
        more = len(found.alarms) - top
        yield Line(words.count("and {n} more", "and {n} more", more), "dim")
    for rule in found.rules:
        lines = [Line(rate(words, rule), "dim")]
        for each in rule.watched:
            said = words.say("{theme}: {state}", theme=name(words, each), state=state(words, each))
            lines.append(Line(f"  {said}", "dim"))
        yield Group(*lines)
    if found.notices:
        yield Group(*(Line(f"! {source(words, each)}") for each in found.notices))
    yield from (Line(delivery(words, each), "red" if each.failed else "") for each in found.deliveries)
    if found.dry:
        yield Line(words.say("Only looked: nothing was written down, nothing sent."), "dim")


def markdown(words: Words, found: Watch) -> Iterator[str]:
    """The same as lines of Markdown."""
    for alarm in found.alarms:
        yield f"- **{plain(heading(words, alarm))}** {plain(told(words, alarm))}"
        if alarm.weeks:
            yield f"  {plain(curve(words, alarm))}"
        for quote in sentences.for_reader(words, alarm.quotes):
            yield f"  > {plain(sentences.quoted(words, quote))}"
    if found.alarms:
        yield ""
    for rule in found.rules:
        yield plain(rate(words, rule))
        yield ""
        if rule.watched:
            head = (words.say("theme"), words.say("how it stands"))
            yield from table(head, [(plain(name(words, w)), plain(state(words, w))) for w in rule.watched])
    for notice in found.notices:
        yield f"- {plain(source(words, notice))}"
    for sent in found.deliveries:
        yield f"- {plain(delivery(words, sent))}"


def html(words: Words, found: Watch) -> Markup:
    """The same as a part of a page."""
    return filled(
        "watch.html", words, found=found, heading=heading, told=told, rate=rate, state=state, name=name, source=source,
        delivery=delivery, weeks=watchcurves,
    )  # fmt: skip


def method(words: Words, _: Watch) -> tuple[tuple[str, str], ...]:
    """How to read it."""
    return (
        (
            words.say("How often an alarm is false"),
            words.say(
                "Each rule says how many false alarms it accepts for a theme in a year in which nothing changes. The test may "
                "be looked at every day, and that rate holds where people and conversations speak in clumps."
            ),
        ),
        (
            words.say("What is compared"),
            words.say(
                "The last 1 to 26 weeks with up to two years before them, in uses: a person counts once in seven days. What is "
                "expected follows who speaks, where, in which language and at what length; more messages, a new source or a "
                "silent one raise nothing."
            ),
        ),
        (
            words.say("After an alarm"),
            words.say(
                "The past of the theme begins anew: six weeks tell its new level, so that for seven weeks nothing more is told of "
                "it. The last day is never looked at, as it may not be whole."
            ),
        ),
        (
            words.say("The time of the year"),
            words.say(
                "Where two years lie before the weeks that are compared, what is expected follows the months of the year as the "
                "theme did in them. Where they do not, an alarm says so if the theme changed likewise a year ago."
            ),
        ),
        (
            words.say("The bars"),
            words.say(
                "Weeks in which fewer than 5 people said a theme are drawn together with those after them, as wide as they are "
                "long: the area of a bar is its uses."
            ),
        ),
    )


FACE = Face("watch", title, summary, terminal, markdown, html, method)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes letters in a language.

    Attributes:
        language: of the reader.
    """

    language: str = "en"

    def __call__(self, workspace: str, alarms: Sequence[Alarm]) -> Letter:
        """The letter that tells of alarms, as text and as HTML."""
        words = Words(self.language)
        # a subject is one line, whatever somebody called the workspace or a theme
        subject = " ".join(
            words.count(
                "{workspace}: {n} theme changed ({themes})",
                "{workspace}: {n} themes changed ({themes})",
                _themes(alarms),
                workspace=workspace,
                themes=_few(words, alarms),
            ).split()
        )
        lines = [subject, ""]
        for alarm in alarms:
            lines += [f"{'▲' if alarm.rise else '▼'} {heading(words, alarm)}", f"  {told(words, alarm)}"]
            lines += [f"  {sentences.quoted(words, q)}" for q in sentences.for_reader(words, alarm.quotes)]
            lines += [f"  {words.say('Rule: {rule}', rule=alarm.rule)}", ""]
        ending = words.say("Sent by estran watch. What is told stands on 5 people at least; no one is named.")
        lines.append(ending)
        page = filled(
            "letter.html", words, subject=subject, alarms=alarms, heading=heading, told=told, ending=ending
        )
        return Letter(subject, "\n".join(lines) + "\n", str(page))
