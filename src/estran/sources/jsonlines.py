"""JSON Lines: one object a line, fields inside others under dotted names."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

import polars as pl

from estran.errors import InputError
from estran.sources.opening import Lines
from estran.sources.rawrows import CHUNK_CHARACTERS, Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from estran.sources.opening import Container

_LOOK = 1_000  # lines looked at to learn the names of the fields
_DEPTH = 4


class JsonLines:
    """A JSON Lines file (see `estran.sources.rawrows.RowReader`)."""

    form = "JSON Lines"
    place = "line"

    def __init__(self, container: Container) -> None:
        """Learns the fields from the first lines.

        Raises:
            InputError: none of them is a JSON object.
        """
        self._container = container
        names: dict[str, None] = {}
        for line in islice(Lines(container), _LOOK):
            record, _ = _parsed(line)
            if record is not None:
                names.update(dict.fromkeys(_names(record)))
        if not names:
            raise InputError(
                f"{container.file} is not JSON Lines, one object a line: "
                f"`jq -c . {container.file}` writes each of its objects on one line"
            )
        self.names = tuple(names)

    def chunks(self, names: Sequence[str], *, rows: int) -> Iterator[Chunk]:
        """The named fields, all strings, in chunks of at most `rows` rows.

        Raises:
            InputError: the file is damaged.
        """
        lines = Lines(self._container)
        before: Counter[str] = Counter()
        values: list[list[str | None]] = [[] for _ in names]
        places: list[int] = []
        broken: list[tuple[int, str]] = []
        size = 0
        for line in lines:
            if not line or line.isspace():
                continue
            record, why = _parsed(line)
            if record is None:
                broken.append((lines.number, why))
            else:
                size += len(line)
                places.append(lines.number)
                for name, column in zip(names, values, strict=True):
                    column.append(_text(_field(record, name)))
            if len(places) + len(broken) >= rows or size > CHUNK_CHARACTERS:
                yield _chunk(names, values, places, broken, Counter(lines.mended) - before, lines.done)
                before, values, places, broken, size = Counter(lines.mended), [[] for _ in names], [], [], 0
        yield _chunk(names, values, places, broken, Counter(lines.mended) - before, 1.0)


def _chunk(
    names: Sequence[str],
    values: Sequence[list[str | None]],
    places: list[int],
    broken: list[tuple[int, str]],
    mended: Mapping[str, int],
    done: float,
) -> Chunk:
    columns = [pl.Series(n, v, dtype=pl.String) for n, v in zip(names, values, strict=True)]
    return Chunk(pl.DataFrame(columns), pl.Series(places, dtype=pl.Int64), tuple(broken), dict(mended), done)


def _parsed(line: str) -> tuple[dict[str, Any] | None, str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None, "not valid JSON"
    return (record, "") if isinstance(record, dict) else (None, "not a JSON object")


def _names(record: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[str]:
    for name, value in record.items():
        if isinstance(value, dict) and depth < _DEPTH:
            yield from _names(value, f"{before}{name}.", depth + 1)
        elif not isinstance(value, list | dict) and _text(name) == name:  # a broken name can name no column
            yield before + name


def _field(record: Mapping[str, Any], name: str) -> Any:
    """The value under a name; "user.name" is the key of that spelling, or else `name` in `user`."""
    if name in record:
        return record[name]
    start = 0
    while (dot := name.find(".", start)) > 0:
        inner = record.get(name[:dot])
        if isinstance(inner, dict) and (found := _field(inner, name[dot + 1 :])) is not None:
            return found
        start = dot + 1
    return None


def _text(value: Any) -> str | None:
    match value:
        case None | list() | dict():
            return None
        case str():
            # half of a surrogate pair is legal in JSON and in no text
            return (
                value
                if value.isascii()
                else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            )
        case bool():
            return "true" if value else "false"
        case float():
            return format(value, "f")
        case _:
            return str(value)
