"""The board: what is coming In, what is going Out, what holds, and what it is too early to say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array

from estran.analysis.evidence import quotes
from estran.analysis.languages import messages_by_language
from estran.analysis.movement import INCOMING, OUTGOING, follow, foremost
from estran.analysis.senses import labels_of
from estran.analysis.sides import Sides
from estran.findings import Curve, Estimate, Movement, Shape, Since
from estran.model import Side
from estran.privacy import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.movement import Course, Judgement
    from estran.analysis.reasons import Reasons
    from estran.analysis.themes import Said
    from estran.findings import Link
    from estran.model import Concept, Grid

VOICES_FOR_A_DATE = 400
"""With fewer voices the interval of a turn is shown, not its date (DESIGN 7.2)."""
PERIODS_FOR_A_DATE = 8
LEAST_CHANCE = 0.01
"""Periods in which a turn is less likely are left out of its posterior."""
LEAST_RATIO = 0.01
"""A theme that is a hundredth of what it was is gone: less counts no more."""
FOLLOWED = 1_000
"""Themes whose curve is followed with its intervals; of more, the foremost."""
SAME_BREATH = 0.5
"""Themes whose voices overlap so much (Jaccard) make one card."""
SAME_WORDS = 0.2
"""The same for themes that share a word."""
PINNED = 1e12
"""Quality at which a theme is among the foremost, whatever else there is."""


@dataclass(frozen=True, slots=True)
class Board:
    """The four lists of a tour, and what stands beside them.

    `themes` says how many themes each list has, shown or not; `followed` are those that somebody follows by hand.
    """

    coming_in: tuple[Movement, ...]
    going_out: tuple[Movement, ...]
    steady: tuple[Movement, ...]
    too_early: tuple[Movement, ...]
    themes: Mapping[str, int]
    followed: tuple[Movement, ...] = ()
    become_normal: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A theme of a course that gets a card: its number there, and the themes folded into it."""

    k: int
    folded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What was followed, and which of it goes on cards: one finding, one card.

    Attributes:
        course: of the themes that moved, the foremost ones.
        others: the shapes of those that are not among them.
        incoming: strongest first.
        outgoing: the same.
        strength: (K,) of each theme of the course.
    """

    course: Course
    others: tuple[Shape, ...]
    incoming: tuple[_Place, ...]
    outgoing: tuple[_Place, ...]
    strength: NDArray[np.float64]

    def gone(self, said: Said, *, top: int | None = None) -> NDArray[np.int64]:
        """Numbers of the themes that went out, strongest first: all of them, or those that `top` cards show."""
        shown = _shown(self.outgoing, said.concepts, self.course.themes, top=top)
        return self.course.themes[np.array([place.k for place in shown], np.int64)]


def standing(said: Said, judgement: Judgement, *, periods: int) -> Standing:
    """The themes that moved, followed, and folded where they say the same thing."""
    quality = np.array([PINNED if c.pinned else max(c.quality, LEAST_RATIO) for c in said.concepts])
    chosen, others = foremost(judgement, quality, periods=periods, most=FOLLOWED)
    moved = follow(judgement, chosen, periods=periods)
    strength = _strength(moved, said.concepts)

    def of_shape(shapes: Sequence[Shape]) -> tuple[_Place, ...]:
        order = np.argsort(-strength, kind="stable").tolist()
        chosen = [k for k in order if on_board(said.concepts[moved.themes[k]]) and moved.shapes[k] in shapes]
        return tuple(folded(chosen, moved, judgement, said.concepts))

    return Standing(moved, others, of_shape(INCOMING), of_shape(OUTGOING), strength)


def board(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    *,
    top: int,
    stand: Standing | None = None,
    successors: Mapping[int, tuple[Link, ...]] | None = None,
    reasons: Reasons | None = None,
) -> Board:
    """The `top` themes of each list, each with its figures and its evidence.

    Args:
        corpus: n messages.
        said: what they say.
        judgement: what moved.
        top: cards in each list.
        stand: what was followed, where that is known already.
        successors: number of a theme gone out -> what may have taken its place.
        reasons: why themes are said less, and which have become normal.
    """
    periods = corpus.grid.periods
    stand = stand or standing(said, judgement, periods=periods)
    themes = np.array([on_board(c) for c in said.concepts], bool)
    followed = np.flatnonzero([c.followed for c in said.concepts])
    rows, sides = _rows_of(said), Sides(corpus, level=judgement.level)

    def cards(places: Sequence[_Place]) -> tuple[Movement, ...]:
        shown = _shown(places, said.concepts, stand.course.themes, top=top)
        return tuple(_movement(corpus, said, judgement, stand.course, rows, sides, place) for place in shown)

    def open_cards(numbers: NDArray[np.int64], top: int = top) -> tuple[Movement, ...]:
        pinned = [number for number in numbers[top:].tolist() if said.concepts[number].pinned]
        course = follow(judgement, np.array([*numbers[:top], *pinned], np.int64), periods=periods)
        return tuple(
            _movement(corpus, said, judgement, course, rows, sides, _Place(k))
            for k in range(len(course.themes))
        )

    normal = (
        tuple(
            replace(card, reasons=reasons.of[number])
            for number, card in zip(reasons.normal.tolist(), open_cards(reasons.normal), strict=False)
        )
        if reasons is not None
        else ()
    )
    steady = np.flatnonzero(judgement.steady & themes)
    unsure = np.flatnonzero(~judgement.found & ~judgement.steady & themes)
    return Board(
        coming_in=cards(stand.incoming),
        going_out=gone_out(corpus, said, judgement, stand, top=top, successors=successors, reasons=reasons),
        steady=open_cards(steady[np.argsort(-judgement.people[steady], kind="stable")]),
        too_early=open_cards(unsure[np.lexsort((-judgement.people[unsure], judgement.p[unsure]))]),
        themes={
            "coming_in": len(stand.incoming) + sum(shape in INCOMING for shape in stand.others),
            "going_out": len(stand.outgoing) + sum(shape in OUTGOING for shape in stand.others),
            "steady": len(steady),
            "too_early": len(unsure),
        },
        followed=open_cards(followed, len(followed)),
        become_normal=normal,
    )


def gone_out(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    stand: Standing,
    *,
    top: int | None = None,
    successors: Mapping[int, tuple[Link, ...]] | None = None,
    reasons: Reasons | None = None,
) -> tuple[Movement, ...]:
    """The cards of the themes that went out, strongest first: all of them, or `top`."""
    rows, sides, links = _rows_of(said), Sides(corpus, level=judgement.level), successors or {}
    why = reasons.of if reasons is not None else {}
    return tuple(
        replace(
            _movement(corpus, said, judgement, stand.course, rows, sides, place),
            successors=links.get(int(stand.course.themes[place.k]), ()),
            reasons=why.get(int(stand.course.themes[place.k]), ()),
        )
        for place in _shown(stand.outgoing, said.concepts, stand.course.themes, top=top)
    )


def movements(
    corpus: Corpus, said: Said, judgement: Judgement, themes: NDArray[np.int64]
) -> tuple[Movement, ...]:
    """A card for each of some themes, moved or not, in the order asked for."""
    course = follow(judgement, themes, periods=corpus.grid.periods)
    rows, sides = _rows_of(said), Sides(corpus, level=judgement.level)
    return tuple(
        _movement(corpus, said, judgement, course, rows, sides, _Place(k)) for k in range(len(course.themes))
    )


def on_board(concept: Concept) -> bool:
    """Whether a concept may stand in the lists of themes: words of register and dates may not, nor what somebody ignores."""
    return concept.kind == "theme" and not concept.ignored


def _shown(
    places: Sequence[_Place], concepts: Sequence[Concept], themes: NDArray[np.int64], *, top: int | None
) -> list[_Place]:
    """The first places, and those further down that somebody pinned."""
    rest = places[top:] if top is not None else ()
    return [*places[:top], *(place for place in rest if concepts[themes[place.k]].pinned)]


def id_of(concept: Concept) -> str:
    """The id of a theme: the one that it has over time, or where nothing is kept that of its set of variants."""
    return concept.id or theme_id(concept.variants)


def theme_id(variants: Iterable[tuple[str, str]]) -> str:
    """A name for a set of variants: the same set has the same id, whatever the order and the run."""
    text = "\n".join(sorted(f"{language}:{form}" for language, form in variants))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _strength(course: Course, concepts: Sequence[Concept]) -> NDArray[np.float64]:
    """How much a reader gains by a theme: the sure part of its change, in people, for what reads like a term."""
    change = course.change
    sure = np.where(
        change.ratio >= 1,
        np.log(np.clip(change.ratio_low, 1, 1 / LEAST_RATIO)),
        -np.log(np.clip(change.ratio_high, LEAST_RATIO, 1)),
    )
    share = np.maximum(change.before, change.after)
    quality = np.array([concepts[j].quality for j in course.themes])
    typical = np.median(quality) if len(quality) else 1.0
    strength: NDArray[np.float64] = (sure + 1e-3) * np.sqrt(
        share * np.maximum(quality, 0) / max(typical, 1e-9)
    )
    return strength


def folded(
    chosen: Sequence[int], course: Course, judgement: Judgement, concepts: Sequence[Concept]
) -> list[_Place]:
    """The themes, strongest first, with those that say the same thing folded in: one finding, one card."""
    heads = alike(course.themes[list(chosen)], judgement, concepts)
    return [_Place(chosen[head], tuple(chosen[k] for k in folded)) for head, folded in heads.items()]


def alike(
    themes: NDArray[np.int64], judgement: Judgement, concepts: Sequence[Concept]
) -> dict[int, list[int]]:
    """Place among the themes, strongest first, of each that is told -> the places of those that say the same thing."""
    presence = judgement.voices.presence.take(themes)
    used = csc_array((np.ones(len(presence.indices), np.int32), presence.indices, presence.indptr),
                     shape=(presence.rows, presence.themes))  # fmt: skip
    both = (used.T @ used).toarray()
    overlap = both / (presence.uses[:, None] + presence.uses[None, :] - both)
    words = [{w for _, form in concepts[j].variants for w in form.split(" ")} for j in themes]
    heads: dict[int, list[int]] = {}
    for k in range(len(themes)):
        same = (h for h in heads if overlap[k, h] >= (SAME_WORDS if words[k] & words[h] else SAME_BREATH))
        pinned = concepts[themes[k]].pinned
        head = None if pinned else next(same, None)
        if head is None:
            heads[k] = []
        else:
            heads[head].append(k)
    return heads


def _rows_of(said: Said) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Messages of each theme, one after the other, and where those of each theme begin."""
    order = np.argsort(said.concept, kind="stable")
    bounds = np.searchsorted(said.concept[order], np.arange(len(said.concepts) + 1))
    return said.message[order], bounds


def _movement(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    course: Course,
    rows: tuple[NDArray[np.int32], NDArray[np.int64]],
    sides: Sides,
    place: _Place,
) -> Movement:
    k, j = place.k, int(course.themes[place.k])
    concept, shape = said.concepts[j], course.shapes[place.k]
    own = rows[0][rows[1][j] : rows[1][j + 1]]
    now = (int(course.after[k, 0]), int(course.after[k, 1]))
    then = (int(course.before[k, 0]), int(course.before[k, 1]))
    change = course.change
    q = float(judgement.q[j]) if judgement.found[j] else None
    after = _estimate(change.after, change.after_low, change.after_high, k, "share of people")
    return Movement(
        id=id_of(concept),
        label=concept.label,
        labels=concept.labels,
        variants=tuple(dict.fromkeys(form for _, form in concept.variants)),
        before=_estimate(change.before, change.before_low, change.before_high, k, "share of people"),
        after=after,
        change=_estimate(change.ratio, change.ratio_low, change.ratio_high, k, "ratio", q=q),
        since=_since(course, k, shape, corpus.grid, int(judgement.voices.presence.uses[j])),
        shape=shape,
        people=int(judgement.people[j]),
        messages=len(own),
        inside=sides.share(own, Side.INSIDE, now=now, overall=after),
        outside=sides.share(own, Side.OUTSIDE, now=now, overall=after),
        quotes=quotes(corpus, concept, own, periods=then if shape in OUTGOING else now),
        curve=Curve(
            periods=corpus.grid.labels,
            share=tuple(course.share[:, k].tolist()),
            low=tuple(course.low[:, k].tolist()),
            high=tuple(course.high[:, k].tolist()),
            people=tuple(None if 0 < n < FIGURES else n for n in course.people[:, k].tolist()),
        ),
        detectable=float(judgement.detectable[j]),
        also=tuple(said.concepts[course.themes[other]].label for other in place.folded),
        nested=int(said.nested[j]),
        languages=messages_by_language(corpus, own, np.zeros(len(own), np.int32), themes=1)[0],
        senses=labels_of(concept, said.concepts),
    )


def _estimate(
    value: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    k: int,
    unit: str,
    *,
    q: float | None = None,
) -> Estimate:
    return Estimate(float(value[k]), float(low[k]), float(high[k]), unit, q)


def _since(course: Course, k: int, shape: Shape, grid: Grid, voices: int) -> Since | None:
    """The turn that began the present movement; its date only where enough voices tell it."""
    low, high = course.turns.low[k], course.turns.high[k]
    if shape in {Shape.STEADY, Shape.TOO_EARLY} or not np.isfinite([low, high]).all():
        return None

    def label(period: float) -> str:
        return grid.label(int(np.clip(round(period), 0, grid.periods - 1)))

    dated = voices >= VOICES_FOR_A_DATE and grid.periods >= PERIODS_FOR_A_DATE
    chance = course.turns.posterior[:, k]
    likely = {grid.label(t): float(chance[t]) for t in range(grid.periods) if chance[t] >= LEAST_CHANCE}
    return Since(label(course.turns.turn[k]) if dated else None, label(low), label(high), likely)
