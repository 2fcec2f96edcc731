"""Directories of people and units, as LDAP servers export them (LDIF, RFC 2849).

A unit is the chain of the `ou` of its name: ou=north,ou=sales,dc=acme is "sales/north". A person works in the
`department` or the `ou` that their entry tells, else in the unit that their name lies in, else where their manager works.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estran.errors import InputError
from estran.model import Rejected
from estran.sources.names import words
from estran.sources.opening import Lines, recognise
from estran.sources.organisation import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Name = tuple[tuple[str, str], ...]
"""A distinguished name: (attribute, value), the nearest first."""

_START = re.compile(r"(?:version|dn)::? ?", re.IGNORECASE)
_NAMES = ("cn", "displayname", "mail", "uid", "samaccountname", "userprincipalname")
_PERSON = frozenset({"person", "organizationalperson", "inetorgperson", "user", "posixaccount"})
_HOLDERS = words(
    "people persons users accounts personnes utilisateurs comptes employees salaries members membres"
)
"""What directories call the branch where all people lie: it is no unit."""


@dataclass(frozen=True, slots=True)
class _Entry:
    place: str
    dn: Name
    values: Mapping[str, tuple[str, ...]]

    @property
    def is_person(self) -> bool:
        return not _PERSON.isdisjoint(map(str.casefold, self.values.get("objectclass", ())))

    @property
    def is_unit(self) -> bool:
        return self.dn[:1] != () and self.dn[0][0] == "ou" and not self.is_person

    @property
    def branch(self) -> str:
        """The path of the `ou` of its name, without the branch where all people lie."""
        units = [_safe(value) for attribute, value in reversed(self.dn) if attribute == "ou"]
        return "/".join(unit for unit in units if unit.casefold() not in _HOLDERS)

    @property
    def unit(self) -> str:
        """The unit that the entry of a person tells; "" where it tells none."""
        told = [*self.values.get("department", ()), *self.values.get("ou", ())]
        named = [_safe(value) for value in told if value.casefold() not in _HOLDERS]
        return named[0] if named else self.branch

    @property
    def names(self) -> tuple[str, ...]:
        """What the person is called."""
        return tuple(dict.fromkeys(name for of in _NAMES for name in self.values.get(of, ())))


def is_directory(path: Path) -> bool:
    """Whether a file is LDIF: by its first line that is no comment."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(4096).decode("utf-8-sig", "replace")
    first = next((line for line in head.splitlines() if line.strip() and not line.startswith(("#", " "))), "")
    return bool(_START.match(first))


def read_directory(path: Path) -> tuple[list[Line], list[Rejected]]:
    """The units and the people of a directory; entries of other things (groups, machines) are passed over.

    Raises:
        InputError: the file cannot be read, or what reads LDIF is not installed.
    """
    entries: list[_Entry] = []
    refused: list[Rejected] = []
    for number, block in _blocks(path):
        try:
            entry = _parsed(number, block)
        except ValueError as wrong:
            refused.append(Rejected(path.name, f"line {number}", str(wrong)))
        else:
            entries += [entry] if entry is not None and (entry.is_person or entry.is_unit) else []
    by_name = {_folded(entry.dn): entry for entry in entries}
    lines: list[Line] = []
    for entry in entries:
        if entry.is_unit and entry.branch:
            lines.append(Line(path.name, entry.place, entry.branch))
        elif entry.is_person and (unit := _unit_of(entry, by_name)):
            lines.append(Line(path.name, entry.place, unit, names=entry.names or ("",)))
        elif entry.is_person:
            refused.append(
                Rejected(path.name, entry.place, "no ou, no department, and no manager who has one")
            )
    return lines, refused


def _unit_of(entry: _Entry, by_name: Mapping[Name, _Entry]) -> str:
    """Where a person works, or their manager, or the manager of that one; "" where none of them tells."""
    met: set[Name] = set()
    while not entry.unit and entry.dn not in met:
        met.add(entry.dn)
        managers = (by_name.get(_folded(_dn(name))) for name in entry.values.get("manager", ()))
        entry = next((manager for manager in managers if manager is not None), entry)
    return entry.unit


def _blocks(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of each record, and the number of its first: records are parted by blank lines."""
    block: list[str] = []
    first = 0
    for number, line in enumerate(Lines(recognise(path)), 1):
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            yield first, block
            block = []
    if block:
        yield first, block


def _parsed(number: int, block: Sequence[str]) -> _Entry | None:
    """The entry of a record; None where it is only the line of the version, or a comment.

    Raises:
        ValueError: it is no entry.
    """
    try:
        from ldif import LDIFParser  # noqa: PLC0415  only directories need it
    except ImportError as error:
        raise InputError("LDIF is read by the package ldif: `pip install estran[sources]`") from error
    spoken = [line for line in block if not line.startswith("#")]
    if not spoken or (len(spoken) == 1 and spoken[0].lower().startswith("version:")):
        return None
    content = io.BytesIO("\n".join([*block, ""]).encode())
    try:
        dn, told = next(LDIFParser(content).parse())
    except (ValueError, StopIteration) as wrong:
        raise ValueError("the entry is not LDIF: each line is `name: value`, the first one `dn:`") from wrong
    values: dict[str, tuple[str, ...]] = {}
    for name, found in told.items():
        plain = name.partition(";")[0].lower()  # cn;lang-fr is a cn
        said = tuple(v.decode("cp1252", "replace") if isinstance(v, bytes) else str(v) for v in found)
        values[plain] = (*values.get(plain, ()), *(value.strip() for value in said if value.strip()))
    if values.get("changetype", ("add",))[0] != "add":
        raise ValueError("it tells a change and not an entry: export the entries themselves")
    return _Entry(f"line {number}", _dn(dn or ""), values)


def _dn(name: str) -> Name:
    r"""The (attribute, value) of a distinguished name, nearest first: `\,` and `\C3\A9` are characters (RFC 4514)."""
    parts = re.split(r"(?<!\\)[,+]", name)
    pairs = (part.partition("=") for part in parts)
    return tuple(
        (attribute.strip().lower(), _unescaped(value.strip())) for attribute, _, value in pairs if value
    )


def _folded(dn: Name) -> Name:
    """A distinguished name as it is compared."""
    return tuple((attribute, value.casefold()) for attribute, value in dn)


def _unescaped(value: str) -> str:
    whole = re.sub(
        r"(?:\\[0-9a-fA-F]{2})+",
        lambda found: bytes.fromhex(found[0].replace("\\", "")).decode("utf-8", "replace"),
        value,
    )
    return re.sub(r"\\(.)", r"\1", whole)


def _safe(unit: str) -> str:
    """A name as one step of a path."""
    return unit.replace("/", "-").strip()
