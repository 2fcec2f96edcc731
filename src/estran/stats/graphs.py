"""Topics of messages from their vectors: who is near whom, how fine to cut, which groups hold, and who is in none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.ndimage import uniform_filter1d

from estran.stats.agreement import jaccard, rand_index
from estran.stats.leiden import communities, ranked
from estran.stats.points import Frame, directions, distinct_points, frame_of, nearest, points_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.stats.points import Nearest, Points
    from estran.stats.presence import Bools, Codes, Floats, Ints

NEIGHBOURS = 15
FEWEST_NEIGHBOURS, ROWS_PER_NEIGHBOUR = 5, 25
FLOOR = 0.2  # cosine of a neighbour; the nearest of 50,000 random points in 512 dimensions are at .19
ENOUGH = 3  # neighbours above the floor that a message needs to be placed
LEAST = 5  # messages of a topic
SAMPLE = 50_000  # messages that make the topics
PIECE = 8_192
"""Points that are added up, or voted for, at a time."""
RESOLUTIONS = (0.3, 0.5, 0.8, 1.2, 1.8, 2.5, 3.5, 5.0, 7.0, 10.0, 14.0, 20.0)
SIBLINGS = 5  # topics that a topic is joined to, for families
SUBSAMPLES, SHARE = 8, 0.9
PLATEAU = 0.02
RUNS, JITTER, AGREED, LOOSER = 40, (0.8, 1.25), 0.5, 0.5
SWEEP_SEED = FINAL_SEED = 0
"""How fine the topics are is a matter of the data, not of the seed; and the last run has nothing left to draw."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """How well runs on parts of the data agreed, per resolution.

    Attributes:
        resolution: (R,) rising.
        groups: (R,) communities, the median of the runs.
        agreement: (R,) mean adjusted Rand index of the runs, two by two.
        allowed: (R,) whether the number of communities is one that was asked for.
        error: (R,) its standard error (jackknife over the runs).
        chosen: which one: the allowed one that is best, less its standard error, with those beside it.
    """

    resolution: Floats
    groups: Ints
    agreement: Floats
    error: Floats
    allowed: Bools
    chosen: int


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics of n messages.

    Attributes:
        topic: (n,) from 0, the largest first; -1 for a message that is placed nowhere.
        family: (K,) of each topic.
        size: (K,) messages of each topic.
        stability: (K,) mean overlap (Jaccard) of the topic with its like in runs on 90 % of the messages; below .5 it
            dissolves as often as not (Hennig 2007).
        sweep: how the resolution was chosen.
        frame: what was taken off all vectors.
        empty: messages without a vector.
        lonely: messages with fewer than three neighbours.
        crumbs: messages of groups too small for a topic, with no topic near.
        sampled: distinct messages that made the topics; the others were placed by their neighbours among them.
    """

    topic: Codes
    family: Codes
    size: Ints
    stability: Floats
    sweep: Sweep
    frame: Frame
    empty: int
    lonely: int
    crumbs: int
    sampled: int

    @property
    def resolution(self) -> float:
        """Of the topics."""
        return float(self.sweep.resolution[self.sweep.chosen])


def topics_of(
    vectors: NDArray[np.floating],
    *,
    seed: int,
    between: tuple[int, int] | None = None,
    resolution: float | None = None,
    frame: Frame | None = None,
    sample: int = SAMPLE,
    threads: int = 2,
) -> Topics:
    """The topics of messages from their vectors (n, d).

    Distinct messages are joined to their nearest by cosine, and the communities of that graph are the topics: those on
    which many runs agree, at a resolution at which runs on parts of the data agree. Neither the order of the rows nor
    the number of threads changes a bit.

    Args:
        vectors: rows of zeros or NaN are messages without a vector.
        seed: of the sample and of the runs that must agree.
        between: fewest and most topics; by default `usual_number`.
        resolution: as fine as topics that are known already; by default as the data bear.
        frame: what to take off all vectors; by default their own mean and first component.
        sample: distinct messages, at the most, that make the topics.
        threads: at the same time.
    """
    rng = np.random.default_rng(seed)
    frame = frame_of(vectors) if frame is None else frame
    distinct, copy = distinct_points(points_of(vectors, frame))
    known = np.flatnonzero(np.any(distinct, axis=1))
    chosen = np.sort(rng.permutation(known)[:sample])
    k = neighbours_for(len(chosen))
    near = nearest(distinct[chosen], k=k, threads=threads)
    joined = np.flatnonzero(attached(near))
    graph = sparse.csr_array(graph_of(near)[joined][:, joined])
    messages = np.bincount(copy, minlength=len(distinct))[chosen[joined]]
    between = usual_number(len(joined)) if between is None else between
    tried = RESOLUTIONS if resolution is None else (resolution,)
    cut = grouped(
        graph, distinct[chosen[joined]], messages, tried=tried, between=between, rng=rng, threads=threads
    )
    own = np.full(len(chosen), -1, np.int32)
    own[joined] = cut.topic
    lonely = np.zeros(len(distinct), np.bool_)
    lonely[chosen] = ~attached(near)
    topic = np.full(len(distinct), -1, np.int32)
    topic[chosen] = np.where(own < 0, vote(near, own), own)
    rest = np.setdiff1d(known, chosen, assume_unique=True)
    if len(rest):
        beside = nearest(distinct[rest], distinct[chosen], k=k, threads=threads)
        topic[rest], lonely[rest] = vote(beside, own), ~attached(beside)
    topic, empty = topic[copy], ~np.isin(copy, known)
    size = np.bincount(topic[topic >= 0], minlength=len(cut.family))
    order = np.argsort(-size, kind="stable")
    rank = np.append(np.argsort(order), -1).astype(np.int32)
    return Topics(
        topic=rank[topic],
        family=ranked(cut.family[order]),
        size=size[order],
        stability=cut.stability[order],
        sweep=cut.sweep,
        frame=frame,
        empty=int(empty.sum()),
        lonely=int((lonely[copy] & ~empty).sum()),
        crumbs=int(((topic < 0) & ~lonely[copy] & ~empty).sum()),
        sampled=len(chosen),
    )


def neighbours_for(rows: int) -> int:
    """How many neighbours a message is joined to: 15, fewer below 375 messages, 5 at the least."""
    return int(np.clip(rows // ROWS_PER_NEIGHBOUR, FEWEST_NEIGHBOURS, NEIGHBOURS))


def usual_number(rows: int) -> tuple[int, int]:
    """The fewest and the most topics looked for: a quarter of the root of the messages, and one and a half times it.

    Two topics are a split by language, and one of seven messages is a copy and its likes: both are stable, and neither
    is a map.
    """
    root = float(np.sqrt(rows))
    return max(2, round(root / 4)), max(4, round(1.5 * root))


def graph_of(near: Nearest) -> sparse.csr_array:
    """The graph (n, n) of points and their nearest: cosine, halved where only one counts the other among its own."""
    n, k = near.index.shape
    joined = (near.cosine >= FLOOR).ravel()
    row, column = np.repeat(np.arange(n), k)[joined], near.index.ravel()[joined]
    one = sparse.csr_array((near.cosine.ravel()[joined], (row, column)), shape=(n, n))
    return sparse.csr_array((one + one.T) / 2)


def attached(near: Nearest) -> Bools:
    """(n,) whether a point has three neighbours above the floor: fewer, and it belongs nowhere."""
    return np.asarray((near.cosine >= FLOOR).sum(axis=1) >= ENOUGH)


def vote(near: Nearest, topic: Codes) -> Codes:
    """(n,) the topic for which the nearest of each point vote, by their cosines above the floor; -1 where none does.

    Args:
        near: of n points, among m.
        topic: (m,) -1 for one without a voice. Of two topics with as many votes the first wins.
    """
    heard = np.where(near.index >= 0, topic[near.index], -1)
    weight = np.where((near.cosine >= FLOOR) & (heard >= 0), near.cosine, 0.0)
    votes = np.empty_like(weight)
    for first in range(0, len(votes), PIECE):
        some = slice(first, first + PIECE)
        same = heard[some, :, None] == heard[some, None, :]
        votes[some] = (same * weight[some, None, :]).sum(axis=2)
    votes = np.where(weight > 0, votes, -1.0)
    most = votes.max(axis=1, keepdims=True, initial=-1.0)
    winner = np.where(votes >= most, heard, np.iinfo(np.int32).max).min(
        axis=1, initial=np.iinfo(np.int32).max
    )
    return np.where((most[:, 0] > 0) & attached(near), winner, -1).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Cut:
    """Topics of the nodes of a graph: see `Topics`. `topic` is -1 for a node of a group too small."""

    topic: Codes
    family: Codes
    stability: Floats
    sweep: Sweep


def grouped(
    graph: sparse.csr_array,
    points: Points,
    messages: Ints,
    *,
    tried: Sequence[float],
    between: tuple[int, int],
    rng: np.random.Generator,
    threads: int,
) -> Cut:
    """The topics of the nodes of a graph, points each of which stands for one message or several."""
    parts = parts_of(graph.shape[0], rng=np.random.default_rng(SWEEP_SEED))
    seeds = rng.integers(1 << 31, size=2).tolist()
    sweep, runs = swept(graph, parts, tried=tried, between=between, threads=threads)
    resolution = float(sweep.resolution[sweep.chosen])
    found = consensus(graph, resolution=resolution, seed=seeds[0], threads=threads)
    large = np.bincount(found, weights=messages, minlength=1) >= LEAST
    topic = ranked(np.where(large[found], found, -1))
    return Cut(
        topic=topic,
        family=families(points, topic, parts, seed=seeds[1]),
        stability=kept_in(topic, parts, runs[sweep.chosen]),
        sweep=sweep,
    )


def parts_of(rows: int, *, rng: np.random.Generator) -> tuple[Ints, ...]:
    """Eight random parts of 90 % of the rows, rising."""
    return tuple(np.sort(rng.permutation(rows)[: round(SHARE * rows)]) for _ in range(SUBSAMPLES))


def swept(
    graph: sparse.csr_array,
    parts: Sequence[Ints],
    *,
    tried: Sequence[float],
    between: tuple[int, int],
    threads: int,
) -> tuple[Sweep, tuple[tuple[Codes, ...], ...]]:
    """How well runs on parts of a graph agree at each resolution, and the runs.

    Agreement points to the resolution (Ben-Hur et al. 2002, Lange et al. 2004): as much of it as is sure, one standard
    error below, and the mean with those of the resolutions beside it, for one that stands out alone does so by chance. The
    best is chosen among those that make a number of communities that was asked for. Where none does, among those that
    come nearest.
    """

    def run(piece: tuple[float, int]) -> Codes:
        resolution, seed = piece
        inside = sparse.csr_array(graph[parts[seed]][:, parts[seed]])
        return communities(inside, resolution=resolution, seed=seed)

    with ThreadPoolExecutor(threads) as pool:
        made = list(pool.map(run, [(r, seed) for r in tried for seed in range(len(parts))]))
    runs = tuple(tuple(made[at : at + len(parts)]) for at in range(0, len(made), len(parts)))
    number = np.array([np.median([run.max(initial=-1) + 1 for run in each]) for each in runs])
    agreement, error = np.transpose([agreed(each, parts, graph.shape[0]) for each in runs])
    allowed = (number >= between[0]) & (number <= between[1])
    if not allowed.any():
        away = np.maximum(between[0] - number, number - between[1])
        allowed = away == away.min()
    chosen = most_agreed(agreement, error, allowed)
    return Sweep(np.array(tried), number.astype(np.int64), agreement, error, allowed, chosen), runs


def most_agreed(agreement: Floats, error: Floats, allowed: Bools) -> int:
    """The allowed resolution whose agreement, less a standard error, is best with those beside it (mean; two at an end)."""
    total, counted = uniform_filter1d([agreement - error, np.ones(len(error))], 3, mode="constant")
    return int(np.argmax(np.where(allowed, total / counted, -np.inf)))


def agreed(runs: Sequence[Codes], parts: Sequence[Ints], rows: int) -> tuple[float, float]:
    """The mean adjusted Rand index of groupings of parts of the rows, two by two, over the rows that both have.

    And its standard error: what it changes by when one of the groupings is left out (jackknife).
    """
    count = len(runs)
    laid = np.full((count, rows), -1)
    for number, (run, part) in enumerate(zip(runs, parts, strict=True)):
        laid[number, part] = run
    index = np.zeros((count, count))
    for a, b in combinations(range(count), 2):
        both = (laid[a] >= 0) & (laid[b] >= 0)
        index[a, b] = index[b, a] = rand_index(laid[a, both], laid[b, both])
    total = index.sum()
    own: Floats = index.sum(axis=1)
    without = (total - 2 * own) / ((count - 1) * (count - 2))
    error = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    return float(total / (count * (count - 1))), error


def consensus(graph: sparse.csr_array, *, resolution: float, seed: int, threads: int) -> Codes:
    """The communities on which forty runs agree (Lancichinetti, Fortunato 2012, on the edges alone).

    The runs have other seeds and resolutions from .8 to 1.25 times the one asked for. An edge weighs what it did times
    the share of runs that have both ends together, none below one half; the communities of that graph, at half the
    resolution, are those told.
    """
    rng = np.random.default_rng(seed)
    edges = sparse.triu(graph, k=1).tocoo()
    one, other = edges.coords
    pieces = [(r * resolution, int(rng.integers(1 << 31))) for r in np.geomspace(*JITTER, RUNS).tolist()]

    def together(piece: tuple[float, int]) -> Bools:
        run = communities(graph, resolution=piece[0], seed=piece[1])
        return np.asarray(run[one] == run[other])

    with ThreadPoolExecutor(threads) as pool:
        share: Floats = np.asarray(list(pool.map(together, pieces))).sum(axis=0) / RUNS
    firm = share >= AGREED
    half = sparse.csr_array((share[firm] * edges.data[firm], (one[firm], other[firm])), shape=graph.shape)
    return communities(sparse.csr_array(half + half.T), resolution=LOOSER * resolution, seed=FINAL_SEED)


def kept_in(topic: Codes, parts: Sequence[Ints], runs: Sequence[Codes]) -> Floats:
    """(K,) mean Jaccard of each topic with its like in runs on parts of the nodes (Hennig 2007)."""
    overlap = [
        jaccard(topic[part], run).max(axis=1, initial=0.0) for part, run in zip(parts, runs, strict=True)
    ]
    number = int(topic.max(initial=-1)) + 1
    laid = [np.pad(each, (0, number - len(each))) for each in overlap]
    return np.asarray(np.mean(laid, axis=0), np.float64)


def families(points: Points, topic: Codes, parts: Sequence[Ints], *, seed: int) -> Codes:
    """(K,) the family of each topic: communities of topics whose middles are near.

    Each topic is joined to the five nearest by the cosine of their middles. Looked at are the resolutions that make from
    half the root of the number of topics to twice it, at least two families and at most half as many as topics; where none
    does, those that come nearest. Of those at which parts of the messages agree (within .02 of the best), the one that comes
    nearest to the root is taken; fewer than four topics are a family each.
    """
    number = int(topic.max(initial=-1)) + 1
    if number < 2 * 2:
        return np.arange(number, dtype=np.int32)
    whole = _siblings(points, topic, number)
    found = [communities(whole, resolution=resolution, seed=seed) for resolution in RESOLUTIONS]
    many = np.array([each.max() + 1 for each in found])
    away = np.where((many >= 2) & (many <= number / 2), abs(np.log(many / np.sqrt(number))), np.inf)
    if np.isinf(away).all():
        return np.arange(number, dtype=np.int32)
    looked_at = np.flatnonzero(away <= max(np.log(2), away.min()))
    pieces, agreement = [_siblings(points[part], topic[part], number) for part in parts], []
    for at in looked_at.tolist():
        runs = [communities(piece, resolution=RESOLUTIONS[at], seed=seed) for piece in pieces]
        agreement.append(np.mean([rand_index(a, b) for a, b in combinations(runs, 2)]))
    steady = looked_at[np.array(agreement) >= max(agreement) - PLATEAU]
    return found[int(steady[np.argmin(away[steady])])]


def middles(points: Points, topic: Codes, number: int) -> Points:
    """(K, d) the middle of each topic, on the sphere; zeros for a topic without messages."""
    total = np.zeros((number, points.shape[1]))
    for first in range(0, len(topic), PIECE):  # sums of whole numbers: the same in whatever pieces
        some = slice(first, first + PIECE)
        placed = np.flatnonzero(topic[some] >= 0)
        member = sparse.csr_array(
            (np.ones(len(placed)), (topic[some][placed], placed)), shape=(number, len(topic[some]))
        )
        total += member @ points[some].astype(np.float64)
    return directions(total)


def _siblings(points: Points, topic: Codes, number: int) -> sparse.csr_array:
    return graph_of(nearest(middles(points, topic, number), k=min(SIBLINGS, number - 1)))
