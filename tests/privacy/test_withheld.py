"""No figure that is shown, and no sum or difference of several, tells of 1 to 4 people."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from estran.privacy import FIGURES, figure_allowed, not_alone, withheld, withheld_parts


def people_below(own, parent):
    """(C,) people in each cell and below it, where nobody is in two."""
    people = np.array(own)
    for cell in range(len(own) - 1, 0, -1):
        people[parent[cell]] += people[cell]
    return people


def found_by_subtraction(own, parent, shown):
    """The sets of people, 1 to 4 in all, that some sum and difference of what is shown tells."""
    own, cells = np.array(own), len(own)
    holds = np.eye(cells, dtype=int)
    for cell in range(cells - 1, 0, -1):
        holds[parent[cell]] |= holds[cell]
    known = holds[shown][:, own > 0]  # whoever subtracts may know which cells are empty
    if not known.size:
        return []
    span = np.linalg.pinv(known) @ known
    sets = np.array(list(itertools.product([0, 1], repeat=known.shape[1])))
    people = sets @ own[own > 0]
    told = np.abs(sets @ span - sets).max(axis=1) < 1e-9
    return sets[told & (people > 0) & (people < FIGURES)].tolist()


@st.composite
def organisations(draw):
    cells = draw(st.integers(1, 8))
    own = draw(st.lists(st.integers(0, 12), min_size=cells, max_size=cells))
    parent = [-1] + [draw(st.integers(0, cell - 1)) for cell in range(1, cells)]
    return own, np.array(parent)


@given(organisations())
def test_whoever_adds_and_subtracts_finds_nobody(organisation):
    own, parent = organisation
    shown = ~withheld(people_below(own, parent), parent)
    assert found_by_subtraction(own, parent, shown) == []


def test_small_cells_alone_would_leak():
    own, parent = [0, 3, 7, 20], np.array([-1, 0, 0, 0])
    people = people_below(own, parent)
    assert found_by_subtraction(own, parent, figure_allowed(people)) == [[1, 0, 0]]  # 30 - 7 - 20
    assert withheld(people, parent).tolist() == [False, True, True, False]


def test_a_part_is_withheld_where_few_people_are_in_no_part():
    assert withheld_parts(np.array([8, 20]), 30).tolist() == [True, False]
    assert withheld_parts(np.array([8, 20]), 28).tolist() == [False, False]
    assert withheld_parts(np.array([8, 20]), 33).tolist() == [False, False]


def test_several_small_parts_hide_each_other():
    assert withheld_parts(np.array([3, 4, 20]), 27).tolist() == [True, True, False]


def test_nobody_is_no_secret_and_hides_nobody():
    assert withheld_parts(np.array([0, 3, 9, 20]), 32).tolist() == [False, True, True, False]
    assert withheld_parts(np.array([0, 9, 20]), 29).tolist() == [False, False, False]


def test_what_lies_below_a_cell_that_is_withheld_is_withheld():
    #         whole, small, large, its two teams
    people, parent = np.array([24, 4, 20, 12, 8]), np.array([-1, 0, 0, 2, 2])
    assert withheld(people, parent).tolist() == [False, True, True, True, True]


def test_many_figures_are_judged_at_once_as_one_by_one():
    rng = np.random.default_rng(0)
    parent = np.array([-1, 0, 0, 1, 1, 2, 2])
    people = np.stack([people_below(rng.integers(0, 12, 7), parent) for _ in range(50)], axis=1)
    together = withheld(people, parent)
    assert all((together[:, k] == withheld(people[:, k], parent)).all() for k in range(50))


def test_people_in_two_parts_do_not_make_a_difference_of_few():
    # 10 people, 8 in one part, 4 in the other: two are in both, and 10 - 8 would tell of two
    assert withheld_parts(np.array([8, 4]), 10).tolist() == [True, True]


@given(organisations())
def test_nothing_is_withheld_where_all_together_tell_of_nobody(organisation):
    own, parent = organisation
    if found_by_subtraction(own, parent, np.ones(len(own), bool)) == []:
        assert not withheld(people_below(own, parent), parent).any()


def test_a_share_that_is_withheld_alone_takes_the_smallest_that_is_shown_with_it():
    people = np.array([[3, 3, 3], [9, 0, 2], [7, 0, 20]])
    hidden = np.array([[True, True, True], [False, False, True], [False, False, False]])
    told = not_alone(hidden, people, axis=0)
    assert told.T.tolist() == [[True, False, True], [True, True, True], [True, True, False]]


def test_nothing_more_is_withheld_where_nothing_is_or_two_are():
    hidden = np.array([[True, False], [True, False], [False, False]])
    people = np.full((3, 2), 8)
    assert not_alone(hidden, people, axis=0).tolist() == hidden.tolist()
    assert not_alone(hidden.T, people.T, axis=1).tolist() == hidden.T.tolist()
