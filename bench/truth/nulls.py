"""What is claimed where nothing moves: time shuffled at five levels, within lengths, and within languages and sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bench.truth.rivals import RIVALS, Talk
from bench.truth.still import longer_and_longer, mixed_as_before, shuffled
from estran.analysis.movement import judge
from estran.analysis.progress import Silent
from estran.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.truth.corpora import Counted
    from estran.analysis.corpus import Corpus

Figures = dict[str, object]


def null(it: Counted, level: str, *, shuffles: int, rivals: int) -> Figures:
    """False claims where time was shuffled at a level; the rivals meet the first few of the shuffles."""
    return _claimed(it, lambda rng: shuffled(it.corpus, level, rng), shuffles=shuffles, rivals=rivals)


def length_null(it: Counted, *, shuffles: int, rivals: int) -> Figures:
    """False claims where messages grow longer and nothing else moves."""
    return _claimed(it, lambda rng: longer_and_longer(it, rng), shuffles=shuffles, rivals=rivals)


def mix_null(it: Counted, *, shuffles: int, rivals: int) -> Figures:
    """False claims where the mix of languages, sources and sides drifts and nothing else moves."""
    return _claimed(it, lambda rng: mixed_as_before(it.corpus, rng), shuffles=shuffles, rivals=rivals)


def _claimed(
    it: Counted, still: Callable[[np.random.Generator], Corpus], *, shuffles: int, rivals: int
) -> Figures:
    false, rejected = [], []
    others: dict[str, list[int]] = {name: [] for name in RIVALS}
    for seed in range(shuffles):
        corpus = still(np.random.default_rng([seed, 1]))
        judgement = judge(corpus, it.said, Settings(), progress=Silent())
        false.append(int(judgement.found.sum()))
        rejected.append(float((judgement.p <= 0.01).mean()))
        if seed < rivals:
            for name, rival in RIVALS.items():
                others[name].append(int(rival(Talk.of(corpus, it.said)).found.sum()))
    return {
        "shuffles": shuffles,
        "themes": len(it.said.concepts),
        "shuffles_with_false": sum(count > 0 for count in false),
        "false_mean": float(np.mean(false)),
        "p01_rate": float(np.mean(rejected)),
        "rivals": {name: float(np.mean(counts)) for name, counts in others.items() if counts},
    }
