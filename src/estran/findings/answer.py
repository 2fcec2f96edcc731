"""What every answer about messages has, so that every face can say what it stands on and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from estran.findings.tour import Coverage, Provenance


class Answer(Protocol):
    """A finding about messages: a tour, what came in the place of what, ..."""

    @property
    def coverage(self) -> Coverage:
        """What its claims stand on."""

    @property
    def provenance(self) -> Provenance:
        """Where it comes from."""

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers, for JSON."""
