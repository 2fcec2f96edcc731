"""Whether the label of a topic is nearest to the name of the intent that most of its messages have."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bench.themes.corpora import Known, vectors
from estran.analysis.corpus import prepare
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import MESSAGES, Step
from estran.settings import Settings
from estran.stats.graphs import middles
from estran.stats.points import cosines, points_of
from estran.store.engines.threads import ThreadEngine
from estran.text import packs
from estran.text.labels import Phrase, labels_of_topics

if TYPE_CHECKING:
    from estran.stats.graphs import Topics

DAY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def labels(known: Known, found: Topics) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The label of each topic from the themes of the whole path, on days that mean nothing: by counts, and by nearness too."""
    rows = np.arange(len(known.texts))
    messages = pl.DataFrame(
        {
            "id": rows.astype(str),
            "time": [DAY + dt.timedelta(days=int(row % 720)) for row in rows],
            "text": known.texts,
            "author": rows.astype(str),
            "source": "bench",
            "language": known.languages,
        }
    )
    laid = pl.concat([messages, pl.DataFrame(schema=dict(MESSAGES))], how="diagonal_relaxed")
    corpus = prepare(laid.select(MESSAGES.names()).cast(dict(MESSAGES)), step=Step.QUARTER, progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=2), Settings(), progress=Silent())
    topic = found.topic[corpus.columns(["id"])["id"].cast(pl.Int64).to_numpy()]
    uses = np.zeros((len(found.size), len(said.concepts)), np.int64)
    placed = topic[said.message] >= 0
    np.add.at(uses, (topic[said.message][placed], said.concept[placed]), 1)
    stop = packs.load("en").stop_words
    phrases = [
        Phrase(one.label, tuple(word for word in one.label.split() if word not in stop), one.quality)
        for one in said.concepts
    ]
    size = np.bincount(topic[topic >= 0], minlength=len(found.size))
    middle = middles(points_of(vectors(known.texts), found.frame), found.topic, len(found.size))
    said_at = points_of(vectors([phrase.text for phrase in phrases]), found.frame)
    closeness = np.concatenate([cosine for _, cosine in cosines(middle, said_at)])
    made = (labels_of_topics(phrases, uses, size, language="en", closeness=c) for c in (None, closeness))
    return tuple([label.phrases if label else () for label in each] for each in made)


def reciprocal_rank(known: Known, topic: np.ndarray, named: list[tuple[str, ...]]) -> dict[str, float]:
    """Mean reciprocal rank of the majority intent's name among all names, by nearness to the label."""
    said = vectors([", ".join(each) or "?" for each in named]).astype(np.float64)
    near = said @ vectors(known.names).astype(np.float64).T
    ranks = []
    for number, row in enumerate(near):
        intent = np.bincount(known.truth[topic == number], minlength=len(known.names)).argmax()
        ranks.append(1 + int((row > row[intent]).sum()))
    ranks = np.array(ranks)
    return {
        "mrr": float((1 / ranks).mean()),
        "top1": float((ranks == 1).mean()),
        "top3": float((ranks <= 3).mean()),
    }
