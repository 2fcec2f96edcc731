"""How each kind of answer is told: the same four things for every page, terminal and document.

A question has a module of its own in this package, with a `FACE`; `HOMES` says which, and it is read when it is first
needed. The tour and the successions are older than this list and have pages of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Answer
    from estran.report.i18n import Words


@dataclass(frozen=True, slots=True)
class Face:
    """How one kind of answer is told; every function is given the reader's language first and the answer second.

    Attributes:
        name: a fixed word that names the part on a page (`#continuum`).
        title: what was asked, as a heading.
        summary: the answer in one sentence.
        terminal: what is printed below the summary; it is given how many rows of a list are shown, or None for all.
        markdown: lines below the summary.
        html: what stands below the summary on a page: pictures, each with its table twin.
        method: the footnotes on how to read it, as (title, text).
    """

    name: str
    title: Callable[[Words, Any], str]
    summary: Callable[[Words, Any], str]
    terminal: Callable[[Words, Any, int | None], Iterator[RenderableType]]
    markdown: Callable[[Words, Any], Iterator[str]]
    html: Callable[[Words, Any], Markup]
    method: Callable[[Words, Any], tuple[tuple[str, str], ...]]


def footnoted(notes: Sequence[tuple[str, str]]) -> Callable[[Words, Any], tuple[tuple[str, str], ...]]:
    """How to read an answer, from its footnotes, (title, text); `{rate}` is the rate of false discoveries that it accepts."""

    def told(words: Words, found: Any) -> tuple[tuple[str, str], ...]:
        rate = words.rate(found.provenance.false_discovery_rate)
        return tuple((words.text(title), words.say(text, rate=rate)) for title, text in notes)

    return told


HOMES: Mapping[str, str] = {
    "Effects": "effects",
    "Organisation": "organisation",
    "Agenda": "agenda",
    "Culture": "culture",
    "Pull": "pull",
    "Continuum": "continuum",
    "Unanswered": "unanswered",
    "Landscape": "environments",
    "Watch": "watch",
}
"""Kind of answer -> module of this package that holds its `FACE`."""


def face_of(found: Answer) -> Face | None:
    """How an answer is told; None for the tour and the successions."""
    home = HOMES.get(type(found).__name__)
    if home is None:
        return None
    face: Face = import_module(f"estran.report.{home}").FACE
    return face
