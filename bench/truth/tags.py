"""Tags that people gave to talks, never shown to the method: where a tag has a trend, does the theme of its name?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bench.truth.corpora import stored
from bench.truth.rivals import RIVALS, Talk
from estran.analysis.movement import INCOMING, follow, judge
from estran.analysis.progress import Silent
from estran.settings import Settings
from estran.stats.strata import length_strata

if TYPE_CHECKING:
    from bench.truth.corpora import Counted
    from bench.truth.nulls import Figures

LEAST_TALKS, LEAST_EVENTS = 12, 6
YEARS = (2010, 2025)
PERMUTATIONS = 9_999
SIGNIFICANT = 0.05


def tags(it: Counted) -> Figures:
    """How many of the tags with a trend of their own are found as themes, and how many with the wrong sign.

    The trend of a tag is that of its share among tagged talks, held at one number of tags, against permutations of the
    dates of events: another test than Estran's, on other data. A theme that Estran says has risen and fallen claims no
    direction of a line, so it can be found, and not be wrong; the column of the board it stands in is told apart.
    """
    names, trends = _trends(it)
    number = {form: k for k, c in enumerate(it.said.concepts) for _, form in c.variants}
    known = [(number[name], way) for name, way in zip(names, trends, strict=True) if name in number]
    theme = np.array([k for k, _ in known if _], np.int64)
    truth = np.array([way for _, way in known if way])
    judgement = judge(it.corpus, it.said, Settings(), progress=Silent())
    followed = follow(judgement, theme, periods=it.corpus.grid.periods)
    column = np.array([1.0 if shape in INCOMING else -1.0 for shape in followed.shapes])
    methods = {"estran": (judgement.found, np.sign(judgement.line))}
    no_line = judgement.found & judgement.hump
    for rival, claim in RIVALS.items():
        made = claim(Talk.of(it.corpus, it.said))
        methods[rival] = (made.found, made.direction)
    found = judgement.found[theme]
    return {
        "tags": len(known),
        "with_trend": len(theme),
        "other_column": int((found & (column != truth)).sum()),
        "methods": {
            name: {
                "claims": int(claimed.sum()),
                "found": int((claimed[theme] & (way[theme] == truth)).sum()),
                "wrong": int(
                    (claimed[theme] & (way[theme] != truth) & ~((name == "estran") & no_line[theme])).sum()
                ),
            }
            for name, (claimed, way) in methods.items()
        },
    }


def _trends(it: Counted) -> tuple[list[str], np.ndarray]:
    """Names of the tags that enough talks of enough events bear, and the sign of each one's trend, 0 where it has none."""
    labels = stored(it.name).filter(pl.col("time").dt.year().is_between(*YEARS)).select("id", "labels")
    english = it.corpus.columns(["id", "language"]).with_row_index("row").filter(pl.col("language") == "en")
    talks = english.join(labels, on="id", how="left")
    pairs = (
        talks.select("row", tag=pl.col("labels"))
        .explode("tag")
        .drop_nulls("tag")
        .with_columns(pl.col("tag").str.to_lowercase().str.replace_all("[-_]", " ").str.strip_chars())
        .unique(maintain_order=True)
    )
    tagged, row = np.unique(pairs["row"].to_numpy(), return_inverse=True)
    event = it.corpus.conversation[tagged]
    often = (
        pairs.with_columns(event=pl.Series(event[row]))
        .group_by("tag")
        .agg(talks=pl.len(), events=pl.col("event").n_unique())
        .filter((pl.col("talks") >= LEAST_TALKS) & (pl.col("events") >= LEAST_EVENTS))
    )
    names = sorted(often["tag"])
    code = {name: k for k, name in enumerate(names)}
    held = np.zeros((len(tagged), len(names)))
    for r, tag in zip(row, pairs["tag"], strict=True):
        if tag in code:
            held[r, code[tag]] = 1.0
    stratum = length_strata(np.bincount(row), np.zeros(len(tagged), np.int64))
    rate = np.stack([held[stratum == k].mean(axis=0) for k in range(stratum.max() + 1)])
    _, first, event = np.unique(event, return_index=True, return_inverse=True)
    beyond = np.zeros((len(first), len(names)))
    np.add.at(beyond, event, held - rate[stratum])
    when = it.corpus.period[tagged][first].astype(float)
    score = (when - when.mean()) @ beyond
    rng = np.random.default_rng(4)
    drawn = np.stack([rng.permutation(when - when.mean()) for _ in range(PERMUTATIONS)]) @ beyond
    p = (1 + (np.abs(drawn) >= np.abs(score)).sum(axis=0)) / (PERMUTATIONS + 1)
    return names, np.where(p < SIGNIFICANT, np.sign(score), 0.0)
