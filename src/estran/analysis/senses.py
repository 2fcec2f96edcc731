"""What an acronym of several senses means in each message: "RSE" is a network here, and a responsibility there.

`estran.analysis.telling` tells it of the messages that hold the acronym outside every longer theme. What nothing tells
stays with the acronym, as a theme of its own: "RSE (?)".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.analysis.telling import BY_WORDS, RULES, Placed, what_is_meant
from estran.model import Evidence
from estran.privacy import figure_allowed
from estran.stats.presence import among, distinct
from estran.text.variants import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.telling import Ints, Told, Variant
    from estran.model import Concept
    from estran.store.engines import Engine
    from estran.text.matching import Postings

UNTOLD = "untold"
DOUBT = " (?)"
"""What a theme is called whose messages do not tell what they mean, after its name."""


@dataclass(frozen=True, slots=True)
class Homonym:
    """An acronym that stands for several things.

    Attributes:
        forms: its variants.
        senses: a variant of each of S senses.
        place: (D,) messages that spell it out, by their place in all blocks.
        sense: (D,) number of the sense in each.
    """

    forms: tuple[Variant, ...]
    senses: tuple[Variant, ...]
    place: Ints
    sense: Ints


class Counting(NamedTuple):
    """Concepts and what was counted of them: pairs of message and concept, rising; and messages that hold each nested."""

    concepts: tuple[Concept, ...]
    message: NDArray[np.int32]
    concept: NDArray[np.int32]
    nested: Ints


def placed(
    homonyms: Sequence[Homonym], concepts: Sequence[Concept], rows: NDArray[np.int32]
) -> tuple[Placed, ...]:
    """The homonyms among the concepts as they were corrected; one for each concept that has forms of it.

    Args:
        homonyms: as they were found.
        concepts: no variant in two of them.
        rows: row of the corpus of each message of the blocks, -1 where it has none.
    """
    owner = {variant: number for number, concept in enumerate(concepts) for variant in concept.variants}
    found = []
    for homonym in homonyms:
        numbers = np.array([owner.get(variant, -1) for variant in homonym.senses], np.int64)
        senses, known = distinct(numbers[numbers >= 0]), numbers[homonym.sense]
        row = rows[homonym.place].astype(np.int64)
        own = (known >= 0) & (row >= 0)
        forms: defaultdict[int, list[Variant]] = defaultdict(list)
        for form in homonym.forms:
            if form in owner:
                forms[owner[form]].append(form)
        words = tuple(variant for number in senses.tolist() for variant in concepts[number].variants)
        found += [
            Placed(tuple(of), number, senses, words, row[own], np.searchsorted(senses, known[own]))
            for number, of in forms.items()
            if len(senses) and senses.tolist() != [number]
        ]
    return tuple(found)


def words_said(
    rows: NDArray[np.int32], bounds: Ints, found: Sequence[Postings], homonyms: Sequence[Placed]
) -> tuple[Ints, Ints]:
    """Row and concept where the words of a sense are said, also inside a longer theme.

    Args:
        rows: row of the corpus of each message of the blocks, -1 where it has none.
        bounds: where each block begins among them.
        found: the postings of each block.
        homonyms: whose senses to look for.
    """
    wanted = np.unique(np.concatenate([np.empty(0, np.int64), *(each.senses for each in homonyms)]))
    parts = []
    for first, each in zip(bounds, found, strict=False) if len(wanted) else ():
        own = np.isin(each.concept, wanted)
        parts.append((rows[each.message[own] + first], each.concept[own]))
    message = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)]).astype(np.int64)
    concept = np.concatenate([np.empty(0, np.int64), *(part[1] for part in parts)]).astype(np.int64)
    return message[message >= 0], concept[message >= 0]


def tell_apart(
    corpus: Corpus,
    counting: Counting,
    homonyms: Sequence[Placed],
    spelling: tuple[Ints, Ints],
    engine: Engine,
) -> Counting:
    """Gives each message with a homonym to the concept that it means there, or leaves it with its owner.

    Args:
        corpus: n messages.
        counting: P concepts; homonym k is counted as concept P + k, where no longer theme holds it.
        homonyms: K of them.
        spelling: row and concept where the words of senses are said.
        engine: where texts are read.

    Returns:
        The same of P concepts, those that share a homonym with it and with their evidence.
    """
    concepts = list(counting.concepts)
    count = len(concepts)
    bare = counting.concept >= count
    code = counting.message[~bare].astype(np.int64) * count + counting.concept[~bare]
    nested = counting.nested[:count].copy()
    for number, homonym in enumerate(homonyms):
        rows = counting.message[counting.concept == count + number].astype(np.int64)
        told = what_is_meant(corpus, homonym, rows, spelling, engine)
        meant = distinct(told.row * count + np.append(homonym.senses, homonym.owner)[told.sense])
        new = meant[~among(code, meant)]
        code = np.insert(code, np.searchsorted(code, new), new)
        nested[homonym.owner] += counting.nested[count + number]
        senses: list[Variant] = []
        for sense, at in enumerate(homonym.senses.tolist()):
            spelt = distinct(spelling[0][spelling[1] == at])
            people = np.unique(corpus.author[np.append(spelt, told.row[told.sense == sense])])
            if figure_allowed(len(people)):
                senses.append(concepts[at].variants[0])
            if at != homonym.owner:
                why = _evidence(corpus, homonym, told, sense, spelt)
                shared = (*concepts[at].shared, *homonym.forms)
                concepts[at] = replace(concepts[at], shared=shared, why=(*concepts[at].why, *why))
        concepts[homonym.owner] = _doubtful(concepts[homonym.owner], homonym, senses)
    return Counting(
        tuple(concepts), (code // count).astype(np.int32), (code % count).astype(np.int32), nested
    )


def _doubtful(concept: Concept, homonym: Placed, senses: Sequence[Variant]) -> Concept:
    """An acronym with its doubt in its name, unless somebody named it or it is more than the acronym.

    Args:
        concept: that has the acronym.
        homonym: the acronym.
        senses: a variant of each sense that enough people mean for it to be shown.
    """
    if not frozenset(concept.variants) <= frozenset(homonym.forms):
        return concept
    labels = {code: f"{form.upper()}{DOUBT}" for code, form in reversed(concept.variants)}
    names = concept.names or tuple(sorted(labels.items()))
    label = concept.label if concept.names else labels[concept.variants[0][0]]
    shown = " / ".join(readable(form) for _, form in senses)
    why = tuple(Evidence(form, UNTOLD, shown) for form in concept.variants)
    return replace(concept, label=label, names=names, senses=tuple(senses), why=why)


def labels_of(concept: Concept, concepts: Sequence[Concept]) -> tuple[str, ...]:
    """What the concepts are called that a doubtful one may mean."""
    wanted = frozenset(concept.senses)
    return tuple(each.label for each in concepts if wanted and not wanted.isdisjoint(each.variants))


def _evidence(corpus: Corpus, homonym: Placed, told: Told, sense: int, spelt: Ints) -> tuple[Evidence, ...]:
    """Why the acronym means a sense in some messages: by each way, in how many where that may be told.

    Args:
        corpus: n messages.
        homonym: the acronym.
        told: what each message means by it.
        sense: the one.
        spelt: rows that hold the words of the sense.
    """
    mine = told.sense == sense
    rows = [told.row[mine & (told.way == way)] for way in range(len(RULES))]
    # what the words alone give can be told from all messages of the theme
    cells = (*rows, spelt[~np.isin(spelt, told.row[mine])])
    people = [len(np.unique(corpus.author[each])) for each in cells]
    shown = all(n == 0 or figure_allowed(n) for n in people)
    found = []
    for way, (rule, own) in enumerate(zip(RULES, rows, strict=True)):
        facts = [", ".join(told.words[sense])] if way == BY_WORDS and told.words else []
        facts += [str(len(own))] if shown else []
        if len(own):
            found.append(Evidence(homonym.forms[0], rule, "; ".join(filter(None, facts))))
    return tuple(found)
