"""Agendas that nobody heard of: themes drawn at random, "announced" on random days, where nothing moves and in corpora as they
are; and planted uptake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bench.truth.corpora import DATA, counted
from estran.analysis.board import on_board
from estran.analysis.uptake import LEAST_USES, taken_up
from estran.findings import Uptake

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said

KEYS = ("agenda_false", "agenda_false_taken", "agenda_false_test", "agenda_power_x3")
PAGE = "agenda.md"
CORPORA = ("slicer_forum", "r_lists")
AGENDAS, NULLS, EACH, THEMES = 40, 180, 20, 15
CLAIMS = (Uptake.TAKEN_UP, Uptake.SAID_LESS)
SINGLE = 0.05
VOICES = 150
"""Messages of a theme that uptake is planted in, at least."""


def agenda() -> dict[str, object] | None:
    """The rate of agendas with a false claim, of single false tests, and the power for a step of x3, per corpus."""
    found = {name: _measured(name) for name in CORPORA if (DATA / f"{name}.parquet").exists()}
    if not found:
        return None
    return {
        "agenda_false": max(each["any"] for each in found.values()),
        "agenda_false_taken": max(each["taken"] for each in found.values()),
        "agenda_false_test": max(each["single"] for each in found.values()),
        "agenda_power_x3": min(each["power"] for each in found.values()),
        "corpora": found,
    }


def _measured(name: str) -> dict[str, float]:
    whole = counted(name)
    corpus, said = whole.corpus, whole.said
    rng = np.random.default_rng(11)
    able = np.flatnonzero([on_board(c) for c in said.concepts])
    able = able[whole.support[able] >= 4 * LEAST_USES]
    still = _claims(corpus, said, able, rng, turned=True)
    real = _claims(corpus, said, able, rng, turned=False)
    power = seen = 0
    common = able[whole.support[able] >= VOICES]
    for _ in range(AGENDAS):
        chosen, day = rng.choice(common, THEMES, replace=False), _day(corpus, rng)
        thinned = _thinned(corpus, said, chosen[:3], day, rng)
        of = taken_up(corpus, thinned, chosen, [day] * THEMES).of
        for k in range(3):
            if k in of and of[k].ratio is not None:
                seen += 1
                power += of[k].answer is Uptake.TAKEN_UP
    return {**still, "real": real["any"], "power": power / max(seen, 1), "planted": seen}


def _claims(
    corpus: Corpus, said: Said, able: np.ndarray, rng: np.random.Generator, *, turned: bool
) -> dict[str, float]:
    """How many random agendas have a claim, and how many single tests lie below 5 %."""
    false = taken = single = tests = 0
    agendas = NULLS if turned else AGENDAS
    moved = corpus
    for number in range(agendas):
        if turned and number % EACH == 0:
            moved = _turned(corpus, rng)
        chosen, day = rng.choice(able, THEMES, replace=False), _day(moved, rng)
        of = taken_up(moved, said, chosen, [day] * THEMES).of
        false += any(each.answer in CLAIMS for each in of.values())
        taken += any(each.answer is Uptake.TAKEN_UP for each in of.values())
        tests += sum(each.ratio is not None for each in of.values())
        single += sum(each.p <= SINGLE for each in of.values() if each.ratio is not None)
    return {
        "any": false / agendas, "taken": taken / agendas, "single": single / max(tests, 1), "tests": tests
    }  # fmt: skip


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
    """The figures of each corpus."""
    head = (
        f"| corpus | agendas with a claim, nothing moves ({NULLS}) | with “taken up” | single themes at p <= .05 | "
        f"planted x3, found | random days of the corpus as it is ({AGENDAS}): with a claim |"
    )
    lines = [head, "|:--|--:|--:|--:|--:|--:|"]
    corpora: Mapping[str, Mapping[str, float]] = figures["corpora"]  # type: ignore[assignment]
    for name, each in corpora.items():
        lines.append(
            f"| {name} | {each['any']:.3f} | {each['taken']:.3f} | {each['single']:.3f} of {each['tests']:.0f} | "
            f"{each['power']:.2f} of {each['planted']:.0f} | {each['real']:.2f} |"
        )
    return lines
