"""What a terminal says around the findings: the stage of the work, where a file was written, that it was stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.report.i18n import Words, sentence

if TYPE_CHECKING:
    from pathlib import Path

STAGES = {
    "simulate": sentence("Simulating a company"),
    "read": sentence("Reading"),
    "ingest": sentence("Taking in"),
    "refresh": sentence("Counting what changed"),
    "search": sentence("Looking for the name"),
    "erase": sentence("Removing"),
    "prove": sentence("Making sure"),
    "compact": sentence("Putting files together"),
    "examine": sentence("Looking over"),
    "language": sentence("Telling languages"),
    "clean": sentence("Setting aside what is not speech"),
    "count": sentence("Counting phrases"),
    "concepts": sentence("Making themes of phrases"),
    "match": sentence("Counting themes"),
    "test": sentence("Testing against chance"),
    "board": sentence("Following what moved"),
    "succession": sentence("Looking for what came in its place"),
    "reasons": sentence("Asking why"),
    "encode": sentence("Encoding messages"),
    "marks": sentence("Asking what decisions moved"),
    "topics": sentence("Grouping messages into topics"),
    "watch": sentence("Looking for changes"),
}
"""Stages of long work, those of a tour in their order, by the names that the workspace tells."""


def stage(language: str, name: str) -> str:
    """A stage of the work; one that is not known here goes by its own name."""
    return Words(language).text(STAGES.get(name, name))


def written(language: str, path: Path) -> str:
    """That a report lies there."""
    return Words(language).say("Report: {path}", path=path)


def stopped(language: str) -> str:
    """That the work was stopped by the reader."""
    return Words(language).say("stopped; no file is half-written")
