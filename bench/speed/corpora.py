"""Corpora to measure speed on: real public text where ../shared/data lies beside the repository, simulated text else.

    python -m bench.speed.corpora FILE MESSAGES [--days N --seed N]

writes a Parquet file of `model.MESSAGES` in order of time, a slice at a time, so that its size is bounded by the disk.
Text is cut at blanks into messages of a drawn length (about 225 characters) and one word in twelve is swapped: half of
those for a word drawn from the whole text, half for one drawn from the language's list of words, in which the rare ones
are many. So no two messages are alike, and the vocabulary keeps growing with the corpus as it does in reality.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import wordfreq

from estran.model import MESSAGES
from estran.simulate import company

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SHARED = Path(__file__).parents[3] / "shared" / "data"
REAL = {
    "en": ("slicer_forum", "pyvideo", "urho3d_forum", "r_lists"),
    "fr": ("be_questions_2020_parallel", "mixit_fr", "brownbag_fr"),
}
SHARES = {("en", True): 0.5, ("fr", True): 0.12, ("en", False): 0.1, ("fr", False): 0.28}
"""Share of the messages by language, and by whether their text is real; simulated text takes the place of missing text."""

SLICE = 50_000
SWAPPED = 1 / 12
MOST_SIMULATED = 300_000
START = np.datetime64("2019-01-16", "ms")
MONTHS = 84
DAY_MS = 86_400_000
SPAN_MS = MONTHS * 30.4375 * DAY_MS
PEOPLE = 60_000
ROWS = 16_384


@dataclass(frozen=True)
class Pool:
    """Running text of one language, as numbers of words.

    Attributes:
        language: of the text.
        words: distinct words, as they stand between two blanks; the language's list of words is at the end.
        said: (n,) number of each word of the text, in its order.
        ends: (n,) bytes of the text up to the end of each word.
        listed: (m,) the numbers of the words of the list.
        chance: (m,) cumulated, that the list's words are drawn with.
    """

    language: str
    words: pa.StringArray
    said: NDArray[np.int32]
    ends: NDArray[np.int64]
    listed: NDArray[np.int32]
    chance: NDArray[np.float64]

    @classmethod
    def of(cls, language: str, texts: pl.Series) -> Pool:
        """Split texts at their blanks."""
        listed = wordfreq.get_frequency_dict(language)
        said = texts.str.split(" ").explode().drop_nulls()
        known = pl.concat([said, pl.Series(list(listed))]).to_frame("word").lazy()
        numbers = known.with_columns(number=pl.col("word").rank("dense").cast(pl.Int32) - 1).collect()
        words = numbers.unique("number").sort("number")["word"]
        number = numbers["number"].to_numpy()
        lengths = words.str.len_bytes().to_numpy()[number[: len(said)]].astype(np.int64) + 1
        # flatter than speech: a swapped word is often a rare one
        flat = np.cumsum(np.sqrt(np.fromiter(listed.values(), float)))
        return cls(
            language,
            words.rechunk().to_arrow().cast(pa.string()),
            number[: len(said)],
            np.cumsum(lengths),
            number[len(said) :],
            flat / flat[-1],
        )

    def messages(self, count: int, place: float, width: float, rng: np.random.Generator) -> pa.Array:
        """So many messages cut from one stretch of the text, read again from the start where it is too short.

        Args:
            count: of messages.
            place: where the stretch begins, as a share of the text.
            width: of the stretch, as a share of the text.
            rng: of all chance.
        """
        first, last = int(place * len(self.said)), int((place + width) * len(self.said))
        base, length = int(self.ends[first - 1]) if first else 0, 0
        length = int(self.ends[last - 1]) - base
        sizes = np.clip(rng.lognormal(5.25, 0.55, count), 40, 900).cumsum()
        pieces, lengths, done = [], [], 0
        while done < count:
            begun = sizes[done - 1] if done else 0.0
            here = sizes[done:][sizes[done:] - begun <= length] - begun
            if not len(here):
                raise ValueError(f"a stretch of {length} bytes holds no message")
            cuts = first + np.searchsorted(self.ends[first:last] - base, here, side="right")
            pieces.append(self.said[first : cuts[-1]])
            lengths.append(np.diff(cuts, prepend=first))
            done += len(here)
        ids = np.concatenate(pieces)
        swapped = np.flatnonzero(rng.random(len(ids)) < SWAPPED)
        rare, common = swapped[::2], swapped[1::2]
        ids[rare] = self.listed[np.searchsorted(self.chance, rng.random(len(rare)))]
        ids[common] = self.said[rng.integers(0, len(self.said), len(common))]
        offsets = np.concatenate([[0], np.concatenate(lengths).cumsum()])
        words = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), self.words.take(pa.array(ids)))
        return pc.binary_join(words, " ")


def write(file: Path, count: int, *, seed: int = 1, days: float | None = None) -> None:
    """Write a corpus of so many messages.

    Args:
        file: to write.
        count: of messages.
        seed: of all chance.
        days: the messages of the days that follow the usual 84 months, instead of those months.
    """
    schema = pl.DataFrame(schema=MESSAGES).to_arrow().schema
    part = file.with_suffix(".part")
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for frame in frames(count, seed=seed, days=days):
            writer.write_table(frame.to_arrow().cast(schema), row_group_size=ROWS)
    part.rename(file)


def frames(count: int, *, seed: int = 1, days: float | None = None) -> Iterator[pl.DataFrame]:
    """The messages in order of time, a slice at a time: 84 months from 2019-01-16 on, ever more a month, on two sides."""
    rng = np.random.default_rng(seed)
    pools = _pools(count, seed)
    slices = -(-count // SLICE)
    people = _people(rng)
    for number in range(slices):
        size = min(SLICE, count - number * SLICE)
        place = number / slices
        texts, languages = [], []
        for pool, share in pools:
            # the last pool takes what rounding left
            own = round(size * share) if pool is not pools[-1][0] else size - sum(map(len, texts))
            texts.append(pool.messages(own, place, 1 / slices, rng))
            languages += [pool.language] * own
        order = rng.permutation(size)
        since = (number * SLICE + np.sort(rng.random(size)) * size) / count
        moments = np.sqrt(since) * SPAN_MS if days is None else SPAN_MS + since * days * DAY_MS
        yield _frame(
            pa.chunked_array(texts).take(pa.array(order)).combine_chunks(),
            [languages[n] for n in order],
            START + moments.astype("timedelta64[ms]"),
            number * SLICE + (seed << 40),
            people,
            rng,
        )


def _pools(count: int, seed: int) -> list[tuple[Pool, float]]:
    pools = []
    shares = dict(SHARES)
    for language in REAL:
        texts = _real(language, round(300 * count * shares[language, True]))
        if texts is None:
            shares[language, False] += shares.pop((language, True))
        else:
            pools.append((Pool.of(language, texts), shares[language, True]))
    for language in REAL:
        share = shares[language, False]
        wanted = min(max(round(count * share), 2_000), MOST_SIMULATED)
        texts = company(seed=seed, messages=wanted, languages=(language,)).messages["text"]
        pools.append((Pool.of(language, texts), share))
    return pools


def _real(language: str, size: int) -> pl.Series | None:
    """About so many bytes of real text: every so many texts of each corpus that is at hand, in its order."""
    files = [SHARED / f"{name}.parquet" for name in REAL[language]]
    corpora = [
        pl.scan_parquet(file)
        .filter(pl.col("lang") == language)
        .select("text")
        .drop_nulls()
        .collect()
        .to_series()
        for file in files
        if file.exists()
    ]
    if not corpora:
        return None
    held = sum(int(texts.str.len_bytes().sum()) for texts in corpora)
    every = max(1, held // max(size, 2_000_000))
    thinned = [texts.gather_every(every) for texts in corpora]
    # side by side, so that every stretch of the pool holds something of each
    places = pl.concat([pl.Series(np.arange(len(texts)) / len(texts)) for texts in thinned])
    return pl.concat(thinned).gather(places.arg_sort())


def _people(rng: np.random.Generator) -> NDArray[np.float64]:
    """Cumulated chance that each person speaks: a few speak much."""
    weights = rng.pareto(1.2, PEOPLE) + 0.05
    return np.cumsum(weights) / weights.sum()


def _frame(
    texts: pa.Array,
    languages: list[str],
    moments: NDArray[np.datetime64],
    first: int,
    people: NDArray[np.float64],
    rng: np.random.Generator,
) -> pl.DataFrame:
    count = len(texts)
    number = pl.Series(np.arange(first, first + count)).cast(pl.String)
    author = pl.Series(np.searchsorted(people, rng.random(count)))
    columns = {
        "id": "m" + number,
        "time": pl.Series(moments).dt.replace_time_zone("UTC"),
        "text": pl.Series(texts).cast(pl.String),
        "author": author.hash(1).cast(pl.String).str.zfill(32),
        "side": rng.choice(["inside", "outside"], count).tolist(),
        "source": rng.choice(["chat", "mail", "tickets"], count).tolist(),
        "unit": "unit/" + pl.Series(rng.integers(0, 40, count)).cast(pl.String),
        "thread": "t" + pl.Series(first + np.sort(rng.integers(0, count // 4 + 1, count))).cast(pl.String),
        "language": languages,
        "title": [None] * count,
    }
    return pl.DataFrame(columns, schema=MESSAGES)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.speed.corpora")
    asked.add_argument("file", type=Path)
    asked.add_argument("messages", type=int)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--days", type=float)
    options = asked.parse_args()
    write(options.file, options.messages, seed=options.seed, days=options.days)
    print(json.dumps({"messages": options.messages}))


if __name__ == "__main__":
    main()
