"""One question: what is said in which kind of tool, and what crosses from one to another, in which order?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.board import id_of, on_board
from estran.analysis.crossings import crossings_of
from estran.analysis.kinds import kinds_of
from estran.analysis.leading import parts_of
from estran.analysis.movement import follow
from estran.analysis.voicecurves import curves_of, people_in
from estran.findings import Environment, Estimate, Landscape, Notice, Spread
from estran.privacy import figure_allowed, not_alone, withheld_parts
from estran.stats.leads import FEWEST_PERIODS, FEWEST_ROWS
from estran.stats.presence import Presence, Rows
from estran.stats.voicecurves import speaking
from estran.stats.voiceshare import voice_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from estran.analysis.ground import Ground
    from estran.analysis.leading import Parts

MOST_SAID = 24
"""Themes that most people say, shown beside those that moved."""
DRAWN = 8
"""Themes, the foremost, whose shares are told period by period."""
LASTING = 0.5
"""Share of the periods in which an environment must speak to count in shares over time."""


def landscape(told: Mapping[str, str]) -> Callable[[Ground], Landscape]:
    """The question, with what somebody said of the kinds of their sources: source -> kind."""
    return partial(_landscape, told)


def _landscape(told: Mapping[str, str], ground: Ground) -> Landscape:
    ground.progress.stage("environments", None)
    corpus = ground.corpus
    themes, moved = _themes(ground)
    sources = corpus.messages["source"]
    kinds = kinds_of(sources.unique().sort().to_list(), told)
    code, names = _codes(sources, kinds, corpus.author, corpus.period)
    parts = parts_of(ground, themes, code, parts=len(names))
    everything = np.stack(
        [np.bincount(corpus.period[code == c], minlength=corpus.grid.periods) for c in range(len(names))]
    )
    crossings, compared, pairs, level = crossings_of(ground, parts, themes, names, moved)
    halves = _halves(parts, len(names))
    spans = _spans(halves, corpus.grid.periods)
    cannot = None
    if len(names) < 2:
        cannot = Notice("one-environment", {"kind": names[0], "sources": ", ".join(sorted(kinds))})
    elif not pairs:
        cannot = Notice("no-common-periods", {"least": FEWEST_PERIODS})
    labels = corpus.grid.labels
    return Landscape(
        environments=_environments(ground, parts, code, names, kinds, everything, spans),
        themes=_spread(ground, parts, themes, halves, spans),
        crossings=crossings,
        compared=compared,
        pairs=pairs,
        halves=tuple(labels[t] for half in halves for t in (half[0], half[-1])),
        level=level,
        cannot=cannot,
        coverage=ground.coverage,
        provenance=ground.provenance(crossings=len(crossings)),
    )


def _themes(ground: Ground) -> tuple[NDArray[np.int64], int]:
    """Numbers of the themes that moved, strongest first, then of those that most people say; and how many moved."""
    stand, judged, said = ground.stand, ground.judgement, ground.said
    places = sorted((*stand.incoming, *stand.outgoing), key=lambda place: -stand.strength[place.k])
    moved = (
        stand.course.themes[np.array([place.k for place in places], np.int64)]
        if places
        else np.zeros(0, np.int64)
    )
    shown = np.array([on_board(c) for c in said.concepts], bool) & figure_allowed(judged.people)
    shown[moved] = False
    rest = np.flatnonzero(shown)
    most = rest[np.argsort(-judged.people[rest], kind="stable")[:MOST_SAID]]
    return np.concatenate([moved, most]), len(moved)


def _codes(
    sources: pl.Series,
    kinds: Mapping[str, tuple[str, bool]],
    author: NDArray[np.int32],
    period: NDArray[np.int32],
) -> tuple[NDArray[np.int32], list[str]]:
    """(n,) the environment of each message, and their kinds, the one with most voices first."""
    kind = sources.replace_strict(
        {source: kind for source, (kind, _) in kinds.items()}, return_dtype=pl.String
    )
    voices = (
        pl.DataFrame({"kind": kind, "author": author, "period": period})
        .unique()
        .group_by("kind")
        .len()
        .sort(["len", "kind"], descending=[True, False])
    )
    names = voices["kind"].to_list()
    return kind.replace_strict(
        {name: i for i, name in enumerate(names)}, return_dtype=pl.Int32
    ).to_numpy(), names


def _environments(
    ground: Ground,
    parts: Parts,
    code: NDArray[np.int32],
    names: list[str],
    kinds: Mapping[str, tuple[str, bool]],
    messages: NDArray[np.int64],
    spans: list[NDArray[np.int64]],
) -> tuple[Environment, ...]:
    """Each kind of tool; people are withheld where there are fewer than five, or where the rest would tell them."""
    rows, labels = parts.voices.rows, ground.corpus.grid.labels
    one = Rows(
        Presence(
            np.array([0, rows.presence.rows]),
            np.arange(rows.presence.rows, dtype=np.int32),
            rows.presence.rows,
        ),
        rows.period,
        rows.cluster,
        rows.stratum,
    )
    shares = voice_shares(one, parts.voices.side, parts=len(names))
    people = np.array([len(np.unique(ground.corpus.author[code == c])) for c in range(len(names))])
    hidden = withheld_parts(people[:, None], np.array([ground.corpus.people]))[:, 0]
    curves = curves_of(one, parts.voices.side, parts=len(names), labels=labels, spans=spans)[0]
    speaks = speaking(rows, parts.voices.side, parts=len(names), periods=parts.periods)
    found = []
    for c, name in enumerate(names):
        own = sorted(source for source, (kind, _) in kinds.items() if kind == name)
        spoke = np.flatnonzero(messages[c])
        shown = not hidden[c]
        found.append(
            Environment(
                kind=name,
                sources=tuple(own),
                guessed=tuple(source for source in own if kinds[source][1]),
                people=int(people[c]) if shown else None,
                messages=int(messages[c].sum()) if shown else None,
                share=_estimate(shares.share[c, 0], shares.low[c, 0], shares.high[c, 0]) if shown else None,
                since=labels[spoke[0]],
                until=labels[spoke[-1]],
                speaks=tuple(labels[t] for t in np.flatnonzero(speaks[c])),
                curve=curves[c] if curves and shown else None,
            )
        )
    return tuple(found)


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(float(value), float(low), float(high), "share of voices")


def _halves(parts: Parts, environments: int) -> tuple[NDArray[np.int64], ...]:
    """The first and the second half of the periods in which all lasting environments speak; empty where there are few."""
    if environments < 2:
        return ()
    spoke = np.stack(
        [
            np.bincount(parts.voices.rows.period[parts.voices.side == c], minlength=parts.periods)
            >= FEWEST_ROWS
            for c in range(environments)
        ]
    )
    lasting = spoke.mean(axis=1) >= LASTING
    common = np.flatnonzero(spoke[lasting].all(axis=0)) if lasting.sum() > 1 else np.zeros(0, np.int64)
    return tuple(np.array_split(common, 2)) if len(common) >= FEWEST_PERIODS else ()


def _spans(halves: tuple[NDArray[np.int64], ...], periods: int) -> list[NDArray[np.int64]]:
    """The periods, parted as shares over several of them are shown: before, now, and those of neither."""
    rest = np.setdiff1d(np.arange(periods), np.concatenate(halves)) if halves else np.arange(periods)
    return [span for span in (*halves, rest) if len(span)]


def _spread(
    ground: Ground,
    parts: Parts,
    themes: NDArray[np.int64],
    halves: tuple[NDArray[np.int64], ...],
    spans: list[NDArray[np.int64]],
) -> tuple[Spread, ...]:
    """Where each theme is said: over all, before and now where that can be compared, and period by period."""
    curves = curves_of(
        parts.voices.rows.take(np.arange(min(DRAWN, len(themes)))),
        parts.voices.side,
        parts=len(parts.people),
        labels=ground.corpus.grid.labels,
        spans=spans,
    )
    people = ground.judgement.people[themes]
    told = [
        _shares(parts, themes, people, None),
        *(_shares(parts, themes, people, half) for half in halves),
    ]
    course = follow(ground.judgement, themes, periods=ground.corpus.grid.periods)
    concepts = [ground.said.concepts[int(j)] for j in themes]
    return tuple(
        Spread(
            id=id_of(concept),
            label=concept.label,
            labels=concept.labels,
            shape=course.shapes[k],
            people=int(people[k]),
            shares=told[0][k],
            before=told[1][k] if halves else (),
            now=told[2][k] if halves else (),
            curves=curves[k] if k < len(curves) else (),
        )
        for k, concept in enumerate(concepts)
    )


def _shares(
    parts: Parts,
    themes: NDArray[np.int64],
    people: NDArray[np.int64],
    within: NDArray[np.int64] | None,
) -> list[tuple[Estimate | None, ...]]:
    """Of each theme, its share of voice by environment; withheld where few people stand behind a part, or the rest.

    Shares add up to one, so that one that is withheld alone would be told by the others: then another is withheld too.
    """
    environments = len(parts.people)
    part, counted = parts.voices.side, parts.people
    if within is not None:
        inside = np.isin(parts.voices.rows.period, within)
        part = np.where(inside, part, -1)
        counted = np.stack([people_in(parts.voices.rows, part == c) for c in range(environments)])
        people = people_in(parts.voices.rows, part >= 0)
    shares = voice_shares(parts.voices.rows, part, parts=environments)
    hidden = withheld_parts(counted, people) | ~figure_allowed(people)
    hidden = not_alone(hidden, counted, axis=0)
    return [
        tuple(
            None
            if hidden[c, k] or not np.isfinite(shares.share[c, k])
            else _estimate(shares.share[c, k], shares.low[c, k], shares.high[c, k])
            for c in range(environments)
        )
        for k in range(len(themes))
    ]
