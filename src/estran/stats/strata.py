"""Rows that may be compared: alike in length, language and channel, and of one message or of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.stats.presence import Codes, Ints


def length_strata(
    tokens: NDArray[np.integer],
    groups: NDArray[np.integer],
    *,
    messages: NDArray[np.integer] | None = None,
    least: int = 30,
) -> Codes:
    """The stratum of each row: its half-octave of length, within its group.

    A long row holds more themes than a short one, and rows grow or shrink over the years: without strata of length
    nine themes in ten "rise" in a corpus that went from titles to abstracts. Several short messages hold other words than
    one as long as all of them: where rows are made of messages, those of one and those of several are kept apart.

    Args:
        tokens: (N,) tokens of each row; 0 counts as 1.
        groups: (N,) codes of what else must not be mixed (language, channel, side).
        messages: (N,) of each row; by default one.
        least: a group is parted by messages where both parts have so many rows; then a bin of fewer rows is merged
            with its neighbour of the same group; the groups of fewer rows are pooled together first.

    Returns:
        (N,) dense codes from 0, in order of group and length.
    """
    if len(tokens) == 0:
        return np.zeros(0, np.int32)
    _, group = np.unique(groups, return_inverse=True)
    if messages is not None:
        group = _parted(group, np.asarray(messages) > 1, least)
    size = np.bincount(group)
    group = np.where(size[group] < least, len(size), group)
    half_octave = np.floor(2.0 * np.log2(np.maximum(tokens, 1)) + 1e-9).astype(np.int64)
    bins = int(half_octave.max()) + 1
    cells, cell, rows = np.unique(group * bins + half_octave, return_inverse=True, return_counts=True)
    return _merged(cells // bins, rows, least)[cell].astype(np.int32)


def _parted(group: Ints, several: NDArray[np.bool_], least: int) -> Ints:
    """Twice the group, and one more for rows of several messages, where it has enough of both."""
    many = np.bincount(group, weights=several)
    both = np.minimum(many, np.bincount(group) - many) >= least
    parted: Ints = 2 * group + (several & both[group])
    return parted


def _merged(group: Ints, rows: Ints, least: int) -> Ints:
    """The stratum of each cell (cells in order of group, then length), neighbours merged until none is small."""
    stratum = np.zeros(len(group), np.int64)
    current, held = 0, 0
    for c in range(len(group)):
        new_group = c > 0 and group[c] != group[c - 1]
        full = held >= least and rows[c:][group[c:] == group[c]].sum() >= least
        if new_group or full:
            current, held = current + 1, 0
        stratum[c] = current
        held += int(rows[c])
    return stratum
