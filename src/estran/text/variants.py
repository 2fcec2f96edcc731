"""Which written words are one word: inflections and spellings, on evidence found in the corpus itself.

No stemmer: Snowball makes "organisation" and "organe" one. Words are joined (union-find) only when

- they differ by accents, hyphen or British/American spelling, and no two dictionary words are confused that way
  ("teletravail" is "télétravail"; "marche" is not "marché");
- they have the same dictionary lemma (simplemma), a verb excepted where the word may be a noun;
- a plural or feminine ending maps one on another word that is *attested in the corpus*.

And "help desk" is "helpdesk" where both are attested. Recall and wrong merges: docs/methods/phrases-and-concepts.md.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import simplemma

from estran.text.packs import WRITTEN, load
from estran.text.spellings import accent_tells, one_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SUFFIXES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fr": (
        ("eaux", "eau"), ("aux", "al"), ("aux", "ail"), ("x", ""), ("s", ""), ("es", ""), ("e", ""), ("ées", "é"),
        ("elle", "el"), ("elles", "el"), ("enne", "en"), ("ennes", "en"), ("ienne", "ien"), ("iennes", "ien"),
        ("euse", "eur"), ("euses", "eur"), ("euse", "eux"), ("euses", "eux"), ("trice", "teur"), ("trices", "teur"),
        ("ive", "if"), ("ives", "if"), ("ère", "er"), ("ères", "er"), ("ière", "ier"), ("ières", "ier"),
        ("llère", "ller"), ("llères", "ller"), ("iale", "ial"), ("iales", "ial"),
    ),
    "en": (("s", ""), ("ies", "y"), ("es", "")),
}  # fmt: skip
"""Plural and feminine endings, and what they stand for."""

IRREGULAR: Mapping[str, Mapping[str, str]] = {
    "en": {
        "calves": "calf", "halves": "half", "housewives": "housewife", "lenses": "lens", "loaves": "loaf",
        "midwives": "midwife", "sheaves": "sheaf", "shelves": "shelf", "thieves": "thief", "wives": "wife",
    },
    "fr": {"baux": "bail", "messieurs": "monsieur"},
}  # fmt: skip
"""Plurals that the table of lemmas gets wrong: those of the closed classes in -f and in -ail."""

THEMSELVES: Mapping[str, frozenset[str]] = {
    "en": frozenset({
        "customs", "media", "better", "best", "worse", "worst", "less", "more", "most", "least", "further", "goods",
        "glasses", "arms", "news", "means", "premises", "savings", "earnings", "belongings", "proceeds", "minutes",
        "damages", "headquarters", "manners", "pains", "scales", "securities", "spectacles", "spirits", "wits",
    }),
    "fr": frozenset({
        "vacances", "lunettes", "ciseaux", "assises", "meilleur", "mieux", "pire", "soldes", "toilettes", "échecs",
        "gages", "honoraires", "humanités", "jumelles", "mémoires", "menottes", "oreillons",
    }),
}  # fmt: skip
"""Words whose dictionary form means something else."""

TRADES = (
    "trice",
    "trices",
    "euse",
    "euses",
    "ienne",
    "iennes",
    "ière",
    "ières",
    "llère",
    "llères",
    "iale",
    "iales",
)
"""French feminine endings that are no other word: the rule holds although dictionaries list the word by itself."""

SHORTEST_JOIN = 3
"""Letters that each half of a joined word must have ("help" + "desk"), where no hyphen shows the halves."""


def fold(word: str) -> str:
    """The word without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def spelling(word: str, language: str) -> str:
    """A key that all spellings of a word share: no hyphen, no ligature, no possessive; American in English.

    Accents stay, but where they say nothing: in English words ("café"), on the French i and u ("coût").
    """
    key = word.replace("-", "").replace("œ", "oe").replace("æ", "ae")
    if language == "en":
        key = key.removesuffix("'s")
        key = key if key.isascii() or accent_tells(key, language) else fold(key)
    return one_spelling(key, language)


def known(word: str, language: str) -> bool:
    """Whether the word is one of the dictionary; False in languages without a pack (a table costs a second)."""
    return language in WRITTEN and (
        bool(simplemma.is_known(word, lang=language)) or accent_tells(word, language)
    )


def dictionary_form(word: str, language: str) -> str:
    """What the table of lemmas gives, right or wrong; the word itself in languages without a pack."""
    if word in IRREGULAR.get(language, ()):
        return IRREGULAR[language][word]
    return str(simplemma.lemmatize(word, lang=language)).lower() if language in WRITTEN else word


def lemma(word: str, language: str) -> str:
    """The dictionary form, or the word where none is sure.

    An English form in -ing or -ed stays ("meeting" is not "meet"), and so does a French word that may be a noun or an adjective
    though the table gives a verb ("données" is not "donner").
    """
    if language not in WRITTEN or word in THEMSELVES.get(language, ()):
        return word
    base = dictionary_form(word, language)
    if base != word and (base in load(language).stop_words or (base.endswith("er") and word.endswith("a"))):
        # the tables take "ai" for a form of "be", and "data" for the past of the French "dater"
        return word
    if language == "en" and word.endswith(("ing", "ings", "ed")) and len(base) < len(word.removesuffix("s")):
        return word.removesuffix("s")
    if language == "fr" and base != word and base.endswith(("er", "ir", "re")) and _may_be_noun(word):
        singular = word.removesuffix("s")
        return singular if known(singular, language) else word
    return base


def _may_be_noun(word: str) -> bool:
    return word.endswith(
        (
            "e",
            "es",
            "é",
            "és",
            "ée",
            "ées",
            "i",
            "is",
            "u",
            "us",
            "ue",
            "ues",
            "ie",
            "ies",
            "t",
            "ts",
            "ant",
            "ants",
        )
    )


class Union:
    """Disjoint sets of words (union-find with path halving)."""

    def __init__(self, words: Iterable[str]) -> None:
        self._parent = {word: word for word in words}

    def find(self, word: str) -> str:
        """The word that stands for the set."""
        parent = self._parent
        while parent[word] != word:
            parent[word] = parent[parent[word]]
            word = parent[word]
        return word

    def join(self, one: str, other: str) -> None:
        """Make the two sets one."""
        self._parent[self.find(one)] = self.find(other)


def word_classes(attested: Mapping[str, int], language: str) -> dict[str, str]:
    """Which words of a corpus are one word.

    Args:
        attested: word -> how often it is said; every word of the corpus, so that rules find what they map to.
        language: ISO 639-1; spelling alone is compared in languages without a written pack.

    Returns:
        Every word -> the commonest word of its class (the first in the alphabet among equals).
    """
    words = sorted(attested)
    union = Union(words)
    _join_spellings(words, attested, language, union)
    by_lemma: dict[str, str] = {}
    for word in words:
        base = lemma(word, language)
        union.join(word, by_lemma.setdefault(spelling(base, language), word))
        if base != word and base in attested:
            union.join(word, base)
        for target in without_ending(word, language):
            if target in attested:
                union.join(word, target)
    return _by_commonest(words, attested, union)


def _join_spellings(words: list[str], attested: Mapping[str, int], language: str, union: Union) -> None:
    by_spelling: dict[str, str] = {}
    by_fold: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        key = spelling(word, language)
        if key in by_spelling:
            union.join(word, by_spelling[key])
        else:
            by_spelling[key] = word
            by_fold[fold(key)].append(word)
    for alike in by_fold.values():
        # an accent tells two dictionary words apart; a word that no dictionary holds is one of them, badly typed
        if len(alike) > 1:
            commonest = max(alike, key=lambda word: (known(word, language), attested[word], word))
            for word in alike:
                if word != commonest and not known(word, language):
                    union.join(word, commonest)


def without_ending(word: str, language: str) -> list[str]:
    """What a word may be the plural or the feminine of; nothing where the dictionary holds it as a word by itself."""
    in_dictionary = known(word, language) or word in THEMSELVES.get(language, ())
    if in_dictionary and not (language == "fr" and word.endswith(TRADES) and lemma(word, language) == word):
        return []
    return _without(word, SUFFIXES.get(language, ()), only=TRADES if in_dictionary else None)


def _without(word: str, endings: tuple[tuple[str, str], ...], *, only: tuple[str, ...] | None) -> list[str]:
    """What the word would be without its plural or feminine ending, at least three letters long."""
    found = []
    for ending, instead in endings:
        if word.endswith(ending) and not word.endswith("ss") and (only is None or ending in only):
            target = word[: len(word) - len(ending)] + instead
            if len(target) >= 3:
                found.append(target)
    return found


def _by_commonest(words: list[str], attested: Mapping[str, int], union: Union) -> dict[str, str]:
    commonest: dict[str, str] = {}
    for word in words:  # sorted: the first in the alphabet wins a tie
        root = union.find(word)
        if root not in commonest or attested[word] > attested[commonest[root]]:
            commonest[root] = word
    return {word: commonest[union.find(word)] for word in words}


def joins(classes: Mapping[str, str], language: str) -> dict[tuple[str, str], str]:
    """Pairs of words that are also written as one: ("help", "desk") -> "helpdesk".

    Args:
        classes: what `word_classes` gave.
        language: ISO 639-1.

    Returns:
        (class, class) -> class of the joined word.
    """
    spelled: dict[str, str] = {}
    for word, name in classes.items():
        spelled.setdefault(fold(spelling(word, language)), name)
    found: dict[tuple[str, str], str] = {}
    for whole, name in spelled.items():
        stem = whole.rstrip("0123456789")
        # "slicer4" is "slicer 4"; "x264" may be anything
        cuts = [len(stem)] if len(stem) >= SHORTEST_JOIN and stem.isalpha() and stem != whole else []
        for cut in (*cuts, *range(SHORTEST_JOIN, len(whole) - SHORTEST_JOIN + 1)):
            left, right = spelled.get(whole[:cut]), spelled.get(whole[cut:])
            if left is not None and right is not None and name not in {left, right}:
                found[left, right] = name
    for word, name in classes.items():
        halves = [spelled.get(fold(spelling(half, language))) for half in word.split("-")]
        if len(halves) == 2 and halves[0] and halves[1] and name not in halves:
            found[halves[0], halves[1]] = name
    return found


@cache
def readable(form: str) -> str:
    """A form as people write it: the blank after an elision goes ("réseau social d' entreprise")."""
    return form.replace("' ", "'")
