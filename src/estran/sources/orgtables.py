"""Tables about an organisation: units and their parents, who works where, and what changed on which day."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import ColumnsError
from estran.model import Rejected, unit_path
from estran.sources.directory import is_directory, read_directory
from estran.sources.names import SYNONYMS, plain, words
from estran.sources.opening import recognise
from estran.sources.organisation import Line, Organisation, organised
from estran.sources.tables import row_reader
from estran.sources.times import orders, parse
from estran.sources.values import label, strings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from estran.sources.base import Pseudonym
    from estran.sources.rawrows import RowReader

ROWS = 50_000

_PERSON = words(
    "person personne people employee employe collaborateur collaboratrice salarie agent member membre author auteur"
    " user username login identifiant mail email e_mail courriel adresse display_name full_name nom_complet nom_prenom"
)
_PARENT = words(
    "parent parent_unit parent_name parent_department unite_mere mere rattachement unite_parente below sous superieur"
)
_UNIT = ("unit", "path", "chemin", "unite", "ou", *SYNONYMS["unit"])
_NAME = ("name", "nom")
_DAY = ("date", "day", "jour", "when", "le", "effective_date", "date_effet", "time", "since", "depuis")
_FROM = ("from", "de", "before", "old", "ancien", "ancienne", "avant", "from_unit", "old_unit")
_TO = ("to", "vers", "a", "after", "new", "nouveau", "nouvelle", "apres", "to_unit", "new_unit")


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on a unit has another path; or a person works in another unit.

    Attributes:
        day: the first on which it holds.
        before: path until then; "" where the person was in none.
        after: path from then on.
        pseudonyms: of the person who moved; () where the unit itself did.
    """

    day: dt.date
    before: str
    after: str
    pseudonyms: tuple[str, ...] = ()


def read_organisation(paths: Sequence[str | Path], *, pseudonym: Pseudonym) -> Organisation:
    """The units and the people of all files together: CSV, TSV, JSON Lines, Parquet, or LDIF.

    Raises:
        InputError: a file cannot be read; `ColumnsError` where its columns do not tell what they hold.
    """
    lines: list[Line] = []
    refused: list[Rejected] = []
    for path in map(Path, paths):
        told, broken = read_directory(path) if is_directory(path) else _table(path)
        lines += told
        refused += broken
    return organised(lines, pseudonym, refused=refused)


def _table(path: Path) -> tuple[list[Line], list[Rejected]]:
    container = recognise(path)
    reader = row_reader(container)
    named = {plain(name): name for name in reversed(reader.names)}
    parent = next((named[name] for name in named if name in _PARENT), None)
    unit = _first(named, _UNIT if parent is None else (*_UNIT, *_NAME))
    if unit is None:
        raise ColumnsError(
            f"{container.file} has no column of units ({', '.join(reader.names)}): call it `unit`, with paths such as "
            "sales/north or with `parent` beside it; people stand in a column `person`"
        )
    people = [name for name in reader.names if plain(name) in _PERSON and name not in {unit, parent}]
    if not people and unit != named.get("name"):
        people = [named[name] for name in _NAME if name in named and parent is None]
    lines: list[Line] = []
    rows, broken = _rows(reader, [unit, *([parent] if parent else []), *people], file=container.file)
    for place, row in rows:
        names = tuple(row[name] for name in people if row[name])
        lines.append(Line(container.file, place, row[unit], row[parent] if parent else "", names))
    return lines, broken


def read_changes(
    path: str | Path, *, pseudonym: Pseudonym, day_first: bool | None = None
) -> tuple[tuple[Change, ...], tuple[Rejected, ...]]:
    """Dated changes of units, and of who works where: date, from, to, and a person where one moved.

    Args:
        path: CSV, TSV, JSON Lines or Parquet.
        pseudonym: names to pseudonyms.
        day_first: whether 03/04/2024 is the third of April; by default other dates of the file decide.

    Returns:
        The changes in order of their day, and the rows that cannot be used.

    Raises:
        InputError: the file cannot be read; `ColumnsError` where its columns do not tell what they hold.
    """
    container = recognise(Path(path))
    reader = row_reader(container)
    named = {plain(name): name for name in reversed(reader.names)}
    day, before, after = (_first(named, of) for of in (_DAY, _FROM, _TO))
    if day is None or before is None or after is None:
        raise ColumnsError(
            f"{container.file} must have the columns `date`, `from` and `to`, and has {', '.join(reader.names)}"
        )
    people = [name for name in reader.names if plain(name) in {*_PERSON, *_NAME}]
    rows, refused = _rows(reader, [day, before, after, *people], file=container.file)
    days = _days([row[day] for _, row in rows], file=container.file, day_first=day_first)
    names = pl.Series(sorted({row[name] for _, row in rows for name in people if row[name]}), dtype=pl.String)
    called = dict(zip(names, pseudonym(names) if len(names) else names, strict=True))
    changes: list[Change] = []
    told: set[tuple[dt.date | None, str]] = set()
    for (place, row), when in zip(rows, days, strict=True):
        own = tuple(dict.fromkeys(called[row[name]] for name in people if row[name]))
        old, new = unit_path(row[before]), unit_path(row[after])
        why = _fault(when, old, new, own=own, told=told)
        if why or when is None:
            refused.append(Rejected(container.file, place, why))
            continue
        told |= {(when, one) for one in own or (old,)}
        changes.append(Change(when, old, new, own))
    changes.sort(key=lambda change: (change.day, change.pseudonyms, change.before))
    refused.sort(key=lambda row: int(row.place.rpartition(" ")[2]))
    return tuple(changes), tuple(refused)


def _fault(
    when: dt.date | None, old: str, new: str, *, own: tuple[str, ...], told: set[tuple[dt.date | None, str]]
) -> str:
    """Why a row is no change; "" where it is one."""
    faults = {
        "the date cannot be read": when is None,
        "no unit to go to": not new,
        "neither a unit nor a person to move": not old and not own,
        "from and to are the same unit": old == new,
        "the person moved on that day already": any((when, one) in told for one in own),
        f"{old} changed on that day already: where a unit is split, tell the move of each person": not own
        and (when, old) in told,
    }
    return next((why for why, holds in faults.items() if holds), "")


def _days(written: Sequence[str], *, file: str, day_first: bool | None) -> list[dt.date | None]:
    """The days, None where one cannot be read.

    Raises:
        ColumnsError: nothing tells whether the day or the month stands first.
    """
    values = pl.Series(written, dtype=pl.String)
    seen = orders(values)
    first = seen.decided if day_first is None else day_first
    if first is None and seen.open > seen.dotted:
        raise ColumnsError(
            f"in {file}, dates can be read with the day or the month first, and none decides: write 2024-03-01, or say "
            "--day-first or --month-first"
        )
    return parse(values, day_first=first is not False).dt.date().to_list()


def _rows(
    reader: RowReader, names: Sequence[str], *, file: str
) -> tuple[list[tuple[str, dict[str, str]]], list[Rejected]]:
    """(place, column -> value) of all rows, "" where there is none; and those that could not be split."""
    rows: list[tuple[str, dict[str, str]]] = []
    broken: list[Rejected] = []
    for chunk in reader.chunks(list(dict.fromkeys(names)), rows=ROWS):
        broken += [Rejected(file, f"{reader.place} {place}", why) for place, why in chunk.broken]
        told = chunk.values.select(label(strings(column)).fill_null("") for column in chunk.values)
        places = (f"{reader.place} {place}" for place in chunk.places)
        rows += zip(places, told.iter_rows(named=True), strict=True)
    return rows, broken


def _first(named: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    """The column of the likeliest name."""
    return next((named[name] for name in wanted if name in named), None)
