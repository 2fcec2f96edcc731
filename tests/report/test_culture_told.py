"""Culture and behaviour on every face, in both languages."""

from dataclasses import replace

import pytest
from rich.console import Console
from sample_culture import sample_culture

from estran.report import to_html, to_json, to_markdown, to_terminal


@pytest.fixture(scope="module")
def found():
    return sample_culture()


def printed(found, language="en", width=80, top=10):
    console = Console(width=width, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(to_terminal(found, language=language, width=width, top=top))
    return capture.get()


def few(found):
    return replace(found, coverage=replace(found.coverage, volumes=(), notices=()))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_culture_reads_as_kept(found, language, snapshot):
    snapshot(f"culture.{language}.md", to_markdown(few(found), language=language))
    lines = [line.rstrip() for line in printed(few(found), language).splitlines()]
    snapshot(f"culture.{language}.txt", "\n".join(lines) + "\n")


def test_a_line_of_the_terminal_is_no_longer_than_the_terminal(found):
    assert max(map(len, printed(found, "fr").splitlines())) <= 80


def test_the_page_tells_a_withheld_cell_from_nothing_and_marks_differences_by_more_than_colour(found):
    page = to_html(found, language="fr")
    assert page.count('class="withheld"') == 3
    assert "▲\N{NO-BREAK SPACE}31,0" in page
    assert "▼\N{NO-BREAK SPACE}5,0" in page


def test_nothing_that_people_say_becomes_part_of_the_page(found):
    assert "<b>code" not in to_html(found)
    assert "<b>code" not in to_markdown(found).replace("`family-respect+en:<b>code</b>`", "")


def test_the_json_holds_every_figure_with_its_interval(found):
    assert '"answer": "withheld"' in to_json(found)
    assert '"share": null' in to_json(found)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sides_known": False}, "No side is known"),
        ({"units": {}, "scope": ""}, "No unit is known"),
        ({"units": {}, "scope": "sales"}, "All is said in sales"),
        ({"more_units": 1}, "1 more unit, in which fewer people speak, is not shown"),
    ],
)
def test_what_a_reader_has_to_know_besides_is_said(found, changed, said):
    cells = () if changed.get("units") == {} else None
    families = tuple(replace(f, units=f.units if cells is None else cells) for f in found.families)
    shown = replace(found, families=families, **changed)
    assert said in " ".join(printed(shown).split())
    assert said in to_markdown(shown)


def test_where_nothing_moved_or_differs_that_is_said(found):
    still = replace(
        found.families[1], units=tuple(replace(c, answer="alike") for c in found.families[0].units[:2])
    )
    shown = replace(found, families=(still,), units={"north": 120, "south": 80})
    text = to_markdown(shown)
    assert "No family moved more than chance would have it." in text
    assert "No difference between units is larger than chance would have it." in text


def test_what_does_not_fit_is_counted(found):
    assert "1 more" in printed(found, top=1)


def test_where_no_side_is_known_nothing_is_said_to_be_inside(found):
    told = to_markdown(replace(found, sides_known=False))
    assert "People speak most of" in told
    assert "Inside, people" not in told
