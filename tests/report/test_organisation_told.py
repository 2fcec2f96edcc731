"""Units against the rest as they are told: every verdict in its words, figures and pictures where they may be, nothing else."""

import re
from dataclasses import replace

import pytest
from rich.console import Console

from estran.findings import Estimate, Organisation, ThemeByUnit, UnitCompared, UnitShare, UnitsTold
from estran.model import Rejected
from estran.report import to_html, to_markdown, to_terminal, units
from estran.report.i18n import Words
from estran.report.organisation import VERDICTS, largest_units, shown_units
from estran.report.units import LISTED, REASONS, retold


def share(unit, verdict, own, rest, *, q=None):
    spread = Estimate(own, own * 0.8, own * 1.2, "share of people")
    return UnitShare(
        unit,
        verdict,
        spread,
        Estimate(rest, rest * 0.9, rest * 1.1, "share of people"),
        Estimate(own / rest, own / rest * 0.7, own / rest * 1.4, "ratio", q),
        1.8,
        (own, None, own),
    )


@pytest.fixture
def found(tour):
    """A theme of which every verdict is told, in six units, and one that is withheld everywhere."""
    paths = [f"sales/{name}" for name in ("north", "south", "west", "east", "small", "tiny")]
    told = (
        share(paths[0], "more", 0.2, 0.05, q=0.001),
        share(paths[1], "less", 0.01, 0.06, q=0.01),
        share(paths[2], "alike", 0.05, 0.05),
        share(paths[3], "open", 0.04, 0.05),
        replace(share(paths[4], "not enough", 0.04, 0.05), curve=(None, None, None)),
        UnitShare(paths[5], "withheld"),
    )
    cards = (
        ThemeByUnit(
            "a", "mobile app", {"en": "mobile app", "fr": "appli"}, told, (0.06, 0.05, 0.07), ("app",)
        ),
        ThemeByUnit("b", "<b>|x", {"en": "<b>|x"}, tuple(UnitShare(path, "withheld") for path in paths)),
    )
    compared = [UnitCompared(path, 40, 0.9, 1, 2) for path in paths[:5]] + [UnitCompared(paths[5], None)]
    return Organisation(
        unit="sales", units=tuple(compared), themes=cards, windows=(("2023", "2023"), ("2024", "2024"), ("2025", "2026")),
        unknown=7, tested=600, found=2, withheld=7, coverage=tour.coverage,
        provenance=replace(tour.provenance, lists={"differ": 1}),
    )  # fmt: skip


def printed(shown, *, width=100):
    console = Console(width=width)
    with console.capture() as capture:
        console.print(shown)
    return capture.get()


def plain(shown):
    text = shown if isinstance(shown, str) else printed(shown)
    return " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_terminal_tells_every_verdict_on_a_phone_too(found):
    for width in (100, 44):
        shown = printed(to_terminal(found, language="en", width=width), width=width)
        assert max(map(len, shown.splitlines())) <= width
        told = plain(shown)
        assert all(words in told for words in ("says it more", "like the rest", "not enough"))
    assert "1 theme differs between units: mobile app." in told
    assert "2 of 600 pairs of a theme and a unit differ; at most 5% of them falsely." in told
    assert "7 figures are withheld" in told


def test_french_readers_read_french(found):
    told = plain(to_terminal(found, language="fr", width=100))
    assert "1 thème diffère entre les unités : appli." in told
    assert "le dit plus ×4,0 20,0 % contre 5,0 %" in told
    assert "par rapport au reste" in to_markdown(found, language="fr")


def test_markdown_has_a_table_of_each_theme(found):
    text = to_markdown(found, language="en")
    assert "### mobile app" in text
    row = next(line for line in text.splitlines() if line.startswith("| sales/north | says it more"))
    assert "×4.0 (×2.8 – ×5.6)" in row
    assert "| sales/tiny | withheld | — | withheld | withheld | — |" in text
    assert "<b>" not in text


def test_the_page_has_a_picture_of_each_unit_on_one_scale_and_its_table(found):
    page = to_html(found, language="en")
    assert len(re.findall(r'class="overlay"', page)) == 5
    assert "mobile app in sales/north: says it more; the dashed line is all units together" in page
    assert page.count("<details>") >= 2
    assert ".multiples {" in page
    assert "<b>|x" not in page
    # one scale: the largest share of the theme touches the upper edge in its own picture only
    tops = re.findall(r'class="line later" d="M[\d.]+ ([\d.]+)', page)
    assert min(map(float, tops)) == float(tops[0]) < float(tops[2])


def test_a_withheld_unit_has_no_figure_on_any_face(found):
    page = to_html(found, language="en")
    cells = re.findall(r"<tr><th scope=\"row\">sales/tiny</th>(.*?)</tr>", page)
    assert cells
    assert all(not re.search(r"\d", re.sub(r"<[^>]+>", "", cell)) for cell in cells)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"units": ()}, "No unit is known, so there is nothing to compare."),
        ({"units": (UnitCompared("a", 9),)}, "Fewer than two units have people enough to be compared."),
        ({}, "No unit says any theme more or less than the rest, as far as these data can show."),
    ],
)
def test_where_nothing_differs_it_is_said_in_words(found, change, said):
    nothing = replace(found, found=0, themes=(), **change)
    assert said in plain(to_terminal(nothing, language="en", width=100))
    assert said in plain(to_markdown(nothing, language="en"))


def test_every_verdict_has_its_words_in_both_languages():
    assert all(Words("fr").text(words) != words for words in VERDICTS.values())


def test_every_reason_is_told_in_french():
    assert all(retold(Words("fr"), reason.format_map(Facts())) != reason for reason in REASONS)
    assert (
        retold(Words("fr"), "the unit nord est is told nowhere") == "l’unité nord est n’est dite nulle part"
    )
    assert retold(Words("fr"), "4 fields where the header has 2") == "4 fields where the header has 2"


class Facts(dict):
    def __missing__(self, key):
        return "x"


def test_of_many_rows_that_cannot_be_used_the_first_are_named():
    refused = tuple(Rejected("a.csv", f"line {n}", "no unit to go to") for n in range(LISTED + 3))
    shown = printed(units.told("en", UnitsTold(("a.csv",), 30, 1, 2, 3, refused), path="acme"))
    assert f"{LISTED + 3} rows cannot be used:" in shown
    assert "and 3 more" in shown


def test_of_very_many_units_those_that_differ_are_shown(found):
    many = tuple(share(f"u{n:03}", "open", 0.05, 0.05) for n in range(60))
    differs = (share("zz", "more", 0.2, 0.05, q=0.01),)
    theme = replace(found.themes[0], units=(*many, *differs))
    wide = replace(found, themes=(theme,), units=tuple(UnitCompared(u.unit, 9, 1.0) for u in theme.units))
    assert [unit.unit for unit in shown_units(theme)][:2] == ["zz", "u000"]
    for text in (
        plain(to_terminal(wide, language="en", width=100)),
        to_markdown(wide, language="en"),
        to_html(wide, language="en"),
    ):
        assert "45 more units are in the JSON of this answer." in text
    assert len(largest_units(wide)) == 40
