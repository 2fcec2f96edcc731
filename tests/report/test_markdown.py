import re
from dataclasses import replace

import pytest

from estran.report import to_markdown
from estran.report.blocks import blocks
from estran.report.markdown import ROWS


def cells(line):
    return len(re.findall(r"(?<!\\)\|", line)) - 1


def tables(markdown):
    """Runs of table lines."""
    return [run.splitlines() for run in re.findall(r"(?:^\|.*\n)+", markdown, flags=re.MULTILINE)]


@pytest.mark.parametrize("which", ["tour", "wary_tour", "hostile_tour"])
def test_every_row_of_a_table_has_as_many_cells_as_its_head(which, request):
    for table in tables(to_markdown(request.getfixturevalue(which))):
        assert {cells(line) for line in table} == {cells(table[0])}


def test_the_board_has_a_row_for_each_theme(tour):
    board = tables(to_markdown(tour))
    assert [len(table) - 2 for table in board] == [12, 10, 7, 15, 5, 4, 3, 6]


def test_a_reason_that_cannot_be_told_says_what_could_have_been_seen(tour):
    assert (
        "Too few uses to see it leave the headlines. Only a change as large as ×4.6 or ÷4.6 could have been seen."
        in to_markdown(tour)
    )


def test_successions_have_a_row_for_each_link(successions):
    board = tables(to_markdown(successions, language="fr"))
    assert [len(table) - 2 for table in board] == [7, 10, 6]
    assert to_markdown(replace(successions, going_out=())).startswith(
        "# What came in the place of what\n\nIn these data, nothing goes Out for sure.\n"
    )


def test_quotes_stand_in_the_marks_of_their_language(tour):
    markdown = to_markdown(tour)
    assert (
        "> “Delivery tracking is the first thing I open in the morning.” (outside, reviews, 14 February 2023)"
        in markdown
    )
    assert (
        "> «\N{NARROW NO-BREAK SPACE}Encore un plan engagement, et les mêmes horaires.\N{NARROW NO-BREAK SPACE}»"
        in markdown
    )


def test_no_text_of_a_user_becomes_markup(hostile_tour):
    markdown = to_markdown(hostile_tour)
    assert not re.search(r"(?<!\\)<(script|img)", markdown)
    assert "\\<script\\>" in markdown


def test_nothing_is_an_answer(empty_tour):
    markdown = to_markdown(empty_tour, language="fr")
    assert markdown.startswith("# Tour d’Estran\n\nDans ces données, rien n’est In ni Out avec certitude.")
    assert "Comment on parle" not in markdown


def test_a_list_too_long_is_counted(tour):
    many = replace(tour, steady=tuple(tour.steady[0] for _ in range(ROWS + 2)))
    assert "2 more themes are in the JSON of this tour." in to_markdown(many)


def test_a_theme_without_rate_or_turn_has_a_dash(tour):
    theme = tour.coming_in[0]
    bare = replace(theme, since=None, change=replace(theme.change, q=None), also=(), quotes=())
    row = next(
        line
        for line in to_markdown(replace(tour, coming_in=(bare,))).splitlines()
        if "generative" in line and line[0] == "|"
    )
    assert row.count("—") == 2


def test_blocks_rise_with_the_values():
    assert blocks([0, 0.5, 1, float("nan")]) == "▁▅█ "
    assert blocks([0, 0]) == "▁▁"


def test_long_series_are_averaged():
    assert blocks([1, 3, 4, 4, float("nan"), float("nan")], width=3) == "▅█ "
