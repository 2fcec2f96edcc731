from dataclasses import replace

import pytest
import sample_tour

from estran.findings import Notice, Shape, Since
from estran.report import notices, sentences
from estran.report.i18n import Words

EN, FR = Words("en"), Words("fr")
THEME = sample_tour.COMING_IN[0]


def summary(tour, words=EN):
    return "".join(text for text, _ in sentences.summary(words, tour))


def test_the_summary_names_the_first_of_each_list(tour):
    assert summary(tour) == (
        "12 themes are coming In, led by generative AI; 10 themes are going Out, led by enterprise social network."
    )


def test_the_summary_in_french_uses_french_labels(tour):
    assert (
        "IA générative en tête\N{NARROW NO-BREAK SPACE}; 10 thèmes sont Out, réseau social d'entreprise en tête."
        in summary(tour, FR)
    )


def test_the_summary_of_one_list_leaves_the_other_out(tour):
    assert (
        summary(replace(tour, going_out=(), coming_in=tour.coming_in[:1]))
        == "1 theme is coming In: generative AI."
    )
    assert (
        summary(replace(tour, coming_in=(), going_out=tour.going_out[:1]))
        == "1 theme is going Out: enterprise social network."
    )


def test_the_summary_of_nothing_says_so(empty_tour):
    assert summary(empty_tour) == "In these data, nothing is coming In or going Out for sure."


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("words", [EN, FR], ids=lambda w: w.language)
def test_every_shape_has_words(shape, words):
    assert sentences.shape(words, replace(THEME, shape=shape))


@pytest.mark.parametrize("kind", notices.NOTICES)
@pytest.mark.parametrize("words", [EN, FR], ids=lambda w: w.language)
def test_every_notice_has_a_sentence_even_without_facts(kind, words):
    said = notices.notice(words, Notice(kind, {}))
    assert said.endswith(".")
    assert "{" not in said


def test_a_notice_tells_its_facts_in_the_language_of_the_reader():
    drift = Notice("language-drift", {"language": "en", "before": 0.22, "after": 0.34})
    assert notices.notice(EN, drift).startswith("Messages in English went from 22.0% to 34.0%")
    assert notices.notice(FR, Notice("source-new", {"source": "crm", "period": "2024-03"})).startswith(
        "crm ne commence qu’en mars 2024."
    )
    assert notices.notice(EN, Notice("one-side", {"side": "inside"})).startswith(
        "All messages come from inside"
    )


def test_a_notice_that_no_face_knows_shows_its_facts():
    assert (
        notices.notice(EN, Notice("moon-phase", {"phase": "full", "days": 3}))
        == "moon-phase (phase = full, days = 3)"
    )
    assert notices.notice(EN, Notice("moon-phase", {})) == "moon-phase"


def test_grave_notices_come_first(wary_tour):
    graves = [grave for grave, _ in notices.notices(EN, wary_tour)]
    assert graves == sorted(graves, reverse=True)
    assert len(graves) == len(sample_tour.NOTICES)


@pytest.mark.parametrize(
    ("turn", "since", "span"),
    [
        (Since("2021-Q2", "2021-Q1", "2021-Q4"), "since 2021-Q2", "turned between 2021-Q1 and 2021-Q4"),
        (Since("2021-Q2", "2021-Q2", "2021-Q2"), "since 2021-Q2", ""),
        (
            Since(None, "2021-Q1", "2021-Q4"),
            "turned between 2021-Q1 and 2021-Q4",
            "turned between 2021-Q1 and 2021-Q4",
        ),
        (Since(None, "2021-Q1", "2021-Q1"), "turned in 2021-Q1", "turned in 2021-Q1"),
        (None, "", ""),
    ],
)
def test_since_when_is_as_sure_as_the_data(turn, since, span):
    theme = replace(THEME, since=turn)
    assert (sentences.since(EN, theme), sentences.turn_span(EN, theme)) == (since, span)


@pytest.mark.parametrize(
    ("turn", "course"),
    [
        (Since("2021-Q2", "2021-Q1", "2021-Q4"), "New and rising since 2021-Q2"),
        (Since(None, "2021-Q1", "2021-Q4"), "New and rising, turned between 2021-Q1 and 2021-Q4"),
        (None, "New and rising"),
    ],
)
def test_the_course_of_a_theme_reads_as_a_clause(turn, course):
    assert sentences.course(EN, replace(THEME, since=turn)) == course


def test_a_figure_of_too_few_people_is_withheld():
    assert (sentences.voices(EN, None), sentences.voices(FR, 12)) == ("withheld", "12 personnes")


def test_what_has_no_name_here_keeps_its_own():
    assert sentences.side(EN, "partners") == "partners"
    assert sentences.side(FR, None) == "côté inconnu"
    assert sentences.tongue(FR, "br") == "br"
    assert sentences.tongue(FR, None) == "langue inconnue"
    assert sentences.step(FR, "decade") == "decade"


def test_messages_left_out_and_parts_cut_out_are_told_apart():
    assert sentences.removals(EN, {"bot": 3, "signature": 1200, "confetti": 1}) == [
        "Messages left out: written by machines (3), confetti (1).",
        "Cut out of messages: signatures (in 1,200).",
    ]
    assert sentences.removals(EN, {}) == []


def test_messages_of_each_language_are_told_where_there_are_several_and_some_may_be_shown():
    english, french = Words("en"), Words("fr")
    assert sentences.by_language(english, {"en": 1200, "fr": 45}) == (
        "messages by language: English 1,200, French 45"
    )
    assert sentences.per_language(french, {"fr": 45, "en": 9, "es": None}) == (
        "français 45, anglais 9, espagnol non montré"
    )
    assert sentences.per_language(english, {"en": 9, "fr": 8, "es": 7, "it": 6, "pt": 5}) == (
        "English 9, French 8, Spanish 7, and 2 more"
    )
    assert sentences.by_language(english, {"en": 12}) == ""
    assert sentences.by_language(english, {"en": None, "fr": None}) == ""
