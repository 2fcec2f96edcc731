"""How often a tone is told where there is none, and where there is one: `python -m bench.themes.tones`.

Sentences of a forum, drawn from two messages of each of some people: nothing tells here from there. Then some of those
here give way to sentences of blame that nothing was learned from. Told: the 90 % interval leaves out 0.
"""

from __future__ import annotations

import tomllib

import numpy as np
import polars as pl

from bench.themes.corpora import DATA
from bench.themes.judging import SENTENCES
from estran.analysis.evidence import SENTENCE
from estran.analysis.tone import mean_difference
from estran.text.encoders import open_encoder
from estran.text.valence import judgements, learned

FILE = "slicer_forum.parquet"
PEOPLE, SHARES, DRAWS = (20, 60, 125, 300), (0.0, 0.1, 0.2, 0.4), 1_000
DRAWN, LONGEST = 1_500, 320


def told() -> dict[tuple[int, float], tuple[float, float]]:
    """(people, share of blame) -> how often a tone is told, by words and vectors, and by words alone."""
    said = sentences()
    blame = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))["en"]["dislikes"].strip().splitlines()
    texts = [*said["here"], *said["there"], *blame]
    languages, encoder = ["en"] * len(texts), open_encoder()
    both = np.tanh(learned(encoder).of(encoder.encode(texts), texts, languages))
    rng = np.random.default_rng(0)
    return {
        (people, share): tuple(
            told_in(tones, said.height, people, share, np.random.default_rng(seed))
            for tones in (both, judgements(texts, languages))
        )
        for people in PEOPLE
        for share in SHARES
        for seed in [int(rng.integers(1 << 30))]
    }


def told_in(tones: np.ndarray, everybody: int, people: int, share: float, rng: np.random.Generator) -> float:
    """Share of draws in which the interval leaves out 0 (above 0 or below, where there is no blame; else below)."""
    here, there, blame = tones[:everybody], tones[everybody : 2 * everybody], tones[2 * everybody :]
    hits = 0
    for _ in range(DRAWS):
        asked = rng.choice(everybody, people, replace=False)
        blamed = rng.random(people) < share
        one = np.where(blamed, rng.choice(blame, people), here[asked])
        found = mean_difference(one, there[asked])
        hits += found.high < 0 or (share == 0 and found.low > 0)
    return hits / DRAWS


def sentences() -> pl.DataFrame:
    """here, there: a sentence of two messages of each of many people, drawn at random."""
    messages = pl.read_parquet(DATA / FILE, columns=["author", "text"]).drop_nulls()
    drawn = (
        messages.sample(fraction=1.0, shuffle=True, seed=0).group_by("author", maintain_order=True).head(2)
    )
    rows = []
    for (_,), own in drawn.group_by("author", maintain_order=True):
        said = [[s.strip()[:LONGEST] for s in SENTENCE.split(text) if len(s) > 20] for text in own["text"]]
        if len(said) == 2 and all(said):
            rows.append([each[len(each) // 2] for each in said])
    return pl.DataFrame(rows[:DRAWN], schema=["here", "there"], orient="row")


if __name__ == "__main__":
    print("| people | blame | told | by words alone |\n|---|---|---|---|")
    for (people, share), (both, words) in told().items():
        print(f"| {people} | {share:.0%} | {both:.2f} | {words:.2f} |")
