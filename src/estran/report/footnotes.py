"""How a tour is read, in plain words: what stands at the foot of every written face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.report.i18n import Words, sentence

if TYPE_CHECKING:
    from estran.findings import Answer

METHOD = (
    (
        sentence("Words, not minds"),
        sentence(
            "Estran reads words, not minds. A theme going Out of what people say is not proof that the thing is "
            "gone: it may be forgotten, or so normal that nobody names it any more."
        ),
    ),
    (
        sentence("People, not messages"),
        sentence(
            "A share is the part of the people speaking in a period who use the theme at least once. One loud "
            "person, or one heated conversation, does not make a trend."
        ),
    ),
    (
        sentence("Like with like"),
        sentence(
            "Shares compare messages of like length, language and source. When longer messages, a new tool or a "
            "new country arrive, words do not seem to rise because of them."
        ),
    ),
    (
        sentence("What the interval means"),
        sentence(
            "Each figure is an estimate. Were the same period lived again, with other people chosen to speak, "
            "about 95 times in 100 its interval would hold the true figure; intervals of the themes shown here "
            "are made wider, because they were picked among many."
        ),
    ),
    (
        sentence("What the false-discovery rate means"),
        sentence(
            "{tested} themes were tested. Among those put In or Out, about {rate} at most are expected to be "
            "there by chance. The rate beside a theme is the strictest one at which it would still be shown."
        ),
    ),
    (
        sentence("Steady, or too early"),
        sentence(
            "A theme is called steady only when a clear change would very likely have been seen. Otherwise Estran says that it "
            "is too early to say, and how large a change could have been seen."
        ),
    ),
    (
        sentence("Why a theme went Out"),
        sentence(
            "Four reasons are held against a rule each: forgotten, become normal, superseded, worn out. Several may hold. "
            "Where none can be shown the reason is not established, which is the usual answer and no failure: few data say why."
        ),
    ),
    (
        sentence("What came in its place"),
        sentence(
            "A link between two themes is measured: the words around them, the fall of the one as the other rises, people and "
            "sentences that go from the one to the other. Only where people say so, or turned themselves, does Estran write "
            "“superseded”. How often links of a level are right was measured where the truth is known."
        ),
    ),
    (
        sentence("Since when"),
        sentence(
            "A date is the likeliest turn of the curve; nine times in ten the turn lies in the span beside it. With "
            "few people or few periods, only the span is given, or nothing."
        ),
    ),
)
"""Footnotes in plain words: (title, text)."""


def method(words: Words, found: Answer) -> list[tuple[str, str]]:
    """The footnotes of a tour, or of what came in the place of what: (title, text)."""
    made = found.provenance
    rate = words.rate(made.false_discovery_rate)
    return [(words.text(title), words.say(text, tested=made.tested, rate=rate)) for title, text in METHOD]
