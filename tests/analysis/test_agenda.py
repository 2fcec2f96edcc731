"""What a plan announced, and what people made of it."""

import datetime as dt
import json

import numpy as np
import pytest
from talk import WORDS, ground_of, talk

from estran.analysis.agenda import agenda
from estran.analysis.uptake import at_other_days, stepped, taken_up
from estran.analysis.windows import fitting
from estran.errors import NotEnoughError
from estran.findings import Uptake
from estran.model import Mark, Step
from estran.sources.plans import Line, Plan, read_plan

DAY = dt.date(2023, 1, 1)


def plan(*texts, day=None):
    return Plan("plan.md", tuple(Line(text, f"line {n}", day=day) for n, text in enumerate(texts, 1)))


def announced_and_said(person, _unit, month, rng):
    """ "coaching" is taken up in 2023, "metaverse" said by few, "training" by many all along; "chatbot" comes in by itself."""
    chances = {
        "coaching": 0.03 if month < 12 else 0.22,
        "training": 0.25,
        "metaverse": 0.5 if person < 2 else 0.0,
        "chatbot": 0.01 + 0.2 * month / 23,
        "podcast": 0.06,
    }
    return " ".join(word for word, p in chances.items() if rng.random() < p)


@pytest.fixture(scope="module")
def ground():
    return ground_of(talk(300, 24, said=announced_and_said, seed=2, commas=True))


@pytest.fixture(scope="module")
def told(ground):
    return agenda(ground, plan("Coaching for all", "training", "Metaverse", "Quantum leadership"), day=DAY)


def of(found, label):
    return next(theme for theme in found.themes if theme.label == label)


def test_what_more_people_say_from_the_day_on_was_taken_up(told):
    theme = of(told, "coaching")
    assert theme.answer is Uptake.TAKEN_UP
    assert theme.ratio.low > 1
    assert theme.before.high < theme.after.low
    assert theme.ratio.q <= 0.05
    assert all("coaching" in quote.text for quote in theme.quotes)


def test_what_people_spoke_of_before_and_go_on_with_was_not_taken_up(told):
    assert of(told, "training").answer is Uptake.ANYWAY
    assert of(told, "training").detectable <= 2


def test_words_of_two_people_fell_flat_and_their_number_is_not_told(told):
    theme = of(told, "metaverse")
    assert theme.answer in {Uptake.FLAT, Uptake.UNSEEN}
    assert (theme.people, theme.after, theme.ratio) == (None, None, None)


def test_words_that_nobody_says_are_never_said_and_have_an_upper_bound(told):
    theme = of(told, "quantum leadership")
    assert (theme.answer, theme.people, theme.after.value) == (Uptake.NEVER, 0, 0.0)
    assert 0 < theme.after.high < 0.02


def test_what_came_in_without_being_announced_installed_itself(ground, told):
    labels = {movement.label for movement in told.installed}
    assert "chatbot" in labels
    assert "coaching" not in labels
    announced_too = agenda(ground, plan("coaching", "a chatbot for everybody"), day=DAY)
    assert "chatbot" not in {movement.label for movement in announced_too.installed}


def test_the_share_of_voice_of_what_was_announced_grows_with_it(told):
    assert told.voice_before.high < told.voice.low


def test_without_a_day_nothing_is_claimed(ground):
    found = agenda(ground, plan("coaching", "training", "quantum leadership"))
    assert [theme.answer for theme in found.themes] == [Uptake.SPOKEN, Uptake.SPOKEN, Uptake.NEVER]
    assert (found.days, found.step, found.voice_before) == ((), None, None)
    assert all(theme.ratio is None and theme.before is None for theme in found.themes)


def test_the_days_of_a_plan_hold_theme_by_theme(ground):
    lines = (Line("coaching", "line 1", day=DAY), Line("training", "line 2", day=dt.date(2023, 2, 1)))
    found = agenda(ground, Plan("plan.csv", lines))
    assert found.days == ("2023-01-01", "2023-02-01")
    assert of(found, "coaching").answer is Uptake.TAKEN_UP
    assert (of(found, "coaching").day, of(found, "training").day) == found.days


def test_many_days_are_taken_month_by_month(ground):
    lines = tuple(Line(word, f"line {n}", day=DAY + dt.timedelta(days=n)) for n, word in enumerate(WORDS))
    assert agenda(ground, Plan("plan.ics", lines)).days == ("2023-01-01",)
    few = agenda(ground, Plan("plan.ics", lines[:3]))
    assert few.days == ("2023-01-01", "2023-01-02", "2023-01-03")


def test_a_day_outside_the_span_is_said_and_what_is_spoken_of_is_told_all_the_same(ground):
    found = agenda(ground, plan("coaching", "training"), day=dt.date(1999, 1, 1))
    assert [notice.kind for notice in found.notices] == ["plan-outside"]
    assert {theme.answer for theme in found.themes} == {Uptake.UNSEEN}
    assert of(found, "training").after.value > 0.5


def test_an_agenda_of_words_that_nobody_says_is_an_answer(ground):
    found = agenda(ground, plan("Blockchain", "Quantum leadership", "Jumeau numérique"), day=DAY)
    assert {theme.answer for theme in found.themes} == {Uptake.NEVER}
    assert found.voice.value == 0


def test_a_plan_without_a_theme_is_told_in_words(ground):
    with pytest.raises(NotEnoughError, match=r"no theme can be read in plan\.md"):
        agenda(ground, plan("and so on", "2024"))


def test_slides_are_read_like_a_list(ground, tmp_path):
    from pptx import Presentation

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Our year", "Coaching\nTraining"
    deck.save(tmp_path / "plan.pptx")
    found = agenda(ground, read_plan(tmp_path / "plan.pptx"), day=DAY)
    assert of(found, "coaching").places == ("slide 1",)
    assert of(found, "coaching").answer is Uptake.TAKEN_UP


def test_three_people_on_one_side_of_the_day_are_not_told_by_their_share():
    def said(person, _unit, month, rng):
        late = month >= 12
        return (
            "coaching" if (late and person < 40 and rng.random() < 0.3) or (not late and person < 3) else ""
        )

    ground = ground_of(talk(120, 24, said=said, seed=6, commas=True))
    texts = ground.corpus.messages.with_columns(ground.corpus.columns(["text", "author"]))
    early = texts.filter(texts["text"].str.contains("coaching") & (texts["time"].dt.date() < DAY))
    assert early["author"].n_unique() == 3  # what could leak
    found = agenda(ground, plan("coaching"), day=DAY)
    theme = of(found, "coaching")
    assert (theme.before, theme.ratio, theme.detectable) == (None, None, None)
    assert theme.after.value == theme.people / 120  # of the whole span, not of what is left of it
    assert (found.voice_before, found.voice) == (None, None)


def test_no_person_stands_in_the_finding(ground, told):
    authors = ground.corpus.columns(["author"])["author"].unique().to_list()
    written = json.dumps(told.to_dict())
    assert not any(author in written for author in authors)


def test_random_agendas_are_taken_up_no_more_often_than_stated():
    # nothing moves: 40 agendas of five themes each, announced on random days
    ground = ground_of(talk(150, 24, said=lambda *_: "", seed=8, commas=True))
    labels = {concept.label: n for n, concept in enumerate(ground.said.concepts)}
    able = np.array([labels[word] for word in WORDS if word in labels])
    rng, claims = np.random.default_rng(4), 0
    for _ in range(40):
        chosen = rng.choice(able, 5, replace=False)
        day = DAY + dt.timedelta(days=int(rng.integers(-150, 150)))
        found = taken_up(ground.corpus, ground.said, chosen, [day] * 5).of
        claims += any(each.answer in {Uptake.TAKEN_UP, Uptake.SAID_LESS} for each in found.values())
    assert claims <= 6  # of 40 at 5 %: more has a chance of 1 in 60


def test_how_far_themes_stray_at_other_days_is_what_a_claim_is_held_against(ground):
    labels = {concept.label: n for n, concept in enumerate(ground.said.concepts)}
    own, corpus = np.array([labels["coaching"]]), ground.corpus
    others = np.array([labels[word] for word in WORDS if word in labels])
    window = fitting(Mark(DAY, "plan"), corpus.first, corpus.last, longest=Step.MONTH, asked=False)

    def p(elsewhere):
        return float(stepped(corpus, ground.said, window, np.zeros(1), own, others, elsewhere).p[0])

    days = at_other_days(corpus, ground.said, window.step, others)
    assert len(days) == 8
    assert all((np.diff(uses) >= 0).all() for uses, _ in days)
    wild = [(uses, 6 * z) for uses, z in days]
    assert p(days) < 0.01 < p(wild)


def test_a_planted_uptake_is_found_more_often_than_not():
    found = 0
    for seed in range(4):

        def said(_person, _unit, month, rng):
            return "coaching" if rng.random() < (0.05 if month < 12 else 0.2) else ""

        ground = ground_of(talk(150, 24, said=said, seed=20 + seed, commas=True))
        found += (
            of(agenda(ground, plan("coaching", "canteen"), day=DAY), "coaching").answer is Uptake.TAKEN_UP
        )
    assert found >= 3
