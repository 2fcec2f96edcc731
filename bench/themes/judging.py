"""How well praise is told from blame, on texts that nothing was learned from: `python -m bench.themes.judging`.

On sentences of people at work (`valence.toml`); `--dev` on those that the reading was chosen on; `--tweets FOLDER` on tweets,
which do not come with Estran: a folder laid out as `data/sentiment` of github.com/cardiffnlp/xlm-t, with
`english/test_text.txt`, `english/test_labels.txt` (0 blame, 1 neither, 2 praise) and the same for French; `--split val`
for the other tweets. Names of encoders may follow ("universal e5").
"""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from estran.text.encoders import open_encoder
from estran.text.valence import judgements, learned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Judged = Mapping[str, tuple[Sequence[str], Sequence[str]]]  # language -> texts of praise, of blame

SENTENCES = Path(__file__).with_name("valence.toml")
DEVELOPMENT = Path(__file__).with_name("valence_dev.toml")


FOLDERS = {"en": "english", "fr": "french"}


def areas(
    encoder_name: str = "universal", judged: Judged | None = None
) -> dict[str, dict[str, tuple[float, float]]]:
    """Area under the curve and its standard error per language, of both readings together and of each alone."""
    encoder = open_encoder(encoder_name)
    reading = learned(encoder)
    found = {}
    for language, (likes, dislikes) in (judged or sentences()).items():
        texts, languages = [*likes, *dislikes], [language] * (len(likes) + len(dislikes))
        truth = np.arange(len(texts)) < len(likes)
        vectors = encoder.encode(texts)
        scores = {
            "both": reading.of(vectors, texts, languages),
            "words": judgements(texts, languages),
            "vectors": vectors @ reading.direction,
        }
        found[language] = {name: (area(score, truth), error(score, truth)) for name, score in scores.items()}
    return found


def sentences(path: Path = SENTENCES) -> Judged:
    """The sentences of a file of Estran's."""
    return {
        language: (lines["likes"].strip().splitlines(), lines["dislikes"].strip().splitlines())
        for language, lines in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def tweets(folder: Path, split: str = "test") -> Judged:
    """The tweets of a folder that praise or blame, less names of users and links."""
    found = {}
    for language, name in FOLDERS.items():
        parts = [folder / name / f"{split}_{part}.txt" for part in ("text", "labels")]
        if missing := [str(part) for part in parts if not part.is_file()]:
            raise SystemExit(f"These files are needed, and are not there: {', '.join(missing)}.")
        texts, labels = (part.read_text(encoding="utf-8").strip("\n").split("\n") for part in parts)
        kept = [
            (re.sub(r"@user|http\S*", "", text).strip(), label.strip())
            for text, label in zip(texts, labels, strict=True)
        ]
        found[language] = tuple([text for text, label in kept if label == which] for which in "20")
    return found


def figures() -> dict[str, float]:
    """The keys of the line of figures."""
    return {f"valence_auc_{language}": found["both"][0] for language, found in areas().items()}


def area(score: np.ndarray, truth: np.ndarray) -> float:
    """The probability that a true one scores higher than a false one; ties count half."""
    ranks = rankdata(score)
    true = truth.sum()
    return float((ranks[truth].sum() - true * (true + 1) / 2) / (true * (~truth).sum()))


def error(score: np.ndarray, truth: np.ndarray) -> float:
    """The standard error of the area (DeLong, DeLong, Clarke-Pearson 1988)."""
    all_ranks, true = rankdata(score), int(truth.sum())
    false = len(truth) - true
    above = (all_ranks[truth] - rankdata(score[truth])) / false
    below = 1 - (all_ranks[~truth] - rankdata(score[~truth])) / true
    return float(np.sqrt(above.var(ddof=1) / true + below.var(ddof=1) / false))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("encoders", nargs="*", default=["universal"])
    parser.add_argument("--dev", action="store_true")
    parser.add_argument("--tweets", type=Path, metavar="FOLDER")
    parser.add_argument("--split", default="test")
    asked = parser.parse_args()
    judged = (
        tweets(asked.tweets, asked.split)
        if asked.tweets
        else sentences(DEVELOPMENT if asked.dev else SENTENCES)
    )
    for name in asked.encoders:
        for language, found in areas(name, judged).items():
            told = (f"{what} {middle:.3f} ({around:.3f})" for what, (middle, around) in found.items())
            print(name, language, sum(map(len, judged[language])), *told)
