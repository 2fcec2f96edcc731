"""Corrections are written down, taken back, and found in the words that somebody uses for a theme."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import SettingsError
from estran.findings import Edited
from estran.text.edits import (
    VERBS,
    Accept,
    Edit,
    Follow,
    Ignore,
    Merge,
    Pin,
    Reject,
    Rename,
    Split,
    about_families,
    about_topics,
    form_of,
    variant_of,
)
from estran.text.variants import readable
from estran.workspace import themefile
from estran.workspace.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from estran.analysis.identities import Identities, Known
    from estran.privacy import Mentions
    from estran.workspace.folder import Folder

    _Meaning = Callable[["Vocabulary", Sequence[str], str | None], tuple[Edit, ...]]

NEAREST = 3
"""Themes that are named where none is called as somebody calls it."""

FEWEST = {"merge": 2, "split": 2, "rename": 2}
"""Words that a verb needs, where one is not enough."""

FORGOTTEN = "# a correction that stood here named a person who was forgotten\n"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that themes go by.

    Attributes:
        known: the themes of the last tour.
        followed: forms that somebody follows, which nobody may have said.
    """

    known: tuple[Known, ...]
    followed: frozenset[str]

    @classmethod
    def of(cls, identities: Identities, edits: Sequence[Edit]) -> Vocabulary:
        """The words of what is known, and of what is followed."""
        words = (word for edit in edits if isinstance(edit, Follow) for word in edit.words)
        return cls(identities.present, frozenset(variant_of(word)[1] for word in words))

    def theme(self, word: str) -> Known | None:
        """The theme that somebody means: by its id, a form of it, or its label; None where it is only followed.

        Raises:
            SettingsError: no theme is called so, with the nearest; or several are.
        """
        asked = word.strip()
        by_id = next((known for known in self.known if known.id == asked.upper()), None)
        if by_id is not None:
            return by_id
        by_label = [known for known in self.known if known.label.casefold() == asked.casefold()]
        try:
            language, form = variant_of(asked)
        except SettingsError:
            if len(by_label) == 1:
                return by_label[0]
            raise
        own = [known for known in self.known if any(_is(v, language, form) for v in known.variants)]
        found = own or by_label
        if len(found) > 1:
            forms = sorted(f"{code}:{form}" for known in found for code, f in known.variants if f == form)
            raise SettingsError(f"{asked!r} is a word of several themes: say {' or '.join(forms)}")
        if not found and form not in self.followed:
            raise SettingsError(f"no theme is called {asked!r}{self._nearest(asked)}")
        return found[0] if found else None

    def written(self, word: str) -> str:
        """The word by which a correction names the theme: what was said where it is a form, else its commonest one."""
        known = self.theme(word)
        if known is None:
            return word.strip()
        try:
            language, form = variant_of(word)
        except SettingsError:
            language, form = None, ""
        code, form = next(
            (v for v in known.variants if _is(v, language, form)),
            max(known.variants, key=lambda v: known.variants[v]),
        )
        others = [k for k in self.known if k is not known and any(f == form for _, f in k.variants)]
        return f"{code}:{readable(form)}" if others or language else readable(form)

    def _nearest(self, word: str) -> str:
        """The themes that are called most like it, as the end of a sentence."""
        labels = {}
        for known in self.known:
            labels[known.label.casefold()] = known.label
            labels |= {readable(form): known.label for _, form in known.variants}
        close = difflib.get_close_matches(word.casefold(), labels, n=3 * NEAREST, cutoff=0.5)
        close += [label for label in labels if f" {word.casefold()} " in f" {label} "]
        names = list(dict.fromkeys(labels[label] for label in close))[:NEAREST]
        return f"; the nearest are {', '.join(names)}" if names else "; `estran themes` lists them"


def edit_of(
    verb: str, words: Sequence[str], language: str | None, vocabulary: Vocabulary
) -> tuple[Edit, ...]:
    """The corrections that somebody means: one, or one for each theme that is pinned or ignored.

    Raises:
        SettingsError: there is no such verb, too few words, or no such theme.
    """
    if verb not in VERBS.values():
        raise SettingsError(f"there is no correction {verb!r}; there are {', '.join(VERBS.values())}")
    least = FEWEST.get(verb, 1)
    if len(words) < least:
        raise SettingsError(f"{verb} needs {least} words or more: a theme{_AND.get(verb, '')}")
    if language is not None and verb not in {"rename", "follow"}:
        raise SettingsError(f"{verb} holds in every language; a language goes with rename and follow")
    return _MEANT[verb](vocabulary, words, language)


def _merge(vocabulary: Vocabulary, words: Sequence[str], _language: str | None) -> tuple[Edit, ...]:
    into, *others = map(vocabulary.written, words)
    themes = [vocabulary.theme(word) for word in words]
    same = [word for word, theme in zip(words[1:], themes[1:], strict=True) if theme and theme is themes[0]]
    if same:
        raise SettingsError(f"{same[0]!r} and {words[0]!r} are one theme already")
    return (Merge(into, tuple(others)),)


def _split(vocabulary: Vocabulary, words: Sequence[str], _language: str | None) -> tuple[Edit, ...]:
    whole = vocabulary.theme(words[0])
    own = {form for _, form in whole.variants} if whole else set[str]()
    leaving = {word: variant_of(word)[1] for word in words[1:]}
    other = next((word for word, form in leaving.items() if form not in own), None)
    if other is not None:
        forms = ", ".join(sorted(readable(form) for form in own))
        raise SettingsError(f"{other!r} is no variant of {words[0]!r}; its variants are {forms}")
    if own <= set(leaving.values()):
        raise SettingsError(f"a theme cannot lose all its variants: leave one with {words[0]!r}")
    return (Split(vocabulary.written(words[0]), tuple(words[1:])),)


def _rename(vocabulary: Vocabulary, words: Sequence[str], language: str | None) -> tuple[Edit, ...]:
    theme, *label = words
    called = " ".join(" ".join(label).split())
    if not called:
        raise SettingsError("a label needs a letter")
    return (Rename(vocabulary.written(theme), called, language),)


def _follow(_vocabulary: Vocabulary, words: Sequence[str], language: str | None) -> tuple[Edit, ...]:
    for word in words:
        form_of(variant_of(word)[1])
    return (Follow(tuple(words), language),)


def _mark(made: type[Pin | Ignore]) -> _Meaning:
    def meant(vocabulary: Vocabulary, words: Sequence[str], _language: str | None) -> tuple[Edit, ...]:
        return tuple(made(vocabulary.written(word)) for word in words)

    return meant


def _answer(made: type[Accept | Reject]) -> _Meaning:
    def meant(_vocabulary: Vocabulary, words: Sequence[str], _language: str | None) -> tuple[Edit, ...]:
        pairs = [word.split("+") if "+" in word else [word] for word in words]
        flat = [part.strip() for pair in pairs for part in pair]
        if len(flat) != themefile.PAIR:
            raise SettingsError(
                "a suggestion is answered by its key, as fr:rse+fr:responsabilité sociétale, or by its two themes"
            )
        for word in flat:
            variant_of(word)
        return (made(flat[0], flat[1]),)

    return meant


_MEANT: dict[str, _Meaning] = {
    "merge": _merge, "split": _split, "rename": _rename, "pin": _mark(Pin), "ignore": _mark(Ignore),
    "follow": _follow, "accept": _answer(Accept), "reject": _answer(Reject),
}  # fmt: skip
_AND = {
    "merge": " and what goes into it",
    "split": " and the variants that leave it",
    "rename": " and its label",
}


def add(folder: Folder, edits: Sequence[Edit]) -> Edited:
    """Writes corrections down, at the end of the file; the caller holds the lock.

    Raises:
        SettingsError: the file as it is cannot be read.
    """
    file = _real(folder.corrections)
    text = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    themefile.parse(text, name=str(folder.corrections))
    for edit in edits:
        text = themefile.added(text, edit)
    write_whole(file, text)
    made = themefile.parse(text)
    last = edits[-1]
    words = tuple(dict.fromkeys(word for edit in edits for word in _said(edit)))
    return Edited(
        VERBS[type(last)], words, str(folder.corrections), made[-1].line, len(made), about=_about(last)
    )


def undo(folder: Folder) -> Edited:
    """Takes the last correction out of the file; the caller holds the lock.

    Raises:
        SettingsError: there is none.
    """
    file = _real(folder.corrections)
    text = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    themefile.parse(text, name=str(folder.corrections))
    found = themefile.undone(text)
    if found is None:
        raise SettingsError(f"{folder.corrections} holds no correction: nothing to take back")
    left, edit = found
    write_whole(file, left)
    return Edited(
        "undo", _said(edit), str(folder.corrections), edit.line, len(themefile.parse(left)), VERBS[type(edit)],
        _about(edit),
    )  # fmt: skip


def forget(folder: Folder, mentions: Mentions) -> None:
    """Takes out corrections that name a person, and masks the name in what stands around them."""
    file = _real(folder.corrections)
    if not file.exists():
        return
    text = file.read_text(encoding="utf-8-sig", errors="replace")

    def names(words: str) -> bool:
        return bool(mentions.found(pl.Series([words])).any())

    left = themefile.without(text, names, instead=FORGOTTEN)
    lines = pl.Series(left.splitlines(keepends=True), dtype=pl.String)
    masked = "".join(mentions.masked(lines))
    if masked != text:
        write_whole(file, masked)


def _about(edit: Edit) -> str:
    if about_topics(edit):
        return "topics"
    return "families" if about_families(edit) else "themes"


def _said(edit: Edit) -> tuple[str, ...]:
    """The words of a correction, in their order."""
    match edit:
        case Merge(theme, others):
            return (theme, *others)
        case Split(theme, variants):
            return (theme, *variants)
        case Rename(theme, label, _):
            return (theme, label)
        case Follow(words, _):
            return words
        case Accept(one, other) | Reject(one, other):
            return (one, other)
        case Pin(theme) | Ignore(theme):
            return (theme,)


def _is(variant: tuple[str, str], language: str | None, form: str) -> bool:
    return variant[1] == form and language in {None, variant[0]}


def _real(file: Path) -> Path:
    """Where the file lies: one that is kept elsewhere, under version control, stays there."""
    return file.resolve() if file.is_symlink() else file
