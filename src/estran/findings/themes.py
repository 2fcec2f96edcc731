"""What is told of themes as such: which there are, why their variants are one, what became of them, what may be one.

Only words that enough people share stand in any of these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estran.findings.keeping import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings.tour import Notice


@dataclass(frozen=True, slots=True)
class Suggestion(Plain):
    """Two themes that may be one; somebody says yes or no.

    Attributes:
        key: names the pair, always the same; what `estran themes accept` and `reject` are given.
        kind: a fixed word: "acronym", "sense", "wording", "spelling", "translation".
        one: a theme, as language:form.
        other: another.
        label: of the one.
        other_label: of the other.
    """

    key: str
    kind: str
    one: str
    other: str
    label: str
    other_label: str


@dataclass(frozen=True, slots=True)
class Theme(Plain):
    """A theme of a workspace, and how much it is said.

    Attributes:
        id: stays the same over time.
        label: the commonest surface form, or what somebody called it.
        labels: language -> label.
        forms: written variants.
        messages: distinct messages that hold it.
        people: distinct people who said it.
        first: ISO day of the first message that holds it.
        last: ISO day of the last one.
        marks: "pinned", "ignored", "followed".
        languages: language -> messages that hold it, most people first; None where it is withheld.
        senses: labels of the themes that it may mean, where nothing tells which.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    forms: int
    messages: int
    people: int
    first: str
    last: str
    marks: tuple[str, ...] = ()
    languages: Mapping[str, int | None] = field(default_factory=dict)
    senses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Themes(Plain):
    """The themes of a workspace.

    Attributes:
        themes: by people, most first; only those that at least five people said.
        suggestions: pairs that may be one.
        notices: corrections that no longer fit, and words that are followed but may not be shown.
        corrections: how many there are in themes.toml.
        until: ISO day of the last message.
    """

    themes: tuple[Theme, ...]
    suggestions: tuple[Suggestion, ...]
    notices: tuple[Notice, ...]
    corrections: int
    until: str


@dataclass(frozen=True, slots=True)
class Because(Plain):
    """A variant of a theme, and why it is one.

    Attributes:
        language: of the variant.
        form: as people write it.
        rule: a fixed word ("spelling", "lemma", "by hand", ...).
        shown: what the rule saw.
    """

    language: str
    form: str
    rule: str
    shown: str


@dataclass(frozen=True, slots=True)
class ThemeEvent(Plain):
    """What became of a theme.

    Attributes:
        date: ISO day of the last message when it was seen.
        kind: a fixed word: "born", "split", "merged", "gone", "back", "rebuilt"; of topics "topic-born",
            "topic-retired", "topic-split", "topic-merged", "topic-parted", "topic-rebuilt".
        id: of the theme or topic; empty where it is about all of them.
        label: of it.
        parents: ids of the themes that it came from, or that went into it.
        parent_labels: their labels.
        themes: how many themes it is about.
    """

    date: str
    kind: str
    id: str
    label: str
    parents: tuple[str, ...] = ()
    parent_labels: tuple[str, ...] = ()
    themes: int = 1


@dataclass(frozen=True, slots=True)
class ThemeShown(Plain):
    """One theme in full.

    Attributes:
        theme: it.
        variants: each with its reason.
        history: what became of it.
    """

    theme: Theme
    variants: tuple[Because, ...]
    history: tuple[ThemeEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeLog(Plain):
    """What became of the themes of a workspace, oldest first."""

    events: tuple[ThemeEvent, ...]


@dataclass(frozen=True, slots=True)
class Edited(Plain):
    """A correction that was written down, or taken back.

    Attributes:
        verb: "merge", "split", ...; or "undo".
        words: as they stand in the file.
        file: where.
        line: of the correction in it.
        corrections: how many there are now.
        undone: the verb of the correction that was taken back.
        about: "themes", "topics", or "families" of words.
    """

    verb: str
    words: tuple[str, ...]
    file: str
    line: int
    corrections: int
    undone: str = ""
    about: str = "themes"


@dataclass(frozen=True, slots=True)
class Rebuilt(Plain):
    """Themes found anew from all messages.

    Attributes:
        themes: how many there are.
        kept: how many of them have the id they had.
        events: what became of the others.
    """

    themes: int
    kept: int
    events: tuple[ThemeEvent, ...] = field(default=())
