"""Singular and plural of words that nobody has said yet, so that there is no corpus to learn them from."""

from __future__ import annotations

from estran.text import packs
from estran.text.tokens import ELISIONS

_SHORTEST = 3
_INVARIABLE = frozenset(
    [
        "sens",
        "temps",
        "corps",
        "fonds",
        "cours",
        "parcours",
        "discours",
        "concours",
        "secours",
        "pays",
        "repas",
        "choix",
        "prix",
        "voix",
        "succès",
        "accès",
        "progrès",
        "procès",
        "avis",
        "devis",
        "permis",
        "compromis",
    ]
)


def both_numbers(form: str, language: str) -> tuple[str, ...]:
    """A form as it is, with all its words in the plural, and in the singular; links and elisions stay.

    What comes of it need not be a word: a form that nobody writes is counted nowhere.

    Args:
        form: tokens joined by one blank.
        language: ISO 639-1; the form alone for languages without rules here.
    """
    if language not in packs.WRITTEN:
        return (form,)
    stops = packs.load(language).stop_words | set(ELISIONS) | _INVARIABLE
    words = form.split(" ")

    def turned(*, plural: bool) -> str:
        return " ".join(
            word
            if word in stops or len(word) < _SHORTEST or not word.isalpha()
            else _numbered(word, language, plural=plural)
            for word in words
        )

    # of "outils de travail" the first alone is in the plural
    first = " ".join([turned(plural=True).split(" ")[0], *words[1:]])
    single = " ".join([turned(plural=False).split(" ")[0], *words[1:]])
    return tuple(dict.fromkeys((form, turned(plural=True), turned(plural=False), first, single)))


def _numbered(word: str, language: str, *, plural: bool) -> str:
    singular = _singular(word, language)
    return _plural(singular, language) if plural else singular


def _singular(word: str, language: str) -> str:
    if language == "fr":
        if word.endswith("eaux"):
            return word[:-1]
        if word.endswith("aux") and len(word) > 4:
            return word[:-3] + "al"
        return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "is", "us")) else word


def _plural(word: str, language: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word + "es" if language == "en" and not word.endswith("is") else word
    if language == "fr":
        if word.endswith("al"):
            return word[:-1] + "ux"
        return word + ("x" if word.endswith(("au", "eu")) else "s")
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("ch", "sh")) else "s")
