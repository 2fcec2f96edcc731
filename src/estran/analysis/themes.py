"""Which themes there are, and who said which of them: two passes of counting over one corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from estran.analysis.progress import so_far
from estran.privacy import figure_allowed
from estran.store.engine import Cell
from estran.text.concepts import find_concepts
from estran.text.matching import Lexicon
from estran.text.packs import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.progress import Progress
    from estran.model import Concept
    from estran.settings import Settings
    from estran.store.engine import Engine, PhraseCounts

UNKNOWN = "?"
"""The language of messages whose language nobody knows: counted, with no stop words."""


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
    """Count every phrase, make concepts of the good ones, and count those exactly.

    Concepts used by fewer people than may be shown are left out.
    """
    languages = corpus.messages["language"].fill_null(UNKNOWN)
    totals = _phrase_totals(corpus, languages, engine, settings, progress)
    progress.stage("concepts", None)
    messages_total = dict(languages.value_counts().iter_rows())
    concepts = find_concepts(totals, messages_total=messages_total, limit=settings.concepts)
    progress.stage("match", corpus.messages.height)
    postings = engine.match(
        arrow(corpus.messages["spoken"]), languages.to_list(), _lexicons(concepts), progress=so_far(progress)
    )
    message, concept = postings.message[postings.free], postings.concept[postings.free]
    people = _people(concept, corpus.author[message], len(concepts))
    keep = figure_allowed(people)
    number = np.cumsum(keep, dtype=np.int32) - 1
    kept = keep[concept]
    return Said(
        concepts=tuple(c for c, k in zip(concepts, keep.tolist(), strict=True) if k),
        message=message[kept],
        concept=number[concept[kept]],
        tokens=postings.tokens,
        nested=np.bincount(postings.concept[~postings.free], minlength=len(concepts))[keep],
    )


def arrow(texts: pl.Series) -> pa.LargeStringArray:
    """The texts as the one Arrow layout that the kernels read; null is empty."""
    array = texts.fill_null("").rechunk().to_arrow().cast(pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _phrase_totals(
    corpus: Corpus, languages: pl.Series, engine: Engine, settings: Settings, progress: Progress
) -> pl.DataFrame:
    """phrase, language, messages, people, headlines: one row per phrase and language."""
    stop_words = {code: load(code).stop_words for code in languages.unique().sort().to_list()}
    rows = corpus.messages.select("side", "spoken", "headline").with_columns(
        language=languages, period=pl.Series(corpus.period), author=pl.Series(corpus.author)
    )
    cells = rows.partition_by("period", "side", "language", maintain_order=True)
    progress.stage("count", rows.height)
    counts = engine.count(
        _cells(cells, "spoken"),
        stop_words,
        at_least=settings.least_messages,
        longest=settings.longest_phrase,
        progress=so_far(progress),
    )
    headed = rows.filter(pl.col("headline").is_not_null()).partition_by("language", maintain_order=True)
    headlines = engine.count(
        _cells(headed, "headline"), stop_words, at_least=1, longest=settings.longest_phrase
    )
    said = _by_language(counts, [cell["language"][0] for cell in cells])
    titles = _by_language(headlines, [cell["language"][0] for cell in headed])
    return said.join(
        titles.select("phrase", "language", headlines="messages"), on=["phrase", "language"], how="left"
    ).with_columns(pl.col("headlines").fill_null(0))


def _cells(parts: Sequence[pl.DataFrame], column: str) -> Iterator[Cell]:
    for key, part in enumerate(parts):
        yield Cell(
            texts=arrow(part[column]),
            authors=part["author"].to_numpy(),
            language=part["language"][0],
            key=key,
        )


def _by_language(counts: PhraseCounts, cell_language: Sequence[str]) -> pl.DataFrame:
    language = pl.Series("language", cell_language, dtype=pl.String)
    totals = (
        pl.DataFrame(
            {
                "phrase": counts.phrase,
                "language": language.gather(counts.cell),
                "messages": counts.messages.astype(np.int64),
                "people": counts.people.astype(np.int64),
            }
        )
        .group_by("phrase", "language")
        .sum()
    )
    return totals.with_columns(phrase=counts.phrases.gather(totals["phrase"])).sort("phrase", "language")


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
