"""How many distinct people a claim must stand on before anybody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
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


def withheld(people: NDArray[np.integer], parent: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which figures of a tree must not be shown, so that none of those shown tells of too few people.

    Two rules, from the root down. A cell of 1 to 4 people is withheld. And what is left when the parts that are shown
    are taken off the whole that is shown must be nobody, or 5 people at least: else the smallest part that is shown is
    withheld too, and the next. Whatever lies below a cell that is withheld is withheld with it. Then the sums and the
    differences of all that is shown stand on nobody or on 5 people at least, however they are taken
    (complementary suppression: Cox 1980; Willenborg and de Waal 2001).

    People who are in two parts count in both: the parts that are withheld, added up, must be 5 as well as the difference.

    Args:
        people: (C,) or (C, P) distinct people in each cell, those of the cells below it among them; P figures at once.
        parent: (C,) the cell that each lies in, before it; -1 where it lies in none.

    Returns:
        (C,) or (C, P).
    """
    counts = np.asarray(people, np.int64).reshape(len(people), -1)
    hidden = (counts > 0) & (counts < FIGURES)
    for whole in np.unique(
        parent[parent >= 0]
    ).tolist():  # in order, so that a parent is settled before its parts
        parts = np.flatnonzero(parent == whole)
        hidden[parts] |= hidden[whole] | _smallest(counts[parts], counts[whole])
    return hidden.reshape(np.shape(people))


def withheld_parts(people: NDArray[np.integer], whole: NDArray[np.integer] | int) -> NDArray[np.bool_]:
    """Which parts must not be shown beside their whole, as in `withheld`.

    Args:
        people: (C,) or (C, P) distinct people in each part.
        whole: how many people they are together, one number or (P,); they may be more, where some are in no part.

    Returns:
        (C,) or (C, P).
    """
    first = np.broadcast_to(np.asarray(whole), np.shape(people)[1:])[None]
    parent = np.concatenate([[-1], np.zeros(len(people), np.int64)])
    return withheld(np.concatenate([first, people]), parent)[1:]


def not_alone(hidden: NDArray[np.bool_], people: NDArray[np.integer], *, axis: int) -> NDArray[np.bool_]:
    """What is withheld, and another part beside each that is withheld alone: shares add up to one, so that the rest tells it.

    The other is the smallest that is shown and has people; where there is none, the whole line is withheld.

    Args:
        hidden: what is withheld already.
        people: distinct people in each part.
        axis: along which parts make up a whole.
    """
    some = people > 0
    alone = (hidden & some).sum(axis=axis, keepdims=True) == 1
    left = ~hidden & some
    smallest = np.where(left, people, np.iinfo(np.int64).max).argmin(axis=axis, keepdims=True)
    out: NDArray[np.bool_] = hidden | (alone & ~left.any(axis=axis, keepdims=True))
    chosen = np.take_along_axis(out, smallest, axis=axis) | alone
    np.put_along_axis(out, smallest, chosen, axis=axis)
    return out


def _smallest(parts: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(m, P) the fewest parts, smallest first, that must be withheld beside a whole that is shown."""
    order = np.argsort(parts, axis=0, kind="stable")
    rising = np.take_along_axis(parts, order, axis=0)
    none = np.zeros((1, rising.shape[1]), np.int64)
    added = np.concatenate([none, np.cumsum(rising, axis=0)])  # (m + 1, P) of the first 0, 1, ... m parts
    rest = whole - (added[-1] - added)  # what is left of the whole when the other parts are taken off
    direct = np.maximum(whole - added[-1], 0)  # people of the whole who are in no part
    inside = added + direct
    allowed = (inside == 0) | ((inside >= FIGURES) & ((rest <= 0) | (rest >= FIGURES)))
    allowed[-1] = True  # nothing but the whole is shown
    small = ((rising > 0) & (rising < FIGURES)).sum(axis=0) + (rising == 0).sum(axis=0)
    small = np.where(((rising > 0) & (rising < FIGURES)).any(axis=0), small, 0)
    allowed &= np.arange(len(allowed))[:, None] >= small
    first = allowed.argmax(axis=0)
    chosen = (np.arange(len(parts))[:, None] < first) & (
        rising > 0
    )  # nobody is hidden in a part without people
    out = np.zeros(parts.shape, bool)
    np.put_along_axis(out, order, chosen, axis=0)
    return out
