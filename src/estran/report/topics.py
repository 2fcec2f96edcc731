"""The topics of a workspace for a terminal: family by family, what lives in each, and what a hand may decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding

from estran.report import notices, sentences
from estran.report.i18n import Words, sentence
from estran.report.lines import Line, Printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from estran.findings import Proposal, Topic, Topics

PROPOSALS: dict[str, str] = {
    "merge": sentence("“{one}” and “{other}” may be one topic ({messages} messages)."),
    "split": sentence("“{one}” may be several topics ({messages} messages)."),
}

STABILITY = sentence(
    "Stability: how much of a topic is found again when a tenth of the messages is left out. Below one half it "
    "dissolves as often as not; from three quarters on it can be relied upon."
)

TOP = 20
THEMES = 5
PROPOSED = 5


def listed(language: str, found: Topics, *, top: int = TOP, path: str) -> RenderableType:
    """The topics of a workspace, which messages are in none and why, and what may be decided."""
    words = Words(language)
    largest = sorted(found.topics, key=lambda topic: -topic.messages)[:top]
    shown = [topic for topic in found.topics if topic in largest]
    parts: list[RenderableType] = [Line(opening(words, found), "bold"), *map(Line, facts(words, found))]
    parts += [Line(f"! {notices.notice(words, notice)}") for notice in found.notices]
    for family in found.families:
        own = [topic for topic in shown if topic.family == family.number]
        if family.topics > 1 and own:
            many = words.count("{n} topic", "{n} topics", family.topics)
            share = words.share(family.share)
            heading = Line(f"{name(words, family.labels)}  ", "underline")
            parts += [Line(), heading.append(f"{many}, {share}", "not underline dim")]
        for topic in own:
            parts += [Line(), *_topic(words, topic)]
    left = len(found.topics) - len(shown)
    if left:
        parts += [Line(), Line(words.count("and {n} more", "and {n} more", left), "dim")]
    parts += [Line(), Line(words.say(STABILITY), "dim")]
    if found.proposals:
        parts += [Line(), Line(words.say("To decide"), "bold"), *_proposed(words, found.proposals, path=path)]
    return Printable(Group(*parts))


def name(words: Words, labels: Mapping[str, str]) -> str:
    """What a topic is called, in the language of the reader where it has a name there."""
    return labels.get(words.language) or next(iter(labels.values()), "") or words.say("without a name")


def opening(words: Words, found: Topics) -> str:
    """How many topics there are, and of how many messages."""
    topics = words.count("{n} topic", "{n} topics", len(found.topics))
    if len(found.families) < len(found.topics):
        families = words.count("{n} family", "{n} families", len(found.families))
        topics = words.say("{topics} in {families}", topics=topics, families=families)
    return words.say(
        "{topics}: {placed} of {messages} messages, until {day}",
        topics=topics, placed=found.placed, messages=found.messages, day=words.day(found.until),
    )  # fmt: skip


def facts(words: Words, found: Topics) -> Iterator[str]:
    """Which messages are in no topic and why, what is withheld, and who made the vectors."""
    nowhere = found.messages - found.placed
    if nowhere:
        why = "; ".join(_nowhere(words, reason, n) for reason, n in found.unplaced.items() if n)
        yield words.count(
            "{n} message belongs to no topic: {why}.",
            "{n} messages belong to no topic: {why}.",
            nowhere,
            why=why,
        )
    if found.withheld:
        yield words.count(
            "{n} topic of fewer than five people is not shown.",
            "{n} topics of fewer than five people are not shown.",
            found.withheld,
        )
    if found.crosses_languages:
        yield words.say(
            "Encoder: {encoder}, which brings a text and its translation together.", encoder=found.encoder
        )
    else:
        yield words.say("Encoder: {encoder}, which keeps languages apart.", encoder=found.encoder)
    if found.mapped:
        yield words.say(
            "It read {encoded} texts; the other {mapped} were placed by a map learned from those.",
            encoded=found.encoded, mapped=found.mapped,
        )  # fmt: skip


def _nowhere(words: Words, reason: str, number: int) -> str:
    """By which rule messages are in no topic."""
    if reason == "lonely":
        return words.count(
            "{n} has fewer than three others near it", "{n} have fewer than three others near them", number
        )
    if reason == "crumbs":
        return words.count(
            "{n} is in a group of fewer than five, with no topic near",
            "{n} are in groups of fewer than five, with no topic near",
            number,
        )
    return words.count(
        "{n} says nothing that can be compared", "{n} say nothing that can be compared", number
    )


def _topic(words: Words, topic: Topic) -> Iterator[RenderableType]:
    yield Line(name(words, topic.labels), "bold")
    lines = [
        words.say(
            "{messages} ({share}) from {people}; stability {stability}",
            messages=words.count("{n} message", "{n} messages", topic.messages),
            share=words.share(topic.share),
            people=words.count("{n} person", "{n} people", topic.people),
            stability=words.say("not known yet") if topic.stability is None else words.rate(round(topic.stability, 2)),
        )
    ]  # fmt: skip
    if len(topic.languages) > 1 or words.language not in topic.languages:
        lines.append(
            ", ".join(
                f"{sentences.tongue(words, code)} {words.number(n)}" for code, n in topic.languages.items()
            )
        )
    called = name(words, topic.labels)
    lines += [
        words.say("in {language}: {label}", language=sentences.tongue(words, code), label=label)
        for code, label in topic.labels.items()
        if label != called
    ]
    if topic.themes:
        themes = [sentences.headline(words, theme) for theme in topic.themes]
        more = (
            [words.count("and {n} more", "and {n} more", len(themes) - THEMES)]
            if len(themes) > THEMES
            else []
        )
        lines.append(words.say("themes: {themes}", themes=", ".join([*themes[:THEMES], *more])))
    for line in filter(None, lines):
        yield Padding(Line(line), (0, 0, 0, 2), expand=False)
    yield Padding(Line(topic.id, "dim"), (0, 0, 0, 2), expand=False)


def _proposed(words: Words, proposals: Sequence[Proposal], *, path: str) -> Iterator[RenderableType]:
    for each in proposals[:PROPOSED]:
        one, *other = (name(words, labels) for labels in each.labels)
        messages = " + ".join(map(words.number, each.messages))
        said = words.say(PROPOSALS[each.kind], one=one, other=", ".join(other), messages=messages)
        yield Line(f"· {said}")
        yield Padding(
            Line(words.say("yes: {command}", command=f"estran themes accept {path} {each.key}")),
            (0, 0, 0, 2),
            expand=False,
        )
        yield Padding(
            Line(words.say("no: {command}", command=f"estran themes reject {path} {each.key}")),
            (0, 0, 0, 2),
            expand=False,
        )
    if len(proposals) > PROPOSED:
        more = len(proposals) - PROPOSED
        yield Line(words.count("and {n} more", "and {n} more", more), "dim")
