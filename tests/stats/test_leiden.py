from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import groups, noise
from scipy import sparse
from sknetwork.clustering import Leiden

from estran.stats.agreement import rand_index
from estran.stats.graphs import graph_of
from estran.stats.leiden import aggregate, communities, modularity, ranked, settle
from estran.stats.points import frame_of, nearest, points_of


def triangles():
    """Two triangles joined by one edge."""
    one, other = np.array([0, 0, 1, 3, 3, 4, 2]), np.array([1, 2, 2, 4, 5, 5, 3])
    half = sparse.csr_array((np.ones(7), (one, other)), shape=(6, 6))
    return sparse.csr_array(half + half.T)


def near_graph(vectors, k=10):
    return graph_of(nearest(points_of(vectors, frame_of(vectors)), k=k))


def test_two_triangles_by_hand():
    found = communities(triangles(), resolution=1, seed=0)
    assert found.tolist() == [0, 0, 0, 1, 1, 1]
    assert modularity(triangles(), found) == pytest.approx(12 / 14 - 2 * 0.5**2)
    assert aggregate(triangles(), found, groups=2).toarray().tolist() == [[6, 1], [1, 6]]


def test_a_node_goes_back_where_it_belongs_and_one_that_may_not_stays():
    before = np.array([0, 0, 1, 1, 1, 1])
    assert settle(triangles(), before, resolution=1, movable=np.ones(6, bool)).tolist() == [0, 0, 0, 1, 1, 1]
    assert settle(triangles(), before, resolution=1, movable=np.zeros(6, bool)).tolist() == before.tolist()


def test_nodes_without_neighbours_stand_alone():
    empty = sparse.csr_array((3, 3))
    assert communities(empty, resolution=1, seed=0).tolist() == [0, 1, 2]
    assert settle(empty, np.array([0, 0, 1]), resolution=1, movable=np.ones(3, bool)).tolist() == [0, 0, 1]


def test_codes_are_ranked_by_size():
    assert ranked(np.array([7, 3, 3, -1, 9, 9])).tolist() == [2, 0, 0, -1, 1, 1]


@settings(max_examples=15)
@given(st.integers(0, 1000))
def test_the_same_seed_gives_the_same_communities_in_any_thread(seed):
    graph = near_graph(noise(np.random.default_rng(seed), 120, d=5))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: communities(graph, resolution=2, seed=seed).tobytes(), range(8)))
    assert len(set(found)) == 1


@settings(max_examples=15)
@given(st.integers(0, 1000), st.floats(0.5, 8))
def test_every_community_is_connected(seed, resolution):
    graph = near_graph(noise(np.random.default_rng(seed), 150, d=4))
    found = communities(graph, resolution=resolution, seed=seed)
    for group in range(found.max() + 1):
        inside = graph[found == group][:, found == group]
        assert sparse.csgraph.connected_components(inside)[0] == 1


@pytest.mark.parametrize("resolution", [1.0, 5.0])
def test_modularity_is_no_less_than_that_of_scikit_network(resolution):
    vectors, _ = groups(np.random.default_rng(3), sizes=[30] * 20, spread=1.0)
    graph = near_graph(vectors)
    own = communities(graph, resolution=resolution, seed=0)
    peer = Leiden(resolution=resolution, random_state=0).fit_predict(sparse.csr_matrix(graph))
    least = modularity(graph, np.asarray(peer), resolution=resolution)
    assert modularity(graph, own, resolution=resolution) >= least - 0.002


def test_in_a_random_graph_runs_do_not_agree():
    rng = np.random.default_rng(4)
    half = sparse.random_array((600, 600), density=0.02, rng=rng)
    graph = sparse.csr_array(half + half.T)
    runs = [communities(graph, resolution=1.5, seed=seed) for seed in (1, 2)]
    assert rand_index(*runs) < 0.2


def test_planted_communities_are_found():
    vectors, truth = groups(np.random.default_rng(5), sizes=[40] * 12)
    assert rand_index(communities(near_graph(vectors), resolution=2, seed=0), truth) > 0.98
