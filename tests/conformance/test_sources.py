"""One body over every file format: the same messages written in each come back as the same frame."""

import csv
import datetime as dt
import gzip
import io
import json

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.model import MESSAGES
from estran.sources import Options, open_table, read_table

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
NAMES = ("id", "time", "text", "author", "side", "source", "unit", "thread", "language", "title")
NASTY = [
    'a, "b"; c\td|e',
    "line\nline\n\nline",
    '"',
    '""',
    "=1+1",
    "été 😀 e\u0301",
    "\\n \\\" '",
    "null",
    "1",
    "{}",
    "a\u2028b\x0bc",
]


def delimited(rows, delimiter):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([NAMES, *rows])
    return written.getvalue().encode()


def jsonl(rows):
    return "\n".join(
        json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) for row in rows
    ).encode()


def parquet(rows):
    written = io.BytesIO()
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")
    frame.with_columns(pl.col("time").str.to_datetime(time_zone="UTC")).write_parquet(written)
    return written.getvalue()


FORMATS = {
    "csv": lambda rows: delimited(rows, ","),
    "semicolon.csv": lambda rows: delimited(rows, ";"),
    "tsv": lambda rows: delimited(rows, "\t"),
    "utf16.csv": lambda rows: delimited(rows, ",").decode().encode("utf-16"),
    "jsonl": jsonl,
    "parquet": parquet,
    "csv.gz": lambda rows: gzip.compress(delimited(rows, ",")),
    "jsonl.gz": lambda rows: gzip.compress(jsonl(rows)),
    "jsonl.zst": lambda rows: pa.compress(jsonl(rows), "zstd", asbytes=True),
}


def message(i, text):
    return (
        str(i), f"2024-03-0{i % 9 + 1}T12:00:00Z", text, f"author {i % 3}", ("inside", "outside", "")[i % 3],
        ("mail", "forum")[i % 2], "sales/north", f"t{i // 2}", "fr", f"Title {i}",
    )  # fmt: skip


def read(path, batch_rows=50_000):
    batches = list(
        read_table(path, Options(now=NOW), pseudonym=lambda s: s.str.reverse(), batch_rows=batch_rows)
    )
    return pl.concat(b.messages for b in batches), [r for b in batches for r in b.rejected]


@pytest.fixture(scope="module")
def rows():
    return [
        message(i, text) for i, text in enumerate([*NASTY, *(f"plain text number {i}" for i in range(12))])
    ]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_messages(tmp_path, rows, ending):
    (tmp_path / f"a.{ending}").write_bytes(FORMATS[ending](rows))
    (tmp_path / "a.parquet").write_bytes(parquet(rows))
    messages, rejected = read(tmp_path / f"a.{ending}")
    assert rejected == []
    assert messages.equals(read(tmp_path / "a.parquet")[0])
    assert messages["text"].to_list()[:5] == NASTY[:5]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_row_is_a_message_or_refused(tmp_path, rows, ending):
    spoilt = [
        *rows,
        rows[0],
        message(90, ""),
        (*message(91, "x")[:1], "9999-01-01T00:00:00Z", *message(91, "x")[2:]),
    ]
    (tmp_path / f"a.{ending}").write_bytes(FORMATS[ending](spoilt[:-2] + spoilt[-1:]))
    messages, rejected = read(tmp_path / f"a.{ending}", batch_rows=5)
    assert messages.height + len(rejected) == len(rows) + 2
    assert [r.why for r in rejected] == ["duplicate id, same message", "dated in the future"]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_keeps_the_contract_of_a_source(tmp_path, rows, ending):
    (tmp_path / f"a.{ending}").write_bytes(FORMATS[ending](rows))
    source = open_table(tmp_path / f"a.{ending}", Options(now=NOW))
    batches = list(source.read(pseudonym=lambda s: s, batch_rows=4))
    assert all(b.messages.schema == MESSAGES for b in batches)
    assert (
        pl.concat(b.messages for b in batches)
        .select("id", "time", "text", "source")
        .null_count()
        .sum_horizontal()
        .item()
        == 0
    )
    assert (batches[-1].done, max(b.rows for b in batches) <= 4) == (1.0, True)
    assert sum(b.rows for b in batches) == sum(b.rows for b in source.read(pseudonym=lambda s: s))


nasty = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=30)


@settings(deadline=None, max_examples=25)
@given(
    texts=st.lists(nasty, min_size=1, max_size=6), ending=st.sampled_from(["csv", "tsv", "jsonl", "csv.gz"])
)
def test_no_text_is_changed_or_lost_on_the_way(tmp_path_factory, texts, ending):
    rows = [message(i, text) for i, text in enumerate(["the first text is plain", *texts])]
    folder = tmp_path_factory.mktemp("round")
    (folder / f"a.{ending}").write_bytes(FORMATS[ending](rows))
    (folder / "a.parquet").write_bytes(parquet(rows))
    messages, rejected = read(folder / f"a.{ending}")
    expected, _ = read(folder / "a.parquet")
    assert messages.equals(expected)
    assert messages.height + len(rejected) == len(rows)
