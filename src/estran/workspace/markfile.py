"""marks.toml: what was decided when, as people write it and commands do.

::

    [[mark]]
    day = 2024-03-01
    label = "New returns policy"
    scope = "sales/north"
    themes = ["returns"]
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from estran import handwritten
from estran.errors import ScopeError, SettingsError
from estran.model import Mark, Scope
from estran.workspace.themefile import line_of, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HEAD = """\
# What was decided when: `estran effects` asks what each of these moved; one [[mark]] each, in any order.
#
#   day = 2024-03-01                 the day on which it began to hold
#   label = "New returns policy"
#   scope = "sales/north"            whom it concerns: a unit, side=outside, source=crm; without it, everybody
#   themes = ["returns"]             what it should move; without it, all themes are asked
#   end = 2024-03-08                 last day of a change that took several; what was said meanwhile is left out
#   source = "plan.ics"              the file that it was taken from
"""
"""What a new file begins with."""

BLOCK = re.compile(r"^\s*\[\[\s*mark\s*\]\]\s*(#.*)?$")
KEYS = frozenset({"day", "label", "end", "scope", "themes", "source"})


def read(file: Path) -> tuple[Mark, ...]:
    """The marks of a workspace, in the order of the file; none where there is none.

    Raises:
        SettingsError: a line cannot be meant; it is named, with what to do.
    """
    return parse(text_of(file), name=str(file))


def text_of(file: Path) -> str:
    """What a file says; "" where there is none.

    Raises:
        SettingsError: it is no text.
    """
    return handwritten.text_of(file) if file.exists() else ""


def parse(text: str, *, name: str = "marks.toml") -> tuple[Mark, ...]:
    """The marks that a text holds.

    Args:
        text: of the file.
        name: to call it in an error.

    Raises:
        SettingsError: a line cannot be meant.
    """
    tables = handwritten.tables_of(text, name=name)
    blocks = tables.pop("mark", [])
    lines = text.splitlines()
    if tables or not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        key = next(iter(tables), "mark")
        raise SettingsError(
            f"{name}, line {line_of(lines, key, 0, BLOCK)}: {key!r} stands in no mark; begin each with [[mark]]"
        )
    starts = [number for number, line in enumerate(lines) if BLOCK.match(line)]
    if len(starts) != len(blocks):  # a text of several lines holds what looks like a block
        starts = [0] * len(blocks)
    marks = []
    for start, block in zip(starts, blocks, strict=True):
        try:
            marks.append(_mark(block))
        except (SettingsError, ScopeError) as error:
            raise SettingsError(f"{name}, line {start + 1}: {error}") from error
    return tuple(marks)


def _mark(block: Mapping[str, Any]) -> Mark:
    for key in block:
        if key not in KEYS:
            raise SettingsError(f"{key!r} does not go with a mark; {', '.join(sorted(KEYS))} do")
    for key in ("day", "label"):
        if key not in block:
            raise SettingsError(f"this mark has no {key}; give it one")
    for key in ("label", "scope", "source"):
        if not isinstance(block.get(key, ""), str):
            raise SettingsError(f'{key} must be a text, as {key} = "..."')
    themes = block.get("themes", [])
    if not isinstance(themes, list) or not all(isinstance(theme, str) for theme in themes):
        raise SettingsError('themes must be a list of texts, as themes = ["returns"]')
    end = block.get("end")
    return made(
        day_of(block["day"]), block["label"], end=None if end is None else day_of(end),
        scope=block.get("scope", ""), themes=themes, source=block.get("source", ""),
    )  # fmt: skip


def made(
    day: dt.date,
    label: str,
    *,
    end: dt.date | None = None,
    scope: str = "",
    themes: Sequence[str] = (),
    source: str = "",
) -> Mark:
    """A mark, told from what cannot be meant.

    Raises:
        SettingsError: it has no label, or ends before it begins.
        ScopeError: the scope means nothing.
    """
    called = " ".join(label.split())
    if not called:
        raise SettingsError("a mark needs a label that says what was decided")
    if end is not None and end < day:
        raise SettingsError(f"the mark {called!r} ends ({end}) before it begins ({day})")
    words = tuple(dict.fromkeys(filter(None, (" ".join(theme.split()) for theme in themes))))
    return Mark(day, called, None if end == day else end, Scope.read(scope), words, source)


def day_of(day: object) -> dt.date:
    """A day, as TOML has it or as text.

    Raises:
        SettingsError: it is none.
    """
    if isinstance(day, dt.datetime):
        return day.date()
    if isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(str(day).strip())
    except ValueError as error:
        raise SettingsError(f"a day must be written as 2024-03-01, not {str(day)!r}") from error


def written(mark: Mark) -> str:
    """A mark as a block of the file."""
    keys: dict[str, str | list[str]] = {
        "label": mark.label,
        "scope": str(mark.scope),
        "themes": list(mark.themes),
        "source": mark.source,
    }
    lines = [f"day = {mark.day}", *(f"end = {end}" for end in filter(None, [mark.end]))]
    lines += [f"{key} = {value_of(value)}" for key, value in keys.items() if value]
    return "\n".join(["[[mark]]", *lines]) + "\n"


def added(text: str, marks: Sequence[Mark]) -> str:
    """The text with more marks at its end; nothing else of it is touched."""
    whole = text or HEAD
    if not whole.endswith("\n"):
        whole += "\n"
    return whole + "".join(f"\n{written(mark)}" for mark in marks)


def without(text: str, ids: frozenset[str]) -> str:
    """The text without some marks; comments and the other marks stay."""
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if BLOCK.match(line)]
    marks = parse(text)
    if len(starts) != len(marks):
        return "".join([HEAD, *(f"\n{written(mark)}" for mark in marks if mark.id not in ids)])
    left, before = [], 0
    for start, end, mark in zip(starts, [*starts[1:], len(lines)], marks, strict=True):
        last = end
        while last > start + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
            last -= 1
        if mark.id in ids:
            left += lines[before : start - 1 if start and not lines[start - 1].strip() else start]
            before = last
    return "".join([*left, *lines[before:]])
