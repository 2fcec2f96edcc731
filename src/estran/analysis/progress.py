"""How long work tells that it goes on; only a face knows the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from estran.findings import Notice


class Progress(Protocol):
    """Told about stages and steps of long work."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; `total` steps of it are to come, or nobody knows how many."""

    def advance(self, steps: int) -> None:
        """So many more steps of the stage are done."""

    def say(self, sentence: str | Notice) -> None:
        """Something to be read before the findings: what was guessed, or a notice that a face turns into a sentence."""


class Silent:
    """Progress that nobody looks at."""

    def stage(self, name: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, steps: int) -> None:
        """Nothing."""

    def say(self, sentence: str | Notice) -> None:
        """Nothing."""


def so_far(progress: Progress) -> Callable[[int], None]:
    """Progress for work that tells how much it has done in all, not how much more."""
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        progress.advance(done - told)
        told = done

    return tell
