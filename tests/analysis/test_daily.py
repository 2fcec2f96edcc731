"""How often themes are said day by day, and what was to be expected."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.daily import Daily, daily, in_season
from estran.analysis.progress import Silent
from estran.analysis.themes import Said
from estran.model import Concept, Step
from estran.stats.alarms import CLUMPS, raised, threshold
from nouns import NOUNS

MORNING = dt.datetime(2024, 1, 1, 9, tzinfo=dt.UTC)


def corpus_of(frame, rows):
    """Messages of (day, author, thread) that each say two words, in the order of their days."""
    return prepare(
        frame(
            [
                {"time": MORNING + dt.timedelta(days=day, minutes=n), "author": author, "thread": thread,
                 "text": f"The {NOUNS[n % 10]} {NOUNS[n // 10 % 10]} speaks up in {n}."}
                for n, (day, author, thread) in enumerate(rows)
            ]
        ),
        step=Step.WEEK,
        progress=Silent(),
    )  # fmt: skip


def said_by(corpus, rows):
    """One concept, said in those rows."""
    rows = np.array(rows, np.int32)
    count = corpus.messages.height
    return Said((Concept("x", (("en", "x"),), 1.0),), rows, np.zeros(len(rows), np.int32), np.full(count, 5, np.int32), np.zeros(1, np.int64))  # fmt: skip


def counted(corpus, said, **bounds):
    return daily(corpus, said, np.array([0]), within=np.ones(corpus.messages.height, bool), **bounds)


def test_a_person_counts_once_in_seven_days(frame):
    rows = [(day, "loud", None) for day in range(16)] + [(15, "other", None)]
    corpus = corpus_of(frame, rows)
    found = counted(corpus, said_by(corpus, range(17)))
    assert np.flatnonzero(found.seen[:, 0]).tolist() == [0, 7, 14, 15]
    assert found.seen.sum() == 4


def test_what_is_expected_follows_who_speaks(frame):
    rows = [(0, "a", None), (0, "b", None), (1, "c", None), (3, "d", None), (9, "e", None)]
    corpus = corpus_of(frame, rows)
    found = counted(corpus, said_by(corpus, [0, 4]))
    assert found.first == dt.date(2024, 1, 1)
    assert found.due[:, 0] == pytest.approx([0.8, 0.4, 0, 0.4, 0, 0, 0, 0, 0, 0.4])
    assert found.due.sum() == pytest.approx(found.seen.sum())


def test_people_of_one_conversation_are_a_clump_and_unknown_ones_the_usual(frame):
    rows = [(day, f"p{day}-{n}", f"t{day}-{n // 3}") for day in range(9) for n in range(9)]
    corpus = corpus_of(frame, rows)
    one_thread = [0, 1, 2]
    apart = [0, 3, 6]
    assert counted(corpus, said_by(corpus, one_thread)).clumps == pytest.approx([3.0])
    assert counted(corpus, said_by(corpus, apart)).clumps == pytest.approx([1.0])
    assert counted(corpus, said_by(corpus, [])).clumps == pytest.approx([1.0])
    unknown = corpus_of(frame, [(day, author, None) for day, author, _ in rows])
    assert counted(unknown, said_by(unknown, one_thread)).clumps == pytest.approx([CLUMPS])


def test_days_are_bounded_and_none_may_be_left(frame):
    corpus = corpus_of(frame, [(day, f"p{day}", None) for day in range(10)])
    said = said_by(corpus, [2, 8])
    found = counted(corpus, said, since=dt.date(2024, 1, 2), until=dt.date(2024, 1, 5))
    assert (found.first, len(found.seen), found.seen.sum()) == (dt.date(2024, 1, 2), 4, 1)
    assert counted(corpus, said, since=dt.date(2025, 1, 1)).seen.shape == (0, 1)


def seasonal(rng, *, days, peak, weekly=10, months=(4, 5)):
    """Twenty themes, each said `peak` times as much in some months of each year."""
    first = dt.date(2021, 1, 1)
    month = np.array([(first + dt.timedelta(days=day)).month for day in range(days)])
    due = np.full((days, 20), weekly / 7)
    seen = rng.poisson(due * np.where(np.isin(month, months), peak, 1.0)[:, None]).astype(float)
    return Daily(first, seen, due, due, np.ones(20)), month


def test_a_theme_is_expected_to_do_as_the_months_of_two_years_did():
    counts, month = seasonal(np.random.default_rng(1), days=1200, peak=3.0)
    known = in_season(counts, before=740)
    spring = (month == 4) | (month == 5)
    ratio = known.due[spring].mean() / known.due[~spring].mean()
    assert 2.3 <= ratio <= 3.2
    assert np.array_equal(known.plain, counts.due)


def test_what_comes_after_the_days_that_tell_a_season_does_not_change_it():
    counts, _ = seasonal(np.random.default_rng(2), days=1000, peak=2.0)
    later = replace(counts, seen=counts.seen + np.where(np.arange(1000) >= 740, 5.0, 0.0)[:, None])
    assert np.array_equal(in_season(counts, before=740).due, in_season(later, before=740).due)


def test_a_theme_without_a_season_or_with_less_than_two_years_is_expected_as_before():
    counts, _ = seasonal(np.random.default_rng(3), days=1000, peak=1.0)
    assert in_season(counts, before=727) is counts
    assert np.abs(np.log(in_season(counts, before=740).due / counts.due)).mean() < 0.05


def test_what_comes_back_every_june_raises_hardly_an_alarm_once_it_is_known():
    counts, _ = seasonal(np.random.default_rng(4), days=1300, peak=2.0, weekly=30, months=(6,))
    known = in_season(counts, before=740)
    plain, aware = (
        len(raised(each.seen, each.due, looks=365, rise=threshold(0.5)).day) for each in (counts, known)
    )
    assert plain >= 10
    assert aware <= plain / 3


def test_a_rise_beside_a_season_is_told_sooner_once_the_season_is_known():
    # a season that is unknown is taken for clumps
    counts, _ = seasonal(np.random.default_rng(5), days=1180, peak=3.0, weekly=20)
    counts.seen[1000:1120] *= 2.0
    known = in_season(counts, before=740)
    plain, aware = (
        len(np.unique(raised(each.seen[:1040], each.due[:1040], looks=40, rise=threshold(0.5)).theme))
        for each in (counts, known)
    )
    assert aware >= 15
    assert plain <= aware / 2
