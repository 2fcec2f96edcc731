"""What a plan announces: the concepts of a corpus that it names, and the phrases in it that are none of them.

Concepts are found by the same exact match of their written forms as in messages: whole tokens, the longest match first. A
line is read in its own language; what that leaves unread is tried in the other languages of the corpus. Of the rest, words
that may be a term make an announced phrase.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from estran.model import MESSAGES
from estran.text import packs
from estran.text.candidates import vocabulary
from estran.text.language import with_language
from estran.text.numbers import both_numbers
from estran.text.tokens import ELISIONS, tokens
from estran.text.variants import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from estran.model import Concept
    from estran.text.packs import Pack

LONGEST = 8
"""Tokens of the longest form."""

MOST_WORDS = 4
"""Words of the longest announced phrase, links apart; more of them in a row are a sentence."""

_INNER = frozenset({"word", "general", "register", "calendar", "small"})


@dataclass(frozen=True, slots=True)
class Announced:
    """A theme that a plan names.

    Attributes:
        label: as the plan writes it.
        concept: its number among the concepts of the corpus; None where it is none of them.
        forms: (language, form) pairs to count it by, where it is no concept.
        lines: numbers of the lines that name it, rising.
    """

    label: str
    concept: int | None
    forms: tuple[tuple[str, str], ...]
    lines: tuple[int, ...]


def announced(lines: Sequence[str], concepts: Sequence[Concept]) -> tuple[Announced, ...]:
    """The themes that lines of a plan name, in the order in which they are first named.

    Args:
        lines: of a plan, in NFC.
        concepts: of a corpus; only themes are looked for, words of register and dates are not.
    """
    forms = _forms(concepts)
    if not forms:
        return ()
    spoken = sorted(forms, key=lambda language: -len(forms[language]))
    languages = _languages(lines, spoken)
    stretches = [tokens(line) for line in lines]
    sorts = _sorts(stretches, languages)
    found: dict[tuple[str, str], list[int]] = {}
    named: dict[int, list[int]] = {}
    for number, (language, own) in enumerate(zip(languages, stretches, strict=True)):
        for stretch in own:
            read = _Stretch(stretch, language, sorts[language])
            for concept in read.concepts(forms):
                named.setdefault(concept, []).append(number)
            for phrase in read.phrases():
                found.setdefault((language, phrase), []).append(number)
    known = [
        Announced(concepts[concept].label, concept, (), tuple(dict.fromkeys(at)))
        for concept, at in named.items()
    ]
    others = [
        Announced(readable(phrase), None, tuple((language, form) for form in both_numbers(phrase, language)), tuple(dict.fromkeys(at)))
        for (language, phrase), at in _without_doubles(found).items()
    ]  # fmt: skip
    return tuple(sorted((*known, *others), key=lambda each: each.lines[0]))


def _forms(concepts: Sequence[Concept]) -> dict[str, dict[str, int]]:
    """Language -> form -> number of its concept."""
    forms: dict[str, dict[str, int]] = {}
    for number, concept in enumerate(concepts):
        if concept.kind == "theme":
            for language, form in concept.variants:
                forms.setdefault(language, {}).setdefault(form, number)
    return forms


def _languages(lines: Sequence[str], spoken: Sequence[str]) -> list[str]:
    """The language of each line, among those of the corpus; a short line is in that of the plan."""
    texts = pl.Series([*lines, " ".join(lines)], dtype=pl.String)
    nothing = pl.DataFrame({name: [None] * len(texts) for name in MESSAGES}, schema=MESSAGES)
    told = with_language(nothing.with_columns(text=texts, thread=pl.lit("plan")), only=spoken)["language"]
    return [code or spoken[0] for code in told.to_list()[:-1]]


def _sorts(
    stretches: Sequence[Sequence[Sequence[str]]], languages: Sequence[str]
) -> Mapping[str, Mapping[str, str]]:
    """Language -> token -> what it is: a word, a verb, a date, ... (`estran.text.candidates.vocabulary`)."""
    sorts: dict[str, dict[str, str]] = {}
    for language in set(languages):
        said = {
            token: 1
            for own, code in zip(stretches, languages, strict=True)
            if code == language
            for stretch in own
            for token in stretch
        }
        table = vocabulary(said, packs.load(language))
        sort = pl.when("verb").then(pl.lit("verb")).otherwise("sort")
        sorts[language] = dict(table.select("token", sort).iter_rows())
    return sorts


def _without_doubles(found: Mapping[tuple[str, str], list[int]]) -> dict[tuple[str, str], list[int]]:
    """Phrases that are one but for number, under the first that was met."""
    kept: dict[tuple[str, str], list[int]] = {}
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for (language, phrase), at in found.items():
        alike = [(language, form) for form in both_numbers(phrase, language)]
        key = next((first[form] for form in alike if form in first), (language, phrase))
        kept.setdefault(key, []).extend(at)
        for form in alike:
            first.setdefault(form, key)
    return kept


class _Stretch:
    """Tokens with only blanks between them, and which of them are read."""

    def __init__(self, words: Sequence[str], language: str, sorts: Mapping[str, str]) -> None:
        self.words, self.language = words, language
        self.pack = packs.load(language)
        self.stop = [word in self.pack.stop_words or word in ELISIONS for word in words]
        self.sorts = ["stop" if stop else sorts[word] for word, stop in zip(words, self.stop, strict=True)]
        self.read = [False] * len(words)
        self.long: list[tuple[int, int]] = []

    def concepts(self, forms: Mapping[str, Mapping[str, int]]) -> Iterator[int]:
        """The concepts that are named, outside every longer match of another."""
        own = self._matches(forms.get(self.language, {}))
        yield from self._free(own)
        for language, others in forms.items():
            if language != self.language:
                unread = [
                    (start, end, concept)
                    for start, end, concept in self._matches(others)
                    if not any(self.read[start:end]) and not any(self.stop[start:end])
                ]
                yield from self._free(unread)

    def phrases(self) -> Iterator[str]:
        """The phrases that hold a word that no concept reads."""
        for start, end in _chunks(self.words, self.sorts, self.pack):
            content = [at for at in range(start, end) if not self.stop[at]]
            unread = [at for at in content if not self.read[at]]
            # a term and a word beside it are the term: "transformation digitale durable"
            held = any(start <= first and last <= end for first, last in self.long)
            if unread and not held and len(content) <= MOST_WORDS:
                yield " ".join(self.words[start:end])

    def _matches(self, forms: Mapping[str, int]) -> list[tuple[int, int, int]]:
        return [
            (start, end, forms[form])
            for start in range(len(self.words))
            for end in range(start + 1, min(start + LONGEST, len(self.words)) + 1)
            if (form := " ".join(self.words[start:end])) in forms
        ]

    def _free(self, matches: Sequence[tuple[int, int, int]]) -> Iterator[int]:
        for start, end, concept in matches:
            nested = any(
                a <= start and end <= b and b - a > end - start and other != concept
                for a, b, other in matches
            )
            if not nested:
                self.read[start:end] = [True] * (end - start)
                if end - start > 1:
                    self.long.append((start, end))
                yield concept


def _chunks(words: Sequence[str], sorts: Sequence[str], pack: Pack) -> Iterator[tuple[int, int]]:
    """Where words stand that may be one term: words in a row, joined by links, that begin and end with one."""
    # "click and collect" in a French line: the "and" of another language joins what is one name
    foreign = [("and",)] if pack.code != "en" else []
    links = sorted((*pack.links, *foreign), key=len, reverse=True)
    at = 0
    while at < len(words):
        if sorts[at] not in _INNER:
            at += 1
            continue
        start = at
        end = at + 1
        while end < len(words):
            link = next((len(s) for s in links if tuple(words[end : end + len(s)]) == s), 0)
            if end + link < len(words) and sorts[end + link] in _INNER:
                end += link + 1
            else:
                break
        at = end
        solid = [place for place in range(start, end) if sorts[place] == "word"]
        if solid:  # "nouvelle politique" is about politics; general words alone may be a term: "excellence opérationnelle"
            yield solid[0], solid[-1] + 1
        elif end - start > 1:
            yield start, end
