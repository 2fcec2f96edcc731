"""How long work tells that it goes on; only a face knows the terminal."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about stages and steps of long work."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; `total` steps of it are to come, or nobody knows how many."""

    def advance(self, steps: int) -> None:
        """So many more steps of the stage are done."""

    def say(self, sentence: str) -> None:
        """Something to be read before the findings, such as what was guessed."""


class Silent:
    """Progress that nobody looks at."""

    def stage(self, name: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, steps: int) -> None:
        """Nothing."""

    def say(self, sentence: str) -> None:
        """Nothing."""
