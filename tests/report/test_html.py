import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import sample_tour

from estran.findings import Successions, Volume
from estran.report import to_html, to_notebook
from estran.report.cards import CARDS, ROWS

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """What a page holds, and whether its elements close in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.elements, self.text = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, said):
        self.text.append(said)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def words(self):
        return re.sub(r"[ \n]+", " ", " ".join(self.text))


@pytest.fixture(scope="module", params=["en", "fr"])
def page(request, tour):
    return Page(to_html(tour, language=request.param))


def test_every_theme_of_the_board_has_a_card(page):
    cards = [a["id"] for a in page.all("article")]
    assert cards == [f"in-{i}" for i in range(1, 13)] + [f"out-{i}" for i in range(1, 11)]


def test_nothing_is_fetched_and_nothing_runs(page):
    assert page.all("script") == page.all("img") == page.all("iframe") == []
    links = [a.get("href") or a.get("src") or "" for _, a in page.elements]
    assert all(link.startswith(("#", "data:")) for link in links if link)
    assert [
        name for _, attrs in page.elements for name in attrs if name.startswith("on") or name == "style"
    ] == []


def test_every_picture_says_what_it_shows(page):
    for attrs in page.all("svg"):
        assert attrs.get("aria-hidden") == "true" or (attrs["role"] == "img" and attrs["aria-label"])


def test_ids_are_unique_and_links_lead_somewhere(page):
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.all("a")} <= set(ids)


def test_every_curve_has_a_table_twin(page):
    large = [a for a in page.all("svg") if a["class"].startswith("chart")]
    tables = [a for a in page.all("table") if a["class"] == "figures"]
    assert len(tables) == len(large) + 1  # and one for the strips


def test_every_card_with_successors_has_a_table_of_their_curves(page):
    overlays = [a for a in page.all("svg") if a["class"] == "overlay"]
    assert len(overlays) == 7
    assert len([a for a in page.all("table") if a["class"] == "figures beside"]) == 4


def test_a_theme_that_went_out_says_why_or_that_it_is_not_known(page):
    assert re.search(
        r"(Superseded|Remplacé) ?\. (In its place: team chat|À sa place\s:\s+messagerie d'équipe)", page.words
    )
    assert len(re.findall(r"(?:Reason not established|Raison non établie) ?\.", page.words)) == 6


def test_a_successor_leads_to_its_card_where_it_has_one(page):
    assert {"#in-1", "#in-2", "#in-3", "#in-4"} <= {a["href"] for a in page.all("a")}


def test_a_link_says_how_often_such_links_are_right(page):
    assert re.search(r"(right in 91% of known cases|justes dans 91\s% des cas connus)", page.words)


def test_what_holds_or_cannot_be_told_says_what_could_have_been_seen(page):
    assert re.search(
        r"(a change by ×1\.2 would have been seen|un changement de ×1,2 se serait vu)", page.words
    )
    assert re.search(
        r"(Only a change as large as ×2\.4 or ÷2\.4|Seul un changement de l’ordre de ×2,4 ou ÷2,4)",
        page.words,
    )


def test_a_report_is_small(tour):
    assert len(to_html(tour).encode()) < 500_000


def weekly(theme, weeks=260):
    curve, labels = theme.curve, tuple(f"{2019 + w // 52}-W{w % 52 + 1:02d}" for w in range(weeks))
    shares, lows, highs, people = (
        (v * 14)[:weeks] for v in (curve.share, curve.low, curve.high, curve.people)
    )
    long = sample_tour.Curve(labels, shares, lows, highs, people)
    links = tuple(replace(link, curve=long) for link in theme.successors)
    return replace(theme, curve=long, successors=links)


def test_a_report_of_five_years_of_weeks_is_small_too(tour):
    columns = (tour.coming_in * 3, tour.going_out, tour.steady[:12], tour.too_early)
    lists = [tuple(weekly(theme) for theme in column) for column in columns]
    volumes = tuple(
        Volume(week, source, side, 40, 9)
        for week in lists[0][0].curve.periods
        for source, side in (
            ("crm", "outside"),
            ("chat", "inside"),
            ("mail", "inside"),
            ("reviews", "outside"),
        )
    )
    coverage = replace(tour.coverage, periods=lists[0][0].curve.periods, volumes=volumes)
    long = replace(
        tour, coming_in=lists[0], going_out=lists[1], steady=lists[2], too_early=lists[3], coverage=coverage
    )
    page = to_html(long, language="fr")
    assert len(page.encode()) < 1_500_000
    assert "Une période sur 3" in page


def test_french_is_french_to_the_decimal(tour):
    page = Page(to_html(tour, language="fr"))
    assert page.all("html") == [{"lang": "fr"}]
    assert "9,4\N{NARROW NO-BREAK SPACE}%" in page.words
    assert "2022-T4" in page.words
    assert not re.search(r"\d\.\d%", page.words)


def test_a_label_of_another_language_says_so_to_the_voice(tour):
    assert 'lang="fr">sobriété énergétique' in to_html(tour, language="en")


def test_no_text_of_a_user_becomes_part_of_the_page(hostile_tour):
    html = to_html(hostile_tour)
    page = Page(html)
    assert page.all("script") == page.all("img") == []
    assert "alert(1)" in page.words
    assert "{{ 7*7 }}" in page.words
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on")] == []


def test_nothing_is_an_answer(empty_tour):
    words = Page(to_html(empty_tour)).words
    assert "In these data, nothing is coming In or going Out for sure." in words
    assert "No message was counted." in words


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_notice_is_told(wary_tour, language):
    page = Page(to_html(wary_tour, language=language))
    assert len([a for a in page.all("li") if a.get("class") == "grave"]) > 0
    assert "moon-phase (phase = full)" in page.words


def test_a_long_list_ends_in_a_table_and_a_count(tour):
    many = tuple(replace(tour.coming_in[i % 12], id=str(i), quotes=()) for i in range(CARDS + ROWS + 3))
    page = Page(to_html(replace(tour, coming_in=many, going_out=many[:1], steady=many, too_early=())))
    assert len(page.all("article")) == CARDS + 1
    assert f"{ROWS + 3} more themes" in page.words
    assert "3 more themes are in the JSON of this tour." in page.words
    assert f"{CARDS + 3} more themes are in the JSON of this tour." in page.words


def test_small_sources_share_a_strip(tour):
    volumes = tuple(Volume("2019-Q1", f"source {i}", "inside", 100 - i, 9) for i in range(11))
    page = Page(to_html(replace(tour, coverage=replace(tour.coverage, volumes=volumes))))
    strips = [a["aria-label"] for a in page.all("svg") if a["class"] == "stacks"]
    assert strips[0].startswith("All messages: 1,045 messages")
    assert strips[-1].startswith("other sources: 366 messages")
    assert len(strips) == 9


def test_a_source_says_when_it_starts_and_stops(page):
    assert re.search(r"reviews (starts in 2020-Q4|commence en 2020-T4)", page.words)
    assert re.search(r"meetings (silent after 2022-Q2|muette après 2022-T2)", page.words)


def test_themes_without_sides_quotes_or_date_have_a_card_too(tour):
    bare = replace(
        tour.coming_in[0], inside=None, outside=None, quotes=(), since=None, variants=(),
        curve=sample_tour.Curve((), (), (), (), ()), change=replace(tour.coming_in[0].change, q=None),
    )  # fmt: skip
    page = Page(to_html(replace(tour, coming_in=(bare,), going_out=(), steady=(bare,))))
    assert "No period to show" in [a.get("aria-label") for a in page.all("svg")]


def test_languages_without_messages_have_no_share(tour):
    assert (
        "French —."
        in Page(to_html(replace(tour, coverage=replace(tour.coverage, languages={"fr": 0})))).words
    )


def test_conversations_unknown_are_said_to_be(tour):
    words = Page(to_html(replace(tour, provenance=replace(tour.provenance, conversations=0)))).words
    assert "conversations unknown" in words


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(tour):
    page = Page(to_notebook(tour, language="fr"))
    assert [tag for tag, _ in page.elements] == ["iframe"]
    assert page.all("iframe")[0]["srcdoc"] == to_html(tour, language="fr")


@pytest.fixture(scope="module", params=["en", "fr"])
def succession_page(request, successions):
    return Page(to_html(successions, language=request.param))


def test_the_page_of_successions_has_a_card_for_each_theme_and_a_lane_for_each_in_a_river(succession_page):
    assert [a["id"] for a in succession_page.all("article")] == [f"out-{i}" for i in range(1, 11)]
    assert len([a for a in succession_page.all("figure") if a.get("class") == "river"]) == 3
    assert len([a for a in succession_page.all("path") if a["class"].startswith("band ")]) == 7


def test_the_links_of_the_page_of_successions_lead_somewhere(succession_page):
    ids = [a["id"] for _, a in succession_page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in succession_page.all("a")} <= set(ids)


def test_no_text_of_a_user_becomes_part_of_the_page_of_successions(hostile_tour):
    html = to_html(Successions(hostile_tour.going_out, hostile_tour.coverage, hostile_tour.provenance))
    assert Page(html).all("script") == Page(html).all("img") == []


def test_that_nothing_went_out_is_an_answer(successions):
    words = Page(to_html(replace(successions, going_out=()))).words
    assert "In these data, nothing goes Out for sure." in words


def test_more_themes_than_cards_stand_in_a_table(successions):
    many = tuple(replace(successions.going_out[i % 10], id=str(i), quotes=()) for i in range(CARDS + 2))
    page = Page(to_html(replace(successions, going_out=many)))
    assert len(page.all("article")) == CARDS
    assert "2 more themes" in page.words


def test_past_eight_rivers_the_others_open_on_demand(successions):
    pairs = tuple(
        replace(gone, id=f"a{i}", successors=(replace(gone.successors[0], id=f"b{i}"),))
        for i, gone in enumerate(successions.going_out[:1] * 10)
    )
    page = Page(to_html(replace(successions, going_out=pairs)))
    assert len([a for a in page.all("figure") if a.get("class") == "river"]) == 10
    assert "2 more rivers" in page.words


def test_a_notebook_shows_successions_too(successions):
    frame = Page(to_notebook(successions)).all("iframe")[0]
    assert frame["title"] == "What came in the place of what"


def test_a_language_that_is_not_spoken_here_is_refused(tour):
    with pytest.raises(ValueError, match="one of en, fr"):
        to_html(tour, language="it")
