"""Which themes there are, and who said which of them: two passes of counting over one corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.acronyms import spell_out
from estran.analysis.hands import NO_HANDS, identified, notices
from estran.analysis.meanings import Meanings
from estran.analysis.progress import so_far
from estran.analysis.senses import Counting, placed, tell_apart, words_said
from estran.analysis.translations import translate
from estran.privacy import figure_allowed
from estran.stats.presence import people_saying
from estran.text.concepts import find_concepts
from estran.text.correcting import apply
from estran.text.matching import Lexicon, Postings, match

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.hands import Hands
    from estran.analysis.progress import Progress
    from estran.analysis.translations import Variant
    from estran.findings import Notice
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
        notices: what has to be said of them.
        near: pairs of variants of different languages whose themes may be one, the surest first.
    """

    concepts: tuple[Concept, ...]
    message: NDArray[np.int32]
    concept: NDArray[np.int32]
    tokens: NDArray[np.int32]
    nested: NDArray[np.int64]
    notices: tuple[Notice, ...] = ()
    near: tuple[tuple[Variant, Variant], ...] = ()


def find_themes(
    corpus: Corpus,
    engine: Engine,
    settings: Settings,
    *,
    progress: Progress,
    hands: Hands = NO_HANDS,
    meanings: Meanings | None = None,
) -> Said:
    """Take the phrases that were counted, make concepts of the good ones, correct them, and count those exactly.

    Concepts used by fewer people than may be shown are left out, also those that somebody follows.

    Args:
        corpus: the messages, on their periods.
        engine: where the second pass of counting runs.
        settings: what the tour is made with.
        progress: told about each stage.
        hands: corrections, and who knows the themes of before.
        meanings: vectors, by which themes of different languages are told to be one; by default those of the settings.
    """
    blocks = corpus.counted.blocks
    total = sum(block.messages for block in blocks)
    progress.stage("count", total)
    totals = corpus.counted.totals(at_least=settings.least_messages, progress=so_far(progress))
    progress.stage("concepts", None)
    languages = pl.concat([block.columns(["language"]) for block in blocks])["language"]
    spoken = dict(languages.value_counts().iter_rows())
    found_concepts = find_concepts(totals, messages_total=spoken, limit=settings.concepts)
    del totals
    spelt = spell_out(corpus.counted, found_concepts, engine, hands)
    doubtful = {form for homonym in spelt.homonyms for form in homonym.forms}
    translated = translate(
        corpus.counted, spelt.concepts, meanings or Meanings(settings), hands, but=doubtful
    )
    corrected = apply(translated.concepts, hands.edits, languages=sorted(spoken))
    concepts = corrected.concepts
    rows = _rows(corpus)
    homonyms = placed(spelt.homonyms, concepts, rows)
    lexicons = lexicons_of(concepts, apart=[homonym.forms for homonym in homonyms])
    found = _matched(corpus, lexicons, engine, settings, progress=progress)
    tokens = np.concatenate([each.tokens for each in found])[corpus.place]
    spelling = words_said(rows, corpus.bounds, found, homonyms)
    message, concept, nested = _among(corpus, rows, found, len(concepts) + len(homonyms))
    if homonyms:
        told = tell_apart(corpus, Counting(concepts, message, concept, nested), homonyms, spelling, engine)
        concepts, message, concept, nested = told
    people = people_saying(message, concept, corpus.author, themes=len(concepts))
    keep = figure_allowed(people)
    first = np.full(len(concepts), len(tokens), np.int64)
    np.minimum.at(first, concept, message)
    number = np.cumsum(keep, dtype=np.int32) - 1
    kept = keep[concept]
    return Said(
        concepts=identified(corpus, concepts, hands, first=first, keep=keep),
        message=message[kept],
        concept=number[concept[kept]],
        tokens=tokens,
        nested=nested[keep],
        notices=(*translated.notices, *corrected.conflicts, *notices(concepts, keep)),
        near=translated.near,
    )


def who_says(
    corpus: Corpus, concepts: Sequence[Concept], engine: Engine, settings: Settings, *, progress: Progress
) -> Said:
    """Which messages of a corpus hold which concepts: the second pass, whoever said them.

    Args:
        corpus: the messages.
        concepts: what to look for; a form that is in none of them is nowhere.
        engine: where it runs.
        settings: how many threads share one block.
        progress: told of each block.
    """
    found = _matched(corpus, lexicons_of(concepts), engine, settings, progress=progress)
    tokens = np.concatenate([each.tokens for each in found])[corpus.place]
    message, concept, nested = _among(corpus, _rows(corpus), found, len(concepts))
    return Said(tuple(concepts), message, concept, tokens, nested)


def _matched(
    corpus: Corpus, lexicons: Mapping[str, Lexicon], engine: Engine, settings: Settings, *, progress: Progress
) -> list[Postings]:
    """The second pass over all blocks."""
    blocks = corpus.counted.blocks
    progress.stage("match", len(blocks))
    threads = settings.threads if len(blocks) == 1 else 1
    return engine.map(
        match_block, [Matching(block, lexicons, threads) for block in blocks], progress=so_far(progress)
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


def _rows(corpus: Corpus) -> NDArray[np.int32]:
    """Row of the corpus that each message of the blocks has, -1 where it has none."""
    rows = np.full(corpus.bounds[-1], -1, np.int32)
    rows[corpus.place] = np.arange(len(corpus.place), dtype=np.int32)
    return rows


def _among(
    corpus: Corpus, row: NDArray[np.int32], found: list[Postings], concepts: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """The postings of all blocks, taken from the list one by one: they are many, and should not be held twice.

    Returns:
        Row of the corpus and concept of each free posting, by row; and (P,) how many are not free.
    """
    bounds = corpus.bounds
    size = sum(int(each.free.sum()) for each in found)
    message, concept = np.empty(size, np.int32), np.empty(size, np.int32)
    nested = np.zeros(concepts, np.int64)
    found.reverse()
    written = 0
    for first in bounds[:-1]:
        each = found.pop()
        rows = row[each.message + first]
        free, inside = each.free & (rows >= 0), ~each.free & (rows >= 0)
        nested += np.bincount(each.concept[inside], minlength=concepts)
        end = written + int(free.sum())
        message[written:end], concept[written:end] = rows[free], each.concept[free]
        written = end
    return message[:written], concept[:written], nested


def lexicons_of(
    concepts: Sequence[Concept], *, apart: Sequence[Collection[Variant]] = ()
) -> Mapping[str, Lexicon]:
    """The forms to look for in each language, and whose they are; a form that is shared, of each that has it.

    Args:
        concepts: P concepts.
        apart: forms that are looked for by themselves, under the numbers from P on.
    """
    forms: dict[str, list[str]] = {}
    numbers: dict[str, list[int]] = {}
    own = {form: len(concepts) + number for number, of in enumerate(apart) for form in of}
    for number, concept in enumerate(concepts):
        for language, form in concept.written:
            forms.setdefault(language, []).append(form)
            numbers.setdefault(language, []).append(own.get((language, form), number))
    return {
        language: Lexicon(tuple(said), np.array(numbers[language], np.int32))
        for language, said in forms.items()
    }
