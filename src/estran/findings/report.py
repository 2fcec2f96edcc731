"""A tour together with all else that its data can answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.answer import Answer
    from estran.findings.tour import Coverage, Provenance, Tour


@dataclass(frozen=True, slots=True)
class Report:
    """A tour, and the other answers that its data can give, from one count of the messages.

    Attributes:
        tour: what is coming In and what is going Out.
        parts: the other answers, in the order in which they are told.
        left_out: kind of answer -> why these messages cannot give it.
    """

    tour: Tour
    parts: tuple[Answer, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def coverage(self) -> Coverage:
        """What all of it stands on."""
        return self.tour.coverage

    @property
    def provenance(self) -> Provenance:
        """Where all of it comes from."""
        return self.tour.provenance

    def to_dict(self) -> dict[str, Any]:
        """The tour's own keys, `parts` (kind of answer -> its keys, less the coverage and provenance of all), `left_out`."""
        said = {type(part).__name__.lower(): part.to_dict() for part in self.parts}
        shared = ("coverage", "provenance")
        return self.tour.to_dict() | {
            "parts": {
                kind: {k: v for k, v in keys.items() if k not in shared} for kind, keys in said.items()
            },
            "left_out": dict(self.left_out),
        }
