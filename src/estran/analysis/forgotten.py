"""Was a theme forgotten? What is left of it, of its subject, and among those who used it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import beta

from estran.analysis.headlines import estimated
from estran.analysis.voices import conversations, voices
from estran.findings import Estimate, Reason, Verdict, Why
from estran.privacy import FIGURES, QUOTES
from estran.stats.flips import flip_test
from estran.stats.presence import distinct
from estran.stats.rates import standardised_shares
from estran.stats.remains import what_is_left
from estran.stats.trends import linear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.headlines import Headed
    from estran.analysis.movement import Judgement
    from estran.analysis.themes import Said
    from estran.stats.presence import Rows
    from estran.stats.remains import Remains

NEIGHBOURS = 10
"""Themes said in the same messages that make, with the theme itself, the place it has in people's talk."""

LEFT, LEFT_AT_MOST = 0.25, 0.5
"""A theme is forgotten when no more than this of its peak is left, and surely no more than that."""

SILENT = 0.75
"""So many of those who used it and still speak must surely have left it out."""

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class _Faded:
    """Whether each of K themes, its headlines and its place are left, and who of its earlier users still speaks."""

    theme: Remains
    headlines: Remains
    place: Remains
    headed: NDArray[np.int64]
    staying: NDArray[np.int64]
    silent: NDArray[np.int64]


def forgotten(
    corpus: Corpus,
    said: Said,
    judgement: Judgement,
    headed: Headed,
    themes: NDArray[np.int64],
    *,
    superseded: Sequence[bool],
) -> tuple[Reason, ...]:
    """Whether each theme was forgotten: all of these must hold.

    At most a quarter of its peak is left, at most half with its interval; no less of its headlines goes; the share of
    people who say it or any of its ten nearest neighbours falls too; of those who used it and still speak, three in
    four at least leave it out; nothing took its place.

    Args:
        corpus: n messages.
        said: what they say.
        judgement: of all concepts.
        headed: what of it is in a headline.
        themes: (K,) numbers of the themes.
        superseded: (K,) whether a successor took the place of the theme.
    """
    if len(themes) == 0:
        return ()
    faded = _faded(corpus, said, judgement, headed, themes)
    return tuple(_reason(faded, k, superseded=superseded[k]) for k in range(len(themes)))


def _reason(faded: _Faded, k: int, *, superseded: bool) -> Reason:
    left, headlines, place = (each.ratio[k] for each in (faded.theme, faded.headlines, faded.place))
    staying, silent = int(faded.staying[k]), int(faded.silent[k])
    figures = {"left": estimated(left, "ratio"), "slot": estimated(place, "ratio")}
    # True: it holds; False: it fails; None: it cannot be told
    said_less = False if left[0] > LEFT else True if left[2] <= LEFT_AT_MOST else None
    conditions = [said_less, True if place[2] < 1 else False if place[1] >= 1 or place[0] > 1 else None]
    if faded.headed[k] >= QUOTES:
        figures["headlines_left"] = estimated(headlines, "ratio")
        conditions.append(True if headlines[2] < 1 else False if headlines[0] >= 1 else None)
    if staying >= QUOTES:
        low, high = (float(beta.ppf(t, silent + 0.5, staying - silent + 0.5)) for t in (0.05, 0.95))
        share = silent / staying
        if silent == staying or staying - silent >= FIGURES:
            figures["silent"] = Estimate(share, min(low, share), max(high, share), "share of people")
        conditions.append(True if low >= SILENT else False if high < SILENT else None)
    else:
        conditions.append(None)
    conditions.append(not superseded)
    verdict = (
        Verdict.FAILS if False in conditions else Verdict.NOT_ENOUGH if None in conditions else Verdict.HOLDS
    )
    return Reason(Why.FORGOTTEN, verdict, figures)


def _faded(
    corpus: Corpus, said: Said, judgement: Judgement, headed: Headed, themes: NDArray[np.int64]
) -> _Faded:
    count, periods = len(themes), corpus.grid.periods
    message, concept = _places(said, themes)
    place_of = np.searchsorted(themes, said.concept, sorter=(order := np.argsort(themes)))
    own = headed.held & np.isin(said.concept, themes)
    in_headline = order[place_of[own]]
    pairs = replace(
        said,
        concepts=(said.concepts[0],) * (2 * count),
        message=np.concatenate([said.message[own], message]).astype(np.int32),
        concept=np.concatenate([in_headline, count + concept]).astype(np.int32),
        nested=np.zeros(2 * count, np.int64),
    )
    rows, threaded = voices(corpus, pairs), conversations(corpus, pairs)
    shares = standardised_shares(rows, periods=periods)
    faded = what_is_left(shares.observed, shares.expected, shares.rows, _clumped(rows, threaded), level=LEVEL)
    voiced = judgement.voices.take(themes)
    mine = standardised_shares(voiced, periods=periods)
    theme = what_is_left(mine.observed, mine.expected, mine.rows, judgement.dispersion[themes], level=LEVEL)
    staying, silent = _who_stays(voiced, theme.end)
    return _Faded(
        theme,
        replace(faded, ratio=faded.ratio[:count]),
        replace(faded, ratio=faded.ratio[count:]),
        rows.presence.uses[:count],
        staying,
        silent,
    )


def _clumped(rows: Rows, threaded: Rows | None) -> NDArray[np.float64]:
    """(P,) cluster inflation, the larger of people's and of conversations'."""
    units = [rows] if threaded is None else [rows, threaded]
    clumped: NDArray[np.float64] = np.max(
        [flip_test(unit, linear(unit.period, unit.stratum)).dispersion for unit in units], axis=0
    )
    return clumped


def _places(said: Said, themes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Messages that say each theme or one of its neighbours, the themes said most often in the same messages.

    Nearness is the cosine of the messages of both.

    Returns:
        Pairs of message and position among the themes.
    """
    kinds = np.array([concept.kind == "theme" for concept in said.concepts], bool)
    shape = (len(said.tokens), len(said.concepts))
    holds = csr_array((np.ones(len(said.message), np.float32), (said.message, said.concept)), shape=shape)
    size = np.bincount(said.concept, minlength=shape[1])
    together = (holds[:, themes].T @ holds).toarray()
    nearness = np.where(kinds, together / np.sqrt(np.maximum(size, 1)), 0.0)
    nearness[np.arange(len(themes)), themes] = np.inf
    nearest = np.argsort(-nearness, axis=1, kind="stable")[:, : NEIGHBOURS + 1]
    near = np.zeros((shape[1], len(themes)), np.float32)
    near[nearest.T, np.arange(len(themes))] = 1.0
    message, position = (holds @ csr_array(near)).nonzero()
    return message.astype(np.int64), position.astype(np.int64)


def _who_stays(rows: Rows, end: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(K,) people who used each theme before the end and speak in it, and how many of them leave it out there."""
    late = rows.period >= end
    speaks = np.zeros(int(rows.cluster.max()) + 1, bool)
    speaks[rows.cluster[late]] = True
    staying, silent = [], []
    for k in range(rows.presence.themes):
        used = rows.presence.indices[rows.presence.indptr[k] : rows.presence.indptr[k + 1]]
        earlier = distinct(rows.cluster[used[~late[used]]])
        still = earlier[speaks[earlier]]
        staying.append(len(still))
        silent.append(int((~np.isin(still, rows.cluster[used[late[used]]])).sum()))
    return np.array(staying, np.int64), np.array(silent, np.int64)
