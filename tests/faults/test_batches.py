"""What is given twice, edited, or dated into another month: counted once, in its first month, and said."""

import polars as pl
from bench.torture.comparing import counts_of, messages_of

from conftest import said

CRM = ("--source", "crm")
"""A message is known by its source and its id."""


def given(file, *frames):
    pl.concat(frames).write_csv(file)


def test_duplicates_inside_a_file_are_refused_one_by_one_and_counted_once(acme, estran):
    new = said(40, start=600)
    given("b.csv", new, new[:7], new[7:12].with_columns(text=pl.lit("another text under the same id")))
    ingest = estran("ingest", "acme", "b.csv", "--id", "id", *CRM)
    assert "52 rows read, 40 new messages" in ingest.printed
    assert "7 rows refused, duplicate id, same message" in ingest.printed
    assert "5 rows refused, duplicate id, another message" in ingest.printed
    assert messages_of(acme).height == 640


def test_a_file_that_overlaps_another_adds_only_what_is_new(acme, estran):
    given("b.csv", said(100, start=550))
    assert "50 new messages, 50 were there already" in estran("ingest", "acme", "b.csv", *CRM).printed
    before = messages_of(acme)
    assert "nothing to do" in estran("ingest", "acme", "b.csv", *CRM).printed
    assert messages_of(acme).equals(before)
    assert before.height == 650


def test_an_edited_message_is_there_once_as_it_was_edited_last(acme, estran):
    given("b.csv", said(30, start=100).with_columns(text=pl.col("text") + " and quite zubrowka"))
    assert "30 changed" in estran("ingest", "acme", "b.csv", *CRM).printed
    kept = messages_of(acme)
    assert (kept.height, kept["text"].str.contains("zubrowka").sum()) == (600, 30)
    assert estran("refresh", "acme").code == 0
    totals = counts_of(acme).totals().filter(pl.col("phrase") == "zubrowka")
    assert totals["messages"].to_list() == [30]


def test_a_message_dated_into_another_month_is_counted_once_in_its_first_one(acme, estran):
    before = messages_of(acme)
    moved = said(9, start=200).with_columns(
        time=pl.lit("2024-02-03T10:00:00Z"), text=pl.col("text") + " and quite zubrowka"
    )
    given("b.csv", moved)
    ingest = estran("ingest", "acme", "b.csv", *CRM)
    assert "9 changed" in ingest.printed
    assert "9 messages are dated in another month now: they stay in their first one" in ingest.printed
    after = messages_of(acme)
    assert after["time"].equals(before["time"])
    assert (after.height, after["text"].str.contains("zubrowka").sum()) == (600, 9)
    assert estran("refresh", "acme").code == 0
    phrases = counts_of(acme).phrases(at_least=1)
    (place,) = [n for n, phrase in enumerate(phrases.counts.phrases) if phrase == "zubrowka"]
    rows = phrases.counts.phrase == place
    months = phrases.cells["month"].gather(phrases.counts.cell[rows])
    assert phrases.counts.messages[rows].sum() == 9
    assert "2024-02" not in months.to_list()


def test_the_last_edit_wins_whatever_the_order_of_files_in_later_runs(acme, estran):
    given("b.csv", said(10, start=5, text="the first edit"))
    given("c.csv", said(10, start=5, text="the second edit"))
    assert estran("ingest", "acme", "b.csv", "c.csv", *CRM).code == 0
    assert (
        "nothing to do" in estran("ingest", "acme", "b.csv", *CRM).printed
    )  # it is in: it does not come back
    assert messages_of(acme)["text"].str.contains("the second edit").sum() == 10
