"""What was looked at and raised, on every face, in both languages."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from estran.findings import Alarm, Delivery, Estimate, Notice, Quote, RuleLooked, Watch, Watched, Weeks
from estran.report import to_html, to_json, to_markdown, to_terminal, watchcurves
from estran.report.charts import written
from estran.report.i18n import NOTHING, Words
from estran.report.watch import STATES, Writer

QUOTE = Quote("The harbour was closed again.", "2024-03-03", "outside", "chat", "en", "m1")
RISE = Alarm(
    id="a1", rule="returns", theme="t1", label="returns", labels={"en": "returns", "fr": "retours"}, unit="sales/north",
    side="outside", rise=True, since="2024-03-01", until="2024-03-14", days=14,
    change=Estimate(2.4, 1.3, 4.1, "ratio"), said=42, expected=17.5, people=40, quotes=(QUOTE,), needed=30,
    weeks=(
        Weeks("2024-02-02", "2024-02-22", 3, 24, 26.0, window=False), Weeks("2024-02-23", "2024-02-29", 1, 9, 8.7, window=False),
        Weeks("2024-03-01", "2024-03-07", 1, 18, 8.7, window=True), Weeks("2024-03-08", "2024-03-14", 1, 24, 8.8, window=True),
    ),
)  # fmt: skip
FALL = replace(RISE, id="a2", theme="t2", label="<b>stock</b>", labels={}, unit="", side=None, rise=False, change=None, said=None, expected=None, people=None, quotes=(), needed=None, weeks=())  # fmt: skip
LOOKED = RuleLooked(
    rule="returns", unit="", side=None, rise=True, fall=True, false_alarms=0.1, a_year=0.25, themes=7, known=3,
    since="2024-03-14", until="2024-03-14", silent_since="2024-03-01", withheld=2,
    watched=tuple(Watched(f"theme {state}", {}, state.split(",")[0], 5, 1.5, 4.0 if "," not in state else 0.0, 1.8, "2024-02-01") for state in STATES),
)  # fmt: skip
NOTICES = (Notice("watch-new", {"source": "crm", "day": "2024-02-01"}), Notice("watch-silent", {"source": "chat", "day": "2024-03-01"}))  # fmt: skip
DELIVERIES = (Delivery("care", "mail", 2), Delivery("ops", "webhook", 1, Notice("webhook-answer", {"code": 500, "system": "Internal Server Error"})))  # fmt: skip


@pytest.fixture
def found(tour):
    return Watch(
        alarms=(RISE, FALL), rules=(LOOKED,), notices=NOTICES, until="2024-03-14", coverage=tour.coverage,
        provenance=tour.provenance, deliveries=DELIVERIES,
    )  # fmt: skip


def printed(found, language, top=10):
    console = Console(file=io.StringIO(), width=200)
    console.print(to_terminal(found, language=language, width=200, top=top))
    return " ".join(console.file.getvalue().replace("\N{NARROW NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["2 themes changed: ▲ returns, ▼ <b>stock</b>", "returns is said more (×2.4), outside, in sales/north",
                "42 uses by 40 people, where the past makes 17.5 expect: ×2.4 (×1.3 – ×4.1)", "figures withheld",
                "0.10 false alarms in a theme-year", "not enough: 5 weeks of past, and 16 are needed",
                "Nobody has spoken here since 1 March 2024", "2 changes are withheld", "care (mail): 2 alarms sent",
                "not sent, the webhook answers 500 (Internal Server Error); the next look tries again", "has been silent since 1 March 2024"]),
        ("fr", ["2 thèmes ont changé : ▲ retours", "On dit davantage retours (×2,4), à l’extérieur, dans sales/north",
                "42 emplois par 40 personnes, là où le passé en laissait attendre 17,5", "chiffres masqués",
                "fausse alerte par thème et par an", "pas assez : 5 semaines de passé, il en faut 16",
                "Personne n’a parlé ici depuis le 1er mars 2024", "envoi de 2 alertes",
                "le webhook répond 500 (Internal Server Error) ; le prochain examen", "se tait depuis le 1er mars 2024"]),
    ],
)  # fmt: skip
def test_every_face_says_it(found, language, said):
    plain = printed(found, language)
    written = to_markdown(found, language=language).replace("\\", "")
    page = to_html(found, language=language)
    for text in said:
        assert text in plain
    for text in said[1:4]:
        assert text in " ".join(written.replace("\N{NARROW NO-BREAK SPACE}", " ").split())
        assert text in " ".join(page.replace("\N{NARROW NO-BREAK SPACE}", " ").split())
    assert "<b>stock" not in page
    assert QUOTE.text in plain
    assert QUOTE.text in page


def test_a_look_without_alarm_or_without_new_day_says_so(found):
    quiet = replace(found, alarms=(), deliveries=(), dry=True)
    assert "Until 14 March 2024, nothing that is watched changed." in printed(quiet, "en")
    assert "Only looked" in printed(quiet, "en")
    old = replace(quiet, rules=(replace(LOOKED, since=""),))
    assert "No day is new since the last look (14 March 2024)." in printed(old, "en")
    assert "Nothing that is watched changed." in to_html(quiet)


def test_a_long_list_is_cut_in_a_terminal_alone(found):
    many = replace(
        found,
        alarms=tuple(replace(RISE, id=str(n), theme=str(n), label=f"theme {n}", labels={}) for n in range(5)),
    )
    assert "and 3 more" in printed(many, "en", top=2)
    assert "theme 4 is said more" in to_markdown(many)


def test_a_theme_that_several_rules_raise_is_one_theme(found):
    twice = replace(found, alarms=(RISE, replace(RISE, id="a3", rule="all themes")))
    assert "1 theme changed: ▲ returns." in printed(twice, "en")


def test_the_json_holds_all_of_it(found):
    assert '"visible"' in to_json(found)
    assert '"quotes"' in to_json(found)


def test_a_letter_is_one_subject_a_text_and_a_page():
    letter = Writer("en")("acme\nBcc: x", [RISE, FALL])
    assert letter.subject == "acme Bcc: x: 2 themes changed (▲ returns, ▼ <b>stock</b>)"
    assert "42 uses by 40 people" in letter.text
    assert QUOTE.text in letter.text
    assert "&lt;b&gt;stock" in letter.html
    assert "<b>stock" not in letter.html


@pytest.mark.parametrize(
    ("language", "hover", "aloud"),
    [
        ("en", "1 March 2024 – 7 March 2024: 18 uses, 8.7 expected; 14.9 for an alarm", "Uses a week, 2 February 2024 – 14 March 2024"),
        ("fr", "1er mars 2024 – 7 mars 2024 : 18 emplois, 8,7 attendus ; 14,9 pour une alerte", "Emplois par semaine, 2 février 2024 – 14 mars 2024"),
    ],
)  # fmt: skip
def test_each_alarm_has_its_picture_with_values_on_hover_and_what_it_says_aloud(
    found, language, hover, aloud
):
    page = to_html(found, language=language).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert page.count('class="spark weekly"') == 1  # none where figures are withheld
    assert f"<title>{hover}</title>" in page
    assert f'aria-label="{aloud}' in page


def test_bars_are_as_wide_as_their_weeks_and_as_high_as_uses_a_week():
    words = Words("en")
    drawn = str(watchcurves.picture(words, RISE))
    step = 1000 / 6.4  # six weeks, and what is left free behind them
    high = 110 * (1 - 8 / (24 * 1.08))  # three weeks of 24 uses, beside the largest of 24
    assert f"V{written(high)}H{written(3 * step - 2)}V110z" in drawn
    needed = 110 * (1 - 30 / 17.5 * 8.7 / (24 * 1.08))
    assert f"M{written(4 * step)} {written(needed)}H{written(5 * step)}" in drawn


def test_the_table_says_what_the_picture_says_and_the_whole_of_the_change(found):
    rows = list(watchcurves.rows(Words("en"), RISE))
    assert [row[1:] for row in rows] == [
        ("24", "26.0", NOTHING), ("9", "8.7", NOTHING), ("18", "8.7", "14.9"), ("24", "8.8", "15.1"), ("42", "17.5", "30"),
    ]  # fmt: skip
    assert all(row[0] in to_html(found) for row in rows)


def test_where_there_are_no_pictures_weeks_are_blocks_cut_where_the_change_begins(found):
    assert watchcurves.as_blocks(RISE) == "▃▃▃▄│▇█"
    assert "▃▃▃▄│▇█ uses a week since 2 February 2024, 24.0 at the top" in printed(found, "en")
    assert "▃▃▃▄│▇█" in to_markdown(found, language="fr")


def test_a_season_and_a_year_ago_are_told_with_their_ratios(found):
    seasonal = replace(found, alarms=(replace(RISE, season=1.5, year_ago=2.2), replace(FALL, season=1.5)))
    assert (
        "An alarm needs 30 or more. Its season is taken into account (×1.5). In the same weeks a year ago it changed likewise (×2.2): it may be its season."
        in printed(seasonal, "en")
    )
    assert "Un an plus tôt, aux mêmes semaines, il avait changé de même (×2,2)" in printed(seasonal, "fr")
    assert printed(seasonal, "en").count("Its season") == 1
    assert "season" not in printed(found, "en")


def test_more_people_than_uses_are_explained(found):
    some = replace(found, alarms=(replace(RISE, people=RISE.said + 1),))
    assert "A person's uses count once in 7 days" in printed(some, "en")
    assert "comptent une fois en 7 jours" in printed(some, "fr")
    assert "once in 7 days" not in printed(found, "en")
