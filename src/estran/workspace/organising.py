"""The units of a workspace: told by files, and who speaks in each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran import privacy
from estran.analysis.progress import Silent
from estran.analysis.units import Units, people_of, tree_of
from estran.errors import SettingsError
from estran.findings import UnitPeople, UnitsTold, UnitTree
from estran.sources.organisation import Member
from estran.sources.orgtables import Change, read_changes, read_organisation
from estran.store.prepared import codes
from estran.workspace import journal
from estran.workspace import units as at_rest
from estran.workspace.keys import key_of
from estran.workspace.resting import AtRest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estran.analysis.progress import Progress
    from estran.model import Rejected


class WithUnits(AtRest):
    """The part of a workspace that is about its units; see `estran.workspace.space.Workspace`."""

    def tell_units(
        self,
        *files: str | Path,
        changes: str | Path | None = None,
        day_first: bool | None = None,
        progress: Progress | None = None,
    ) -> UnitsTold:
        """Takes in the units of the organisation, who works in them, and what changed on which day.

        What is told takes the place of what was told before: files together that of the units and people, `changes`
        that of the changes. Names become pseudonyms before anything is written.

        Args:
            files: CSV, TSV, JSON Lines, Parquet or LDIF: `unit` with `parent`, or paths; `person` with `unit`.
            changes: a table of `date`, `from`, `to`, and `person` where one moved.
            day_first: whether 03/04/2024 is the third of April; by default other dates of the file decide.
            progress: told where somebody else is writing.

        Raises:
            InputError: a file cannot be read.
            SettingsError: no file was given.
            WorkspaceError: the key is not there, or nothing can be written.
        """
        if not files and changes is None:
            raise SettingsError("no file was given: name one about the units, or one about their changes")
        with self._writing(progress or Silent()):
            units = at_rest.read(self._folder.units)
            pseudonym = privacy.pseudonym(key_of(self._folder))
            rows = 0
            refused: tuple[Rejected, ...] = ()
            if files:
                found = read_organisation(files, pseudonym=pseudonym)
                rows, refused = found.rows, found.rejected
                units = Units(found.units, found.members, units.changes)
            if changes is not None:
                moved, wrong = read_changes(changes, pseudonym=pseudonym, day_first=day_first)
                rows, refused = rows + len(moved) + len(wrong), (*refused, *wrong)
                units = Units(units.paths, units.members, moved)
            units = _masked(units)
            at_rest.write(self._folder.units, units)
            names = tuple(Path(file).name for file in (*files, *([changes] if changes is not None else [])))
            told = UnitsTold(names, rows, len(units.paths), len(units.members), len(units.changes), refused)
            journal.note(
                self._folder.runs, "units", rows=rows, units=told.units, people=told.people,
                changes=told.changes, refused=len(refused),
            )  # fmt: skip
        return told

    def units(self) -> UnitTree:
        """The units of today, and how many people speak in each; figures of fewer than 5 people are withheld.

        A person who moved speaks in both units, in each when they worked there.

        Raises:
            WorkspaceError: what is known of the units is damaged.
        """
        self._finished(Silent())
        units, snapshot = at_rest.read(self._folder.units), self._store.snapshot()
        said = self._store.read(list(snapshot.months), columns=["time", "author", "unit"], snapshot=snapshot)
        return tree_told(units, said)


def tree_told(units: Units, said: pl.DataFrame) -> UnitTree:
    """The tree of the units of messages and of those that are known.

    Args:
        units: what is known of the organisation.
        said: n messages, with `time`, `author` and `unit`.
    """
    told = units.today(said)
    tree = tree_of(told, known=units.paths)
    signed = said["author"].is_not_null().to_numpy()
    people = people_of(tree.among(signed), codes(said["author"]))
    messages = people_of(tree, np.arange(said.height))
    away = privacy.withheld(people, tree.parent) | ((people == 0) & (messages > 0))
    cells = [
        (None, None) if hidden else (int(many), int(spoken))
        for hidden, many, spoken in zip(away, people, messages, strict=True)
    ]
    return UnitTree(
        units=tuple(UnitPeople(path, *cell) for path, cell in zip(tree.paths[1:], cells[1:], strict=True)),
        people=cells[0][0],
        messages=cells[0][1],
        unknown=int(told.null_count()),
        members=len(units.members),
        changes=len(units.changes),
        withheld=int(away[1:].sum()),
    )


def _masked(units: Units) -> Units:
    """The same, without what tells a person in the names of units: as those of messages are masked."""
    names = {*units.paths, *(one.unit for one in units.members)}
    names |= {path for one in units.changes for path in (one.before, one.after)}
    masked = _without_persons(names)
    return Units(
        tuple(sorted({masked[path] for path in units.paths})),
        tuple(Member(one.pseudonyms, masked[one.unit]) for one in units.members),
        tuple(
            Change(one.day, masked[one.before], masked[one.after], one.pseudonyms) for one in units.changes
        ),
    )


def _without_persons(names: Iterable[str]) -> dict[str, str]:
    written = pl.Series(sorted(names), dtype=pl.String)
    return dict(zip(written, privacy.mask(written), strict=True))
