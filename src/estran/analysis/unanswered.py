"""One question: what do customers raise that nobody inside takes up, and what does the inside speak of that they never do?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of, on_board
from estran.analysis.continuum import place, ratio_of
from estran.analysis.evidence import LONGEST, SENTENCE, quotes, quotes_of
from estran.analysis.facing import face_to_face
from estran.analysis.meanings import Meanings
from estran.errors import SettingsError
from estran.findings import Facing, Unanswered, Untaken
from estran.privacy import figure_allowed, quote_allowed, withheld_parts
from estran.stats.multiplicity import coverage_level, discoveries
from estran.stats.sidedness import sidedness
from estran.text.encoders.base import unit_rows
from estran.text.encoders.plain import Plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.analysis.facing import FaceToFace, People
    from estran.analysis.ground import Ground
    from estran.findings import Quote
    from estran.stats.presence import Bools, Floats, Ints
    from estran.stats.sidedness import Sidedness

STRETCHES = 3
"""Stretches of time in which a theme must be raised and not taken up."""
THICK = 100
"""People of the thinner side in a stretch: of a hundred, of whom nobody says a theme, at most 3 in 100 say it."""
MOST = 12
"""Stretches at the most."""
READ = 3_000
"""Messages of the other side among which the nearest are looked for, spread evenly over time."""
OWN = 40
"""Messages that hold a theme, whose mean vector stands for it."""
NEAR = 40
"""Sentences that count as the nearest; people among them must be enough to be quoted."""
LEAST_NEAR = 0.25
"""Cosine, beside the mean of the other side, below which nothing is near."""
BLOCKS = ("unanswered-inside", "unanswered-outside")
"""Under whose names the vectors of sentences are kept, of either side's themes."""
SHORTEST = 4
"""Words below which a sentence says nothing by itself."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What was claimed of each of P themes.

    Attributes:
        whole: both sides over all the time in which both speak.
        q: (P,) smallest rate at which the gap is claimed.
        over: (S, 2, P) stretches in which the inside (0), or the outside (1), says it so many times more.
        claimed: (2, P) whether it is claimed of the inside (0) or of the outside (1).
        stretches: (first, past) periods of each stretch.
        enough: whether people and stretches are enough for such a claim at all.
    """

    whole: Sidedness
    q: Floats
    over: Bools
    claimed: Bools
    stretches: tuple[tuple[int, int], ...]
    enough: bool


def claim(facing: FaceToFace, *, times: float, rate: float) -> Claims:
    """The themes that one side says `times` more than the other, sure bound against sure bound, in 3 stretches at least.

    Bounds alone hold no rate over thousands of themes: the gap itself must be claimed too, at the stated rate.

    Args:
        facing: both sides.
        times: how many times more.
        rate: of false discoveries.
    """
    people = facing.people()
    first = sidedness(people.presence, people.outside, people.stratum, where=people.where)
    found = discoveries(first.p, (first.people_inside + first.people_outside).astype(np.float64), rate=rate)
    level = coverage_level(int(found.found.sum()), found.tested, rate)
    whole = first.at(level)
    stretches = _stretches(facing)
    over = np.zeros((len(stretches), 2, people.presence.themes), bool)
    sure = np.zeros(len(stretches), bool)
    able = np.flatnonzero(found.found)
    asked = facing.about(np.append(able, _silent(people)))
    for s, (begin, end) in enumerate(stretches):
        some = asked.people(begin, end)
        told = sidedness(some.presence, some.outside, some.stratum, where=some.where, tested=False)
        over[s, 0, able] = (told.inside_low > times * told.outside_high)[: len(able)]
        over[s, 1, able] = (told.outside_low > times * told.inside_high)[: len(able)]
        sure[s] = times * min(told.inside_high.min(initial=1.0), told.outside_high.min(initial=1.0)) < 1.0
    more = np.stack([whole.inside > whole.outside, whole.outside > whole.inside])
    return Claims(
        whole=whole,
        q=found.q,
        over=over,
        claimed=found.found & more & (over.sum(axis=0) >= STRETCHES),
        stretches=stretches,
        enough=bool(sure.sum() >= STRETCHES),
    )


def _silent(people: People) -> int:
    """The theme that fewest people say: how little of it a stretch could show is the most that a stretch can show."""
    return int(np.argmin(people.presence.uses))


def _stretches(facing: FaceToFace) -> tuple[tuple[int, int], ...]:
    """The time in which both sides speak, cut so that the thinner side speaks as much in each; a period at least."""
    thinner = np.minimum(*facing.both())[facing.first : facing.past].astype(float)
    periods = len(thinner)
    count = int(np.clip(thinner.sum() // THICK, min(STRETCHES, periods), min(periods, MOST)))
    part = np.cumsum(thinner) / max(thinner.sum(), 1.0)
    cuts = np.searchsorted(part, np.arange(1, count) / count, side="left") + 1
    for i in range(1, len(cuts)):
        cuts[i] = max(cuts[i], cuts[i - 1] + 1)
    for i in range(len(cuts) - 1, -1, -1):
        cuts[i] = min(cuts[i], periods - (len(cuts) - i))
    bounds = [facing.first, *(facing.first + cuts).tolist(), facing.past]
    return tuple(pairwise(bounds))


def unanswered(ground: Ground) -> Unanswered:
    """What customers raise that nobody inside takes up, and what the inside speaks of that no customer does."""
    times, top = ground.settings.unanswered_times, ground.settings.top
    facing = face_to_face(ground.corpus, ground.said)
    if isinstance(facing, Facing):
        return Unanswered(
            facing, (), (), times, (), False, 0, 0, ground.coverage, ground.provenance()
        )  # fmt: skip
    ground.progress.stage("test", None)
    claims = claim(facing, times=times, rate=ground.settings.false_discovery_rate)
    themes = np.array([on_board(c) for c in ground.said.concepts], bool)
    lists = [_order(claims, side, themes) for side in (1, 0)]
    neighbours = _Neighbours(ground, facing)
    raised, unheard = (
        tuple(
            _untaken(ground, facing, claims, side, j, near)
            for j, near in zip(chosen[:top].tolist(), neighbours.of(chosen[:top], side), strict=True)
        )
        for side, chosen in zip((1, 0), lists, strict=True)
    )
    return Unanswered(
        facing=Facing.COMPARED,
        raised=raised,
        unheard=unheard,
        times=times,
        stretches=tuple(_label(ground, each) for each in claims.stretches),
        enough=claims.enough,
        all_raised=len(lists[0]),
        all_unheard=len(lists[1]),
        coverage=ground.coverage,
        provenance=ground.provenance(raised=len(lists[0]), unheard=len(lists[1])),
    )


def _label(ground: Ground, stretch: tuple[int, int]) -> str:
    """A stretch as people write it: its first and its last period, once where they are one."""
    labels = ground.corpus.grid.labels
    first, last = labels[stretch[0]], labels[stretch[1] - 1]
    return first if first == last else f"{first} \N{EN DASH} {last}"


def _order(claims: Claims, side: int, themes: Bools) -> Ints:
    """The claimed themes of a side that may be shown, most people for how surely first."""
    whole = claims.whole
    people = (whole.people_inside, whole.people_outside)[side]
    numbers = np.flatnonzero(claims.claimed[side] & themes & figure_allowed(people))
    with np.errstate(divide="ignore"):
        sure = np.log(whole.ratio_low[numbers]) if side else -np.log(whole.ratio_high[numbers])
    strength = np.clip(sure, 0.0, 6.0) * np.sqrt(people[numbers])
    return numbers[np.argsort(-strength, kind="stable")]


def _untaken(
    ground: Ground, facing: FaceToFace, claims: Claims, side: int, j: int, nearest: tuple[Quote, ...]
) -> Untaken:
    concept, whole = ground.said.concepts[j], claims.whole
    counts = np.array([whole.people_inside[j], whole.people_outside[j]])
    shares = place(whole, j)
    saying, other = (shares.outside, shares.inside) if side else (shares.inside, shares.outside)
    ratio = (whole.ratio[j], whole.ratio_low[j], whole.ratio_high[j])
    if not side:
        with np.errstate(divide="ignore"):
            ratio = (1 / ratio[0], 1 / ratio[2], 1 / ratio[1])
    assert saying is not None  # the side that says it has people enough to be shown, or it is not in the list
    rows = facing.messages(j, outside=bool(side))
    hidden = withheld_parts(counts, int(counts.sum())).any()
    return Untaken(
        id=id_of(concept),
        label=concept.label,
        labels=concept.labels,
        saying=saying,
        other=other,
        ratio=ratio_of(ratio, float(claims.q[j])) if other is not None else None,
        q=float(claims.q[j]),
        stretches=tuple(
            _label(ground, each)
            for each, over in zip(claims.stretches, claims.over[:, side, j], strict=True)
            if over
        ),
        nobody=len(facing.messages(j, outside=not side)) == 0,
        people=None if hidden else int(counts[side]),
        quotes=quotes(
            ground.corpus, concept, rows.astype(np.int32), periods=(facing.first, facing.past), most=2
        ),
        nearest=nearest,
    )


class _Neighbours:
    """What the other side says that comes nearest to a theme, by the vectors of sentences."""

    def __init__(self, ground: Ground, facing: FaceToFace) -> None:
        self._corpus, self._facing, self._said = ground.corpus, facing, ground.said
        self._meanings = ground.origin.meanings or Meanings(ground.settings)
        self._progress = ground.progress

    def of(self, themes: Ints, side: int) -> list[tuple[Quote, ...]]:
        """Up to two sentences of the other side for each theme of a side.

        Vectors are taken beside the mean of the other side: what is said with anything is near to nothing.
        """
        if len(themes) == 0:
            return []
        other = self._sentences(self._facing.rows(outside=not side), READ)
        own = [
            self._sentences(
                self._facing.messages(j, outside=bool(side)),
                OWN,
                words={form for _, form in self._said.concepts[j].variants},
            )
            for j in themes.tolist()
        ]
        self._progress.stage("encode", None)
        vectors = self._encoded([text for some in (other, *own) for _, text in some], block=BLOCKS[side])
        usual = vectors[: len(other)].mean(axis=0) if other else 0.0
        vectors = unit_rows((vectors - usual).astype(np.float32)).astype(np.float64)
        found, at = [], len(other)
        for some in own:
            mean = vectors[at : at + len(some)].sum(axis=0)
            at += len(some)
            found.append(self._nearest(mean, other, vectors[: len(other)]))
        return found

    def _sentences(self, rows: Ints, most: int, *, words: set[str] | None = None) -> list[tuple[int, str]]:
        """A sentence of each of some messages, spread evenly: one that holds the words, or the longest that can be quoted."""
        chosen = rows[:: max(1, -(-len(rows) // most))].astype(np.int32)
        told = []
        for row, text in zip(
            chosen.tolist(), self._corpus.take(chosen, ("spoken",))["spoken"].to_list(), strict=True
        ):
            parts = [part.strip() for part in SENTENCE.split(text) if len(part) <= LONGEST]
            if words:
                parts = [part for part in parts if any(word in part.lower() for word in words)] or parts
            best = max(parts, key=len, default="")
            if len(best.split()) >= SHORTEST:
                told.append((row, best))
        return told

    def _encoded(self, texts: Sequence[str], *, block: str) -> Floats:
        """(n, d) vectors of texts, of which those of these alone are kept; by shared words where the encoder is not at hand."""
        try:
            vectors = self._meanings.of(texts, block=block)
            self._meanings.keep_only(texts, block=block)
        except SettingsError:
            vectors = Plain().encode(texts)
        return np.asarray(vectors, np.float64)

    def _nearest(self, mean: Floats, other: Sequence[tuple[int, str]], said: Floats) -> tuple[Quote, ...]:
        near = said @ (mean / max(float(np.linalg.norm(mean)), 1e-12))
        order = np.argsort(-near, kind="stable")[:NEAR]
        order = order[near[order] >= LEAST_NEAR]
        rows = np.array([other[k][0] for k in order.tolist()], np.int64)
        if not quote_allowed(len(np.unique(self._corpus.author[rows]))):
            return ()
        return quotes_of(self._corpus, [other[k] for k in order[:6].tolist()], most=2)
