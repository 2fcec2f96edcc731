"""Families of words: culture and behaviour at work, as people speak of them; a list that is shipped, and can be edited.

::

    [autonomy]
    fr = "Autonomie et confiance"
    en = "Autonomy and trust"

    [autonomy.words]
    fr = ["autonomie", "droit à l'erreur"]
    en = ["autonomy", "empowerment"]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estran.errors import SettingsError
from estran.handwritten import tables_of, text_of
from estran.text.edits import FAMILY, Accept, Reject, about_families, form_of, variant_of
from estran.text.numbers import both_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estran.text.edits import Edit

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
Variant = tuple[str, str]
"""Language and form."""


@dataclass(frozen=True, slots=True)
class Family:
    """Words that speak of one thing.

    Attributes:
        name: of the table in the file.
        labels: language -> what it is called.
        words: (language, form) as listed; forms as counting writes them.
    """

    name: str
    labels: tuple[tuple[str, str], ...]
    words: tuple[Variant, ...]

    def label(self, language: str) -> str:
        """What it is called in a language; in another where it has no name there."""
        return dict(self.labels).get(language, self.labels[0][1])

    @property
    def forms(self) -> tuple[Variant, ...]:
        """The words in the singular and in the plural."""
        both = [(code, form) for code, word in self.words for form in both_numbers(word, code)]
        return tuple(dict.fromkeys(both))


def shipped() -> str:
    """The text of the list that comes with Estran."""
    return (files("estran.text.packs") / "families.toml").read_text(encoding="utf-8")


def families(file: str | Path | None = None) -> tuple[Family, ...]:
    """The families of a file, or those that are shipped, in their order.

    Raises:
        SettingsError: the file cannot be read, or something in it cannot be meant.
    """
    if file is None:
        return parse(shipped(), name="the shipped list")
    return parse(text_of(Path(file)), name=str(file))


def parse(text: str, *, name: str = "families.toml") -> tuple[Family, ...]:
    """The families that a text holds.

    Args:
        text: of the file.
        name: to call it in an error.

    Raises:
        SettingsError: something in it cannot be meant; it is named, with what to do.
    """
    tables = tables_of(text, name=name)
    if not tables:
        raise SettingsError(f"{name} holds no family: begin each with its name, as [autonomy]")
    try:
        found = tuple(_family(key, table) for key, table in tables.items())
        _told_apart(found)
    except SettingsError as error:
        raise SettingsError(f"{name}: {error}") from error
    return found


def grown(families: Sequence[Family], edits: Iterable[Edit]) -> tuple[Family, ...]:
    """The families with the words that somebody gave them, less those that somebody took out; the last word counts."""
    given: dict[str, dict[Variant, bool]] = {}
    for edit in edits:
        if about_families(edit):
            assert isinstance(edit, Accept | Reject)
            code, form = variant_of(edit.other)
            given.setdefault(edit.one.strip().removeprefix(FAMILY), {})[code or "", form] = isinstance(
                edit, Accept
            )
    return tuple(replace(family, words=_given(family, given.get(family.name, {}))) for family in families)


def _given(family: Family, given: Mapping[Variant, bool]) -> tuple[Variant, ...]:
    tongues = [code for code, _ in family.labels]
    named = {
        (code, form): yes for (told, form), yes in given.items() for code in ([told] if told else tongues)
    }
    kept = [word for word in family.words if named.get(word, True)]
    return tuple(dict.fromkeys([*kept, *(word for word, yes in named.items() if yes)]))


def _family(name: str, table: Any) -> Family:
    if not isinstance(table, dict) or not _NAME.fullmatch(name):
        raise SettingsError(
            f"{name!r} is no family: a family is a table such as [autonomy], named in small letters"
        )
    words = table.get("words")
    labels = tuple((code, label) for code, label in table.items() if code != "words")
    if not labels or not all(
        _LANGUAGE.fullmatch(code) and isinstance(label, str) and label.strip() for code, label in labels
    ):
        raise SettingsError(
            f'[{name}] needs its names by language, as fr = "Autonomie", and words, and nothing else'
        )
    if not isinstance(words, dict) or not words:
        raise SettingsError(f'[{name}.words] needs words by language, as fr = ["autonomie"]')
    found: list[Variant] = []
    for code, listed in words.items():
        if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
            raise SettingsError(
                f'in [{name}.words], {code} must be a list of texts, as {code} = ["autonomie"]'
            )
        found += [(code, form_of(word)) for word in listed]
    return Family(name, labels, tuple(dict.fromkeys(found)))


def _told_apart(families: Sequence[Family]) -> None:
    owner: dict[Variant, str] = {}
    for family in families:
        for code, form in family.words:
            other = owner.setdefault((code, form), family.name)
            if other != family.name:
                raise SettingsError(
                    f"{form!r} stands in [{other}] and in [{family.name}]: take it out of one"
                )
