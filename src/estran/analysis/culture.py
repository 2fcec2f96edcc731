"""One question: what do people inside say of culture and behaviour, over time and unit by unit?

A family of words is counted as a theme is, person by person, and tested with few others: it says more than its words
do one by one. Never a person: what stands on fewer than five people is withheld, with whatever would tell it by subtraction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.analysis.board import movements
from estran.analysis.families import nearest_themes, words_of
from estran.analysis.movement import judge
from estran.analysis.origin import covered, provenance
from estran.analysis.themes import Said, who_says
from estran.errors import NotEnoughError
from estran.findings import Culture, Estimate, FamilySaid, InUnit
from estran.model import Concept, Side
from estran.privacy import FIGURES, figure_allowed, withheld
from estran.stats.multiplicity import adjusted, coverage_level
from estran.stats.power import STEADY_RATIO, detectable_ratio_of_two
from estran.stats.presence import Presence, people_saying
from estran.stats.rates import length_strata
from estran.stats.sidedness import sidedness
from estran.store.prepared import codes
from estran.text.families import grown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.ground import Ground
    from estran.findings import Coverage
    from estran.stats.sidedness import Sidedness
    from estran.text.families import Family

MOST_WORDS = 8
"""Words of a family that are named."""

LATELY = dt.timedelta(days=365)
"""Units are compared over so long a time, or less."""

MOST_UNITS = 40
"""Units that are shown, those in which most people speak."""


def culture(ground: Ground, families: Sequence[Family]) -> Culture:
    """Each family's share of the people inside, its movement, and its share in each unit against the others.

    Args:
        ground: of all messages; only those inside are read, where sides are known.
        families: to start from; what somebody accepted or rejected is added and taken out.

    Raises:
        NotEnoughError: nothing is said inside, or of no family enough is said.
    """
    known = grown(families, ground.origin.hands.edits)
    corpus, sides_known = _inside(ground.corpus)
    listed = words_of(known, ground.said.concepts)
    every = who_says(
        corpus, [word for word, _ in listed], ground.engine, ground.settings, progress=ground.progress
    )
    said = by_family(every, np.array([number for _, number in listed], np.int32), known)
    people = people_saying(said.message, said.concept, corpus.author, themes=len(known))
    shown = np.flatnonzero(figure_allowed(people))
    if len(shown) == 0:
        raise NotEnoughError(
            f"of no family of words do {FIGURES} people speak: the list is for French and English, and can be edited "
            "(families.toml)"
        )
    judgement = judge(corpus, said, ground.settings, progress=ground.progress)
    cards = movements(corpus, said, judgement, shown)
    recent, lately = _lately(corpus, said)
    parts = _parts(recent)
    against = against_the_rest(recent, lately, parts, shown, rate=ground.settings.false_discovery_rate)
    order = np.argsort([-card.after.value for card in cards], kind="stable")
    own = judgement.found[shown]
    return Culture(
        families=tuple(
            FamilySaid(
                known[shown[k]].name, cards[k], _said_most(every, corpus, listed, int(shown[k])), against.of(int(k))
            )
            for k in order.tolist()
        ),
        silent=tuple(
            (known[f].name, dict(known[f].labels)) for f in np.flatnonzero(~figure_allowed(people)).tolist()
        ),
        units=against.spoke,
        withheld=against.withheld,
        scope=parts.scope,
        more_units=parts.others,
        units_since=recent.first.isoformat(),
        people=corpus.people,
        sides_known=sides_known,
        grows=nearest_themes(ground, known),
        coverage=_covered(ground, corpus, said),
        provenance=provenance(
            corpus, ground.origin, judgement, ground.settings, lists={"families": len(shown), "moved": int(own.sum())}
        ),
    )  # fmt: skip


def _inside(corpus: Corpus) -> tuple[Corpus, bool]:
    """The messages said inside, or all where no side is known.

    Raises:
        NotEnoughError: there are none, or too few people wrote them.
    """
    side = corpus.messages["side"]
    if side.null_count() == len(side):
        return corpus, False
    here = (side == Side.INSIDE).fill_null(value=False)
    if not here.any():
        raise NotEnoughError("nothing is said inside: culture is what the organisation's own people say")
    inside = corpus.only(here.to_numpy())
    if inside.people < FIGURES:
        raise NotEnoughError(f"fewer than {FIGURES} people speak inside: nothing is shown of so few")
    outside = len(side) - int(here.sum())
    return replace(inside, removed={**corpus.removed, **({"said outside": outside} if outside else {})}), True


def _covered(ground: Ground, corpus: Corpus, said: Said) -> Coverage:
    """What the claims stand on; that all of it is inside is what was asked for, and no warning."""
    found = covered(corpus, ground.origin, replace(said, notices=ground.said.notices))
    return replace(found, notices=tuple(n for n in found.notices if n.kind != "one-side"))


def by_family(every: Said, family: NDArray[np.int32], known: Sequence[Family]) -> Said:
    """The same with families in the place of their words, each pair of message and family once."""
    pairs = np.unique(every.message.astype(np.int64) * len(known) + family[every.concept])
    concepts = tuple(
        Concept(each.labels[0][1], each.forms, 1.0, names=each.labels, id=each.name) for each in known
    )
    nested = np.bincount(family, weights=every.nested, minlength=len(known)).astype(np.int64)
    message, concept = np.divmod(pairs, len(known))
    return Said(concepts, message.astype(np.int32), concept.astype(np.int32), every.tokens, nested)


def _lately(corpus: Corpus, said: Said) -> tuple[Corpus, Said]:
    """What is said in the last twelve months: over many years nearly everybody has said nearly everything once."""
    days = corpus.messages["time"].dt.date()
    return part_of(corpus, said, (days > corpus.last - LATELY).to_numpy())


def part_of(corpus: Corpus, said: Said, kept: NDArray[np.bool_]) -> tuple[Corpus, Said]:
    """Some of the messages, and who says what in them.

    Args:
        corpus: n messages.
        said: what they say.
        kept: (n,) which of them.
    """
    number = np.cumsum(kept, dtype=np.int32) - 1
    own = kept[said.message]
    return corpus.only(kept), replace(
        said, message=number[said.message[own]], concept=said.concept[own], tokens=said.tokens[kept]
    )


def _said_most(
    every: Said, corpus: Corpus, listed: Sequence[tuple[Concept, int]], family: int
) -> tuple[str, ...]:
    """The words of a family that enough people say, most people first; how many is not told word by word."""
    people = people_saying(every.message, every.concept, corpus.author, themes=len(listed))
    own = [word for word, (_, number) in enumerate(listed) if number == family and people[word] >= FIGURES]
    labels = (listed[word][0].label for word in sorted(own, key=lambda word: -people[word]))
    return tuple(dict.fromkeys(labels))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Parts:
    """The units right below the one that holds all.

    Attributes:
        scope: path of the unit that holds all; "" for the whole.
        paths: of U units.
        of: (n,) number of the unit that each message is said in or below; -1 for none of them.
        others: units beyond the `MOST_UNITS` in which most people speak.
    """

    scope: str
    paths: tuple[str, ...]
    of: NDArray[np.int64]
    others: int


def _parts(corpus: Corpus) -> Parts:
    units = corpus.messages["unit"]
    ways = [path.split("/") for path in units.drop_nulls().unique()]
    depth = 0
    while ways and all(len(way) > depth and way[: depth + 1] == ways[0][: depth + 1] for way in ways):
        depth += 1
    # whoever is told to be in the unit that holds all is in none of its parts
    heads = units.str.split("/").list.head(depth + 1)
    part = heads.list.join("/").set((heads.list.len() <= depth).fill_null(value=False), None)
    people = (
        pl.DataFrame({"part": part, "author": corpus.author})
        .drop_nulls()
        .group_by("part")
        .agg(pl.col("author").n_unique())
        .sort("author", "part", descending=[True, False])
    )
    names = sorted(people["part"].head(MOST_UNITS))
    numbers = part.replace_strict(names, list(range(len(names))), default=-1, return_dtype=pl.Int64)
    scope = "/".join(ways[0][:depth]) if ways else ""
    return Parts(scope, tuple(names), numbers.fill_null(-1).to_numpy(), people.height - len(names))


@dataclass(frozen=True, slots=True)
class Against:
    """Units against the rest: what may be shown."""

    cells: tuple[tuple[InUnit, ...], ...]
    spoke: dict[str, int | None]
    withheld: int

    def of(self, family: int) -> tuple[InUnit, ...]:
        """A family in each unit."""
        return self.cells[family]


def against_the_rest(
    corpus: Corpus, said: Said, parts: Parts, shown: NDArray[np.int64], *, rate: float
) -> Against:
    """Each family in each unit, compared with people elsewhere who speak as much, in the same language."""
    units = len(parts.paths)
    message, family, _ = _of(said, shown)
    spoke, saying = _counted(corpus, parts, message, family, families=len(shown))
    parent = np.concatenate([[-1], np.zeros(units, np.int64)])
    hidden = withheld(spoke, parent)[1:]
    away = (
        hidden[:, None]
        # who does not say it is told as well, by whoever knows how many speak
        | (withheld(saying, parent) | withheld(spoke[:, None] - saying, parent))[1:]
    )
    tests = _tests(corpus, said, parts, shown)
    q = np.ones((units, len(shown)))
    q[~hidden] = adjusted(_p_of(tests, len(shown))[~hidden].ravel()).reshape(-1, len(shown))
    found, tested = int((q <= rate).sum()), max(int((~hidden).sum()) * len(shown), 1)
    level = coverage_level(found, tested, rate)
    cells = []
    for at, path in enumerate(parts.paths):
        test = tests[at].at(level)
        seen = detectable_ratio_of_two(
            test.people_outside, test.people_inside, test.inflation, found=found, tested=tested, rate=rate
        )
        claimed = q[at] <= rate
        cells.append(
            [
                InUnit(path, None, None, None, None, "withheld")
                if away[at, k]
                else _cell(path, test, k, q=float(q[at, k]) if claimed[k] else None, seen=float(seen[k]))
                for k in range(len(shown))
            ]
        )
    people = {path: None if hidden[at] else int(spoke[at + 1]) for at, path in enumerate(parts.paths)}
    families = tuple(tuple(row[k] for row in cells) for k in range(len(shown)))
    return Against(families, people, int(away.sum()))


def p_values(corpus: Corpus, said: Said, parts: Parts, shown: NDArray[np.int64]) -> NDArray[np.float64]:
    """(U, F) of each family in each unit against the rest."""
    return _p_of(_tests(corpus, said, parts, shown), len(shown))


def _p_of(tests: Sequence[Sidedness], families: int) -> NDArray[np.float64]:
    return np.array([test.p for test in tests], np.float64).reshape(len(tests), families)


def _tests(corpus: Corpus, said: Said, parts: Parts, shown: NDArray[np.int64]) -> list[Sidedness]:
    """Each unit against everybody else."""
    counts = _of(said, shown)
    return [_test(corpus, said.tokens, parts.of == at, counts) for at in range(len(parts.paths))]


def _of(said: Said, shown: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64], int]:
    """Message and family of each use of some families, these numbered in their order, and how many they are."""
    number = np.full(len(said.concepts), -1, np.int64)
    number[shown] = np.arange(len(shown))
    own = number[said.concept] >= 0
    return said.message[own], number[said.concept[own]], len(shown)


def _counted(
    corpus: Corpus,
    parts: Parts,
    message: NDArray[np.int32],
    family: NDArray[np.int64],
    *,
    families: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(1 + U,) people of the whole and of each unit, and (1 + U, F) those who say each family."""
    units = len(parts.paths)

    def distinct(author: NDArray[np.integer], cell: NDArray[np.int64], cells: int) -> NDArray[np.int64]:
        pairs = np.unique(author.astype(np.int64) * cells + cell)
        return np.bincount(pairs % cells, minlength=cells)

    placed = parts.of >= 0
    spoke = np.concatenate(
        [[corpus.people], distinct(corpus.author[placed], parts.of[placed], max(units, 1))[:units]]
    )
    author, unit = corpus.author[message], parts.of[message]
    whole = distinct(author, family, families)
    inside = unit >= 0
    cell = unit[inside] * families + family[inside]
    saying = distinct(author[inside], cell, max(units * families, 1))[: units * families]
    return spoke, np.concatenate([whole, saying]).reshape(1 + units, families)


def _test(
    corpus: Corpus,
    tokens: NDArray[np.int32],
    here: NDArray[np.bool_],
    saying: tuple[NDArray[np.int32], NDArray[np.int64], int],
) -> Sidedness:
    """One unit against everybody else: a row is a person here, or a person elsewhere, once."""
    message, family, families = saying
    row = codes(pl.Series(corpus.author), pl.Series(here))
    rows = int(row.max()) + 1
    first = np.full(rows, len(row), np.int64)
    np.minimum.at(first, row, np.arange(len(row)))
    language = codes(corpus.messages["language"])[first]
    stratum = length_strata(np.bincount(row, weights=tokens, minlength=rows), language)
    presence = Presence.of_pairs(row[message], family, rows=rows, themes=families)
    where = None
    if corpus.conversation is not None:
        where = corpus.conversation[message[presence.first_pairs(row[message], family)]]
    return sidedness(presence, here[first], stratum, where=where)


def _cell(path: str, test: Sidedness, k: int, *, q: float | None, seen: float) -> InUnit:
    ratio = float(test.ratio[k])
    answer = "alike" if seen <= STEADY_RATIO else "cannot be told"
    if q is not None:
        answer = "more" if ratio > 1 else "less"
    here, elsewhere = (
        Estimate(float(value[k]), float(low[k]), float(high[k]), "share of people")
        for value, low, high in (
            (test.outside, test.outside_low, test.outside_high),
            (test.inside, test.inside_low, test.inside_high),
        )
    )
    change = Estimate(ratio, float(test.ratio_low[k]), float(test.ratio_high[k]), "ratio", q)
    return InUnit(path, here, elsewhere, change, seen, answer)
