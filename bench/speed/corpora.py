"""Corpora to measure speed on: real public text where ../shared/data lies beside the repository, simulated text else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from estran.model import MESSAGES
from estran.simulate import company

SHARED = Path(__file__).parents[3] / "shared" / "data"
ENGLISH = (("slicer_forum", "en"), ("pyvideo", "en"))
FRENCH = (("be_questions_2020_parallel", "fr"), ("mixit_fr", "fr"), ("brownbag_fr", "fr"))
SPAN_MS = 84 * 30.4375 * 86_400_000


def short_messages(count: int, *, seed: int = 1) -> pl.DataFrame:
    """Messages of about 225 characters over 84 months and two sides, English and French.

    Real text is cut at blanks into pieces of a drawn length, and 1 word in 12 is swapped for one drawn from the whole,
    so that the vocabulary keeps growing as it does in reality; the rest is simulated.
    """
    rng = np.random.default_rng(seed)
    english = _pieces(_real_words(ENGLISH, rng), count * 2 // 5, rng)
    french = _pieces(_real_words(FRENCH, rng), count // 5, rng)
    simulated = _simulated(count - len(english) - len(french), seed)
    texts = [(text, "en") for text in english] + [(text, "fr") for text in french] + simulated
    order = rng.permutation(len(texts))
    moments = np.datetime64("2019-01-01", "ms") + (np.sqrt(rng.random(count)) * SPAN_MS).astype(
        "timedelta64[ms]"
    )
    people = rng.zipf(1.6, count) % 30_000
    columns = {
        "id": [f"m{n}" for n in range(count)],
        "time": pl.Series(moments).dt.replace_time_zone("UTC"),
        "text": [texts[n][0] for n in order],
        "author": [f"{n:032x}" for n in people],
        "side": rng.choice(["inside", "outside"], count).tolist(),
        "source": rng.choice(["chat", "mail", "tickets"], count).tolist(),
        "unit": [f"unit/{n}" for n in rng.integers(0, 40, count)],
        "thread": [f"t{n}" for n in rng.integers(0, count // 4 + 1, count)],
        "language": [texts[n][1] for n in order],
        "title": [None] * count,
    }
    return pl.DataFrame(columns, schema=MESSAGES)


def long_messages(count: int) -> pl.DataFrame | None:
    """The first messages of the R mailing lists (about 760 characters each), where they are at hand."""
    file = SHARED / "r_lists.parquet"
    if not file.exists():
        return None
    frame = pl.read_parquet(file).head(count)
    known = {"language": "lang"}
    return frame.select(
        (pl.col(known.get(name, name)) if known.get(name, name) in frame.columns else pl.lit(None))
        .cast(kind)
        .alias(name)
        for name, kind in MESSAGES.items()
    )


def _real_words(corpora: tuple[tuple[str, str], ...], rng: np.random.Generator) -> list[str]:
    words: list[str] = []
    for name, language in corpora:
        file = SHARED / f"{name}.parquet"
        if file.exists():
            texts = (
                pl.scan_parquet(file)
                .filter(pl.col("lang") == language)
                .select("text")
                .collect()["text"]
                .drop_nulls()
            )
            words += " \n ".join(texts.sample(min(len(texts), 30_000), seed=1)).split(" ")
    swapped = rng.random(len(words)) < 1 / 12
    drawn = rng.integers(0, max(len(words), 1), len(words))
    return [words[d] if s else word for word, s, d in zip(words, swapped, drawn, strict=True)]


def _pieces(words: list[str], count: int, rng: np.random.Generator) -> list[str]:
    pieces = []
    at = 0
    for length in np.clip(rng.lognormal(5.25, 0.55, count), 40, 900):
        start, size = at, 0
        while at < len(words) and size < length:
            size += len(words[at]) + 1
            at += 1
        if at >= len(words):
            break
        pieces.append(" ".join(words[start:at]))
    return pieces


def _simulated(count: int, seed: int) -> list[tuple[str, str]]:
    messages = company(seed=seed, messages=count).messages.head(count)
    return list(zip(messages["text"], messages["language"].fill_null("en"), strict=True))
