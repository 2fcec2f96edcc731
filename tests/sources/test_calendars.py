"""Calendars: what they hold, day by day, and what in them cannot be read."""

import datetime as dt
import sys

import pytest

from estran.errors import ColumnsError, InputError
from estran.model import Rejected
from estran.sources.calendars import Entry, read_calendar

D = dt.date
NEXT_YEAR = D(2025, 1, 1)


@pytest.fixture
def calendar(tmp_path):
    def reading(content, name="plan.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_calendar(path, **options)

    return reading


@pytest.fixture
def events(calendar):
    """The entries of an iCalendar file with these events: `events("SUMMARY:x\\nDTSTART:20240301")`."""

    def reading(*bodies, head="", until=NEXT_YEAR):
        inner = "".join(f"BEGIN:VEVENT\nUID:{n}\n{b}\nEND:VEVENT\n" for n, b in enumerate(bodies))
        whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{head}{inner}END:VCALENDAR\n"
        return calendar(whole.replace("\n", "\r\n"), "plan.ics", until=until)

    return reading


def days(calendar):
    return [entry.day.isoformat() for entry in calendar.entries]


def test_a_table_gives_an_entry_a_row_sorted_by_day(calendar):
    told = calendar(
        "date,label,scope,themes,end\n2024-03-01,New returns policy,sales/north,returns;refund,\n2023-01-09,Réorganisation,,,2023-02-01\n"
    )
    assert told.entries == (
        Entry(D(2023, 1, 9), D(2023, 2, 1), "Réorganisation", file="plan.csv", place="line 3"),
        Entry(
            D(2024, 3, 1), D(2024, 3, 1), "New returns policy", "", "sales/north", ("returns", "refund"), "plan.csv", "line 2"
        ),
    )  # fmt: skip


def test_a_french_table_with_semicolons_is_read_day_first(calendar):
    told = calendar(
        "Jour;Libellé;Périmètre;Thèmes\n13/03/2024;Télétravail;ventes;télétravail, confiance\n02/04/2024;b;;\n"
    )
    assert [(e.day, e.label, e.scope, e.themes) for e in told.entries] == [
        (D(2024, 3, 13), "Télétravail", "ventes", ("télétravail", "confiance")),
        (D(2024, 4, 2), "b", None, ()),
    ]


def test_rows_that_cannot_be_read_are_refused_with_their_line(calendar):
    told = calendar(
        "date,label,end\nsoon,a,\n2024-01-01,,\n,c,\n2024-01-01,d,2023-01-01\n2024-01-02,e,later\n2024-01-03,f\n2024-01-04,g,\n"
    )
    assert [e.label for e in told.entries] == ["g"]
    assert [(r.place, r.why) for r in told.rejected] == [
        ("line 2", "`soon` is no date"),
        ("line 3", "no label"),
        ("line 4", "no date"),
        ("line 5", "it ends before it begins"),
        ("line 6", "`later` is no date"),
        ("line 7", "2 fields where the header has 3"),
    ]


def test_days_that_can_be_read_two_ways_are_asked_about(calendar):
    table = "date,label\n03/04/2024,a\n"
    with pytest.raises(ColumnsError, match="the day or the month first"):
        calendar(table)
    assert days(calendar(table, day_first=False)) == ["2024-03-04"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("date,label\n", "holds no dated entry"),
        ("moment,label\n2024-01-01,a\n", "no column called `date`"),
        ("date,who\n2024-01-01,a\n", "no column called `label`"),
        ("date,label\nsoon,a\n", "holds no dated entry that can be read: line 2, `soon` is no date"),
        ('{"date": "2024-01-01"}\n', "another kind"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "holds no dated entry"),
        ("BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR\n", "no iCalendar file that can be read"),
    ],
)
def test_a_file_without_dates_is_said_to_be_one(calendar, content, said):
    with pytest.raises(InputError, match=said):
        calendar(content)


def test_a_whole_day_ends_on_the_day_before_its_exclusive_end(events):
    told = events("SUMMARY:Séminaire\nDTSTART;VALUE=DATE:20240301\nDTEND;VALUE=DATE:20240303")
    assert told.entries == (
        Entry(D(2024, 3, 1), D(2024, 3, 2), "Séminaire", file="plan.ics", place="line 4"),
    )


def test_a_day_is_the_one_on_the_wall_of_the_event(events):
    told = events(
        "SUMMARY:in Auckland\nDTSTART;TZID=Pacific/Auckland:20240302T080000",
        "SUMMARY:in UTC\nDTSTART:20240304T233000Z",
        head="X-WR-TIMEZONE:Europe/Paris\n",
    )
    assert days(told) == ["2024-03-02", "2024-03-05"]


def test_a_duration_or_an_end_at_midnight_does_not_reach_the_next_day(events):
    told = events(
        "SUMMARY:a\nDTSTART:20240301T220000\nDURATION:PT2H",
        "SUMMARY:b\nDTSTART:20240301T220000\nDURATION:PT3H",
    )
    assert [e.end.day for e in told.entries] == [1, 2]


def test_folded_lines_are_joined_even_in_the_middle_of_a_letter(calendar):
    body = "SUMMARY:Réunion générale\\, à Évry\r\nDTSTART:20240301\r\n".encode()
    cut = body.index("É".encode()) + 1
    folded = body[:cut] + b"\r\n " + body[cut:]
    whole = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n" + folded + b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    assert [e.label for e in calendar(whole, "plan.ics").entries] == ["Réunion générale, à Évry"]


def test_a_calendar_in_the_letters_of_old_windows_is_read(calendar):
    whole = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Été\nDTSTART:20240301\nEND:VEVENT\nEND:VCALENDAR\n"
    assert calendar(whole.encode("cp1252"), "plan.ics").entries[0].label == "Été"


def test_a_recurring_event_is_followed_over_summer_time_without_what_was_taken_out(events):
    told = events(
        "SUMMARY:Town hall\nDTSTART;TZID=Europe/Paris:20240131T001500\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20240530T221500Z\n"
        "EXDATE;TZID=Europe/Paris:20240229T001500\nRDATE;TZID=Europe/Paris:20240701T100000"
    )
    assert days(told) == ["2024-01-31", "2024-03-31", "2024-04-30", "2024-05-31", "2024-07-01"]


def test_an_event_without_end_is_followed_to_the_day_asked_for(events):
    assert days(events("SUMMARY:Review\nDTSTART:20240101\nRRULE:FREQ=MONTHLY", until=D(2024, 3, 1))) == [
        "2024-01-01",
        "2024-02-01",
        "2024-03-01",
    ]


def test_an_occurrence_that_was_moved_stands_on_its_new_day_only(calendar):
    master = "UID:a\nSUMMARY:Review\nDTSTART;TZID=Europe/Paris:20240101T090000\nRRULE:FREQ=WEEKLY;COUNT=3"
    other = "UID:a\nSUMMARY:Review, late\nDTSTART;TZID=Europe/Paris:20240110T090000\nRECURRENCE-ID:20240108T080000Z"
    whole = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{master}\nEND:VEVENT\nBEGIN:VEVENT\n{other}\nEND:VEVENT\nEND:VCALENDAR\n"
    told = calendar(whole, "plan.ics", until=D(2025, 1, 1))
    assert [(e.day.day, e.label) for e in told.entries] == [
        (1, "Review"),
        (10, "Review, late"),
        (15, "Review"),
    ]


def test_an_event_that_recurs_without_measure_is_cut_and_said(events):
    told = events("SUMMARY:tick\nDTSTART:20240101T000000\nRRULE:FREQ=MINUTELY")
    assert len(told.entries) == 1_000
    assert told.rejected[0].why.startswith("it recurs more than 1,000 times")


def test_events_that_cannot_be_read_are_refused_with_their_line(events):
    told = events(
        "SUMMARY:fine\nDTSTART:20240101",
        "SUMMARY:undated",
        "SUMMARY:wrong\nDTSTART:soon",
        "DTSTART:20240101",
        "SUMMARY:off\nDTSTART:20240101\nSTATUS:CANCELLED",
        "SUMMARY:back\nDTSTART:20240102\nDTEND:20240101",
        "SUMMARY:odd\nDTSTART:20240102\nRRULE:FREQ=SOMETIMES",
    )
    assert [e.label for e in told.entries] == ["fine"]
    assert told.rejected[0] == Rejected("plan.ics", "line 9", "no date (DTSTART)")
    assert [r.why for r in told.rejected[2:5]] == [
        "no label (SUMMARY)",
        "it was cancelled",
        "it ends before it begins",
    ]
    assert ["soon" in told.rejected[1].why, "SOMETIMES" in told.rejected[5].why] == [True, True]


def test_a_task_is_no_event(calendar):
    whole = "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nSUMMARY:x\nDUE:20240101\nEND:VTODO\nEND:VCALENDAR\n"
    with pytest.raises(InputError, match="line 2, a task and no event"):
        calendar(whole, "plan.ics")


def test_without_its_library_an_icalendar_file_names_what_to_install(calendar, monkeypatch):
    monkeypatch.setitem(sys.modules, "estran.sources.icalendars", None)
    with pytest.raises(InputError, match=r"estran\[sources\]"):
        calendar("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "plan.ics")
