"""Messages from CSV, TSV, JSON Lines and Parquet files: every row is a message or is refused with its place and reason.

table = open_table("tickets.csv", outside=["channel=support"])
print(table.columns.said)                     # the guess, to be said aloud before reading
for batch in table.read(pseudonym=pseudonym):
    ...
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import ColumnsError, InputError
from estran.findings import Notice
from estran.model import Side
from estran.sources.base import BATCH_ROWS, Batch, Pseudonym, no_messages
from estran.sources.columns import Columns, column_named, guess
from estran.sources.delimited import Delimited
from estran.sources.door import Door, Plan
from estran.sources.jsonlines import JsonLines
from estran.sources.memory import Seen
from estran.sources.names import FRENCH, plain
from estran.sources.opening import recognise
from estran.sources.parquetrows import ParquetRows
from estran.sources.sides import Rule
from estran.sources.times import Orders, orders, zoneless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from estran.sources.opening import Container
    from estran.sources.rawrows import RowReader

_SAMPLE_ROWS = 1_000
_FRENCH_WORDS = r"(?i)\b(?:le|la|les|des|est|une|pour|dans|je|nous|vous)\b"


@dataclass(frozen=True, slots=True)
class Options:
    """What a user said about a file; everything else is guessed, and the guess is said.

    Attributes:
        columns: column of Estran -> column of the file; "" says that the file has none.
        outside: rules "column=value" (`*` and `?` allowed) for rows said outside.
        inside: the same for rows said inside; they outweigh the others.
        source: what to call the source where the file has no such column; by default its name without extension.
        day_first: is 03/04/2024 the third of April? None: the file's other dates decide.
        now: dates more than a day after it are refused; by default the present.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    outside: Sequence[str | Rule] = ()
    inside: Sequence[str | Rule] = ()
    source: str | None = None
    day_first: bool | None = None
    now: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was recognised and whose columns are known; a `estran.sources.base.Source`.

    Attributes:
        path: where it lies.
        name: what its messages' source is called where no column says it.
        form: the format, "CSV (;)", "Parquet".
        columns: which column is what, and why.
        rules: what puts a row on a side, after the column that says it.
        assumed: what had to be assumed to read it, as sentences to be said before.
        notices: the same for the reader of the findings.
        day_first: how 03/04/2024 is read.
        now: dates more than a day after it are refused.
    """

    path: Path
    name: str
    form: str
    columns: Columns
    rules: tuple[Rule, ...]
    assumed: tuple[str, ...]
    notices: tuple[Notice, ...]
    day_first: bool
    now: dt.datetime
    _reader: RowReader = field(repr=False)

    @property
    def file(self) -> str:
        """The file's name without its folders."""
        return self.path.name

    def read(
        self, *, pseudonym: Pseudonym, batch_rows: int = BATCH_ROWS, seen: Seen | None = None
    ) -> Iterator[Batch]:
        """All rows, in batches that fit in memory; the last batch carries the notices.

        Args:
            pseudonym: names to pseudonyms.
            batch_rows: rows in a batch at most.
            seen: messages let in from other files, where several are read as one: a message that is in two of them
                is refused in the second.

        Raises:
            InputError: the file is damaged further on.
        """
        plan = Plan(
            self.file, self._reader.place, self.name, self.columns, self.rules, self.day_first, self.now
        )  # fmt: skip
        door = Door(plan, seen or Seen())
        wanted = list(dict.fromkeys([*self.columns.names.values(), *(r.column for r in self.rules)]))
        mended: Counter[str] = Counter()
        for chunk in self._reader.chunks(wanted, rows=batch_rows):
            mended.update(chunk.mended)
            yield door.admit(chunk, pseudonym)
        yield Batch(no_messages(), notices=(*self.notices, *_notices(self.file, mended), *door.notices()))


def open_table(path: str | Path, options: Options | None = None) -> Table:
    """Recognises a file and guesses its columns, without reading more of it than that takes.

    Raises:
        InputError: there is no such file, or it holds no table that Estran reads.
        ColumnsError: its columns cannot be told; the message says which option helps.
        SettingsError: a rule is not written as "column=value".
    """
    options = options or Options()
    container = recognise(Path(path))
    reader = row_reader(container)
    head = next(reader.chunks(reader.names, rows=_SAMPLE_ROWS))
    sample = head.values
    if sample.is_empty() and head.broken:
        place, why = head.broken[0]
        raise InputError(f"no row of {container.file} can be read: {reader.place} {place}, {why}")
    if sample.is_empty():
        raise InputError(
            f"{container.file} names its columns ({', '.join(reader.names)}) and has no row below them"
        )
    columns = guess(sample, file=container.file, told=options.columns)
    rules = tuple(
        _rule(written, side, reader.names, container.file)
        for side, all_written in ((Side.OUTSIDE, options.outside), (Side.INSIDE, options.inside))
        for written in all_written
    )
    day_first, said = _day_first(reader, columns, sample, file=container.file, told=options.day_first)
    assumed = {"day-first" if day_first else "month-first": said} if said else {}
    if zoneless(sample[columns.chosen["time"].column]):
        assumed["naive-times"] = "times without a zone are taken as UTC"
    return Table(
        path=container.path,
        name=options.source or container.stem,
        form=reader.form,
        columns=columns,
        rules=rules,
        assumed=tuple(assumed.values()),
        notices=tuple(Notice(kind, {"file": container.file}) for kind in assumed),
        day_first=day_first,
        now=options.now or dt.datetime.now(dt.UTC),
        _reader=reader,
    )


def read_table(
    path: str | Path, options: Options | None = None, *, pseudonym: Pseudonym, batch_rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """Opens a file and reads it: `open_table(path, options).read(...)` in one."""
    return open_table(path, options).read(pseudonym=pseudonym, batch_rows=batch_rows)


def row_reader(container: Container) -> RowReader:
    """What reads the rows of a file of this kind."""
    match container.kind:
        case "parquet":
            return ParquetRows(container)
        case "json":
            return JsonLines(container)
        case _:
            return Delimited(container)


def _rule(written: str | Rule, side: Side, names: Sequence[str], file: str) -> Rule:
    rule = written if isinstance(written, Rule) else Rule.parse(written, side)
    return Rule(column_named(rule.column, names, file=file, option=f"--{side}"), rule.value, side)


def _day_first(
    reader: RowReader, columns: Columns, sample: pl.DataFrame, *, file: str, told: bool | None
) -> tuple[bool, str]:
    """Whether the day stands first in dates such as 03/04/2024, and what to say about it."""
    time = columns.chosen["time"].column
    seen = orders(sample[time])
    if seen == Orders():
        return True, ""
    if told is not None:
        return told, ""
    if seen.decided is None:
        for chunk in reader.chunks([time], rows=BATCH_ROWS):
            seen += orders(chunk.values[time])
            if seen.decided is not None:
                break
    if seen.decided is not None:
        first = "day" if seen.decided else "month"
        return seen.decided, f"dates are read {first} first, as some of them only fit so"
    if seen.dotted:
        return True, "dates are read day first, as is usual where they are written with points or hyphens"
    if _french(sample, columns):
        return True, "dates are read day first, as the file is in French"
    raise ColumnsError(
        f"in {file}, dates such as {_open_date(sample[time])} can be read with the day or the month first, and no date "
        "in the file decides: say --day-first or --month-first"
    )


def _open_date(times: pl.Series) -> str:
    first: str = times.filter(times.str.contains(r"^\s*\d{1,2}/\d{1,2}/\d")).head(1).item()
    return first.strip()


def _french(sample: pl.DataFrame, columns: Columns) -> bool:
    if any(plain(name) in FRENCH for name in sample.columns):
        return True
    words = sample[columns.chosen["text"].column].cast(pl.String).str.count_matches(_FRENCH_WORDS)
    return bool((words >= 2).sum() > 0.3 * sample.height)


def _notices(file: str, mended: Mapping[str, int]) -> Iterator[Notice]:
    for kind, lines in sorted(mended.items()):
        yield Notice(kind, {"file": file, "lines": lines})
