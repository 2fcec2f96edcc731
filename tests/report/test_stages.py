from pathlib import Path

from estran.report import stages


def test_a_stage_is_told_in_the_language_of_the_reader():
    assert stages.stage("fr", "read") == "Lecture"
    assert stages.stage("en", "test") == "Testing against chance"
    assert stages.stage("fr", "polish") == "polish"


def test_the_reader_is_told_where_a_report_lies_and_that_the_work_was_stopped():
    assert stages.written("fr", Path("tour.html")) == "Rapport\N{NO-BREAK SPACE}: tour.html"
    assert stages.stopped("en") == "stopped; no file is half-written"
