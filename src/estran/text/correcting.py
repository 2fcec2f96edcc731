"""Corrections by hand, said to the concepts of a run.

Words are followed first, then themes are put together and taken apart in the order of the corrections, and what is said
of a theme (its name, pinned, ignored, followed) holds for the theme that has the word in the end. A correction that no
longer fits is told, and the others hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from estran.findings import Notice
from estran.model import Concept, Evidence
from estran.text.edits import (
    VERBS,
    Accept,
    Follow,
    Ignore,
    Merge,
    Pin,
    Reject,
    Rename,
    Split,
    about_families,
    about_topics,
    pair_key,
    variant_of,
)
from estran.text.variants import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from estran.text.edits import Edit

Variant = tuple[str, str]
"""Language and form."""

_QUALITY = 1.0
"""Of a concept that nothing is known of but that somebody follows it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Concepts after the corrections, and what did not fit.

    Attributes:
        concepts: in the order they came; a part that left stands behind its theme, words that nobody said at the end.
        conflicts: notices of kind "edit-gone", "edit-several", "edit-elsewhere" and "edit-contradicts".
    """

    concepts: tuple[Concept, ...]
    conflicts: tuple[Notice, ...]


def apply(concepts: Sequence[Concept], edits: Sequence[Edit], *, languages: Sequence[str] = ()) -> Applied:
    """Says the corrections to the concepts.

    Args:
        concepts: no variant in two of them.
        edits: in their order.
        languages: in which words are followed that name none.

    Returns:
        The corrected concepts and the corrections that do not fit. What was corrected already is left as it is: applied
        to their own result, corrections that fit change nothing.
    """
    edits = [edit for edit in edits if not about_topics(edit) and not about_families(edit)]
    desk = _Desk(concepts, called={e.label.casefold(): e.theme for e in edits if isinstance(e, Rename)})
    for edit in edits:
        if isinstance(edit, Follow):
            desk.add(edit, languages)
    refused = {pair_key(e.one, e.other): e for e in edits if isinstance(e, Reject)}
    for edit in edits:
        match edit:
            case Merge(theme, others):
                desk.merge(edit, theme, others)
            case Split(theme, variants):
                desk.split(edit, theme, variants)
            case Accept(one, other):
                no = refused.get(pair_key(one, other))
                if no is None or no.line < edit.line:
                    desk.merge(edit, one, (other,))
                if no is not None:
                    before, after = (no, edit) if no.line < edit.line else (edit, no)
                    desk.contradict(before, after, one)
            case _:
                pass
    for edit in edits:
        desk.mark(edit)
    return Applied(tuple(desk.concepts()), tuple(desk.conflicts))


@dataclass(slots=True, eq=False)
class _Theme:
    """A concept while it is corrected."""

    concept: Concept
    variants: dict[Variant, int]
    why: dict[Variant, Evidence]
    names: dict[str | None, tuple[str, Edit]] = field(default_factory=dict)
    marks: dict[str, Edit] = field(default_factory=dict)
    parts: list[_Theme] = field(default_factory=list)

    @classmethod
    def of(cls, concept: Concept) -> _Theme:
        uses = concept.uses or (0,) * len(concept.variants)
        why = {each.variant: each for each in concept.why}
        return cls(concept, dict(zip(concept.variants, uses, strict=True)), why)

    def done(self) -> Concept:
        """The concept as it is now."""
        names = dict(self.concept.names)
        everywhere = self.names.get(None)
        if everywhere:
            names |= {language: everywhere[0] for language, _ in self.variants}
        names |= {language: label for language, (label, _) in self.names.items() if language is not None}
        label = everywhere[0] if everywhere else self.concept.label
        if not everywhere and self.variants:
            label = names.get(next(iter(self.variants))[0], label)
        return replace(
            self.concept, label=label, variants=tuple(self.variants), uses=tuple(self.variants.values()),
            names=tuple(sorted(names.items())), why=tuple(self.why[v] for v in self.variants if v in self.why),
            pinned=self._marked("pinned"), ignored=self._marked("ignored"), followed=self._marked("followed"),
        )  # fmt: skip

    def _marked(self, mark: str) -> bool:
        return mark in self.marks


class _Desk:
    """Where concepts are corrected one by one."""

    def __init__(self, concepts: Sequence[Concept], *, called: Mapping[str, str]) -> None:
        self._called = called
        self._themes = [_Theme.of(concept) for concept in concepts]
        self._new: list[_Theme] = []
        self._owner = {variant: theme for theme in self._themes for variant in theme.variants}
        self._moved: dict[Variant, Edit] = {}
        self._forms: dict[str, list[Variant]] = {}
        self._labels: dict[str, list[_Theme]] = {}
        for variant in self._owner:
            self._forms.setdefault(variant[1], []).append(variant)
        for theme in self._themes:
            self._labels.setdefault(theme.concept.label.casefold(), []).append(theme)
        self.conflicts: list[Notice] = []

    def concepts(self) -> Iterator[Concept]:
        """All of them, those that are left without a variant excepted."""
        new = sorted(self._new, key=lambda theme: tuple(theme.variants))
        ahead = [*reversed(new), *reversed(self._themes)]
        while ahead:
            theme = ahead.pop()
            if theme.variants:
                yield theme.done()
            ahead += sorted(theme.parts, key=lambda part: tuple(part.variants), reverse=True)

    def add(self, edit: Follow, languages: Sequence[str]) -> None:
        """Words that nobody said enough become a theme, or join the one that has the first of them."""
        forms = [variant_of(word) for word in edit.words]
        owned = [(self._owned(language or edit.language, form), form) for language, form in forms]
        base = next((next(iter(found.values())) for found, _ in owned if found), None)
        fresh: list[Variant] = []
        for (found, form), (language, _) in zip(owned, forms, strict=True):
            if any(theme is not base for theme in found.values()):
                other = next(theme for theme in found.values() if theme is not base)
                self._tell("edit-elsewhere", edit, word=readable(form), theme=other.concept.label)
            elif not found:
                spoken = (language or edit.language,) if language or edit.language else languages
                fresh += [(code, form) for code in spoken if code]
        if base is None and fresh:
            concept = Concept(readable(fresh[0][1]), (), _QUALITY, why=())
            base = _Theme(concept, {}, {})
            self._new.append(base)
        if base is not None:
            self._give(base, dict.fromkeys(fresh, 0), edit)

    def merge(self, edit: Merge | Accept, into: str, others: Iterable[str]) -> None:
        """The variants of some themes become those of one."""
        theme = self._found(edit, into)
        for word in others if theme else ():
            other = self._found(edit, word)
            if theme is None or other is None or other is theme:
                continue
            if isinstance(edit, Accept) and sum(other.variants.values()) > sum(theme.variants.values()):
                theme, other = other, theme  # whoever says yes names no one that stays: the commoner does
            before = next((self._moved[v] for v in other.variants if v in self._moved), None)
            if isinstance(before, Split):
                self.contradict(before, edit, other.concept.label)
            variants, other.variants = other.variants, {}
            best = max(theme.concept.quality, other.concept.quality)
            theme.concept = replace(theme.concept, quality=best)
            self._give(theme, variants, edit)

    def split(self, edit: Split, whole: str, words: Iterable[str]) -> None:
        """Some variants of a theme leave it together."""
        theme = self._found(edit, whole)
        if theme is None:
            return
        leaving: dict[Variant, int] = {}
        elsewhere: list[tuple[str, dict[Variant, _Theme]]] = []
        for word in words:
            language, form = variant_of(word)
            found = self._owned(language, form)
            own = {v: theme.variants[v] for v, owner in found.items() if owner is theme}
            leaving |= own
            if not own:
                elsewhere.append((form, found))
        apart = {id(owner): owner for _, found in elsewhere for owner in found.values()}
        left = {form for owner in apart.values() for _, form in owner.variants}
        done = not leaving and len(apart) == 1 and left == {form for form, _ in elsewhere}
        for form, found in () if done else elsewhere:
            owner = next(iter(found.values()), None)
            facts = {"theme": owner.concept.label} if owner else {}
            self._tell("edit-elsewhere" if owner else "edit-gone", edit, word=readable(form), **facts)
        if (
            leaving and leaving.keys() != theme.variants.keys()
        ):  # all of them: they are a theme of their own already
            before = next((self._moved[v] for v in leaving if v in self._moved), None)
            if isinstance(before, Merge | Accept):
                self.contradict(before, edit, theme.concept.label)
            for variant in leaving:
                del theme.variants[variant]
                theme.why.pop(variant, None)
            label = readable(next(iter(leaving))[1])
            part = _Theme(replace(theme.concept, label=label, names=(), id=""), {}, {})
            theme.parts.append(part)
            self._give(part, leaving, edit)

    def mark(self, edit: Edit) -> None:
        """What is said of a theme holds for the one that has the word in the end."""
        match edit:
            case Rename(word, label, language):
                theme = self._found(edit, word)
                if theme is not None:
                    before = theme.names.get(language)
                    if before and before[0] != label:
                        self.contradict(before[1], edit, theme.concept.label)
                    theme.names[language] = (label, edit)
            case Pin(word):
                self._set(edit, self._found(edit, word), "pinned", against="ignored")
            case Ignore(word):
                theme = self._found(edit, word)
                self._set(edit, theme, "ignored", against="pinned", also="followed")
                self._swallowed(edit, theme, word)
            case Follow(words):
                for word in words:
                    language, form = variant_of(word)
                    found = self._owned(language or edit.language, form)
                    if found:
                        self._set(edit, next(iter(found.values())), "followed", against="ignored")
                        break
            case _:
                pass

    def contradict(self, before: Edit, after: Edit, theme: str) -> None:
        """Two corrections say the opposite; the later one holds."""
        self._tell("edit-contradicts", after, theme=theme, before=before.line, said=VERBS[type(before)])

    def _set(self, edit: Edit, theme: _Theme | None, mark: str, *, against: str, also: str = "") -> None:
        if theme is None:
            return
        for other in filter(None, (against, also)):
            if other in theme.marks:
                self.contradict(theme.marks[other], edit, theme.concept.label)
                if other != "followed":
                    del theme.marks[other]
        theme.marks[mark] = edit

    def _swallowed(self, edit: Ignore, theme: _Theme | None, word: str) -> None:
        """A theme that was to be ignored was put into another later: now both are."""
        language, form = variant_of(word)
        by = {self._moved[v] for v in self._owned(language, form) if v in self._moved}
        later = next((e for e in by if isinstance(e, Merge | Accept) and e.line > edit.line), None)
        if theme is not None and later is not None:
            self.contradict(edit, later, theme.concept.label)

    def _give(self, theme: _Theme, variants: dict[Variant, int], edit: Edit) -> None:
        rule = "followed" if isinstance(edit, Follow) else "by hand"
        for variant, uses in variants.items():
            theme.variants[variant] = uses
            theme.why[variant] = Evidence(
                variant, rule, f"{VERBS[type(edit)]} {edit.line}".removesuffix(" 0")
            )
            if variant not in self._owner:
                self._forms.setdefault(variant[1], []).append(variant)
            self._owner[variant] = theme
            self._moved[variant] = edit

    def _owned(self, language: str | None, form: str) -> dict[Variant, _Theme]:
        return {
            variant: self._owner[variant]
            for variant in self._forms.get(form, ())
            if language is None or variant[0] == language
        }

    def _found(self, edit: Edit, word: str) -> _Theme | None:
        """The theme that a word names; where none does, or several do, that is told."""
        language, form = variant_of(word)
        owned = self._owned(language, form)
        by_label = [theme for theme in self._labels.get(word.strip().casefold(), ()) if theme.variants]
        themes = list({id(theme): theme for theme in owned.values()}.values()) or by_label
        name = self._called.get(word.strip().casefold())
        if not themes and name is not None and name != word:
            return self._found(edit, name)
        if len(themes) > 1:
            named = [theme for theme in themes if next(iter(theme.variants))[1] == form]
            themes = named if len(named) == 1 else themes
        if len(themes) == 1:
            return themes[0]
        if not themes:
            self._tell("edit-gone", edit, word=word)
        else:
            tongues = ", ".join(sorted({code for code, _ in owned}))
            self._tell("edit-several", edit, word=word, languages=tongues)
        return None

    def _tell(self, kind: str, edit: Edit, **facts: str | int) -> None:
        told = Notice(kind, {"line": edit.line, "edit": VERBS[type(edit)], **facts})
        if told not in self.conflicts:
            self.conflicts.append(told)
