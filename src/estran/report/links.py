"""What came in the place of a theme, in words: shared by all the written faces."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estran.findings import Level
from estran.report import sentences
from estran.report.i18n import LARGEST_RATIO, Words, sentence

if TYPE_CHECKING:
    from estran.findings import Link, Successions

LEVELS = {
    Level.SUPERSEDED: sentence("superseded by"),
    Level.LIKELY: sentence("likely successor"),
    Level.POSSIBLE: sentence("possible successor"),
}


IN_SHORT = {
    Level.SUPERSEDED: (
        sentence("superseded by {theme} (score {score}; right in {rate} of known cases)"),
        sentence("superseded by {theme} (score {score})"),
    ),
    Level.LIKELY: (
        sentence("likely successor: {theme} (score {score}; right in {rate} of known cases)"),
        sentence("likely successor: {theme} (score {score})"),
    ),
    Level.POSSIBLE: (
        sentence("possible successor: {theme} (score {score}; right in {rate} of known cases)"),
        sentence("possible successor: {theme} (score {score})"),
    ),
}
"""A link on one line: where it was measured how often such links are right, and where not."""


def level(words: Words, link: Link) -> str:
    """How much a link may be leaned on, in words."""
    return words.text(LEVELS[link.level])


def score(words: Words, link: Link) -> str:
    """How likely the link is."""
    return words.say("score {score} of 1", score=words.number(link.score, 2))


def is_known(link: Link) -> bool:
    """Whether it was measured how often links of this level are right: an interval of all shares says nothing."""
    return math.isfinite(link.precision.value) and link.precision.high - link.precision.low < 1


def precision(words: Words, link: Link) -> str:
    """How often links of this level were right where the truth is known."""
    if not is_known(link):
        return words.say("How often links like this one are right is not known.")
    rate, low, high = (
        words.rate(round(end, 2)) for end in (link.precision.value, link.precision.low, link.precision.high)
    )
    return words.say(
        "Links like this one were right in {rate} of known cases ({interval}).",
        rate=rate,
        interval=f"{low} – {high}",
    )


def told(words: Words, link: Link) -> list[str]:
    """What people say or do that speaks for a link: sentences and people that go from the one to the other."""
    said = []
    back = words.say("a few") if link.switches_back is None else link.switches_back
    if link.switches is None:
        said.append(
            words.say("a few sentences go from the one to the other, {back} the other way", back=back)
        )
    elif link.switches:
        said.append(
            words.count(
                "{n} sentence goes from the one to the other, {back} the other way",
                "{n} sentences go from the one to the other, {back} the other way",
                link.switches,
                back=back,
            )
        )
    if link.switchers is None:
        said.append(words.say("people who turned from the one to the other: withheld (too few)"))
    elif link.switchers:
        said.append(
            words.count(
                "{n} person turned from the one to the other, {z} standard deviations {beside} chance",
                "{n} people turned from the one to the other, {z} standard deviations {beside} chance",
                link.switchers,
                z=words.number(abs(link.switching_z), 1),
                beside=words.say("above") if link.switching_z >= 0 else words.say("below"),
            )
        )
    return said


def resemblance(words: Words, link: Link) -> list[str]:
    """What else speaks for a link, or against it: how the two move, and how alike they are."""
    said = []
    said.append(
        words.say(
            "the one falls as the other rises: {opposite} on a scale from -1 to 1",
            opposite=words.number(link.opposite, 2),
        )
    )
    if link.rise.low > 1 / LARGEST_RATIO or link.rise.high < LARGEST_RATIO:
        said.append(
            words.say(
                "while it fell, the other went {ratio} ({interval})",
                ratio=words.ratio(link.rise.value),
                interval=words.between(link.rise, ratio=True),
            )
        )
    said.append(
        words.say(
            "likeness of the words around both: {context}, of the themes beside them: {topic} (1: the same)",
            context=words.number(link.context, 2),
            topic=words.number(link.topic, 2),
        )
    )
    periods = words.number(abs(link.later_by), 1)
    if link.later_by >= 0:
        said.append(words.say("people spoke of it {periods} periods later, on average", periods=periods))
    else:
        said.append(words.say("people spoke of it {periods} periods earlier, on average", periods=periods))
    return said


def shortly(words: Words, link: Link) -> str:
    """A link on one line: its level, the theme, the score and the precision of the level."""
    measured, unmeasured = IN_SHORT[link.level]
    facts = {"theme": sentences.headline(words, link), "score": words.number(link.score, 2)}
    if not is_known(link):
        return words.say(unmeasured, **facts)
    return words.say(measured, **facts, rate=words.rate(round(link.precision.value, 2)))


def evidence(words: Words, link: Link) -> str:
    """All that speaks for a link, on one line."""
    return words.say("; ").join((*told(words, link), *resemblance(words, link)))


def summary(words: Words, found: Successions) -> str:
    """What came in the place of what, in one sentence."""
    gone = len(found.going_out)
    if not gone:
        return words.say("In these data, nothing goes Out for sure.")
    levels = [m.successors[0].level if m.successors else None for m in found.going_out]
    parts = [
        words.count("{n} superseded", "{n} superseded", levels.count(Level.SUPERSEDED)),
        words.count("{n} with a likely successor", "{n} with a likely successor", levels.count(Level.LIKELY)),
        words.count("{n} with a possible one", "{n} with a possible one", levels.count(Level.POSSIBLE)),
        words.count("{n} without successor", "{n} without successor", levels.count(None)),
    ]
    there = (Level.SUPERSEDED, Level.LIKELY, Level.POSSIBLE, None)
    parts = [part for part, level in zip(parts, there, strict=True) if level in levels]
    return words.count(
        "{n} theme went Out: {parts}.", "{n} themes went Out: {parts}.", gone, parts=", ".join(parts)
    )
