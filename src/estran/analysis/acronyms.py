"""Acronyms and the words that they stand for: one theme, where those who spell one out agree on its words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.sample import texts_of
from estran.analysis.senses import Homonym
from estran.analysis.translations import places_of, rejected_places
from estran.model import Concept, Evidence
from estran.privacy import figure_allowed
from estran.store.prepared import UNKNOWN
from estran.text import packs
from estran.text.acronyms import definitions
from estran.text.concepts import together
from estran.text.edits import Accept, Merge
from estran.text.tokens import ELISIONS
from estran.text.variants import fold, known, lemma, readable, spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from estran.analysis.hands import Hands
    from estran.store.engines import Engine
    from estran.store.prepared import Counted, PreparedBlock
    from estran.text.edits import Edit

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


@dataclass(frozen=True, slots=True)
class SpeltOut:
    """Concepts with the acronyms that are spelt out.

    Attributes:
        concepts: in the order they came; an acronym and its words stand where the foremost of them stood. At the end the
            words that no concept has, of an acronym of several senses.
        homonyms: the acronyms of several senses.
    """

    concepts: tuple[Concept, ...]
    homonyms: tuple[Homonym, ...] = ()


@dataclass(slots=True)
class _Sense:
    """What some people say that an acronym stands for: messages that say so, who does, and where."""

    words: Counter[Variant] = field(default_factory=Counter)
    shorts: Counter[Variant] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)
    places: list[int] = field(default_factory=list)

    @property
    def messages(self) -> int:
        return self.words.total()

    @property
    def said(self) -> Variant:
        """The words, as most say them."""
        return min(self.words, key=lambda words: (-self.words[words], words))

    @property
    def short(self) -> Variant:
        return min(self.shorts, key=lambda short: (-self.shorts[short], short))

    @property
    def told(self) -> str:
        """The definition; how many messages give it is told where enough people do."""
        count = f", {self.messages}" if figure_allowed(len(self.people)) else ""
        return f"{readable(self.said[1])} ({self.short[1].upper()}){count}"


@dataclass(frozen=True, slots=True)
class _Acronym:
    """A theme that is an acronym.

    Attributes:
        place: of the theme.
        senses: what enough people say that it stands for, commonest first, with the place of the theme that has the
            words, or None.
        messages: those that spell it out, whatever they say.
    """

    place: int
    senses: tuple[tuple[int | None, _Sense], ...]
    messages: int

    @property
    def agreed(self) -> bool:
        """Whether nearly all say the same."""
        return self.senses[0][1].messages >= DOMINATING * self.messages


def spell_out(counted: Counted, concepts: Sequence[Concept], engine: Engine, hands: Hands) -> SpeltOut:
    """Makes one of a theme that is an acronym and of the words that people say it stands for, where they agree.

    Args:
        counted: the messages; those with parentheses are read.
        concepts: best first, no variant in two of them.
        engine: reads the blocks.
        hands: an acronym and words that somebody said no to, or that were themes apart in the last run, are left apart.
    """
    acronyms = _acronyms(counted, concepts, engine, hands.edits)
    wholes: dict[int, tuple[int | None, _Sense]] = {}
    spelt: set[int | None] = set()  # a theme is an acronym or its words, not both
    for acronym in acronyms:
        place, (words, sense) = acronym.place, acronym.senses[0]
        free = place not in wholes and place not in spelt and words not in wholes
        known_apart = words is not None and hands.were_one(concepts[place], concepts[words]) is False
        if acronym.agreed and free and not known_apart:
            wholes[place] = (words, sense)
            spelt.add(words)
    several = [acronym for acronym in acronyms if len(acronym.senses) > 1]
    joined = _joined(concepts, wholes)
    return SpeltOut(
        (*joined, *_made(several, concepts, {variant for each in joined for variant in each.variants})),
        tuple(_homonym(acronym, concepts) for acronym in several),
    )


def define_block(block: PreparedBlock) -> pl.DataFrame:
    """The definitions in the messages of a block: language, author or null, row, short, long."""
    frame = block.columns(["spoken", "language", "author"]).with_row_index("at")
    parts = []
    for (language,), own in frame.partition_by("language", as_dict=True, maintain_order=True).items():
        said = definitions(own["spoken"], str(language))
        who = own.select("language", "author", "at")[said["row"]]
        parts.append(pl.concat([who, said.drop("row")], how="horizontal"))
    return pl.concat(parts).filter(pl.col("language") != UNKNOWN)


def _acronyms(
    counted: Counted, concepts: Sequence[Concept], engine: Engine, edits: Sequence[Edit]
) -> list[_Acronym]:
    """The themes that are acronyms, those spelt out most first."""
    owner = {variant: place for place, concept in enumerate(concepts) for variant in concept.variants}
    senses: defaultdict[int, dict[int | Variant, _Sense]] = defaultdict(dict)
    for words, short, person, place, key in _said(counted, engine, owner, _one_by_hand(concepts, edits)):
        sense = senses[owner[short]].setdefault(key, _Sense())
        sense.words[words] += 1
        sense.shorts[short] += 1
        sense.people.add(person)
        sense.places.append(place)
    apart = rejected_places(concepts, edits)
    found = []
    for place, own in senses.items():
        ranked = sorted(own.items(), key=lambda each: (-each[1].messages, each[1].said))
        pairs = ((key if isinstance(key, int) else None, sense) for key, sense in ranked)
        enough = tuple(pair for pair in pairs if _may_be(*pair, place, concepts, apart))
        if enough and concepts[place].kind == "theme":
            found.append(_Acronym(place, enough, sum(sense.messages for sense in own.values())))
    common = _common_words(counted, [each.senses[0][1].short for each in found])
    kept = (each for each in found if each.senses[0][1].short not in common)
    return sorted(kept, key=lambda each: (-each.senses[0][1].messages, each.senses[0][1].short))


def _may_be(
    words: int | None,
    sense: _Sense,
    place: int,
    concepts: Sequence[Concept],
    apart: Collection[tuple[int, int]],
) -> bool:
    """Whether enough people say that an acronym stands for some words, and nobody says that it does not."""
    if len(sense.people) < LEAST_DEFINERS:
        return False
    if words is None:
        return figure_allowed(len(sense.people))  # words that no theme has are shown first here
    pair = (min(place, words), max(place, words))
    return words != place and concepts[words].kind == "theme" and pair not in apart


def _said(
    counted: Counted, engine: Engine, owner: Mapping[Variant, int], one: Mapping[int, int]
) -> list[tuple[Variant, Variant, str, int, int | Variant]]:
    """Every definition of an acronym that is a concept: words, acronym, who says it, where, and what tells the sense.

    The place is that of the message in all blocks. A sense is told by the concept that has its words; where none has, by the
    words without links and endings, which may lead to a concept again.
    """
    said = []
    bounds = accumulate((block.messages for block in counted.blocks), initial=0)
    for first, frame in zip(bounds, engine.map(define_block, list(counted.blocks)), strict=False):
        for language, author, at, short, long in frame.iter_rows():
            form = next((each for each in (short, f"{short}s") if (language, each) in owner), None)
            if form is not None:
                said.append(((language, long), (language, form), author or f"\0{first + at}", first + at))
    senses: dict[Variant, int] = {}
    for words, *_ in said:
        if words in owner:
            senses.setdefault(_content(words), one.get(owner[words], owner[words]))
    found = []
    for words, short, person, place in said:
        key = senses.get(_content(words), _content(words))
        # an acronym that was put with its words by hand still has others
        key = owner[words] if words in owner and key == owner[short] else key
        found.append((words, short, person, place, key))
    return found


@cache
def _content(words: Variant) -> Variant:
    """What is left of words without stop words, endings, blanks, hyphens and accents."""
    language, form = words
    stops = packs.load(language).stop_words
    kept = (word for word in form.split(" ") if word not in stops and word not in ELISIONS)
    return language, "".join(fold(spelling(lemma(word, language), language)) for word in kept)


def _one_by_hand(concepts: Sequence[Concept], edits: Sequence[Edit]) -> dict[int, int]:
    """Place of a concept -> that of another which somebody said is the same."""
    meant = places_of(concepts)
    one: dict[int, int] = {}
    for edit in edits:
        if isinstance(edit, Merge | Accept):
            named = (edit.theme, *edit.others) if isinstance(edit, Merge) else (edit.one, edit.other)
            same = sorted({one.get(place, place) for word in named for place in meant(word)})
            if not same:  # about topics, or words that nobody says
                continue
            one |= dict.fromkeys((*same, *(p for p, to in one.items() if to in same)), same[0])
    return one


def _made(
    several: Sequence[_Acronym], concepts: Sequence[Concept], taken: Collection[Variant]
) -> list[Concept]:
    """The words of senses that are no concept yet."""
    made: list[Concept] = []
    taken = set(taken)
    for acronym in several:
        for words, sense in acronym.senses:
            forms = sorted(sense.words.keys() - taken, key=lambda form: (-sense.words[form], form))
            if words is None and sense.said in forms:
                uses = tuple(sense.words[form] for form in forms)
                quality = concepts[acronym.place].quality
                made.append(Concept(readable(sense.said[1]), tuple(forms), quality, uses=uses))
                taken |= set(forms)
    return made


def _homonym(acronym: _Acronym, concepts: Sequence[Concept]) -> Homonym:
    senses = [sense for _, sense in acronym.senses]
    return Homonym(
        forms=concepts[acronym.place].variants,
        senses=tuple(
            sense.said if words is None else concepts[words].variants[0] for words, sense in acronym.senses
        ),
        place=np.concatenate([np.array(sense.places, np.int64) for sense in senses]),
        sense=np.repeat(np.arange(len(senses)), [len(sense.places) for sense in senses]),
    )


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
    concepts: Sequence[Concept], wholes: Mapping[int, tuple[int | None, _Sense]]
) -> tuple[Concept, ...]:
    """The concepts, with those that are words and acronym as one; several acronyms may stand for the same words."""
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for place, (words, _) in wholes.items():
        parts[place if words is None else words].append(place)
    stands: dict[int, Concept] = {}
    for words, places in parts.items():
        own = sorted({words, *places})
        extra, evidence = [], []
        for place in places:
            at, sense = wholes[place]
            if at is None:
                extra.append(Concept(readable(sense.said[1]), (sense.said,), 0.0, uses=(sense.messages,)))
                evidence.append(Evidence(sense.said, "acronym", sense.told))
            else:
                long = [v for v in concepts[at].variants if v[1] == sense.said[1]]
                evidence += [Evidence(variant, "acronym", sense.told) for variant in (sense.short, *long)]
        stands[own[0]] = together([*(concepts[place] for place in own), *extra], evidence)
    gone = {place for words, places in parts.items() for place in (words, *places)} - stands.keys()
    return tuple(stands.get(at, concept) for at, concept in enumerate(concepts) if at not in gone)
