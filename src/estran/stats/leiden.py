"""Communities of a graph that maximise its modularity: the Leiden algorithm, the same bytes for the same seed.

Own code because of two things that were met in scikit-network 0.33, against which it is tested: the random part of its
refinement comes from the C library's `rand`, which no `random_state` reaches and all threads share; and its single
precision can go round for ever on a few ten thousand nodes. It also has no warm start, which identities need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from estran.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.stats.presence import Bools, Codes, Floats, Ints

GAIN = 1e-12  # of modularity: less is rounding
LEVELS = 50
ROUNDS = 4  # each begins with the communities of the one before

_MULTIPLIER, _STEP = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(31)


class Graph(NamedTuple):
    """A symmetric graph as kernels read it.

    Attributes:
        indptr: (n+1,) where the neighbours of each node begin.
        indices: (nnz,) neighbours, rising.
        data: (nnz,) weights, summing to 1.
        mass: (n,) summed weights of each node.
    """

    indptr: Ints
    indices: Ints
    data: Floats
    mass: Floats


def communities(graph: sparse.csr_array, *, resolution: float, seed: int) -> Codes:
    """The communities of a graph that maximise its modularity (Traag, Waltman, Van Eck 2019).

    Differs from the paper in the refinement, where a node joins any of the groups that gain, each as likely.

    Args:
        graph: (n, n) weights, symmetric.
        resolution: of modularity (Reichardt, Bornholdt 2006); higher makes more and smaller communities.
        seed: the order in which nodes are looked at, and the draws of the refinement.

    Returns:
        (n,) community of each node, from 0, the largest first; a node without neighbours is one of its own.
    """
    nodes = graph.shape[0]
    if graph.nnz == 0:
        return np.arange(nodes, dtype=np.int32)
    rng = np.random.default_rng(seed)
    state = rng.integers(1 << 62, size=1).astype(np.uint64)
    found = np.arange(nodes)
    for _ in range(ROUNDS):
        found = _once(graph, found, resolution, rng, state)
    return ranked(found)


def _once(
    graph: sparse.csr_array,
    label: Ints,
    resolution: float,
    rng: np.random.Generator,
    state: NDArray[np.uint64],
) -> Ints:
    """From communities (n,) to better ones: move, refine, aggregate, and again on the groups."""
    place, level = np.arange(graph.shape[0]), graph
    for _ in range(LEVELS):
        rows = _graph(level)
        total = _summed(rows.mass, label, level.shape[0])
        _settled(rows, rng.permutation(level.shape[0]), total, label, resolution)
        label = np.unique(label, return_inverse=True)[1]
        refined = np.arange(level.shape[0])
        _refine(rows, label, refined, resolution, state)
        first, refined = np.unique(refined, return_index=True, return_inverse=True)[1:]
        if len(first) == level.shape[0]:
            break
        place, level, label = refined[place], aggregate(level, refined, groups=len(first)), label[first]
    return label[place]


def ranked(codes: NDArray[np.integer]) -> Codes:
    """Codes from 0, the most frequent first; of two as frequent, the one that comes first. -1 stays."""
    placed = codes >= 0
    _, start, inverse, count = np.unique(
        codes[placed], return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(count), np.int32)
    rank[np.lexsort((start, -count))] = np.arange(len(count), dtype=np.int32)
    made = np.full(len(codes), -1, np.int32)
    made[placed] = rank[inverse]
    return made


def settle(
    graph: sparse.csr_array,
    before: NDArray[np.integer],
    *,
    resolution: float,
    movable: Bools,
    passes: int = 1,
) -> Codes:
    """Communities that were there before, after local moves of some nodes: none is new, none is renamed.

    A node goes to the community of a neighbour where modularity gains most; nodes are met in their order.

    Args:
        graph: (n, n) weights, symmetric.
        before: (n,) community of each node, from 0.
        resolution: of modularity.
        movable: (n,) which nodes may move.
        passes: at the most.

    Returns:
        (n,) community of each node.
    """
    after = before.astype(np.int64)
    if graph.nnz:
        rows = _graph(graph)
        total = _summed(rows.mass, after, int(after.max()) + 1)
        weight = np.zeros(len(total))
        for _ in range(passes):
            moved = 0
            for node in np.flatnonzero(movable).tolist():
                moved += _moved(rows, node, total, weight, after, resolution)
            if not moved:
                break
    return after.astype(np.int32)


def aggregate(graph: sparse.csr_array, codes: NDArray[np.integer], *, groups: int) -> sparse.csr_array:
    """The graph (groups, groups) between groups of nodes: summed weights, those inside a group on the diagonal."""
    placed = np.flatnonzero(codes >= 0)
    member = sparse.csr_array((np.ones(len(placed)), (placed, codes[placed])), shape=(graph.shape[0], groups))
    return sparse.csr_array(member.T @ graph @ member)


def modularity(graph: sparse.csr_array, codes: NDArray[np.integer], *, resolution: float = 1.0) -> float:
    """The share of weight inside communities, less resolution times what chance would put there (Newman 2004)."""
    between = aggregate(graph, codes, groups=int(codes.max()) + 1).toarray() / graph.sum()
    return float(np.trace(between) - resolution * (between.sum(axis=1) ** 2).sum())


def _summed(weights: Floats, codes: Ints, groups: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=weights, minlength=groups), np.float64)


def _graph(graph: sparse.csr_array) -> Graph:
    graph = sparse.csr_array(graph)
    graph.sort_indices()
    weights = graph.data.astype(np.float64) / float(graph.data.sum())
    mass = _summed(weights, np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr)), graph.shape[0])
    return Graph(graph.indptr.astype(np.int64), graph.indices.astype(np.int64), weights, mass)


@njit
def _settled(graph: Graph, order: Ints, total: Floats, label: Ints, resolution: float) -> None:
    """Local moves until none gains: every node once in the order given, then those whose neighbours moved."""
    n = len(order)
    queue, waiting = order.copy(), np.ones(n, np.bool_)
    weight = np.zeros(n)
    head, length = 0, n
    while length > 0:
        node = queue[head]
        head = (head + 1) % n
        length -= 1
        waiting[node] = False
        if _moved(graph, node, total, weight, label, resolution):
            for at in range(graph.indptr[node], graph.indptr[node + 1]):
                other = graph.indices[at]
                if not waiting[other] and label[other] != label[node]:
                    waiting[other] = True
                    queue[(head + length) % n] = other
                    length += 1


@njit
def _moved(graph: Graph, node: int, total: Floats, weight: Floats, label: Ints, resolution: float) -> int:
    """1 where a node moved to the community of a neighbour. `weight` is zeros, and is given back as zeros."""
    own, mass = label[node], graph.mass[node]
    first, past = graph.indptr[node], graph.indptr[node + 1]
    for at in range(first, past):
        if graph.indices[at] != node:
            weight[label[graph.indices[at]]] += graph.data[at]
    total[own] -= mass
    best, most = own, weight[own] - resolution * mass * total[own]
    for at in range(first, past):
        group = label[graph.indices[at]]
        gain = weight[group] - resolution * mass * total[group]
        if gain > most + GAIN:
            best, most = group, gain
    for at in range(first, past):
        weight[label[graph.indices[at]]] = 0.0
    total[best] += mass
    label[node] = best
    return 1 if best != own else 0


@njit
def _refine(graph: Graph, label: Ints, refined: Ints, resolution: float, state: NDArray[np.uint64]) -> None:
    """Merge nodes inside their communities: one that stands alone joins a group where that gains, drawn among those.

    As nodes leave no group, groups stay connected.
    """
    n = len(refined)
    total, members = graph.mass.copy(), np.ones(n, np.int64)
    weight, met, better = np.zeros(n), np.empty(n, np.int64), np.empty(n, np.int64)
    for node in range(n):
        if members[refined[node]] > 1:
            continue
        found = 0
        for at in range(graph.indptr[node], graph.indptr[node + 1]):
            other = graph.indices[at]
            if other != node and label[other] == label[node]:
                group = refined[other]
                if weight[group] == 0.0:
                    met[found] = group
                    found += 1
                weight[group] += graph.data[at]
        gains = 0
        for each in range(found):
            group = met[each]
            if weight[group] - resolution * graph.mass[node] * total[group] > GAIN:
                better[gains] = group
                gains += 1
            weight[group] = 0.0
        if gains:
            group = better[_drawn(state, gains)]
            members[refined[node]] -= 1
            total[refined[node]] -= graph.mass[node]
            refined[node] = group
            members[group] += 1
            total[group] += graph.mass[node]


@njit
def _drawn(state: NDArray[np.uint64], below: int) -> int:
    """The next whole number below a bound (a step of splitmix64)."""
    state[0] += _STEP
    mixed = (state[0] ^ (state[0] >> _SHIFT)) * _MULTIPLIER
    return int((mixed >> _SHIFT) % np.uint64(below))
