"""What is said of corrections that do not fit, and of words that are followed: sentences by the kind of their notice."""

from __future__ import annotations

from estran.report.i18n import sentence

CORRECTIONS: dict[str, tuple[str, ...]] = {
    "edit-gone": (
        sentence(
            "themes.toml, line {line} ({edit}): no theme is called {word} any more. Change the line, or take it out; "
            "`follow` tracks rare words."
        ),
        sentence("A correction in themes.toml names a theme that is not there any more."),
    ),
    "edit-several": (
        sentence(
            "themes.toml, line {line} ({edit}): {word} is a word of several languages ({languages}). Say which, as "
            "fr:{word}."
        ),
        sentence("A correction in themes.toml names a word of several languages."),
    ),
    "edit-elsewhere": (
        sentence(
            "themes.toml, line {line} ({edit}): {word} belongs to the theme {theme} now. Change the line, take it out, or merge the two themes."
        ),
        sentence("A correction in themes.toml names a variant that belongs to another theme now."),
    ),
    "edit-contradicts": (
        sentence(
            "themes.toml, line {line} ({edit}) contradicts line {before} ({said}) on {theme}: the later one holds. "
            "Take one of them out."
        ),
        sentence("Two corrections in themes.toml contradict each other: the later one holds."),
    ),
    "topic-answer-void": (
        sentence(
            "themes.toml, line {line}: an answer about a topic that is not there any more. Take the correction out."
        ),
        sentence("A correction in themes.toml is about a topic that is not there any more."),
    ),
    "followed-few": (
        sentence("Followed: fewer than {least} people said {theme}, so that no figure of it may be shown."),
        sentence("Too few people said a word that is followed: no figure of it may be shown."),
    ),
    "themes-ignored": (
        sentence("Themes that are ignored by hand, counted but not shown: {themes}."),
        sentence("Some themes are ignored by hand: counted but not shown."),
    ),
}
"""Sentences of each kind of notice, from the one that needs most facts to the one that needs none."""
