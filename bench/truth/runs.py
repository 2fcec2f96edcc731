"""What is measured, part by part, in two processes; a part that was measured is kept until the sources change."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bench.truth import halves, nulls, parts, plants, shapes, sotu, still, tags
from bench.truth.corpora import DATA, SCRATCH, counted, fingerprint, keep
from bench.truth.plants import COURSES, RATIOS
from bench.truth.shapes import SIZES

if TYPE_CHECKING:
    from collections.abc import Mapping

Figures = dict[str, object]
Results = dict[str, dict[str, Figures]]
"""Corpus -> part -> figures."""

WORKERS = 2
TAGGED = "pyvideo"
ELSEWHERE = "elsewhere"
"""Where parts stand that have a corpus of their own."""
PARTS_ELSEWHERE = ("sotu", "successors", "speed")
"""Those parts, of the page of accuracy; `bench.truth.parts` has those with pages of their own."""


@dataclass(frozen=True)
class Sizes:
    """How often each thing is done; `rivals` is how many of the shuffles the rivals meet."""

    shuffles: int = 40
    drifts: int = 40
    rivals: int = 5
    plantings: int = 6
    splits: int = 8
    shapes: int = 6


QUICK = Sizes(shuffles=4, drifts=4, rivals=1, plantings=1, splits=2, shapes=1)


@dataclass(frozen=True)
class Task:
    """One part of one corpus, and how it is asked."""

    corpus: str
    part: str
    arguments: tuple[object, ...] = ()

    @property
    def name(self) -> str:
        return " ".join([self.part, *map(str, self.arguments)])


def tasks_of(name: str) -> list[Task]:
    """All that is measured on a corpus."""
    asked = [
        *(("null", level) for level in still.levels(counted(name).corpus)),
        ("length",),
        ("mix",),
        *(("plant", course, ratio) for course in COURSES for ratio in RATIOS),
        ("halves",),
        *(("shapes", *size) for size in SIZES),
        *((("tags",),) if name == TAGGED else ()),
    ]
    return [Task(name, part, tuple(arguments)) for part, *arguments in asked]


def measure(task: Task, sizes: Sizes) -> Figures:
    """The figures of a part."""
    it, told = counted(task.corpus), task.arguments
    if task.part == "null":
        return nulls.null(it, *told, shuffles=sizes.shuffles, rivals=sizes.rivals)
    if task.part == "length":
        return nulls.length_null(it, shuffles=sizes.drifts, rivals=sizes.rivals)
    if task.part == "mix":
        return nulls.mix_null(it, shuffles=sizes.drifts, rivals=sizes.rivals)
    if task.part == "plant":
        return plants.planted(it, *told, plantings=sizes.plantings)
    if task.part == "halves":
        return halves.halves(it, splits=sizes.splits)
    if task.part == "shapes":
        return shapes.shapes(it, *told, plantings=sizes.shapes)
    return tags.tags(it)


def run(names: tuple[str, ...], sizes: Sizes, *, workers: int = WORKERS) -> Results:
    """All figures; what a killed run measured is not measured again."""
    mark = "-".join(
        map(str, (sizes.shuffles, sizes.drifts, sizes.rivals, sizes.plantings, sizes.splits, sizes.shapes))
    )
    folder = SCRATCH / fingerprint() / mark
    for stale in SCRATCH.glob(
        "*/*.pickle"
    ):  # corpora as other sources counted them: large, and of no more use
        if stale.parent.name != fingerprint():
            stale.unlink(missing_ok=True)
    results: Results = {name: {} for name in names}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        listed = [task for some in pool.map(tasks_of, names) for task in some]
        waiting = {}
        for task in listed:
            file = folder / task.corpus / f"{task.name}.json"
            if file.exists():
                results[task.corpus][task.name] = json.loads(file.read_text())
            else:
                waiting[pool.submit(timed, task, sizes)] = (task, file)
        for number, done in enumerate(as_completed(waiting), 1):
            task, file = waiting[done]
            figures, seconds = done.result()
            results[task.corpus][task.name] = figures
            keep(file, json.dumps(figures).encode())
            print(f"{number}/{len(waiting)} {task.corpus}: {task.name} ({seconds:.0f} s)", flush=True)
    results[ELSEWHERE] = {}
    for part in (*PARTS_ELSEWHERE, *parts.OWN_PAGE):  # alone: one of them is a timing
        file = folder / ELSEWHERE / f"{part}.json"
        if not file.exists():
            figures = elsewhere(part)
            if figures is None:
                print(f"{part}: cannot be measured here", flush=True)
                continue
            keep(file, json.dumps(figures).encode())
        results[ELSEWHERE][part] = json.loads(file.read_text())
    return results


def timed(task: Task, sizes: Sizes) -> tuple[Figures, float]:
    """The figures of a part, and how many seconds they took."""
    began = time.perf_counter()
    return measure(task, sizes), time.perf_counter() - began


def elsewhere(part: str) -> Mapping[str, object] | None:
    """Parts with a corpus of their own; None where what they need is absent."""
    if part == "sotu":
        return sotu.sotu() if (DATA / "sotu.parquet").exists() else None
    if find_spec(f"bench.truth.{part}") is None:
        return None
    module = importlib.import_module(f"bench.truth.{part}")
    if part in parts.OWN_PAGE:
        figures: Figures | None = getattr(module, part)()
        return figures
    if part == "speed":
        return {"seconds_100k_10k": module.seconds_100k_10k()}
    return module.successors() if (DATA / f"{TAGGED}.parquet").exists() else None
