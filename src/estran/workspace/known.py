"""The themes that a workspace knows, at rest: identities.jsonl, one line for each, then what became of them.

It is written whole or not at all, and holds ids, words and days: no author, no pseudonym, no text.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from estran.analysis.identities import Identities, Known
from estran.errors import WorkspaceError
from estran.findings import ThemeEvent
from estran.workspace.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
"""Version of the file."""


def read(file: Path) -> Identities:
    """The themes that are known; none where there is no file.

    Raises:
        WorkspaceError: the file is damaged, or was written by a newer Estran.
    """
    lines = list(_lines(file))
    if lines and lines[0].get("format", 0) > FORMAT:
        raise WorkspaceError(f"{file} was written by a newer Estran: upgrade Estran")
    bad = [number for number, line in enumerate(lines, 1) if not line]
    if bad:
        raise WorkspaceError(
            f"{file} is damaged in line {bad[0]}: put it back from a copy, or let `estran themes rebuild "
            f"{file.parent}` save the other lines"
        )
    return _identities(lines)


def salvaged(file: Path) -> tuple[Identities, int]:
    """The themes of all lines that are sound, and how many lines are not."""
    lines = list(_lines(file))
    sound = [line for line in lines if line]
    return _identities(sound), len(lines) - len(sound)


def write(file: Path, identities: Identities) -> None:
    """Keeps the themes: all of the file or none of it."""
    write_whole(file, text_of(identities))


def text_of(identities: Identities) -> str:
    """The file, whatever the order in which themes were found: by id."""
    lines: list[dict[str, Any]] = [{"format": FORMAT}]
    for known in identities.themes:
        variants = [[language, form, n] for (language, form), n in known.variants.items()]
        lines.append(
            {
                "id": known.id, "label": known.label, "variants": variants, "born": known.born, "seen": known.seen,
                "gone": known.gone, "into": known.into,
            }
        )  # fmt: skip
    lines += [{"event": asdict(event)} for event in identities.log]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Each line as it was written; an empty one in the place of a damaged one."""
    told = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
    for line in told:
        try:
            read = json.loads(line)
            yield read if _sound(read) else {}
        except (ValueError, KeyError, TypeError):
            yield {}


def _sound(line: Any) -> bool:
    """Whether a line says what one must.

    Raises:
        ValueError: it says something else; or a `KeyError` or a `TypeError`.
    """
    if not isinstance(line, dict):
        return False
    if "event" in line:
        _event(line)
    elif "id" in line:
        _known(line)
    return bool({"format", "id", "event"} & line.keys())


def _identities(lines: list[dict[str, Any]]) -> Identities:
    return Identities(
        themes=tuple(_known(line) for line in lines if "id" in line),
        log=tuple(_event(line) for line in lines if "event" in line),
    )


def _known(line: dict[str, Any]) -> Known:
    variants = {(str(language), str(form)): int(n) for language, form, n in line["variants"]}
    return Known(
        str(line["id"]), str(line["label"]), variants, str(line["born"]), str(line["seen"]), bool(line["gone"]),
        str(line["into"]),
    )  # fmt: skip


def _event(line: dict[str, Any]) -> ThemeEvent:
    event = dict(line["event"])
    for several in ("parents", "parent_labels"):
        event[several] = tuple(event[several])
    return ThemeEvent(**event)
