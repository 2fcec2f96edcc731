"""Units: what is said to differ where nothing does, and what is found where a theme is said more, or less, in one unit.

People of real corpora are dealt out to four units of a half, a quarter, an eighth and an eighth. When nothing differs:

- people: each is dealt out alone;
- crowds: all who first spoke in one conversation are dealt out together;
- loud: 40 of the 300 who speak most are a unit, the rest are another.

Then themes are planted: in one unit a theme is said `RATIO` times as often as in the others, or as seldom: of each person
on the wrong side, what they say of it is taken away with a chance of 1 - 1 / RATIO.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.corpora import DATA, counted
from estran.analysis.organisation import differences
from estran.analysis.progress import Silent
from estran.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bench.truth.corpora import Counted
    from estran.analysis.organisation import Differences

PAGE = "units.md"
KEYS = ("units_false", "units_any_false", "units_recall_x3", "units_recall_x3_common", "units_fdp_x3")
CORPORA = ("r_lists", "slicer_forum")
SIZES = np.array([4, 2, 1, 1]) / 8
SHUFFLES = 10
RATIO = 3.0
PLANTED = 400
SUPPORT = (60, 3_000)
COMMON = 200
"""People of a theme that is said by many."""
LOUD, LOUDEST = 40, 300
NULLS = ("people", "crowds", "loud")


def units(*, shuffles: int = SHUFFLES) -> Mapping[str, object] | None:
    """The figures; None where no corpus is at hand."""
    told = {name: _of(name, shuffles) for name in CORPORA if (DATA / f"{name}.parquet").exists()}
    if not told:
        return None
    false = [null for corpus in told.values() for null in corpus["nulls"].values()]
    plants = [corpus["plants"] for corpus in told.values()]
    return {
        "units_false": max(float(np.mean(counts)) for counts in false),
        "units_any_false": float(np.mean([count > 0 for counts in false for count in counts])),
        "units_recall_x3": min(plant["recall"] for plant in plants),
        "units_recall_x3_common": min(plant["common"] for plant in plants),
        "units_fdp_x3": max(plant["fdp"] for plant in plants),
        "corpora": told,
        "shuffles": shuffles,
    }


def _of(name: str, shuffles: int) -> dict[str, object]:
    it = counted(name)
    nulls: dict[str, list[int]] = {null: [] for null in NULLS}
    for seed in range(shuffles):
        for null in NULLS:
            unit = dealt(it, null, np.random.default_rng([seed, NULLS.index(null)]))
            nulls[null].append(int(_found(it, unit).found.sum()))
        print(name, seed, {null: counts[-1] for null, counts in nulls.items()}, flush=True)
    runs = list(_planted(it, max(shuffles // 3, 1)))
    plants = {key: float(np.mean([run[key] for run in runs])) for key in runs[0]}
    print(name, plants, flush=True)
    return {"nulls": nulls, "plants": plants, "themes": len(it.said.concepts), "people": it.corpus.people}


def _found(it: Counted, unit: np.ndarray) -> Differences:
    """What differs, where each person is in one unit."""
    at = unit[it.corpus.author].astype(np.int64)
    return differences(
        it.corpus, it.said, at, np.unique(unit), settings=Settings(threads=2), progress=Silent()
    )


def dealt(it: Counted, null: str, rng: np.random.Generator) -> np.ndarray:
    """(people,) the unit of each."""
    people = it.corpus.people
    if null == "loud":
        loudest = np.argsort(-np.bincount(it.corpus.author, minlength=people))[:LOUDEST]
        unit = np.zeros(people, np.int64)
        unit[rng.choice(loudest, LOUD, replace=False)] = 1
        return unit
    if null == "people" or it.corpus.conversation is None:
        return rng.choice(len(SIZES), people, p=SIZES)
    first = np.full(people, len(it.corpus.author))
    np.minimum.at(first, it.corpus.author, np.arange(len(it.corpus.author)))
    return rng.choice(len(SIZES), it.corpus.conversations, p=SIZES)[it.corpus.conversation[first]]


def _planted(it: Counted, runs: int) -> Iterator[dict[str, float]]:
    """Recall and false share of what is found, run by run."""
    said = it.said
    people = it.corpus.people
    pair, at = np.unique(
        said.concept.astype(np.int64) * people + it.corpus.author[said.message], return_inverse=True
    )
    support = np.bincount(pair // people, minlength=len(said.concepts))
    fit = np.array([concept.kind == "theme" and not concept.ignored for concept in said.concepts])
    able = np.flatnonzero(fit & (support >= SUPPORT[0]) & (support <= SUPPORT[1]))
    for seed in range(runs):
        rng = np.random.default_rng([seed, 99])
        unit = dealt(it, "people", rng)
        themes = rng.choice(able, min(PLANTED, len(able) // 2), replace=False)
        where = rng.integers(0, len(SIZES), len(themes))
        more = rng.random(len(themes)) < 0.5
        place = np.full(len(said.concepts), -1)
        place[themes] = np.arange(len(themes))
        k = place[pair // people]
        inside = unit[pair % people] == where[k]
        wrong = (k >= 0) & (inside != more[k])
        stays = ~wrong | (rng.random(len(pair)) < 1 / RATIO)
        kept = stays[at]
        lean = replace(it, said=replace(said, message=said.message[kept], concept=said.concept[kept]))
        found = _found(lean, unit).found
        hit = found[themes, where]
        # a theme that is said more in one unit is said less in the rest of each other one: no claim of it is false
        false = int(found.sum()) - int(found[themes].sum())
        left = np.bincount(pair[stays] // people, minlength=len(support))
        common = left[themes] > COMMON
        yield {
            "recall": float(hit.mean()),
            "common": float(hit[common].mean()) if common.any() else float("nan"),
            "many": float(common.sum()),
            "fdp": false / max(int(found.sum()), 1),
        }


def table(figures: Mapping[str, object]) -> list[str]:
    """The lines of the page."""
    head = (
        f"| corpus | themes × units | false claims when nothing differs, mean of {figures['shuffles']}: people, crowds, "
        f"loud | recall at ×3 | in themes of more than {COMMON} people | false share of the claims |"
    )
    lines = [
        head,
        "|:--|--:|--:|--:|--:|--:|",
    ]
    for name, told in figures["corpora"].items():  # type: ignore[attr-defined]
        false = ", ".join(f"{np.mean(told['nulls'][null]):.1f}" for null in NULLS)
        plants = told["plants"]
        lines.append(
            f"| {name} ({told['people']:,} people) | {told['themes']:,} × {len(SIZES)} | {false} | "
            f"{plants['recall']:.2f} | {plants['common']:.2f} | {plants['fdp']:.3f} |"
        )
    return lines
