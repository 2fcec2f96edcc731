"""What is claimed to cross where nothing does: every person of a corpus is given one kind of tool at random, whole, so
that all kinds show the same curves; then every theme that moved is tested over all pairs of kinds, as `landscape` does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.corpora import DATA, SMALL, counted
from estran.analysis.crossings import crossings_of
from estran.analysis.ground import Ground
from estran.analysis.leading import parts_of
from estran.analysis.movement import judge
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.style import learn_register, with_register
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine

if TYPE_CHECKING:
    from bench.truth.nulls import Figures

CORPORA = ("slicer_forum", SMALL)
PAGE = "landscape.md"
KEYS = ("crossing_false",)
KINDS = ("chat", "mail", "helpdesk", "reviews")
PARTS = (0.4, 0.3, 0.2, 0.1)
"""Share of the people in each kind."""
TRIALS = 10
THROUGHOUT, LATE = "all speak throughout", "one comes in the middle, one falls silent"


def crossings() -> Figures | None:
    """The figures of every corpus: how often anything at all is claimed, and how much."""
    told = {
        (name, scene): measured(name, late=scene == LATE)
        for name in CORPORA
        if name == SMALL or (DATA / f"{name}.parquet").exists()
        for scene in (THROUGHOUT, LATE)
    }
    trials = sum(t["trials"] for t in told.values())
    return {"crossing_false": sum(t["any"] for t in told.values()) / trials, "scenes": told}


def measured(name: str, *, late: bool, trials: int = TRIALS) -> Figures:
    """One corpus, its people given kinds anew some times.

    Args:
        name: the corpus.
        late: whether the third kind is silent in the first half, and the fourth in the second.
        trials: how often.
    """
    ground = _ground(name)
    corpus = ground.corpus
    moved = ground.stand.course.themes
    second = corpus.period >= corpus.grid.periods // 2
    tested, claims, pairs = [], [], []
    for seed in range(trials):
        rng = np.random.default_rng([seed, 11])
        code = rng.choice(len(KINDS), corpus.people, p=PARTS).astype(np.int32)[corpus.author]
        if late:
            code[((code == 2) & ~second) | ((code == 3) & second)] = -1
        parts = parts_of(ground, moved, code, parts=len(KINDS))
        found, tests, together, _ = crossings_of(ground, parts, moved, list(KINDS), len(moved))
        tested.append(tests)
        claims.append(len(found))
        pairs.append(together)
    return {
        "trials": trials,
        "any": sum(count > 0 for count in claims),
        "claims": sum(claims),
        "tested": sum(tested),
        "pairs": float(np.mean(pairs)),
        "themes": len(moved),
    }


@lru_cache(maxsize=1)
def _ground(name: str) -> Ground:
    it, settings = counted(name), Settings()
    return Ground(
        corpus=it.corpus,
        origin=Origin(it.corpus.messages.height),
        engine=ThreadEngine(threads=1),
        settings=settings,
        progress=Silent(),
        said=with_register(it.said, register := learn_register(it.corpus, it.said)),
        judgement=judge(it.corpus, it.said, settings, progress=Silent()),
        register=register,
    )


def table(figures: Figures) -> list[str]:
    """What is said on the page."""
    said = [
        "| corpus | kinds of tool | themes that moved | pairs | tests | claims | trials with a claim |",
        "|---|---|---|---|---|---|---|",
    ]
    for (name, scene), told in figures["scenes"].items():
        said.append(
            f"| {name} | {scene} | {told['themes']} | {told['pairs']:.1f} | {told['tested']} | {told['claims']} "
            f"| {told['any']} of {told['trials']} |"
        )
    return said
