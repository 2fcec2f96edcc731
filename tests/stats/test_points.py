import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import groups, noise

from estran.stats import points as rooms
from estran.stats.points import GRID, distinct_points, frame_of, nearest, points_of


def test_what_all_share_is_taken_off_by_hand():
    # all lean to the first axis, and differ most along the second
    vectors = np.array([[3, 4, 0], [3, -4, 0], [3, 0, 4], [3, 4, 0], [3, -4, 0], [3, 0, -4]]) / 5
    frame = frame_of(vectors)
    assert np.allclose(frame.mean, [0.6, 0, 0], atol=1e-4)
    assert np.allclose(np.abs(frame.component), [0, 1, 0], atol=1e-4)
    assert np.allclose(points_of(vectors, frame)[[2, 5]], [[0, 0, GRID], [0, 0, -GRID]], atol=2)


def test_the_nearest_by_hand():
    angle = np.deg2rad([0, 10, 30, 90])
    points = np.rint(GRID * np.stack([np.cos(angle), np.sin(angle)], axis=1)).astype(np.int16)
    near = nearest(points, k=2)
    assert near.index.tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
    assert np.allclose(near.cosine[0], np.cos(np.deg2rad([10, 30])), atol=1e-3)


@given(st.integers(0, 1000), st.booleans())
def test_it_is_all_one_how_many_points_are_compared_at_a_time(seed, others):
    rng = np.random.default_rng(seed)
    points = rng.integers(-2, 3, (40, 3)).astype(np.int16)  # many are as near as others
    field = rng.integers(-2, 3, (30, 3)).astype(np.int16) if others else None
    whole = nearest(points, field, k=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "FIELD", 7)
        patch.setattr(rooms, "BLOCK", 11)
        parts = nearest(points, field, k=5)
    assert parts.index.tolist() == whole.index.tolist()
    assert parts.cosine.tolist() == whole.cosine.tolist()


@given(st.integers(0, 1000), st.integers(0, 60), st.integers(1, 6))
def test_distinct_points_are_the_distinct_rows_in_their_order(seed, rows, dim):
    points = np.random.default_rng(seed).integers(-1, 2, (rows, dim)).astype(np.int16) * np.int16(GRID)
    found, place = distinct_points(points)
    wanted, where = np.unique(points, axis=0, return_inverse=True)
    assert found.tolist() == wanted.tolist()
    assert place.tolist() == where.tolist()


def test_there_may_be_fewer_neighbours_than_asked_for():
    near = nearest(np.array([[GRID, 0], [0, GRID]], np.int16), k=3)
    assert near.index.tolist() == [[1, -1, -1], [0, -1, -1]]
    assert (near.cosine[:, 1:] == -2).all()


def test_messages_without_a_vector_are_rows_of_zeros():
    vectors = np.array([[0, 0], [np.nan, 1], [1, 0], [0, 1]])
    assert not points_of(vectors, frame_of(vectors))[:2].any()
    assert not points_of(vectors[:2], frame_of(vectors[:2])).any()


@given(st.integers(0, 1000))
def test_neither_order_nor_length_nor_threads_change_a_point(seed):
    rng = np.random.default_rng(seed)
    vectors = noise(rng, 40, d=7)
    order, longer = rng.permutation(40), np.exp2(rng.integers(-3, 4, (40, 1)))
    points = points_of(vectors, frame_of(vectors))
    again = points_of(vectors[order] * longer, frame_of(vectors[order] * longer))
    assert again.tobytes() == points[order].tobytes()
    one, two = nearest(points, k=5, threads=1), nearest(points, k=5, threads=2)
    assert (one.index.tobytes(), one.cosine.tobytes()) == (two.index.tobytes(), two.cosine.tobytes())


def test_random_points_are_no_nearer_than_chance():
    vectors = noise(np.random.default_rng(1), 2000, d=512)
    points = points_of(vectors, frame_of(vectors))
    assert nearest(points, k=1).cosine.max() < 5.5 / np.sqrt(512)  # 2 million pairs


def test_the_nearest_of_a_planted_group_are_its_own():
    vectors, truth = groups(np.random.default_rng(2), sizes=[60] * 10)
    near = nearest(points_of(vectors, frame_of(vectors)), k=10)
    assert (truth[near.index] == truth[:, None]).mean() > 0.95
