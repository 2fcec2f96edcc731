"""Families of words in units: what is said to differ where nothing does, and what is found where a family is said more, or less.

The families that are shipped are counted in real corpora, as if all of it were said inside. Twelve months of it are looked at, as
`estran culture` does, up to each of several days; people are dealt out to four units of a half, a quarter, an eighth and an
eighth, alone, in crowds that came together, or by how much they speak (`bench.truth.units`): then no unit differs. Then
families are planted: in one unit one is said `RATIOS` times as often as in the others, or as seldom.

What is claimed of the movement of families is looked at where time was shuffled (`bench.truth.still`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.truth.corpora import DATA, Counted, counted
from bench.truth.still import levels, shuffled
from bench.truth.units import LOUDEST, NULLS, SIZES, dealt
from estran.analysis.board import on_board
from estran.analysis.culture import LATELY, Parts, against_the_rest, by_family, p_values, part_of
from estran.analysis.families import words_of
from estran.analysis.movement import judge
from estran.analysis.progress import Silent
from estran.analysis.themes import who_says
from estran.privacy import figure_allowed
from estran.settings import Settings
from estran.stats.presence import people_saying
from estran.store.engines.threads import ThreadEngine
from estran.text.families import Family, families

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said

PAGE = "culture.md"
KEYS = (
    "culture_any_false", "culture_false_test", "culture_fdp", "culture_power_x2", "culture_power_x3",
    "culture_moved_false",
)  # fmt: skip
CORPORA = ("pyvideo", "r_lists", "slicer_forum")
YEARS, DEALS, RUNS, SHUFFLES = 4, 25, 25, 40
RATIOS = (2.0, 3.0)
WORDS, SUPPORT = 12, (40, 400)
"""Of a family that is drawn: how many themes, and in how many messages each is."""
EACH = 2
"""Families that are planted in a run; the others are said alike everywhere."""
ENOUGH = 40
"""People who say a family that is planted, before it is thinned."""
RATE, SINGLE = 0.05, 0.05
CLAIMS = ("more", "less")


def culture() -> Mapping[str, object] | None:
    """The figures; None where no corpus is at hand."""
    told = {name: _of(name) for name in CORPORA if (DATA / f"{name}.parquet").exists()}
    if not told:
        return None
    measured = [each for corpus in told.values() for each in corpus.values()]
    nulls = [null for each in measured for null in each["nulls"].values()]
    plants = {
        ratio: [each["plants"][ratio] for each in measured if each["plants"][ratio]["planted"]]
        for ratio in RATIOS
    }
    moved = [level for each in measured for level in each["moved"].values()]
    return {
        "culture_any_false": max(each["any"] for each in nulls),
        "culture_false_test": max(each["single"] for each in nulls),
        "culture_fdp": max(each["fdp"] for of in plants.values() for each in of),
        **{f"culture_power_x{ratio:.0f}": min(each["power"] for each in plants[ratio]) for ratio in RATIOS},
        "culture_moved_false": float(np.mean([each["any"] for each in moved])),
        "corpora": told,
    }


@dataclass(frozen=True)
class _Year:
    """Twelve months of what is said, with the families in the place of themes, and those that enough people say."""

    it: Counted
    shown: np.ndarray


def _of(name: str) -> dict[str, object]:
    it = counted(name)
    told = {words: _measured(it, said) for words, said in (("shipped", _shipped(it)), ("drawn", _drawn(it)))}
    print(name, told, flush=True)
    return told


def _measured(it: Counted, said: Said) -> dict[str, object]:
    years = _years(it, said)
    return {
        "people": [each.it.corpus.people for each in years],
        "families": [len(each.shown) for each in years],
        "nulls": {null: _null(years, null) for null in NULLS},
        "plants": {ratio: _planted(years, ratio) for ratio in RATIOS},
        "moved": {level: _moved(it.corpus, said, level) for level in levels(it.corpus)},
    }


def _shipped(it: Counted) -> Said:
    """Who says the families that are shipped."""
    known = families()
    listed = words_of(known, it.said.concepts)
    every = who_says(
        it.corpus, [word for word, _ in listed], ThreadEngine(threads=2), Settings(), progress=Silent()
    )
    return by_family(every, np.array([number for _, number in listed], np.int32), known)


def _drawn(it: Counted) -> Said:
    """As many families of themes of the corpus, drawn at random: words that people there do say."""
    size = np.bincount(it.said.concept, minlength=len(it.said.concepts))
    able = np.flatnonzero([on_board(concept) for concept in it.said.concepts])
    able = able[(size[able] >= SUPPORT[0]) & (size[able] <= SUPPORT[1])]
    known = tuple(Family(f"drawn-{n}", (("en", f"drawn {n}"),), ()) for n in range(len(families())))
    chosen = np.random.default_rng(8).choice(able, len(known) * WORDS, replace=False)
    number = np.full(len(size), -1, np.int32)
    number[chosen] = np.arange(len(chosen))
    own = number[it.said.concept] >= 0
    every = replace(
        it.said,
        message=it.said.message[own],
        concept=number[it.said.concept[own]],
        nested=it.said.nested[chosen],
    )
    return by_family(every, np.repeat(np.arange(len(known), dtype=np.int32), WORDS), known)


def _years(it: Counted, said: Said) -> list[_Year]:
    """Twelve months up to each of several days, between which as much is said; the last is the last of all."""
    corpus = it.corpus
    days = corpus.messages["time"].dt.date()
    found = []
    for k in range(1, YEARS + 1):
        last = days.sort()[len(days) * k // YEARS - 1]
        some = part_of(corpus, said, ((days <= last) & (days > last - LATELY)).to_numpy())
        if some[0].people < LOUDEST:
            continue
        people = people_saying(some[1].message, some[1].concept, some[0].author, themes=len(said.concepts))
        found.append(_Year(Counted(it.name, *some), np.flatnonzero(figure_allowed(people))))
    return found


def _parts(it: Counted, unit: np.ndarray) -> Parts:
    names = np.unique(unit)
    return Parts("", tuple(f"u{name}" for name in names), np.searchsorted(names, unit)[it.corpus.author], 0)


def _null(years: list[_Year], null: str) -> dict[str, float]:
    """How often anything is claimed where no unit differs, and how many single tests lie below 5 %."""
    p, claims = [], []
    for y, year in enumerate(years):
        for seed in range(DEALS):
            unit = dealt(year.it, null, np.random.default_rng([y, seed, NULLS.index(null)]))
            parts = _parts(year.it, unit)
            p.append(p_values(year.it.corpus, year.it.said, parts, year.shown).ravel())
            told = against_the_rest(year.it.corpus, year.it.said, parts, year.shown, rate=RATE)
            claims.append(sum(cell.answer in CLAIMS for family in told.cells for cell in family))
    tests = np.concatenate(p)
    return {
        "any": float(np.mean(np.array(claims) > 0)), "mean": float(np.mean(claims)), "runs": len(claims),
        "single": float((tests <= SINGLE).mean()), "tests": len(tests),
    }  # fmt: skip


def _planted(years: list[_Year], ratio: float) -> dict[str, float]:
    """How often a planted difference is claimed, also where it is said that it could have been seen; and false claims."""
    hits, seen, false = [], [], []
    for y, year in enumerate(years):
        for seed in range(RUNS):
            rng = np.random.default_rng([y, seed, int(ratio)])
            unit = dealt(year.it, "people", rng)
            corpus, said = year.it.corpus, year.it.said
            people = people_saying(said.message, said.concept, corpus.author, themes=len(said.concepts))
            able = year.shown[people[year.shown] >= ENOUGH]
            if len(able) <= EACH:
                continue
            chosen, where, more = rng.choice(able, EACH, replace=False), rng.integers(0, len(SIZES), EACH), rng.random(EACH) < 0.5  # fmt: skip
            thin = _thinned(year.it, unit, list(zip(chosen, where, more, strict=True)), ratio, rng)
            told = against_the_rest(corpus, thin, _parts(year.it, unit), year.shown, rate=RATE)
            place = {int(family): k for k, family in enumerate(year.shown)}
            for family, at, up in zip(chosen.tolist(), where.tolist(), more.tolist(), strict=True):
                cell = told.cells[place[family]][at]
                if cell.answer == "withheld":
                    continue
                hit = cell.answer == ("more" if up else "less")
                hits.append(hit)
                if cell.detectable is not None and cell.detectable <= ratio:
                    seen.append(hit)
            others = [told.cells[k] for family, k in place.items() if family not in chosen]
            wrong = sum(cell.answer in CLAIMS for family in others for cell in family)
            every = sum(cell.answer in CLAIMS for family in told.cells for cell in family)
            false.append(wrong / max(every, 1))
    return {
        "power": float(np.mean(hits)) if hits else float("nan"), "planted": len(hits),
        "power_seen": float(np.mean(seen)) if seen else float("nan"), "seen": len(seen),
        "fdp": float(np.mean(false)) if false else float("nan"),
    }  # fmt: skip


def _thinned(
    it: Counted, unit: np.ndarray, plants: list[tuple[int, int, bool]], ratio: float, rng: np.random.Generator
) -> Said:
    """The same where people on the wrong side of each plant are silent on its family, but one in `ratio` of them."""
    said, people = it.said, it.corpus.people
    author = it.corpus.author[said.message]
    keep = np.ones(len(said.message), bool)
    for family, where, more in plants:
        silent = ((unit == where) != more) & (rng.random(people) > 1 / ratio)
        keep &= ~((said.concept == family) & silent[author])
    return replace(said, message=said.message[keep], concept=said.concept[keep])


def _moved(corpus: Corpus, said: Said, level: str) -> dict[str, float]:
    """How often a family is said to move where time was shuffled."""
    claims = [
        int(judge(shuffled(corpus, level, np.random.default_rng([seed, 3])), said, Settings(), progress=Silent()).found.sum())
        for seed in range(SHUFFLES)
    ]  # fmt: skip
    return {"any": float(np.mean(np.array(claims) > 0)), "shuffles": SHUFFLES}


def _of_so_many(each: Mapping[str, float]) -> str:
    return f"{each['power_seen']:.2f} of {each['seen']}" if each["seen"] else "none was"


def table(figures: Mapping[str, object]) -> list[str]:
    """The lines of the page: what holds where nothing differs, and what is found."""
    corpora: Mapping[str, Mapping[str, Mapping[str, Any]]] = figures["corpora"]  # type: ignore[assignment]
    every = [(name, words, told) for name, corpus in corpora.items() for words, told in corpus.items()]
    head = (
        "| corpus | families | people of a year | families that enough say | dealt out | runs with a claim | "
        "single tests at p <= .05 |"
    )
    lines = [head, "|:--|:--|--:|--:|:--|--:|--:|"]
    for name, words, told in every:
        people, many = (f"{min(told[key]):,} to {max(told[key]):,}" for key in ("people", "families"))
        lines += [
            f"| {name} | {words} | {people} | {many} | {null} | {each['any']:.2f} of {each['runs']} | "
            f"{each['single']:.3f} of {each['tests']:,} |"
            for null, each in told["nulls"].items()
        ]
    lines += [
        "",
        "| corpus | families | planted in one unit | found | found where so much could have been seen | false share of the claims |",
        "|:--|:--|:--|--:|--:|--:|",
    ]
    for name, words, told in every:
        lines += [
            f"| {name} | {words} | ×{ratio:.0f} | {each['power']:.2f} of {each['planted']} | "
            f"{_of_so_many(each)} | {each['fdp']:.3f} |"
            for ratio, each in told["plants"].items()
            if each["planted"]
        ]
    lines += [
        "",
        f"| corpus | families | shuffles of time in which a family is said to move, of {SHUFFLES} |",
        "|:--|:--|:--|",
    ]
    for name, words, told in every:
        levels_told = ", ".join(
            f"{level.replace('_', ' ')} {each['any']:.2f}" for level, each in told["moved"].items()
        )
        lines.append(f"| {name} | {words} | {levels_told} |")
    return lines
