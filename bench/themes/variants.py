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

import polars as pl

from estran.text import packs, reference
from estran.text.concepts import find_concepts
from estran.text.tokens import tokens

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


def concept_of(language: str, forms: list[str]) -> dict[str, int]:
    """The concept that holds each form, of those that a corpus of all forms has; a form that is dropped has none."""
    counts: Counter[str] = Counter()
    for form in sorted(set(forms)):
        counts.update(reference.phrases(form, packs.load(language).stop_words))
    said = [PEOPLE * number for number in counts.values()]
    table = pl.DataFrame({"phrase": list(counts), "messages": said}).with_columns(
        language=pl.lit(language), people="messages", headlines=pl.lit(0, pl.Int64)
    )
    found = find_concepts(table, messages_total={language: PEOPLE * len(set(forms))}, limit=len(counts))
    number = {form: at for at, concept in enumerate(found) for _, form in concept.variants}
    written = {form: " ".join(word for stretch in tokens(form) for word in stretch) for form in forms}
    return {form: number[counted] for form, counted in written.items() if counted in number}


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
    concept = concept_of(language, [form for pair in (*same, *apart) for form in pair])
    missed = tuple(pair for pair in same if concept.get(pair[0], -1) != concept.get(pair[1], -2))
    merged = tuple(pair for pair in apart if concept.get(pair[0], -1) == concept.get(pair[1], -2))
    return Joined(1 - len(missed) / len(same), len(merged) / len(apart), missed, merged)


if __name__ == "__main__":
    for language, each in joined(*map(Path, sys.argv[1:])).items():
        print(f"{language}: recall {each.recall:.2f}, wrong {each.wrong:.2f}")
        print("  missed:", ", ".join(" | ".join(pair) for pair in each.missed))
        print("  merged:", ", ".join(" | ".join(pair) for pair in each.merged))
