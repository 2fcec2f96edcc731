"""How often an alarm is false, and how late it comes: series that hold their rate, series that double, and real talk whose
conversations and people were moved as a whole. Other rules meet the same series.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bench.truth.corpora import DATA, counted
from bench.truth.still import shuffled
from estran.analysis.daily import Daily, daily, in_season
from estran.stats.alarms import LEARNT, REMEMBERED, WEEK, WINDOWS, raised, threshold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

KEYS = ("alert_rate_stated", "alert_rate_measured", "alert_delay_doubling")
PAGE = "alerts.md"

STATED = (0.1, 0.5, 1.0)
"""False alarms in a theme-year that are accepted."""
TOLD = 0.5
"""The one that the line tells of."""
PHIS = (1, 2, 3, 4, 6)
WEEKLY = (2, 5, 10, 30, 100)
"""Uses a week."""
THEMES, YEARS = 200, 3
DELAYED = (10, 3)
"""Uses a week and dispersion of the delay that the line tells of."""
YEAR = 52 * WEEK
LEVELS = ("thread", "author", "author_rotation")
REAL = ("slicer_forum", "r_lists")
REAL_THEMES, REAL_YEARS = 120, 5

HARD = ("17 weeks of past", "clumps over 5 days", "clumps over 14 days", "both")
HARD_THEMES = 600
"""As many more, as the worst of many cells is told."""
AGAIN = 10 * WEEK
"""Days after a doubling at which a theme doubles once more."""
SEASONS = (1.0, 2.0, 4.0)
"""How many times as much a theme is said in four weeks of each year."""

Looks = tuple[np.ndarray, np.ndarray]
"""Theme, and day after the first year, of each alarm."""


@dataclass(frozen=True)
class Series:
    """(D, P) uses and expected uses of days, the first `learnt` of which are only learnt from."""

    seen: np.ndarray
    due: np.ndarray
    learnt: int = YEAR

    @property
    def looks(self) -> int:
        return len(self.seen) - self.learnt

    def after(self, learnt: int) -> Series:
        """The same with less past, and a year of looks."""
        return Series(self.seen[YEAR - learnt : 2 * YEAR], self.due[YEAR - learnt : 2 * YEAR], learnt)


def series(
    seed: int,
    *,
    weekly: float,
    phi: int,
    years: int = YEARS,
    doubles: tuple[int, ...] = (),
    season: float = 1.0,
    lasting: float = 0,
    themes: int = THEMES,
) -> Series:
    """Volume that grows, swings over the year and rests at the weekend; a share that holds, or doubles on some days.

    Uses are negative binomial, or clumps of a geometric size whose uses come over some days (`lasting`).
    """
    rng = np.random.default_rng([seed, phi, int(weekly)])
    day = np.arange((years + 1) * YEAR)
    volume = np.exp(0.3 * np.sin(day / YEAR * 2 * np.pi) + 0.0005 * day + rng.normal(0, 0.1, len(day)))
    volume *= np.where(day % 7 >= 5, 0.3, 1.28)
    due = np.broadcast_to((weekly / 7 * volume / volume.mean())[:, None], (len(day), themes))
    share = 2.0 ** sum((day >= at for at in doubles), np.zeros(len(day)))
    share *= np.where((day % 365.25 >= 140) & (day % 365.25 < 168), season, 1.0)
    mean = due * share[:, None]
    if lasting:
        return Series(lasting_clumps(rng, mean, phi, lasting), due)
    seen = rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)
    return Series(seen.astype(float), due)


def lasting_clumps(rng: np.random.Generator, mean: np.ndarray, phi: int, days: float) -> np.ndarray:
    """Counts of clumps of a geometric size, whose uses come over some days."""
    one = 2 / (phi + 1)  # geometric sizes s of that parameter have E s^2 / E s = phi
    day, theme = np.nonzero(clumps := rng.poisson(mean * one))
    often = clumps[day, theme]
    day, theme = np.repeat(day, often), np.repeat(theme, often)
    size = rng.geometric(one, len(day))
    day, theme = np.repeat(day, size), np.repeat(theme, size)
    day = day + np.floor(rng.exponential(days, len(day))).astype(int)
    seen = np.zeros(mean.shape)
    np.add.at(seen, (day[day < len(seen)], theme[day < len(seen)]), 1.0)
    return seen


def estran(it: Series, rate: float) -> Looks:
    """The alarms of Estran for rises."""
    found = raised(it.seen, it.due, looks=it.looks, rise=threshold(rate))
    return found.theme, found.day - it.learnt


def estran_falls(it: Series, rate: float) -> Looks:
    """The alarms of Estran for falls."""
    found = raised(it.seen, it.due, looks=it.looks, fall=threshold(rate, rise=False))
    return found.theme, found.day - it.learnt


def obsei(it: Series, _: float) -> Looks:
    """z >= 2 over seven weeks of counts, five at least, double the week before; once a week (obsei 1.1.1)."""
    weeks = it.seen.reshape(-1, WEEK, THEMES).sum(axis=1)
    found = []
    for w in range(it.learnt // WEEK, len(weeks)):
        before, now = weeks[w - 6 : w], weeks[w]
        z = (now - before.mean(axis=0)) / np.maximum(before.std(axis=0), 1.0)
        hit = (now >= 5) & (z >= 2) & (now >= 2 * np.maximum(before[-1], 1))
        found += [(theme, (w + 1) * WEEK - it.learnt) for theme in np.flatnonzero(hit)]
    return _looks(found)


def cusum(it: Series, rate: float, *, robust: bool = False) -> Looks:
    """Page's CUSUM for a doubling of a Poisson rate that the past tells, at the bound of Lorden for its run length.

    `robust` divides each step by the dispersion of the weeks of the past.
    """
    themes = it.seen.shape[1]
    limit, sums, found = math.log(YEAR / rate), np.zeros(themes), []
    seen, due = np.cumsum(it.seen, axis=0), np.cumsum(it.due, axis=0)
    phi = np.ones(THEMES)
    for d in range(it.learnt, len(it.seen)):
        level = seen[d - 1] / due[d - 1]
        if robust and (d - it.learnt) % WEEK == 0:
            x, e = (c[d % WEEK : d].reshape(-1, WEEK, THEMES).sum(axis=1) for c in (it.seen, it.due))
            phi = np.maximum(((x - level * e) ** 2 / (level * e)).sum(axis=0) / (len(x) - 1), 1.0)
        sums = np.maximum(sums + (it.seen[d] * math.log(2) - level * it.due[d]) / phi, 0.0)
        hit = sums >= limit
        found += [(theme, d + 1 - it.learnt) for theme in np.flatnonzero(hit)]
        sums[hit] = 0.0
    return _looks(found)


def robust_cusum(it: Series, rate: float) -> Looks:
    """The same, made for clumps."""
    return cusum(it, rate, robust=True)


def detector(it: Series, rate: float) -> Looks:
    """An e-detector (Shin, Ramdas, Rinaldo 2024): Shiryaev-Roberts sums of likelihood ratios of 1.5, 2, 3 and 5 times,
    quasi-Poisson with the level and the dispersion of the past; its run length is a year over the rate at least."""
    limit, ratios = YEAR / rate, np.array([1.5, 2.0, 3.0, 5.0])[:, None]
    sums, found = np.zeros((4, THEMES)), []
    seen, due, phi = np.cumsum(it.seen, axis=0), np.cumsum(it.due, axis=0), np.ones(THEMES)
    for d in range(it.learnt, len(it.seen)):
        level = seen[d - 1] / due[d - 1]
        if (d - it.learnt) % WEEK == 0:
            x, e = (c[d % WEEK : d].reshape(-1, WEEK, THEMES).sum(axis=1) for c in (it.seen, it.due))
            phi = np.maximum(((x - level * e) ** 2 / (level * e)).sum(axis=0) / (len(x) - 1), 1.0)
        step = (it.seen[d] * np.log(ratios) - (ratios - 1) * level * it.due[d]) / phi
        sums = (1.0 + sums) * np.exp(np.minimum(step, 500.0))
        hit = sums.mean(axis=0) >= limit
        found += [(theme, d + 1 - it.learnt) for theme in np.flatnonzero(hit)]
        sums[:, hit] = 0.0
    return _looks(found)


def _looks(found: list[tuple[int, int]]) -> Looks:
    both = np.array(found, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


RULES: Mapping[str, Callable[[Series, float], Looks]] = {
    "Estran": estran,
    "Estran, falls": estran_falls,
    "e-detector, quasi-Poisson": detector,
    "CUSUM, quasi-Poisson": robust_cusum,
    "CUSUM, Poisson": cusum,
    "obsei's rule": obsei,
}


def watch() -> dict[str, object]:
    """False alarms a theme-year of each rule at each stated rate and dispersion (the worst over uses a week), the median
    weeks until a doubling is told, and how many are not within a year; and false alarms in real talk."""
    still = {(phi, weekly): series(1, weekly=weekly, phi=phi) for phi in PHIS for weekly in WEEKLY}
    moved = {
        (phi, weekly): series(2, weekly=weekly, phi=phi, years=2, doubles=(2 * YEAR,))
        for phi in (1, 3, 6)
        for weekly in WEEKLY
    }
    rates: dict[str, dict[str, list[float]]] = {}
    delays: dict[str, dict[str, list[float]]] = {}
    for name, rule in RULES.items():
        for stated in STATED if name != "obsei's rule" else (TOLD,):
            key = f"{name} {stated:g}"
            rates[key] = {
                str(phi): [len(rule(still[phi, weekly], stated)[0]) / (THEMES * YEARS) for weekly in WEEKLY]
                for phi in PHIS
            }
            if "falls" not in name:
                delays[key] = {
                    f"{phi} {weekly}": list(_delay(rule(it, stated))) for (phi, weekly), it in moved.items()
                }
        print(f"watch: {name}", flush=True)
    hard = {}
    for kind in HARD:
        rules = ("Estran", "Estran, falls", "e-detector, quasi-Poisson", "CUSUM, quasi-Poisson")
        keys = [(name, stated) for name in rules for stated in STATED]
        each = {f"{name} {stated:g}": [] for name, stated in keys}
        for phi, weekly in itertools.product((1, 3, 6), (5, 10, 30)):
            whole = _hard(kind, weekly=weekly, phi=phi, themes=HARD_THEMES)
            fewer = _hard(kind, weekly=weekly, phi=phi, themes=THEMES)
            for name, stated in keys:
                it = whole if name.startswith("Estran") else fewer
                found, _ = RULES[name](it, stated)
                each[f"{name} {stated:g}"].append(len(found) / (it.seen.shape[1] * it.looks / YEAR))
        hard[kind] = each
        print(f"watch: {kind}", flush=True)
    worst = max(max(map(max, rates[f"{name} {TOLD:g}"].values())) for name in ("Estran", "Estran, falls"))
    weekly, phi = DELAYED
    return {
        "alert_rate_stated": TOLD,
        "alert_rate_measured": worst,
        "alert_delay_doubling": delays[f"Estran {TOLD:g}"][f"{phi} {weekly}"][0],
        "rates": rates,
        "delays": delays,
        "hard": hard,
        "again": {f"{phi} {weekly}": list(_again(weekly, phi)) for phi in (1, 3) for weekly in (10, 30)},
        "seasons": _seasons(),
        "real": [told for name in REAL if (DATA / f"{name}.parquet").exists() for told in _real(name)],
    }


def _hard(kind: str, *, weekly: float, phi: int, themes: int) -> Series:
    """Series that are harder to learn from."""
    lasting = 0.0 if "17" in kind else 5.0 if "5 days" in kind else 14.0
    short = kind in {HARD[0], HARD[-1]}
    it = series(
        4 if short else 3, weekly=weekly, phi=phi, years=1 if short else YEARS, lasting=lasting, themes=themes
    )
    return it.after((LEARNT + 1) * WEEK) if short else it


def _again(weekly: float, phi: int) -> tuple[float, float]:
    """Where a doubling was told in time and another follows: the median weeks to the next alarm, and the share that has none
    within half a year."""
    it = series(6, weekly=weekly, phi=phi, years=2, doubles=(2 * YEAR, 2 * YEAR + AGAIN))
    theme, day = estran(it, TOLD)
    first, second = np.full(THEMES, np.inf), np.full(THEMES, np.inf)
    for told, start, stop in ((first, 0, AGAIN), (second, AGAIN, AGAIN + YEAR // 2)):
        within = (day > YEAR + start) & (day <= YEAR + stop)
        np.minimum.at(told, theme[within], day[within] - YEAR - start)
    late = second[np.isfinite(first)]
    return float(min(np.median(late), YEAR) / WEEK), float(np.mean(np.isinf(late)))


def _seasons() -> dict[str, list[float]]:
    """Alarms for rises a theme-year, the season of each theme taken off or not; each year is looked at after two and a half."""
    learnt = REMEMBERED * WEEK + max(WINDOWS)
    figures: dict[str, list[float]] = {}
    for season, phi, weekly in itertools.product(SEASONS, (1, 3), (10, 30)):
        it = series(7, weekly=weekly, phi=phi, years=5, season=season)
        counts = [0, 0]
        starts = range(0, len(it.seen) - learnt - YEAR + 1, YEAR)
        for start in starts:
            at = slice(start, start + learnt + YEAR)
            first = dt.date(2018, 1, 1) + dt.timedelta(days=start)
            plain = Daily(first, it.seen[at], it.due[at], it.due[at], np.full(THEMES, float(phi)))
            known = in_season(plain, before=learnt - max(WINDOWS) + 1)
            for k, of in enumerate((plain, known)):
                counts[k] += len(
                    raised(of.seen, of.due, looks=YEAR, rise=threshold(TOLD), clumps=of.clumps).day
                )
        figures[f"{season:g} {phi} {weekly}"] = [count / (THEMES * len(starts)) for count in counts]
    return figures


def _delay(found: Looks) -> tuple[float, float]:
    """Median weeks from the doubling to the first alarm after it, and the share of themes of which none came in a year."""
    theme, day = found
    first = np.full(THEMES, np.inf)
    late = day > YEAR
    np.minimum.at(first, theme[late], day[late] - YEAR)
    return float(min(np.median(first), YEAR) / WEEK), float(np.mean(np.isinf(first)))


def _real(name: str) -> Iterator[dict[str, object]]:
    """False alarms a theme-year, rises and falls, in a corpus whose conversations, people or time lines were moved."""
    it = counted(name)
    support = np.bincount(it.said.concept, minlength=len(it.said.concepts))
    often = [j for j in np.argsort(-support, kind="stable") if it.said.concepts[j].kind == "theme"][
        :REAL_THEMES
    ]
    for level in LEVELS:
        corpus = shuffled(it.corpus, level, np.random.default_rng(1))
        all_ = np.ones(len(corpus.author), bool)
        told = daily(corpus, it.said, np.array(often), within=all_)
        looks = min(REAL_YEARS * YEAR, len(told.seen) - (LEARNT + 1) * WEEK)
        years = looks / YEAR * len(often)
        for stated in STATED:
            each = [
                len(raised(told.seen, told.due, looks=looks, clumps=told.clumps, **at).day) / years
                for at in ({"rise": threshold(stated)}, {"fall": threshold(stated, rise=False)})
            ]
            yield {"corpus": name, "level": level, "stated": stated, "rise": each[0], "fall": each[1],
                   "weekly": float(np.median(told.seen.mean(axis=0)) * WEEK), "theme_years": round(years)}  # fmt: skip


def table(figures: Mapping[str, object]) -> list[str]:
    """The tables of the page."""
    rates, delays = figures["rates"], figures["delays"]
    lines = [
        (
            f"**False alarms a theme-year where nothing changes**, {THEMES} themes x {YEARS} years x {', '.join(map(str, WEEKLY))} "
            "uses a week; the worst of these. Three standard errors at 0.5 are 0.09, at 0.1 they are 0.04."
        ),
        "",
        "| rule | stated | " + " | ".join(f"phi {phi}" for phi in PHIS) + " |",
        "|:--|--:|" + "--:|" * len(PHIS),
    ]
    for key, each in rates.items():
        name, stated = key.rsplit(" ", 1)
        stated = "–" if name.startswith("obsei") else stated
        lines.append(
            f"| {name} | {stated} | " + " | ".join(f"{max(each[str(phi)]):.2f}" for phi in PHIS) + " |"
        )
    shown = [(phi, weekly) for phi in (1, 3, 6) for weekly in (5, 10, 30)]
    lines += [
        "",
        (
            "**Weeks until a doubling is told** (median; in brackets the share that is not told within a year), by dispersion and "
            "uses a week. A rule that is fast and false, as the table above has it, is not fast."
        ),
        "",
        "| rule | stated | " + " | ".join(f"phi {phi}, {weekly}" for phi, weekly in shown) + " |",
        "|:--|--:|" + "--:|" * len(shown),
    ]
    for key, each in delays.items():
        name, stated = key.rsplit(" ", 1)
        stated = "–" if name.startswith("obsei") else stated
        cells = [
            f"{each[f'{phi} {weekly}'][0]:.1f}"
            + (f" ({each[f'{phi} {weekly}'][1]:.0%})" if each[f"{phi} {weekly}"][1] >= 0.005 else "")
            for phi, weekly in shown
        ]
        lines.append(f"| {name} | {stated} | " + " | ".join(cells) + " |")
    lines += [
        "",
        (
            "**Where it is harder to learn**: false alarms a theme-year, the worst of dispersions 1, 3, 6 and 5, 10, 30 uses a "
            f"week; {HARD_THEMES} themes for Estran. After 17 weeks of past in place of a year (one year of looks, three standard "
            "errors at 0.1 are 0.04), and where the uses of a clump come over some days (mean; three years, 0.02)."
        ),
        "",
        "| rule | stated | " + " | ".join(HARD) + " |",
        "|:--|--:|" + "--:|" * len(HARD),
    ]
    for key in figures["hard"][HARD[0]]:
        name, stated = key.rsplit(" ", 1)
        cells = [f"{max(figures['hard'][kind][key]):.2f}" for kind in HARD]
        lines.append(f"| {name} | {stated} | " + " | ".join(cells) + " |")
    lines += [
        "",
        (
            f"**A second doubling, {AGAIN // WEEK} weeks after one that was told before it**, at a stated {TOLD:g}: median weeks until "
            "it is told (in brackets the share that is not within half a year)."
        ),
        "",
        "| dispersion | 10 uses a week | 30 uses a week |",
        "|--:|--:|--:|",
    ]
    for phi in (1, 3):
        cells = [
            f"{late:.1f} ({never:.0%})"
            for late, never in (figures["again"][f"{phi} {weekly}"] for weekly in (10, 30))
        ]
        lines.append(f"| {phi} | " + " | ".join(cells) + " |")
    lines += [
        "",
        (
            f"**A theme with a season**, said some times as much in four weeks of each year: alarms for rises a theme-year at a stated "
            f"{TOLD:g}, as if no season were known, and with the season that two years of past tell. {THEMES} themes, dispersion and "
            "uses a week as told."
        ),
        "",
        "| season | " + " | ".join(f"{phi}, {weekly}" for phi in (1, 3) for weekly in (10, 30)) + " |",
        "|:--|" + "--:|" * 4,
    ]
    for season, (k, how) in itertools.product(SEASONS, enumerate(("unknown", "known"))):
        cells = [
            f"{figures['seasons'][f'{season:g} {phi} {weekly}'][k]:.2f}"
            for phi in (1, 3)
            for weekly in (10, 30)
        ]
        lines.append(f"| ×{season:g}, {how} | " + " | ".join(cells) + " |")
    lines += ["", "**Real talk**, whole conversations, people, or time lines of people moved, so that nothing changes: false alarms a theme-year.", "",
              "| corpus | moved | theme-years | uses a week | stated | rises | falls |", "|:--|:--|--:|--:|--:|--:|--:|"]  # fmt: skip
    lines += [
        f"| {told['corpus']} | {told['level'].replace('_', ' ')} | {told['theme_years']} | {told['weekly']:.1f} | {told['stated']:g} | "
        f"{told['rise']:.3f} | {told['fall']:.3f} |"
        for told in figures["real"]
    ]
    return lines
