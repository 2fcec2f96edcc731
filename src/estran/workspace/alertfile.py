"""alerts.toml: what is watched, how many false alarms are accepted, and where alarms are sent.

::

    [[alert]]
    name = "returns"
    themes = ["returns", "remboursement"]   # or themes = "all"
    sides = ["outside"]
    units = ["sales/north"]
    direction = "rise"                      # or "fall", or "both"
    false_alarms = 0.1                      # a theme-year; or false_alarms_in_all = 4, a year, all themes together
    send = ["care", "journal"]

    [[send]]
    name = "care"
    mail = ["care@acme.example"]

Passwords and keys stand in the environment, never here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from estran.analysis.alerts import Rule
from estran.errors import SettingsError
from estran.handwritten import tables_of, text_of
from estran.model import Scope, Side, unit_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Meant = TypeVar("Meant")

RULE = frozenset(
    {"name", "themes", "sides", "units", "direction", "false_alarms", "false_alarms_in_all", "quotes", "send"}
)
KINDS = ("mail", "webhook", "file")
DIRECTIONS = {"rise": (True, False), "fall": (False, True), "both": (True, True)}
USUAL = 0.1
"""False alarms in a theme-year, where a rule does not say."""
MOST = 12.0
"""More than one a month is no alarm."""
NEAR = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where alarms are sent.

    Attributes:
        name: as rules call it.
        kind: one of `KINDS`.
        address: the addresses of a mail with commas, of a webhook, or the path of a file.
    """

    name: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Alerts:
    """What alerts.toml says."""

    rules: tuple[Rule, ...]
    places: tuple[Place, ...]


def read(file: Path) -> Alerts:
    """The rules of a workspace.

    Raises:
        SettingsError: there are none, or a line cannot be meant.
    """
    if not file.exists():
        raise SettingsError(
            f'{file} is not there: it says what is watched, as [[alert]] with themes = ["returns"] on the next line '
            "(docs/guides/alerts.md)"
        )
    return parse(text_of(file), name=str(file))


def parse(text: str, *, name: str = "alerts.toml") -> Alerts:
    """The rules that a text holds.

    Args:
        text: of the file.
        name: to call it in an error.

    Raises:
        SettingsError: a block cannot be meant; it is named by its number.
    """
    tables = tables_of(text, name=name)
    for key in tables.keys() - {"alert", "send"}:
        raise SettingsError(f"{name}: {key!r} stands in no block; begin each with [[alert]] or [[send]]")
    blocks = {kind: tables.get(kind, []) for kind in ("alert", "send")}
    for kind, several in blocks.items():
        if not isinstance(several, list) or not all(isinstance(block, dict) for block in several):
            raise SettingsError(f"{name}: write [[{kind}]], with two brackets, for each")
    if not blocks["alert"]:
        raise SettingsError(
            f'{name} watches nothing: add a block [[alert]] with themes = [...] or themes = "all"'
        )
    places = tuple(_place(block, f"{name}, [[send]] {n}") for n, block in enumerate(blocks["send"], 1))
    rules = tuple(
        _rule(block, f"{name}, [[alert]] {n}", {place.name for place in places})
        for n, block in enumerate(blocks["alert"], 1)
    )
    for what, names in (("alerts", [r.name for r in rules]), ("places", [p.name for p in places])):
        twice = {each for each in names if names.count(each) > 1}
        if twice:
            raise SettingsError(f"{name}: two {what} are called {min(twice)!r}; give each a name of its own")
    return Alerts(rules, places)


def _rule(block: Mapping[str, Any], where: str, places: set[str]) -> Rule:
    _only(block, RULE, where)
    if "themes" not in block:
        raise SettingsError(f'{where} names no theme: add themes = ["returns"], or themes = "all"')
    all_ = block["themes"] == "all"
    themes = () if all_ else _texts(block, "themes", where)
    rise, fall = _one_of(block.get("direction", "both"), DIRECTIONS, "direction", where)
    if "false_alarms" in block and "false_alarms_in_all" in block:
        raise SettingsError(f"{where} has false_alarms and false_alarms_in_all: keep one of them")
    in_all = "false_alarms_in_all" in block
    rate = _rate(
        block.get("false_alarms_in_all" if in_all else "false_alarms", USUAL), where, bounded=not in_all
    )
    quotes = block.get("quotes", False)
    if not isinstance(quotes, bool):
        raise SettingsError(f"{where}: quotes must be true or false")
    send = _texts(block, "send", where) if "send" in block else ()
    for place in send:
        if place not in places:
            known = ", ".join(sorted(places)) or "none yet; add a block [[send]]"
            raise SettingsError(f"{where}: no place is called {place!r}; there are {known}")
    sides: list[Side | None] = [
        _one_of(side, {each.value: each for each in Side}, "sides", where)
        for side in (_texts(block, "sides", where) if "sides" in block else ())
    ]
    units = [unit_path(unit) for unit in (_texts(block, "units", where) if "units" in block else ())]
    named = block.get("name", "all themes" if all_ else ", ".join(themes))
    if not isinstance(named, str) or not named.strip():
        raise SettingsError(f'{where}: name must be a text, as name = "returns"')
    return Rule(
        name=named.strip(),
        themes=themes,
        scopes=tuple(Scope(unit, side) for unit, side in itertools.product(units or [""], sides or [None])),
        rise=rise,
        fall=fall,
        rate=rate,
        in_all=in_all,
        quotes=quotes,
        send=send,
    )


def _place(block: Mapping[str, Any], where: str) -> Place:
    kinds = [kind for kind in KINDS if kind in block]
    if len(kinds) != 1:
        raise SettingsError(
            f"{where} must have one of {', '.join(KINDS)}, not {' and '.join(kinds) or 'none'}"
        )
    kind = kinds[0]
    _only(block, frozenset({"name", kind}), where)
    if not isinstance(block.get("name"), str) or not block["name"].strip():
        raise SettingsError(f'{where} has no name: add name = "care", by which alerts send to it')
    addresses = _texts(block, kind, where)
    if kind != "mail" and len(addresses) > 1:
        raise SettingsError(f"{where}: {kind} is one address; write another [[send]] for the other")
    address = ", ".join(addresses)
    if kind == "mail" and not all("@" in each and not set(each) & set("\r\n,") for each in addresses):
        raise SettingsError(f'{where}: mail must be addresses, as mail = ["care@acme.example"]')
    if kind == "webhook":
        _checked(address, where)
    return Place(block["name"].strip(), kind, address)


def _checked(address: str, where: str) -> None:
    """An address that may be told of alarms: encrypted, or of this machine, with no password in it.

    Raises:
        SettingsError: it is another.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise SettingsError(f"{where}: webhook is no address ({error})") from error
    if not host or parts.scheme not in {"https", "http"} or (parts.scheme == "http" and host not in NEAR):
        raise SettingsError(f"{where}: webhook must begin with https:// (http:// only of this machine)")
    if parts.username or parts.password:
        raise SettingsError(
            f"{where}: webhook must hold no password; ESTRAN_WEBHOOK_SECRET signs what is sent"
        )


def _only(block: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in block:
        if key not in known:
            secret = (
                " (secrets stand in the environment)"
                if "pass" in key.lower() or "secret" in key.lower()
                else ""
            )
            raise SettingsError(
                f"{where}: {key!r} is not known{secret}; there are {', '.join(sorted(known))}"
            )


def _texts(block: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = block[key]
    several = [value] if isinstance(value, str) else value
    if (
        not isinstance(several, list)
        or not several
        or not all(isinstance(each, str) and each.strip() for each in several)
    ):
        raise SettingsError(
            f'{where}: {key} must be a text, or a list of texts, as {key} = ["one", "another"]'
        )
    return tuple(each.strip() for each in several)


def _one_of(value: object, known: Mapping[str, Meant], key: str, where: str) -> Meant:
    if not isinstance(value, str) or value not in known:
        raise SettingsError(f"{where}: {key} must be one of {', '.join(known)}, not {value!r}")
    return known[value]


def _rate(value: object, where: str, *, bounded: bool) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise SettingsError(f"{where}: false_alarms must be a number above 0, as 0.1, not {value!r}")
    if bounded and value > MOST:
        raise SettingsError(
            f"{where}: more than {MOST:g} false_alarms in a theme-year are no alarms; the usual is {USUAL}"
        )
    return float(value)
