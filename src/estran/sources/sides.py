"""Who speaks, the inside or the outside: from a column that says so, or from rules such as `channel=support`."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import SettingsError
from estran.model import Side
from estran.sources.names import words

if TYPE_CHECKING:
    from collections.abc import Sequence

_INSIDE_WORDS = words(
    "inside internal interne in admin administrator administrateur agent staff employee employé employe salarié salarie"
    " collaborateur manager teammate team équipe equipe operator opérateur operateur moderator modérateur support"
    " owner outgoing outbound sortant"
)
_OUTSIDE_WORDS = words(
    "outside external externe out customer client user utilisateur usager end-user end_user enduser lead contact"
    " visitor visiteur guest invité requester demandeur consumer consommateur prospect incoming inbound entrant"
)
_TRUE = frozenset({"true", "1", "yes", "y", "t", "oui", "vrai", "o"})
_FALSE = frozenset({"false", "0", "no", "n", "f", "non", "faux"})
_INSIDE_FLAGS = words(
    "staff is_staff agent is_agent admin is_admin internal is_internal interne employee is_employee is_inside inside"
    " moderator is_moderator salarie outgoing outbound"
)
_OUTSIDE_FLAGS = words(
    "customer is_customer client is_client external is_external externe outside is_outside incoming inbound"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows whose column has a value stand on a side.

    Attributes:
        column: a column of the file.
        value: what it must hold, capitals aside; `*` and `?` stand for any characters and any one.
        side: where these rows then stand.
    """

    column: str
    value: str
    side: Side

    @classmethod
    def parse(cls, written: str, side: Side) -> Rule:
        """A rule from how it is written on the command line: "channel=support", "from=*@acme.com".

        Raises:
            SettingsError: there is no `=` with a column before it.
        """
        column, equals, value = written.partition("=")
        if not equals or not column.strip():
            raise SettingsError(
                f"--{side} {written}: write COLUMN=VALUE, for example --{side} channel=support"
            )
        return cls(column.strip(), value.strip(), side)

    def matches(self, value: str) -> bool:
        """Does a value of the column obey the rule?"""
        return fnmatchcase(value.strip().casefold(), self.value.casefold().replace("[", "[[]"))


def known_share(values: pl.Series, name: str) -> float:
    """The share of a column's values that say a side (0-1)."""
    present = [v for v in values.drop_nulls().to_list() if v.strip()]
    if not present:
        return 0.0
    return sum(side_of(v, name) is not None for v in present) / len(present)


def side_of(value: str, name: str) -> Side | None:
    """The side that a value of a column says, by its word, or by its flag and the name of the column.

    Args:
        value: as in the file.
        name: the column's name in lower case with underscores.
    """
    word = value.strip().casefold()
    if word in _TRUE or word in _FALSE:
        flag = name if name in _INSIDE_FLAGS | _OUTSIDE_FLAGS else name.rpartition("_")[2]
        if flag not in _INSIDE_FLAGS | _OUTSIDE_FLAGS:
            return None
        return Side.INSIDE if (flag in _INSIDE_FLAGS) == (word in _TRUE) else Side.OUTSIDE
    if word in _INSIDE_WORDS:
        return Side.INSIDE
    return Side.OUTSIDE if word in _OUTSIDE_WORDS else None


def sides(rows: pl.DataFrame, *, column: str | None, name: str, rules: Sequence[Rule]) -> pl.Series:
    """The side of each row, null where it is not known.

    A rule outweighs the column. Where an outside and an inside rule both match, the row is inside: people of the
    organisation speak in the channels of those they serve.

    Args:
        rows: the file's columns, as strings.
        column: the file's column that says the side, or None.
        name: that column's name in lower case with underscores.
        rules: in any order.
    """
    side = pl.Series("side", [None] * rows.height, dtype=pl.String)
    if column is not None:
        side = _mapped(rows[column], {v: side_of(v, name) for v in _values(rows[column])}, side)
    for rule in sorted(rules, key=lambda r: r.side is Side.INSIDE):
        values = rows[rule.column]
        side = _mapped(values, {v: rule.side for v in _values(values) if rule.matches(v)}, side)
    return side


def _values(column: pl.Series) -> list[str]:
    return column.drop_nulls().unique().to_list()


def _mapped(column: pl.Series, side_of_value: dict[str, Side | None], otherwise: pl.Series) -> pl.Series:
    found = {value: side.value for value, side in side_of_value.items() if side is not None}
    if not found:
        return otherwise
    told = column.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.String)
    return told.fill_null(otherwise).alias("side") if told.null_count() else told.alias("side")
