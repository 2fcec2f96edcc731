"""Whether the share of a theme moves otherwise outside than inside: is the gap between sides closing, or opening?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.stats.flips import FlipTest, flip_test
from estran.stats.trends import linear

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Codes, Floats, Rows


@dataclass(frozen=True, slots=True)
class GapTest:
    """Whether each theme moved otherwise outside than inside; all arrays (P,).

    Attributes:
        p: two-sided p values; 1 where one of the sides cannot tell.
        sign: 1 where the outside rises against the inside, -1 where it falls, 0 where neither.
    """

    p: Floats
    sign: Codes


def gap_test(
    voices: tuple[Rows, Bools], conversations: tuple[Rows, Bools] | None, *, threads: int | None = None
) -> GapTest:
    """Whether the log odds of each theme have another slope in time outside than inside.

    The efficient score of side x time, a line in time being taken off either side, summed by person; its sign is flipped
    person by person (`estran.stats.flips.flip_test`). People *and* conversations must show it: the larger p value counts.
    A theme that rises alike on both sides has no such score, however it rises.

    Args:
        voices: rows A, whose strata do not mix sides where it can be helped, and (N,) whether each is outside.
        conversations: rows B and their sides; None where there are none.
        threads: how many; all cores where None. The answer does not depend on it.
    """
    people = _moves(*voices, threads=threads)
    p = people.p
    if conversations is not None:
        p = np.maximum(p, _moves(*conversations, threads=threads).p)
    return GapTest(p, np.sign(np.round(people.z, 9)).astype(np.int32))


def _moves(rows: Rows, outside: Bools, *, threads: int | None) -> FlipTest:
    """The flip test of side x time; strata that hold both sides (rare groups, pooled) tell nothing."""
    strata = int(rows.stratum.max(initial=-1)) + 1
    size, out = (
        np.bincount(rows.stratum, minlength=strata),
        np.bincount(rows.stratum, outside, minlength=strata),
    )
    pure = (out == 0) | (out == size)
    contrast = linear(rows.period, rows.stratum, rows.season) * pure[rows.stratum]
    return flip_test(rows, contrast, part=out > 0, threads=threads)
