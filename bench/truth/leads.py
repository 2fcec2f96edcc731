"""Who said it first: how often a lead is claimed where there is none, found where there is one, and how well its length
is known. Pseudo-sides of a real forum: people are parted at random, everybody's time line is turned, and a rise, a fall
or a wave is planted on both sides, person by person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.corpora import DATA, counted
from estran.analysis.voices import voices
from estran.stats.leads import Sided, who_leads
from estran.stats.presence import Presence

if TYPE_CHECKING:
    from bench.truth.nulls import Figures
    from estran.stats.presence import Rows

CORPUS = "slicer_forum"
PAGE = "leads.md"
KEYS = ("lead_false", "lead_power_1y", "lead_power_2y", "lead_coverage", "lead_false_slower")
PERIODS, YEARS = 19, 0.5
SPAN = PERIODS * YEARS
PLANTINGS, THEMES = 40, 80
VOICES = 250
"""Voices of a theme before planting, at the least."""
SIDE = 140
"""Voices of each side after it, at the most; themes that keep fewer than `FEW` on a side are left out: 125 on average."""
FEW = 75
LEVEL = 0.90
WIDTH, SLOWER, REST = 0.05 * SPAN, 2.5, 0.02
POINT = 0.05
"""Each theme is judged alone, at this p."""


@dataclass(frozen=True)
class Scene:
    """What becomes of a theme on both sides.

    Attributes:
        name: as the table has it.
        course: of the first side.
        lag: years by which the second follows.
        other: how the second differs: "", "slower", "still", "for a while".
        part: voices of the second side for each of the first.
    """

    name: str
    course: str = "rise"
    lag: float = 0.0
    other: str = ""
    part: float = 1.0


FALSE = (
    Scene("nothing moves", "flat"),
    Scene("both rise together"),
    Scene("both rise together, one side says it less", part=0.4),
    Scene("both swell and ebb together", "wave"),
    Scene("only one side moves", other="still"),
)
SLOWER_SIDE = Scene("one side is slower, around the same middle", other="slower")
FOR_A_WHILE = Scene("one side takes it up only for a while", other="for a while")
LED = (
    Scene("a rise, half a year ahead", lag=0.5),
    Scene("a rise, a year ahead", lag=1.0),
    Scene("a rise, a year ahead, the other side says it less", lag=1.0, part=0.4),
    Scene("a rise, two years ahead", lag=2.0),
    Scene("a fall, a year ahead", "fall", lag=1.0),
    Scene("a wave, a year ahead", "wave", lag=1.0),
)
SCENES = (*FALSE, SLOWER_SIDE, FOR_A_WHILE, *LED)


def leads() -> Figures | None:
    """The figures of every scene, and those of the line."""
    if not (DATA / f"{CORPUS}.parquet").exists():
        return None
    it = counted(CORPUS)
    rows = voices(it.corpus, it.said)
    told = {scene.name: measured(rows, scene) for scene in SCENES}
    moving = [told[s.name] for s in (FALSE[1], FALSE[2], *LED)]
    return {
        "lead_false": max(told[s.name]["claimed"] for s in FALSE),
        "lead_power_1y": told[LED[1].name]["right"],
        "lead_power_2y": told[LED[3].name]["right"],
        "lead_coverage": sum(t["held"] * t["themes"] for t in moving) / sum(t["themes"] for t in moving),
        "lead_false_slower": told[SLOWER_SIDE.name]["claimed"],
        "scenes": told,
    }


def measured(rows: Rows, scene: Scene, *, plantings: int = PLANTINGS) -> Figures:
    """One scene, planted some times."""
    claimed, right, held, moving, off, side = [], [], [], [], [], []
    for seed in range(plantings):
        planted, of_side, kept = plant(rows, scene, np.random.default_rng([seed, 7]))
        answer = who_leads(Sided(planted, of_side), None, periods=PERIODS)
        low, high = answer.interval(LEVEL)
        lag = scene.lag / YEARS
        claim = answer.p < POINT
        claimed.append(claim[kept])
        right.append((claim & (answer.way > 0))[kept])
        moves = (answer.moved < POINT).all(axis=0)
        moving.append(moves[kept])
        held.append(((low <= lag) & (lag <= high))[kept])
        off.append(answer.lag[kept] * YEARS)
        side.append(_voices(planted, of_side)[:, kept])
    move, off_by = np.concatenate(moving), np.concatenate(off)
    return {
        "themes": len(move),
        "voices": np.concatenate(side, axis=1).mean(axis=1).tolist(),
        "claimed": float(np.concatenate(claimed).mean()),
        "right": float(np.concatenate(right).mean()),
        "held": float(np.concatenate(held)[move].mean()) if move.any() else None,
        "lag": float(np.median(off_by[move])) if move.any() else None,
    }


def plant(rows: Rows, scene: Scene, rng: np.random.Generator) -> tuple[Rows, np.ndarray, np.ndarray]:
    """Rows of two sides with a scene planted in them, the side of each, and the themes that have voices enough."""
    people = int(rows.cluster.max()) + 1
    turned = rng.integers(0, PERIODS, people)
    period = ((np.minimum(rows.period, PERIODS - 1) + turned[rows.cluster]) % PERIODS).astype(np.int32)
    side = (rng.random(people) < 0.5).astype(np.int32)[rows.cluster]
    uses = rows.presence.uses
    able = np.flatnonzero((uses >= VOICES) & (uses < rows.presence.rows / 4))
    chosen = rng.choice(able, min(THEMES, len(able)), replace=False)
    presence = rows.presence.take(chosen)
    theme = np.repeat(np.arange(len(chosen)), presence.uses)
    second = side[presence.indices] > 0
    middle = rng.uniform(0.3, 0.6, len(chosen)) * SPAN
    past = (period[presence.indices] + 0.5) * YEARS - middle[theme] - np.where(second, scene.lag, 0.0)
    chance = np.maximum(_course(scene, past, second), REST)
    voice = (rows.cluster[presence.indices].astype(np.int64) * PERIODS + period[presence.indices]) * len(
        chosen
    ) + theme
    _, of = np.unique(voice, return_inverse=True)
    draw = rng.random(int(of.max()) + 1)[of]
    left = np.stack([np.bincount(theme, (draw < chance) & (second == s), len(chosen)) for s in (False, True)])
    aim = SIDE * np.array([[1.0], [scene.part]])
    chance = chance * np.minimum(1.0, aim / np.maximum(left, 1.0))[second.astype(np.int64), theme]
    kept = draw < chance
    indptr = np.concatenate([[0], np.cumsum(kept)])[presence.indptr]
    thinned = replace(
        rows, presence=Presence(indptr, presence.indices[kept], presence.rows), period=period, season=None
    )
    enough = (left >= FEW * np.array([[1.0], [scene.part]])).all(axis=0)
    return thinned, side, enough


def _course(scene: Scene, past: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The chance to keep a use, so many years past the middle of the movement."""
    width = np.where(second & (scene.other == "slower"), SLOWER * WIDTH, WIDTH)
    rise = 1.0 / (1.0 + np.exp(-past / width))
    wave = np.exp(-0.5 * (past / (2.5 * WIDTH)) ** 2)
    chance = {"flat": np.full(len(past), 0.6), "rise": rise, "fall": 1.0 - rise, "wave": wave}[scene.course]
    if scene.other == "still":
        chance = np.where(second, 0.5, chance)
    if scene.other == "for a while":
        chance = np.where(
            second, chance * np.exp(-0.5 * (np.maximum(past, 0.0) / (2.5 * WIDTH)) ** 2), chance
        )
    return chance


def _voices(rows: Rows, side: np.ndarray) -> np.ndarray:
    """(2, P) voices of each side that hold each theme."""
    presence = rows.presence
    theme = np.repeat(np.arange(presence.themes), presence.uses)
    return np.stack([np.bincount(theme, side[presence.indices] == s, presence.themes) for s in (0, 1)])


def table(figures: Figures) -> list[str]:
    """What is said on the page."""
    said = [
        "| planted | themes | voices a side, mean | a lead claimed | and the right one | interval holds the lag | median lag, years |",
        "|---|---|---|---|---|---|---|",
    ]
    for scene in SCENES:
        told = figures["scenes"][scene.name]
        one, other = (round(count) for count in told["voices"])
        right = f"{told['right']:.2f}" if scene in LED else "–"
        moved = scene in LED or scene in FALSE[1:4]
        held = f"{told['held']:.2f}" if moved and told["held"] is not None else "–"
        lag = f"{told['lag']:+.2f}" if moved and told["lag"] is not None else "–"
        said.append(
            f"| {scene.name} | {told['themes']} | {one} / {other} | {told['claimed']:.3f} | {right} | {held} | {lag} |"
        )
    return said
