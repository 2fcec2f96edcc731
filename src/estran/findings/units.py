"""Which units there are: what files told of them, and how many people speak in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from estran.model import Rejected


@dataclass(frozen=True, slots=True)
class UnitsTold(Plain):
    """What became of files about an organisation.

    Attributes:
        files: their names without their folders.
        rows: that were read.
        units: that are known now, with those that they lie below.
        people: whose unit is known now.
        changes: dated ones that are known now.
        refused: rows that cannot be used, with their place and the reason.
    """

    files: tuple[str, ...]
    rows: int
    units: int
    people: int
    changes: int
    refused: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitPeople(Plain):
    """A unit of today, and who speaks in it or below it.

    Attributes:
        path: "sales/north".
        people: distinct people; None where fewer than 5 are, or could be told by subtraction.
        messages: None where people are.
    """

    path: str
    people: int | None
    messages: int | None

    @property
    def name(self) -> str:
        """The last step of its path."""
        return self.path.rpartition("/")[2]

    @property
    def depth(self) -> int:
        """How many units it lies below."""
        return self.path.count("/")


@dataclass(frozen=True, slots=True)
class UnitTree(Plain):
    """The units of a workspace, each after the one it lies in.

    Attributes:
        units: with the people who speak in each.
        people: distinct people who said something whose unit is known; None where fewer than 5 are.
        messages: whose unit is known; None where people are.
        unknown: messages whose unit is not known.
        members: people whose unit files told.
        changes: dated ones that files told.
        withheld: units whose figures are withheld.
    """

    units: tuple[UnitPeople, ...]
    people: int | None
    messages: int | None
    unknown: int
    members: int
    changes: int
    withheld: int
