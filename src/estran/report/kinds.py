"""Kinds of tool in words: what they are called, which sources each has, and who speaks there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.report.i18n import DASH, NOTHING, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from estran.findings import Environment, Landscape

KINDS: Mapping[str, str] = {
    "chat": sentence("chat and internal network"),
    "mail": sentence("mail"),
    "crm": sentence("CRM"),
    "helpdesk": sentence("help desk"),
    "meetings": sentence("meetings"),
    "reviews": sentence("reviews"),
    "survey": sentence("surveys"),
    "social": sentence("social networks"),
    "talks": sentence("talks"),
    "forum": sentence("forum"),
    "tracker": sentence("issue trackers"),
    "other": sentence("other tools"),
}


def kind_name(words: Words, kind: str) -> str:
    """A kind of tool in the reader's language; one of somebody's own as they wrote it."""
    return words.text(KINDS[kind]) if kind in KINDS else kind


def sources(words: Words, environment: Environment) -> str:
    """The sources of an environment; what was guessed is said."""
    if not environment.guessed:
        return ", ".join(environment.sources)
    if environment.guessed == environment.sources and environment.kind == "other":
        return words.say("{sources} (the name does not tell)", sources=", ".join(environment.sources))
    if environment.guessed == environment.sources:
        return words.say("{sources} (guessed from the name)", sources=", ".join(environment.sources))
    told = [s for s in environment.sources if s not in environment.guessed]
    return words.say(
        "{told}; guessed from the name: {guessed}",
        told=", ".join(told),
        guessed=", ".join(environment.guessed),
    )


def environment_rows(words: Words, found: Landscape) -> Iterator[tuple[str, ...]]:
    """Kind, sources, people, messages, share of voices, from when to when."""
    for e in found.environments:
        yield (
            kind_name(words, e.kind),
            sources(words, e),
            words.number(e.people) if e.people is not None else words.say("withheld"),
            words.number(e.messages) if e.messages is not None else words.say("withheld"),
            f"{words.share(e.share.value)} ({words.between(e.share)})" if e.share else NOTHING,
            f"{words.period(e.since)} {DASH} {words.period(e.until)}",
        )


def environment_head(words: Words) -> tuple[str, ...]:
    """What the columns of `environment_rows` are."""
    return (
        words.say("kind of tool"), words.say("sources"), words.say("people"), words.say("messages"),
        words.say("share of voices"), words.say("speaks"),
    )  # fmt: skip
