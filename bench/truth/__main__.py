"""How often what Estran says is true: `make bench-truth`, or `python -m bench.truth --shuffles 10 --corpora pyvideo`.

On each corpus the whole path is run once (clean, count, concepts, match). Then time is shuffled, so that nothing moves
and every claim is false, and themes of known direction are planted in what was shuffled. Prints a line per corpus and,
last, one line of JSON with the worst figure over the corpora, and each corpus's own.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from estran.analysis.corpus import Corpus, prepare
from estran.analysis.movement import INCOMING, Judgement, follow, judge
from estran.analysis.progress import Silent
from estran.analysis.themes import Said, find_themes
from estran.model import MESSAGES, Step
from estran.settings import Settings
from estran.simulate import company, shuffle_time
from estran.store.engines.threads import ThreadEngine

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
STEPS = {
    "pyvideo": Step.YEAR,
    "mixit_fr": Step.YEAR,
    "slicer_forum": Step.HALF,
    "r_lists": Step.YEAR,
    "urho3d_forum": Step.HALF,
}
PLANTED = 400
SUPPORT = (60, 3000)
WELL_SUPPORTED = 200
RATIO = 5.0


@dataclass(frozen=True)
class Counted:
    name: str
    corpus: Corpus
    said: Said


def counted(name: str) -> Counted:
    """A corpus, cleaned and counted; "simulated" is the demo's company."""
    if name == "simulated":
        messages, step = company(seed=1).messages, Step.QUARTER
    else:
        stored = pl.read_parquet(DATA / f"{name}.parquet").rename({"lang": "language"})
        messages, step = stored.select(MESSAGES.names()).drop_nulls("time").cast(dict(MESSAGES)), STEPS[name]
    corpus = prepare(messages, step=step, progress=Silent())
    return Counted(name, corpus, find_themes(corpus, ThreadEngine(threads=2), Settings(), progress=Silent()))


def shuffled(corpus: Corpus, level: str, rng: np.random.Generator) -> Corpus:
    times = shuffle_time(corpus.columns(["time", "author", "thread"]), level=level, rng=rng)["time"]
    return replace(corpus, period=corpus.grid.period_of(times).astype(np.int32))


def plant(corpus: Corpus, said: Said, rng: np.random.Generator) -> tuple[Said, np.ndarray]:
    """Thins themes so that their share rises or falls by x5 over the span, person by person.

    Returns:
        What is left, and the direction of each theme: 1, -1, or 0 where nothing was planted.
    """
    support = np.bincount(said.concept, minlength=len(said.concepts))
    able = np.flatnonzero((support >= SUPPORT[0]) & (support <= SUPPORT[1]))
    chosen = rng.choice(able, min(PLANTED, len(able) // 3), replace=False)
    direction = np.zeros(len(said.concepts))
    direction[chosen] = rng.choice([-1, 1], len(chosen))
    moment = corpus.period[said.message] / max(corpus.grid.periods - 1, 1)
    way = direction[said.concept]
    log_kept = np.log(RATIO) * np.where(way > 0, moment - 1, np.where(way < 0, -moment, 0.0))
    person_period = corpus.author[said.message].astype(np.int64) * 4096 + corpus.period[said.message]
    _, voice = np.unique(person_period * len(said.concepts) + said.concept, return_inverse=True)
    kept = rng.random(int(voice.max()) + 1)[voice] < np.exp(log_kept)
    return replace(said, message=said.message[kept], concept=said.concept[kept]), direction


def nulls(it: Counted, levels: tuple[str, ...], shuffles: int, settings: Settings) -> dict[str, float]:
    figures: dict[str, float] = {}
    for level in levels:
        found, rejected = [], []
        for seed in range(shuffles):
            rng = np.random.default_rng([seed, 1])
            j = judge(shuffled(it.corpus, level, rng), it.said, settings, progress=Silent())
            found.append(int(j.found.sum()))
            rejected.append(float((j.p <= 0.01).mean()))
        figures |= {
            f"any_false_{level}": float(np.mean(np.array(found) > 0)),
            f"false_mean_{level}": float(np.mean(found)),
            f"p01_rate_{level}": float(np.mean(rejected)),
        }
        print(f"{it.name:14} {level:7} any {figures[f'any_false_{level}']:.3f}  mean {figures[f'false_mean_{level}']:.2f}"
              f"  p<=.01 {figures[f'p01_rate_{level}']:.4f}  ({shuffles} shuffles)", flush=True)  # fmt: skip
    return figures


def score(
    j: Judgement, direction: np.ndarray, support: np.ndarray, periods: int
) -> tuple[float, float, float]:
    """False share of the claims, recall, and recall of well supported themes: by the column of the board."""
    course = follow(j, np.flatnonzero(j.found), periods=periods)
    column = np.zeros(len(direction))
    column[course.themes] = [1 if shape in INCOMING else -1 for shape in course.shapes]
    true = (direction != 0) & (column == direction)
    false_share = (j.found & ~true).sum() / max(j.found.sum(), 1)
    well = (direction != 0) & (support > WELL_SUPPORTED)
    return (
        false_share,
        true.sum() / max((direction != 0).sum(), 1),
        true[well].mean() if well.any() else np.nan,
    )


def plants(it: Counted, shuffles: int, settings: Settings) -> dict[str, float]:
    """Plants in time lines turned person by person, which keep everybody's rhythm, and in whole people as blocks.

    In blocks, whoever writes a fifth of a forum does so in a fifth of the time and never again: the hardest null, and
    one in which many themes lose the spread in time that a trend needs.
    """
    figures: dict[str, float] = {}
    for level, name in (("author_rotation", ""), ("author", "_blocks")):
        scores = []
        for seed in range(shuffles):
            rng = np.random.default_rng([seed, 2])
            null = shuffled(it.corpus, level, rng)
            said, direction = plant(null, it.said, rng)
            j = judge(null, said, settings, progress=Silent())
            scores.append(
                score(
                    j,
                    direction,
                    np.bincount(said.concept, minlength=len(said.concepts)),
                    it.corpus.grid.periods,
                )
            )
        fdp, recall = (float(x) for x in np.mean(np.array(scores)[:, :2], axis=0))
        well = [s[2] for s in scores if np.isfinite(s[2])]
        figures |= {f"fdp_mean{name}": fdp, f"recall_all_x5{name}": recall}
        said_well = "no theme"
        if well:
            figures[f"recall_x5{name}"] = float(np.mean(well))
            said_well = f"{np.mean(well):.2f}"
        print(f"{it.name:14} planted x{RATIO:g} in {level}: FDP {fdp:.3f} recall {recall:.2f}, "
              f"over {WELL_SUPPORTED} messages {said_well}", flush=True)  # fmt: skip
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shuffles", type=int, default=40)
    parser.add_argument("--plants", type=int, default=10)
    parser.add_argument(
        "--corpora", default=",".join([*(n for n in STEPS if (DATA / f"{n}.parquet").exists()), "simulated"])
    )
    asked = parser.parse_args()
    settings = Settings()
    by_corpus: dict[str, dict[str, float]] = {}
    for name in asked.corpora.split(","):
        started = time.perf_counter()
        it = counted(name)
        # where a conversation is as long as a period, shuffling conversations shuffles whole periods: no null of ours
        levels = ("author", "thread") if it.corpus.conversation is not None else ("author",)
        figures = nulls(it, levels, asked.shuffles, settings) | plants(it, asked.plants, settings)
        figures["any_false"] = max(v for k, v in figures.items() if k.startswith("any_false_"))
        figures["p01_rate"] = max(v for k, v in figures.items() if k.startswith("p01_rate_"))
        by_corpus[name] = {k: round(v, 4) for k, v in figures.items()}
        print(f"{name}: {it.corpus.messages.height} messages, {len(it.said.concepts)} concepts, "
              f"{time.perf_counter() - started:.0f} s", flush=True)  # fmt: skip
    worst = {
        "corpus": "worst of " + ", ".join(by_corpus),
        "any_false": max(f["any_false"] for f in by_corpus.values()),
        "p01_rate": max(f["p01_rate"] for f in by_corpus.values()),
        "fdp_mean": max(f["fdp_mean"] for f in by_corpus.values()),
        "recall_x5": min((f["recall_x5"] for f in by_corpus.values() if "recall_x5" in f), default=None),
    }
    print(json.dumps(worst | {"by_corpus": by_corpus}))


if __name__ == "__main__":
    main()
