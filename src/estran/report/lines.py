"""Lines of a terminal: numbers hold together, and nothing that a message says commands it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from rich.segment import Segment
from rich.text import Text

from estran.report.i18n import THIN

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.style import Style

UNPRINTABLE: dict[int, str | None] = dict.fromkeys(
    (*range(10), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
"""Control characters and turns of the writing direction: a message must not command the terminal that shows it."""


GLUE = {ord(THIN): "\ue000", ord("\N{NO-BREAK SPACE}"): "\ue001"}
"""Spaces that hold a number together, as characters at which rich does not break a line."""

SHOWN = UNPRINTABLE | {ord(glue): chr(space) for space, glue in GLUE.items()}


class Line(Text):
    """A text that is not broken at its no-break spaces, as rich would."""

    def __init__(self, text: str = "", style: str = "") -> None:
        super().__init__(text.translate(GLUE), style)

    def append(self, text: Text | str, style: str | Style | None = None) -> Self:
        """The same line, longer."""
        super().append(text.translate(GLUE) if isinstance(text, str) else text, style)
        return self


@dataclass(frozen=True, slots=True)
class Printable:
    """What it holds, less the characters that a terminal would obey."""

    inner: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.inner, options):
            yield Segment(segment.text.translate(SHOWN), segment.style)
