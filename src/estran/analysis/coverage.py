"""What the claims stand on: who spoke when and where, and what changed in that rather than in what people say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.seasons import incomplete
from estran.findings import Coverage, Notice, Refused, Volume
from estran.model import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.model import Rejected

SILENT_PERIODS = 2
"""A source is called silent when it says nothing in so many of the last periods, and spoke in most of those before."""
DRIFT = 1.5
"""Ratio of median lengths, first third to last third, from which length is said to drift."""
LANGUAGE_DRIFT = 0.15
"""Change of a language's share, first third to last third, from which the mix is said to drift."""
FEW_PERIODS = 8


def coverage(
    corpus: Corpus,
    tokens: NDArray[np.int32],
    *,
    read: int,
    rejected: Sequence[Rejected],
    notices: Sequence[Notice] = (),
) -> Coverage:
    """Volumes, languages, refusals and warnings.

    Args:
        corpus: n messages.
        tokens: (n,) how many tokens each message has.
        read: rows in the files.
        rejected: rows that could not be read.
        notices: what reading the files has to say.
    """
    rows = (
        corpus.messages.with_columns(period=pl.Series(corpus.period), author=pl.Series(corpus.author))
        .group_by("period", "source", "side")
        .agg(messages=pl.len(), people=pl.col("author").n_unique())
        .sort("period", "source", "side")
    )
    labels = corpus.grid.labels
    languages = corpus.messages["language"].value_counts(sort=True)
    return Coverage(
        periods=labels,
        volumes=tuple(
            Volume(labels[period], source, side, messages, people)
            for period, source, side, messages, people in rows.iter_rows()
        ),
        languages=dict(languages.iter_rows()),
        read=read,
        kept=corpus.messages.height,
        refused=tuple(_refused(rejected)),
        removed=corpus.removed,
        notices=(*notices, *_notices(corpus, tokens, rows)),
    )


def _refused(rejected: Sequence[Rejected]) -> Iterator[Refused]:
    places: dict[tuple[str, str], list[str]] = {}
    for row in rejected:
        places.setdefault((row.file, row.why), []).append(row.place)
    for (file, why), where in places.items():
        yield Refused(file, why, len(where), tuple(where[:5]))


def _notices(corpus: Corpus, tokens: NDArray[np.int32], volumes: pl.DataFrame) -> Iterator[Notice]:
    if corpus.step_reason == "chosen":
        yield Notice("step-chosen", {"step": corpus.grid.step.value})
    yield from _sources(corpus, volumes)
    yield from _incomplete(corpus)
    if corpus.season is None and corpus.grid.step is not Step.YEAR:
        yield Notice("seasons-unknown", {})
    yield from _lengths(corpus, tokens)
    yield from _languages(corpus)
    if corpus.conversation is None:
        yield Notice("no-conversations", {})
    if corpus.grid.periods < FEW_PERIODS:
        yield Notice("few-periods", {"periods": corpus.grid.periods})
    if corpus.unsigned:
        yield Notice("no-author", {"messages": corpus.unsigned})
    sides = corpus.messages["side"].drop_nulls().unique().sort()
    if sides.len() == 1:
        yield Notice("one-side", {"side": sides[0]})


def _sources(corpus: Corpus, volumes: pl.DataFrame) -> Iterator[Notice]:
    """Sources that appear after the start, or fall silent before the end: never a trend of their own."""
    labels, last = corpus.grid.labels, corpus.grid.periods - 1
    spans = volumes.group_by("source").agg(
        first=pl.col("period").min(), last=pl.col("period").max(), spoke=pl.col("period").n_unique()
    )
    for source, first, end, spoke in spans.sort("first", "source").iter_rows():
        if first > 0 and spans.height > 1:
            yield Notice("source-new", {"source": source, "period": labels[first]})
        steady = spoke > (end - first + 1) / 2
        if last - end >= SILENT_PERIODS and steady and end > first:
            yield Notice("source-silent", {"source": source, "period": labels[end]})


def _incomplete(corpus: Corpus) -> Iterator[Notice]:
    """Edge periods that hold fewer days than a whole one, judged by the dates of the messages."""
    early, late = incomplete(corpus.grid, corpus.messages["time"])
    if late:
        yield Notice("incomplete-period", {"period": corpus.grid.label(corpus.grid.periods - 1)})
    if early:
        yield Notice("incomplete-period", {"period": corpus.grid.label(0)})


def _lengths(corpus: Corpus, tokens: NDArray[np.int32]) -> Iterator[Notice]:
    """Sources whose messages grew longer or shorter: the commonest false trend of all."""
    rows = corpus.messages.select("source").with_columns(
        tokens=pl.Series(tokens), period=pl.Series(corpus.period)
    )
    for (source,), own in rows.group_by("source", maintain_order=True):
        early, late = _thirds(own, corpus.grid.periods)
        if min(early.height, late.height) < 30:
            continue
        before, after = float(np.median(early["tokens"])), float(np.median(late["tokens"]))
        if max(before, after) > DRIFT * max(min(before, after), 1.0):
            yield Notice("length-drift", {"source": str(source), "before": before, "after": after})


def _languages(corpus: Corpus) -> Iterator[Notice]:
    rows = corpus.messages.select("language").with_columns(period=pl.Series(corpus.period))
    early, late = (_mix(part) for part in _thirds(rows, corpus.grid.periods))
    for language in sorted(early.keys() | late.keys()):
        before, after = early.get(language, 0.0), late.get(language, 0.0)
        if abs(after - before) >= LANGUAGE_DRIFT:
            yield Notice("language-drift", {"language": language, "before": before, "after": after})


def _thirds(rows: pl.DataFrame, periods: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    third = periods / 3
    return rows.filter(pl.col("period") < third), rows.filter(pl.col("period") >= periods - third)


def _mix(rows: pl.DataFrame) -> Mapping[str, float]:
    return {language: count / rows.height for language, count in rows["language"].value_counts().iter_rows()}
