"""Marks on real curves: how often a theme is said to have moved where nothing was decided, what planted steps are found, and
what a known decision did.

- **false**: dates at random on the curves of slicer_forum and r_lists, unshuffled; whatever is claimed counts as false, though
  some of it may be true. Themes one by one at 5 %, and over all themes with the false-discovery rate.
- **power**: a step of x2 or x3 planted in 25 themes of 60 voices or more around such a date, by thinning voices.
- **rgdal**: the R packages rgdal, rgeos and maptools, whose retirement was announced and then done, at four dates.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.corpora import DATA, counted
from bench.truth.plants import thinned
from estran.analysis.comparable import Compared, compared
from estran.analysis.marktests import design_of, evidence, judge_mark
from estran.analysis.windows import PERIODS, around, fitting
from estran.findings import Comparison, Outcome
from estran.model import EVERYTHING, Mark, Scope, Side, Step
from estran.settings import Settings
from estran.stats.effects import ratios
from estran.stats.presence import people_saying
from estran.stats.rates import standardised_shares
from estran.stats.trends import z_value

if TYPE_CHECKING:
    from bench.truth.corpora import Counted
    from estran.analysis.marktests import Judged

PAGE = "effects.md"
KEYS = ("mark_false", "mark_power_x3", "rgdal_moved")
STEPS = {"slicer_forum": Step.QUARTER, "r_lists": Step.HALF}
DATES, PLANTINGS = 16, 12
PLANTED, SUPPORT, LARGEST_SHARE = 25, 60, 0.4
RATIOS = (2.0, 3.0)
RATE = 0.05
MIDDLE = 0.045
AT_MDR = 0.1
"""How near the log of a planted ratio to that of the smallest detectable one, for the power to be held against .80."""
HALVES, SIDES, SERIES = "halves of people at random", "sides", "everybody"
DECISIONS = (
    (dt.date(2021, 9, 8), "announced on the list"),
    (dt.date(2022, 4, 12), "first report of the project that carried it out"),
    (dt.date(2023, 6, 1), "the last package that used them by default no longer does"),
    (dt.date(2023, 10, 16), "done: archived"),
)
RETIRED = ("rgdal", "rgeos", "maptools")

Figures = dict[str, object]


def effects() -> Figures | None:
    """The figures; None where a corpus is absent."""
    if not all((DATA / f"{name}.parquet").exists() for name in STEPS):
        return None
    false, power = [], []
    for name in STEPS:
        for against in (SERIES, HALVES, SIDES):
            false.append(_false(name, against))
            print(false[-1], flush=True)
            for ratio in RATIOS:
                power.append(_power(name, against, ratio))
                print(power[-1], flush=True)
    told = _retired()
    rates = [row["rate"] for row in false]
    halves = [row["power"] for row in power if row["against"] == HALVES and row["ratio"] == RATIOS[-1]]
    return {
        "false": false,
        "power": power,
        "retired": told,
        "mark_false": max(rates, key=lambda rate: abs(rate - MIDDLE)),
        "mark_power_x3": min(halves),
        "rgdal_moved": any(row["moved_of_four"] for row in told if row["theme"] == RETIRED[0]),
    }


def _at_random(it: Counted, against: str, rng: np.random.Generator) -> tuple[np.ndarray, Compared]:
    """(n,) periods around a date at random at which the comparison can be made, and who is compared with whom."""
    corpus, step = it.corpus, STEPS[it.name]
    room, days = PERIODS * 31 * step.months, (corpus.last - corpus.first).days
    scope = Scope(side=Side.OUTSIDE) if against == SIDES else EVERYTHING
    while True:
        day = corpus.first + dt.timedelta(days=int(rng.integers(room, days - room)))
        period = around(Mark(day, "at random"), step).period_of(corpus.messages["time"])
        if against == HALVES:
            half = (rng.random(corpus.people) < 0.5)[corpus.author]
            return period, Compared(half, ~half, "units", ("the other half",))
        pair = compared(corpus, scope, period, PERIODS)
        if isinstance(pair, Compared) and (pair.kind or against == SERIES):
            return period, pair


def _judged(it: Counted, pair: Compared, period: np.ndarray) -> Judged:
    return judge_mark(it.corpus, it.said, pair, period, None, Settings())


def _false(name: str, against: str) -> Figures:
    it, rates, claims, themes, scales = counted(name), [], [], [], []
    for seed in range(DATES):
        rng = np.random.default_rng([seed, 11])
        period, pair = _at_random(it, against, rng)
        judged = _judged(it, pair, period)
        rates.append(float((judged.p <= RATE).mean()))
        claims.append(judged.outcome.count(Outcome.MOVED))
        themes.append(len(judged.themes))
        scales.append(float(np.median(judged.scale)))
    return {
        "corpus": name,
        "against": against,
        "rate": float(np.mean(rates)),
        "least": min(rates),
        "most": max(rates),
        "claims": float(np.mean(claims)),
        "dates_with_claims": float(np.mean(np.array(claims) > 0)),
        "themes": float(np.mean(themes)),
        "scale": float(np.mean(scales)),
    }


def _power(name: str, against: str, ratio: float) -> Figures:
    it, hits, covered, at_mdr, still = counted(name), [], [], [], []
    for seed in range(PLANTINGS):
        rng = np.random.default_rng([seed, 12, round(10 * ratio)])
        period, pair = _at_random(it, against, rng)
        moved, direction = _planted(it, pair, period, ratio, rng)
        judged = _judged(moved, pair, period)
        way = direction[judged.themes]
        there = way != 0
        # a theme that is asked for by name is one test: the rate is that of the test, as is what could have been seen
        found = (judged.p <= RATE) & (np.sign(judged.z) == way)
        hits += found[there].tolist()
        still += (judged.p[~there] <= RATE).tolist()
        comparison = judged.comparison[0]
        rows = evidence(moved.corpus, moved.said, pair, period, comparison).take(judged.themes[there])
        design = design_of(comparison)
        shares = standardised_shares(rows, periods=len(design.asked))
        cells = (shares.observed, shares.expected)
        reach = z_value(np.array(RATE)) * judged.scale[there]
        ends = ratios(rows, cells, design, reach=reach)
        truth = ratio ** way[there]
        covered += ((ends.low <= truth) & (truth <= ends.high)).tolist()
        smallest = _smallest(judged)[there]
        near = np.abs(np.log(ratio) / smallest - 1.0) < AT_MDR
        at_mdr += found[there][near].tolist()
    return {
        "corpus": name,
        "against": against,
        "ratio": ratio,
        "power": float(np.mean(hits)),
        "planted": len(hits),
        "coverage": float(np.mean(covered)),
        "at_mdr": float(np.mean(at_mdr)) if at_mdr else None,
        "near_mdr": len(at_mdr),
        "rate_beside": float(np.mean(still)),
    }


def _smallest(judged: Judged) -> np.ndarray:
    """(Q,) log of the smallest ratio that a test of one theme would have seen: told for all themes, it is read back from that."""
    claims = judged.outcome.count(Outcome.MOVED)
    threshold = RATE * max(claims, 1) / max(len(judged.themes), 1)
    reach = z_value(np.array(threshold)) * judged.scale + 0.84
    error = np.log(judged.detectable) / reach
    return error * (z_value(np.array(RATE)) * judged.scale + 0.84)


def _planted(
    it: Counted, pair: Compared, period: np.ndarray, ratio: float, rng: np.random.Generator
) -> tuple[Counted, np.ndarray]:
    """Some themes step up or down in the scope: voices are thinned on one side of the mark."""
    corpus, said = it.corpus, it.said
    comparison = Comparison.DIFFERENCES if pair.kind else Comparison.SERIES
    rows = evidence(corpus, said, pair, period, comparison)
    uses = rows.presence.uses
    able = np.flatnonzero((uses >= SUPPORT) & (uses < LARGEST_SHARE * rows.presence.rows))
    chosen = rng.choice(able, min(PLANTED, len(able) // 8), replace=False)
    direction = np.zeros(len(said.concepts))
    direction[chosen] = rng.choice([-1, 1], len(chosen))
    way, when = direction[said.concept], period[said.message]
    low = pair.scope[said.message] & (when >= 0)
    low &= ((way > 0) & (when < PERIODS)) | ((way < 0) & (when >= PERIODS))
    voice = corpus.author[said.message].astype(np.int64) * (2 * PERIODS + 1) + when + 1
    _, of = np.unique(voice * len(said.concepts) + said.concept, return_inverse=True)
    kept = ~low | (rng.random(int(of.max()) + 1)[of] < 1.0 / ratio)
    return replace(it, said=thinned(said, kept)), direction


def _retired() -> list[Figures]:
    """What became of the three packages at each date."""
    it, rows = counted("r_lists"), []
    corpus, said = it.corpus, it.said
    labels = {form: j for j, c in enumerate(said.concepts) for _, form in c.variants}
    named = [labels[word] for word in RETIRED]
    people = people_saying(said.message, said.concept, corpus.author, themes=len(said.concepts))
    for day, what in DECISIONS:
        mark = Mark(day, what)
        window = fitting(mark, corpus.first, corpus.last, longest=corpus.grid.step, asked=False)
        assert window is not None
        period = window.period_of(corpus.messages["time"])
        pair = compared(corpus, EVERYTHING, period, PERIODS)
        assert isinstance(pair, Compared)
        for word, j in zip(RETIRED, named, strict=True):
            judged = judge_mark(corpus, said, pair, period, [j], Settings())
            evident = evidence(corpus, said, pair, period, Comparison.SERIES).take(judged.themes)
            design = design_of(Comparison.SERIES)
            shares = standardised_shares(evident, periods=len(design.asked))
            ends = ratios(
                evident,
                (shares.observed, shares.expected),
                design,
                reach=z_value(np.array(RATE)) * judged.scale,
            )
            rows.append(
                {
                    "day": day.isoformat(),
                    "what": what,
                    "step": window.step.value,
                    "theme": word,
                    "people": int(people[j]),
                    "uses": [
                        int(n) for n in (shares.observed[:PERIODS].sum(), shares.observed[PERIODS:].sum())
                    ],
                    "outcome": judged.outcome[0].value,
                    "p": float(judged.p[0]),
                    "ratio": [float(part[0]) for part in (ends.ratio, ends.low, ends.high)],
                    "rank": int(judged.rank[0]),
                    "others": int(judged.others[0]),
                    "detectable": float(judged.detectable[0]),
                    "moved_of_four": judged.outcome[0] is Outcome.MOVED
                    and float(judged.p[0]) <= RATE / len(DECISIONS),
                }
            )
    return rows


def table(figures: Figures) -> list[str]:
    """The tables of the page."""
    lines = [
        (
            f"Real curves of slicer_forum (quarters) and r_lists (half-years), {DATES} dates at random, themes of 15 voices or more "
            "around the date; nothing was decided then that is known. Themes one by one at 5 %; claims over all themes at a "
            "false-discovery rate of 5 %. Half of the people at random, or the people outside, were the scope, the others were not."
        ),
        "",
        "| corpus | scope | themes | said to move at 5 % | lowest, highest date | claims over all themes | scale |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['corpus']} | {r['against']} | {r['themes']:,.0f} | {r['rate']:.3f} | {r['least']:.3f}, {r['most']:.3f} | "
        f"{r['claims']:.1f} | {r['scale']:.2f} |"
        for r in figures["false"]
    ]
    lines += [
        "",
        f"Steps planted in {PLANTED} themes (at the most) of {SUPPORT} voices or more around the date, {PLANTINGS} dates; found: p below 5 % and the right way.",
        "",
        "| corpus | scope | step | found | planted | interval holds the step | found where the step is the smallest that could be seen (of so many) | the other themes |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['corpus']} | {r['against']} | ×{r['ratio']:g} | {r['power']:.2f} | {r['planted']} | {r['coverage']:.2f} | "
        f"{_told(r['at_mdr'])} ({r['near_mdr']}) | {r['rate_beside']:.3f} |"
        for r in figures["power"]
    ]
    lines += [
        "",
        (
            "r_lists: three R packages whose retirement was announced in September 2021 and done on 2023-10-16. Everybody was concerned, "
            "hence interrupted series; periods are the longest that fit. Four dates are asked, so a claim needs p below 5 % / 4."
        ),
        "",
        "| date | what happened | periods | theme | uses before, after | ratio | place | outcome | p | could have been seen |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['day']} | {r['what']} | {r['step']} | {r['theme']} | {r['uses'][0]}, {r['uses'][1]} | "
        f"×{r['ratio'][0]:.2f} ({r['ratio'][1]:.2f} – {r['ratio'][2]:.3g}) | {r['rank']} of {r['others'] + 1} | "
        f"{'**moved**' if r['moved_of_four'] else r['outcome']} | {r['p']:.4f} | ×{r['detectable']:.3g} |"
        for r in figures["retired"]
    ]
    return lines


def _told(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}"
