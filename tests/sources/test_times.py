import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.sources.times import Orders, orders, parse, zoneless


def read(*values, **kwargs):
    times = parse(pl.Series(values), **kwargs)
    return [t if t is None else f"{t:%Y-%m-%d %H:%M:%S}" for t in times]


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-01T12:00:00Z", "2024-03-01 12:00", " 2024-03-01 12:00 ", "2024-03-01T14:00:00+02:00",
        "2024-03-01T12:00:00.000000", "2024-03-01T07:00-05", "2024/3/1 12:00", "20240301T120000Z", "20240301120000",
        "2024-03-01T13:00:00+01:00[Europe/Paris]", "1709294400", "1709294400.0", "1709294400000", "1709294400000000",
        "1709294400000000000", "Fri, 01 Mar 2024 13:00:00 +0100", "1 Mar 2024 07:00 EST", "01/03/2024 12:00",
        "1.3.24 12:00", "Mar 1, 2024 12:00 PM", "March 1st, 2024 at 12:00", "1er mars 2024 à 12:00",
        "vendredi 1 mars 2024 12h00", "Fri Mar 01 2024 13:00:00 GMT+0100 (CET)", "Fri Mar  1 12:00:00 2024",
        "Fri Mar 01 12:00:00 +0000 2024", "2024-03-01 12:00:00 UTC",
    ],
)  # fmt: skip
def test_one_moment_however_it_is_written(written):
    assert read(written) == ["2024-03-01 12:00:00"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1790-01-08", "1790-01-08"),
        ("-4000000000", "1843-03-31"),
        ("2024-03", "2024-03-01"),
        ("1790", "1790-01-01"),
        ("5 août 2023", "2023-08-05"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("2024-02-29", "2024-02-29"),
        ("31/12/99", "1999-12-31"),
    ],
)
def test_days_months_and_years_alone_are_dates(written, day):
    assert read(written)[0].startswith(day)


@pytest.mark.parametrize(
    "written",
    [
        "", "x", "12", "2023-02-29", "2024-13-01", "2024-00-10", "2024-03-01T25:00", "2024-03-01 13:00 PM",
        "2024-03-01T12:61", "2024-03-01 12:00 XYZ", "2024-W10", "99999999999999999999", "32/01/2024", "5 mots 2024",
        "yesterday", "1.2.3.4",
    ],
)  # fmt: skip
def test_what_is_no_date_is_null(written):
    assert read(written) == [None]


def test_forms_may_be_mixed_in_one_column():
    assert read("2024-03-01", None, "1709294400", "no", "Fri, 01 Mar 2024 13:00:00 +0100") == [
        "2024-03-01 00:00:00", None, "2024-03-01 12:00:00", None, "2024-03-01 12:00:00",
    ]  # fmt: skip


def test_the_order_of_day_and_month_is_as_told():
    assert read("03/04/2024", day_first=True) == ["2024-04-03 00:00:00"]
    assert read("03/04/2024", day_first=False) == ["2024-03-04 00:00:00"]
    assert read("31/04/2024", "04/31/2024", day_first=False) == [None, None]


def test_afternoon_and_midnight():
    assert read("3/4/24 3:04 PM", "3/4/24 12:30 a.m.") == ["2024-04-03 15:04:00", "2024-04-03 00:30:00"]


def test_typed_columns_are_read_by_their_type():
    noon = dt.datetime(2024, 3, 1, 12)
    paris = pl.Series([noon]).dt.replace_time_zone("Europe/Paris")
    assert parse(paris).dt.hour().to_list() == [11]
    assert parse(pl.Series([noon])).dt.hour().to_list() == [12]
    assert read(dt.date(2024, 3, 1)) == ["2024-03-01 00:00:00"]
    assert read(1709294400, 20240301, 2024) == [
        "2024-03-01 12:00:00",
        "2024-03-01 00:00:00",
        "2024-01-01 00:00:00",
    ]
    assert read(1709294400.5, float("nan"), None) == ["2024-03-01 12:00:00", None, None]
    assert read(True) == [None]


@pytest.mark.parametrize(
    ("values", "decided"),
    [
        (["03/04/2024", "31/12/2024"], True),
        (["03/04/2024", "12/31/2024"], False),
        (["03/04/2024", "04/04/2024"], None),
        (["2024-03-04"], None),
    ],
)
def test_a_day_above_12_decides_the_order(values, decided):
    assert orders(pl.Series(values)).decided is decided


def test_evidence_about_the_order_adds_up():
    assert Orders(1, 0, 2, 1) + Orders(0, 3, 1, 1) == Orders(1, 3, 3, 2)
    assert orders(pl.Series([1, 2])) == Orders()


def test_a_clock_without_a_zone_is_noticed():
    assert zoneless(pl.Series(["2024-03-01 12:00"]))
    assert zoneless(pl.Series([dt.datetime(2024, 3, 1)]))
    assert not zoneless(pl.Series(["2024-03-01T12:00Z", "2024-03-01", "1709294400"]))


@settings(deadline=None, max_examples=60)
@given(st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 30)))
def test_any_moment_written_in_iso_is_read_back(moment):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert parse(pl.Series([moment.isoformat()])).to_list() == [moment.replace(tzinfo=dt.UTC)]
