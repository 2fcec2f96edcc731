"""How many distinct people a claim must stand on before anybody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

FIGURES = 5
"""A figure is shown only where at least so many distinct people stand behind it."""

QUOTES = 10
"""A quote is shown only from a theme, and a cell, that at least so many distinct people share."""


@overload
def figure_allowed(people: int) -> bool: ...
@overload
def figure_allowed(people: NDArray[np.integer]) -> NDArray[np.bool_]: ...
@overload
def figure_allowed(people: pl.Expr) -> pl.Expr: ...
def figure_allowed(people: int | NDArray[np.integer] | pl.Expr) -> bool | NDArray[np.bool_] | pl.Expr:
    """Whether a figure that stands on so many distinct people may be shown; element by element on arrays."""
    return people >= FIGURES


@overload
def quote_allowed(people: int) -> bool: ...
@overload
def quote_allowed(people: NDArray[np.integer]) -> NDArray[np.bool_]: ...
@overload
def quote_allowed(people: pl.Expr) -> pl.Expr: ...
def quote_allowed(people: int | NDArray[np.integer] | pl.Expr) -> bool | NDArray[np.bool_] | pl.Expr:
    """Whether words may be quoted where so many distinct people share the theme; element by element on arrays."""
    return people >= QUOTES
