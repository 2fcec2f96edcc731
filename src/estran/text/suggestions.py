"""Pairs of themes that may be one, for somebody to say yes or no: an acronym and its words, spellings, translations."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from estran.findings import Suggestion
from estran.text import packs, variants
from estran.text.edits import pair_key
from estran.text.tokens import ELISIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from estran.model import Concept

    Named = tuple[str, Concept]

ACRONYM = range(2, 7)
"""Letters of an acronym."""

LONG_WORD = 8
"""Letters from which a word that differs by one of them may be the same, badly typed."""


MOST = 50
"""Suggestions of one kind: once they are answered, others come."""


def suggestions(
    concepts: Sequence[Concept],
    *,
    answered: Collection[tuple[str, str]] = (),
    near: Iterable[tuple[tuple[str, str], tuple[str, str]]] = (),
) -> tuple[Suggestion, ...]:
    """Which themes may be one, the most used first, and of each kind only the foremost.

    Two themes are never put together for it: an acronym may stand for other words, and one letter may change the sense.

    Args:
        concepts: of a corpus.
        answered: pairs that somebody said yes or no to (`estran.text.edits.rejected`); they do not come back.
        near: pairs of variants (language, form), of different languages, that may say the same.
    """
    found: dict[tuple[str, str], tuple[int, Suggestion]] = {}
    themes = [concept for concept in concepts if concept.kind == "theme" and not concept.ignored]
    asked = (*_senses(themes), *_of_one_language(themes), *_translations(themes, near))
    for kind, one, other in asked:
        pair = pair_key(one[0], other[0])
        if pair not in answered and pair not in found:
            weight = min(_said(*one), _said(*other))
            named = Suggestion("+".join(pair), kind, one[0], other[0], one[1].label, other[1].label)
            found[pair] = weight, named
    ordered = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    room = Counter(dict.fromkeys((suggestion.kind for _, suggestion in found.values()), MOST))
    shown = []
    for _, (_, suggestion) in ordered:
        room[suggestion.kind] -= 1
        if room[suggestion.kind] >= 0:
            shown.append(suggestion)
    return tuple(shown)


def _said(named: str, concept: Concept) -> int:
    """How often a theme is said in the language that it is named in: "en:tool" of one that lives in ten."""
    language = named.split(":", maxsplit=1)[0]
    uses = concept.uses or (0,) * len(concept.variants)
    return sum(n for (code, _), n in zip(concept.variants, uses, strict=True) if code == language)


def _of_one_language(themes: Sequence[Concept]) -> Iterator[tuple[str, Named, Named]]:
    """Acronyms and spellings, language by language."""
    for code in sorted({language for concept in themes for language, _ in concept.variants}):
        heads = list(_heads(themes, code))
        for kind, one, other in (*_acronyms(heads, code), *_typed(heads, code)):
            yield kind, (_named(one, code), one), (_named(other, code), other)


def _senses(themes: Sequence[Concept]) -> Iterator[tuple[str, Named, Named]]:
    """What an acronym of several senses may stand for where nothing tells, and senses that share a word of theirs."""
    owner = {variant: concept for concept in themes for variant in concept.variants}
    for concept in themes:
        senses = [(variant, owner[variant]) for variant in concept.senses if variant in owner]
        code, form = concept.variants[0]
        for variant, sense in senses:
            yield "sense", (":".join(variant), sense), (f"{code}:{form}", concept)
        for (one, its), (other, theirs) in combinations(senses, 2):
            if one[0] == other[0] and _content(one) & _content(other):
                yield "wording", (":".join(one), its), (":".join(other), theirs)


def _content(variant: tuple[str, str]) -> set[str]:
    language, form = variant
    return set(form.split(" ")) - packs.load(language).stop_words - set(ELISIONS)


def _translations(
    themes: Sequence[Concept], near: Iterable[tuple[tuple[str, str], tuple[str, str]]]
) -> Iterator[tuple[str, Named, Named]]:
    """Themes of two languages that may say the same, where they are still two."""
    owner = {variant: concept for concept in themes for variant in concept.variants}
    for pair in near:
        one, other = (owner.get(variant) for variant in pair)
        if one is not None and other is not None and one is not other:
            yield "translation", (":".join(pair[0]), one), (":".join(pair[1]), other)


def _named(concept: Concept, language: str) -> str:
    """The commonest form of a concept in a language, as a correction names it."""
    return next(f"{code}:{form}" for code, form in concept.variants if code == language)


def _heads(concepts: Sequence[Concept], language: str) -> Iterator[tuple[str, Concept]]:
    """The commonest form of each concept that lives in a language."""
    for concept in concepts:
        form = next((form for code, form in concept.variants if code == language), None)
        if form is not None:
            yield form, concept


def _acronyms(heads: Sequence[tuple[str, Concept]], language: str) -> Iterator[tuple[str, Concept, Concept]]:
    """Words of a few letters that no dictionary holds, and the phrases that begin with these letters."""
    stops = packs.load(language).stop_words | set(ELISIONS)
    short = {
        form: concept
        for form, concept in heads
        if " " not in form
        and len(form) in ACRONYM
        and form.isalpha()
        and not variants.known(form, language)
        and not concept.senses
    }
    best: dict[
        str, Concept
    ] = {}  # of several phrases the most used: whoever is asked too often answers nothing
    for form, concept in heads:
        words = form.split(" ")
        every = "".join(word[0] for word in words)
        content = "".join(word[0] for word in words if word not in stops)
        for letters in {every, content} if len(words) > 1 else ():
            if letters in short and short[letters] is not concept:
                best[letters] = max(best.get(letters, concept), concept, key=lambda each: sum(each.uses))
    for letters, concept in best.items():
        yield "acronym", concept, short[letters]


def _typed(heads: Sequence[tuple[str, Concept]], language: str) -> Iterator[tuple[str, Concept, Concept]]:
    """Forms that are one but for blanks and accents, or but for one letter of a long word that no dictionary holds."""
    exact: defaultdict[str, list[tuple[str, Concept]]] = defaultdict(list)
    loose: defaultdict[str, list[tuple[str, Concept]]] = defaultdict(list)
    for form, concept in heads:
        key = variants.fold("".join(variants.spelling(word, language) for word in form.split(" ")))
        exact[key].append((form, concept))
        for place in range(1, len(key)) if " " not in form and len(key) >= LONG_WORD else ():
            # two words that differ by one letter are one without it: a gap for it, or in its place
            loose[f"{key[:place]}\0{key[place:]}"].append((form, concept))
            loose[f"{key[:place]}\0{key[place + 1 :]}"].append((form, concept))
    for alike, one_letter in ((exact, False), (loose, True)):
        for together in alike.values():
            for one, other in combinations(together, 2):
                commoner, rarer = sorted((one, other), key=lambda pair: -sum(pair[1].uses))
                badly = not one_letter or not variants.known(rarer[0], language)
                if one[1] is not other[1] and badly:
                    yield "spelling", commoner[1], rarer[1]
