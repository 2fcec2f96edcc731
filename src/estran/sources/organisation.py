"""What files say of an organisation: its units as a tree of paths, and in which unit each person works.

A unit is a path, "sales/north/lyon". A table tells it as such, or by its name and its parent's; a directory (LDIF) by the
entries of people and of units (`estran.sources.directory`). Names of people become pseudonyms here, at the door.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from estran.model import Rejected, unit_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from estran.sources.base import Pseudonym

OWN_PARENT = "the unit is its own parent"
NO_UNIT = "neither a unit nor a path"


@dataclass(frozen=True, slots=True)
class Member:
    """A person, and the unit that they work in today.

    Attributes:
        pseudonyms: of each name that files call them by: name, mail address, login.
        unit: path.
    """

    pseudonyms: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """Units and people, as files tell them.

    Attributes:
        units: paths, with those that they lie below, in order.
        members: who works where.
        rows: that were read.
        rejected: rows that cannot be used.
    """

    units: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    rows: int = 0
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, with raw names: it never leaves this package.

    Attributes:
        file: where it stands.
        place: "line 12".
        unit: a path, or a name.
        parent: of the unit, a path or a name; "" where none is told.
        names: what a person is called.
    """

    file: str
    place: str
    unit: str
    parent: str = ""
    names: tuple[str, ...] = ()

    def refused(self, why: str) -> Rejected:
        """The row, with the reason why it cannot be used."""
        return Rejected(self.file, self.place, why)


def organised(
    lines: Sequence[Line], pseudonym: Pseudonym, *, refused: Sequence[Rejected] = ()
) -> Organisation:
    """The tree of units that lines tell, and who works where.

    Args:
        lines: of one file or several, in order.
        pseudonym: names to pseudonyms.
        refused: rows that were no lines at all.
    """
    tree = _Tree(parents=any(line.parent for line in lines))
    unfit = dict(tree.grow(lines))
    called = _pseudonyms(lines, pseudonym)
    people: dict[str, Line] = {}  # pseudonym -> the line that tells where this person works
    members: list[Member] = []
    for line in lines:
        if line in unfit or not line.names:
            continue
        try:
            unit = tree.found(line.unit, below=line.parent)
            members.append(_member(line, unit, called, people, members))
        except ValueError as why:
            unfit[line] = str(why)
    for member in members:
        tree.add(member.unit)
    rejected = [*refused, *(line.refused(why) for line, why in unfit.items())]
    return Organisation(
        units=tuple(sorted(tree.paths)),
        members=tuple(sorted(members, key=lambda member: member.pseudonyms)),
        rows=len(lines) + len(refused),
        rejected=tuple(sorted(rejected, key=_in_order)),
    )


def _in_order(row: Rejected) -> tuple[str, int]:
    return row.file, int(row.place.rpartition(" ")[2])


def _pseudonyms(lines: Iterable[Line], pseudonym: Pseudonym) -> Mapping[str, str]:
    """Name -> pseudonym, of all that are not blank."""
    names = pl.Series(sorted({name for line in lines for name in line.names}), dtype=pl.String)
    made = pseudonym(names) if len(names) else names
    return {name: one for name, one in zip(names, made, strict=True) if one is not None}


def _member(
    line: Line, unit: str, called: Mapping[str, str], people: dict[str, Line], members: Sequence[Member]
) -> Member:
    """Whom a line tells of.

    Raises:
        ValueError: it is nobody, or somebody who was told already.
    """
    own = tuple(dict.fromkeys(called[name] for name in line.names if name in called))
    if not own:
        raise ValueError("the name of the person is blank")
    before = next((people[one] for one in own if one in people), None)
    if before is not None:
        works = next(member.unit for member in members if not set(member.pseudonyms).isdisjoint(own))
        if works == unit:
            raise ValueError(f"the person was told before ({before.place})")
        raise ValueError(
            f"the person works in {works} already ({before.place}); a move is told with its date, by --changes"
        )
    people.update(dict.fromkeys(own, line))
    return Member(own, unit)


@dataclass(slots=True)
class _Tree:
    """Paths, found by themselves or by their last name."""

    parents: bool  # whether some line tells a parent: then a unit that none tells is a mistake
    paths: set[str] = field(default_factory=set)
    by_name: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, path: str) -> None:
        """Grow it by a path and those that it lies below."""
        for end in steps(path):
            self.paths.add(end)
            self.by_name[end.rpartition("/")[2].casefold()].add(end)

    def found(self, unit: str, *, below: str = "") -> str:
        """The path of a unit, by its path, or by its name alone.

        Raises:
            ValueError: it may be several, or none.
        """
        asked, above = unit_path(unit), unit_path(below)
        if above:
            asked = f"{above}/{asked}" if f"{above}/{asked}" in self.paths else asked
        if not asked:
            raise ValueError(NO_UNIT)
        if asked in self.paths:
            return asked
        named = self.by_name.get(asked.casefold(), set())
        if len(named) > 1 and above:
            named = {path for path in named if path.split("/")[-2:-1] == [above]}
        if len(named) == 1:
            return next(iter(named))
        if named:
            raise ValueError(f"{asked} may be {' or '.join(sorted(named)[:3])}: write the path")
        if self.parents and "/" not in asked:
            raise ValueError(f"the unit {asked} is told nowhere")
        return asked

    def grow(self, lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
        """Take in the units that lines tell; gives the lines that cannot be used, with the reason."""
        told: dict[str, Line] = {}  # unit -> the line that tells its parent
        plain: list[str] = []
        lost: set[str] = set()
        for line in lines:
            unit, parent = unit_path(line.unit), unit_path(line.parent)
            before = told.get(unit)
            if not unit:
                yield line, NO_UNIT
            elif unit == parent:
                lost.add(unit)
                yield line, OWN_PARENT
            elif parent and before is None:
                told[unit] = line
            elif parent and before is not None and unit_path(before.parent) != parent:
                below = f"{unit_path(before.parent)} already ({before.place})"
                yield line, f"{unit} lies below {below}: where names repeat, write paths"
            elif not parent and ("/" in unit or not line.names):
                plain.append(unit)
        for unit in plain:
            if unit not in told:
                self.add(unit)
        yield from self._placed(told, lost)

    def _placed(self, told: Mapping[str, Line], lost: set[str]) -> Iterator[tuple[Line, str]]:
        """Adds units below their parents; gives those that lie nowhere."""
        known: dict[str, str | None] = {}  # unit -> its path, or None where it lies nowhere
        for start in told:
            way: list[str] = []
            unit = start
            while unit in told and unit not in known and unit not in way:
                way.append(unit)
                unit = unit_path(told[unit].parent)
            if unit in way:  # it has come back to where it was
                circle = way[way.index(unit) :]
                way = way[: way.index(unit)]
                for one in circle:
                    known[one] = None
                    yield told[one], f"it lies below itself: {' < '.join([*circle, unit][:5])}"
            elif unit not in known:
                known[unit] = self._known(unit)
            for one in reversed(way):
                parent = unit_path(told[one].parent)
                above = known[parent]
                known[one] = None if above is None else f"{above}/{one}"
                if above is None:
                    why = "was refused" if parent in told or parent in lost else "is told nowhere"
                    yield told[one], f"its parent {parent} {why}"
                else:
                    self.add(f"{above}/{one}")

    def _known(self, unit: str) -> str | None:
        """The path of a unit that no line places."""
        try:
            found = self.found(unit)
        except ValueError:
            return None
        return found if found in self.paths else None


def steps(path: str) -> Iterator[str]:
    """A path, after those that it lies below, the highest first."""
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])
