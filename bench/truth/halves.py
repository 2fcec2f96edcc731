"""Whether what one half of the people says to move goes the same way in the other half; false claims agree half the time."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.corpora import EVENTS
from bench.truth.rivals import RIVALS, Talk
from estran.analysis.movement import judge
from estran.analysis.progress import Silent
from estran.settings import Settings
from estran.stats.trends import flip_test, hump

if TYPE_CHECKING:
    from bench.truth.corpora import Counted
    from bench.truth.nulls import Figures
    from estran.analysis.corpus import Corpus
    from estran.analysis.movement import Judgement
    from estran.analysis.themes import Said

LEAST_MESSAGES = 10
"""Of a theme in each half."""
FEWEST_CLAIMS = 30
"""Below it an agreement is no figure."""


def halves(it: Counted, *, splits: int) -> Figures:
    """Over some splits: how many themes are claimed in the first half, and how many go the same way in the second.

    The halves share no person; in a corpus of events no series of events. The direction in the second half is always
    that of people, held at one length; a rival's own measure of it is told beside.
    """
    who = _series(it.corpus) if it.name in EVENTS else it.corpus.author
    claims, agree, own = (dict.fromkeys(("estran", *RIVALS), 0) for _ in range(3))
    for seed in range(splits):
        drawn = np.random.default_rng([seed, 3]).random(int(who.max()) + 1) < 0.5
        some = [part(it.corpus, it.said, rows) for rows in (drawn[who], ~drawn[who])]
        enough = np.minimum(*(_support(said) for _, said in some)) >= LEAST_MESSAGES
        first, second = (judge(*part, Settings(), progress=Silent()) for part in some)
        ways = [_way(each, first.hump) for each in (first, second)]
        found = first.found & enough
        claims["estran"] += int(found.sum())
        agree["estran"] += int((ways[0] == ways[1])[found].sum())
        own["estran"] += int((ways[0] == ways[1])[found].sum())
        line = np.sign(second.line)
        for name, rival in RIVALS.items():
            here, there = (rival(Talk.of(*part)) for part in some)
            found = here.found & enough
            claims[name] += int(found.sum())
            agree[name] += int((here.direction == line)[found].sum())
            own[name] += int((here.direction == there.direction)[found].sum())
    return {
        "splits": splits,
        "methods": {
            name: {
                "claims": claims[name] / splits,
                "agreement": agree[name] / claims[name] if claims[name] >= FEWEST_CLAIMS else None,
                "agreement_own": own[name] / claims[name] if claims[name] >= FEWEST_CLAIMS else None,
            }
            for name in claims
        },
    }


def _way(judgement: Judgement, humps: np.ndarray) -> np.ndarray:
    """(P,) direction of each theme along the contrast that the claim rests on: a line, or a rise and fall."""
    rows = judgement.voices
    middle = flip_test(rows, hump(rows.period, rows.stratum, rows.season)).z
    return np.where(humps, np.sign(middle), np.sign(judgement.line))


def part(corpus: Corpus, said: Said, rows: np.ndarray) -> tuple[Corpus, Said]:
    """The messages of some rows only, on the same grid, with the same themes."""
    place = np.flatnonzero(rows)
    number = np.full(len(rows), -1, np.int32)
    number[place] = np.arange(len(place), dtype=np.int32)
    told = {
        each.name: value[place]
        for each in fields(corpus)
        if isinstance(value := getattr(corpus, each.name), np.ndarray) and len(value) == len(rows)
    }
    for name in ("author", "conversation"):
        if name in told:
            told[name] = np.unique(told[name], return_inverse=True)[1].astype(np.int32)
    kept = rows[said.message]
    return (
        replace(corpus, messages=corpus.messages[place], **told),
        replace(
            said,
            message=number[said.message[kept]],
            concept=said.concept[kept],
            tokens=said.tokens[place],
        ),
    )


def _support(said: Said) -> np.ndarray:
    return np.bincount(said.concept, minlength=len(said.concepts))


def _series(corpus: Corpus) -> np.ndarray:
    """(n,) code of the series that the event of each message belongs to: its name without years and numbers."""
    unit = corpus.columns(["unit"])["unit"].fill_null("")
    return unit.str.replace_all(r"\d+", "").str.strip_chars().rank("dense").to_numpy().astype(np.int64) - 1
