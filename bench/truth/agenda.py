"""Agendas that nobody heard of: themes drawn at random, "announced" on random days of real corpora; and planted uptake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

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
AGENDAS, THEMES = 40, 15
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
    false = taken = single = tests = 0
    for _ in range(AGENDAS):
        chosen, day = rng.choice(able, THEMES, replace=False), _day(corpus, rng)
        of = taken_up(corpus, said, chosen, [day] * THEMES).of
        false += any(each.answer in CLAIMS for each in of.values())
        taken += any(each.answer is Uptake.TAKEN_UP for each in of.values())
        tests += sum(each.ratio is not None for each in of.values())
        single += sum(each.p <= SINGLE for each in of.values() if each.ratio is not None)
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
    return {
        "any": false / AGENDAS, "taken": taken / AGENDAS, "single": single / max(tests, 1), "tests": tests, "power": power / max(seen, 1), "planted": seen
    }  # fmt: skip


def _day(corpus: Corpus, rng: np.random.Generator) -> dt.date:
    """A day in the middle half of what is said."""
    return corpus.messages["time"].dt.date()[
        int(rng.integers(corpus.messages.height // 4, 3 * corpus.messages.height // 4))
    ]


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
    lines = [
        "| corpus | random agendas with a claim | with “taken up” | single themes at p <= .05 | planted x3, found |",
        "|:--|--:|--:|--:|--:|",
    ]
    corpora: Mapping[str, Mapping[str, float]] = figures["corpora"]  # type: ignore[assignment]
    for name, each in corpora.items():
        lines.append(
            f"| {name} | {each['any']:.3f} of {AGENDAS} | {each['taken']:.3f} | {each['single']:.3f} of {each['tests']:.0f} | "
            f"{each['power']:.2f} of {each['planted']:.0f} |"
        )
    return lines
