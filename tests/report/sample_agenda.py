"""A plan and what became of it, to be told on every face."""

import sample_tour

from estran.findings import Agenda, AnnouncedTheme, Estimate, Notice, Uptake

SHARE, VOICE = "share of people", "share of what is spoken of"


def estimate(value, unit=SHARE, q=None):
    return Estimate(value, 0.8 * value, 1.25 * value, unit, q)


def theme(  # noqa: PLR0913  each is a thing that a face tells
    label,
    fr,
    answer,
    *,
    people=120,
    before=0.1,
    after=0.12,
    ratio=1.0,
    q=None,
    detectable=1.8,
    day="2025-01-15",
    quotes=(),
):
    return AnnouncedTheme(
        "id", label, {"en": label, "fr": fr}, ("line 3", "slide 2"), day, answer,
        None if before is None else estimate(before), None if after is None else estimate(after),
        None if ratio is None else estimate(ratio, "ratio", q), detectable, people, quotes,
    )  # fmt: skip


def sample_agenda():
    """A theme for each answer, and two that installed themselves."""
    tour = sample_tour.sample_tour()
    quotes = tour.coming_in[0].quotes[:1]
    nothing = {"before": None, "ratio": None, "detectable": None}
    return Agenda(
        file="plan_2025.pptx",
        lines=12,
        days=("2025-01-15",),
        step="month",
        themes=(
            theme("remote work", "télétravail", Uptake.TAKEN_UP, after=0.3, ratio=3.1, q=0.004, quotes=quotes),
            theme("engagement", "engagement", Uptake.SAID_LESS, after=0.02, ratio=0.3, q=0.01),
            theme("training", "formation", Uptake.ANYWAY),
            theme("metaverse", "métavers", Uptake.FLAT, people=None, after=None, **nothing),
            theme("pick-up", "retrait", Uptake.UNSEEN, ratio=1.4, detectable=4.2),
            theme("<b>twin</b> of *all*", "jumeau", Uptake.NEVER, people=0, after=0.0, **nothing),
        ),
        installed=tour.coming_in[:2],
        voice_before=estimate(0.03, VOICE),
        voice=estimate(0.06, VOICE),
        notices=(
            Notice("plan-refused", {"file": "plan_2025.pptx", "rows": 2}),
            Notice("plan-long", {"themes": 4}),
            Notice("plan-outside", {"day": "1999-01-01", "first": "2020-01-01", "last": "2025-12-31"}),
        ),
        coverage=tour.coverage,
        provenance=tour.provenance,
    )  # fmt: skip
