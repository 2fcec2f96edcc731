"""How the share of a planted theme moves along the span of a corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.errors import SettingsError
from estran.findings import Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLANTABLE = (
    Shape.EMERGING,
    Shape.IN,
    Shape.ESTABLISHED,
    Shape.RETURNING,
    Shape.PEAKED_OUT,
    Shape.OUT,
    Shape.STEADY,
)
"""The shapes that a theme can be given; "too early" is an answer, not a shape."""

_TURNS = {
    Shape.EMERGING: (0.75,),
    Shape.IN: (0.0,),
    Shape.ESTABLISHED: (0.25, 0.5),
    Shape.RETURNING: (0.5,),
    Shape.PEAKED_OUT: (0.5,),
    Shape.OUT: (0.0,),
    Shape.STEADY: (),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """A share over time, straight between its knots on the log scale, 1 at its highest.

    Attributes:
        shape: emerging and in rise from the turn to the end; established rises between two turns; out falls from the
            turn to the end; peaked out rises to the turn and falls back; returning falls to the turn and rises back.
        ratio: highest share over lowest, at least 1.
        turns: where it turns, from 0 (start of the span) to 1 (end); empty for the usual place of the shape.
    """

    shape: Shape
    ratio: float = 1.0
    turns: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.shape not in PLANTABLE:
            raise SettingsError(
                f"a theme cannot be planted as {self.shape.value!r}: one of {[s.value for s in PLANTABLE]}"
            )
        if self.ratio < 1:
            raise SettingsError(
                f"the ratio is the highest share over the lowest, so at least 1, not {self.ratio}"
            )
        object.__setattr__(self, "turns", self.turns or _TURNS[self.shape])
        ordered = all(a < b for a, b in zip((-1e-9, *self.turns), (*self.turns, 1.0), strict=False))
        if len(self.turns) != len(_TURNS[self.shape]) or not ordered:
            raise SettingsError(
                f"{self.shape.value} turns {len(_TURNS[self.shape])} times in [0, 1), not at {self.turns}"
            )

    @property
    def rises(self) -> bool | None:
        """Whether it comes in (true), goes out (false) or holds (None) when seen from the end."""
        if self.shape is Shape.STEADY:
            return None
        return self.shape not in {Shape.OUT, Shape.PEAKED_OUT}

    def at(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share relative to its highest, in (0, 1], at moments from 0 to 1; beyond them it stays as at the ends."""
        low, high = -np.log(self.ratio), 0.0
        knots, levels = {
            Shape.EMERGING: ((*self.turns, 1.0), (low, high)),
            Shape.IN: ((*self.turns, 1.0), (low, high)),
            Shape.ESTABLISHED: (self.turns, (low, high)),
            Shape.OUT: ((*self.turns, 1.0), (high, low)),
            Shape.PEAKED_OUT: ((0.0, *self.turns, 1.0), (low, high, low)),
            Shape.RETURNING: ((0.0, *self.turns, 1.0), (high, low, high)),
            Shape.STEADY: ((0.0, 1.0), (high, high)),
        }[self.shape]
        relative: NDArray[np.float64] = np.exp(np.interp(moments, knots, levels))
        return relative
