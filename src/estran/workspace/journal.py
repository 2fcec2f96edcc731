"""What was done to a workspace, a line each; never an author, a pseudonym or a text."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import TYPE_CHECKING

from estran.findings import Run

if TYPE_CHECKING:
    from pathlib import Path


def note(journal: Path, what: str, **figures: str | float) -> None:
    """Adds a run, written through to the disk.

    Args:
        journal: the file.
        what: a fixed word, "ingest".
        figures: what came of it.
    """
    line = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "what": what, "figures": figures}
    torn = journal.exists() and not journal.read_bytes().endswith(b"\n") and journal.stat().st_size > 0
    with journal.open("a", encoding="utf-8") as written:
        written.write(("\n" if torn else "") + json.dumps(line, ensure_ascii=False) + "\n")
        written.flush()
        os.fsync(written.fileno())


def runs(journal: Path) -> tuple[Run, ...]:
    """All runs, oldest first; a line that a power cut has torn is passed over."""
    told = journal.read_text(encoding="utf-8", errors="replace").splitlines() if journal.exists() else []
    return tuple(run for line in told if (run := run_of(line)) is not None)


def run_of(line: str) -> Run | None:
    """The run that a line tells, or None if it is torn."""
    try:
        read = json.loads(line)
        return Run(str(read["time"]), str(read["what"]), dict(read["figures"]))
    except (ValueError, KeyError, TypeError):
        return None
