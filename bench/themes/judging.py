"""How well praise is told from blame, on sentences that nothing was learned from: `python -m bench.themes.judging`.

`--dev` on the sentences that the reading was chosen on; names of encoders may follow ("universal e5").
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from estran.text.encoders import open_encoder
from estran.text.valence import judgements, learned

SENTENCES = Path(__file__).with_name("valence.toml")
DEVELOPMENT = Path(__file__).with_name("valence_dev.toml")


def areas(encoder_name: str = "universal", path: Path = SENTENCES) -> dict[str, dict[str, float]]:
    """Area under the curve per language, of both readings together and of each alone."""
    encoder = open_encoder(encoder_name)
    reading = learned(encoder)
    found = {}
    for language, lines in tomllib.loads(path.read_text(encoding="utf-8")).items():
        likes, dislikes = (lines[name].strip().splitlines() for name in ("likes", "dislikes"))
        texts, languages = [*likes, *dislikes], [language] * (len(likes) + len(dislikes))
        truth = np.arange(len(texts)) < len(likes)
        vectors = encoder.encode(texts)
        found[language] = {
            "both": area(reading.of(vectors, texts, languages), truth),
            "words": area(judgements(texts, languages), truth),
            "vectors": area(vectors @ reading.direction, truth),
        }
    return found


def figures() -> dict[str, float]:
    """The keys of the line of figures."""
    return {f"valence_auc_{language}": found["both"] for language, found in areas().items()}


def area(score: np.ndarray, truth: np.ndarray) -> float:
    """The probability that a true one scores higher than a false one; ties count half."""
    ranks = rankdata(score)
    true = truth.sum()
    return float((ranks[truth].sum() - true * (true + 1) / 2) / (true * (~truth).sum()))


if __name__ == "__main__":
    path = DEVELOPMENT if "--dev" in sys.argv else SENTENCES
    for name in [each for each in sys.argv[1:] if each != "--dev"] or ["universal"]:
        for language, found in areas(name, path).items():
            print(name, language, *(f"{what} {area_:.3f}" for what, area_ in found.items()))
