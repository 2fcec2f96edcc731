"""CSV, TSV and their kin, split into rows so that a wrong quote costs one line and not the rest of the file.

Rows follow RFC 4180: a quote opens only at the start of a field, `""` inside is a quote, and a field in quotes may
hold line ends. What departs from it is not mended by guessing but refused with its line, and reading goes on at the
next line: a quote followed by anything but a delimiter, a quote never closed, a row with another number of fields.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import InputError
from estran.sources.opening import LONGEST_LINE, Lines
from estran.sources.rawrows import CHUNK_CHARACTERS, Chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from estran.sources.opening import Container

Row = tuple[int, list[str] | None, str]
"""Line number of a row's first line, its fields (None where refused), and why it was refused."""

BAD_QUOTE = "a quote inside a quoted field is not doubled"
OPEN_QUOTE = "a quote is opened and never closed"

_DELIMITERS = (",", ";", "\t", "|")
_LOOK = 50  # rows looked at to tell the delimiter
_DATED = re.compile(r"\s*(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{9,})")


class _Fields:
    """Splits lines at one delimiter; a line that opens a field without closing it is continued by the next."""

    def __init__(self, delimiter: str) -> None:
        d = re.escape(delimiter)
        inner = r'([^"]*+(?:""[^"]*+)*+)'
        self.delimiter = delimiter
        self.whole = re.compile(rf'"{inner}"({d}|\Z)|([^"{d}][^{d}]*+|)({d}|\Z)')
        self.opening = re.compile(rf'"{inner}\Z')
        self.middle = re.compile(rf"{inner}\Z")
        self.closing = re.compile(rf'{inner}"({d}|\Z)')

    def split(self, line: str, at: int, fields: list[str]) -> str | None:
        """Appends the fields from a position on; what an unclosed last field holds so far, or None if all closed.

        Raises:
            ValueError: a quote stands where it may not.
        """
        while (found := self.whole.match(line, at)) is not None:
            quoted, quoted_end, plain, plain_end = found.groups()
            fields.append(plain if quoted is None else quoted.replace('""', '"'))
            if not (quoted_end or plain_end):
                return None
            at = found.end()
        unclosed = self.opening.match(line, at)
        if unclosed is None:
            raise ValueError(BAD_QUOTE)
        return unclosed[1]

    def resume(self, line: str, held: list[str], fields: list[str]) -> bool:
        """Continues an unclosed field; True when the row is complete.

        Raises:
            ValueError: a quote stands where it may not.
        """
        if self.middle.match(line):
            held.append(line)
            return False
        closed = self.closing.match(line)
        if closed is None:
            raise ValueError(BAD_QUOTE)
        fields.append("\n".join([*held, closed[1]]).replace('""', '"'))
        held.clear()
        if not closed[2]:
            return True
        unclosed = self.split(line, closed.end(), fields)
        if unclosed is not None:
            held.append(unclosed)
        return unclosed is None

    def is_row(self, line: str, width: int) -> bool:
        """Is this line by itself a whole row of the table, with a date in it and no stray quote?"""
        fields: list[str] = []
        try:
            unclosed = self.split(line, 0, fields)
        except ValueError:
            return False
        plain = '"' not in line or not any('"' in f for f in fields)
        return unclosed is None and plain and len(fields) == width and any(map(_DATED.match, fields))


def rows(lines: Iterable[tuple[int, str]], delimiter: str, *, width: int | None = None) -> Iterator[Row]:
    """The rows of numbered lines; blank lines between rows are skipped.

    A field in quotes does not run over a line that is by itself a whole row with a date: then the quote was left
    open, and the line that opened it is refused alone.

    Args:
        lines: (number, line) pairs.
        delimiter: one character.
        width: fields that a row must have, where known (else any number).
    """
    fields_of = _Fields(delimiter)
    pending: deque[tuple[int, str]] = deque()
    source = iter(lines)

    def following() -> tuple[int, str] | None:
        return pending.popleft() if pending else next(source, None)

    while (first := following()) is not None:
        number, line = first
        if '"' not in line:
            if line and not line.isspace():
                yield _of_width(number, line.split(delimiter), width)
            continue
        taken: list[tuple[int, str]] = []
        try:
            fields = _quoted(line, fields_of, following, taken, width)
            row = _of_width(number, fields, width)
            if row[1] is None and taken:
                raise ValueError(row[2])  # noqa: TRY301  it may have swallowed good rows: only its first line is refused
        except ValueError as wrong:
            pending.extendleft(reversed(taken))
            literal = line.split(delimiter)
            # a tab hardly ever stands in a text: many TSV writers use no quotes at all, and theirs are plain characters
            fits = delimiter == "\t" and len(literal) == width
            yield (number, literal, "") if fits else (number, None, str(wrong))
        else:
            yield row


def _quoted(
    line: str,
    fields_of: _Fields,
    following: Callable[[], tuple[int, str] | None],
    taken: list[tuple[int, str]],
    width: int | None,
) -> list[str]:
    """The fields of a row with quotes; the lines after its first are left in `taken`."""
    fields: list[str] = []
    unclosed = fields_of.split(line, 0, fields)
    if unclosed is None:
        return fields
    held = [unclosed]
    size = 0
    delimiter, row_like = fields_of.delimiter, LONGEST_LINE if width is None else width - 1
    while (item := following()) is not None:
        line = item[1]
        taken.append(item)
        size += len(line)
        if size > LONGEST_LINE or (
            line.count(delimiter) >= row_like and fields_of.is_row(line, row_like + 1)
        ):
            break
        if '"' not in line:
            held.append(line)
        elif fields_of.resume(line, held, fields):
            return fields
    raise ValueError(OPEN_QUOTE)


def _of_width(number: int, fields: list[str], width: int | None) -> Row:
    if width is None or len(fields) == width:
        return number, fields, ""
    if len(fields) > width and not any(fields[width:]):
        # spreadsheets add empty cells on the right; nothing is lost with them
        return number, fields[:width], ""
    return number, None, f"{len(fields)} fields where the header has {width}"


class Delimited:
    """A CSV or TSV file: a header line, then one message a row (see `estran.sources.rawrows.RowReader`)."""

    place = "line"

    def __init__(self, container: Container) -> None:
        """Finds the delimiter and the header.

        Raises:
            InputError: the header cannot be read, or there is nothing below it.
        """
        self._container = container
        head = list(islice(enumerate(Lines(container), 1), 20 * _LOOK))
        excel = re.fullmatch(r"sep=(.)", head[0][1])
        self._skipped = 1 if excel else 0
        head = head[self._skipped :]
        self._delimiter = excel[1] if excel else _delimiter(head)
        first = next(rows(head, self._delimiter), None)
        if first is None or first[1] is None:
            why = first[2] if first else "it is blank"
            raise InputError(f"the first line of {container.file} must name the columns, and {why}")
        self.names = _distinct(first[1])
        if any(map(_DATED.match, self.names)):
            raise InputError(
                f"the first line of {container.file} holds a date and not the names of the columns: "
                "write a line such as `time,author,text` above it"
            )
        self._after = first[0]
        kind = "TSV" if self._delimiter == "\t" else f"CSV ({self._delimiter})"
        self.form = kind

    def chunks(self, names: Sequence[str], *, rows: int) -> Iterator[Chunk]:
        """The named columns, all strings, in chunks of at most `rows` rows.

        Raises:
            InputError: the file is damaged.
        """
        wanted = [self.names.index(name) for name in names]
        schema = dict.fromkeys(names, pl.String)
        lines = Lines(self._container)
        before: Counter[str] = Counter()
        values: list[list[str]] = []
        places: list[int] = []
        broken: list[tuple[int, str]] = []
        size = 0
        for number, fields, why in self._rows(lines):
            if fields is None:
                broken.append((number, why))
            else:
                picked = [fields[i] for i in wanted]
                size += sum(map(len, picked))
                values.append(picked)
                places.append(number)
            if len(values) + len(broken) >= rows or size > CHUNK_CHARACTERS:
                yield _chunk(values, places, broken, schema, Counter(lines.mended) - before, lines.done)
                before, values, places, broken, size = Counter(lines.mended), [], [], [], 0
        yield _chunk(values, places, broken, schema, Counter(lines.mended) - before, 1.0)

    def _rows(self, lines: Lines) -> Iterator[Row]:
        numbered = islice(enumerate(lines, 1), self._skipped, None)
        found = rows(numbered, self._delimiter, width=len(self.names))
        return (row for row in found if row[0] > self._after)


def _chunk(
    values: list[list[str]],
    places: list[int],
    broken: list[tuple[int, str]],
    schema: dict[str, type[pl.String]],
    mended: Counter[str],
    done: float,
) -> Chunk:
    columns = list(zip(*values, strict=True)) if values else [()] * len(schema)
    frame = pl.DataFrame(
        [pl.Series(name, column, dtype=pl.String) for name, column in zip(schema, columns, strict=True)]
    )
    return Chunk(frame, pl.Series(places, dtype=pl.Int64), tuple(broken), dict(mended), done)


def _delimiter(head: Sequence[tuple[int, str]]) -> str:
    """The delimiter at which most rows split like the first, and into most fields."""

    def merit(delimiter: str) -> tuple[bool, float, int]:
        widths = [len(f) for _, f, _ in islice(rows(head, delimiter), _LOOK) if f is not None]
        same = sum(w == widths[0] for w in widths) / len(widths) if widths else 0.0
        return bool(widths) and widths[0] > 1, round(same, 1), widths[0] if widths else 0

    return max(_DELIMITERS, key=merit)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names without blanks around; one that is empty or repeated gets its position."""
    seen: set[str] = set()
    distinct = []
    for position, raw in enumerate(names, 1):
        name = raw.strip() or f"column {position}"
        name = f"{name} (column {position})" if name in seen else name
        seen.add(name)
        distinct.append(name)
    return tuple(distinct)
