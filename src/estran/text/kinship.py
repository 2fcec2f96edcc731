"""Why the variants of a concept are one: the rule that joins each to the others, and what it saw.

The rules are those of `estran.text.variants` and `estran.text.candidates`, asked anew of the forms themselves; so a
reader can check every variant without the corpus.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from estran.model import Evidence
from estran.text import packs, quality, variants
from estran.text.tokens import ELISIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estran.model import Concept

RULES = (
    "commonest", "followed", "by hand", "written alike", "link", "joined", "spelling", "accent", "lemma", "verb",
    "ending", "chain", "translation", "glossary", "company", "acronym", "told by itself",
    "told by its conversation", "told by its words", "untold",
)  # fmt: skip
"""What an `Evidence` may name; "chain": through words of the corpus that are no variants here."""


def why(concept: Concept) -> tuple[Evidence, ...]:
    """Why each variant belongs to the concept, in the order of its variants; then why those that it shares do, in part.

    What the concept was told (`Concept.why`) stands; the rest is asked of the rules. The first variant of a language is
    the commonest there, and the others are held against all that come before them.
    """
    told = {each.variant: each for each in concept.why}
    before: dict[str, list[str]] = {}
    found = []
    for language, form in concept.variants:
        known = before.setdefault(language, [])
        evidence = told.get((language, form))
        if evidence is None:
            rule, shown = _reason(language, form, known, before)
            evidence = Evidence((language, form), rule, shown)
        found.append(evidence)
        known.append(form)
    shared = frozenset(concept.shared).difference(concept.variants)
    return (*found, *(each for each in concept.why if each.variant in shared))


def _reason(
    language: str, form: str, known: Sequence[str], everywhere: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """The rule that joins a form to those before it, of its language or, for the first there, of another."""
    if not known:
        fold = variants.fold(form)
        alike = ((f, code) for code, forms in everywhere.items() for f in forms if variants.fold(f) == fold)
        other, code = next(alike, ("", ""))
        return ("written alike", f"{variants.readable(other)} ({code})") if other else ("commonest", "")
    direct = (found for other in known if (found := _direct(form, other, language)) is not None)
    return next(direct, None) or _through(language, form, known)


def _direct(form: str, other: str, language: str) -> tuple[str, str] | None:
    """The rule that joins two forms of one language word by word, if there is one."""
    own, theirs = _content(form, language), _content(other, language)
    if own == theirs:
        return "link", variants.readable(other)
    if len(own) != len(theirs):
        alike = _letters(own, language) == _letters(theirs, language)
        return ("joined", variants.readable(other)) if alike else None
    reasons = [kin(a, b, language) for a, b in zip(own, theirs, strict=True) if a != b]
    return None if None in reasons else reasons[0]


def kin(word: str, other: str, language: str) -> tuple[str, str] | None:
    """The rule that joins two words, and what it saw; None where none does directly."""
    if variants.spelling(word, language) == variants.spelling(other, language):
        return "spelling", f"{word} = {other}"
    folded = [variants.fold(variants.spelling(each, language)) for each in (word, other)]
    # an accent tells two words of the dictionary apart
    if folded[0] == folded[1] and not (variants.known(word, language) and variants.known(other, language)):
        return "accent", f"{word} = {other}"
    bases = [variants.lemma(each, language) for each in (word, other)]
    if variants.spelling(bases[0], language) == variants.spelling(bases[1], language):
        return "lemma", f"{', '.join(w for w in (word, other) if w != bases[0])} → {bases[0]}"
    if language in packs.WRITTEN:
        verbs = quality.verb_forms((word, other), packs.load(language))
        if word in verbs and verbs.get(other) == verbs[word]:
            return "verb", f"{word}, {other} → {verbs[word]}"
    for longer, shorter in ((word, other), (other, word)):
        if shorter in variants.without_ending(longer, language):
            return "ending", f"{longer} → {shorter}"
    return None


def _through(language: str, form: str, known: Sequence[str]) -> tuple[str, str]:
    """The words of the concept itself that lead from one form to another, if any do."""
    own = _content(form, language)
    theirs = next((words for f in known if len(words := _content(f, language)) == len(own)), None)
    if theirs is None:
        return "chain", variants.readable(known[0])
    words = sorted({word for each in (*known, form) for word in _content(each, language)})
    start, end = next((a, b) for a, b in zip(own, theirs, strict=True) if a != b)
    paths, ahead = {start: [start]}, deque([start])
    while ahead and end not in paths:
        word = ahead.popleft()
        for other in words:
            if other not in paths and kin(word, other, language) is not None:
                paths[other] = [*paths[word], other]
                ahead.append(other)
    rule = kin(start, paths[end][1], language) if end in paths else None
    return (rule[0], " = ".join(paths[end])) if rule is not None else ("chain", f"{start} … {end}")


def _content(form: str, language: str) -> list[str]:
    """The words of a form that are no links."""
    stops = packs.load(language).stop_words if language in packs.WRITTEN else frozenset[str]()
    return [word for word in form.split(" ") if word not in stops and word not in ELISIONS]


def _letters(words: Sequence[str], language: str) -> str:
    """What is left of words once blanks, hyphens, accents and a plural are."""
    whole = "".join(variants.fold(variants.spelling(word, language)) for word in words)
    return variants.lemma(whole, language).removesuffix("s")
