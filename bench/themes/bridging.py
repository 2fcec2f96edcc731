"""How many of 150 pairs of phrases are found across languages, among phrases that have no counterpart.

Three times: with the glossary, with none, and with one that has been told to forget every French phrase of the pairs.
`python -m bench.themes.bridging`; `--dev` on the pairs that the method was chosen on.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from estran.text.bridge import kept_apart, mutual, which_say_the_same
from estran.text.encoders import open_encoder
from estran.text.glossary import entries, key, listed

if TYPE_CHECKING:
    from estran.text.encoders import Encoder
    from estran.text.glossary import Glossary

PAIRS = Path(__file__).with_name("pairs.toml")
DEVELOPMENT = Path(__file__).with_name("pairs_dev.toml")

NAMED = ("hameçonnage", "jeune pousse", "seuil de rentabilité", "mécénat", "levée de fonds")
"""Phrases of the pairs that were known, from the page of the bridge, to whoever wrote the glossary: not counted for it."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is to be bridged: the first `pairs` of both languages belong together, the others have no counterpart."""

    french: list[str]
    english: list[str]
    pairs: int


@dataclass(frozen=True, slots=True)
class Bridged:
    """What the bridge found.

    Attributes:
        p1: share of the French phrases whose nearest English one is their translation.
        recall_p90: share of the pairs among the surest links of which 90 % are right.
        listed: pairs that the glossary has.
        automatic: links made without asking; wrong ones of them; suggested ones; wrong ones of those.
        wrong: the links that are not pairs, as (French, English, cosine, CSLS, whether the glossary has it).
    """

    p1: float
    recall_p90: float
    listed: int
    automatic: int
    automatic_wrong: int
    suggested: int
    suggested_wrong: int
    wrong: tuple[tuple[str, str, float, float, bool], ...]


def read(path: Path) -> Phrases:
    """The pairs, and what is put between them."""
    table = {name: lines.strip().splitlines() for name, lines in tomllib.loads(path.read_text()).items()}
    pairs = [line.split(" | ") for line in table["pairs"]]
    french = [pair[0] for pair in pairs] + table["only_french"]
    return Phrases(french, [pair[1] for pair in pairs] + table["only_english"], len(pairs))


def without(*phrases: str) -> Glossary:
    """The glossary, but for what it says of some French phrases."""
    forgotten = {key(phrase, "fr") for phrase in phrases}
    return {term: names for term, names in entries().items() if term not in forgotten}


def bridged(said: Phrases, encoder: Encoder, glossary: Glossary) -> Bridged:
    """Run the bridge over the pairs and what is put between them."""
    french, english = said.french, said.english
    one, other = encoder.encode(french), encoder.encode(english)
    same = listed(french, english, ("fr", "en"), glossary=glossary)
    cosines = one @ other.T
    cosines[tuple(same.T)] = 1
    around = [np.sort(c, axis=1)[:, -10:].mean(axis=1) for c in (cosines, cosines.T)]
    csls = 2 * cosines - around[0][:, None] - around[1][None, :]
    sure = set(map(tuple, same.tolist()))
    near = [
        (score, a == b < said.pairs)
        for a, b, _, score in zip(*mutual(one, other, same), strict=True)
        if (a, b) in sure or kept_apart(french[a], english[b], ("fr", "en")) is None
    ]
    links = which_say_the_same(
        [*english, *french], ["en"] * len(english) + ["fr"] * len(french), encoder, glossary=glossary
    )
    judged = [(link, link.left == link.right - len(english) < said.pairs) for link in links]
    return Bridged(
        p1=float((csls[: said.pairs].argmax(axis=1) == np.arange(said.pairs)).mean()),
        recall_p90=surest(near) / said.pairs,
        listed=sum(a == b < said.pairs for a, b in sure),
        automatic=sum(link.automatic for link, _ in judged),
        automatic_wrong=sum(link.automatic and not good for link, good in judged),
        suggested=sum(not link.automatic for link, _ in judged),
        suggested_wrong=sum(not link.automatic and not good for link, good in judged),
        wrong=tuple(
            (french[link.right - len(english)], english[link.left], link.cosine, link.csls, link.listed)
            for link, good in judged
            if not good
        ),
    )


def surest(near: list[tuple[float, bool]]) -> int:
    """The right ones of the longest list of the highest scores of which 90 % are right."""
    right = np.cumsum([good for _, good in sorted(near, key=lambda each: -each[0])])
    enough = np.flatnonzero(right >= 0.9 * np.arange(1, len(right) + 1))
    return int(right[enough[-1]]) if len(enough) else 0


def conditions(said: Phrases) -> dict[str, Glossary]:
    """How the bridge is run: what it is called, and with which glossary."""
    return {
        "with the glossary": without(*NAMED),
        "the glossary without the French phrases of the pairs": without(*said.french[: said.pairs]),
        "vectors alone": {},
    }


def figures() -> dict[str, float]:
    """How many are found, of all and of the surest."""
    found = bridged(read(PAIRS), open_encoder(), without(*NAMED))
    return {"xlang_p1": found.p1, "xlang_recall_p90": found.recall_p90}


if __name__ == "__main__":
    asked = read(DEVELOPMENT if "--dev" in sys.argv else PAIRS)
    for name, glossary in conditions(asked).items():
        found = bridged(asked, open_encoder(), glossary)
        print(f"{name}: P@1 {found.p1:.3f}, recall at precision .90 {found.recall_p90:.3f}, {found.listed} of"
              f" {asked.pairs} pairs are in the glossary; {found.automatic} links without asking, {found.automatic_wrong}"
              f" wrong; {found.suggested} suggested, {found.suggested_wrong} wrong")  # fmt: skip
        for row in found.wrong:
            print("   ", *row)
