"""How many of 150 pairs of phrases are found across languages, among phrases that have no counterpart."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from estran.text.bridge import kept_apart, mutual, which_say_the_same
from estran.text.encoders import open_encoder

PAIRS = Path(__file__).with_name("pairs.toml")


@dataclass(frozen=True, slots=True)
class Bridged:
    """What the bridge found.

    Attributes:
        p1: share of the 150 French phrases whose nearest English one is their translation.
        recall_p90: share of the pairs among the surest links of which 90 % are right.
        automatic: links made without asking; wrong ones of them; suggested ones; wrong ones of those.
        wrong: the links that are not pairs, as (French, English, cosine, CSLS).
    """

    p1: float
    recall_p90: float
    automatic: int
    automatic_wrong: int
    suggested: int
    suggested_wrong: int
    wrong: tuple[tuple[str, str, float, float], ...]


def bridged(encoder_name: str = "universal") -> Bridged:
    """Run the bridge over the pairs and what is put between them."""
    table = {name: lines.strip().splitlines() for name, lines in tomllib.loads(PAIRS.read_text()).items()}
    pairs = [line.split(" | ") for line in table["pairs"]]
    french = [pair[0] for pair in pairs] + table["only_french"]
    english = [pair[1] for pair in pairs] + table["only_english"]
    encoder = open_encoder(encoder_name)
    one, other = encoder.encode(french), encoder.encode(english)
    cosines = one @ other.T
    around = [np.sort(c, axis=1)[:, -10:].mean(axis=1) for c in (cosines, cosines.T)]
    csls = 2 * cosines - around[0][:, None] - around[1][None, :]
    hit = csls[: len(pairs)].argmax(axis=1) == np.arange(len(pairs))
    at, to, _, scores = mutual(one, other)
    allowed = [kept_apart(french[a], english[b], ("fr", "en")) is None for a, b in zip(at, to, strict=True)]
    at, to, scores = at[allowed], to[allowed], scores[allowed]
    order = np.argsort(-scores)
    right = (at == to)[order] & (at[order] < len(pairs))
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    last = np.flatnonzero(precision >= 0.90)
    recall = float(right[: last[-1] + 1].sum() / len(pairs)) if len(last) else 0.0
    links = which_say_the_same([*english, *french], ["en"] * len(english) + ["fr"] * len(french), encoder)
    judged = [(link, link.left == link.right - len(english) < len(pairs)) for link in links]
    return Bridged(
        p1=float(hit.mean()),
        recall_p90=recall,
        automatic=sum(link.automatic for link, _ in judged),
        automatic_wrong=sum(link.automatic and not good for link, good in judged),
        suggested=sum(not link.automatic for link, _ in judged),
        suggested_wrong=sum(not link.automatic and not good for link, good in judged),
        wrong=tuple(
            (french[link.right - len(english)], english[link.left], link.cosine, link.csls)
            for link, good in judged
            if not good
        ),
    )


def figures() -> dict[str, float]:
    """How many are found, of all and of the surest."""
    found = bridged()
    return {"xlang_p1": found.p1, "xlang_recall_p90": found.recall_p90}


if __name__ == "__main__":
    found = bridged()
    print(found)
    for row in found.wrong:
        print(*row)
