"""What a company says of culture, to be told on every face."""

from dataclasses import replace

import sample_tour

from estran.findings import Culture, Estimate, FamilySaid, Grows, InUnit

SHARE = "share of people"


def family(movement, name, en, fr, words, units=()):
    return FamilySaid(
        name,
        replace(movement, id=name, label=fr, labels={"fr": fr, "en": en}, quotes=(), also=()),
        words,
        units,
    )


def in_unit(unit, answer, here=0.0, rest=0.0, ratio=1.0, q=None):
    if answer == "withheld":
        return InUnit(unit, None, None, None, None, answer)
    return InUnit(
        unit, Estimate(here, 0.8 * here, 1.2 * here, SHARE), Estimate(rest, 0.9 * rest, 1.1 * rest, SHARE),
        Estimate(ratio, 0.7 * ratio, 1.4 * ratio, "ratio", q), 1.8, answer,
    )  # fmt: skip


def sample_culture():
    """Two families, four units, one of them small."""
    tour = sample_tour.sample_tour()
    units = {"north": 120, "south": 80, "attic": None, "west": 40}
    rising = (
        in_unit("north", "more", 0.31, 0.12, 2.6, 0.003), in_unit("south", "alike", 0.14, 0.16, 0.9),
        in_unit("attic", "withheld"), in_unit("west", "cannot be told", 0.2, 0.18, 1.1),
    )  # fmt: skip
    holding = (
        in_unit("north", "less", 0.05, 0.15, 1 / 3, 0.01), in_unit("south", "alike", 0.1, 0.1, 1.0),
        in_unit("attic", "withheld"), in_unit("west", "withheld"),
    )  # fmt: skip
    return Culture(
        families=(
            family(tour.coming_in[0], "workload", "Workload and pace", "Charge et rythme", ("surcharge", "overtime"), rising),
            family(tour.too_early[0], "voice", "Speaking up", "Parole et écoute", ("feedback",), holding),
        ),
        silent=(("respect", {"en": "Respect", "fr": "Respect et équité"}),),
        units=units,
        withheld=3,
        more_units=2,
        units_since="2025-01-01",
        scope="",
        people=240,
        sides_known=True,
        grows=(Grows("family-respect+en:<b>code</b>", "respect", "<b>code</b> of *conduct*", 31, 0.71, "fairness"),),
        coverage=tour.coverage,
        provenance=tour.provenance,
    )  # fmt: skip
