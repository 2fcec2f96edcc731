"""Acronyms and the words that they stand for: one theme, where those who spell one out agree on its words."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from estran.analysis.sample import texts_of
from estran.analysis.translations import rejected_places
from estran.model import Concept, Evidence
from estran.privacy import figure_allowed
from estran.store.prepared import UNKNOWN
from estran.text.acronyms import definitions
from estran.text.concepts import together
from estran.text.variants import known, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from estran.analysis.hands import Hands
    from estran.store.engines import Engine
    from estran.store.prepared import Counted, PreparedBlock

LEAST_DEFINERS = 3
"""People who must say that an acronym stands for some words."""

DOMINATING = 0.8
"""Of the messages that spell an acronym out, the share that must give the same words."""

IN_CAPITALS = 0.8
"""How often a word of the dictionary must be written in capitals to be an acronym ("AI", not "rest")..."""

READ = 10_000
"""...in so many messages of its language at the most, spread evenly over time."""

Variant = tuple[str, str]
"""Language and form."""


@dataclass(slots=True)
class _Sense:
    """What some people say that an acronym stands for: messages that say so, by form, and who does."""

    forms: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    people: set[str] = field(default_factory=set)

    @property
    def messages(self) -> int:
        return sum(self.forms.values())

    @property
    def form(self) -> str:
        return min(self.forms, key=lambda form: (-self.forms[form], form))


def spell_out(
    counted: Counted, concepts: Sequence[Concept], engine: Engine, hands: Hands
) -> tuple[Concept, ...]:
    """Makes one of a theme that is an acronym and of the words that people say it stands for.

    Args:
        counted: the messages; those with parentheses are read.
        concepts: best first, no variant in two of them.
        engine: reads the blocks.
        hands: an acronym and words that somebody said no to, or that were themes apart in the last run, are left apart.

    Returns:
        The concepts in the order they came; an acronym and its words stand where the foremost of them stood.
    """
    owner = {variant: place for place, concept in enumerate(concepts) for variant in concept.variants}
    apart = rejected_places(concepts, hands.edits)
    wholes: dict[int, tuple[int | None, Variant, _Sense]] = {}
    spelt: set[int | None] = set()  # a theme is an acronym or its words, not both
    for short, sense in _agreed(counted, engine, owner):
        place, words = owner[short], owner.get((short[0], sense.form))
        ends = [place] if words is None else sorted((place, words))
        themes = all(concepts[end].kind == "theme" for end in ends)
        free = place != words and place not in wholes and place not in spelt and words not in wholes
        known_apart = words is not None and hands.were_one(concepts[place], concepts[words]) is False
        if themes and free and not known_apart and tuple(ends) not in apart:
            wholes[place] = (words, short, sense)
            spelt.add(words)
    return _joined(concepts, wholes)


def define_block(block: PreparedBlock) -> pl.DataFrame:
    """The definitions in the messages of a block: language, author or null, row, short, long."""
    frame = block.columns(["spoken", "language", "author"]).with_row_index("at")
    parts = []
    for (language,), own in frame.partition_by("language", as_dict=True, maintain_order=True).items():
        said = definitions(own["spoken"], str(language))
        who = own.select("language", "author", "at")[said["row"]]
        parts.append(pl.concat([who, said.drop("row")], how="horizontal"))
    return pl.concat(parts).filter(pl.col("language") != UNKNOWN)


def _agreed(
    counted: Counted, engine: Engine, owner: Mapping[Variant, int]
) -> Iterator[tuple[Variant, _Sense]]:
    """Acronyms that are concepts, with the words that dominate, those spelt out most first."""
    senses: defaultdict[Variant, dict[int | str, _Sense]] = defaultdict(dict)
    for number, frame in enumerate(engine.map(define_block, list(counted.blocks))):
        for language, author, at, short, long in frame.iter_rows():
            form = next((each for each in (short, f"{short}s") if (language, each) in owner), None)
            if form is not None:
                key = owner.get((language, long), long)
                sense = senses[language, form].setdefault(key, _Sense())
                sense.forms[long] += 1
                sense.people.add(author or f"\0{number} {at}")
    sure = []
    for short, found in senses.items():
        best = max(found.values(), key=lambda sense: (sense.messages, sense.form))
        seen = (short[0], best.form) in owner or figure_allowed(len(best.people))
        whole = sum(sense.messages for sense in found.values())
        if len(best.people) >= LEAST_DEFINERS and best.messages >= DOMINATING * whole and seen:
            sure.append((short, best))
    words = _common_words(counted, [short for short, _ in sure])
    ordered = sorted(sure, key=lambda each: (-each[1].messages, each[0]))
    return (each for each in ordered if each[0] not in words)


def _common_words(counted: Counted, shorts: Sequence[Variant]) -> frozenset[Variant]:
    """Those that the dictionary holds, and that are not mostly written in capitals."""
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for language, form in shorts:
        if known(form, language):
            listed[language].append(form)
    common = set()
    for language, forms in listed.items():
        texts = texts_of(counted, language, most=READ)
        for form in forms:
            word = re.escape(form)
            every = int(texts.str.count_matches(rf"(?i)\b{word}\b").sum())
            capitals = int(texts.str.count_matches(rf"\b{re.escape(form.upper())}\b").sum())
            if capitals < IN_CAPITALS * every or not every:
                common.add((language, form))
    return frozenset(common)


def _joined(
    concepts: Sequence[Concept], wholes: Mapping[int, tuple[int | None, Variant, _Sense]]
) -> tuple[Concept, ...]:
    """The concepts, with those that are words and acronym as one; several acronyms may stand for the same words."""
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for place, (words, _, _) in wholes.items():
        parts[place if words is None else words].append(place)
    stands: dict[int, Concept] = {}
    for words, places in parts.items():
        own = sorted({words, *places})
        extra, evidence = [], []
        for place in places:
            at, short, sense = wholes[place]
            count = f", {sense.messages}" if figure_allowed(len(sense.people)) else ""
            shown = f"{readable(sense.form)} ({short[1].upper()}){count}"
            if at is None:
                variant = (short[0], sense.form)
                extra.append(Concept(readable(sense.form), (variant,), 0.0, uses=(sense.messages,)))
                evidence.append(Evidence(variant, "acronym", shown))
            else:
                long = [v for v in concepts[at].variants if v[1] == sense.form]
                evidence += [Evidence(variant, "acronym", shown) for variant in (short, *long)]
        stands[own[0]] = together([*(concepts[place] for place in own), *extra], evidence)
    gone = {place for words, places in parts.items() for place in (words, *places)} - stands.keys()
    return tuple(stands.get(at, concept) for at, concept in enumerate(concepts) if at not in gone)
