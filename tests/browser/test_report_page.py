"""The report in a real browser: on a phone, in the dark, by keyboard, on paper, read aloud."""

import os
from pathlib import Path

import pytest

from estran.findings import Environment, Estimate, Landscape, Shape, Spread
from estran.report import to_html, to_notebook

OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"


@pytest.fixture(scope="module", params=["en", "fr"])
def html(request, tours):
    return to_html(tours.sample_tour(every_notice=True), language=request.param)


@pytest.fixture(scope="module", params=["en", "fr"])
def succession(request, tours):
    return to_html(tours.sample_successions(), language=request.param)


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_scrolls_sideways_where_something_took_over(visit, succession, width):
    page = visit(succession, width=width)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_lanes_of_a_river_are_as_high_as_the_picture_that_lies_under_them(visit, succession):
    page = visit(succession, width=360)
    bed, water = (page.locator(f"#rivers .river {part}").first.bounding_box() for part in (".bed", ".water"))
    assert abs(bed["height"] - water["height"]) < 2
    lanes = [
        lane.bounding_box()["height"] for lane in page.locator("#rivers .river").first.locator("li").all()
    ]
    assert max(lanes) == min(lanes)


def test_the_keyboard_opens_what_speaks_for_a_link(visit, succession):
    page = visit(succession)
    page.locator("#out-1 .successors summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#out-1 .evidence").first.is_visible()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_scrolls_sideways(visit, html, width):
    page = visit(html, width=width)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_text_neither_runs_nor_breaks_the_phone(visit, tours):
    page = visit(to_html(tours.hostile_tour()), width=360)
    page.on("dialog", lambda _: pytest.fail("a text of a user ran"))
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("main script, main img").count() == 0


def test_the_page_asks_for_nothing_and_complains_of_nothing(visit, html):
    page = visit(html)
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert page.complaints == []


def test_the_dark_page_is_dark(visit, html):
    paper = "getComputedStyle(document.body).backgroundColor"
    assert visit(html).evaluate(paper) == "rgb(251, 250, 246)"
    assert visit(html, dark=True).evaluate(paper) == "rgb(15, 25, 29)"


def test_in_and_out_stand_side_by_side_and_on_a_phone_below_each_other(visit, html):
    def corners(page):
        return page.locator("#in").bounding_box(), page.locator("#out").bounding_box()

    left, right = corners(visit(html))
    assert (left["y"], left["x"] < right["x"]) == (right["y"], True)
    first, second = corners(visit(html, width=360))
    assert (first["x"], first["y"] < second["y"]) == (second["x"], True)


def test_the_keyboard_reaches_the_board_and_opens_a_curve(visit, html):
    page = visit(html)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#in-2 summary").last.focus()
    page.keyboard.press("Enter")
    assert page.locator("#in-2 svg.chart").is_visible()
    assert page.locator("#in-2 table.figures").is_visible()


def test_a_link_of_the_overview_leads_to_its_card(visit, html):
    page = visit(html)
    page.locator("#out .glance a").nth(3).click()
    assert page.evaluate("location.hash") == "#out-4"


def test_a_curve_says_its_values_under_the_pointer(visit, html):
    page = visit(html)
    page.evaluate(OPEN_ALL)
    titles = page.locator("#in-1 svg.chart title").all_text_contents()
    assert len(titles) == 19
    assert titles[-1].startswith(("2023-Q3: ", "2023-T3: "))


def test_it_prints(visit, html):
    paper = visit(html).pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert 4 <= paper.count(b"/Type /Page\n") <= 14


def test_a_notebook_frame_shows_the_page(visit, tours):
    page = visit(f"<!DOCTYPE html><title>x</title>{to_notebook(tours.sample_tour())}")
    assert page.frame_locator("iframe").locator("article.card").count() == 22


def complaints(page, axe):
    """What axe-core finds wrong with a page, all of it open."""
    page.evaluate(OPEN_ALL)
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found]


@pytest.fixture
def axe():
    file = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
    if not file.is_file():
        pytest.skip("no axe-core: `npm install axe-core`, or its axe.min.js in AXE_CORE")
    return file


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False)])
def test_axe_finds_nothing(visit, html, axe, width, dark):
    assert complaints(visit(html, width=width, dark=dark, bypass_csp=True), axe) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (360, False)])
def test_axe_finds_nothing_where_something_took_over(visit, succession, axe, width, dark):
    assert complaints(visit(succession, width=width, dark=dark, bypass_csp=True), axe) == []


@pytest.mark.parametrize("dark", [False, True])
def test_figures_are_read_on_every_degree_of_warmth(visit, tours, axe, dark):
    tour, part = tours.sample_tour(), Estimate(0.5, 0.4, 0.6, "share of voices")
    kinds = tuple(
        Environment(kind, (kind,), (kind,), 412, 9_000, part, "2018-H1", "2025-H2")
        for kind in ("chat", "helpdesk")
    )
    spread = Spread("a", "locker", {"en": "locker"}, Shape.IN, 80, (part, part), (part, part), (part, part))
    found = Landscape(
        kinds, (spread,), (), 1, 1, ("2019-H1", "2022-H1", "2022-H2", "2025-H2"), 0.95, None, tour.coverage, tour.provenance
    )  # fmt: skip
    page = visit(to_html(found), dark=dark, bypass_csp=True)
    assert page.locator(".heat td").count() >= 2
    for degree in range(1, 6):
        page.evaluate(
            "d => document.querySelectorAll('.heat td').forEach(e => e.className = 'heat-' + d)", degree
        )
        assert complaints(page, axe) == []
