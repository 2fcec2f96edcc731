"""The door: raw rows of a file go in, messages and refused rows come out, and nothing below checks again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from estran.findings import Notice
from estran.model import MESSAGES, Rejected
from estran.sources.base import Batch, Pseudonym
from estran.sources.names import plain
from estran.sources.sides import Rule, sides
from estran.sources.times import TIME, parse
from estran.sources.values import label, language, prose, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estran.sources.columns import Columns
    from estran.sources.memory import Seen
    from estran.sources.rawrows import Chunk

NO_TEXT = "no text"
NO_DATE = "no date"
BAD_DATE = "a date that cannot be read"
ANCIENT = "dated before the year 1000"
FUTURE = "dated in the future"
SAME_ID = "duplicate id, same message"
OTHER_ID = "duplicate id, another message"
COPY = "copy of an earlier message (same source, time, author and text)"


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of one file are to be read.

    Attributes:
        file: its name, for refused rows.
        place: what numbers its rows, "line" or "row".
        source: what its messages' source is called where no column says it.
        columns: which column is what.
        rules: what puts a row on a side, after the column that says it.
        day_first: how 03/04/2024 is read.
        now: dates more than a day after it are refused.
    """

    file: str
    place: str
    source: str
    columns: Columns
    rules: tuple[Rule, ...]
    day_first: bool
    now: dt.datetime


class Door:
    """Turns the chunks of one file, in their order, into batches; it remembers which messages it has let in.

    Identity. A message's id is "source:id". Where the file gives none it is made from source, time and text, never
    from the author, so that it is the same under any key. Of several rows with one id the first is a message. Of
    several rows without id that are equal in source, time, author and text the first is a message too: an author
    who says the same twice at one moment says nothing more. Where no author is known, two people may have said the
    same: all are kept, and numbered.
    """

    def __init__(self, plan: Plan, seen: Seen) -> None:
        self._plan = plan
        self._seen = seen
        self._matched: set[Rule] = set()

    def admit(self, chunk: Chunk, pseudonym: Pseudonym) -> Batch:
        """The messages of a chunk, and its refused rows by place."""
        rows = self._parsed(chunk).with_columns(place=chunk.places, why=pl.lit(None, pl.String))
        rows = rows.with_columns(why=self._fault())
        refused = [rows.filter(pl.col("why").is_not_null()).select("place", "why")]
        kept = rows.filter(pl.col("why").is_null())
        kept = kept.with_columns(author=_named_by(kept["author"], pseudonym))
        kept = self._identified(kept)
        refused.append(kept.filter(pl.col("why").is_not_null()).select("place", "why"))
        messages = kept.filter(pl.col("why").is_null()).select(list(MESSAGES))
        broken = pl.DataFrame(list(chunk.broken), schema={"place": pl.Int64, "why": pl.String}, orient="row")
        listed = pl.concat([broken, *refused]).sort("place", maintain_order=True)
        rejected = tuple(
            Rejected(self._plan.file, f"{self._plan.place} {place}", why) for place, why in listed.iter_rows()
        )
        return Batch(messages, rejected, done=chunk.done)

    def notices(self) -> Iterator[Notice]:
        """Rules that no row obeyed: most likely a misspelt value."""
        for rule in self._plan.rules:
            if rule not in self._matched:
                yield Notice("rule-unused", {"file": self._plan.file, "rule": f"{rule.column}={rule.value}"})

    def _parsed(self, chunk: Chunk) -> pl.DataFrame:
        raw = chunk.values
        columns: dict[str, pl.Series] = {}
        empty = pl.Series([None] * raw.height, dtype=pl.String)
        for role in MESSAGES:
            name = self._plan.columns.of(role) if role != "time" else None
            columns[role] = empty if name is None else strings(raw[name])
        title = prose(columns["title"])
        text = prose(columns["text"])
        times = raw[self._plan.columns.chosen["time"].column]
        parsed = {role: label(columns[role]) for role in ("id", "author", "unit", "thread")}
        parsed["source"] = label(columns["source"]).fill_null(self._plan.source)
        parsed["language"] = language(columns["language"])
        # a talk or a ticket of which only the headline was kept still says its headline
        parsed["text"] = text.fill_null(title)
        parsed["title"] = title
        parsed["time"] = parse(times, day_first=self._plan.day_first)
        parsed["undated"] = label(times).is_null() if times.dtype == pl.String else times.is_null()
        parsed["side"] = self._sides(raw)
        return pl.DataFrame(parsed)

    def _sides(self, raw: pl.DataFrame) -> pl.Series:
        column = self._plan.columns.of("side")
        used = {rule.column for rule in self._plan.rules} | ({column} if column else set())
        said = raw.select(strings(raw[name]).alias(name) for name in sorted(used)) if used else raw.select()
        for rule in self._plan.rules:
            if rule not in self._matched and any(map(rule.matches, said[rule.column].drop_nulls().unique())):
                self._matched.add(rule)
        found = sides(said, column=column, name=plain(column or ""), rules=self._plan.rules)
        return found if used else pl.Series("side", [None] * raw.height, dtype=pl.String)

    def _fault(self) -> pl.Expr:
        latest = self._plan.now.astimezone(dt.UTC) + dt.timedelta(days=1)
        return (
            pl.when(pl.col("text").is_null())
            .then(pl.lit(NO_TEXT))
            .when(pl.col("undated"))
            .then(pl.lit(NO_DATE))
            .when(pl.col("time").is_null())
            .then(pl.lit(BAD_DATE))
            .when(pl.col("time").dt.year() < 1000)
            .then(pl.lit(ANCIENT))
            .when(pl.col("time") > pl.lit(latest, dtype=TIME))
            .then(pl.lit(FUTURE))
        )

    def _identified(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with their ids, and with the reason why those known already are refused."""
        has_id = pl.col("id").is_not_null()
        given = rows.filter(has_id).with_columns(id=pl.col("source") + ":" + pl.col("id"))
        content = given.select(pl.struct("time", "author", "text").hash()).to_series().to_numpy()
        before = self._seen.ids.first(given["id"].hash().to_numpy(), content)
        again = pl.Series(before.again)
        same = pl.Series(before.value == content)
        given = given.with_columns(
            why=pl.when(again & same).then(pl.lit(SAME_ID)).when(again).then(pl.lit(OTHER_ID))
        )
        made = self._made_ids(rows.filter(~has_id))
        return pl.concat([given, made]).sort("place")

    def _made_ids(self, rows: pl.DataFrame) -> pl.DataFrame:
        stamps = rows["time"].dt.epoch("ms")
        ids = [_content_id(*row) for row in zip(rows["source"], stamps, rows["text"], strict=True)]
        rows = rows.with_columns(id=pl.Series(ids, dtype=pl.String))
        keys = rows.select(pl.struct("id", "author").hash()).to_series().to_numpy()
        again = pl.Series(self._seen.copies.first(keys, keys).again) & rows["author"].is_not_null()
        rows = rows.with_columns(why=pl.when(again).then(pl.lit(COPY)))
        fresh = rows.filter(~again)
        number = pl.Series(self._seen.made.count(fresh["id"].hash().to_numpy()))
        numbered = (
            pl.when(number > 1).then(pl.col("id") + "-" + number.cast(pl.String)).otherwise(pl.col("id"))
        )
        return pl.concat([rows.filter(again), fresh.with_columns(id=numbered)])


def _content_id(source: str, stamp: int, text: str) -> str:
    return blake2b(f"{source}\0{stamp}\0{text}".encode(), digest_size=16).hexdigest()


def _named_by(authors: pl.Series, pseudonym: Pseudonym) -> pl.Series:
    """Pseudonyms instead of names; each name is asked for once."""
    names = authors.drop_nulls().unique(maintain_order=True)
    if names.is_empty():
        return authors
    return authors.replace_strict(names, pseudonym(names), default=None, return_dtype=pl.String)
