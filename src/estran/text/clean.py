"""Messages made ready to be counted: what nobody said is taken out, and counted as taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from estran.text import cuts, repeats
from estran.text.names import names, without

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BATCH = 20_000
"""Messages cleaned at a time: bounds the memory, and paces the progress."""

CUT = ("quote", "greeting", "signature", "footer", "code", "markup", "link", "name", "boilerplate")
"""Reasons for which a message loses a part; they count messages touched."""

LEFT_OUT = ("bot", "duplicate", "near-duplicate", "empty")
"""Reasons for which a whole message is left out."""

REPLY = r"(?i)^\s*(\s*(re|fwd?|tr|aw|wg|rép|ref|sv)\s*(\[\d+\])?\s*:\s*|\[[^\]]{1,40}\]\s*)+"
"""What mail programs put in front of a subject."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left to count.

    Attributes:
        messages: the message frame without the messages left out, and two more columns. `spoken`: what is counted, one
            sentence a line, the title in front where the message opens its subject and does not begin with it.
            `headline`: the title or first heading of such a message, else null.
        removed: reason -> messages left out (`LEFT_OUT`), or messages that lost a part (`CUT`); reasons that struck.
    """

    messages: pl.DataFrame
    removed: Mapping[str, int]


def clean(messages: pl.DataFrame, *, progress: Callable[[int], None] | None = None) -> Cleaned:
    """Take out what the author did not say here and now.

    Args:
        messages: a message frame.
        progress: told the number of messages done.

    Returns:
        The messages that say something, in their order, and what was removed.
    """
    removed = dict.fromkeys((*CUT, *LEFT_OUT), 0)
    parts = []
    for batch in messages.select("text").iter_slices(BATCH):
        left, touched = cuts.cut(batch["text"])
        parts.append(left)
        for reason, hit in touched.items():
            removed[reason] += int(hit.sum())
        if progress is not None:
            progress(batch.height)
    spoken = pl.concat(parts) if parts else pl.Series(dtype=pl.String)
    called = names(messages["text"])
    spoken, hit = without(spoken, called)
    removed["name"] = int(hit.sum())
    headlines, _ = without(_headlines(messages), called)
    frame = messages.with_columns(spoken=spoken, headline=headlines)
    said, hit = repeats.boilerplate(frame)
    removed["boilerplate"] = int(hit.sum())
    frame = frame.with_columns(spoken=said)
    for reason, test in (
        ("bot", repeats.bots),
        ("duplicate", repeats.exact_duplicates),
        ("near-duplicate", repeats.near_duplicates),
    ):
        frame = _without(frame, test(frame), reason, removed)
    frame = frame.with_columns(spoken=_with_headline())
    frame = _without(frame, ~frame["spoken"].str.contains(r"\p{L}{2}"), "empty", removed)
    return Cleaned(messages=frame, removed={reason: count for reason, count in removed.items() if count})


def _without(frame: pl.DataFrame, out: pl.Series, reason: str, removed: dict[str, int]) -> pl.DataFrame:
    removed[reason] = int(out.sum())
    return frame.filter(~out)


def _headlines(messages: pl.DataFrame) -> pl.Series:
    """The title of the message that opens its subject: the earliest of its thread with that title; else a first heading.

    An event is a thread of many talks, each with a title of its own, so it is the title that is opened, not the thread.
    """
    heading = pl.col("text").str.slice(0, 400).str.extract(r"\A\s*#{1,3}[ \t]+([^\n]{3,200})", 1)
    ordered = (
        messages.select("time", "thread", heading=heading, title=pl.col("title").str.replace(REPLY, ""))
        .with_row_index("row")
        .with_columns(subject=pl.col("title").fill_null("").str.to_lowercase())
        .sort("time", "row")
        .with_columns(
            first=pl.col("thread").is_null() | (pl.int_range(pl.len()).over("thread", "subject") == 0),
            opens=pl.col("thread").is_null() | (pl.int_range(pl.len()).over("thread") == 0),
        )
        .sort("row")
        .select(pl.when("first").then("title").fill_null(pl.when("opens").then("heading")).alias("headline"))
    )["headline"]
    rows = ordered.is_not_null().arg_true()
    cleaned, _ = cuts.cut(ordered.gather(rows))
    plain = pl.DataFrame({"title": cleaned}).select(
        pl.when(pl.col("title").str.contains(r"\p{L}{2}")).then(
            pl.col("title").str.replace_all("\n", " ", literal=True)
        )
    )
    return ordered.scatter(rows, plain["title"])


def _with_headline() -> pl.Expr:
    """The headline in front of what is said, unless it begins with it."""
    short = (
        pl.col("spoken")
        .str.slice(0, 300)
        .str.to_lowercase()
        .str.replace_all(r"[^\w]+", " ")
        .str.strip_chars()
    )
    headline = pl.col("headline").str.to_lowercase().str.replace_all(r"[^\w]+", " ").str.strip_chars()
    return (
        pl.when(pl.col("headline").is_null() | short.str.starts_with(headline.fill_null("")))
        .then("spoken")
        .otherwise(pl.concat_str("headline", "spoken", separator="\n").str.strip_chars_end())
    )
