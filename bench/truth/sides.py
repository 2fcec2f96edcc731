"""Sides: what is claimed where sides are dealt out at random, what is found of planted gaps, and whether coherence holds still."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bench.truth import corpora
from bench.truth.corpora import SIMULATED, counted
from bench.truth.plants import PLANTED, SUPPORT, thinned
from estran.analysis.continuum import compare
from estran.analysis.facing import FaceToFace, face_to_face
from estran.analysis.unanswered import claim
from estran.stats.coherence import coherence
from estran.stats.multiplicity import discoveries
from estran.stats.sidedness import sidedness
from estran.store.prepared import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.truth.corpora import Counted
    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said

KEYS = ("sides_false", "sides_recall_x3", "coherence_drift")
PAGE = "sides.md"
CORPORA = ("slicer_forum", "r_lists")
COHERENT = ("r_lists", SIMULATED)
"""Corpora with people enough of both sides among 500."""
DEALS = 6
PLANTINGS = 6
DRAWS = 12
SIZES = (250, 500, 1_000, 3_000)
AIM = 500
TIMES = 3.0
RATE = 0.05
LOUD, TAKEN = 300, 40


def _halves(corpus: Corpus, rng: np.random.Generator) -> np.ndarray:
    """Half of the people."""
    return (rng.random(corpus.people) < 0.5)[corpus.author]


def _loud(corpus: Corpus, rng: np.random.Generator) -> np.ndarray:
    """40 of the 300 who write most, as if they were the inside."""
    most = np.argsort(-np.bincount(corpus.author), kind="stable")[:LOUD]
    chosen = np.zeros(corpus.people, bool)
    chosen[rng.choice(most, TAKEN, replace=False)] = True
    return ~chosen[corpus.author]


def _threads(corpus: Corpus, rng: np.random.Generator) -> np.ndarray:
    """Half of the conversations, as wholes."""
    return (rng.random(corpus.conversations) < 0.5)[corpus.conversation]


NULLS: Mapping[str, Callable[[Corpus, np.random.Generator], np.ndarray]] = {
    "halves": _halves,
    "loud": _loud,
    "threads": _threads,
}
SAID = {
    "halves": "people dealt out in halves",
    "loud": "40 of the 300 most active",
    "threads": "conversations dealt out in halves",
}


def sided(corpus: Corpus, outside: np.ndarray) -> Corpus:
    """The corpus with other sides."""
    side = pl.Series("side", np.where(outside, "outside", "inside"))
    messages = corpus.messages.with_columns(side)
    return replace(
        corpus, messages=messages, group=codes(messages["language"], messages["source"], messages["side"])
    )


def _faced(corpus: Corpus, said: Said) -> FaceToFace:
    facing = face_to_face(corpus, said)
    if not isinstance(facing, FaceToFace):
        raise TypeError(f"the sides cannot be compared: {facing}")
    return facing


def gaps(facing: FaceToFace) -> tuple[np.ndarray, np.ndarray]:
    """(P,) which themes are claimed, and their direction."""
    people = facing.people()
    told = sidedness(people.presence, people.outside, people.stratum, where=people.where)
    found = discoveries(told.p, (told.people_inside + told.people_outside).astype(float), rate=RATE).found
    return found, np.sign(told.outside - told.inside)


def null(it: Counted, name: str) -> dict[str, float]:
    """Claims where sides are dealt out: of gaps, of gaps that move, of themes that go unanswered."""
    counts, rates = [], []
    for seed in range(DEALS):
        rng = np.random.default_rng([seed, sorted(NULLS).index(name)])
        facing = _faced(sided(it.corpus, NULLS[name](it.corpus, rng)), it.said)
        told = compare(facing, rate=RATE)
        taken = claim(facing, times=TIMES, rate=RATE).claimed
        counts.append((told.claims.found.sum(), told.moves.sum(), taken.sum()))
        rates.append((told.whole.p <= 0.01).mean())
    mean = np.mean(counts, axis=0)
    return {
        "gaps": float(mean[0]),
        "moves": float(mean[1]),
        "unanswered": float(mean[2]),
        "p01": float(np.mean(rates)),
    }


def plants(it: Counted, ratio: float) -> dict[str, float]:
    """Recall and false share of gaps planted by thinning what one half of the people says, person by person."""
    support, told = it.support, []
    able = np.flatnonzero((support >= SUPPORT[0]) & (support <= SUPPORT[1]))
    for seed in range(PLANTINGS):
        rng = np.random.default_rng([seed, 9, round(ratio)])
        outside = _halves(it.corpus, rng)
        chosen = rng.choice(able, min(PLANTED, len(able) // 3), replace=False)
        way = np.zeros(len(support))
        way[chosen] = rng.choice([-1, 1], len(chosen))
        message, theme = it.said.message, it.said.concept
        cell = it.corpus.author[message].astype(np.int64) * len(support) + theme
        _, of = np.unique(cell, return_inverse=True)
        draw = rng.random(int(of.max()) + 1)[of]
        less = (way[theme] > 0) != outside[message]
        said = thinned(it.said, (way[theme] == 0) | ~less | (draw < 1 / ratio))
        found, sign = gaps(_faced(sided(it.corpus, outside), said))
        true = found & (way != 0) & (sign == way)
        told.append(((found & ~true).sum() / max(found.sum(), 1), true.sum() / len(chosen)))
    false, recall = np.mean(told, axis=0)
    return {"fdp": float(false), "recall": float(recall)}


def drift(it: Counted) -> dict[str, tuple[float, float, float]]:
    """Coherence of samples of the people: mean, least and largest; and where sides are dealt out."""
    people = _faced(it.corpus, it.said).people()
    every = len(people.outside)
    told: dict[str, tuple[float, float, float]] = {}
    for size in (*(s for s in SIZES if s < every), every):
        real, dealt = [], []
        for seed in range(DRAWS if size < every else 1):
            rng = np.random.default_rng([seed, 3])
            rows = np.sort(rng.choice(every, size, replace=False))
            number = np.full(every, -1)
            number[rows] = np.arange(size)
            of = number[people.presence.indices]
            theme = np.repeat(np.arange(people.presence.themes), people.presence.uses)
            kept = of >= 0
            presence = type(people.presence).of_pairs(
                of[kept], theme[kept], rows=size, themes=people.presence.themes
            )
            own = people.stratum[rows]
            real.append(coherence(presence, people.outside[rows], own, rng=rng).value)
            dealt.append(coherence(presence, rng.random(size) < 0.5, own, rng=rng).value)
        name = "all" if size == every else str(size)
        told[name] = (float(np.mean(real)), float(np.min(real)), float(np.max(real)))
        told[f"{name} dealt"] = (float(np.mean(dealt)), float(np.min(dealt)), float(np.max(dealt)))
    return told


def sides() -> dict[str, object] | None:
    """The figures of the page; None where the corpora are absent."""
    if not all((corpora.DATA / f"{name}.parquet").exists() for name in CORPORA):
        return None
    figures: dict[str, object] = {}
    for name in CORPORA:
        it = counted(name)
        figures[f"{name} themes"] = len(it.said.concepts)
        for kind in NULLS:
            figures[f"{name} {kind}"] = null(it, kind)
            print(name, kind, figures[f"{name} {kind}"], flush=True)
        for ratio in (2.0, 3.0):
            figures[f"{name} x{ratio:g}"] = plants(it, ratio)
            print(name, ratio, figures[f"{name} x{ratio:g}"], flush=True)
        if name in COHERENT:
            figures[f"{name} coherence"] = drift(it)
    figures[f"{SIMULATED} coherence"] = drift(counted(SIMULATED))
    figures["sides_false"] = max(figures[f"{name} {kind}"]["gaps"] for name in CORPORA for kind in NULLS)
    figures["sides_recall_x3"] = min(figures[f"{name} x3"]["recall"] for name in CORPORA)
    figures["coherence_drift"] = max(
        abs(figures[f"{name} coherence"][str(AIM)][0] - figures[f"{name} coherence"]["all"][0])
        for name in COHERENT
    )
    return figures


def table(figures: Mapping[str, object]) -> list[str]:
    """What the page tells."""
    lines = [
        f"Sides dealt out at random ({DEALS} deals a row): mean number of false claims at 5 %.",
        "",
        "| corpus | dealt out | themes | gaps | gaps that move | unanswered | p ≤ .01 |",
        "|:--|:--|--:|--:|--:|--:|--:|",
    ]
    for name in CORPORA:
        for kind in NULLS:
            told = figures[f"{name} {kind}"]
            lines.append(
                f"| {name} | {SAID[kind]} | {figures[f'{name} themes']:,} | {told['gaps']:.1f} | {told['moves']:.1f} "
                f"| {told['unanswered']:.1f} | {told['p01']:.4f} |"
            )
    lines += [
        "",
        (
            f"Gaps planted in {PLANTED} themes of {SUPPORT[0]} to {SUPPORT[1]:,} messages, sides being halves of the people "
            f"({PLANTINGS} plantings)."
        ),
        "",
        "| corpus | ratio | false share | recall |",
        "|:--|--:|--:|--:|",
    ]
    for name in CORPORA:
        for ratio in (2, 3):
            told = figures[f"{name} x{ratio}"]
            lines.append(f"| {name} | ×{ratio} | {told['fdp']:.3f} | {told['recall']:.3f} |")
    lines += [
        "",
        f"Coherence of samples of the people: mean of {DRAWS} (least to largest); in the last column sides are dealt out.",
        "",
        "| corpus | people | coherence | where sides are dealt out |",
        "|:--|--:|--:|--:|",
    ]
    for name in COHERENT:
        told = figures[f"{name} coherence"]
        for size in (key for key in told if not key.endswith("dealt")):
            mean, low, high = told[size]
            dealt = told[f"{size} dealt"]
            lines.append(
                f"| {name} | {size} | {mean:.3f} ({low:.3f} to {high:.3f}) | {dealt[0]:.3f} ({dealt[1]:.3f} to {dealt[2]:.3f}) |"
            )
    return lines
