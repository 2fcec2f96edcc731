"""Phrases counted the plain way, so that tests of concepts need no kernel."""

from collections import defaultdict

import polars as pl

from estran.text import packs
from estran.text.tokens import ELISIONS, tokens

COUNTS = {
    "phrase": pl.String,
    "language": pl.String,
    "messages": pl.Int64,
    "people": pl.Int64,
    "headlines": pl.Int64,
}


def counts(said, *, headlines=()):
    """One row per phrase and language of (language, text) pairs, each message by another person."""
    rows = defaultdict(lambda: [0, 0])
    for place, texts in enumerate((said, headlines)):
        for language, text in texts:
            for phrase in _phrases(language, text):
                rows[phrase, language][place] += 1
    table = [(phrase, language, n, n, h) for (phrase, language), (n, h) in rows.items()]
    return pl.DataFrame(table, schema=COUNTS, orient="row")


def _phrases(language, text):
    stop = packs.load(language).stop_words | set(ELISIONS)
    return {
        " ".join(run[i:j])
        for run in tokens(text)
        for i in range(len(run))
        for j in range(i + 1, min(i + 4, len(run)) + 1)
        if run[i] not in stop and run[j - 1] not in stop
    }
