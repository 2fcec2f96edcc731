import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.errors import InputError
from estran.sources.delimited import BAD_QUOTE, OPEN_QUOTE, rows


def split(text, delimiter=",", width=None):
    return list(rows(enumerate(text.split("\n"), 1), delimiter, width=width))


def good(text, **kwargs):
    return [fields for _, fields, _ in split(text, **kwargs) if fields is not None]


def refused(text, **kwargs):
    return [(line, why) for line, fields, why in split(text, **kwargs) if fields is None]


def test_quotes_hold_delimiters_quotes_and_line_ends():
    assert good('a,"b,""c""\nd",e\nf,g,h') == [["a", 'b,"c"\nd', "e"], ["f", "g", "h"]]


def test_a_row_bears_the_number_of_its_first_line():
    assert [line for line, _, _ in split('a,"1\n2\n3"\n\nb,c')] == [1, 5]


def test_a_quote_inside_a_plain_field_is_a_character():
    assert good('5" wide,say "hi"') == [['5" wide', 'say "hi"']]


def test_two_fields_in_a_row_may_run_over_lines():
    assert good('"a\nb","c\n\nd",e') == [["a\nb", "c\n\nd", "e"]]


def test_a_quote_that_is_not_doubled_costs_its_line():
    text = '1,"He said "yes" to me",x\n2,fine,x'
    assert (refused(text), good(text)) == ([(1, BAD_QUOTE)], [["2", "fine", "x"]])


def test_a_quote_that_is_not_doubled_in_a_continued_field_costs_its_lines():
    text = '1,"He said\n "yes" to me",x\n2,fine,x'
    assert refused(text, width=3) == [(1, BAD_QUOTE), (2, "2 fields where the header has 3")]
    assert good(text, width=3) == [["2", "fine", "x"]]


def test_an_open_quote_at_the_end_of_the_file_costs_one_line():
    text = '1,"open,x\nno date,here,y\nnor,here,y'
    assert refused(text, width=3) == [(1, OPEN_QUOTE)]
    assert len(good(text, width=3)) == 2


def test_an_open_quote_does_not_close_at_a_quote_of_a_later_row():
    rest = "".join(f"\n{i},2024-01-0{i},plain,x" for i in range(2, 9))
    text = '1,2024-01-01,"open,x' + rest + '\n9,2024-01-09,size 5",x'
    assert refused(text, width=4) == [(1, OPEN_QUOTE)]
    assert len(good(text, width=4)) == 8


def test_an_open_quote_before_a_quoted_row_costs_one_line():
    text = '2024-01-01,"open,x\n2024-01-02,"a, b",x\n2024-01-03,"c",x'
    assert (refused(text, width=3), len(good(text, width=3))) == ([(1, OPEN_QUOTE)], 2)


def test_a_text_first_that_runs_over_lines_is_not_taken_for_an_open_quote():
    text = '"first line\nsecond line",2024-01-01,ann\n"a\n",2024-01-02,bob'
    assert good(text, width=3) == [
        ["first line\nsecond line", "2024-01-01", "ann"],
        ["a\n", "2024-01-02", "bob"],
    ]


def test_quotes_without_meaning_in_a_tsv_are_characters():
    assert good('1\t"Hello" he said\tx\n2\t"open\tx', delimiter="\t", width=3) == [
        ["1", '"Hello" he said', "x"],
        ["2", '"open', "x"],
    ]


def test_empty_cells_on_the_right_are_no_fault():
    assert good("a,b,,,", width=2) == [["a", "b"]]


def test_an_open_quote_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("estran.sources.delimited.LONGEST_LINE", 100)
    text = '1,"open\n' + "\n".join(["words without a comma"] * 50)
    assert refused(text, width=2)[0] == (1, OPEN_QUOTE)


def test_the_delimiter_is_told_from_the_rows(opened):
    rows = "2024-01-05;a, b, c, d;ann\n" * 3
    assert opened("date;text;author\n" + rows).form == "CSV (;)"
    assert opened("date|text|author\n" + rows.replace(";", "|")).form == "CSV (|)"
    assert opened("date\ttext\tauthor\n" + rows.replace(";", "\t")).form == "TSV"


def test_the_first_line_of_excel_names_the_delimiter(read):
    reading = read("sep=;\ndate;text\n2024-01-05;a\nbad\n")
    assert (reading.texts, reading.refused) == (["a"], [("line 4", "1 fields where the header has 2")])


def test_an_old_mac_file_is_read(read):
    assert read("date,text\r2024-01-05,a\r2024-01-06,b\r").texts == ["a", "b"]


def test_names_that_are_empty_or_repeated_get_their_position(opened):
    table = opened("date,text,,text\n2024-01-05,all is well,1,all is well\n", columns={"text": "text"})
    assert table.columns.unused == ("column 3", "text (column 4)")


def test_a_header_that_cannot_be_read_is_said(opened):
    with pytest.raises(InputError, match=r"the first line of file.csv must name the columns, and a quote"):
        opened('date,"te"xt\n2024-01-05,a\n')
    with pytest.raises(InputError, match=r"holds a date and not the names of the columns"):
        opened("2024-01-05,ann,all is well\n")


fields = st.text(st.sampled_from('ab,"\n\t ;é\u2028\x0b\x1c'), max_size=8)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(fields, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_a_csv_writer_writes_is_read_back(table):
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    assert good(written.getvalue(), width=3) == table


@settings(deadline=None, max_examples=300)
@given(st.lists(st.text(st.sampled_from('ab,"1'), max_size=10), max_size=8))
def test_no_line_is_lost_whatever_the_quotes(lines):
    found = split("\n".join(lines), width=2)
    covered = [line + i for line, row, _ in found for i in range(1 + sum(f.count("\n") for f in row or ()))]
    assert covered == [n for n, line in enumerate(lines, 1) if line.strip() or n in covered]
