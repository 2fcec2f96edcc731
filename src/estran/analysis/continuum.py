"""One question: what do the inside and the outside say of the same themes, and is the gap between them closing?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.board import id_of, on_board
from estran.analysis.facing import face_to_face
from estran.findings import Coherent, Continuum, Course, Estimate, Facing, Gap, Place, SidedTheme
from estran.privacy import FIGURES, figure_allowed, withheld_parts
from estran.stats.coherence import coherence
from estran.stats.gaps import gap_test
from estran.stats.multiplicity import coverage_level, discoveries
from estran.stats.sidedness import comparable, sidedness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.analysis.facing import FaceToFace, People
    from estran.analysis.ground import Ground
    from estran.stats.gaps import GapTest
    from estran.stats.multiplicity import Discoveries
    from estran.stats.presence import Bools, Floats, Ints
    from estran.stats.sidedness import Sidedness

MAP = 160
"""Themes on the map: more are a cloud."""
ALIKE = 2.0
"""Sides are alike in a theme, and a gap stays, where a ratio of x2 either way is ruled out."""
WINDOW = 1 / 3
"""Share of the talk that the earlier window holds, and the present one."""
SEED = 7
"""Of the random deals of sides: the same talk has the same coherence."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the tests say of each of P themes.

    Attributes:
        people: of all the time in which both sides speak.
        whole: both sides, over that time.
        claims: themes that one side says more.
        then: both sides in the earlier window, or None.
        now: in the present window.
        test: whether the gap moved.
        moves: themes whose gap moved, and whose windows show it too: the interval of the move holds no standstill.
        moved: (P, 3) ratio of the gaps now and then, with its interval.
        moved_q: (P,) of that claim.
        level: of the intervals.
    """

    people: People
    whole: Sidedness
    claims: Discoveries
    then: Sidedness | None
    now: Sidedness
    test: GapTest
    moves: Bools
    moved: Floats
    moved_q: Floats
    level: float


def continuum(ground: Ground) -> Continuum:
    """Both sides as one continuum: per theme the gap, whether it closes, and how coherent the whole is."""
    facing = face_to_face(ground.corpus, ground.said)
    if isinstance(facing, Facing):
        return Continuum(
            facing, (), None, (), (), (), 0, 0, 0, {}, ground.coverage, ground.provenance()
        )  # fmt: skip
    ground.progress.stage("test", None)
    told = compare(facing, rate=ground.settings.false_discovery_rate)
    people, then, now = told.people, *_windows(facing)
    themes = np.array([on_board(c) for c in ground.said.concepts], bool)
    gaps, courses = _gaps(told, themes), _courses(told, themes)
    counts = Counter([*gaps.values(), *(c for c in courses.values() if c is not Course.NOT_ENOUGH)])
    shown = _foremost(told, gaps, courses)
    rng = np.random.default_rng(SEED)
    there = comparable(people.outside, people.stratum)
    labels = ground.corpus.grid.labels
    return Continuum(
        facing=Facing.COMPARED,
        themes=tuple(_theme(ground, told, j, gaps[j], courses[j]) for j in shown.tolist()),
        whole=_coherent(people, "", rng),
        coherence=tuple(
            _coherent(facing.people(p, p + 1), labels[p], rng) for p in range(facing.first, facing.past)
        ),
        then=(labels[then[0]], labels[then[1] - 1]) if then else (),
        now=(labels[now[0]], labels[now[1] - 1]),
        inside=_shown(int((there & ~people.outside).sum())),
        outside=_shown(int((there & people.outside).sum())),
        apart_inside=_shown(int((~there & ~people.outside).sum())),
        counts={str(word): counts[word] for word in (*Gap, *list(Course)[:-1])},
        coverage=ground.coverage,
        provenance=ground.provenance(themes=len(gaps)),
    )


def _windows(facing: FaceToFace) -> tuple[tuple[int, int] | None, tuple[int, int]]:
    """The earlier and the present window: a third of what the thinner side says, at either end; one where they would meet."""
    thinner = np.minimum(*facing.both())[facing.first : facing.past].astype(float)
    part = np.cumsum(thinner) / max(thinner.sum(), 1)
    end = facing.first + int(np.searchsorted(part, WINDOW - 1e-9)) + 1
    begin = (
        facing.past
        - int(np.searchsorted(np.cumsum(thinner[::-1]) / max(thinner.sum(), 1), WINDOW - 1e-9))
        - 1
    )
    if facing.past - facing.first < 2 or end > begin:
        middle = (facing.first + facing.past) // 2
        end = begin = middle
    if end <= facing.first or begin >= facing.past:
        return None, (facing.first, facing.past)
    return (facing.first, end), (begin, facing.past)


def compare(facing: FaceToFace, *, rate: float) -> Told:
    """The tests of the gap and of its move, and the shares of both windows at the levels that those tests leave.

    Args:
        facing: both sides.
        rate: of false discoveries.
    """
    people, (then, now) = facing.people(), _windows(facing)
    first = sidedness(people.presence, people.outside, people.stratum, where=people.where)
    support = (first.people_inside + first.people_outside).astype(np.float64)
    claims = discoveries(first.p, support, rate=rate)
    level = coverage_level(int(claims.found.sum()), claims.tested, rate)

    def sides(some: People) -> Sidedness:
        told = sidedness(some.presence, some.outside, some.stratum, where=some.where, tested=False)
        return told.at(level)

    earlier = sides(facing.people(*then)) if then else None
    present = sides(facing.people(*now))
    rows = facing.voices()
    test = gap_test(rows, facing.conversations())
    moves = discoveries(test.p, rows[0].presence.uses.astype(np.float64), rate=rate)
    moved = np.full((len(support), 3), [np.nan, 0.0, np.inf])
    if earlier is not None:
        moved = _moved(earlier, present)
    agrees = np.where(test.sign > 0, moved[:, 1] > 1.0, moved[:, 2] < 1.0) & (test.sign != 0)
    return Told(
        people=people,
        whole=first.at(level),
        claims=claims,
        then=earlier,
        now=present,
        test=test,
        moves=moves.found & agrees,
        moved=moved,
        moved_q=moves.q,
        level=level,
    )


def _moved(then: Sidedness, now: Sidedness) -> Floats:
    """(P, 3) the ratio of outside over inside now, over the same then, with its ends (recovered on the log scale)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log(np.stack([s.ratio, s.ratio_low, s.ratio_high])) for s in (then, now)]
        (a, a_low, a_high), (b, b_low, b_high) = logs
        low = b - a - np.hypot(b - b_low, a_high - a)
        high = b - a + np.hypot(b_high - b, a - a_low)
        moved = np.exp(np.stack([b - a, low, high], axis=1))
    known = np.isfinite(a) & np.isfinite(b)
    return np.where(known[:, None], moved, [np.nan, 0.0, np.inf])


def _gaps(told: Told, themes: Bools) -> dict[int, Gap]:
    """Which side says each theme more, of themes that enough comparable people say."""
    side = told.whole
    enough = themes & figure_allowed(side.people_inside + side.people_outside)
    return {
        j: (Gap.OUTSIDE if side.outside[j] > side.inside[j] else Gap.INSIDE)
        if told.claims.found[j]
        else Gap.ALIKE
        if side.ratio_low[j] >= 1 / ALIKE and side.ratio_high[j] <= ALIKE
        else Gap.NOT_ENOUGH
        for j in np.flatnonzero(enough).tolist()
    }


def _courses(told: Told, themes: Bools) -> dict[int, Course]:
    """What becomes of the gap of each theme."""
    found: dict[int, Course] = {}
    for j in np.flatnonzero(themes).tolist():
        value, low, high = told.moved[j]
        if not told.moves[j]:
            found[j] = Course.STEADY if low >= 1 / ALIKE and high <= ALIKE else Course.NOT_ENOUGH
            continue
        then, now = (np.log(side.ratio[j]) for side in (told.then, told.now) if side is not None)
        if told.claims.found[j]:
            away = (told.whole.outside[j] > told.whole.inside[j]) == (value > 1)
            found[j] = Course.OPENING if away else Course.CLOSING
        elif then * now < 0:
            found[j] = Course.CROSSING
        else:
            found[j] = Course.OPENING if abs(now) > abs(then) else Course.CLOSING
    return found


def _foremost(told: Told, gaps: dict[int, Gap], courses: dict[int, Course]) -> Ints:
    """The themes of the map: claims first, by how surely and by how many; then those that most people say."""
    numbers = np.array(list(gaps), np.int64)
    if len(numbers) == 0:
        return numbers
    side = told.whole
    with np.errstate(divide="ignore"):
        low, high = np.log(side.ratio_low[numbers]), np.log(side.ratio_high[numbers])
    sure = np.clip(np.maximum(low, -high), 0.0, 5.0)
    people = np.sqrt(side.people_inside[numbers] + side.people_outside[numbers])
    moved = np.array(
        [courses[j] in {Course.CLOSING, Course.OPENING, Course.CROSSING} for j in numbers.tolist()]
    )
    claimed = np.array([gaps[j] in {Gap.OUTSIDE, Gap.INSIDE} for j in numbers.tolist()])
    strength = (sure + moved) * people
    order = np.lexsort((-people, -strength, ~(claimed | moved)))
    # a map of claims alone would hide the diagonal: a quarter is for what most people say
    lead = order[: MAP * 3 // 4]
    rest = order[MAP * 3 // 4 :]
    chosen: Ints = numbers[np.concatenate([lead, rest[np.argsort(-people[rest], kind="stable")][: MAP // 4]])]
    return chosen


def _theme(ground: Ground, told: Told, j: int, gap: Gap, course: Course) -> SidedTheme:
    concept, side = ground.said.concepts[j], told.whole
    counts = np.array([side.people_inside[j], side.people_outside[j]])
    hidden = withheld_parts(counts, int(counts.sum()))
    whole = place(side, j)
    claimed = bool(told.claims.found[j])
    move = bool(told.moves[j])
    then = place(told.then, j) if told.then is not None else Place(None, None)
    now = place(told.now, j)
    # infinite where nobody inside says it: the lower end still holds
    shown = whole.inside is not None and whole.outside is not None and not np.isnan(side.ratio[j])
    follow = all(share is not None for share in (then.inside, then.outside, now.inside, now.outside))
    return SidedTheme(
        id=id_of(concept),
        label=concept.label,
        labels=concept.labels,
        gap=gap,
        whole=whole,
        ratio=ratio_of(
            (side.ratio[j], side.ratio_low[j], side.ratio_high[j]),
            float(told.claims.q[j]) if claimed else None,
        )
        if shown
        else None,
        then=then,
        now=now,
        course=course,
        moved=ratio_of(told.moved[j], float(told.moved_q[j]) if move else None)
        if follow and np.isfinite(told.moved[j, 0])
        else None,
        people_inside=None if hidden.any() else int(counts[0]),
        people_outside=None if hidden.any() else int(counts[1]),
    )


def ratio_of(ends: Sequence[float] | Floats, q: float | None) -> Estimate:
    """A ratio with the ends of its interval, and the rate at which it is claimed."""
    value, low, high = (float(end) for end in ends)
    return Estimate(value, low, high, "ratio", q)


def place(side: Sidedness, j: int) -> Place:
    """The shares of a theme on both sides; that of 1 to 4 people is withheld."""

    def share(people: Ints, value: Floats, low: Floats, high: Floats) -> Estimate | None:
        if 0 < people[j] < FIGURES:
            return None
        return Estimate(float(value[j]), float(low[j]), float(high[j]), "share of people")

    return Place(
        inside=share(side.people_inside, side.inside, side.inside_low, side.inside_high),
        outside=share(side.people_outside, side.outside, side.outside_low, side.outside_high),
    )


def _coherent(people: People, period: str, rng: np.random.Generator) -> Coherent:
    found = coherence(people.presence, people.outside, people.stratum, rng=rng)
    shown = found.enough and figure_allowed(found.inside) and figure_allowed(found.outside)
    return Coherent(
        period,
        Estimate(found.value, float(found.low), float(found.high), "coherence") if shown else None,
        _shown(found.inside),
        _shown(found.outside),
    )


def _shown(people: int) -> int | None:
    """How many people, or None for 1 to 4."""
    return None if 0 < people < FIGURES else people
