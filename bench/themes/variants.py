"""How often two written forms of one thing become one concept, and two things do: `python -m bench.themes.variants [FILE]`.

Each form is said in messages of its own by twenty people, and counted as a corpus is, all pairs of a language together: so
the words of all others are attested, and may mislead.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from estran.text import packs, reference
from estran.text.concepts import find_concepts
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from estran.model import Concept

FRESH = Path(__file__).with_name("variants.toml")
PEOPLE = 20

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of the pairs of one language.

    Attributes:
        recall: share of the pairs of one thing that are one concept.
        wrong: share of the pairs of two things that are one.
        missed: the pairs of one thing that are not one.
        merged: the pairs of two things that are.
    """

    recall: float
    wrong: float
    missed: tuple[Pair, ...]
    merged: tuple[Pair, ...]


def joined(file: Path = FRESH) -> dict[str, Joined]:
    """What the concepts of a corpus of all pairs make of each, per language."""
    lists = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        language: _judged(language, _pairs(of["same"]), _pairs(of["apart"])) for language, of in lists.items()
    }


def concepts_of(forms: Mapping[str, Collection[str]]) -> tuple[Concept, ...]:
    """The concepts of a corpus in which twenty people say each form, per language."""
    said = [
        (language, phrase)
        for language, each in forms.items()
        for form in sorted(set(each))
        for phrase in reference.phrases(form, packs.load(language).stop_words)
    ]
    rows = [(phrase, language, PEOPLE * n) for (language, phrase), n in Counter(said).items()]
    table = pl.DataFrame(rows, schema=["phrase", "language", "messages"], orient="row").with_columns(
        people="messages", headlines=pl.lit(0, pl.Int64)
    )
    totals = {language: PEOPLE * len(set(each)) for language, each in forms.items()}
    return find_concepts(table, messages_total=totals, limit=len(rows))


def counted(form: str) -> str:
    """A form as it is counted: its tokens, with one blank between."""
    return " ".join(word for stretch in tokens(form) for word in stretch)


def figures() -> dict[str, float]:
    """Recall of the fresh pairs of each language, and what is wrong in the worse of the two."""
    told = joined()
    recall = {f"variant_recall_{language}": each.recall for language, each in told.items()}
    return recall | {"variant_wrong": max(each.wrong for each in told.values())}


def _pairs(lines: str) -> list[Pair]:
    return [
        (one.strip(), other.strip())
        for one, other in (line.split("|") for line in lines.strip().splitlines())
    ]


def _judged(language: str, same: list[Pair], apart: list[Pair]) -> Joined:
    found = concepts_of({language: [form for pair in (*same, *apart) for form in pair]})
    number = {form: at for at, concept in enumerate(found) for _, form in concept.variants}

    def one(pair: Pair) -> bool:
        """Whether both are there, in one concept."""
        left, right = (number.get(counted(form)) for form in pair)
        return left is not None and left == right

    missed, merged = tuple(p for p in same if not one(p)), tuple(p for p in apart if one(p))
    return Joined(1 - len(missed) / len(same), len(merged) / len(apart), missed, merged)


if __name__ == "__main__":
    for language, each in joined(*map(Path, sys.argv[1:])).items():
        print(f"{language}: recall {each.recall:.2f}, wrong {each.wrong:.2f}")
        print("  missed:", ", ".join(" | ".join(pair) for pair in each.missed))
        print("  merged:", ", ".join(" | ".join(pair) for pair in each.merged))
