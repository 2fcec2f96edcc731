"""Words that are spelled in several ways, and the spelling that stands for all: British, American, French of before 1990."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BRITISH: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[a-z]{3})is(ations?|e[drs]?|ers|es|ings?|able)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})lys(e[dr]?|ers|ing)$"), r"lyz\1"),
    (
        re.compile(r"(?<=[^aeou])our(s|al|ally|ed|ing|ite|ites|able|ful|less|hood|hoods|ly|er|ers)?$"),
        r"or\1",
    ),
    (re.compile(r"(?<=[a-z]{2}[tb])re(s|d)?$"), r"er\1"),
    (re.compile(r"programme(s)?$"), r"program\1"),
    (re.compile(r"(?<=[aeo])logue(s)?$"), r"log\1"),
    (re.compile(r"([aeiouy][a-z]*[^aeiouy][aeiou])ll(ed|ing|ings|er|ers)$"), r"\1l\2"),
    (re.compile(r"ll(ments?|ful|fully)$"), r"l\1"),
    (re.compile(r"dgement(s)?$"), r"dgment\1"),
    (re.compile(r"(?<=[a-z]{2})ence$"), "ense"),
    (re.compile(r"(^h|^an|^p|op|arch|gyn|uk)ae(?=[cdms]|ol)"), r"\1e"),
    (re.compile(r"^aesth"), "esth"),
    (re.compile(r"(?<=m)oul(?=[dt])"), "ol"),
    (re.compile(r"^artef"), "artif"),
    (re.compile(r"^scepti"), "skepti"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^cheque(?!r)"), "check"),
    (re.compile(r"^chequ(?=er)"), "check"),
)
"""British spellings and what Americans write; applied to both words, so a form need not exist."""

BRITISH_HINT = re.compile(
    r"is[aei]|lys|our|[tb]re|mme|logue|ll[efimu]|gem|ence$|ae|oul|^artef|^scep|^grey|^cheque"
)
"""What a word must hold for one of those to change it: asked first, being one search instead of all."""

SAME_WORD: Mapping[str, Mapping[str, str]] = {
    "en": {
        "adviser": "advisor", "ageing": "aging", "aluminium": "aluminum", "carburettor": "carburetor",
        "connexion": "connection", "cosy": "cozy", "councillor": "councilor", "counsellor": "counselor",
        "despatch": "dispatch", "enquiry": "inquiry", "jeweller": "jeweler", "jewellery": "jewelry",
        "likeable": "likable", "manoeuvre": "maneuver", "marvellous": "marvelous", "moustache": "mustache",
        "plough": "plow", "practise": "practice", "pyjamas": "pajamas", "saleable": "salable", "sizeable": "sizable",
        "speciality": "specialty", "sulphur": "sulfur", "tyre": "tire", "useable": "usable", "woollen": "woolen",
        "yoghurt": "yogurt",
    },
    "fr": {
        "bistro": "bistrot", "blogger": "blogueur", "clef": "clé", "cuiller": "cuillère", "designeur": "designer",
        "gazole": "gasoil", "hackeur": "hacker", "leadeur": "leader", "manageur": "manager", "ognon": "oignon",
        "paye": "paie", "payement": "paiement", "yogourt": "yaourt",
    },
}  # fmt: skip
"""Single words that no rule reaches."""

ACCENT_TELLS: Mapping[str, frozenset[str]] = {
    "en": frozenset({"exposé", "lamé", "maté", "pâté", "resumé", "rosé", "roué", "résumé"}),
    "fr": frozenset({"crû", "dû", "fût", "jeûne", "jeûner", "mûr", "mûre", "sûr", "sûre"}),
}
"""Words that are another word without their accent, where accents say nothing otherwise."""

RECTIFIED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("î"), "i"),
    (re.compile("û"), "u"),
    (re.compile(r"é(?=[bcdfgjklmnpqrstvz]{1,2}e(?!nts?$))"), "è"),
)
"""What may be written in two ways since 1990: "coût" and "cout", "événement" and "évènement"."""


def accent_tells(word: str, language: str) -> bool:
    """Whether a word is another one without its accent, although accents say nothing in most words like it."""
    return word.removesuffix("s") in ACCENT_TELLS.get(language, ())


def one_spelling(word: str, language: str) -> str:
    """The spelling that stands for all of a word: American in English, that of 1990 in French."""
    key = SAME_WORD.get(language, {}).get(word, word)
    if language == "en" and len(key) > 3 and BRITISH_HINT.search(key):
        for british, american in BRITISH:
            key = british.sub(american, key)
    if language == "fr" and not key.isascii() and not accent_tells(key, "fr"):
        for before, after in RECTIFIED:
            key = before.sub(after, key)
    return key
