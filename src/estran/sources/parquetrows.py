"""Parquet: typed columns, read a batch of rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from estran.errors import InputError
from estran.sources.rawrows import CHUNK_CHARACTERS, Chunk
from estran.sources.values import strings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estran.sources.opening import Container

_WRITTEN = (pl.Binary, pl.Categorical, pl.Enum)  # other shapes of strings


class ParquetRows:
    """A Parquet file (see `estran.sources.rawrows.RowReader`)."""

    form = "Parquet"
    place = "row"

    def __init__(self, container: Container) -> None:
        """Reads the schema.

        Raises:
            InputError: the file is damaged.
        """
        self._container = container
        try:
            with pq.ParquetFile(container.path) as file:
                self.names = tuple(_names(file.schema_arrow))
                self._top = frozenset(file.schema_arrow.names)
        except (pa.ArrowException, OSError):
            raise self._damaged() from None

    def chunks(self, names: Sequence[str], *, rows: int) -> Iterator[Chunk]:
        """The named columns with their own types, in chunks of at most `rows` rows.

        Raises:
            InputError: the file is damaged.
        """
        try:
            with pq.ParquetFile(self._container.path) as file:
                yield from self._chunks(file, names, rows)
        except (pa.ArrowException, OSError):
            raise self._damaged() from None

    def _chunks(self, file: pq.ParquetFile, names: Sequence[str], rows: int) -> Iterator[Chunk]:
        total = max(file.metadata.num_rows, 1)
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        longest = max((g.total_byte_size / max(g.num_rows, 1) for g in groups), default=1.0)
        size = max(1, min(rows, int(CHUNK_CHARACTERS / max(longest, 1.0))))
        read = 0
        for batch in file.iter_batches(batch_size=size, columns=list(names)):
            table = pl.DataFrame(pl.from_arrow(batch))
            values = table.select(self._expression(name) for name in names)
            values = values.with_columns(strings(column) for column in values if column.dtype in _WRITTEN)
            places = pl.int_range(read + 1, read + 1 + values.height, dtype=pl.Int64, eager=True)
            read += values.height
            yield Chunk(values, places, done=read / total)
        if not read:
            yield Chunk(pl.DataFrame(schema=dict.fromkeys(names, pl.String)), pl.Series([], dtype=pl.Int64))

    def _expression(self, name: str) -> pl.Expr:
        if name in self._top:
            return pl.col(name)
        first, *inner = name.split(".")
        expression = pl.col(first)
        for part in inner:
            expression = expression.struct.field(part)
        return expression.alias(name)

    def _damaged(self) -> InputError:
        return InputError(f"{self._container.file} is a damaged Parquet file: copy or export it again")


def _names(schema: pa.Schema) -> Iterator[str]:
    for field in schema:
        yield from _inner(field, field.name)


def _inner(field: pa.Field, name: str) -> Iterator[str]:
    if pa.types.is_struct(field.type):
        for inner in field.type:
            yield from _inner(inner, f"{name}.{inner.name}")
    elif not pa.types.is_nested(field.type):
        yield name
