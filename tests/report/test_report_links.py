import math
from dataclasses import replace

import sample_tour
from sample_why import figure

from estran.findings import Level
from estran.report import links
from estran.report.i18n import Words

EN, FR = Words("en"), Words("fr")
LINK = sample_tour.GOING_OUT[0].successors[0]


def test_a_link_says_how_much_it_may_be_leaned_on():
    assert links.shortly(EN, LINK) == "superseded by team chat (score 0.94; right in 91% of known cases)"
    assert links.shortly(FR, replace(LINK, level=Level.LIKELY)).startswith(
        "successeur probable\N{NO-BREAK SPACE}: messagerie d'équipe (score 0,94"
    )
    assert links.precision(EN, LINK) == "Links like this one were right in 91% of known cases (83% – 96%)."


def test_a_precision_that_is_not_known_is_not_made_up():
    unknown = replace(LINK, precision=figure(math.nan, math.nan, math.nan, "share of links"))
    unmeasured = replace(LINK, precision=figure(0.5, 0.0, 1.0, "share of links"))
    assert links.precision(EN, unmeasured) == links.precision(EN, unknown)
    assert links.precision(EN, unknown) == "How often links like this one are right is not known."
    assert links.shortly(EN, unknown) == "superseded by team chat (score 0.94)"


def test_sentences_and_people_that_go_over_are_told_first():
    assert links.told(EN, LINK) == [
        "7 sentences go from the one to the other, a few the other way",
        "23 people turned from the one to the other, 5.1 standard deviations above chance",
    ]
    assert links.told(EN, replace(LINK, switches=0, switchers=None)) == [
        "people who turned from the one to the other: withheld (too few)"
    ]
    assert links.told(EN, replace(LINK, switches=0, switchers=0)) == []


def test_sentences_of_few_people_are_not_counted_out():
    few = replace(LINK, switches=None, switches_back=0, switchers=0)
    assert links.told(EN, few) == ["a few sentences go from the one to the other, 0 the other way"]
    assert links.told(FR, replace(few, switches_back=None)) == [
        "quelques phrases vont de l’un à l’autre, quelques-unes dans l’autre sens"
    ]


def test_a_rise_of_which_nothing_is_known_is_not_told():
    endless = replace(LINK, rise=figure(158.0, 0.001, 1e6, "ratio"))
    assert len(links.resemblance(EN, endless)) == len(links.resemblance(EN, LINK)) - 1


def test_what_came_earlier_is_said_to_have():
    assert (
        links.resemblance(EN, replace(LINK, later_by=-1.5))[-1]
        == "people spoke of it 1.5 periods earlier, on average"
    )


def test_the_summary_counts_what_there_is(successions):
    assert links.summary(EN, successions) == (
        "10 themes went Out: 2 superseded, 2 with a likely successor, 6 without successor."
    )
    assert (
        links.summary(FR, replace(successions, going_out=()))
        == "Dans ces données, rien n’est Out avec certitude."
    )
