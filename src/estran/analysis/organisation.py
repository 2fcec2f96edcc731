"""One question: what does each part of the organisation say more, or less, than the rest of it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import alike, id_of, on_board
from estran.analysis.unitrows import Beside, Speaking, beside, speaking, units_at
from estran.analysis.units import check_scope, people_of, tree_of
from estran.analysis.unitwindows import Windows, using, windows
from estran.findings import Estimate, Organisation, ThemeByUnit, UnitCompared, UnitShare
from estran.model import unit_path
from estran.privacy import figure_allowed, withheld
from estran.stats.multiplicity import coverage_level, discoveries
from estran.stats.power import LARGEST_RATIO, STEADY_RATIO, detectable_ratio_of_two
from estran.stats.sidedness import comparable, sidedness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.ground import Ground
    from estran.analysis.progress import Progress
    from estran.analysis.themes import Said
    from estran.analysis.units import Tree
    from estran.settings import Settings
    from estran.stats.sidedness import Sidedness

CANDIDATES = 4
"""Times the themes shown, that are looked at for those that say the same thing."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs: P themes by U units.

    Attributes:
        units: (U,) numbers of the units in the tree; those of enough people.
        spoke: who spoke where.
        found: (P, U) whether the unit says the theme more or less than the rest.
        q: (P, U) smallest rate at which it would be claimed.
        distance: (P, U) how far apart the two shares lie, as the difference of ``asin sqrt share`` (Cohen's h over 2), which
            weighs a share that doubles and one that gains points alike.
        tested: pairs that were.
        rate: of false claims.
    """

    units: NDArray[np.int64]
    spoke: Speaking
    found: NDArray[np.bool_]
    q: NDArray[np.float64]
    distance: NDArray[np.float64]
    tested: int
    rate: float

    @property
    def level(self) -> float:
        """Of the intervals of what was found."""
        return coverage_level(int(self.found.sum()), self.tested, self.rate)

    def of(self, unit: int, themes: NDArray[np.int64], of: Beside) -> Sidedness:
        """Shares of some themes in the unit of a column ("outside") and in the rest ("inside"), with their intervals."""
        level = np.where(self.found[themes, unit], self.level, 1.0 - self.rate)
        uses, starts = of.presence.uses[themes], of.presence.indptr[:-1][themes]
        ends = np.cumsum(uses)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - uses), uses)
        where = None if of.where is None else of.where[at]
        told = sidedness(of.presence.take(themes), of.inside, of.stratum, where=where, tested=False)
        return told.at(level)


def organisation(ground: Ground, *, unit: str | None = None) -> Organisation:
    """Every theme in every unit right below one, against the rest.

    Args:
        ground: of all messages, whatever their unit: who sees a part is shown nothing that the whole would tell.
        unit: path of what the units lie in; the whole organisation by default.

    Raises:
        NotEnoughError: nothing is said there, or too few people say it.
    """
    corpus, said, path = ground.corpus, ground.said, unit_path(unit or "")
    if path:
        check_scope(corpus.messages["unit"], corpus.author, path=path)
    tree = tree_of(corpus.messages["unit"])
    people = people_of(tree, corpus.author)
    away = withheld(people, tree.parent)
    children = np.array(tree.children(path), np.int64)
    level = tree.paths.index(path)
    ground.progress.stage("units", len(children))
    at = units_at(tree, level)
    able = children[figure_allowed(people[children]) & ~away[children]]
    found = differences(corpus, said, at, able, settings=ground.settings, progress=ground.progress)
    order = foremost(ground, found)
    heads = alike(order, ground.judgement, said.concepts)
    hidden = withheld(using(tree, said, corpus.author, order), tree.parent)[able]
    # where nothing but words may be told, a theme further down says more
    places = sorted(heads, key=lambda head: bool(hidden[:, head].all()))[: ground.settings.top]
    told = {place: heads[place] for place in places}
    themes = order[places]
    seen = windows(corpus, said, tree, themes, level=level)
    shares = [
        _shares(found, u, themes, few=seen.few[able[u]], hidden=seen.withheld[able[u]])
        for u in range(len(able))
    ]
    column = {number: u for u, number in enumerate(able.tolist())}
    cards = tuple(
        ThemeByUnit(
            id=id_of(said.concepts[j]),
            label=said.concepts[j].label,
            labels=said.concepts[j].labels,
            units=tuple(
                _with_curve(shares[column[c]][k], tree.paths[c], seen, c, k)
                if c in column
                else UnitShare(tree.paths[c], "withheld")
                for c in children.tolist()
            ),
            curve=seen.curve(level, k),
            also=tuple(said.concepts[order[other]].label for other in folded),
        )
        for k, (j, folded) in enumerate(zip(themes.tolist(), told.values(), strict=True))
    )
    return Organisation(
        unit=path,
        units=tuple(_compared(tree, c, people, away, found, column) for c in children.tolist()),
        themes=cards,
        windows=seen.labels,
        unknown=int(corpus.messages["unit"].null_count()),
        tested=found.tested,
        found=int(found.found.sum()),
        withheld=sum(share.share is None for card in cards for share in card.units),
        coverage=ground.coverage,
        provenance=ground.provenance(differ=int(found.found.any(axis=1).sum())),
    )


def differences(
    corpus: Corpus,
    said: Said,
    at: NDArray[np.int64],
    units: NDArray[np.int64],
    *,
    settings: Settings,
    progress: Progress,
) -> Differences:
    """Test every theme that may stand on a board in every unit, at one rate of false claims over all of them.

    Args:
        corpus: n messages.
        said: which of P themes they say.
        at: (n,) unit of each message (`estran.analysis.unitrows.units_at`).
        units: (U,) numbers of the units that are compared.
        settings: the rate, and how many threads test.
        progress: told about each unit.
    """
    rate = settings.false_discovery_rate
    fit = np.array([on_board(concept) for concept in said.concepts], bool)
    p, support, distance = np.ones((len(fit), len(units))), *np.zeros((2, len(fit), len(units)))
    spoke = speaking(corpus, said, at)
    for u, number in enumerate(units.tolist()):
        of = beside(spoke, number)
        told = sidedness(of.presence, of.inside, of.stratum, where=of.where, threads=settings.threads)
        p[:, u], support[:, u] = told.p, told.people_inside + told.people_outside
        distance[:, u] = np.abs(np.arcsin(np.sqrt(told.outside)) - np.arcsin(np.sqrt(told.inside)))
        progress.advance(1)
    testable = fit[:, None] & (support > 0)
    claims = discoveries(p[testable], support[testable], rate=rate)
    found, q = np.zeros(p.shape, bool), np.ones(p.shape)
    found[testable], q[testable] = claims.found, claims.q
    return Differences(units, spoke, found, q, distance, claims.tested, rate)


def foremost(ground: Ground, found: Differences) -> NDArray[np.int64]:
    """Themes that differ, the furthest apart first, then those that most people say: several times as many as are shown."""
    fit = np.array([on_board(concept) for concept in ground.said.concepts], bool)
    most = CANDIDATES * ground.settings.top
    apart = np.where(found.found, found.distance, 0.0).max(axis=1, initial=0.0)
    order = np.lexsort((-ground.judgement.people, -apart))
    chosen: NDArray[np.int64] = order[fit[order]][:most]
    return chosen


def _shares(
    found: Differences,
    u: int,
    themes: NDArray[np.int64],
    *,
    few: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
) -> list[UnitShare]:
    """The shares of the themes shown in one unit, and what can be said of each."""
    of = beside(found.spoke, int(found.units[u]))
    told = found.of(u, themes, of)
    both = comparable(of.inside, of.stratum)
    part = float(np.mean(of.inside[both])) if both.any() else 0.0
    users = (told.people_inside + told.people_outside).astype(np.float64)
    seen = detectable_ratio_of_two(
        users * (1 - part), users * part, told.inflation,
        found=int(found.found.sum()), tested=found.tested, rate=found.rate,
    )  # fmt: skip
    shares = []
    for k, j in enumerate(themes.tolist()):
        claimed = bool(found.found[j, u])
        verdict = "withheld" if few[k] else _verdict(claimed, float(told.ratio[k]), float(seen[k]))
        if hidden[
            k
        ]:  # with its figures, those of a unit beside it could be told; that it differs tells nobody
            shares.append(UnitShare("", verdict))
            continue
        q = float(found.q[j, u]) if claimed else None
        shares.append(
            UnitShare(
                "",
                verdict,
                Estimate(*_ends(told.outside, told.outside_low, told.outside_high, k), "share of people"),
                Estimate(*_ends(told.inside, told.inside_low, told.inside_high, k), "share of people"),
                Estimate(*_ends(told.ratio, told.ratio_low, told.ratio_high, k), "ratio", q),
                float(seen[k]),
            )
        )
    return shares


def _verdict(claimed: bool, ratio: float, detectable: float) -> str:  # noqa: FBT001
    if claimed:
        return "more" if ratio > 1 else "less"
    if detectable <= STEADY_RATIO:
        return "alike"
    return "open" if detectable <= LARGEST_RATIO else "not enough"


def _ends(
    value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], k: int
) -> tuple[float, float, float]:
    return float(value[k]), float(low[k]), float(high[k])


def _with_curve(share: UnitShare, path: str, seen: Windows, number: int, k: int) -> UnitShare:
    curve = () if share.share is None else seen.curve(number, k)
    return replace(share, unit=path, curve=curve)


def _compared(
    tree: Tree,
    number: int,
    people: NDArray[np.int64],
    away: NDArray[np.bool_],
    found: Differences,
    column: dict[int, int],
) -> UnitCompared:
    """A unit, with how many of its people can be compared, and in how many themes it differs."""
    if number not in column:
        return UnitCompared(tree.paths[number], None if away[number] else int(people[number]))
    u = column[number]
    of = beside(found.spoke, number)
    told = found.of(u, np.flatnonzero(found.found[:, u]), of)
    return UnitCompared(
        tree.paths[number],
        int(people[number]),
        float(comparable(of.inside, of.stratum)[of.inside].mean()),
        int((told.ratio > 1).sum()),
        int((told.ratio < 1).sum()),
    )
