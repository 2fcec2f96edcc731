"""Successions planted in real talk at its real dates: themes that hold are made to fall, half with a successor, half without.

Natural neighbours that really rise stay in the corpus, and every one of them that is named is a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from bench.truth.corpora import SIMULATED, STEPS, counted, stored
from estran.analysis.board import on_board, standing
from estran.analysis.corpus import prepare
from estran.analysis.movement import judge
from estran.analysis.progress import Silent
from estran.analysis.succession import Candidates, candidates, choose, lay_ground
from estran.analysis.themes import Said, find_themes
from estran.findings import Level, Shape
from estran.model import MESSAGES
from estran.settings import Settings
from estran.simulate import Curve, company, plant_succession
from estran.store.engines.threads import ThreadEngine

if TYPE_CHECKING:
    import polars as pl

PEOPLE = (30, 2_000)
NEIGHBOURS = 20
SYLLABLES = ("ba", "do", "fi", "gu", "ka", "lo", "mi", "nu", "pa", "ro", "si", "tu", "ve", "xo", "zi", "que")


@dataclass(frozen=True)
class Planted:
    """One theme that was made to fall, and what followed it, if anything did."""

    words: str
    into: str | None


@dataclass(frozen=True)
class Answer:
    """What Estran said of a planted fall that it found.

    Attributes:
        planted: the truth.
        found: the short list.
        right: (C,) whether each of it is the planted successor.
        named: place in the short list and level of each link that a reader is shown.
    """

    planted: Planted
    found: Candidates
    right: np.ndarray
    named: list[tuple[int, Level]]


def answers(name: str, *, plants: int, seed: int = 0) -> tuple[list[Answer], dict[str, int]]:
    """Plants in a corpus, takes the whole path over it, and asks for the successors of each fall that was found."""
    rng = np.random.default_rng([seed, 11])
    it = counted(name)
    messages = company(seed=1).messages if name == SIMULATED else _messages(name)
    chosen = _steady(it.said, judge(it.corpus, it.said, Settings(), progress=Silent()), rng, plants)
    beside = _neighbours(it.said, chosen, rng)
    truth = []
    for number, (theme, other) in enumerate(zip(chosen, beside, strict=True)):
        words, elsewhere = (it.said.concepts[j].variants[0][1] for j in (theme, other))
        into = _word(rng) if number % 2 == 0 else None
        messages, _ = plant_succession(
            messages,
            words,
            into=into,
            rng=rng,
            curve=Curve(Shape.OUT, float(rng.uniform(5, 30)), (float(rng.uniform(0, 0.5)),)),
            carried=float(rng.uniform(0.3, 1)),
            turning=float(rng.uniform(0.2, 1)),
            elsewhere=elsewhere,
            borrowed=float(rng.uniform(0, 0.6)),
        )
        truth.append(Planted(words, into))
    return _asked(messages, name, truth)


def _messages(name: str) -> pl.DataFrame:
    return stored(name).select(MESSAGES.names()).cast(dict(MESSAGES))


def _asked(messages: pl.DataFrame, name: str, truth: list[Planted]) -> tuple[list[Answer], dict[str, int]]:
    engine = ThreadEngine(threads=2)
    corpus = prepare(messages, step=STEPS[name], progress=Silent())
    said = find_themes(corpus, engine, Settings(), progress=Silent())
    judgement = judge(corpus, said, Settings(), progress=Silent())
    number = {form: j for j, c in enumerate(said.concepts) for _, form in c.variants}
    out = set(standing(said, judgement, periods=corpus.grid.periods).gone(said).tolist())
    fell = [each for each in truth if number.get(each.words) in out]
    gone = np.array([number[each.words] for each in fell], np.int64)
    ground = lay_ground(corpus, said, judgement, gone, engine, progress=Silent())
    told = []
    for planted, theme in zip(fell, gone.tolist(), strict=True):
        found = candidates(ground, theme)
        right = found.themes == number.get(planted.into or "", -1)
        told.append(Answer(planted, found, right, choose(ground, found)))
    return told, {
        "planted": len(truth),
        "out": len(fell),
        "succeeded": sum(each.into is not None for each in fell),
    }


def _steady(said: Said, judgement: object, rng: np.random.Generator, plants: int) -> np.ndarray:
    """Themes that hold, of one form, said by enough people."""
    able = np.array([
        on_board(c) and len({form for _, form in c.variants}) == 1 and c.variants[0][1].replace(" ", "").isalpha()
        for c in said.concepts
    ])  # fmt: skip
    able &= ~judgement.found & (judgement.people >= PEOPLE[0]) & (judgement.people <= PEOPLE[1])
    names = np.flatnonzero(able)
    return rng.permutation(names)[: min(plants, len(names) // 2)]


def _neighbours(said: Said, chosen: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each theme another that is said in the same messages more than most."""
    shape = (int(said.message.max()) + 1, len(said.concepts))
    held = sparse.csr_array((np.ones(len(said.message)), (said.message, said.concept)), shape=shape)
    support = np.asarray(held.sum(axis=0)).ravel()
    themes = np.array([on_board(c) for c in said.concepts])
    others = []
    for theme in chosen.tolist():
        both = np.asarray(held[held[:, [theme]].toarray().ravel() > 0].sum(axis=0)).ravel()
        closeness = np.where(themes & (support >= PEOPLE[0]), both / np.sqrt(support + 1), -1)
        closeness[chosen] = -1
        others.append(rng.choice(np.argsort(-closeness, kind="stable")[:NEIGHBOURS]))
    return np.array(others)


def _word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(SYLLABLES, 4))
