"""What is said again and again by a machine or by habit: boilerplate, bots, duplicates.

People who happen to say the same short sentence are no machine: what is repeated counts as boilerplate where it stays with
one author (a signature), with one conversation (the footer of an event), or is long; never because many say it once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import rensa

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORTEST_LINE = 12
"""Characters of the shortest sentence that may be a thread's boilerplate."""

SHORTEST_NAME = 4
"""Characters of the shortest sentence that may be an author's: a first name under each message."""

LONG_LINE = 80
"""Characters from which a sentence repeated over the corpus is boilerplate whoever says it."""

LEAST_COPIES = 5
"""Messages of one author or thread that a repeated sentence must be in."""

AUTHOR_SHARE = 0.1
THREAD_SHARE = 0.2
"""...and the share of that author's, or thread's, messages."""

CORPUS_COPIES = 10
CORPUS_SHARE = 5e-4
"""A long sentence must be in this many messages of the corpus, and this share of them."""

BOT_MESSAGES = 20
BOT_SHARE = 0.8
OPENING = 60
"""A bot: this many messages, this share of which open with the same characters (digits aside) as another of them."""

LEAST_WORDS = 8
"""Words of the shortest message that may be a duplicate of one by the same author."""

LEAST_WORDS_ANYONE = 20
"""...and of one by somebody else: two people ask the same short question."""

ALIKE = 0.85
"""Share of three-word runs that two near-duplicates have in common (Jaccard, estimated)."""

HASHES, BANDS = 64, 8
READ_WORDS = 200
SEED = 7


def boilerplate(messages: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Take repeated sentences out.

    Args:
        messages: `spoken` (one sentence a line), `author` and `thread`.

    Returns:
        The texts without them, and whether each lost something.
    """
    texts = messages["spoken"]
    frame = messages.select("author", "thread", "spoken").with_row_index("row")
    said = (
        frame.with_columns(pl.col("spoken").str.split("\n"))
        # a message that is one sentence is somebody speaking, however often it is said
        .filter(pl.col("spoken").list.len() > 1)
        .explode("spoken")
        .filter(pl.col("spoken").str.len_chars() >= SHORTEST_NAME)
        .select(
            "row",
            "author",
            "thread",
            line=_plain(pl.col("spoken")).hash(SEED),
            size=pl.col("spoken").str.len_chars(),
        )
    )
    again = said.filter(pl.len().over("line") >= LEAST_COPIES).unique(["row", "line"])
    everywhere = max(CORPUS_COPIES, CORPUS_SHARE * texts.len())
    long = (
        again.filter(pl.col("size") >= LONG_LINE)
        .filter(pl.len().over("line") >= everywhere)
        .select("row", "line")
    )
    kept_by = [
        _kept_by(again, frame, "author", AUTHOR_SHARE),
        _kept_by(again.filter(pl.col("size") >= SHORTEST_LINE), frame, "thread", THREAD_SHARE),
    ]
    drop = pl.concat([long, *kept_by]).unique()
    if drop.is_empty():
        return texts, pl.repeat(value=False, n=texts.len(), eager=True)
    rows = drop["row"].unique().sort()
    left = (
        frame.filter(pl.col("row").is_in(rows.implode()))
        .select("row", line=pl.col("spoken").str.split("\n"))
        .explode("line")
        .with_columns(hashed=_plain(pl.col("line")).hash(SEED))
        .join(drop, left_on=["row", "hashed"], right_on=["row", "line"], how="anti", maintain_order="left")
        .group_by("row", maintain_order=True)
        .agg(pl.col("line").str.join("\n"))
    )
    emptied = texts.scatter(rows, "").scatter(left["row"], left["line"])
    return emptied, pl.repeat(value=False, n=texts.len(), eager=True).scatter(rows, values=True)


def _plain(line: pl.Expr) -> pl.Expr:
    """What two copies have in common: no case, numbers alike."""
    return line.str.to_lowercase().str.replace_all("[0-9]+", "0")


def _kept_by(again: pl.DataFrame, frame: pl.DataFrame, whose: str, share: float) -> pl.DataFrame:
    """The lines that one author, or one thread, repeats in a good share of its messages."""
    messages = frame.filter(pl.col(whose).is_not_null()).group_by(whose).agg(all=pl.len())
    return (
        again.filter(pl.col(whose).is_not_null())
        .join(messages, on=whose)
        .with_columns(copies=pl.len().over(whose, "line"))
        .filter((pl.col("copies") >= LEAST_COPIES) & (pl.col("copies") >= share * pl.col("all")))
        .select("row", "line")
    )


def bots(messages: pl.DataFrame) -> pl.Series:
    """Whether each message was written by an author that fills in a template.

    Args:
        messages: `spoken` and `author`.
    """
    opening = _plain(pl.col("spoken").str.slice(0, 2 * OPENING)).str.slice(0, OPENING)
    long = (
        messages.select("author", opening=opening)
        .filter(pl.col("author").is_not_null() & (pl.col("opening").str.len_chars() >= OPENING // 2))
        .with_columns(alike=pl.len().over("author", "opening") > 1)
        .group_by("author")
        .agg(pl.len(), pl.col("alike").mean())
        .filter((pl.col("len") >= BOT_MESSAGES) & (pl.col("alike") >= BOT_SHARE))
    )
    return messages["author"].is_in(long["author"].implode()).fill_null(value=False)


def exact_duplicates(messages: pl.DataFrame) -> pl.Series:
    """Whether an earlier message says the same, word for word (case aside).

    Args:
        messages: `spoken`, `author` and `time`; the earliest of equals is kept (the first row among those of one moment).
    """
    ordered = (
        messages.select("author", "time", line=_in_a_line())
        .with_row_index("row")
        .with_columns(said=pl.col("line").hash(SEED))
        .sort("time", "row")
    )
    again = ordered.with_columns(
        anyone=pl.int_range(pl.len()).over("said") > 0,
        # nobody's messages are nobody else's
        same=pl.col("author").is_not_null() & (pl.int_range(pl.len()).over("said", "author") > 0),
    ).filter(pl.col("anyone") | pl.col("same"))
    # words are counted in these few only: in all messages it took a third of the time
    words = pl.col("line").str.count_matches(" ", literal=True) + 1
    rows = again.filter(
        (pl.col("anyone") & (words >= LEAST_WORDS_ANYONE)) | (pl.col("same") & (words >= LEAST_WORDS))
    )["row"]
    return pl.repeat(value=False, n=messages.height, eager=True).scatter(rows, values=True)


def near_duplicates(messages: pl.DataFrame) -> pl.Series:
    """Whether an earlier message says nearly the same: MinHash over three-word runs, in bands.

    Args:
        messages: `spoken` and `time`; only the first 200 words are compared, and no message under 20.
    """
    flags = np.zeros(messages.height, np.bool_)
    ordered = (
        messages.select("time", words=_in_a_line().str.split(" ").list.head(READ_WORDS))
        .with_row_index("row")
        .filter(pl.col("words").list.len() >= LEAST_WORDS_ANYONE)
        .sort("time", "row")
    )
    if ordered.height > 1:
        rows = ordered["row"].to_numpy()
        flags[rows[_like_an_earlier(_sketches(ordered["words"]))]] = True
    return pl.Series("near", flags)


def _in_a_line() -> pl.Expr:
    """What is said, without case and line ends; numbers stay, for they may be all that differs."""
    return pl.col("spoken").str.to_lowercase().str.replace_all("\n", " ", literal=True)


def _sketches(words: pl.Series) -> NDArray[np.uint32]:
    """(n, HASHES) MinHash of each list of words."""
    sizes = words.list.len().to_numpy().astype(np.int64)
    one = words.explode().hash(SEED).to_numpy()
    runs = one[:-2] * np.uint64(0x9E3779B97F4A7C15) ^ one[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F) ^ one[2:]
    ends = np.cumsum(sizes)
    inside = np.ones(one.size, np.bool_)
    inside[ends - 1] = inside[ends - 2] = False
    offsets = np.concatenate([[0], np.cumsum(sizes - 2)])
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        runs[inside[:-2]], offsets.astype(np.uint64), HASHES, SEED
    )
    return np.array(matrix.to_rows(), np.uint32)


def _like_an_earlier(sketches: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether a row agrees with an earlier one in a whole band, and in `ALIKE` of all hashes."""
    found = np.zeros(len(sketches), np.bool_)
    rows = np.arange(len(sketches))
    for band in np.split(sketches, BANDS, axis=1):
        mixed = np.zeros(len(sketches), np.uint64)
        for column in band.T:
            mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        order = np.lexsort((rows, mixed))
        first = np.concatenate([[True], mixed[order][1:] != mixed[order][:-1]])
        earliest = order[np.maximum.accumulate(np.where(first, rows, 0))]
        later = order != earliest
        alike = (sketches[order[later]] == sketches[earliest[later]]).mean(axis=1) >= ALIKE
        found[order[later][alike]] = True
    return found
