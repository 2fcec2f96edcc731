import re
from dataclasses import replace

import pytest
from rich.console import Console

from estran.report import to_terminal


def shown(tour, *, width=120, colour=False, **how):
    console = Console(
        width=width, no_color=not colour, force_terminal=colour, color_system="truecolor" if colour else None
    )
    with console.capture() as capture:
        console.print(to_terminal(tour, width=width, **how))
    return capture.get()


def line_with(text, *words):
    return any(all(word in line for word in words) for line in text.splitlines())


def test_in_and_out_stand_side_by_side_where_there_is_room(tour):
    assert line_with(shown(tour, width=120), "▲ In", "▼ Out")
    assert not line_with(shown(tour, width=80), "▲ In", "▼ Out")


@pytest.mark.parametrize("width", [40, 60, 96, 120, 200])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_line_is_wider_than_the_terminal(wary_tour, width, language):
    assert max(map(len, shown(wary_tour, width=width, language=language).splitlines())) <= width


def test_the_rest_of_a_list_is_counted(tour):
    text = shown(tour, top=3)
    assert ("and 9 more" in text, "and 7 more" in text) == (True, True)
    assert "hybrid work" in text
    assert "customer journey" not in text


def test_the_whole_list_is_shown_when_asked(tour):
    assert "pay by instalments" in shown(tour, top=None)
    assert not re.search(r"and \d+ more", shown(tour, top=None))


def test_it_is_readable_without_colour_and_coloured_where_there_is_some(tour):
    assert "\x1b[" not in shown(tour)
    assert "\x1b[" in shown(tour, colour=True)


def test_brackets_of_a_user_are_no_markup(tour):
    theme = replace(tour.coming_in[0], label="[bold]x[/bold]", labels={}, quotes=())
    assert "[bold]x[/bold]" in shown(replace(tour, coming_in=(theme,)))


@pytest.mark.parametrize("width", range(40, 70))
def test_no_line_breaks_within_a_number(tour, width):
    text = shown(tour, width=width, language="fr", top=1)
    assert "36\N{NARROW NO-BREAK SPACE}352" in text
    assert not any(line.rstrip(" ").endswith("\N{NARROW NO-BREAK SPACE}") for line in text.splitlines())


def test_a_message_cannot_command_the_terminal(tour):
    theme = replace(tour.coming_in[0], label="\x1b[2Jx\x07\u202ey", labels={}, quotes=())
    text = shown(replace(tour, coming_in=(theme,)))
    assert "[2Jxy" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_nothing_is_an_answer(empty_tour):
    text = shown(empty_tour)
    assert "nothing is coming In or going Out for sure" in text
    assert "Steady" not in text


def test_a_claim_without_rate_shows_none(tour):
    theme = replace(
        tour.coming_in[0], change=replace(tour.coming_in[0].change, q=None), inside=None, outside=None
    )
    assert "false-discovery" not in shown(replace(tour, coming_in=(theme,), going_out=()))
