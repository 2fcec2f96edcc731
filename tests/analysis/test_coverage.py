import datetime as dt

import numpy as np
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.coverage import coverage
from estran.analysis.progress import Silent
from estran.findings import Refused
from estran.model import Rejected, Step
from nouns import NOUNS

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def day(n, count, years=4):
    return START + dt.timedelta(days=n * years * 365 / count)


def text(n):
    return f"The {NOUNS[n % 10]} and the {NOUNS[n // 10 % 10]} met a {NOUNS[n // 100 % 10]} near {n}."


def covered(frame, rows, *, step=Step.HALF, tokens=None):
    corpus = prepare(frame(rows), step=step, progress=Silent())
    count = corpus.messages.height
    return coverage(
        corpus, np.full(count, 20, np.int32) if tokens is None else tokens(count), read=len(rows), rejected=()
    )


def kinds(found):
    return [notice.kind for notice in found.notices]


@pytest.fixture
def even(frame):
    """A message every day and a half for four whole years, by signed people of both sides."""
    count = 980
    return [
        {"text": text(n), "time": day(n, count), "author": f"a{n % 50}", "thread": f"t{n // 3}",
         "side": "inside" if n % 2 else "outside"}
        for n in range(count)
    ]  # fmt: skip


def test_an_even_corpus_needs_no_warning(frame, even):
    assert kinds(covered(frame, even)) == []


def test_volumes_add_up_to_what_was_kept(frame, even):
    found = covered(frame, even)
    assert sum(volume.messages for volume in found.volumes) == found.kept
    assert found.languages == {"en": found.kept}


def test_a_source_that_starts_late_and_one_that_falls_silent_are_said(frame, even):
    rows = [row | {"source": "forum" if n < 500 else "chat"} for n, row in enumerate(even)]
    said = {notice.kind: notice.facts for notice in covered(frame, rows).notices}
    assert said["source-silent"]["source"] == "forum"
    assert said["source-new"]["source"] == "chat"


def test_messages_that_grow_longer_are_said(frame, even):
    found = covered(frame, even, tokens=lambda n: np.linspace(10, 60, n).astype(np.int32))
    assert kinds(found) == ["length-drift"]


def test_a_language_that_takes_over_is_said(frame, even):
    rows = [row | {"language": "fr" if n > 600 else "en"} for n, row in enumerate(even)]
    assert [(n.kind, n.facts["language"]) for n in covered(frame, rows).notices] == [
        ("language-drift", "en"),
        ("language-drift", "fr"),
    ]


def test_a_last_period_that_is_not_over_is_said(frame, even):
    assert [n.facts for n in covered(frame, even[:900]).notices] == [{"period": "2023-H2"}]


def test_conferences_are_not_blamed_for_days_without_messages(frame, even):
    rows = [row | {"time": START.replace(year=2020 + n // 245, month=5)} for n, row in enumerate(even)]
    assert "incomplete-period" not in kinds(covered(frame, rows, step=Step.YEAR))


def test_what_nobody_signed_and_one_side_alone_are_said(frame, even):
    rows = [row | {"author": None, "side": "inside", "thread": None} for row in even]
    assert kinds(covered(frame, rows, step=Step.YEAR)) == [
        "no-conversations",
        "few-periods",
        "no-author",
        "one-side",
    ]


def test_seasons_that_cannot_be_known_are_said(frame, even):
    rows = [row for row in even if row["time"] < START + dt.timedelta(days=540)]
    assert "seasons-unknown" in kinds(covered(frame, rows, step=Step.QUARTER))
    assert "seasons-unknown" not in kinds(covered(frame, even, step=Step.QUARTER))


def test_refused_rows_are_counted_by_file_and_reason_with_their_first_places(frame, even):
    corpus = prepare(frame(even), step=Step.HALF, progress=Silent())
    refused = [Rejected("a.csv", f"line {n}", "no date") for n in range(7)] + [
        Rejected("b.csv", "line 1", "no date")
    ]
    found = coverage(corpus, np.full(corpus.messages.height, 9, np.int32), read=988, rejected=refused)
    assert found.refused == (
        Refused("a.csv", "no date", 7, ("line 0", "line 1", "line 2", "line 3", "line 4")),
        Refused("b.csv", "no date", 1, ("line 1",)),
    )
