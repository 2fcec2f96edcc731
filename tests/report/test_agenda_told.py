"""Announced against said, on every face and in both languages."""

from dataclasses import replace

import pytest
from rich.console import Console
from sample_agenda import sample_agenda, theme

from estran.findings import Uptake
from estran.report import to_html, to_json, to_markdown, to_terminal
from estran.report.agenda import ANSWERS, MEANINGS


@pytest.fixture(scope="module")
def found():
    return sample_agenda()


def few(found):
    return replace(found, coverage=replace(found.coverage, volumes=(), notices=()))


def printed(found, language="en", top=10):
    console = Console(width=80, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(to_terminal(found, language=language, width=80, top=top))
    return capture.get()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_agenda_reads_as_kept(found, language, snapshot):
    snapshot(f"agenda.{language}.md", to_markdown(few(found), language=language))
    lines = [line.rstrip() for line in printed(few(found), language).splitlines()]
    snapshot(f"agenda.{language}.txt", "\n".join(lines) + "\n")


def test_every_answer_has_a_name_and_a_meaning():
    assert set(ANSWERS) == set(MEANINGS) == set(Uptake)


def test_a_line_is_no_longer_than_the_terminal(found):
    assert max(map(len, printed(found, "fr").splitlines())) <= 80


def test_nothing_of_the_plan_becomes_part_of_the_page(found):
    assert "<b>twin" not in to_html(found)
    assert "<b>twin" not in to_markdown(found)


def test_a_place_is_told_in_the_language_of_the_reader(found):
    page = to_html(found, language="fr")
    assert "ligne 3, diapositive 2" in page
    assert "line 3, slide 2" not in page


def test_few_people_are_not_counted_aloud(found):
    assert "fewer than 5" in printed(found)
    assert '"people": null' in to_json(found)


def test_without_a_day_that_is_said_and_no_effect_is(found):
    spoken = theme("training", "formation", Uptake.SPOKEN, before=None, ratio=None, detectable=None, day=None)
    undated = replace(
        found, days=(), step=None, themes=(spoken,), voice_before=None, installed=(), notices=()
    )
    text = " ".join(printed(undated).split())
    assert "The plan says no day" in text
    assert "announced themes make 6.0%" in text
    assert "taken up" not in text.lower()


def test_where_nothing_was_taken_up_that_is_said(found):
    still = replace(found, themes=found.themes[2:3], voice=None)
    assert "Of none can it be said that people took it up." in to_markdown(still)
    assert "announced themes made" not in to_markdown(still)


def test_what_does_not_fit_is_counted(found):
    many = replace(
        found, themes=tuple(replace(found.themes[k], label=f"w{n}") for k in (2, 5) for n in range(5))
    )
    assert printed(many, top=3).count("2 more") == 2
