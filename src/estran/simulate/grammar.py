"""The words of a simulated company: templates with slots, filled column by column."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Texts: TypeAlias = NDArray[np.object_]
"""A column of strings."""

_SLOT = re.compile(r"\{(\w+)\}")
_VOWELS = "aeiouàâäéèêëîïôöùûü"  # no h and no y: the list of nouns has only le hackathon, le yoga


@dataclass(frozen=True, slots=True)
class Nouns:
    """Nouns as slots write them: `columns["du"][i]` is noun i after "de" and its article."""

    columns: dict[str, Texts]

    def __len__(self) -> int:
        return len(self.columns["x"])


@dataclass(frozen=True, slots=True)
class Grammar:
    """All the templates and words of one language.

    Attributes:
        language: ISO 639-1.
        texts: the TOML of the language, with its slots.
        nouns: side -> background nouns, of which people speak at a steady rate.
        words: slot -> what may fill it, commonest first, so that a Zipf draw reads like a real corpus.
        families: first part of a slot ("p") -> its slots, filled by one draw.
    """

    language: str
    texts: dict[str, Any]
    nouns: dict[str, Nouns]
    words: dict[str, Texts]
    families: dict[str, tuple[str, ...]]

    def fill(
        self, template: str, count: int, rng: np.random.Generator, nouns: dict[str, Texts] | None = None
    ) -> list[str]:
        """So many sentences of one template, each with its own words.

        Args:
            template: text with slots.
            count: how many.
            rng: chance.
            nouns: slot -> column of `count` strings, for the slots of the noun spoken of.
        """
        template = _elided(template) if self.language == "fr" else template
        given = nouns or {}
        slots = list(dict.fromkeys(_SLOT.findall(template)))
        drawn: dict[str, NDArray[np.int64]] = {}
        columns: list[Any] = []
        for slot in slots:
            if slot in given:
                columns.append(given[slot])
                continue
            if slot in _NUMBERS:
                columns.append(_NUMBERS[slot](count, rng))
                continue
            if slot in _CONTACTS:
                columns.append(_CONTACTS[slot](self.language, count, rng))
                continue
            family = next((name for name, members in self.families.items() if slot in members), slot)
            if family not in drawn:
                drawn[family] = zipf(len(self.words[slot]), count, rng)
            columns.append(self.words[slot][drawn[family]])
        if not slots:
            return [template] * count
        shape = _SLOT.sub(lambda match: "{" + str(slots.index(match[1])) + "}", template)
        return [shape.format(*row) for row in zip(*columns, strict=True)]


def zipf(kinds: int, count: int, rng: np.random.Generator, *, exponent: float = 0.8) -> NDArray[np.int64]:
    """`count` draws from 0..kinds-1, with weights 1 / rank^exponent."""
    weights = np.arange(1, kinds + 1, dtype=np.float64) ** -exponent
    return np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(count)).astype(np.int64)


def nouns(language: str, entries: Sequence[str]) -> Nouns:
    """The slots of nouns written "form|gender" (fr: m, f, p; en: s takes "the", b stands bare)."""
    rows = []
    for entry in entries:
        form, gender = entry.split("|")
        rows.append(_french(form, gender) if language == "fr" else _english(form, gender))
    return Nouns({slot: np.array([row[slot] for row in rows], dtype=object) for slot in rows[0]})


def _french(form: str, gender: str) -> dict[str, str]:
    vowel = form[0].lower() in _VOWELS
    le, du, au = {
        "m": ("le ", "du ", "au "),
        "f": ("la ", "de la ", "à la "),
        "p": ("les ", "des ", "aux "),
    }[gender]
    if vowel and gender != "p":
        le, du, au = "l'", "de l'", "à l'"
    un = {"m": "un ", "f": "une ", "p": "des "}[gender]
    slots = {"x": form, "le": le + form, "du": du + form, "au": au + form, "un": un + form}
    slots["de"] = ("d'" if vowel else "de ") + form
    return slots | {"Le": slots["le"][0].upper() + slots["le"][1:]}


def _english(form: str, gender: str) -> dict[str, str]:
    the = form if gender == "b" else f"the {form}"
    return {"x": form, "le": the, "the": the, "Le": the[0].upper() + the[1:]}


def _elided(template: str) -> str:
    """French "de" before a word that may begin with a vowel."""
    return re.sub(r"\bde \{(a|town|season)\}", r"{\1_de}", template)


@cache
def grammar(language: str) -> Grammar:
    """The grammar of a language that has a file here: fr, en."""
    texts = tomllib.loads(
        (files("estran.simulate") / "texts" / f"{language}.toml").read_text(encoding="utf-8")
    )
    lists = texts["lists"]
    words: dict[str, Texts] = {
        "model": np.array(_models(), dtype=object),
        "when": np.array(lists["whens"], dtype=object),
        "soon": np.array(lists["soons"], dtype=object),
        "adj": np.array(lists["adjectives"], dtype=object),
        "feel": np.array(lists["feels"], dtype=object),
        "town": np.array(lists["towns"], dtype=object),
        "season": np.array(lists["seasons"], dtype=object),
    }
    *entries, purposes = _split(lists["products"])
    words["p_for"] = np.array(purposes, dtype=object)
    if language == "fr":
        products = nouns("fr", ["|".join(entry) for entry in zip(*entries, strict=True)]).columns
        activities = nouns("fr", lists["activities"]).columns
        words |= {"p": products["x"], "a": activities["x"]}
        words |= {f"p_{slot}": products[slot] for slot in ("le", "du", "un")} | {"P_le": products["Le"]}
        words |= {f"a_{slot}": activities[slot] for slot in ("le", "de")}
        words |= {
            f"{slot}_de": nouns("fr", [f"{w}|m" for w in words[slot]]).columns["de"]
            for slot in ("town", "season")
        }
    else:
        singular, plural = entries
        words |= {"p": np.array(singular, dtype=object), "p_pl": np.array(plural, dtype=object)}
        words |= {"a": np.array(lists["activities"], dtype=object)}
    families = {
        name: tuple(slot for slot in words if slot.lower() == name or slot.lower().startswith(f"{name}_"))
        for name in ("p", "a", "town", "season")
    }
    background = {side: nouns(language, entries) for side, entries in texts["nouns"].items()}
    return Grammar(language, texts, background, words, families)


def _split(entries: Sequence[str]) -> list[tuple[str, ...]]:
    """The columns of entries written "one|two|three"."""
    return list(zip(*(entry.split("|") for entry in entries), strict=True))


@cache
def themes() -> tuple[dict[str, Any], ...]:
    """The themes of the company, as texts/themes.toml lays them down."""
    read = (files("estran.simulate") / "texts" / "themes.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(read)["theme"])


def _models() -> list[str]:
    """Names of products: enough of them for the long tail of words that every real corpus has."""
    starts = [
        "Bri",
        "Ta",
        "Ko",
        "Lu",
        "Se",
        "Mo",
        "Var",
        "Ve",
        "No",
        "Fi",
        "Dra",
        "Pel",
        "Kes",
        "Rul",
        "Gan",
        "Tri",
        "Zel",
        "Cor",
        "Mira",
        "Soli",
    ]
    middles = ["vo", "ri", "len", "do", "ska", "mu", "tar", "pi", "no", "be", "sil", "ga"]
    ends = ["ra", "lis", "no", "da", "ka", "so", "ne", "ro", "ta", "mi", "via", "len"]
    names = ["".join(parts) for parts in product(starts, middles, ends)]
    marks = ["", "", "", " 20", " 30", " 40", " 2", " 3", " Pro", " Light"]
    mixed = np.random.default_rng(1).permutation(len(names))[
        :2400
    ]  # one catalogue, whatever the seed of the corpus
    return [names[i] + marks[i % len(marks)] for i in mixed]


def _counts(count: int, rng: np.random.Generator) -> list[str]:
    likely = np.array(
        [
            2,
            3,
            10,
            4,
            5,
            15,
            20,
            6,
            8,
            12,
            30,
            7,
            9,
            25,
            40,
            11,
            14,
            18,
            50,
            35,
            13,
            16,
            22,
            28,
            45,
            60,
            75,
            90,
        ]
    )
    return [str(n) for n in likely[zipf(len(likely), count, rng)]]


def _hours(count: int, rng: np.random.Generator) -> list[str]:
    return [str(n) for n in rng.integers(8, 21, count)]


def _orders(count: int, rng: np.random.Generator) -> list[str]:
    return [f"MA{n}" for n in rng.integers(1_000_000, 9_999_999, count)]


def _phones(language: str, count: int, rng: np.random.Generator) -> list[str]:
    """Numbers that the regulators of France and Britain keep for fiction: nobody has them."""
    begins = {"fr": "06 39 98 {:02d} {:02d}", "en": "07700 900{0}{1:02d}"}[language]
    last = {"fr": 100, "en": 10}[language]
    return [begins.format(a, b) for a, b in rng.integers(0, (last, 100), (count, 2))]


def _mails(language: str, count: int, rng: np.random.Generator) -> list[str]:
    name = {"fr": "client", "en": "customer"}[language]
    return [f"{name}{n}@example.org" for n in rng.integers(100, 99_999, count)]


_NUMBERS = {"n": _counts, "h": _hours, "order": _orders}
_CONTACTS = {"phone": _phones, "mail": _mails}
