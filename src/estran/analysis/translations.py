"""Which themes of different languages are one: by their vectors or the glossary, and by the company they keep."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.company import company, how_near
from estran.errors import SettingsError
from estran.findings import Notice
from estran.model import Evidence
from estran.store.prepared import UNKNOWN
from estran.text.bridge import SURE_CSLS, which_say_the_same
from estran.text.concepts import together
from estran.text.edits import Reject, variant_of
from estran.text.variants import fold, known, readable, spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from estran.analysis.hands import Hands
    from estran.analysis.meanings import Meanings
    from estran.model import Concept
    from estran.store.prepared import Counted
    from estran.text.bridge import Link
    from estran.text.edits import Edit

LEAST_MESSAGES = 50
"""Messages that a language must have for its themes to be linked with those of another."""

MOST = 2_000
"""Themes of each language that are encoded, the foremost."""

ACRONYM = range(2, 6)
"""Letters of a word that is taken for an acronym, where no dictionary holds it."""

SAME_COMPANY = 0.1
"""Words that are written alike are one where so few themes keep a company that is nearer to theirs; false friends are
as near as any, so that one in ten passes at the most..."""

OTHER_COMPANY = 0.5
"""...and what the vectors take for sure is only suggested where more do."""

BLOCK = "themes"
"""Where the vectors of the themes' labels are kept."""

Variant = tuple[str, str]
"""Language and form."""


@dataclass(frozen=True, slots=True)
class Translated:
    """Concepts with those of other languages that say the same.

    Attributes:
        concepts: in the order they came; one stands where the foremost of its parts stood.
        near: pairs of variants whose themes may be one, the surest first.
        notices: what has to be said of it.
    """

    concepts: tuple[Concept, ...]
    near: tuple[tuple[Variant, Variant], ...] = ()
    notices: tuple[Notice, ...] = ()


def translate(
    counted: Counted,
    concepts: Sequence[Concept],
    meanings: Meanings,
    hands: Hands,
    *,
    but: Collection[Variant] = (),
) -> Translated:
    """Makes one of the themes that say the same in different languages.

    What is written alike has the cosine 1 whatever it means ("chat"): it is one only if it keeps the same company. What
    was one theme in the last run stays one, and two themes that were known apart become one by hand only: ids are to
    stay, and figures that change a little would part and join them again and again. No encoder is opened where fewer
    than two languages are spoken.

    Args:
        counted: the messages.
        concepts: best first, no variant in two of them.
        meanings: vectors of the labels.
        hands: themes that somebody said no to are left apart; and which were one before.
        but: variants of themes that are left as they are: what has several senses is no translation of one.
    """
    spoken = pl.concat([block.columns(["language"]) for block in counted.blocks])["language"]
    places = _linkable(concepts, dict(spoken.value_counts().iter_rows()), frozenset(but))
    themes = [concepts[place] for place in places]
    languages = [theme.variants[0][0] for theme in themes]
    if len(set(languages)) < 2:
        return Translated(tuple(concepts))
    if not meanings.encoder.crosses_languages:
        return Translated(
            tuple(concepts), notices=(Notice("encoder-one-language", {"encoder": meanings.encoder.id}),)
        )
    said = [_said(theme) for theme in themes]
    vectors = meanings.of(said, block=BLOCK)
    meanings.keep_only(said, block=BLOCK)
    phrases = [_with_capitals(text, code) for text, code in zip(said, languages, strict=True)]
    links = which_say_the_same(phrases, languages, meanings.encoder, vectors=vectors)
    around = company(counted, themes, vectors)
    of = {code: np.flatnonzero(np.array(languages) == code) for code in set(languages)}
    groups = _Groups(concepts, hands.edits)
    joined, near = [], []
    for link in links:
        beside = (of[languages[link.left]], of[languages[link.right]])
        nearness = how_near(around, link.left, link.right, beside=beside)
        one, other = places[link.left], places[link.right]
        alike = _key(concepts[one]) == _key(concepts[other])
        # unknown company, not a number, makes nothing one and parts nothing
        sure = hands.were_one(concepts[one], concepts[other])
        if sure is None:
            sure = nearness <= SAME_COMPANY if alike else link.automatic and not nearness > OTHER_COMPANY
        if sure and groups.join(one, other):
            joined.append(_Tie(one, other, *_told(link, alike=alike)))
        elif not sure and link.csls >= SURE_CSLS and groups.may_join(one, other):
            near.append((concepts[one].variants[0], concepts[other].variants[0]))
    return Translated(_joined(concepts, joined), tuple(near))


def places_of(concepts: Sequence[Concept]) -> Callable[[str], list[int]]:
    """What a word of a correction names: the places of the concepts that have it as a variant."""
    owner: dict[str, dict[str, int]] = {}
    for place, concept in enumerate(concepts):
        for language, form in concept.variants:
            owner.setdefault(form, {})[language] = place

    def meant(word: str) -> list[int]:
        try:
            language, form = variant_of(word)
        except SettingsError:  # a label, which is no phrase
            return []
        return [place for code, place in owner.get(form, {}).items() if language in {None, code}]

    return meant


def rejected_places(concepts: Sequence[Concept], edits: Sequence[Edit]) -> frozenset[tuple[int, int]]:
    """Pairs of concepts, the lower place first, of which somebody said that they are two."""
    meant = places_of(concepts)
    answers = (edit for edit in edits if isinstance(edit, Reject))
    pairs = ((a, b) for no in answers for a in meant(no.one) for b in meant(no.other))
    return frozenset((min(pair), max(pair)) for pair in pairs)


def _told(link: Link, *, alike: bool) -> tuple[str, str]:
    """The rule of a link, and its figures."""
    if alike or link.listed:
        return ("company" if alike else "glossary"), ""
    return ("translation", f", cosine {link.cosine:.2f}, CSLS {link.csls:.2f}")


def _linkable(concepts: Sequence[Concept], spoken: Mapping[str, int], but: frozenset[Variant]) -> list[int]:
    """The foremost themes of each language that is spoken enough, of those that live in no other."""
    enough = {code for code, n in spoken.items() if n >= LEAST_MESSAGES and code != UNKNOWN}
    taken = Counter[str]()
    places = []
    for place, concept in enumerate(concepts):
        language = concept.variants[0][0]
        alone = all(code == language for code, _ in concept.variants)
        free = alone and concept.variants[0] not in but
        if concept.kind == "theme" and free and language in enough and taken[language] < MOST:
            taken[language] += 1
            places.append(place)
    return places


def _said(concept: Concept) -> str:
    """What a concept is encoded by: its commonest form, or that of several words where it has an acronym."""
    spelt_out = any(each.rule == "acronym" for each in concept.why)
    words = next((form for _, form in concept.variants if spelt_out and " " in form), None)
    return readable(words or concept.variants[0][1])


def _with_capitals(phrase: str, language: str) -> str:
    """A phrase with the words in capitals that are acronyms: two that differ keep phrases apart."""
    return " ".join(
        word.upper() if len(word) in ACRONYM and word.isalpha() and not known(word, language) else word
        for word in phrase.split(" ")
    )


def _key(concept: Concept) -> str:
    """What is left of a concept's commonest form without blanks, hyphens and accents."""
    language, form = concept.variants[0]
    return fold("".join(spelling(word, language) for word in form.split(" ")))


class _Groups:
    """Which concepts are one: none at first."""

    def __init__(self, concepts: Sequence[Concept], edits: Sequence[Edit]) -> None:
        self._members = [[place] for place in range(len(concepts))]
        self._tongues = [{code for code, _ in concept.variants} for concept in concepts]
        self._apart = rejected_places(concepts, edits)

    def may_join(self, one: int, other: int) -> bool:
        """Whether two concepts may be one: of no language twice, and no two of which somebody said no."""
        pairs = ((min(a, b), max(a, b)) for a in self._members[one] for b in self._members[other])
        return not self._tongues[one] & self._tongues[other] and self._apart.isdisjoint(pairs)

    def join(self, one: int, other: int) -> bool:
        """Makes two concepts one, where they may be."""
        may = self.may_join(one, other)
        if may:
            self._members[one] += self._members[other]
            self._tongues[one] |= self._tongues[other]
            for place in self._members[one]:
                self._members[place], self._tongues[place] = self._members[one], self._tongues[one]
        return may


@dataclass(frozen=True, slots=True)
class _Tie:
    """Two concepts that are one: their places, the rule, and what it saw, to be told with what the known one is called."""

    one: int
    other: int
    rule: str
    shown: str


def _joined(concepts: Sequence[Concept], ties: Sequence[_Tie]) -> tuple[Concept, ...]:
    """The concepts, those that are tied as one in the place of the foremost."""
    whole: dict[int, list[int]] = {}
    for tie in ties:
        mine, theirs = whole.setdefault(tie.one, [tie.one]), whole.setdefault(tie.other, [tie.other])
        mine += theirs
        whole |= dict.fromkeys(theirs, mine)
    found = []
    for place, concept in enumerate(concepts):
        parts = sorted(whole.get(place, ()))
        if not parts:
            found.append(concept)
        elif place == parts[0]:
            found.append(_one(concepts, parts, [tie for tie in ties if tie.one in parts]))
    return tuple(found)


def _one(concepts: Sequence[Concept], parts: Sequence[int], ties: Sequence[_Tie]) -> Concept:
    """One concept of several; whichever is met later is told by its tie to one that was met before."""
    met = {min(parts, key=lambda place: (-sum(concepts[place].uses), concepts[place].variants[0]))}
    evidence = []
    while len(met) < len(parts):
        tie = next(each for each in ties if (each.one in met) != (each.other in met))
        before, new = (tie.one, tie.other) if tie.one in met else (tie.other, tie.one)
        language, form = concepts[before].variants[0]
        shown = f"{readable(form)} ({language}){tie.shown}"
        evidence.append(Evidence(concepts[new].variants[0], tie.rule, shown))
        met.add(new)
    return together([concepts[place] for place in parts], evidence)
