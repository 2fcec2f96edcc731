"""Estran's ways of counting a Parquet file, one a process: `python -m bench.speed.counting WAY FILE`.

read: only reads every column. whole: reads the file and counts it in memory, on one thread; whole-2: on two.
streaming: holds the messages of one month at a time, and partial counts up to a bound. The last line is JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from bench.speed.kernel import AT_LEAST, COLUMNS, cells_of, stop_words
from estran.store.counting import count_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estran.text.phrases import Cell, PhraseCounts

STREAMED = 24 << 20
"""Bytes of partial counts that streaming keeps in memory."""


def read(file: Path) -> dict[str, int]:
    return {"messages": pq.read_table(file).num_rows}


def whole(file: Path, threads: int = 1) -> dict[str, int]:
    messages = pl.from_arrow(pq.read_table(file, columns=COLUMNS))
    cells = list(cells_of(messages))
    return counted(count_cells(cells, stop_words(), at_least=AT_LEAST, threads=threads))


def streaming(file: Path) -> dict[str, int]:
    return counted(count_cells(streamed(file), stop_words(), at_least=AT_LEAST, threads=1, memory=STREAMED))


def streamed(file: Path) -> Iterator[Cell]:
    """The cells of a file in order of time."""
    cells = 0
    for month in months(file):
        for cell in cells_of(month, first=cells):
            cells += 1
            yield cell


def months(file: Path) -> Iterator[pl.DataFrame]:
    """The messages of a file in order of time, a month at a time."""
    held: list[pl.DataFrame] = []
    with pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 16) as source:
        for batch in source.iter_batches(batch_size=16_384, columns=COLUMNS, use_threads=False):
            frame = pl.DataFrame(pl.from_arrow(batch))
            for part in frame.group_by(pl.col("time").dt.strftime("%Y%m"), maintain_order=True):
                if held and held[-1]["time"][-1].strftime("%Y%m") != part[0][0]:
                    yield pl.concat(held)
                    held = []
                held.append(part[1])
    if held:
        yield pl.concat(held)


def counted(counts: PhraseCounts) -> dict[str, int]:
    """Figures by which two ways of counting can be compared."""
    return {
        "phrases": len(counts.phrases),
        "rows": len(counts.phrase),
        "said": int(counts.messages.sum(dtype=np.int64)),
        "people": int(counts.people.sum(dtype=np.int64)),
    }


WAYS = {"read": read, "whole": whole, "whole-2": lambda file: whole(file, 2), "streaming": streaming}


if __name__ == "__main__":
    print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]))))
