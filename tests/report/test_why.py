import math
from dataclasses import replace

import pytest
import sample_tour
import sample_why

from estran.findings import Estimate, Reason, Shape, Since, Verdict, Why
from estran.report import why
from estran.report.i18n import Words

EN, FR = Words("en"), Words("fr")
THEME = sample_tour.GOING_OUT[0]
ALONE = replace(THEME, successors=())


def found(reason, theme=ALONE, words=EN):
    return why.finding(words, theme, reason)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("of", Why)
@pytest.mark.parametrize("words", [EN, FR], ids=lambda w: w.language)
def test_a_reason_without_any_figure_has_a_sentence_too(of, verdict, words):
    said = found(Reason(of, verdict), words=words)
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (sample_why.forgotten(Verdict.HOLDS, left=0.1, silent=0.8),
         ("10.0% of its peak is left (7.0% – 15.0%), its subject recedes with it, and 80.0% of those who used it and "
         "still speak no longer say it.")),
        (sample_why.forgotten(Verdict.HOLDS, left=0.1), "10.0% of its peak is left (7.0% – 15.0%), and its subject recedes with it."),
        (sample_why.forgotten(Verdict.FAILS, left=0.4), "40.0% of its peak is left."),
        (sample_why.forgotten(Verdict.FAILS, left=0.1, slot=0.9), "Its subject holds."),
        (sample_why.forgotten(Verdict.FAILS, left=0.1, slot=0.2), "It does not fit the rule."),
        (sample_why.normalised(Verdict.FAILS, breadth=0.5), "Fewer people say it."),
        (sample_why.normalised(Verdict.FAILS, breadth=1.1), "Fewer people say it."),
        (sample_why.normalised(Verdict.NOT_ENOUGH), "Too few uses to see it leave the headlines. No change over time could have been seen."),
        (sample_why.normalised(Verdict.NOT_ENOUGH, detectable=math.inf),
         "Too few uses to see it leave the headlines. No change over time could have been seen."),
        (sample_why.worn_out(Verdict.HOLDS, marked=0.07, growing=2.5),
         "Held at a distance in 7.0% of its uses, more and more; in 1.1% of those of all themes."),
        (sample_why.worn_out(Verdict.FAILS, tone=0.2),
         "Hardly anybody holds it at a distance. Around it, people speak better of things than they do elsewhere."),
    ],
)  # fmt: skip
def test_a_reason_says_what_was_found(reason, said):
    assert found(reason) == said


def test_what_cannot_be_told_says_what_could_have_been_seen_even_without_a_figure_of_its_own():
    assert found(sample_why.forgotten(Verdict.NOT_ENOUGH)) == (
        "Too little to say that it is forgotten. Only a change of its share by ×1.4 or more could have been seen."
    )


def test_a_theme_that_holds_is_not_said_to_be_said_by_fewer():
    held = replace(ALONE, shape=Shape.STEADY)
    assert (
        found(sample_why.normalised(Verdict.FAILS, breadth=1.1), held)
        == "It stands in headlines as often as before."
    )
    assert found(sample_why.normalised(Verdict.FAILS, breadth=0.5), held) == "Fewer people say it."


def test_a_theme_whose_place_was_taken_is_not_simply_forgotten():
    assert (
        found(sample_why.forgotten(Verdict.FAILS, left=0.1), THEME)
        == "Something took its place, or is likely to have."
    )


def test_the_reason_is_established_or_said_not_to_be_and_nothing_is_said_where_none_was_looked_for():
    assert why.established(EN, THEME) == "Superseded"
    assert why.established(FR, replace(THEME, reasons=sample_why.no_reason())) == "Raison non établie"
    assert why.established(EN, replace(THEME, reasons=())) == ""


def test_figures_read_as_what_they_are():
    reason = sample_why.worn_out(Verdict.HOLDS, marked=0.05, growing=2.0, tone=-0.1, detectable=3.0)
    told = dict(why.figures(EN, reason))
    assert told["held at a distance"] == "5.0% (3.8% – 6.5%)"
    assert told["change of it"] == "×2.0 (×1.1 – ×3.6, false-discovery rate 1.2%)"
    assert told["tone around it, from -1 to 1"] == "-0.10 (-0.15 – -0.05)"
    assert told["change that could have been seen"] == "×3.0"
    assert (
        dict(why.figures(EN, sample_why.forgotten(Verdict.FAILS, left=0.3)))["left of its peak"]
        == "30.0% (21.0% – 45.0%)"
    )


def test_figures_stand_in_the_order_of_the_rule_and_nothing_over_something_is_left_out():
    reason = sample_why.worn_out(Verdict.FAILS, marked=0.05)
    nothing = Estimate(0.0, 0.0, 0.1, "ratio")
    turned = replace(reason, figures={**dict(reversed(reason.figures.items())), "times_base": nothing})
    assert [name for name, _ in why.figures(EN, turned)] == ["held at a distance", "the same of all themes"]


def test_a_figure_that_is_not_known_here_goes_by_its_own_name():
    odd = Reason(Why.FORGOTTEN, Verdict.HOLDS, {"phase": Estimate(0.5, 0.4, 0.6, "share of people")})
    assert why.figures(FR, odd)[0][0] == "phase"


def test_the_likeliest_turns_stand_first():
    since = Since("2015", "2014", "2016", {"2014": 0.21, "2015": 0.624, "2016": 0.1})
    assert why.likeliest(EN, since) == "2015 (62%), 2014 (21%), 2016 (10%)"
    assert why.likeliest(EN, Since("2015", "2014", "2016")) == ""


def test_what_holds_would_have_been_seen_to_move_and_the_rest_could_have_been():
    assert why.seen(EN, replace(THEME, shape=Shape.STEADY)) == "a change by ×1.4 would have been seen"
    assert why.seen(EN, replace(THEME, shape=Shape.TOO_EARLY)) == "a change by ×1.4 could have been seen"
