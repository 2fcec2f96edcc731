"""Agendas that nobody heard of: themes drawn at random, "announced" on random days, where nothing moves and in corpora as they
are; and planted uptake.

Every theme is tested as if it were announced on each day, once; agendas are then drawn among those tests, many a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from bench.truth.corpora import DATA, counted
from estran.analysis.board import on_board
from estran.analysis.uptake import LEAST_USES, at_other_days, stepped
from estran.analysis.windows import fitting
from estran.model import Mark
from estran.stats.multiplicity import adjusted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.analysis.uptake import Elsewhere, Stepped
    from estran.model import Step

KEYS = (
    "agenda_false", "agenda_false_taken", "agenda_false_test", "agenda_real", "agenda_real_common", "agenda_power_x3",
)  # fmt: skip
PAGE = "agenda.md"
CORPORA = ("slicer_forum", "r_lists")
DAYS, TURNS, AGENDAS, THEMES = 40, 4, 200, 15
RATE = 0.05
SIZES = ((LEAST_USES, 60), (60, 250), (250, 1_000_000))
"""Voices around the day, of agendas whose themes are all about as common."""
RUNS, PLANTED, VOICES = 40, 3, 150
"""Agendas in which uptake is planted, in so many of their themes, each in so many messages at least."""


def agenda() -> dict[str, object] | None:
    """How often an agenda is claimed to be taken up, or said less, and the power for a step of x3, per corpus."""
    found = {name: _measured(name) for name in CORPORA if (DATA / f"{name}.parquet").exists()}
    if not found:
        return None
    still, real = ([each[kind] for each in found.values()] for kind in ("still", "real"))
    return {
        "agenda_false": max(each["any"] for each in still),
        "agenda_false_taken": max(each["taken"] for each in still),
        "agenda_false_test": max(each["single"] for each in still),
        "agenda_real": max(each["any"] for each in real),
        "agenda_real_common": max(each["sizes"][-1] for each in real),
        "agenda_power_x3": min(each["power"] for each in found.values()),
        "corpora": found,
    }


@dataclass(frozen=True)
class _Span:
    """A corpus whose themes are announced; what they do at other days is looked up once a length of period."""

    corpus: Corpus
    said: Said
    themes: np.ndarray
    elsewhere: dict[Step, list[Elsewhere]] = field(default_factory=dict)

    def tested(self, day: dt.date, own: np.ndarray, said: Said, others: np.ndarray) -> Stepped | None:
        """Some themes as if announced on a day."""
        window = fitting(
            Mark(day, "plan"),
            self.corpus.first,
            self.corpus.last,
            longest=self.corpus.grid.step,
            asked=False,
        )
        if window is None:
            return None
        if window.step not in self.elsewhere:
            self.elsewhere[window.step] = at_other_days(self.corpus, self.said, window.step, self.themes)
        pool = self.elsewhere[window.step]
        return stepped(self.corpus, said, window, np.arange(len(own)), own, others, pool)


def _measured(name: str) -> dict[str, Any]:
    whole = counted(name)
    themes = np.flatnonzero([on_board(c) for c in whole.said.concepts])
    able = themes[whole.support[themes] >= 4 * LEAST_USES]
    rng = np.random.default_rng(11)
    real = _Span(whole.corpus, whole.said, themes)
    turned = [_Span(_turned(whole.corpus, rng), whole.said, themes) for _ in range(TURNS)]
    found = {
        "still": _claims(turned, able, DAYS // TURNS, rng),
        "real": _claims([real], able, DAYS, rng),
        **_power(real, able[whole.support[able] >= VOICES], rng),
    }
    print(name, found, flush=True)
    return found


def _claims(spans: Sequence[_Span], able: np.ndarray, days: int, rng: np.random.Generator) -> dict[str, Any]:
    """How many random agendas have a claim, on average and on the worst day, and how many tests lie below 5 %."""
    every, taken, single, tests = [], [], 0, 0
    sizes: list[list[float]] = [[] for _ in SIZES]
    for span in spans:
        for _ in range(days):
            told = span.tested(_day(span.corpus, rng), able, span.said, span.themes)
            if told is None:
                continue
            heard = np.flatnonzero(told.uses >= LEAST_USES)
            p, rise, uses = told.p[heard], told.z[heard] > 0, told.uses[heard]
            claimed = _drawn(p, np.arange(len(p)), rng)
            every.append(float((claimed >= 0).any(axis=1).mean()))
            taken.append(float(((claimed >= 0) & rise[claimed]).any(axis=1).mean()))
            single, tests = single + int((p <= RATE).sum()), tests + len(p)
            for own, (least, past) in zip(sizes, SIZES, strict=True):
                alike = np.flatnonzero((uses >= least) & (uses < past))
                if len(alike) >= THEMES:
                    own.append(float((_drawn(p, alike, rng) >= 0).any(axis=1).mean()))
    return {
        "any": float(np.mean(every)), "worst": max(every), "taken": float(np.mean(taken)), "days": len(every),
        "single": single / max(tests, 1), "tests": tests,
        "sizes": [float(np.mean(own)) if own else float("nan") for own in sizes],
    }  # fmt: skip


def _drawn(p: np.ndarray, able: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(AGENDAS, THEMES) the themes of agendas drawn at random that are claimed to have moved; -1 for the others."""
    chosen = np.stack([rng.choice(able, THEMES, replace=False) for _ in range(AGENDAS)])
    q = np.stack([adjusted(p[agenda]) for agenda in chosen])
    return np.where(q <= RATE, chosen, -1)


def _power(span: _Span, common: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """How often a planted step of x3 is called taken up, in agendas of which the other themes are as they are."""
    seen = found = 0
    for _ in range(RUNS):
        chosen, day = rng.choice(common, THEMES, replace=False), _day(span.corpus, rng)
        thinned = _thinned(span.corpus, span.said, chosen[:PLANTED], day, rng)
        told = span.tested(day, chosen, thinned, np.setdiff1d(span.themes, chosen))
        if told is None:
            continue
        heard = told.uses >= LEAST_USES
        q = np.ones(THEMES)
        q[heard] = adjusted(told.p[heard])
        seen += int(heard[:PLANTED].sum())
        found += int(((q <= RATE) & (told.z > 0))[:PLANTED].sum())
    return {"power": found / max(seen, 1), "planted": seen}


def _turned(corpus: Corpus, rng: np.random.Generator) -> Corpus:
    """The same where all that each person says is turned round the span together: habits stay, and no day is special."""
    times = corpus.messages["time"].dt.epoch("ms").to_numpy()
    span = times.max() + 1 - times.min()
    shift = rng.integers(0, span, corpus.people)[corpus.author]
    told = pl.Series("time", (times - times.min() + shift) % span + times.min())
    return corpus.moved_to(told.cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"))


def _day(corpus: Corpus, rng: np.random.Generator) -> dt.date:
    """A day in the middle half of what is said."""
    days = corpus.messages["time"].dt.date().sort()
    return days[int(rng.integers(len(days) // 4, 3 * len(days) // 4))]


def _thinned(
    corpus: Corpus, said: Said, themes: Sequence[int], day: dt.date, rng: np.random.Generator
) -> Said:
    """The same where two of three people have not said some themes before a day: from it on, three times as many do."""
    before = (corpus.messages["time"].dt.date() < day).to_numpy()
    keep = np.ones(len(said.message), bool)
    for theme in themes:
        silent = rng.random(corpus.people) < 2 / 3
        own = said.concept == theme
        keep &= ~(own & before[said.message] & silent[corpus.author[said.message]])
    return replace(said, message=said.message[keep], concept=said.concept[keep])


def table(figures: Mapping[str, object]) -> list[str]:
    """What is claimed of agendas of which nothing is known, and what is found."""
    corpora: Mapping[str, Mapping[str, Any]] = figures["corpora"]  # type: ignore[assignment]
    common = [f"of themes of {least} to {past} voices" for least, past in SIZES[:-1]]
    head = (
        f"| corpus | | days, {AGENDAS} agendas each | agendas with a claim | on the worst day | with “taken up” | "
        f"{' | '.join(common)} | of {SIZES[-1][0]} and more | single themes at p <= .05 |"
    )
    lines = [head, "|:--|:--|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for name, each in corpora.items():
        for kind, words in (("still", "nothing moves"), ("real", "as it is")):
            told = each[kind]
            sizes = " | ".join(f"{size:.3f}" for size in told["sizes"])
            lines.append(
                f"| {name} | {words} | {told['days']} | {told['any']:.3f} | {told['worst']:.2f} | {told['taken']:.3f} | "
                f"{sizes} | {told['single']:.3f} of {told['tests']:,} |"
            )
    lines += ["", "| corpus | planted ×3 | found |", "|:--|--:|--:|"]
    lines += [f"| {name} | {each['planted']} | {each['power']:.2f} |" for name, each in corpora.items()]
    return lines
