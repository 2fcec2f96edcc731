"""One question: who said it first, those outside or those inside?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta

from estran.analysis.board import id_of
from estran.analysis.leading import answers_of, estimates, in_time, parts_of
from estran.findings import Curve, Estimate, First, Lead, Notice, Pull
from estran.model import Side
from estran.privacy import FIGURES
from estran.stats.leads import FEWEST_PERIODS, reach
from estran.stats.multiplicity import coverage_level, discoveries
from estran.stats.rates import share_intervals, standardised_shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.ground import Ground
    from estran.analysis.leading import Parts
    from estran.stats.presence import Rows

OUTSIDE, INSIDE = 0, 1
WRONG = 0.10
"""Share of the intervals shown that miss the lag, on average."""


def pull(ground: Ground) -> Pull:
    """Who said each theme that moved first, outside or inside, and by how long."""
    corpus, said, stand = ground.corpus, ground.said, ground.stand
    ground.progress.stage("leads", None)
    places = sorted((*stand.incoming, *stand.outgoing), key=lambda place: -stand.strength[place.k])
    k = np.array([place.k for place in places], np.int64)
    themes = stand.course.themes[k] if len(k) else np.zeros(0, np.int64)
    part = sides_of(corpus)
    cannot = _cannot(corpus, part)
    parts = parts_of(ground, themes, part, parts=2)
    compared = parts.pair(OUTSIDE, INSIDE)
    if cannot is None and len(compared.leads.periods) < FEWEST_PERIODS:
        cannot = Notice(
            "few-common-periods", {"periods": len(compared.leads.periods), "least": FEWEST_PERIODS}
        )
    claims = discoveries(
        compared.leads.p, compared.uses.min(axis=0).astype(float), rate=ground.settings.false_discovery_rate
    )
    level = coverage_level(int(claims.found.sum()), claims.tested, WRONG)
    answers = answers_of(compared, claims.found)
    order = sorted(range(len(themes)), key=lambda j: (_rank(answers[j]), claims.q[j], j))
    ahead = estimates(compared.leads, level, claims.q)
    pictured = [
        j
        for first in (First.OUTSIDE, First.INSIDE)
        for j in [j for j in order if answers[j] is first][: ground.settings.top]
    ]
    curves = _curves(parts, compared.leads.periods, pictured, corpus.grid.labels, level) if pictured else {}
    leads = []
    for j in order:
        concept = said.concepts[int(themes[j])]
        shown = bool((compared.people[:, j] >= FIGURES).all())
        lag = ahead[j] if shown and answers[j] is not First.NOT_ENOUGH else None
        pair = curves.get(j)
        leads.append(
            Lead(
                id=id_of(concept),
                label=concept.label,
                labels=concept.labels,
                shape=stand.course.shapes[int(k[j])],
                first=answers[j],
                ahead=lag,
                time=in_time(lag, corpus.grid.step) if lag else None,
                inside=int(compared.people[INSIDE, j]) if shown else None,
                outside=int(compared.people[OUTSIDE, j]) if shown else None,
                inside_curve=pair[INSIDE] if pair else None,
                outside_curve=pair[OUTSIDE] if pair else None,
            )
        )
    there = compared.leads.periods
    labels = corpus.grid.labels
    return Pull(
        leads=tuple(leads),
        from_outside=_share([lead.first for lead in leads]),
        periods=(labels[there[0]], labels[there[-1]]) if len(there) else (),
        compared=len(there),
        level=level,
        longest=float(reach(len(there))),
        cannot=cannot,
        coverage=ground.coverage,
        provenance=ground.provenance(
            leads=sum(lead.first in {First.OUTSIDE, First.INSIDE} for lead in leads)
        ),
    )


def sides_of(corpus: Corpus) -> NDArray[np.int32]:
    """(n,) 0 for messages from outside, 1 for those from inside, -1 where the side is not known."""
    side = corpus.messages["side"]
    part = np.full(len(side), -1, np.int32)
    for code, name in ((OUTSIDE, Side.OUTSIDE), (INSIDE, Side.INSIDE)):
        part[(side == name.value).fill_null(value=False).to_numpy()] = code
    return part


def _cannot(corpus: Corpus, part: NDArray[np.int32]) -> Notice | None:
    """Why two sides cannot be compared at all."""
    people = {
        name: len(np.unique(corpus.author[part == code]))
        for code, name in ((OUTSIDE, "outside"), (INSIDE, "inside"))
    }
    if not any(people.values()):
        return Notice("no-sides", {})
    for name, count in people.items():
        if count == 0:
            return Notice("one-side-only", {"side": name})
        if count < FIGURES:
            return Notice("side-too-small", {"side": name, "least": FIGURES})
    return None


def _rank(first: First) -> int:
    return [First.OUTSIDE, First.INSIDE, First.CLOSE, First.UNLIKE, First.NOT_ENOUGH].index(first)


def _share(firsts: list[First]) -> Estimate | None:
    """Of the themes with a lead, those of which the outside was ahead (Jeffreys' interval, themes taken as independent)."""
    outside, inside = firsts.count(First.OUTSIDE), firsts.count(First.INSIDE)
    if not outside + inside:
        return None
    low = float(beta.ppf(0.025, outside + 0.5, inside + 0.5)) if outside else 0.0
    high = float(beta.ppf(0.975, outside + 0.5, inside + 0.5)) if inside else 1.0
    return Estimate(outside / (outside + inside), low, high, "share of themes")


def _curves(
    parts: Parts, there: NDArray[np.int64], themes: list[int], names: tuple[str, ...], level: float
) -> dict[int, tuple[Curve, Curve]]:
    """Theme -> the curves outside and inside: share of the people of a side, in the periods in which both speak.

    People are withheld on both sides where one has 1 to 4 in a period: the curve over all would tell them.
    """
    periods = parts.periods
    told = []
    for side in (OUTSIDE, INSIDE):
        rows = parts.voices.of(side).take(np.array(themes, np.int64))
        low, high = share_intervals(rows, periods=periods, levels=level)
        told.append((standardised_shares(rows, periods=periods).share, low, high, _people(rows, periods)))
    few = np.any([(people > 0) & (people < FIGURES) for *_, people in told], axis=0)
    labels = tuple(names[t] for t in there)

    def curve(side: int, k: int) -> Curve:
        share, low, high, people = told[side]
        return Curve(
            periods=labels,
            share=tuple(share[there, k].tolist()),
            low=tuple(low[there, k].tolist()),
            high=tuple(high[there, k].tolist()),
            people=tuple(None if few[t, k] else int(people[t, k]) for t in there),
        )

    return {j: (curve(OUTSIDE, k), curve(INSIDE, k)) for k, j in enumerate(themes)}


def _people(rows: Rows, periods: int) -> NDArray[np.int64]:
    """(T, K) distinct people who used each theme in each period; one may have several rows there."""
    presence = rows.presence
    theme = np.repeat(np.arange(presence.themes), presence.uses)
    cell = theme * periods + rows.period[presence.indices]
    pair = np.unique(np.stack([cell, rows.cluster[presence.indices]]), axis=1)
    return np.bincount(pair[0], minlength=presence.themes * periods).reshape(presence.themes, periods).T
