"""The same tour on every face, as kept in tests/snapshots: read the change of a snapshot as a reader would."""

from dataclasses import replace

import pytest
from rich.console import Console

from estran.report import to_html, to_json, to_markdown, to_terminal


@pytest.mark.parametrize("language", ["en", "fr"])
def test_markdown_reads_as_kept(tour, language, snapshot):
    snapshot(f"tour.{language}.md", to_markdown(tour, language=language))


@pytest.mark.parametrize(("language", "width"), [("en", 120), ("fr", 60)])
def test_the_terminal_reads_as_kept(wary_tour, language, width, snapshot):
    console = Console(width=width, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(to_terminal(wary_tour, language=language, width=width, top=4))
    lines = [line.rstrip() for line in capture.get().splitlines()]
    snapshot(f"tour.{language}.{width}.txt", "\n".join(lines) + "\n")


def small(tour):
    return replace(
        tour,
        coming_in=tour.coming_in[:1],
        going_out=tour.going_out[:1] + tour.going_out[6:7],
        become_normal=tour.become_normal[:1],
        steady=tour.steady[:1],
        too_early=tour.too_early[:1],
        coverage=replace(tour.coverage, volumes=tour.coverage.volumes[:3]),
    )


def test_json_reads_as_kept(tour, snapshot):
    snapshot("tour.json", to_json(small(tour)) + "\n")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_reads_as_kept(tour, language, snapshot):
    snapshot(f"tour.{language}.html", to_html(small(tour), language=language) + "\n")


@pytest.mark.parametrize(("language", "width"), [("en", 100), ("fr", 60)])
def test_successions_read_in_the_terminal_as_kept(successions, language, width, snapshot):
    console = Console(width=width, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(to_terminal(successions, language=language, width=width, top=3))
    lines = [line.rstrip() for line in capture.get().splitlines()]
    snapshot(f"succession.{language}.{width}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_successions_read_on_paper_as_kept(successions, language, snapshot):
    few = replace(successions, going_out=successions.going_out[:1])
    snapshot(f"succession.{language}.md", to_markdown(successions, language=language))
    snapshot(f"succession.{language}.html", to_html(few, language=language) + "\n")


def test_the_json_of_successions_reads_as_kept(successions, snapshot):
    snapshot("succession.json", to_json(replace(successions, going_out=successions.going_out[6:7])) + "\n")
