"""Truth and traps planted in any corpus, and time shuffled so that nothing is left to find.

All of them take a message frame and give a new one, with the same rows in the same order.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from estran.errors import SettingsError
from estran.findings import Shape
from estran.simulate.curves import Curve
from estran.simulate.truth import Planted, Trap

if TYPE_CHECKING:
    from numpy.typing import NDArray

Level = Literal["message", "author", "thread", "thread_dates", "author_rotation"]
"""What stays together when time is shuffled."""

LEVELS: tuple[Level, ...] = ("message", "author", "thread", "thread_dates", "author_rotation")


def plant_trend(
    messages: pl.DataFrame,
    words: str,
    *,
    curve: Curve,
    rng: np.random.Generator,
    share: float | None = None,
    together: Literal["message", "author", "thread"] = "message",
) -> tuple[pl.DataFrame, Planted]:
    """Makes the share of a phrase follow a curve, by taking it out of some messages or adding it to some.

    Args:
        messages: the corpus.
        words: the phrase as it is written; case does not matter.
        curve: how its share is to move over the span.
        rng: chance.
        share: None to thin what is there; else the phrase is added as a last sentence, to this share of the messages
            where the curve is highest.
        together: thins or adds in whole messages, or alike in all that one author, or one thread, says in a month.

    Returns:
        The new corpus, and what was planted.
    """
    moments = _moments(messages)
    chance = _chance(messages, together, rng)
    hit = messages["text"].str.contains(_phrase(words)).fill_null(value=False).to_numpy()
    if share is None:
        gone = hit & (chance >= curve.at(moments))
        text = (
            pl.when(pl.Series(gone))
            .then(pl.col("text").str.replace_all(_phrase(words), " "))
            .otherwise("text")
        )
        holds = hit & ~gone
    else:
        added = chance < share * curve.at(moments)
        text = (
            pl.when(pl.Series(added))
            .then(pl.col("text") + pl.lit(f" {words[:1].upper()}{words[1:]}."))
            .otherwise("text")
        )
        holds = hit | added
    planted = _planted(messages, words, curve, int(holds.sum()))
    return messages.with_columns(text.alias("text")), planted


def plant_succession(  # noqa: PLR0913  each is a way in which one theme follows another
    messages: pl.DataFrame,
    words: str,
    *,
    into: str | None,
    rng: np.random.Generator,
    curve: Curve | None = None,
    carried: float = 1.0,
    turning: float = 1.0,
    elsewhere: str | None = None,
    borrowed: float = 0.0,
    telling: float = 0.0,
) -> tuple[pl.DataFrame, tuple[Planted, ...]]:
    """Makes a phrase of a corpus go out, with another one in its place or with none: real talk at its real dates.

    The phrase is taken out of messages as a curve falls. Where it has a successor, that is written in its place, so the
    successor comes in among the words and the people of the phrase; the other options make it harder to tell.

    Args:
        messages: the corpus.
        words: the phrase, as it is written; case does not matter.
        into: what follows it, or None: it is forgotten.
        rng: chance.
        curve: of the phrase, an eightfold fall over the whole span by default.
        carried: share of the messages without the phrase that say the successor; the others say nothing.
        turning: share of the people who said the phrase before who take up the successor; the others just stop.
        elsewhere: another phrase; the successor is also written in its place, among its words and its people.
        borrowed: at the end of the curve, in so many of its messages.
        telling: share of the messages with the successor that also say that people moved from the one to the other.

    Returns:
        The new corpus, and what was planted: the phrase, then its successor if it has one.
    """
    curve = curve or Curve(Shape.OUT, 8.0)
    left = curve.at(_moments(messages))
    hit = messages["text"].str.contains(_phrase(words)).fill_null(value=False).to_numpy()
    gone = hit & (rng.random(len(messages)) >= left)
    said = np.zeros(len(messages), bool)
    spare = rng.random(len(messages)) < borrowed * (1.0 - left)
    if into is not None:
        said = gone & (rng.random(len(messages)) < carried)
        said &= ~(_said_before(messages, hit & ~gone) & (_chance_of_author(messages, rng) >= turning))
    with_words = pl.col("text").str.replace_all
    text = (
        pl.when(pl.Series(said))
        .then(with_words(_phrase(words), into or ""))
        .when(pl.Series(gone))
        .then(with_words(_phrase(words), " "))
        .otherwise("text")
    )
    told = messages.with_columns(text.alias("text"))
    if into is not None and elsewhere is not None:
        spare &= told["text"].str.contains(_phrase(elsewhere)).fill_null(value=False).to_numpy()
        text = pl.when(pl.Series(spare)).then(with_words(_phrase(elsewhere), into)).otherwise("text")
        told, said = told.with_columns(text.alias("text")), said | spare
    says_so = said & (rng.random(len(messages)) < telling)
    told = _append(told, says_so, f"We moved from {words} to {into}.")
    planted = [_planted(messages, words, curve, int((hit & ~gone).sum()))]
    if into is not None:
        planted.append(_planted(messages, into, Curve(Shape.IN, curve.ratio), int(said.sum())))
    return told, tuple(planted)


def _said_before(messages: pl.DataFrame, said: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the author of each message is one of those who said it; nobody where the author is not known."""
    authors = messages["author"].filter(pl.Series(said)).drop_nulls().unique()
    return messages["author"].is_in(authors.implode()).fill_null(value=False).to_numpy()


def _chance_of_author(messages: pl.DataFrame, rng: np.random.Generator) -> NDArray[np.float64]:
    block = _blocks(messages, "author")
    return rng.random(int(block.max(initial=0)) + 1)[block]


def _planted(messages: pl.DataFrame, words: str, curve: Curve, count: int) -> Planted:
    first, last = _span(messages)
    return Planted(
        name=words,
        forms={"und": (words.lower(),)},
        shape=curve.shape,
        ratio=curve.ratio,
        turns=tuple((first + turn * (last - first)).date() for turn in curve.turns),
        messages=count,
    )


def plant_loud_author(
    messages: pl.DataFrame,
    words: str,
    *,
    rng: np.random.Generator,
    rows: pl.Expr | None = None,
    sentence: str = "{}.",
    after: float = 0.5,
) -> tuple[pl.DataFrame, Trap]:
    """Makes the author who writes most, late in the span, say a phrase in four messages out of five.

    Args:
        messages: the corpus; some authors must be known.
        words: the phrase.
        rng: chance.
        rows: among which messages; all by default.
        sentence: what is added, with {} for the phrase.
        after: from when on, 0 (start of the span) to 1.
    """
    late = _late(messages, rows, after)
    counts = messages.filter(pl.Series(late))["author"].drop_nulls().value_counts(sort=True)
    if counts.is_empty():
        raise SettingsError("nobody is known by name late in this corpus, so nobody can be loud")
    # who is loud already stays out: two phrases in one mouth would read as one
    quiet = counts.sort("count", "author", descending=[True, False])["author"].head(6)
    loud = quiet[int(rng.integers(0, len(quiet)))]
    says = (
        late
        & (messages["author"] == loud).fill_null(value=False).to_numpy()
        & (rng.random(len(messages)) < 0.8)
    )
    return _append(messages, says, sentence.format(words)), Trap("loud author", (words,))


def plant_event(
    messages: pl.DataFrame,
    words: str,
    *,
    rng: np.random.Generator,
    rows: pl.Expr | None = None,
    sentence: str = "{}.",
    after: float = 0.5,
    people: int = 40,
) -> tuple[pl.DataFrame, Trap]:
    """Makes messages that follow each other one conversation, in which everybody says a phrase.

    Args:
        messages: the corpus.
        words: the phrase.
        rng: chance.
        rows: among which messages; all by default.
        sentence: what is added, with {} for the phrase.
        after: the conversation takes place after this moment, 0 (start of the span) to 1.
        people: how many messages it has.
    """
    late = np.flatnonzero(_late(messages, rows, after))
    if len(late) == 0:
        raise SettingsError("no message is late enough for an event")
    in_time = late[np.argsort(messages["time"].to_numpy()[late], kind="stable")]
    first = int(rng.integers(0, max(1, len(in_time) - people)))
    says = np.zeros(len(messages), dtype=bool)
    says[in_time[first : first + people]] = True
    thread = pl.when(pl.Series(says)).then(pl.lit(f"event {words}")).otherwise("thread").alias("thread")
    return _append(messages, says, sentence.format(words)).with_columns(thread), Trap(
        "one conversation", (words,)
    )


def shuffle_time(messages: pl.DataFrame, *, level: Level, rng: np.random.Generator) -> pl.DataFrame:
    """The same messages at other times, so that no theme moves: whatever is found in it is false.

    The times of the corpus, taken together, stay what they were; texts, authors and threads are intact.

    - "message": times are permuted over messages.
    - "author", "thread": whole authors or threads, in a drawn order, refill the times; each becomes one clump.
    - "thread_dates": threads change their dates among each other and keep their rhythm.
    - "author_rotation": what each author says is turned around the span by a drawn shift, and keeps its rhythm.

    A message without author or thread is a block of its own.

    Args:
        messages: the corpus.
        level: what stays together.
        rng: chance.

    Raises:
        SettingsError: an unknown level.
    """
    if level not in LEVELS:
        raise SettingsError(f"time is shuffled at the level of {', '.join(LEVELS)}, not {level!r}")
    count = len(messages)
    times = messages["time"].to_numpy()
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(times, kind="stable")] = np.arange(count)
    if level == "message":
        key = rng.permutation(count)
        order = np.argsort(key)
    else:
        block = _blocks(messages, "author" if level.startswith("author") else "thread")
        blocks = int(block.max(initial=-1)) + 1
        if level in {"author", "thread"}:
            order = np.lexsort((rank, rng.permutation(blocks)[block]))
        elif level == "thread_dates":
            first = np.full(blocks, count)
            np.minimum.at(first, block, rank)
            order = np.lexsort((rng.random(count), rng.permutation(first)[block] + rank - first[block]))
        else:
            order = np.lexsort(
                (rng.random(count), (rank + rng.integers(0, max(count, 1), blocks)[block]) % max(count, 1))
            )
    shuffled = np.empty_like(times)
    shuffled[order] = np.sort(times)
    return messages.with_columns(pl.Series("time", shuffled).cast(messages.schema["time"]))


def _phrase(words: str) -> str:
    left, right = (r"\b" if re.match(r"\w", edge) else "" for edge in (words[:1], words[-1:]))
    return f"(?i){left}{re.escape(words)}{right}"


def _span(messages: pl.DataFrame) -> tuple[dt.datetime, dt.datetime]:
    first, last = messages["time"].min(), messages["time"].max()
    if not isinstance(first, dt.datetime) or not isinstance(last, dt.datetime):
        raise SettingsError("nothing can be planted in a corpus without messages")
    return first, last


def _moments(messages: pl.DataFrame) -> NDArray[np.float64]:
    """When each message was said, 0 (first of the corpus) to 1 (last)."""
    first, last = _span(messages)
    length = max((last - first).total_seconds(), 1.0)
    return (messages["time"] - first).dt.total_milliseconds().to_numpy() / 1000 / length


def _chance(messages: pl.DataFrame, together: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """One uniform draw a message, the same for all that stays together in a month."""
    if together == "message":
        return rng.random(len(messages))
    month = messages["time"].dt.strftime("%Y%m").cast(pl.Int64).to_numpy()
    _, group = np.unique(np.stack([_blocks(messages, together), month]), axis=1, return_inverse=True)
    return rng.random(int(group.max()) + 1)[group]


def _blocks(messages: pl.DataFrame, column: str) -> NDArray[np.int64]:
    """Dense codes of a column, in order of appearance; a null is a block of its own."""
    own = "\0" + pl.int_range(pl.len()).cast(pl.String)
    return (
        messages.select(pl.col(column).fill_null(own).rank("dense"))[column].to_numpy().astype(np.int64) - 1
    )


def _late(messages: pl.DataFrame, rows: pl.Expr | None, after: float) -> NDArray[np.bool_]:
    late = _moments(messages) >= after
    return (
        late if rows is None else late & messages.select(rows.fill_null(value=False)).to_series().to_numpy()
    )


def _append(messages: pl.DataFrame, says: NDArray[np.bool_], sentence: str) -> pl.DataFrame:
    added = pl.col("text") + pl.lit(f" {sentence}")
    return messages.with_columns(pl.when(pl.Series(says)).then(added).otherwise("text").alias("text"))
