"""Rows that could not become messages: kept as JSON lines, told by file and reason."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from estran.findings import Refused
from estran.model import Rejected
from estran.workspace.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PLACES = 3
"""Places that are told for one reason."""


def keep(place: Path, rejected: Iterable[Rejected]) -> None:
    """Writes the refused rows of a part, before its messages are committed: a run that is killed in between does it again."""
    lines = [json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rejected]
    if lines or place.exists():
        write_whole(place, "".join(lines))


def kept(folder: Path) -> Iterator[Rejected]:
    """All refused rows of a workspace; a line that is damaged is passed over (`estran doctor` tells of it)."""
    for file in sorted(folder.glob("*.jsonl")):
        yield from (row for row in _rows(file) if row is not None)


def readable(file: Path) -> bool:
    """Whether a list of refused rows is as it was written."""
    return all(row is not None for row in _rows(file))


def _rows(file: Path) -> Iterator[Rejected | None]:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield Rejected(**json.loads(line))
        except (ValueError, TypeError):
            yield None


def by_reason(rejected: Iterable[Rejected]) -> tuple[Refused, ...]:
    """Refused rows by file and reason, the commonest first."""
    rows: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], list[str]] = {}
    for row in rejected:
        rows[row.file, row.why] += 1
        first = places.setdefault((row.file, row.why), [])
        if len(first) < PLACES:
            first.append(row.place)
    return tuple(
        Refused(file, why, number, tuple(places[file, why])) for (file, why), number in rows.most_common()
    )
