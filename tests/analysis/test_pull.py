"""Who said it first, over the whole path, on talk in which it is known."""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.ground import asked_of_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.analysis.pull import pull
from estran.findings import First
from estran.model import Step
from estran.settings import Settings
from estran.simulate import company
from estran.store.engines.threads import ThreadEngine

LED, LEADING, TOGETHER = "quokka blanket", "wombat ladder", "numbat lantern"


@pytest.fixture(scope="module")
def plain():
    return company(seed=5, messages=8_000, languages=("en",), traps=False, years=8).messages


def risen(time, middle):
    """How far a theme has come, 0-1, at moments in years."""
    return 1.0 / (1.0 + np.exp(-(time - middle) / 0.4))


def with_themes(messages, rng):
    """One theme that the outside says two years before, one that the inside does, and one of both at once."""
    time = (messages["time"] - messages["time"].min()).dt.total_days().to_numpy() / 365.25
    inside = (messages["side"] == "inside").to_numpy()
    text = messages["text"].to_numpy().astype(object)
    for theme, outside_at, inside_at in ((LED, 2.5, 4.5), (LEADING, 4.5, 2.5), (TOGETHER, 3.5, 3.5)):
        chance = 0.35 * np.maximum(risen(time, np.where(inside, inside_at, outside_at)), 0.02)
        said = rng.random(len(text)) < chance
        text[said] = [f"{one} We speak of the {theme}." for one in text[said]]
    return messages.with_columns(text=pl.Series(text.tolist(), dtype=pl.String))


def asked(messages, *, step=Step.HALF):
    settings = Settings(top=50)
    corpus = prepare(messages, step=step, settings=settings)
    return asked_of_ground(pull)(
        corpus, Origin(messages.height), ThreadEngine(threads=2), settings, progress=Silent()
    )


@pytest.fixture(scope="module")
def told(plain):
    return asked(with_themes(plain, np.random.default_rng(1)))


def of(found, label):
    (lead,) = (lead for lead in found.leads if label in lead.label)
    return lead


def test_a_theme_that_customers_said_two_years_before_is_outside_first(told):
    lead = of(told, LED)
    assert lead.first is First.OUTSIDE
    assert lead.time.low <= 24 <= lead.time.high
    assert lead.ahead.q <= 0.05


def test_a_theme_that_the_organisation_said_first_is_inside_first(told):
    lead = of(told, LEADING)
    assert lead.first is First.INSIDE
    assert lead.time.low <= -24 <= lead.time.high


def test_a_theme_of_both_at_once_has_no_leader(told):
    lead = of(told, TOGETHER)
    assert lead.first is First.CLOSE
    assert lead.time.low <= 0 <= lead.time.high


def test_the_summary_counts_the_leads_of_either_side(told):
    outside, inside = len(told.told(First.OUTSIDE)), len(told.told(First.INSIDE))
    assert told.from_outside.value == outside / (outside + inside)
    assert told.from_outside.low < told.from_outside.value < told.from_outside.high


def test_the_curves_of_a_lead_span_the_periods_in_which_both_speak(told):
    lead = of(told, LED)
    assert len(lead.inside_curve.periods) == len(lead.outside_curve.periods) == told.compared


def test_figures_of_fewer_than_five_people_are_withheld_on_both_sides(told):
    few = [lead for lead in told.leads if lead.inside is None]
    assert few
    assert all(lead.outside is None and lead.ahead is None for lead in few)
    assert all(min(lead.inside, lead.outside) >= 5 for lead in told.leads if lead.inside is not None)
    shown = [lead.inside_curve for lead in told.leads if lead.inside_curve]
    assert all(n is None or n == 0 or n >= 5 for curve in shown for n in curve.people)


def test_a_finding_is_a_table_and_plain_data(told):
    frame = told.to_polars()
    assert frame.filter(pl.col("label") == LED)["first"].to_list() == ["outside first"]
    assert told.to_dict()["leads"][0]["label"] == told.leads[0].label


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (pl.lit(None, pl.String), "no-sides"),
        (pl.lit("inside"), "one-side-only"),
        (
            pl.when(pl.col("author").rank("dense") <= 3).then(pl.lit("outside")).otherwise(pl.lit("inside")),
            "side-too-small",
        ),
    ],
)
def test_sides_that_cannot_be_compared_are_said_in_words(plain, change, kind):
    found = asked(plain.head(1_500).with_columns(side=change))
    assert found.cannot.kind == kind
    assert found.from_outside is None
    assert {lead.first for lead in found.leads} <= {First.NOT_ENOUGH}


def test_few_periods_are_said_in_words(plain):
    found = asked(plain, step=Step.YEAR)
    few = asked(plain.filter(pl.col("time").dt.date() >= dt.date(2023, 1, 1)), step=Step.YEAR)
    assert found.cannot is None
    assert few.cannot.kind == "few-common-periods"


def test_the_answer_does_not_depend_on_the_order_of_the_messages(plain, told):
    shuffled = with_themes(plain, np.random.default_rng(1)).sample(fraction=1.0, shuffle=True, seed=3)
    again = asked(shuffled)
    same = [replace(lead, inside_curve=None, outside_curve=None) for lead in told.leads]
    assert [lead.first for lead in again.leads] == [lead.first for lead in same]
