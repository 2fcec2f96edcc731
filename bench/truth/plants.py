"""Themes of known course, planted where nothing moves: which of them are found, and what is claimed beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.corpora import EVENTS
from bench.truth.rivals import RIVALS, Talk
from bench.truth.still import shuffled
from estran.analysis.movement import INCOMING, follow, judge
from estran.analysis.progress import Silent
from estran.settings import Settings

if TYPE_CHECKING:
    from bench.truth.corpora import Counted
    from bench.truth.nulls import Figures
    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said

PLANTED = 400
SUPPORT = (60, 3000)
WELL, FAIRLY = 200, 80
"""Messages, after thinning, from which a theme counts as well supported; and, in a corpus of events, as fairly so."""
HUMP = "hump"
COURSES = ("linear", HUMP, "step", "late", "hinge")
RATIOS = (2.0, 3.0, 5.0)


def course(name: str, moment: np.ndarray) -> np.ndarray:
    """How far a planted theme has come, 0-1, at moments 0-1 of the span."""
    return {
        "linear": moment,
        HUMP: np.exp(-(((moment - 0.5) / 0.18) ** 2)),
        "step": (moment > 0.6).astype(float),
        "late": np.clip((moment - 0.7) / 0.3, 0.0, 1.0),
        "hinge": np.clip((moment - 0.5) / 0.5, 0.0, 1.0),
    }[name]


def still_level(it: Counted) -> str:
    """What is shuffled before planting: the dates of events where there are, else everybody's own time line is turned."""
    return "thread_dates" if it.name in EVENTS else "author_rotation"


def draws(corpus: Corpus, said: Said, rng: np.random.Generator) -> np.ndarray:
    """(M,) a number in 0-1 for each posting, the same for all that one person says of a theme in a period."""
    voice = corpus.author.astype(np.int64) * (int(corpus.period.max()) + 1) + corpus.period
    cell = voice[said.message] * len(said.concepts) + said.concept
    _, of = np.unique(cell, return_inverse=True)
    return rng.random(int(of.max(initial=-1)) + 1)[of]


def thinned(said: Said, kept: np.ndarray) -> Said:
    """What is left when only some postings are kept."""
    return replace(said, message=said.message[kept], concept=said.concept[kept])


def plant(
    corpus: Corpus, said: Said, name: str, ratio: float, rng: np.random.Generator
) -> tuple[Said, np.ndarray]:
    """Thin some themes, person by person, so that their share follows a course up or down.

    Returns:
        What is left, and (P,) the direction of each theme: 1, -1, or 0 where nothing was planted.
    """
    support = np.bincount(said.concept, minlength=len(said.concepts))
    able = np.flatnonzero((support >= SUPPORT[0]) & (support <= SUPPORT[1]))
    chosen = rng.choice(able, min(PLANTED, len(able) // 3), replace=False)
    direction = np.zeros(len(said.concepts))
    direction[chosen] = rng.choice([-1, 1], len(chosen))
    moment = corpus.period[said.message] / max(corpus.grid.periods - 1, 1)
    way, come = direction[said.concept], course(name, moment)
    log_kept = np.log(ratio) * np.where(way > 0, come - 1, np.where(way < 0, -come, 0.0))
    return thinned(said, draws(corpus, said, rng) < np.exp(log_kept)), direction


def planted(it: Counted, name: str, ratio: float, *, plantings: int) -> Figures:
    """False share of the claims, and recall, Estran's and the rivals', over some plantings of one course.

    A claim is true if the theme was planted and goes the way it was told to: with Estran, stands in that column of the
    board. What rises and falls goes both ways, so there a claim is true if the theme was planted.
    """
    tallies: dict[str, list[Tally]] = {}
    for seed in range(plantings):
        rng = np.random.default_rng([seed, 2, COURSES.index(name), round(ratio)])
        corpus = shuffled(it.corpus, still_level(it), rng)
        said, truth = plant(corpus, it.said, name, ratio, rng)
        judgement = judge(corpus, said, Settings(), progress=Silent())
        followed = follow(judgement, np.flatnonzero(judgement.found), periods=corpus.grid.periods)
        column = np.zeros(len(truth))
        column[followed.themes] = [1 if shape in INCOMING else -1 for shape in followed.shapes]
        claims = {"estran": (judgement.found, column)}
        for rival, claim in RIVALS.items():
            made = claim(Talk.of(corpus, said))
            claims[rival] = (made.found, made.direction)
        support = np.bincount(said.concept, minlength=len(truth))
        for method, (found, way) in claims.items():
            true = found & (truth != 0) & ((way == truth) | (name == HUMP))
            tallies.setdefault(method, []).append(tally(found, true, truth != 0, support))
    return {"plantings": plantings, "methods": {method: _summed(some) for method, some in tallies.items()}}


Tally = tuple[float, float, int, int, int, int, int, int]


def tally(found: np.ndarray, true: np.ndarray, there: np.ndarray, support: np.ndarray) -> Tally:
    """False share of the claims, and the part of it that is of planted themes claimed the wrong way; then true claims and
    plants: of all, of the fairly and of the well supported.
    """
    counts = [int((what & (support > least)).sum()) for least in (-1, FAIRLY, WELL) for what in (true, there)]
    claims = max(int(found.sum()), 1)
    return float((found & ~true).sum() / claims), float((found & ~true & there).sum() / claims), *counts


def _summed(tallies: list[Tally]) -> Figures:
    false_share, wrong_way, *counts = np.array(tallies).T
    sums = [int(count.sum()) for count in counts]
    names = ("all", "fairly", "well")
    recalls = {f"recall_{name}": _share(sums[2 * i], sums[2 * i + 1]) for i, name in enumerate(names)}
    return {
        "fdp": float(false_share.mean()),
        "wrong_way": float(wrong_way.mean()),
        **recalls,
        "planted_well": sums[5],
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
