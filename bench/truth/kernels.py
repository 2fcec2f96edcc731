"""How often the kernels alone are right, on phrases of real corpora: `python -m bench.truth.kernels pyvideo --shuffles 10`.

Four parts. "nulls": time is shuffled, so every find is false. "plants": phrases of known course are planted in shuffled
talk by thinning their uses. "shapes": the seven shapes are planted, named and dated. "changes": how often the interval
of now over before holds the planted ratio. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.matrices import RECIPES, Matrix, read, shuffled
from estran.stats.changes import KNOT, SHAPES, SLOPE, turns_of_rows
from estran.stats.course import change
from estran.stats.flips import flip_test
from estran.stats.multiplicity import discoveries
from estran.stats.power import detectable_ratio, time_spread
from estran.stats.rates import standardised_shares
from estran.stats.trends import in_out_test, linear, z_value

if TYPE_CHECKING:
    from estran.stats.presence import Rows

LEVELS = ("message", "author", "thread", "thread_dates", "author_rotation")
PLANTED = 400
KNOTS = {
    "emerging": (0.5, 0.8),
    "established": (0.25, 0.5),
    "peaked out": (0.35, 0.7),
    "returning": (0.35, 0.7),
}


def nulls(matrix: Matrix, shuffles: int, seed: int) -> dict[str, float]:
    """False claims where nothing moves, by what was shuffled; ours, and of messages taken alone."""
    any_found, rejected, worst = [], [], 0.0
    for level in LEVELS:
        found, at_1, naive, naive_1 = [], [], [], []
        for s in range(shuffles):
            talk = shuffled(matrix, level, np.random.default_rng([seed, s, LEVELS.index(level)]))
            support = talk.support()
            test = in_out_test(talk.voices(), talk.conversations())
            found.append(discoveries(test.p, support).found.sum())
            at_1.append(np.mean(test.p <= 0.01))
            if s < 3:
                alone = talk.alone()
                p = flip_test(alone, linear(alone.period, alone.stratum)).p
                naive.append(discoveries(p, support).found.sum())
                naive_1.append(np.mean(p <= 0.01))
        print(
            f"  {level:16s} any {np.mean(np.array(found) > 0):.2f}  mean {np.mean(found):.2f}  rejected at 1% {np.mean(at_1):.4f}"
            f"   | messages alone: mean {np.mean(naive):.0f}, rejected at 1% {np.mean(naive_1):.3f}",
            flush=True,
        )
        any_found += [f > 0 for f in found]
        rejected += at_1
        worst = max(worst, float(np.mean(at_1)))
    return {
        "any_false": float(np.mean(any_found)),
        "rejected_1": float(np.mean(rejected)),
        "rejected_1_worst": worst,
    }


def plants(matrix: Matrix, shuffles: int, seed: int, level: str, well: int) -> dict[str, float]:
    """False share and recall with 400 planted phrases; uses are thinned voice by voice (a person and a period)."""
    figures: dict[str, float] = {}
    periods = int(matrix.period.max()) + 1
    u = np.arange(periods) / (periods - 1)
    courses = {"line": u, "hump": np.exp(-(((u - 0.5) / 0.18) ** 2))}
    for name, ratio in (("line", 3.0), ("line", 5.0), ("hump", 5.0)):
        false, recall, recall_well, power = [], [], [], []
        for s in range(shuffles):
            rng = np.random.default_rng([seed, s, int(ratio), name == "hump"])
            talk = shuffled(matrix, level, rng)
            talk, sign = _plant(talk, rng, courses[name], ratio)
            support = talk.support()
            test = in_out_test(talk.voices(), talk.conversations())
            claims = discoveries(test.p, support)
            right = claims.found & (sign != 0) & ((test.sign == sign) | (name == "hump"))
            false.append((claims.found & ~right).sum() / max(claims.found.sum(), 1))
            recall.append(right[sign != 0].mean())
            recall_well.append(right[(sign != 0) & (support > well)].mean())
            seen = detectable_ratio(
                talk.voices().presence.uses,
                test.dispersion,
                found=int(claims.found.sum()),
                tested=claims.tested,
                spread=time_spread(talk.voices().period),
            )
            near = (sign != 0) & (seen > ratio / 1.1) & (seen < ratio * 1.1)
            power.append((right[near].sum(), near.sum()))
        hits, tried = np.sum(power, axis=0)
        print(
            f"  {name} x{ratio:.0f}: false share {np.mean(false):.3f}  recall {np.mean(recall):.2f}"
            f"  with > {well} messages {np.mean(recall_well):.2f}"
            f"  | where that ratio is just detectable: power {hits / max(tried, 1):.2f} of {tried}",
            flush=True,
        )
        figures[f"fdp_{name}_x{ratio:.0f}"] = float(np.mean(false))
        figures[f"recall_{name}_x{ratio:.0f}"] = float(np.mean(recall_well))
    return figures


def _plant(
    talk: Matrix, rng: np.random.Generator, course: np.ndarray, ratio: float
) -> tuple[Matrix, np.ndarray]:
    """Thin the uses of 400 phrases along a course (0-1 by period) up or down."""
    support = talk.support()
    chosen = rng.choice(np.flatnonzero((support >= 60) & (support <= 3000)), PLANTED, replace=False)
    sign = np.zeros(len(support), int)
    sign[chosen] = rng.choice([-1, 1], PLANTED)
    way = sign[talk.phrase]
    when = course[talk.period[talk.message]]
    log_kept = np.log(ratio) * np.where(way > 0, when - 1, np.where(way < 0, -when, 0.0))
    kept = _draw(talk, rng) < np.exp(log_kept)
    talk, chosen = talk.keep(kept)
    return talk, sign[chosen]


def _draw(talk: Matrix, rng: np.random.Generator) -> np.ndarray:
    """One number in 0-1 for each voice (person, period) and phrase."""
    periods = int(talk.period.max()) + 1
    voice = talk.author[talk.message] * periods + talk.period[talk.message]
    _, cell = np.unique(voice * len(talk.phrases) + talk.phrase, return_inverse=True)
    return rng.random(int(cell.max()) + 1)[cell]


def shapes(matrix: Matrix, shuffles: int, seed: int, level: str) -> dict[str, float]:
    """How often a planted shape is named, and how well its turn is dated, by voices before thinning."""
    figures: dict[str, float] = {}
    periods = int(matrix.period.max()) + 1
    u = np.arange(periods) / (periods - 1)
    for ratio, low, high in ((3.0, 400, 1000), (6.0, 150, 400), (6.0, 400, 1000), (12.0, 1000, 4000)):
        named, errors, held, widths = [], [], [], []
        for s in range(shuffles):
            rng = np.random.default_rng([seed, s, int(ratio), low])
            talk = shuffled(matrix, level, rng)
            voices = talk.voices().presence.uses
            chosen = rng.permutation(np.flatnonzero((voices >= low) & (voices < high)))
            each = min(60, len(chosen) // len(SHAPES))
            shape, knot, log_kept = (
                np.full(len(voices), -1),
                np.zeros(len(voices)),
                np.zeros(len(voices) * periods),
            )
            for code, name in enumerate(SHAPES):
                for j in chosen[code * each : (code + 1) * each]:
                    shape[j], knot[j] = (
                        code,
                        np.round(rng.uniform(*KNOTS.get(name, (0.3, 0.7))) * (periods - 1)),
                    )
                    log_kept[j * periods : (j + 1) * periods] = np.log(ratio) * _course(
                        name, u, knot[j] / (periods - 1)
                    )
            at = talk.phrase * periods + talk.period[talk.message]
            kept = (shape[talk.phrase] >= 0) & (_draw(talk, rng) < np.exp(log_kept[at]))
            talk, chosen = talk.keep(kept)
            rows = talk.voices()
            counts = standardised_shares(rows, periods=periods)
            found = turns_of_rows(rows, counts, conversations=talk.conversations())
            shape, knot = shape[chosen], knot[chosen]
            named.append(np.mean(found.shape == shape))
            dated = (found.knots > 0) & np.isin(np.array(SHAPES)[shape], list(KNOTS))
            errors.append(np.abs(found.turn - knot)[dated].mean())
            held.append(((found.low - 0.5 <= knot) & (knot <= found.high + 0.5))[dated].mean())
            widths.append((found.high - found.low)[dated].mean())
        print(
            f"  x{ratio:.0f}, {low}-{high} voices: named {np.mean(named):.2f}  turn off by {np.mean(errors):.2f} of {periods} periods"
            f"  90% interval holds {np.mean(held):.2f}, {np.mean(widths):.1f} wide",
            flush=True,
        )
        if (ratio, low) == (6.0, 400):
            figures |= {
                "shape": float(np.mean(named)),
                "turn_error": float(np.mean(errors)),
                "turn_held": float(np.mean(held)),
            }
    return figures


def changes(matrix: Matrix, shuffles: int, seed: int, level: str) -> dict[str, float]:
    """How often the nominal 95 % interval of now over before holds the planted ratio, over the same windows."""
    figures: dict[str, float] = {}
    periods = int(matrix.period.max()) + 1
    u = np.arange(periods) / (periods - 1)
    absent = np.where(u < 0.5, -30.0, 0.0)
    courses = {
        "flat": 0 * u,
        "line": np.log(5) * (u - 1),
        "hump": np.log(5) * (np.exp(-(((u - 0.5) / 0.2) ** 2)) - 1),
        "step": np.log(5) * ((u > 0.5) - 1.0),
        "late": absent + np.log(5) * (u - 1),
    }
    for name, course in courses.items():
        held, sure, wide = [], [], []
        for s in range(shuffles):
            rng = np.random.default_rng([seed, s, len(name), 9])
            talk = shuffled(matrix, level, rng)
            chosen = rng.choice(np.flatnonzero(talk.support() >= 150), PLANTED, replace=False)
            way = np.zeros(len(talk.support()), int)
            way[chosen] = rng.choice([-1, 1], PLANTED) if name != "late" else 1
            log_kept = np.where(
                way[:, None] > 0, course, course[::-1] if name in {"line", "step"} else course
            )
            at = talk.phrase * periods + talk.period[talk.message]
            kept = (way[talk.phrase] != 0) & (_draw(talk, rng) < np.exp(log_kept.ravel()[at]))
            talk, chosen = talk.keep(kept)
            rows, threaded = talk.voices(), talk.conversations()
            test = in_out_test(rows, threaded)
            counts = standardised_shares(rows, periods=periods)
            least = KNOT if name == "hump" else SLOPE
            turned = turns_of_rows(rows, counts, conversations=threaded, fewest=least)
            line = np.where(test.p <= 0.05, test.sign * z_value(test.contrasts[0]), 0.0)
            found = change(rows, counts, turned, conversations=threaded, tested=line)
            weight = counts.expected + 1e-9
            share = np.exp(log_kept[chosen]).T
            truth = np.array(
                [
                    np.divide(*(np.average(share[a:b, j], weights=weight[a:b, j]) for a, b in windows[::-1]))
                    for j, windows in enumerate(found.windows)
                ]
            )
            enough = _people(rows) >= 50
            held.append(((found.ratio_low <= truth) & (truth <= found.ratio_high))[enough])
            sure.append(((found.ratio_low >= 1) | (found.ratio_high <= 1))[enough & (test.p <= 0.05)])
            wide.append(np.log(found.ratio_high / found.ratio_low)[enough])
        figures[f"held_{name}"] = float(np.mean(np.concatenate(held)))
        print(
            f"  {name}: holds the truth {figures[f'held_{name}']:.3f} of {len(np.concatenate(held))}"
            f"  excludes 1 where p <= 5% {np.mean(np.concatenate(sure)):.2f}"
            f"  high over low, median {np.exp(np.median(np.concatenate(wide))):.1f}",
            flush=True,
        )
    return figures


def _people(rows: Rows) -> np.ndarray:
    theme = np.repeat(np.arange(rows.presence.themes), rows.presence.uses)
    clusters = int(rows.cluster.max()) + 1
    pairs = np.unique(theme * clusters + rows.cluster[rows.presence.indices])
    return np.bincount(pairs // clusters, minlength=rows.presence.themes)


def _course(shape: str, u: np.ndarray, knot: float) -> np.ndarray:
    """Share over its peak, on the log scale, from -1 to 0."""
    up, down = np.minimum(u / knot - 1, 0), np.maximum(u - knot, 0) / (1 - knot)
    return {
        "steady": 0 * u,
        "in": u - 1,
        "out": -u,
        "emerging": down - 1,
        "established": up,
        "peaked out": up - down,
        "returning": np.maximum(-u / knot, -1) + down,
    }[shape]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", choices=sorted(RECIPES))
    parser.add_argument("--shuffles", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", nargs="+", default=["nulls", "plants", "shapes", "changes"])
    told = parser.parse_args()
    began = time.perf_counter()
    matrix = read(told.corpus)
    print(
        f"{told.corpus}: {len(matrix.author)} messages, {len(matrix.phrases)} phrases, {len(matrix.phrase)} uses,"
        f" {matrix.author.max() + 1} people, {matrix.thread.max() + 1} conversations, {matrix.period.max() + 1} periods"
        f" ({time.perf_counter() - began:.0f} s)",
        flush=True,
    )
    voices, conversations = matrix.voices(), matrix.conversations()
    in_out_test(voices, conversations)
    began = time.perf_counter()
    real = discoveries(in_out_test(voices, conversations).p, matrix.support())
    print(
        f"  at their real dates: {real.found.sum()} found of {real.tested}, test {time.perf_counter() - began:.2f} s"
    )
    event = told.corpus == "pyvideo"  # a talk is one voice: its conversation is the event
    level, well = ("thread_dates", 80) if event else ("author_rotation", 200)
    figures: dict[str, object] = {"corpus": told.corpus, "shuffles": told.shuffles, "seed": told.seed}
    if "nulls" in told.parts:
        figures |= nulls(matrix, told.shuffles, told.seed)
    if "plants" in told.parts:
        figures |= plants(matrix, max(told.shuffles // 2, 1), told.seed, level, well)
    if "shapes" in told.parts:
        figures |= shapes(matrix, max(told.shuffles // 5, 1), told.seed, level)
    if "changes" in told.parts:
        figures |= changes(matrix, max(told.shuffles // 2, 1), told.seed, level)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
