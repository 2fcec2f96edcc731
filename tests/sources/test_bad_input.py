"""Nothing is lost in silence: every row is a message or is refused with its line and reason."""

import datetime as dt
import gzip

import pytest

from estran.errors import ColumnsError, InputError
from estran.sources import open_table

GOOD = "2024-01-05,all is well here\n"


def test_an_empty_file_is_refused(opened):
    with pytest.raises(InputError, match=r"^file.csv is empty: there is nothing to read in it$"):
        opened("")


@pytest.mark.parametrize("blank", ["\n\n  \n", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"", mtime=0)])
def test_a_file_of_blanks_is_empty(opened, blank):
    with pytest.raises(InputError, match=r"is empty"):
        opened(blank)


def test_a_header_without_rows_is_refused(opened):
    with pytest.raises(InputError, match=r"names its columns \(date, text\) and has no row below them"):
        opened("date,text\n")


def test_a_file_without_one_readable_row_says_what_is_wrong_with_the_first(opened):
    with pytest.raises(
        InputError, match=r"no row of file.csv can be read: line 2, 3 fields where the header has 2"
    ):
        opened("date,text\na,b,c\nd,e,f\n")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"does not exist: check the name"):
        open_table(tmp_path / "nothing.csv")


def test_a_folder_is_refused_with_what_to_give_instead(tmp_path):
    with pytest.raises(InputError, match=r"is a folder: give the files in it, for example .*\*\.csv"):
        open_table(tmp_path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", forbidden)
    with pytest.raises(InputError, match=r"may not be read by you"):
        open_table(tmp_path / "secret.csv")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04....", "save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0....", "save the sheet as CSV"),
        (b"%PDF-1.4", "Estran reads CSV, TSV, JSON Lines and Parquet"),
        (b"BZh91AY", "unpack it first"),
        (b"\x89PNG" + bytes(40), "is not a text"),
        (gzip.compress(b"PAR1....PAR1", mtime=0), "Parquet packs its own columns"),
        (b"PAR1....PAR1", "damaged Parquet"),
        (b"\x1f\x8b nonsense", "packing cannot be opened"),
        (b"[1, 2]", "one JSON list"),
        (b'{\n "a": 1\n}\n', "is not JSON Lines"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(opened, content, says):
    with pytest.raises(InputError, match=says):
        opened(content, name="file.bin")


def test_a_file_cut_short_is_an_error_and_not_a_short_file(read):
    packed = gzip.compress(
        ("date,text\n" + "".join(f"2024-01-05,message number {i}\n" for i in range(9000))).encode()
    )
    with pytest.raises(InputError, match=r"is damaged after line"):
        read(packed[:-200], name="file.csv.gz")


def test_one_message_is_a_message(read):
    assert read("date,text\n" + GOOD).texts == ["all is well here"]


def test_equal_dates_are_no_fault_of_a_row(read):
    reading = read("date,text\n2024-01-05,one\n2024-01-05,two\n")
    assert (reading.times, reading.rejected) == (["2024-01-05 00:00:00"] * 2, ())


def test_a_future_date_is_refused_and_tomorrow_is_not(read):
    reading = read(
        "date,text\n2024-06-01T23:00,today\n2024-06-04,later\n", now=dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
    )
    assert (reading.texts, reading.refused) == (["today"], [("line 3", "dated in the future")])


def test_a_date_before_the_year_1000_is_refused_and_1790_is_not(read):
    reading = read("date,text\n1790-01-08,fellow citizens\n0203-01-08,ave\n")
    assert (reading.times, reading.refused) == (
        ["1790-01-08 00:00:00"],
        [("line 3", "dated before the year 1000")],
    )


def test_rows_without_text_or_date_are_refused_with_the_reason(read):
    reading = read("date,text\n2024-01-05,\n,hello\n2024-02-31,hello\n  ,  \n" + GOOD)
    assert reading.refused == [
        ("line 2", "no text"),
        ("line 3", "no date"),
        ("line 4", "a date that cannot be read"),
        ("line 5", "no text"),
    ]


def test_mixed_zones_come_to_one_clock(read):
    reading = read("date,text\n2024-01-05T12:00+02:00,a\n2024-01-05T12:00Z,b\n2024-01-05T12:00,c\n")
    assert reading.times == ["2024-01-05 10:00:00", "2024-01-05 12:00:00", "2024-01-05 12:00:00"]


def test_a_message_of_ten_million_characters_is_read(read):
    long = "word " * 2_000_000
    assert (
        read(f'date,text\n2024-01-05,"{long}"\n' + GOOD).messages["text"].str.len_chars().to_list()[0]
        == 9_999_999
    )


def test_a_line_that_is_no_row_of_a_table_does_not_fill_the_memory(read, monkeypatch):
    monkeypatch.setattr("estran.sources.opening.LONGEST_LINE", 1000)
    with pytest.raises(InputError, match=r"line 3 of file.csv is longer than"):
        read("date,text\n" + GOOD + "x" * 2000)


def test_a_first_line_without_end_is_refused(opened, monkeypatch):
    monkeypatch.setattr("estran.sources.opening.LONGEST_LINE", 1000)
    with pytest.raises(InputError, match=r"line 1 of file.csv is longer than"):
        opened("x" * 2000)


def test_nul_bytes_are_removed_and_counted(read):
    reading = read(b"date,text\n2024-01-05,all\0 is\0 well\n2024-01-05,fine\n")
    assert reading.texts == ["all is well", "fine"]
    assert [(n.kind, n.facts["lines"]) for n in reading.notices] == [("nul-bytes", 1)]


def test_lines_that_are_not_utf8_are_read_as_windows_1252_and_counted(read):
    reading = read("date,texte\n2024-01-05,été €\n".encode("cp1252") + "2024-01-05,été\n".encode())
    assert reading.texts == ["été €", "été"]
    assert [(n.kind, n.facts["lines"]) for n in reading.notices] == [("not-utf8", 1)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_unicode_file_is_recognised(read, encoding):
    assert read(("date,text\n" + "2024-01-05,déjà vu\n" * 2).encode(encoding)).texts[0] == "déjà vu"


def test_a_wrong_quote_costs_one_line(read):
    reading = read('date,text\n2024-01-05,"never closed\n2024-01-06,fine\n2024-01-07,"well, said"\n')
    assert reading.texts == ["fine", "well, said"]
    assert reading.refused == [("line 2", "a quote is opened and never closed")]


def test_an_open_quote_is_known_at_the_end_in_batches_too(read):
    reading = read('date,text\n2024-01-05,fine\n2024-01-05,"never closed\nno row\nnor, this\n', batch_rows=1)
    assert [place for place, _ in reading.refused] == ["line 3", "line 4", "line 5"]


def test_a_row_with_other_fields_than_the_header_is_refused(read):
    reading = read("date,text,author\n2024-01-05,a\n2024-01-05,a,b,c\n2024-01-05,a,b\n")
    assert reading.refused == [
        ("line 2", "2 fields where the header has 3"),
        ("line 3", "4 fields where the header has 3"),
    ]


def test_a_file_without_dates_is_refused_with_what_to_do(opened):
    with pytest.raises(ColumnsError, match=r"no column of dates .* it has author, text: .* --time COLUMN"):
        opened("author,text\nann,all is well with us\n")


def test_a_file_without_text_is_refused_with_what_to_do(opened):
    with pytest.raises(ColumnsError, match=r"no column that reads like a text; .*--text COLUMN"):
        opened("date,amount\n2024-01-05,12\n")


def test_two_columns_that_could_be_the_text_are_refused_with_the_option(opened):
    with pytest.raises(
        ColumnsError, match=r"body and comment could each be the text: say which, .* --text body"
    ):
        opened("date,body,comment\n2024-01-05,the printer is broken again,we have called the service now\n")


def test_of_duplicate_ids_the_first_is_kept_and_both_kinds_are_told_apart(read):
    reading = read("id,date,text\n1,2024-01-05,a\n1,2024-01-05,a\n1,2024-01-05,b\n2,2024-01-05,a\n")
    assert reading.messages["id"].to_list() == ["file:1", "file:2"]
    assert reading.refused == [
        ("line 3", "duplicate id, same message"),
        ("line 4", "duplicate id, another message"),
    ]


def test_duplicates_are_known_again_in_a_later_batch(read):
    rows = "".join(f"{i % 4},2024-01-05,text {i % 4}\n" for i in range(12))
    reading = read("id,date,text\n" + rows, batch_rows=3, columns={"id": "id"})
    assert (reading.messages.height, len(reading.rejected)) == (4, 8)


def test_a_damaged_json_line_costs_one_line(read):
    lines = [
        '{"date": "2024-01-05", "text": "a"}',
        '{"date": ',
        "[1]",
        "",
        '{"date": "2024-01-05", "text": "b"}',
    ]
    reading = read("\n".join(lines), name="file.jsonl")
    assert reading.texts == ["a", "b"]
    assert reading.refused == [("line 2", "not valid JSON"), ("line 3", "not a JSON object")]


def test_json_nested_without_end_is_refused(read):
    reading = read('{"date": "2024-01-05", "text": "a"}\n' + '{"a":' * 100_000, name="file.jsonl")
    assert reading.refused == [("line 2", "not valid JSON")]
