"""Themes as points: close when they keep the same company."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.vectors import vectors


def points(table, dimensions=150):
    row, column = np.nonzero(table)
    return vectors(row, column, table[row, column], shape=table.shape, dimensions=dimensions)


def test_rows_of_the_same_company_are_one_point_and_strangers_stand_at_right_angles():
    found = points(np.array([[4, 2, 0, 0], [4, 2, 0, 0], [0, 0, 3, 3]]))
    np.testing.assert_allclose(found @ found.T, [[1, 1, 0], [1, 1, 0], [0, 0, 1]], atol=1e-9)


def test_a_row_without_counts_is_no_point():
    found = points(np.array([[0, 0], [1, 2], [2, 1]]))
    assert not found[0].any()
    np.testing.assert_allclose(np.linalg.norm(found[1:], axis=1), 1)


def test_nothing_makes_no_points():
    assert points(np.zeros((3, 0), int)).shape == (3, 0)
    assert not points(np.zeros((2, 2), int)).any()


TABLES = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).poisson(0.7, (12, 9)))


@settings(deadline=None)
@given(TABLES, st.permutations(range(9)))
def test_the_order_of_the_columns_does_not_matter(table, order):
    one, other = points(table, 20), points(table[:, order], 20)
    np.testing.assert_allclose(one @ one.T, other @ other.T, atol=1e-6)


@settings(deadline=None)
@given(TABLES, st.integers(2, 5))
def test_a_corpus_said_several_times_has_the_same_points(table, times):
    one, other = points(table, 20), points(table * times, 20)
    np.testing.assert_allclose(one @ one.T, other @ other.T, atol=1e-6)


def test_the_sketch_keeps_the_cosines_of_the_exact_decomposition():
    rng = np.random.default_rng(1)
    table = rng.poisson(np.exp(rng.normal(0, 1, (60, 6)) @ rng.normal(0, 1, (6, 200)) / 2))
    found = points(table, dimensions=8)
    rows, columns = table.sum(axis=1), table.sum(axis=0) ** 0.75
    with np.errstate(divide="ignore"):
        informative = np.maximum(np.log(table / np.outer(rows, columns / columns.sum())), 0)
    left, singular, _ = np.linalg.svd(informative)
    exact = left[:, :8] * np.sqrt(singular[:8])
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    assert np.abs(found @ found.T - exact @ exact.T).mean() < 0.05


def test_rows_drawn_at_random_are_strangers():
    """Calibration: without anything in common no pair looks alike."""
    table = np.random.default_rng(2).poisson(1.0, (40, 600))
    cosines = points(table, dimensions=30)
    cosines = cosines @ cosines.T
    assert np.abs(cosines[~np.eye(40, dtype=bool)]).mean() < 0.2


def test_rows_drawn_from_one_mixture_are_found_among_many():
    """Power: 20 pairs, 60 words each; the nearest row is the partner."""
    rng = np.random.default_rng(3)
    mixtures = rng.dirichlet(np.full(400, 0.1), 20)
    table = np.stack([rng.multinomial(60, mixtures[k // 2]) for k in range(40)])
    cosines = points(table, dimensions=30)
    cosines = cosines @ cosines.T
    np.fill_diagonal(cosines, -1)
    assert np.mean(cosines.argmax(axis=1) == np.arange(40) ^ 1) >= 0.9
