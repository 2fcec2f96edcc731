"""Is a theme worn out? How often it is held at a distance, and how people speak around it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta

from estran.analysis.distance import read
from estran.analysis.evidence import quotable, quotes_of
from estran.analysis.headlines import estimated, once, uses_of
from estran.analysis.tone import PEOPLE, Around, tones_around
from estran.findings import Estimate, Reason, Verdict, Why
from estran.privacy import FIGURES, QUOTES
from estran.stats.conditional import conditional_trend, detectable_rate_ratio
from estran.stats.multiplicity import adjusted
from estran.stats.presence import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.distance import Read
    from estran.analysis.themes import Said
    from estran.findings import Quote
    from estran.settings import Settings
    from estran.stats.conditional import ConditionalTrend
    from estran.store.engines import Engine

READ_OF_A_THEME = 1_500
"""Messages of a theme that are read, evenly over time; more would tell little more."""

READ_OF_ALL = 4_000
"""Uses of all themes together from which the corpus' own rate of distance is told."""

WORDED, FEWEST_WORDED = 1 / 3, 3
"""Quotation marks count where so many of the marked uses are held off in words too."""

TIMES = 3.0
"""A theme is worn out where it is held at a distance so many times as often as themes are..."""

MARKED = 10
"""...in so many uses at least, of as many people."""

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Messages and the themes that are looked at in them."""

    row: NDArray[np.int32]
    theme: NDArray[np.int64]


def worn_out(
    corpus: Corpus, said: Said, themes: NDArray[np.int64], engine: Engine, settings: Settings
) -> tuple[Reason, ...]:
    """Whether each theme is worn out: held at a distance more and more, or three times as often as themes are.

    Args:
        corpus: n messages.
        said: what they say.
        themes: (K,) numbers of the themes.
        engine: where texts are read.
        settings: the share of wrong claims that is accepted among the rising rates of these themes, and the encoder of
            the sentences around them.
    """
    if len(themes) == 0:
        return ()
    own = [_thinned(said.message[said.concept == j], READ_OF_A_THEME) for j in themes]
    pairs = [_Pairs(rows, np.full(len(rows), j)) for rows, j in zip(own, themes, strict=True)]
    elsewhere = [_elsewhere(corpus, said, int(j), rows) for rows, j in zip(own, themes, strict=True)]
    everything = [*pairs, *elsewhere, _of_all(said)]
    found = read(
        corpus,
        said.concepts,
        np.concatenate([each.row for each in everything]),
        np.concatenate([each.theme for each in everything]),
        engine,
    )
    cuts = np.cumsum([0, *(len(each.row) for each in everything)])
    marked, bases = _held_off(found, cuts, len(themes))
    trend = _trend(corpus, pairs, marked, bases)
    counted = [
        _Marks.of(corpus, pair.row, marked[a:b]) for pair, a, b in zip(pairs, cuts, cuts[1:], strict=False)
    ]
    enough = np.array([marks.uses >= MARKED and marks.people >= FIGURES for marks in counted])
    q = np.ones(len(themes))
    q[enough] = adjusted(trend.p[enough])
    rising = enough & (q <= settings.false_discovery_rate) & (trend.sign > 0)
    detectable = detectable_rate_ratio(
        trend.level,
        trend.error,
        found=int(rising.sum()),
        tested=max(int(enough.sum()), 1),
        rate=settings.false_discovery_rate,
    )
    parts = [slice(a, b) for a, b in pairwise(cuts)]
    tones = tones_around(
        corpus,
        [
            (Around(pair.row, found.around[here]), Around(other.row, found.around[there]))
            for pair, other, here, there in zip(pairs, elsewhere, parts, parts[len(themes) :], strict=False)
        ],
        settings,
    )
    reasons = []
    for k, (marks, pair, here, tone) in enumerate(zip(counted, pairs, parts, tones, strict=False)):
        figures = _figures(marks, bases[k], trend if enough[k] else None, k, q=float(q[k]))
        if np.isfinite(detectable[k]) and enough[k]:
            figures["detectable"] = estimated(np.repeat(detectable[k], 3), "ratio")
        if tone is not None:
            figures["tone"] = tone
        verdict = _verdict(marks, bases[k], rising=bool(rising[k]))
        shown = _quotes(corpus, pair.row, marked[here], found.shown[here]) if verdict is Verdict.HOLDS else ()
        reasons.append(Reason(Why.WORN_OUT, verdict, figures, shown))
    return tuple(reasons)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Uses at a distance of one theme: of how many people, and how often."""

    uses: int
    people: int
    rate: Estimate
    possible: int

    @classmethod
    def of(cls, corpus: Corpus, rows: NDArray[np.int32], marked: NDArray[np.bool_]) -> _Marks:
        voice = corpus.author[rows].astype(np.int64) * corpus.grid.periods + corpus.period[rows]
        weight = once(voice)
        uses, people = len(distinct(voice)), len(distinct(corpus.author[rows]))
        return cls(
            len(distinct(voice[marked])),
            len(distinct(corpus.author[rows[marked]])),
            _rate(float((weight * marked).sum()), uses, people),
            uses,
        )


def _verdict(marks: _Marks, base: Estimate, *, rising: bool) -> Verdict:
    many = marks.uses >= MARKED and marks.people >= MARKED
    if rising or (many and marks.rate.value >= TIMES * base.value):
        return Verdict.HOLDS
    could_be_seen = marks.possible * TIMES * base.value >= MARKED
    return Verdict.FAILS if could_be_seen and marks.rate.high < TIMES * base.value else Verdict.NOT_ENOUGH


def _figures(
    marks: _Marks, base: Estimate, trend: ConditionalTrend | None, k: int, *, q: float
) -> dict[str, Estimate]:
    figures = {"base": base}
    if marks.people == 0 or marks.people >= FIGURES:
        rate, usual = marks.rate, max(base.value, 1e-9)
        figures["marked"] = rate
        figures["times_base"] = Estimate(rate.value / usual, rate.low / usual, rate.high / usual, "ratio")
    if trend is not None:
        early, late, ratio = trend.early[k], trend.late[k], trend.ratio[k]
        figures["marked_before"] = estimated(early, "share of uses")
        figures["marked_after"] = estimated(late, "share of uses")
        figures["marked_change"] = estimated(ratio, "ratio", q)
    return figures


def _rate(yes: float, uses: int, people: int) -> Estimate:
    """A share of uses, with the interval that so many people allow (Jeffreys)."""
    share = yes / uses if uses else 0.0
    low, high = (
        float(beta.ppf(tail, share * people + 0.5, (1 - share) * people + 0.5))
        for tail in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    )
    return Estimate(share, min(low, share), max(high, share), "share of uses")


def _held_off(found: Read, cuts: NDArray[np.int64], themes: int) -> tuple[NDArray[np.bool_], list[Estimate]]:
    """Which uses of the themes are held at a distance, and beside what rate of the corpus each theme is judged.

    Quotation marks alone name a button as often as they doubt a word: they count for a theme, and for the rate of the
    corpus beside it, where a third of its marked uses is held off in words too.
    """
    marked, bases = found.worded.copy(), []
    last = slice(cuts[-2], cuts[-1])
    size = int(cuts[-1] - cuts[-2])
    for a, b in pairwise(cuts[: themes + 1]):
        worded, quoted = int(found.worded[a:b].sum()), int(found.quoted[a:b].sum())
        both = worded >= max(FEWEST_WORDED, WORDED * (worded + quoted))
        if both:
            marked[a:b] |= found.quoted[a:b]
        usual = found.worded[last] | found.quoted[last] if both else found.worded[last]
        bases.append(_rate(float(usual.sum()), size, size))
    return marked, bases


def _trend(
    corpus: Corpus, pairs: list[_Pairs], marked: NDArray[np.bool_], bases: list[Estimate]
) -> ConditionalTrend:
    """How the rate of distance moves, given use."""
    row = np.concatenate([pair.row for pair in pairs])
    sizes = [len(pair.row) for pair in pairs]
    theme = np.repeat(np.arange(len(pairs)), sizes).astype(np.int32)
    held, usual = marked[: len(row)], np.repeat([base.value for base in bases], sizes)
    people = uses_of(corpus, row, theme, held, usual, by=corpus.period)
    talk = corpus.conversation
    threaded = None if talk is None else uses_of(corpus, row, theme, held, usual, by=talk, cluster=talk)
    return conditional_trend(people, threaded, themes=len(pairs), level=LEVEL)


def _thinned(rows: NDArray[np.int32], most: int) -> NDArray[np.int32]:
    return rows[:: max(1, -(-len(rows) // most))]


def _of_all(said: Said) -> _Pairs:
    """Uses of all themes, evenly over the corpus."""
    kinds = np.array([concept.kind == "theme" for concept in said.concepts], bool)
    own = np.flatnonzero(kinds[said.concept])
    chosen = own[:: max(1, len(own) // READ_OF_ALL)]
    return _Pairs(said.message[chosen], said.concept[chosen].astype(np.int64))


def _elsewhere(corpus: Corpus, said: Said, theme: int, rows: NDArray[np.int32]) -> _Pairs:
    """For each of the people who use a theme, a use of another one by the same person, in another message."""
    people = _thinned(distinct(corpus.author[rows]), PEOPLE)
    of_them = np.isin(corpus.author, people)
    of_them[said.message[said.concept == theme]] = False
    at = np.flatnonzero(of_them[said.message])
    author = corpus.author[said.message[at]]
    order = np.argsort(author, kind="stable")
    whose, first, count = np.unique(author[order], return_index=True, return_counts=True)
    chosen = at[order[first + (whose * 7919 + theme) % np.maximum(count, 1)]] if len(whose) else at[:0]
    return _Pairs(said.message[chosen], said.concept[chosen].astype(np.int64))


def _quotes(
    corpus: Corpus, rows: NDArray[np.int32], marked: NDArray[np.bool_], shown: tuple[str, ...]
) -> tuple[Quote, ...]:
    """Sentences that hold the theme at a distance, of the sides where enough people do."""
    own = np.flatnonzero(marked)
    open_sides = quotable(corpus, rows[own])
    sides = corpus.messages["side"].gather(rows[own]).fill_null("").to_list()
    sentences = [
        (int(rows[at]), shown[at])
        for at, side in zip(own.tolist(), sides, strict=True)
        if side in open_sides and shown[at]
    ]
    return quotes_of(corpus, sentences) if len({corpus.author[row] for row, _ in sentences}) >= QUOTES else ()
