"""Which themes there are, and who said which of them: two passes of counting over one corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.progress import so_far
from estran.privacy import figure_allowed
from estran.text.concepts import find_concepts
from estran.text.matching import Lexicon, Postings, match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.progress import Progress
    from estran.model import Concept
    from estran.settings import Settings
    from estran.store.engines import Engine
    from estran.store.prepared import PreparedBlock


@dataclass(frozen=True, slots=True)
class Said:
    """Which message holds which concept, each pair once, sorted by message.

    Attributes:
        concepts: P concepts.
        message: (M,) row of the corpus.
        concept: (M,) number of the concept.
        tokens: (n,) tokens of each message of the corpus.
        nested: (P,) messages that hold the concept only inside a longer one ("network" in "social network"); they are
            not among `message`, as the longest match wins.
    """

    concepts: tuple[Concept, ...]
    message: NDArray[np.int32]
    concept: NDArray[np.int32]
    tokens: NDArray[np.int32]
    nested: NDArray[np.int64]


def find_themes(corpus: Corpus, engine: Engine, settings: Settings, *, progress: Progress) -> Said:
    """Take the phrases that were counted, make concepts of the good ones, and count those exactly.

    Concepts used by fewer people than may be shown are left out.
    """
    blocks = corpus.counted.blocks
    total = sum(block.messages for block in blocks)
    progress.stage("count", total)
    totals = corpus.counted.totals(at_least=settings.least_messages, progress=so_far(progress))
    progress.stage("concepts", None)
    languages = pl.concat([block.columns(["language"]) for block in blocks])["language"]
    spoken = dict(languages.value_counts().iter_rows())
    concepts = find_concepts(totals, messages_total=spoken, limit=settings.concepts)
    del totals
    progress.stage("match", len(blocks))
    lexicons = _lexicons(concepts)
    threads = settings.threads if len(blocks) == 1 else 1
    found = engine.map(
        match_block, [Matching(block, lexicons, threads) for block in blocks], progress=so_far(progress)
    )
    message, concept, free = _among(corpus, found)
    people = _people(concept[free], corpus.author[message[free]], len(concepts))
    keep = figure_allowed(people)
    number = np.cumsum(keep, dtype=np.int32) - 1
    kept = free & keep[concept]
    return Said(
        concepts=tuple(c for c, k in zip(concepts, keep.tolist(), strict=True) if k),
        message=message[kept],
        concept=number[concept[kept]],
        tokens=np.concatenate([each.tokens for each in found])[corpus.place],
        nested=np.bincount(concept[~free], minlength=len(concepts))[keep],
    )


@dataclass(frozen=True, slots=True)
class Matching:
    """One piece of the second pass: the messages of a block, and the forms to look for."""

    block: PreparedBlock
    lexicons: Mapping[str, Lexicon]
    threads: int


def match_block(piece: Matching) -> Postings:
    """Which concepts each message of a block says."""
    languages = piece.block.columns(["language"])["language"]
    return match(piece.block.spoken(), languages, piece.lexicons, threads=piece.threads)


def _among(
    corpus: Corpus, found: Sequence[Postings]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """The postings of all blocks: row of the corpus, concept, and whether it is free; others' are left out."""
    bounds = corpus.bounds
    row = np.full(bounds[-1], -1, np.int32)
    row[corpus.place] = np.arange(len(corpus.place), dtype=np.int32)
    message = np.concatenate([row[each.message + first] for each, first in zip(found, bounds, strict=False)])
    concept = np.concatenate([each.concept for each in found])
    free = np.concatenate([each.free for each in found])
    if len(corpus.place) == len(row):
        return message, concept, free
    inside = message >= 0
    return message[inside], concept[inside], free[inside]


def _lexicons(concepts: Sequence[Concept]) -> Mapping[str, Lexicon]:
    forms: dict[str, list[str]] = {}
    numbers: dict[str, list[int]] = {}
    for number, concept in enumerate(concepts):
        for language, form in concept.variants:
            forms.setdefault(language, []).append(form)
            numbers.setdefault(language, []).append(number)
    return {
        language: Lexicon(tuple(own), np.array(numbers[language], np.int32))
        for language, own in forms.items()
    }


def _people(concept: NDArray[np.int32], author: NDArray[np.int32], concepts: int) -> NDArray[np.int64]:
    """(P,) distinct authors per concept."""
    pairs = pl.DataFrame({"concept": concept, "author": author}).unique()
    return np.bincount(pairs["concept"].to_numpy(), minlength=concepts)
