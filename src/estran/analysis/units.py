"""Whose unit a message is: the one that was told of it, or that its author worked in, under the name it bears today.

Units are renamed and moved, people change theirs. What somebody said stays with the unit that they worked in when they
said it; a unit that was renamed since is one, under its present name. A rename is then neither a trend nor a difference.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.errors import NotEnoughError
from estran.model import below, unit_path
from estran.privacy import withheld
from estran.sources.organisation import steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from estran.sources.organisation import Member
    from estran.sources.orgtables import Change

LISTED = 8
"""Units that an error names."""


@dataclass(frozen=True)  # no slots: what is derived is made when it is first asked for
class Units:
    """The organisation, as it is told: all of it may be empty.

    Attributes:
        paths: the units of today, with those that they lie below.
        members: who works where today.
        changes: what changed, in order of the day.
    """

    paths: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    changes: tuple[Change, ...] = ()

    def today(self, said: pl.DataFrame) -> pl.Series:
        """The unit of each message under the name it bears today; null where none is known.

        What was told with a message goes before what is known of its author.

        Args:
            said: n messages, with `time`, `author` and `unit`.
        """
        told = self._told(said)
        if not self._stays.is_empty():
            told = told.fill_null(self._worked(said))
        return told.alias("unit")

    def _told(self, said: pl.DataFrame) -> pl.Series:
        """(n,) the units told with the messages: each of a name and an era is looked up once."""
        days = np.array(self._days, "datetime64[D]")
        era = np.searchsorted(days, said["time"].dt.date().to_numpy().astype("datetime64[D]"), side="right")
        pairs = said.select("unit", era=pl.Series(era, dtype=pl.Int64))
        distinct = pairs.filter(pl.col("unit").is_not_null()).unique()
        found = [self._found(unit, era) or None for unit, era in distinct.iter_rows()]
        names = distinct.with_columns(found=pl.Series(found, dtype=pl.String))
        return pairs.join(names, on=["unit", "era"], how="left", maintain_order="left")["found"]

    def _worked(self, said: pl.DataFrame) -> pl.Series:
        """(n,) the units that the authors worked in."""
        asked = said.select("author", day=pl.col("time").dt.date()).with_row_index("row")
        found = asked.sort("day").join_asof(
            self._stays, left_on="day", right_on="since", by="author", check_sortedness=False
        )
        return found.sort("row")["unit"]

    @cached_property
    def _days(self) -> list[dt.date]:
        """The days on which units changed."""
        return sorted({change.day for change in self.changes if not change.pseudonyms})

    @cached_property
    def _renames(self) -> list[dict[str, str]]:
        """What changed on each of those days: path before -> path after."""
        return [
            {c.before: c.after for c in self.changes if c.day == day and not c.pseudonyms}
            for day in self._days
        ]

    @cached_property
    def _named(self) -> Mapping[str, frozenset[str]]:
        """The last name of a unit, in lower case -> the paths that it may mean."""
        known = {*self.paths, *(path for c in self.changes for path in (c.before, c.after) if path)}
        named: dict[str, set[str]] = {}
        for path in (step for one in known for step in steps(one)):
            named.setdefault(path.rpartition("/")[2].casefold(), set()).add(path)
            named.setdefault(path.casefold(), set()).add(path)
        return {name: frozenset(paths) for name, paths in named.items()}

    def _found(self, written: str, era: int) -> str:
        """The path of today of a unit as a message has it, said after so many of the days on which units changed."""
        path = unit_path(written)
        meant = {self._since(one, era) for one in self._named.get(path.casefold(), ()) if one != path}
        exact = self._since(path, era)
        # "Lyon" is sales/north/lyon where the tree has only one, unless "Lyon" is a unit by itself
        return meant.pop() if len(meant) == 1 and path not in self._known else exact

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(path for paths in self._named.values() for path in paths)

    def _since(self, path: str, era: int) -> str:
        """The path of today of the unit that had this path after so many of the days on which units changed."""
        for renames in self._renames[era:]:
            for end in reversed(list(steps(path))):
                if end in renames:
                    path = renames[end] + path[len(end) :]
                    break
        return path

    @cached_property
    def _stays(self) -> pl.DataFrame:
        """author, since, unit: where each person works from a day on, under the name of today; in order of the day."""
        alike = {one: member.pseudonyms for member in self.members for one in member.pseudonyms}
        today = {member.pseudonyms: member.unit for member in self.members}
        moves: dict[tuple[str, ...], list[Change]] = {who: [] for who in today}
        for change in self.changes:
            if change.pseudonyms:
                who = next((alike[one] for one in change.pseudonyms if one in alike), change.pseudonyms)
                alike |= dict.fromkeys(who, who)
                moves.setdefault(who, []).append(change)
        rows = [
            (one, since, unit or None)
            for who, moved in moves.items()
            for since, unit in self._stations(moved, today.get(who, ""))
            for one in who
        ]
        schema = {"author": pl.String, "since": pl.Date, "unit": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row").sort("since", "author")

    def _stations(self, moves: Sequence[Change], today: str) -> Iterable[tuple[dt.date, str]]:
        """Where a person worked from which day on; what their moves tell goes before where they are said to be today."""
        if not moves:
            return [(dt.date.min, today)]
        first = moves[0]
        before = self._since(first.before, bisect_left(self._days, first.day)) if first.before else ""
        after = [(move.day, self._since(move.after, bisect_right(self._days, move.day))) for move in moves]
        return [(dt.date.min, before), *after]


NO_UNITS = Units()
"""Nothing is known but what is told with the messages."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The units that messages tell, the whole first, each after the one it lies in.

    Attributes:
        paths: (C,) "" for the whole.
        parent: (C,) number of the unit that each lies in; -1 for the whole.
        unit: (n,) number of each message's unit; -1 where none is known.
    """

    paths: tuple[str, ...]
    parent: NDArray[np.int64]
    unit: NDArray[np.int64]

    def among(self, messages: NDArray[np.bool_]) -> Tree:
        """The same tree, where only some of the messages count."""
        return replace(self, unit=np.where(messages, self.unit, -1))

    @property
    def holders(self) -> list[list[int]]:
        """Of each unit the numbers of all that it lies in, and its own."""
        chains: list[list[int]] = []
        for number, parent in enumerate(self.parent.tolist()):
            chains.append([*(chains[parent] if parent >= 0 else []), number])
        return chains

    def children(self, path: str) -> list[int]:
        """Numbers of the units right below a path."""
        return np.flatnonzero(self.parent == self.paths.index(path)).tolist()

    def cells(self, *keys: NDArray[np.integer]) -> NDArray[np.int64]:
        """(m, 1 + K) distinct rows of a unit and keys, where each message counts in its unit and in all that it lies in.

        Args:
            keys: K arrays of (n,), such as the author of each message.
        """
        here = self.unit >= 0
        columns = {str(at): key[here] for at, key in enumerate((self.unit, *keys))}
        holders = pl.Series(self.holders, dtype=pl.List(pl.Int64))
        spread = pl.DataFrame(columns).unique(maintain_order=True)
        spread = spread.with_columns(holders.gather(spread["0"]).alias("0")).explode("0")
        return spread.unique(maintain_order=True).to_numpy()


def tree_of(units: pl.Series, *, known: Sequence[str] = ()) -> Tree:
    """The tree of the units of messages, and of those that are known besides.

    Args:
        units: (n,) paths, or null.
        known: paths of which nobody may have said anything.
    """
    distinct = units.drop_nulls().unique()
    paths = sorted({"", *(step for one in [*distinct, *known] for step in steps(one))})
    number = {path: at for at, path in enumerate(paths)}
    parent = [-1, *(number[path.rpartition("/")[0]] for path in paths[1:])]
    codes = units.replace_strict(paths, list(range(len(paths))), default=-1, return_dtype=pl.Int64)
    return Tree(tuple(paths), np.array(parent, np.int64), codes.fill_null(-1).to_numpy())


def people_of(tree: Tree, author: NDArray[np.integer]) -> NDArray[np.int64]:
    """(C,) distinct people who said anything in each unit or below it."""
    return np.bincount(tree.cells(author)[:, 0], minlength=len(tree.paths))


def check_scope(units: pl.Series, author: NDArray[np.integer], *, path: str) -> None:
    """Whether what is said in a unit may be asked about.

    Raises:
        NotEnoughError: nothing is said there; or too few people say it, there or beside it in what it lies in.
    """
    tree = tree_of(units)
    people = people_of(tree, author)
    away = withheld(people, tree.parent)
    if not below(units, path).any():
        above = next(end for end in [*reversed(list(steps(path))), ""] if end in tree.paths)
        near = [tree.paths[child] for child in tree.children(above) if not away[child]][:LISTED]
        there = (
            f"there are {', '.join(near)}" if near else f"{above or 'the whole'} has no units to ask about"
        )
        raise NotEnoughError(f"no message comes from the unit {path}; {there}")
    if away[tree.paths.index(path)]:
        raise NotEnoughError(
            f"the unit {path} is withheld: fewer than 5 people speak in it, or in what lies beside it, and what they say "
            "could be told by subtraction"
        )
