import polars as pl
import pytest
from readings import NOW, pseudonym

from estran.errors import ColumnsError, InputError
from estran.model import MESSAGES
from estran.sources import Options, Seen, open_table, read_table

DATES = "date,text\n{},all is well here\n{},all is well there\n"


def test_a_whole_row_becomes_a_message(read):
    reading = read(
        "id,created_at,body,user,side,channel,team,thread,lang,subject\n"
        "7,2024-01-05T12:00Z,all is well,ann,outside,mail,sales/north,t1,fr-FR,Hello\n"
    )
    assert reading.messages.schema == MESSAGES
    assert reading.messages.row(0, named=True) | {"time": None} == {
        "id": "mail:7", "time": None, "text": "all is well", "author": "ANN*", "side": "outside", "source": "mail",
        "unit": "sales/north", "thread": "t1", "language": "fr", "title": "Hello",
    }  # fmt: skip


def test_what_a_file_has_not_is_null_and_its_stem_is_the_source(read):
    row = read("date,text\n2024-01-05,all is well\n", name="crm.2024.csv.gz").messages.row(0, named=True)
    assert row["source"] == "crm.2024"
    assert [name for name, value in row.items() if value is None] == [
        "author", "side", "unit", "thread", "language", "title",
    ]  # fmt: skip


def test_the_source_can_be_told(read):
    assert read("date,text\n2024-01-05,all is well\n", source="crm").messages["source"].to_list() == ["crm"]


def test_names_never_pass_the_door(read):
    reading = read(
        "date,text,author\n2024-01-05,a,Ann\n2024-01-06,b, Ann \n2024-01-06,c,\n2024-01-06,d,NULL\n"
    )
    assert reading.messages["author"].to_list() == ["ANN*", "ANN*", None, None]


def test_a_message_in_two_files_is_refused_in_the_second(tmp_path):
    files = {
        "a.csv": "id,date,text,channel\n1,2024-01-05,a,mail\n",
        "b.csv": "id,date,text,channel\n1,2024-01-05,a,mail\n1,2024-01-05,a,forum\n",
    }
    seen, rejected = Seen(), []
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        for batch in open_table(tmp_path / name).read(pseudonym=pseudonym, seen=seen):
            rejected += batch.rejected
    assert [(r.file, r.place, r.why) for r in rejected] == [("b.csv", "line 2", "duplicate id, same message")]


def test_a_headline_without_a_text_is_the_text(read):
    assert read("date,text,title\n2024-01-05,a,x\n2024-01-05,,only a headline\n").texts == [
        "a",
        "only a headline",
    ]


def test_made_ids_are_the_same_each_time_and_under_any_key(read):
    rows = "date,text,author\n2024-01-05,a,ann\n2024-01-05,b,bob\n"
    again = read(rows.replace("ann", "eve"), name="file.csv")
    assert read(rows).messages["id"].to_list() == again.messages["id"].to_list()


def test_copies_by_one_author_are_refused_and_equal_words_of_unknown_authors_are_kept(read):
    row = "2024-01-05,thanks,{}\n"
    reading = read(
        "date,text,author\n" + row.format("ann") * 2 + row.format("bob") + row.format("") * 2, batch_rows=1
    )
    assert reading.refused == [("line 3", "copy of an earlier message (same source, time, author and text)")]
    assert reading.messages["id"].n_unique() == 4


@pytest.mark.parametrize("batch_rows", [1, 2, 1000])
def test_batches_change_nothing(read, batch_rows):
    rows = (
        "".join(f'2024-01-0{i % 9 + 1},"text, ""{i % 7}""\nmore",a{i % 3}\n' for i in range(40))
        + "bad\n,x,\n"
    )
    whole, parts = read("date,text,author\n" + rows), read("date,text,author\n" + rows, batch_rows=batch_rows)
    assert whole.messages.equals(parts.messages)
    assert whole.rejected == parts.rejected
    assert len(whole.rejected) + whole.messages.height == 42


@pytest.mark.parametrize(
    ("dates", "first", "said"),
    [
        (("03/04/2024", "31/12/2023"), True, "dates are read day first, as some of them only fit so"),
        (("03/04/2024", "12/31/2023"), False, "dates are read month first, as some of them only fit so"),
        (("03.04.2024", "05.04.2024"), True, "dates are read day first, as is usual"),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_the_file_and_said(opened, dates, first, said):
    table = opened(DATES.format(*dates))
    assert (table.day_first, table.assumed[0].startswith(said)) == (first, True)


def test_dates_that_nothing_decides_are_refused_with_the_option(opened):
    with pytest.raises(ColumnsError, match=r"dates such as 03/04/2024 .* say --day-first or --month-first"):
        opened(DATES.format("03/04/2024", "05/04/2024"))
    assert not opened(DATES.format("03/04/2024", "05/04/2024"), day_first=False).day_first
    assert opened(DATES.format("04/04/2024", "05/05/2024")).assumed == ()


def test_in_a_french_file_the_day_comes_first(opened):
    assert opened("date,texte\n03/04/2024,all is well\n").day_first
    table = opened("date,text\n03/04/2024,nous avons reçu la réponse dans les temps\n")
    assert table.assumed == ("dates are read day first, as the file is in French",)


def test_a_date_far_down_the_file_decides(opened):
    rows = "".join(f"03/04/2024,text number {i}\n" for i in range(1500))
    assert not opened("date,text\n" + rows + "12/31/2023,the last\n").day_first


def test_times_without_a_zone_are_said_to_be_taken_as_utc(opened):
    assert opened("date,text\n2024-01-05 12:00,all is well\n").assumed == (
        "times without a zone are taken as UTC",
    )


def test_done_grows_to_one(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("date,text\n" + "".join(f"2024-01-05,text number {i}\n" for i in range(20_000)))
    done = [b.done for b in read_table(path, Options(now=NOW), pseudonym=pseudonym, batch_rows=4_000)]
    assert done == sorted(done)
    assert (0 < done[0] < 0.5, done[-1]) == (True, 1.0)


def test_each_batch_says_how_many_rows_it_read(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("date,text\n2024-01-05,a\nbad\n,x\n")
    assert [b.rows for b in read_table(path, pseudonym=pseudonym)] == [3, 0]


def test_long_rows_make_small_batches(read, monkeypatch):
    for module in ("delimited", "jsonlines", "parquetrows"):
        monkeypatch.setattr(f"estran.sources.{module}.CHUNK_CHARACTERS", 10)
    assert len(read("date,text\n2024-01-05,all is well\n2024-01-05,all is fine\n").texts) == 2
    assert (
        len(
            read('{"date":"2024-01-05","text":"a"}\n{"date":"2024-01-05","text":"b"}\n', name="f.jsonl").texts
        )
        == 2
    )


def test_fields_inside_others_are_read_by_their_dotted_names(read, tmp_path):
    line = '{"when": {"sent": "2024-01-05"}, "user.name": "ann", "msg": {"body": "all is well", "tags": ["x"]}, "n": 1.5}\n'
    broken = '{"when": 3, "msg": {"body": "\\ud83d lone half"}}\n'
    reading = read(line + broken, name="f.jsonl")
    assert (reading.texts, reading.messages["author"].to_list()) == (["all is well"], ["ANN*"])
    assert reading.refused == [("line 2", "no date")]
    table = pl.DataFrame({"when": ["2024-01-05"], "user": [{"name": "ann", "body": {"text": "all is well"}}]})
    table.write_parquet(tmp_path / "f.parquet")
    messages = next(read_table(tmp_path / "f.parquet", pseudonym=pseudonym)).messages
    assert messages.select("text", "author").row(0) == ("all is well", "ANN*")


def test_half_of_a_surrogate_pair_in_json_is_replaced(read):
    line = '{"date": "2024-01-05", "text": "x \\ud83d y \\ud83d\\ude00", "flag": true, "\\ud800": 1}\n'
    assert read(line, name="f.jsonl").texts == ["x \ufffd y 😀"]


def test_a_parquet_file_of_no_rows_is_refused(tmp_path):
    pl.DataFrame({"date": [], "text": []}, schema={"date": pl.String, "text": pl.String}).write_parquet(
        tmp_path / "f"
    )
    with pytest.raises(InputError, match="has no row below them"):
        read_table(tmp_path / "f", pseudonym=pseudonym)


def test_a_parquet_file_damaged_further_on_is_an_error(tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"date": ["2024-01-05"] * 9000, "text": [f"text {i}" for i in range(9000)]}).write_parquet(
        path, row_group_size=3000
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2000] = bytes(2000)
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged Parquet file"):
        list(read_table(path, pseudonym=pseudonym))


def test_bytes_and_categories_in_parquet_are_strings(tmp_path):
    table = pl.DataFrame(
        {"date": pl.Series(["2024-01-05"], dtype=pl.Categorical), "text": [b"d\xc3\xa9j\xc3\xa0 vu"]}
    )
    table.write_parquet(tmp_path / "f.parquet")
    assert next(read_table(tmp_path / "f.parquet", pseudonym=pseudonym)).messages["text"].to_list() == [
        "déjà vu"
    ]


def test_rows_of_parquet_are_refused_by_row_number(tmp_path):
    table = pl.DataFrame(
        {"date": ["2024-01-05", None], "text": ["all is well", "no date here"], "list": [[1], [2]]}
    )
    table.write_parquet(tmp_path / "f.parquet")
    batch = next(read_table(tmp_path / "f.parquet", pseudonym=pseudonym))
    assert [(r.file, r.place, r.why) for r in batch.rejected] == [("f.parquet", "row 2", "no date")]


def test_what_was_assumed_of_dates_stands_in_the_notices(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("date,text\n13/02/2024 10:00,Bonjour à tous\n03/04/2024 11:00,Merci à vous\n")
    *_, last = open_table(file).read(pseudonym=lambda names: names)
    assert [(n.kind, n.facts) for n in last.notices] == [
        ("day-first", {"file": "a.csv"}),
        ("naive-times", {"file": "a.csv"}),
    ]
