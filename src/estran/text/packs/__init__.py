"""What Estran knows of a language: its stop words, the links inside its phrases, its register, its dates."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import wordfreq

WRITTEN = ("en", "fr")
"""Languages with a pack written by hand; every other one gets the generic pack."""

COMMONEST = 150
"""How many of a language's commonest words are stop words in the generic pack."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The words of one language that are no themes, and what may stand inside a phrase.

    Words are lower-case tokens, as the counting kernel renders them.

    Attributes:
        code: ISO 639-1.
        stop_words: function words, politeness, numerals; a phrase neither starts nor ends with one.
        links: sequences of stop words allowed between two words of one phrase.
        loose_links: sequences that join nearly anything: allowed where the phrase holds together (`text.terms`).
        fixed_links: those that join the halves of a fixed expression, and of a sentence ("click and collect").
        verbs: infinitives; a form of one is style when alone and stands in no phrase.
        nouns: words that look like forms of those verbs and are things.
        register: how people speak ("explore", "journey"); style when alone, a weaker phrase otherwise.
        hollow: judgements, degrees and adverbs; style when alone, and no phrase holds one.
        general: words that say little alone ("new") but may make a term ("new business").
        dates: names of days and months, relative dates; no theme, and no phrase holds one.
        calendar: units of time; a date when alone, allowed in a phrase ("four-day week").
        numbered: words whose number is a place in a document ("step 2"), not a version.
        switches: frames of sentences that go from one thing, {a}, to another, {b} (`text.switches`).
        distance: what holds a word at a distance ("so-called", "buzzword*"), as it is written; a star is any ending.
        praise: judgements of what people like.
        blame: judgements of what they do not.
        negations: words that turn a judgement around.
    """

    code: str
    stop_words: frozenset[str]
    links: frozenset[tuple[str, ...]] = frozenset()
    loose_links: frozenset[tuple[str, ...]] = frozenset()
    fixed_links: frozenset[tuple[str, ...]] = frozenset()
    verbs: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    register: frozenset[str] = frozenset()
    hollow: frozenset[str] = frozenset()
    general: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()
    calendar: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    switches: tuple[str, ...] = ()
    distance: tuple[str, ...] = ()
    praise: frozenset[str] = frozenset()
    blame: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()

    @property
    def style(self) -> frozenset[str]:
        """Every word that is style when it stands alone, but for the forms of verbs."""
        return self.register | self.hollow | self.general


@cache
def load(code: str) -> Pack:
    """The pack of a language, read once.

    Args:
        code: ISO 639-1. A language without a pack of its own gets its commonest words (wordfreq) as stop words, and
            no links, register or dates; one that wordfreq does not know either gets an empty pack.

    Returns:
        The pack; its `code` is the one asked for.
    """
    if code not in WRITTEN:
        return _generic(code)
    table = tomllib.loads((files(__name__) / f"{code}.toml").read_text(encoding="utf-8"))
    links, loose_links, fixed_links = (
        frozenset(tuple(sequence.split()) for sequence in table.pop(name))
        for name in ("links", "loose_links", "fixed_links")
    )
    switches, distance = (tuple(table.pop(name)) for name in ("switches", "distance"))
    words = {name: frozenset(words.split()) for name, words in table.items()}
    return Pack(
        code=code,
        links=links,
        loose_links=loose_links,
        fixed_links=fixed_links,
        switches=switches,
        distance=distance,
        **words,
    )


def _generic(code: str) -> Pack:
    if code not in wordfreq.available_languages("best"):
        return Pack(code, frozenset())
    return Pack(code, frozenset(wordfreq.top_n_list(code, COMMONEST)))
