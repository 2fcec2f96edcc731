"""Small files to read."""

import polars as pl
import pytest
from readings import NOW, Reading, pseudonym

from estran.sources import Options, open_table


@pytest.fixture
def read(tmp_path):
    """Writes content to a file and reads it: `read("a,b\\n...", name="x.csv", outside=[...])`."""

    def reading(content, name="file.csv", *, batch_rows=50_000, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        table = open_table(path, Options(**{"now": NOW, **options}))
        batches = list(table.read(pseudonym=pseudonym, batch_rows=batch_rows))
        return Reading(
            pl.concat(b.messages for b in batches),
            tuple(r for b in batches for r in b.rejected),
            tuple(n for b in batches for n in b.notices),
        )

    return reading


@pytest.fixture
def opened(tmp_path):
    """Writes content to a file and opens it without reading it."""

    def opening(content, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_table(path, Options(**{"now": NOW, **options}))

    return opening
