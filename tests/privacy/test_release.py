"""Figures need five people, quotes ten."""

import numpy as np
import polars as pl

from estran.privacy import FIGURES, QUOTES, figure_allowed, quote_allowed


def test_a_figure_needs_five_people_and_a_quote_ten():
    assert (FIGURES, QUOTES) == (5, 10)
    assert [figure_allowed(n) for n in (0, 4, 5, 9)] == [False, False, True, True]
    assert [quote_allowed(n) for n in (5, 9, 10, 11)] == [False, False, True, True]


def test_arrays_and_expressions_are_judged_element_by_element():
    people = np.array([4, 5, 10])
    assert figure_allowed(people).tolist() == [False, True, True]
    assert quote_allowed(people).tolist() == [False, False, True]
    cells = pl.DataFrame({"people": people}).filter(quote_allowed(pl.col("people")))
    assert cells["people"].to_list() == [10]
